"""The price book: one lookup over all dated prices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.arithmetic import to_decimal
from advisor.errors import PriceMissing
from advisor.limits import limits
from advisor.tariff.price import Price, Tier
from advisor.tariff.reading import GLOBAL
from advisor.tariff.table import PriceTable, open_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from advisor.arithmetic import Number

SAVINGS_PLANS = "savings-plans"
_MOST_LISTED = 8


class PriceBook:
    """Prices as they held on a day, in one arithmetic.

    ``as_of`` None takes the newest row of each price. A service's file is read when its first price
    is asked for, and of that only the rows of the Region asked for are made. ``savings_plan``, such
    as ``1yr-no-upfront``, puts that Compute Savings Plan's rate beside each price that it covers; a
    covered price whose rate is not known is missing.
    """

    def __init__(
        self,
        as_of: date | None = None,
        *,
        floats: bool = False,
        table: PriceTable | None = None,
        savings_plan: str | None = None,
    ) -> None:
        self.as_of = as_of
        self.floats = floats
        self.table = open_table() if table is None else table
        self.savings_plan = savings_plan
        self._found: dict[tuple[str, str, str], Price] = {}
        self._in_floats: PriceBook | None = None

    def number(self, value: float | int | str | Decimal) -> Number:
        """Return a number in the book's arithmetic: Decimal for a bill, float for a search."""
        return float(value) if self.floats else to_decimal(value)

    def in_floats(self) -> PriceBook:
        """Return the same book for searching, with float prices."""
        if self._in_floats is None:
            self._in_floats = PriceBook(
                self.as_of, floats=True, table=self.table, savings_plan=self.savings_plan
            )
        return self._in_floats

    def price(self, service: str, component: str, region: str) -> Price:
        """Return the price of a component in a Region; raise PriceMissing when there is none."""
        key = (service, component, region)
        if key not in self._found:
            price = self._with_plan(self._look_up(service, component, region))
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

    def all_prices(self, service: str, region: str | None = None) -> dict[str, list[Price]]:
        """Return by component every price of a service that holds, in one Region or in all."""
        found: dict[str, list[Price]] = {}
        for component in self.table.components(service):
            regions = self.regions(service, component)
            for each in regions if region is None else (region, GLOBAL):
                try:
                    price = self.price(service, component, each)
                except PriceMissing:
                    continue
                if price.region == each:
                    found.setdefault(component, []).append(price)
        return found

    def allowance(self, service: str, component: str) -> Number:
        """Return the quantity that an account gets free each month."""
        return self.price(service, component, GLOBAL).tiers[0].up_to

    def regions(self, service: str, component: str) -> tuple[str, ...]:
        """Return the Regions that have a price for a component, on any date."""
        return self.table.regions(service, component)

    def plans(self) -> tuple[str, ...]:
        """Return the terms of Compute Savings Plans that the table has any rate for."""
        terms = {
            component.removeprefix(f"{covered.replace('/', '-')}-")
            for component in self.table.components(SAVINGS_PLANS)
            for covered in limits().savings_plan_covers()
            if component.startswith(f"{covered.replace('/', '-')}-")
        }
        return tuple(sorted(terms))

    def _with_plan(self, price: Price) -> Price:
        covered = f"{price.service}/{price.component}" in limits().savings_plan_covers()
        if self.savings_plan is None or not covered:
            return price
        component = f"{price.service}-{price.component}-{self.savings_plan}"
        return replace(price, plan=self._look_up(SAVINGS_PLANS, component, price.region))

    def _look_up(self, service: str, component: str, region: str) -> Price:
        rows = self.table.rows(service, component, region)
        if not rows:
            known = self.regions(service, component)
            listed = (
                ", ".join(known) if len(known) <= _MOST_LISTED else f"{len(known)} other Regions"
            )
            why = f"known for {listed}" if known else "unknown component"
            raise PriceMissing(service, component, region, why)
        current = [row for row in rows if self.as_of is None or row.valid_from <= self.as_of]
        if not current:
            first = min(row.valid_from for row in rows)
            raise PriceMissing(
                service, component, region, f"the first known price is of {first}, not {self.as_of}"
            )
        return max(current, key=lambda row: row.valid_from)


def open_book(
    as_of: date | None = None,
    *,
    prices: str | None = None,
    savings_plan: str | None = None,
) -> PriceBook:
    """Open a price book as of a day, or with the newest prices, once for the whole run.

    ``prices`` is the folder of another table than the shipped one.
    """
    return _opened(as_of, open_table(prices), savings_plan)


@cache
def _opened(as_of: date | None, table: PriceTable, savings_plan: str | None) -> PriceBook:
    return PriceBook(as_of, table=table, savings_plan=savings_plan)


def _with_floats(price: Price) -> Price:
    def number(value: Number) -> Number:
        return None if value is None else float(value)

    return replace(
        price,
        plan=None if price.plan is None else _with_floats(price.plan),
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
