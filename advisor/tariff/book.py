"""The price book: one lookup over all dated prices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.arithmetic import to_decimal
from advisor.data import names, read_data
from advisor.errors import PriceMissing
from advisor.tariff.digest import FOLDER
from advisor.tariff.price import Price, Tier
from advisor.tariff.reading import GLOBAL, read_component

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from advisor.arithmetic import Number


_MOST_LISTED = 8


@cache
def services() -> tuple[str, ...]:
    """Return the services that have a price file."""
    return names(FOLDER)


@cache
def _tree(service: str) -> Any:
    return read_data(f"{FOLDER}/{service}.yaml") if service in services() else {"components": {}}


@cache
def _rows(service: str, component: str, region: str | None = None) -> tuple[Price, ...]:
    return tuple(read_component(_tree(service), component, region))


class PriceBook:
    """Prices as they held on a day, in one arithmetic.

    ``as_of`` None takes the newest row of each price. A service's file is read when its first price
    is asked for, and of that only the rows of the Region asked for are made.
    """

    def __init__(self, as_of: date | None = None, *, floats: bool = False) -> None:
        self.as_of = as_of
        self.floats = floats
        self._found: dict[tuple[str, str, str], Price] = {}

    def number(self, value: float | int | str | Decimal) -> Number:
        """Return a number in the book's arithmetic: Decimal for a bill, float for a search."""
        return float(value) if self.floats else to_decimal(value)

    def in_floats(self) -> PriceBook:
        """Return the same book for searching, with float prices."""
        return PriceBook(self.as_of, floats=True)

    def price(self, service: str, component: str, region: str) -> Price:
        """Return the price of a component in a Region; raise PriceMissing when there is none."""
        key = (service, component, region)
        if key not in self._found:
            price = self._look_up(service, component, region)
            self._found[key] = _with_floats(price) if self.floats else price
        return self._found[key]

    def prices(self, service: str, components: Sequence[str], region: str) -> list[Price]:
        """Return several prices; raise PriceMissing with every one that there is none of."""
        found = []
        missing = []
        for component in components:
            try:
                found.append(self.price(service, component, region))
            except PriceMissing as error:
                missing.append(error)
        if missing:
            first, *others = missing
            first.others = tuple(others)
            raise first
        return found

    def allowance(self, service: str, component: str) -> Number:
        """Return the quantity that an account gets free each month."""
        return self.price(service, component, GLOBAL).tiers[0].up_to

    def regions(self, service: str, component: str) -> tuple[str, ...]:
        """Return the Regions that have a price for a component, on any date."""
        return tuple(sorted({row.region for row in _rows(service, component)}))

    def _look_up(self, service: str, component: str, region: str) -> Price:
        rows = _rows(service, component, region)
        if not rows:
            known = self.regions(service, component)
            listed = ", ".join(known) if len(known) <= _MOST_LISTED else f"{len(known)} others"
            why = f"known for {listed}" if known else "unknown component"
            raise PriceMissing(service, component, region, why)
        current = [row for row in rows if self.as_of is None or row.valid_from <= self.as_of]
        if not current:
            first = min(row.valid_from for row in rows)
            raise PriceMissing(
                service, component, region, f"the first known price is of {first}, not {self.as_of}"
            )
        return max(current, key=lambda row: row.valid_from)


def open_book(as_of: date | None = None) -> PriceBook:
    """Open the shipped price book as of a day, or with the newest prices."""
    return PriceBook(as_of)


def _with_floats(price: Price) -> Price:
    def number(value: Number) -> Number:
        return None if value is None else float(value)

    return replace(
        price,
        tiers=tuple(
            Tier(
                above=number(tier.above),
                up_to=number(tier.up_to),
                price=number(tier.price),
                confidence=tier.confidence,
            )
            for tier in price.tiers
        ),
    )
