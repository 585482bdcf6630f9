"""Read a service's price file into prices, refusing whatever is not exactly as it should be."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from advisor.tariff.price import Confidence, Price, Tier

GLOBAL = "global"
_PLAIN_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")


class MalformedPrice(ValueError):
    """A price file breaks the form that ``pricing/README.md`` describes."""


def read_service(tree: Any) -> dict[str, list[Price]]:
    """Return the prices of each component of a service, every Region and date."""
    return {component: read_component(tree, component) for component in tree["components"]}


def read_component(tree: Any, component: str, region: str | None = None) -> list[Price]:
    """Return the prices of one component on every date; none for an unknown component.

    ``region`` limits them to the groups that hold in that Region or everywhere, which spares a
    command the making of some 30 Regions' prices that it never looks at. An allowance (a free
    quantity of the account) is read as a tier at price zero.
    """
    if component not in tree["components"]:
        return []
    try:
        entry = tree["components"][component]
        prices = [
            price
            for group in entry["prices"]
            for price in _group(tree, component, entry, group, region)
        ]
    except KeyError as missing:
        raise MalformedPrice(f"{component}: the key {missing} is missing") from missing
    except TypeError as wrong:
        raise MalformedPrice(f"{component}: a mapping or list is missing ({wrong})") from wrong
    seen: set[str] = set()
    for price in prices:
        if price.id in seen:
            raise MalformedPrice(f"{component}: {price.id} is given twice")
        seen.add(price.id)
    return prices


def _group(
    tree: Any, component: str, entry: Any, group: Any, only: str | None = None
) -> list[Price]:
    if not isinstance(group["regions"], list) or not group["regions"]:
        raise MalformedPrice(f"{component}: regions is not a list of Regions")
    regions = [r for r in group["regions"] if only is None or r in (only, GLOBAL)]
    if not regions:
        return []
    tiers = _tiers(component, group)
    texts = {
        "service": tree["service"],
        "service_name": tree["name"],
        "unit": entry["unit"],
        "source": entry["source"],
        "evidence": group["evidence"],
    }
    note = group.get("note")
    for key, text in texts.items():
        # An inferred value has no evidence of its own: its note says what it follows from.
        inferred = key == "evidence" and group["confidence"] == "C" and bool(note)
        if not isinstance(text, str) or not (text or inferred):
            raise MalformedPrice(f"{component}: {key} is not a text")
    valid_from = _date(component, group["from"])
    checked = _date(component, entry["checked"])
    return [
        Price(
            **texts,
            component=component,
            region=region,
            tiers=tiers,
            valid_from=valid_from,
            checked=checked,
            confidence=_confidence(component, group["confidence"]),
            note=note,
        )
        for region in regions
    ]


def _tiers(component: str, group: Any) -> tuple[Tier, ...]:
    confidence = _confidence(component, group["confidence"])
    given = [key for key in ("allowance", "price", "tiers") if key in group]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise MalformedPrice(
            f"{component}: one of allowance, price or tiers is needed, not {found}"
        )
    if "allowance" in group:
        bound = _decimal(component, group["allowance"])
        return (Tier(above=Decimal(0), up_to=bound, price=Decimal(0), confidence=confidence),)
    entries = group["tiers"] if "tiers" in group else [{"price": group["price"]}]
    if not entries:
        raise MalformedPrice(f"{component}: there are no tiers")
    tiers = []
    above = Decimal(0)
    for index, entry in enumerate(entries):
        last = index == len(entries) - 1
        if last and "up_to" in entry:
            raise MalformedPrice(f"{component}: the last tier has an upper bound")
        up_to = None if last else _decimal(component, entry["up_to"])
        if up_to is not None and up_to <= above:
            raise MalformedPrice(f"{component}: tier bounds do not rise")
        price = None if entry["price"] is None else _decimal(component, entry["price"])
        tiers.append(
            Tier(
                above=above,
                up_to=up_to,
                price=price,
                confidence=_confidence(component, entry.get("confidence", confidence)),
            )
        )
        above = up_to if up_to is not None else above
    return tuple(tiers)


def _decimal(component: str, text: Any) -> Decimal:
    if not isinstance(text, str) or not _PLAIN_DECIMAL.fullmatch(text):
        raise MalformedPrice(f"{component}: {text!r} is not a quoted plain decimal")
    return Decimal(text)


def _date(component: str, text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as wrong:
        raise MalformedPrice(f"{component}: {text!r} is not a quoted date") from wrong


def _confidence(component: str, letter: Any) -> Confidence:
    if letter not in get_args(Confidence):
        raise MalformedPrice(f"{component}: {letter!r} is not a confidence letter (A, B or C)")
    confidence: Confidence = letter
    return confidence
