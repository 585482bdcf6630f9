"""Putting what AWS lists today into a price file, without losing what the file knew."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from advisor.tariff.reading import read_component

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from advisor.tariff.offered import Offered
    from advisor.tariff.price import Price

Outcome: TypeAlias = Literal["same", "confirmed", "changed", "new"]


class Renewed(Struct, frozen=True, kw_only=True):
    """What became of one price.

    ``same`` AWS lists what the table has, ``confirmed`` likewise, and the table knew it with less
    confidence, ``changed`` another price or more of its tiers, ``new`` the table had none.
    """

    outcome: Outcome
    offered: Offered
    before: Price | None


def renew(tree: Any, offered: Sequence[Offered]) -> tuple[Any, tuple[Renewed, ...]]:
    """Return a service's tree with the offered prices in it, and what became of each.

    A price that changed gets a group of its own and the older ones stay, so that an answer as of an
    earlier day is still the same. AWS's list is today's, however old its date: a row that was read
    later from elsewhere, and differs, never held and is corrected.
    """
    tree = deepcopy(tree)
    outcomes = tuple(_put(tree, each) for each in offered)
    for entry in tree["components"].values():
        entry["prices"].sort(key=lambda group: (group["regions"][0], group["from"]))
    return tree, outcomes


def _put(tree: Any, offered: Offered) -> Renewed:
    entry = tree["components"][offered.component]
    rows = [
        row
        for row in read_component(tree, offered.component, offered.region)
        if row.region == offered.region
    ]
    before = max(rows, key=lambda row: row.valid_from, default=None)
    if before is None:
        _insert(entry, offered, offered.valid_from)
        return Renewed(outcome="new", offered=offered, before=None)
    if _values(before) == _offered_values(offered) and before.least_confidence == "A":
        if offered.checked > before.checked:
            group = dict(_taken_out(entry, offered.region, before.valid_from))
            group.pop("checked", None)
            _add(entry, {**group, "regions": [offered.region], **_checked(entry, offered.checked)})
        return Renewed(outcome="same", offered=offered, before=before)
    valid_from = offered.valid_from
    if valid_from <= before.valid_from:
        # AWS dates a price from the first of a month, before the day on which the table read it.
        valid_from = max(offered.checked, before.valid_from)
    if valid_from == before.valid_from:
        _taken_out(entry, offered.region, valid_from)
    _insert(entry, offered, valid_from)
    agrees = _values(before) == _offered_values(offered)
    return Renewed(outcome="confirmed" if agrees else "changed", offered=offered, before=before)


def _insert(entry: Any, offered: Offered, valid_from: date) -> None:
    group: dict[str, Any] = {
        "regions": [offered.region],
        "from": valid_from.isoformat(),
        **_checked(entry, max(offered.checked, valid_from)),
        "confidence": "A",
        "evidence": offered.evidence,
    }
    if offered.allowance is not None:
        group["allowance"] = _text(offered.allowance)
    elif len(offered.tiers) == 1:
        group["price"] = _text(offered.tiers[0][2])
    else:
        group["tiers"] = [
            {**({} if up_to is None else {"up_to": _text(up_to)}), "price": _text(price)}
            for _, up_to, price in offered.tiers
        ]
    _add(entry, group)


def _checked(entry: Any, day: date) -> dict[str, str]:
    return {} if day.isoformat() == entry["checked"] else {"checked": day.isoformat()}


def _add(entry: Any, group: dict[str, Any]) -> None:
    """Add a group's Regions to the group that says the same, or the group itself."""
    alike = {**group, "regions": None}
    for other in entry["prices"]:
        if {**other, "regions": None} == alike:
            other["regions"] = sorted({*other["regions"], *group["regions"]})
            return
    entry["prices"].append(group)


def _taken_out(entry: Any, region: str, valid_from: date) -> Any:
    """Take a Region out of its group of a day and return the group."""
    day = valid_from.isoformat()
    group = next(g for g in entry["prices"] if region in g["regions"] and g["from"] == day)
    if group["regions"] == [region]:
        entry["prices"].remove(group)
    else:
        group["regions"] = [each for each in group["regions"] if each != region]
    return group


def _values(price: Price) -> tuple[Any, ...]:
    return tuple((tier.above, tier.up_to, tier.price) for tier in price.tiers)


def _offered_values(offered: Offered) -> tuple[Any, ...]:
    if offered.allowance is not None:
        return ((0, offered.allowance, 0),)
    return offered.tiers


def _text(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
