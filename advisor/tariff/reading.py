"""Read a service's price file into prices, refusing whatever is not exactly as it should be."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from advisor.tariff.price import Price, Tier

GLOBAL = "global"
_PLAIN_DECIMAL = re.compile(r"\d+(\.\d+)?")


class MalformedPrice(ValueError):
    """A price file breaks the form that ``pricing/README.md`` describes."""


def read_service(tree: Any) -> dict[str, list[Price]]:
    """Return the prices of each component of a service, every Region and date.

    An allowance (a free quantity of the account) is read as a tier at price zero.
    """
    prices: dict[str, list[Price]] = {}
    for component, entry in tree["components"].items():
        rows = prices.setdefault(component, [])
        for group in entry["prices"]:
            tiers = _tiers(component, group)
            rows.extend(
                Price(
                    service=tree["service"],
                    service_name=tree["name"],
                    component=component,
                    region=region,
                    unit=entry["unit"],
                    tiers=tiers,
                    valid_from=date.fromisoformat(group["from"]),
                    checked=date.fromisoformat(entry["checked"]),
                    source=entry["source"],
                    evidence=group["evidence"],
                    confidence=group["confidence"],
                    note=group.get("note"),
                )
                for region in group["regions"]
            )
    return prices


def _tiers(component: str, group: Any) -> tuple[Tier, ...]:
    confidence = group["confidence"]
    if "allowance" in group:
        bound = _decimal(component, group["allowance"])
        return (Tier(above=Decimal(0), up_to=bound, price=Decimal(0), confidence=confidence),)
    entries = group["tiers"] if "tiers" in group else [{"price": group["price"]}]
    tiers = []
    above = Decimal(0)
    for index, entry in enumerate(entries):
        last = index == len(entries) - 1
        up_to = None if last else _decimal(component, entry.get("up_to"))
        if last and "up_to" in entry:
            raise MalformedPrice(f"{component}: the last tier has an upper bound")
        if up_to is not None and up_to <= above:
            raise MalformedPrice(f"{component}: tier bounds do not rise")
        price = None if entry["price"] is None else _decimal(component, entry["price"])
        tiers.append(
            Tier(
                above=above,
                up_to=up_to,
                price=price,
                confidence=entry.get("confidence", confidence),
            )
        )
        above = up_to if up_to is not None else above
    return tuple(tiers)


def _decimal(component: str, text: Any) -> Decimal:
    if not isinstance(text, str) or not _PLAIN_DECIMAL.fullmatch(text):
        raise MalformedPrice(f"{component}: {text!r} is not a quoted plain decimal")
    return Decimal(text)
