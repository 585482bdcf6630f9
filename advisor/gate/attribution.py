"""What a difference is made of: price first, then usage, then design.

Price is every line item of before at the unit price that its tier has now: the quantities stay.
Usage is the usage of now with the design of before, at the prices of now, less that. Design is what
is left, so that the three add up exactly. Where only one of usage and design changed, no bill in
between is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.gate.outcome import FieldChange, LineChange, Split, exact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from typing import Any

    from advisor.gate.snapshot import Line, Snapshot

NOTHING = exact(0)


def split(
    before: Snapshot,
    after: Snapshot,
    unit_price: Callable[[Line], Decimal | None] | None,
    in_between: Callable[[], Decimal | None],
) -> Split | None:
    """Return what the difference of two snapshots is made of; None where a side has no price.

    ``unit_price`` gives what a line item of before costs now, None for all when no price changed.
    ``in_between`` gives the cost of the usage of now with the design of before, None where it
    cannot be priced.
    """
    old, new = before.monthly_usd, after.monthly_usd
    if old is None or new is None:
        return None
    price, unpriced = NOTHING, []
    if unit_price is not None:
        for line in before.line_items:
            now = unit_price(line)
            if now is None:
                unpriced.append("/".join(line.component))
            else:
                price += exact(line.quantity * now) - line.monthly_usd
    notes = []
    if unpriced:
        notes.append(f"no price is known now for {', '.join(dict.fromkeys(unpriced))}")
    rest = new - old - price
    if before.identity == after.identity:
        usage, design = rest, NOTHING
        if rest and before.digests.usage == after.digests.usage:
            notes.append("neither usage nor design changed: the advisor or its rules did")
    elif before.digests.usage == after.digests.usage:
        usage, design = NOTHING, rest
    else:
        middle = in_between()
        if middle is None:
            usage, design = NOTHING, rest
            notes.append("the design of before has no price with the usage of now: all is design")
        else:
            usage = middle - (old + price)
            design = new - middle
    return Split(price_usd=price, usage_usd=usage, design_usd=design, note="; ".join(notes) or None)


def line_changes(before: Snapshot | None, after: Snapshot | None) -> tuple[LineChange, ...]:
    """Return the line items that differ, the largest difference first."""
    old = {} if before is None else _by_key(before)
    new = {} if after is None else _by_key(after)
    found = [
        _line_change(old.get(key), new.get(key))
        for key in {**old, **new}
        if _figures(old.get(key)) != _figures(new.get(key))
    ]
    return tuple(sorted(found, key=lambda line: (-abs(line.delta_usd), line.service, line.item)))


def field_changes(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """Return the fields that differ between two documents' plain values, in dotted form."""
    old, new = dict(_flat(before)), dict(_flat(after))
    return tuple(
        FieldChange(field=field, before=old.get(field), after=new.get(field))
        for field in {**new, **old}
        if old.get(field) != new.get(field)
    )


def _flat(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict) and value:
        return [
            entry
            for key, each in value.items()
            for entry in _flat(each, f"{path}.{key}" if path else key)
        ]
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return [
            entry for index, each in enumerate(value) for entry in _flat(each, f"{path}[{index}]")
        ]
    return [(path, _text(value))]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _by_key(snapshot: Snapshot) -> Mapping[tuple[str, ...], Line]:
    found: dict[tuple[str, ...], Line] = {}
    for line in snapshot.line_items:
        # Two lines of one name, as of two gateways, are told apart by their order.
        key: tuple[str, ...] = (*line.component, line.item)
        while key in found:
            key = (*key, "+")
        found[key] = line
    return found


def _figures(line: Line | None) -> tuple[Decimal, Decimal] | None:
    return None if line is None else (line.quantity, line.unit_price_usd)


def _line_change(old: Line | None, new: Line | None) -> LineChange:
    shown = new or old
    assert shown is not None  # noqa: S101 - a key comes from one of the two
    return LineChange(
        service=shown.service,
        item=shown.item,
        unit=shown.unit,
        before_quantity=None if old is None else old.quantity,
        after_quantity=None if new is None else new.quantity,
        before_unit_price_usd=None if old is None else old.unit_price_usd,
        after_unit_price_usd=None if new is None else new.unit_price_usd,
        before_usd=None if old is None else old.monthly_usd,
        after_usd=None if new is None else new.monthly_usd,
    )
