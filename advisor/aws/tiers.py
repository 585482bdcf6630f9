"""Rates of the Price List as exact tiers: no gap, no overlap, nothing but plain decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from advisor.aws.failures import AwsFailed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.aws.documents import Dimension
    from advisor.tariff.offered import TierOffered

ZERO = Decimal(0)
_PLAIN_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_MOST_DIGITS = 40
_NO_END = "Inf"


def exact(text: str, what: str) -> Decimal:
    """Return a plain decimal without the zeros at its end: 0.5000 is 0.5.

    It is worked on as text, since Decimal would round a long one to its context.
    """
    if len(text) > _MOST_DIGITS or not _PLAIN_DECIMAL.fullmatch(text):
        raise AwsFailed(f"{what} has {shown(text)!r} where a plain decimal number belongs.")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def price(prices: dict[str, str], what: str) -> Decimal:
    """Return the price in USD."""
    if "USD" not in prices:
        raise AwsFailed(f"{what} has no price in USD.")
    return exact(prices["USD"], what)


def check_unit(unit: str, accepted: tuple[str, ...], what: str) -> None:
    """Refuse a unit that is not one of those of the component, as a price for another thing."""
    if unit.casefold() not in {name.casefold() for name in accepted}:
        names = ", ".join(accepted)
        raise AwsFailed(f"{what} is priced per {shown(unit)!r}, not per one of {names}.")


def tiers(
    dimensions: Iterable[Dimension], accepted: tuple[str, ...], what: str
) -> tuple[TierOffered, ...]:
    """Return the rates of a term as tiers that begin at 0 and end at no bound."""
    found = _sorted(dimensions, accepted, what)
    if not found:
        raise AwsFailed(f"{what} has no rates.")
    bound: Decimal | None = ZERO
    for above, up_to, _ in found:
        if above != bound or (up_to is not None and up_to <= above):
            raise AwsFailed(f"{what} has tiers with a gap or an overlap.")
        bound = up_to
    if bound is not None:
        raise AwsFailed(f"{what} has tiers that end at {bound:f}, without a price above it.")
    return found


def allowance(dimensions: Iterable[Dimension], accepted: tuple[str, ...], what: str) -> Decimal:
    """Return the quantity of a free product: one rate of 0 from 0 to a bound."""
    found = _sorted(dimensions, accepted, what)
    if len(found) == 1:
        above, up_to, amount = found[0]
        if above == ZERO and amount == ZERO and up_to is not None and up_to > ZERO:
            return up_to
    raise AwsFailed(f"{what} is not one quantity at no price.")


def first_free(
    found: tuple[TierOffered, ...], up_to: Decimal, what: str
) -> tuple[TierOffered, ...]:
    """Return a flat price with the free first tier that only AWS's page states."""
    if found[0] == (ZERO, up_to, ZERO):
        return found
    if len(found) != 1:
        raise AwsFailed(f"{what} has tiers of its own where one flat price was.")
    return ((ZERO, up_to, ZERO), (up_to, None, found[0][2]))


def _sorted(
    dimensions: Iterable[Dimension], accepted: tuple[str, ...], what: str
) -> tuple[TierOffered, ...]:
    found = []
    for dimension in dimensions:
        check_unit(dimension.unit, accepted, what)
        end = dimension.end_range
        found.append(
            (
                exact(dimension.begin_range, what),
                None if end == _NO_END else exact(end, what),
                price(dimension.price_per_unit, what),
            )
        )
    return tuple(sorted(found, key=lambda tier: tier[0]))
