"""How a component of the price book is found in the Price List: ``pricing/price-list.yaml``."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from advisor.aws.failures import shown
from advisor.data import read_data
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE = "pricing/price-list.yaml"
# A usage type begins with the Region's prefix, or with none in us-east-1. Anything else before it,
# as Outposts- or TS-, marks another product.
_REGION_PREFIX = re.compile(r"(EU|[A-Z]{3}[0-9]{1,2})-")
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_PLAIN_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")


_SPOT = "-spot"


class UnknownService(AdvisorError):
    """A service that is not read from AWS was asked for."""


class MalformedSelection(ValueError):
    """``pricing/price-list.yaml`` is not of its form."""


class Selector(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a product states that has the price of a component."""

    unit: str
    family: str | None = None
    group: str | None = None
    usagetype: str | tuple[str, ...] | None = None
    operation: str | None = None
    attributes: dict[str, str] = {}
    zero: bool = False
    free_up_to: str | None = None


class FreeSelector(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the product states that is an account's free quantity."""

    unit: str
    usagetype: str
    family: str | None = None
    group: str | None = None


class PlanSelector(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which usage a Savings Plan discounts, under which plan."""

    code: str
    usagetype: str
    unit: str
    term: str = ""
    option: str = ""


class _Service(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    region_field: str = "regionCode"
    query_by: tuple[str, ...] = ()
    components: dict[str, Selector] = {}
    free: dict[str, FreeSelector] = {}
    spot: dict[str, str] = {}
    plans: dict[str, PlanSelector] = {}
    left_out: dict[str, str] = {}


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    units: dict[str, tuple[str, ...]]
    fargate_spot_url: str
    services: dict[str, _Service]
    not_read: dict[str, str] = {}


class Selection(Struct, frozen=True, kw_only=True):
    """Where the prices of one service of the price book are in the Price List."""

    service: str
    code: str
    region_field: str
    query_by: tuple[str, ...]
    components: dict[str, Selector]
    free: dict[str, FreeSelector]
    spot: dict[str, str]
    plans: dict[str, PlanSelector]
    units: dict[str, tuple[str, ...]]
    spot_url: str


def selection(service: str) -> Selection:
    """Return how a service of the price book is found; raise UnknownService for others."""
    file = _file()
    of_spot = {f"{name}{_SPOT}": name for name, entry in file.services.items() if entry.spot}
    if service in of_spot:
        chosen = selection(of_spot[service])
        spot = file.services[of_spot[service]].spot
        return replace(chosen, components={}, free={}, plans={}, spot=spot)
    if service in file.not_read:
        raise UnknownService(f"no prices of {service} are read: {file.not_read[service]}")
    if service not in file.services:
        known = sorted([*file.services, *of_spot])
        near = get_close_matches(service, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it can be {', '.join(known)}."
        raise UnknownService(f"no prices of {shown(service)!r} are read from AWS; {hint}")
    entry = file.services[service]
    named = tuple(read_data(f"pricing/aws/{service}.yaml")["components"])
    plans = {
        name: replace(plan, term=values["term"], option=values["option"])
        for name, plan, values in _written_out(entry.plans, named)
    }
    return Selection(
        service=service,
        code=entry.code,
        region_field=entry.region_field,
        query_by=entry.query_by,
        components={
            name: _filled(selector, values)
            for name, selector, values in _written_out(entry.components, named)
        },
        free=entry.free,
        spot={},
        plans=plans,
        units=file.units,
        spot_url=file.fargate_spot_url,
    )


def wanted(service: str, region: str) -> tuple[str, ...]:
    """Return the components that the Price List should have for a Region.

    They are those with a selector: every one of a Region, or the free quantities for ``global``.
    A newer dimension may not be offered everywhere, so one that is missing is no fault as such.
    """
    if service in _file().not_read:
        return ()
    chosen = selection(service)
    if region == "global":
        return tuple(sorted(chosen.free))
    return tuple(sorted({*chosen.components, *chosen.spot, *chosen.plans}))


def left_out(service: str) -> dict[str, str]:
    """Return the components that are not read from the Price List, with the reason."""
    file = _file()
    if service in file.not_read:
        named = read_data(f"pricing/aws/{service}.yaml")["components"]
        return dict.fromkeys(named, file.not_read[service])
    return dict(file.services[service].left_out)


def is_usage(usagetype: str, stated: str) -> bool:
    """Return whether a product's usage type is one, whatever the Region's prefix.

    >>> is_usage("EU-LCUUsage", "LCUUsage"), is_usage("EU-Outposts-LCUUsage", "LCUUsage")
    (True, False)
    """
    if usagetype == stated:
        return True
    prefix = _REGION_PREFIX.match(usagetype)
    return prefix is not None and usagetype[prefix.end() :] == stated


def parse(tree: Any) -> _File:
    """Return the typed form of the file, refusing an unknown key and whatever selects nothing."""
    try:
        file = msgspec.convert(tree, _File)
    except msgspec.ValidationError as wrong:
        raise MalformedSelection(f"{_FILE}: {wrong}") from wrong
    for service, entry in file.services.items():
        if not (entry.components or entry.plans):
            raise MalformedSelection(f"{_FILE}: {service} selects nothing")
        for name, selector in entry.components.items():
            if not (selector.group or selector.usagetype or selector.attributes):
                raise MalformedSelection(f"{_FILE}: {service}/{name} would take a whole family")
            free = selector.free_up_to
            if free is not None and not _PLAIN_DECIMAL.fullmatch(free):
                raise MalformedSelection(f"{_FILE}: {service}/{name}: free_up_to is no number")
        for name, unit in _units(entry):
            if unit not in file.units:
                raise MalformedSelection(f"{_FILE}: {service}/{name}: unknown unit {unit!r}")
    return file


@cache
def _file() -> _File:
    return parse(read_data(_FILE))


def _units(entry: _Service) -> Iterable[tuple[str, str]]:
    for selectors in (entry.components, entry.free, entry.plans):
        for name, selector in selectors.items():
            yield name, selector.unit


def _written_out(
    selectors: dict[str, Any], named: tuple[str, ...]
) -> Iterable[tuple[str, Any, dict[str, str]]]:
    """Yield each selector by component: one with a {placeholder} for all that the book names so."""
    for name, selector in selectors.items():
        if "{" not in name:
            yield name, selector, {}
            continue
        pattern = re.compile(
            "".join(
                f"(?P<{part}>.+?)" if index % 2 else re.escape(part)
                for index, part in enumerate(_PLACEHOLDER.split(name))
            )
        )
        for component in named:
            found = pattern.fullmatch(component)
            if found:
                yield component, selector, found.groupdict()


def _filled(selector: Selector, values: dict[str, str]) -> Selector:
    if not values:
        return selector

    def fill(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: values[found[1]], text)

    usage = selector.usagetype
    return replace(
        selector,
        usagetype=fill(usage) if isinstance(usage, str) else usage,
        attributes={key: fill(value) for key, value in selector.attributes.items()},
    )
