"""Read a service's price file into prices, refusing whatever is not exactly as it should be."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from advisor.tariff.price import Confidence, Price, Tier

GLOBAL = "global"
_PLAIN_DECIMAL = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_NAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}|global")
_FILE_KEYS = frozenset({"service", "name", "components"})
_COMPONENT_KEYS = frozenset({"about", "unit", "source", "checked", "prices"})
_GROUP_KEYS = frozenset(
    {"regions", "from", "checked", "confidence", "evidence", "note", "price", "tiers", "allowance"}
)
_TIER_KEYS = frozenset({"up_to", "price", "confidence"})


class MalformedPrice(ValueError):
    """A price file breaks the form that ``pricing/README.md`` describes; ``path`` says where."""

    def __init__(self, component: str, message: str, *path: str | int) -> None:
        self.path = ("components", component, *path) if component else path
        super().__init__(f"{component}: {message}" if component else message)


def read_service(tree: Any) -> dict[str, list[Price]]:
    """Return the prices of each component of a service, every Region and date."""
    if not isinstance(tree, dict):
        raise MalformedPrice("", "a price file is a mapping of service, name and components")
    _keys("", tree, _FILE_KEYS)
    components = tree.get("components")
    if not isinstance(components, dict) or not components:
        raise MalformedPrice("", "components is not a mapping of components", "components")
    for component in components:
        if not isinstance(component, str) or not _NAME.fullmatch(component):
            message = f"{component!r} is not the name of a component"
            raise MalformedPrice("", message, "components", component)
    return {component: read_component(tree, component) for component in components}


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
        _keys(component, entry, _COMPONENT_KEYS)
        if not isinstance(entry["prices"], list) or not entry["prices"]:
            raise MalformedPrice(component, "prices is not a list of prices", "prices")
        prices = [
            price
            for index, group in enumerate(entry["prices"])
            for price in _group(tree, component, entry, group, index, region)
        ]
    except KeyError as missing:
        raise MalformedPrice(component, f"the key {missing} is missing") from missing
    except (TypeError, AttributeError) as wrong:
        raise MalformedPrice(component, f"a mapping or list is missing ({wrong})") from wrong
    seen: set[str] = set()
    for price in prices:
        if price.id in seen:
            raise MalformedPrice(component, f"{price.id} is given twice")
        seen.add(price.id)
    return prices


def _group(
    tree: Any, component: str, entry: Any, group: Any, index: int, only: str | None
) -> list[Price]:
    place = ("prices", index)
    if not isinstance(group["regions"], list) or not group["regions"]:
        raise MalformedPrice(component, "regions is not a list of Regions", *place)
    regions = [r for r in group["regions"] if only is None or r in (only, GLOBAL)]
    if not regions:
        return []
    _keys(component, group, _GROUP_KEYS, *place)
    if only is None:
        _check_regions(component, regions, *place)
    if ("allowance" in group) != (GLOBAL in group["regions"]):
        message = "an allowance is the account's, so its Region is global, and that of nothing else"
        raise MalformedPrice(component, message, *place, "regions")
    tiers = _tiers(component, group, *place)
    texts = {
        "service": tree["service"],
        "service_name": tree["name"],
        "unit": entry["unit"],
        "source": entry["source"],
        "evidence": group["evidence"],
    }
    note = group.get("note")
    if note is not None and not (isinstance(note, str) and note.isprintable()):
        raise MalformedPrice(component, "note is not a text", *place, "note")
    for key, text in texts.items():
        # An inferred value has no evidence of its own: its note says what it follows from.
        inferred = key == "evidence" and group["confidence"] == "C" and bool(note)
        if not isinstance(text, str) or not text.isprintable() or not (text or inferred):
            raise MalformedPrice(component, f"{key} is not a text", *place)
    valid_from = _date(component, group["from"], *place, "from")
    checked = _date(component, group.get("checked", entry["checked"]), *place, "checked")
    return [
        Price(
            **texts,
            component=component,
            region=region,
            tiers=tiers,
            valid_from=valid_from,
            checked=checked,
            confidence=_confidence(component, group["confidence"], *place),
            note=note,
        )
        for region in regions
    ]


def _tiers(component: str, group: Any, *place: str | int) -> tuple[Tier, ...]:
    confidence = _confidence(component, group["confidence"], *place)
    given = [key for key in ("allowance", "price", "tiers") if key in group]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        message = f"one of allowance, price or tiers is needed, not {found}"
        raise MalformedPrice(component, message, *place)
    if "allowance" in group:
        bound = _decimal(component, group["allowance"], *place, "allowance")
        return (Tier(above=Decimal(0), up_to=bound, price=Decimal(0), confidence=confidence),)
    entries = group["tiers"] if "tiers" in group else [{"price": group["price"]}]
    if not entries:
        raise MalformedPrice(component, "there are no tiers", *place)
    tiers = []
    above = Decimal(0)
    for index, entry in enumerate(entries):
        here = (*place, "tiers", index)
        _keys(component, entry, _TIER_KEYS, *here)
        last = index == len(entries) - 1
        if last and "up_to" in entry:
            raise MalformedPrice(component, "the last tier has an upper bound", *here)
        up_to = None if last else _decimal(component, entry["up_to"], *here)
        if up_to is not None and up_to <= above:
            raise MalformedPrice(component, "tier bounds do not rise", *here)
        unknown = entry["price"] is None
        if unknown and (not last or index == 0):
            message = "only the last of several tiers may have a price that is not known"
            raise MalformedPrice(component, message, *here)
        price = None if unknown else _decimal(component, entry["price"], *here)
        tiers.append(
            Tier(
                above=above,
                up_to=up_to,
                price=price,
                confidence=_confidence(component, entry.get("confidence", confidence), *here),
            )
        )
        above = up_to if up_to is not None else above
    return tuple(tiers)


def _keys(component: str, found: Any, known: frozenset[str], *place: str | int) -> None:
    for key in found.keys() - known:
        raise MalformedPrice(component, f"{key!r} is not a key of a price file", *place, key)


def _check_regions(component: str, regions: list[Any], *place: str | int) -> None:
    for region in regions:
        if not isinstance(region, str) or not _REGION.fullmatch(region):
            raise MalformedPrice(component, f"{region!r} is not a Region", *place, "regions")


def _decimal(component: str, text: Any, *place: str | int) -> Decimal:
    if not isinstance(text, str) or not _PLAIN_DECIMAL.fullmatch(text):
        raise MalformedPrice(component, f"{text!r} is not a quoted plain decimal", *place)
    return Decimal(text)


def _date(component: str, text: Any, *place: str | int) -> date:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError) as wrong:
        raise MalformedPrice(component, f"{text!r} is not a quoted date", *place) from wrong
    if day.isoformat() != text:
        raise MalformedPrice(component, f"{text!r} is not of the form 2026-11-25", *place)
    return day


def _confidence(component: str, letter: Any, *place: str | int) -> Confidence:
    if letter not in get_args(Confidence):
        message = f"{letter!r} is not a confidence letter (A, B or C)"
        raise MalformedPrice(component, message, *place)
    confidence: Confidence = letter
    return confidence
