"""Where money comes from: a bill, one of its lines, and what two bills do not share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.cost.bill import total
from advisor.explain.case import billed
from advisor.explain.explanation import Explanation, Figure
from advisor.explain.matching import no_such, shortened
from advisor.wording import naming, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.recommendation import Candidate
    from advisor.explain.case import Case
    from advisor.tariff import Price
    from advisor.tariff.price import Tier

CONFIDENCE = {
    "A": "A: two independent sources, or AWS's own price list file",
    "B": "B: one decent source",
    "C": "C: inferred, and the note says how",
}


class Change(Struct, frozen=True, kw_only=True):
    """What one line costs in two bills, in USD a month; ``here`` is the recommended design's."""

    label: str
    here: Number
    there: Number

    @property
    def more(self) -> Number:
        return self.there - self.here


def label(item: LineItem) -> str:
    """Return the name of a line as bills show it."""
    return f"{item.ladder.service_name}: {item.item}"


def as_figure(item: LineItem) -> Figure:
    """Return a line of a bill in one line: what it costs, and the product that this is."""
    return Figure(
        name=label(item),
        value=item.monthly_usd,
        unit="USD",
        formula=(
            f"{words.quantity(item.quantity)} {words.units(item.quantity, item.unit)}"
            f" × {words.unit_price(item.unit_price_usd)}"
        ),
    )


def bill_figures(items: Sequence[LineItem]) -> tuple[Figure, ...]:
    """Return the lines of a bill, the dearest first, and their sum."""
    ordered = sorted(items, key=lambda item: -abs(item.monthly_usd))
    return (
        *map(as_figure, ordered),
        Figure(
            name="Total",
            value=total(items),
            unit="USD",
            formula=f"the sum of {len(items)} line item{'' if len(items) == 1 else 's'}",
        ),
    )


def changes(here: Sequence[LineItem], there: Sequence[LineItem]) -> list[Change]:
    """Return every line that two bills do not share at the same cost, the largest change first."""
    sums: dict[str, list[Number]] = {}
    for side, items in enumerate((here, there)):
        for item in items:
            amounts = sums.setdefault(label(item), [0, 0])
            amounts[side] = amounts[side] + item.monthly_usd
    found = [
        Change(label=name, here=amounts[0], there=amounts[1])
        for name, amounts in sums.items()
        if amounts[0] != amounts[1]
    ]
    return sorted(found, key=lambda change: -abs(change.more))


def change_figures(here: Sequence[LineItem], there: Sequence[LineItem]) -> tuple[Figure, ...]:
    """Return what two bills do not share line by line, and the difference of their totals."""
    return (
        *(
            Figure(
                name=change.label,
                value=change.more,
                unit="USD",
                formula=f"{words.money(change.there)} − {words.money(change.here)}",
                signed=True,
            )
            for change in changes(here, there)
        ),
        Figure(
            name="Difference",
            value=total(there) - total(here),
            unit="USD",
            formula=f"{words.money(total(there))} − {words.money(total(here))}",
            signed=True,
        ),
    )


def line_item(item: LineItem) -> Explanation:
    """Explain a line: its quantity, its price with all tiers, and the row that says so."""
    row = item.price
    return Explanation(
        title=f"{label(item)}, {words.money(item.monthly_usd)} USD a month",
        figures=(
            Figure(
                name="quantity",
                value=item.quantity,
                unit=words.units(item.quantity, item.unit),
                formula=item.formula,
            ),
            Figure(
                name="unit price",
                value=item.unit_price_usd,
                unit=f"USD per {item.unit}",
                source=row.id,
            ),
            Figure(
                name="cost",
                value=item.monthly_usd,
                unit="USD",
                formula=(
                    f"{words.quantity(item.quantity)} × {words.unit_price(item.unit_price_usd)}"
                ),
            ),
        ),
        children=(*_tiers(item), price_row(row), *_free(item)),
    )


def _tiers(item: LineItem) -> tuple[Explanation, ...]:
    ladder = item.ladder
    if len(ladder.tiers) == 1:
        return ()
    return (
        Explanation(
            title="Tiers of the account's month",
            figures=tuple(
                Figure(
                    name=tier.label(ladder.unit),
                    value=tier.price,
                    unit=f"USD per {ladder.unit}",
                    formula="applies here" if _applies(item, tier) else "",
                )
                for tier in ladder.tiers
            ),
        ),
    )


def _applies(item: LineItem, tier: Tier) -> bool:
    if item.price is not item.ladder:
        return False
    several = item.item.endswith(tier.label(item.ladder.unit))
    first = tier is item.ladder.tiers[0] and item.quantity <= (tier.up_to or item.quantity)
    return several or (
        first
        and not any(
            item.item.endswith(other.label(item.ladder.unit)) for other in item.ladder.tiers
        )
    )


def price_row(row: Price) -> Explanation:
    """Explain a row of the price book: since when, from which page, how sure."""
    figures = [
        Figure(name="row", value=row.id),
        Figure(name="known since", value=row.valid_from.isoformat()),
        Figure(name="last checked", value=row.checked.isoformat()),
        Figure(name="page", value=row.source),
        Figure(name="read from", value=row.evidence),
        Figure(name="confidence", value=CONFIDENCE[row.least_confidence]),
    ]
    if row.note:
        figures.append(Figure(name="note", value=row.note))
    return Explanation(title="Price row", figures=tuple(each for each in figures if each.value))


def _free(item: LineItem) -> tuple[Explanation, ...]:
    if item.allowance is None:
        return ()
    row = item.allowance
    return (
        Explanation(
            title="Free quantity of the account's month",
            figures=(Figure(name="free", value=row.tiers[0].up_to, unit=row.unit, source=row.id),),
        ),
    )


def matching(case: Case, text: str, option: str | None = None) -> Explanation:
    """Explain the line of a bill that a text names; several that it may mean are listed.

    The bill is the recommended design's, or that of the cheapest design with ``option``. Raises
    NoSuchName when there is no such line, or no bill.
    """
    whose = _whose(case, option)
    items = whose.line_items
    wanted = text.strip().lower()
    exact = [item for item in items if wanted in (label(item).lower(), item.item.lower())]
    found = exact or [item for item in items if _words_in(wanted, label(item).lower())]
    if not found:
        also = {name.lower(): label(i) for i in items for name in (i.item, label(i))}
        raise no_such("line item", text, map(label, items), also)
    if len(found) == 1:
        return line_item(found[0])
    return Explanation(
        title=f"{len(found)} lines of the bill of {naming.design(whose)} match {shortened(text)!r}",
        sentences=("Name one of them in full.",),
        figures=tuple(map(as_figure, found)),
    )


def _words_in(wanted: str, text: str) -> bool:
    return bool(wanted) and all(word in text for word in wanted.split())


def _whose(case: Case, option: str | None) -> Candidate:
    if option is None:
        best = case.answer.best
        if best is None:
            raise no_such(
                "recommended bill; --option NAME explains the bill of", "an option", _billed(case)
            )
        return best
    for _, found in case.options(option):
        candidate = billed(found)
        if candidate is not None:
            return candidate
    raise no_such("complete bill of", option, _billed(case))


def _billed(case: Case) -> list[str]:
    return [o.option for d in case.answer.decisions for o in d.options if billed(o) is not None]
