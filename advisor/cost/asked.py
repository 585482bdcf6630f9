"""Charges of which a month may have any or none, so that no price is needed for what has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from advisor.arithmetic import is_zero
from advisor.cost.bill import LineItem, charge

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


class Asked(NamedTuple):
    """A quantity of one component of a service, with the name and the formula of its line."""

    component: str
    quantity: Number
    item: str
    formula: str


def charge_asked(book: PriceBook, service: str, region: str, *every: Asked) -> list[LineItem]:
    """Charge each quantity that is not zero; raise PriceMissing with all prices that are missing.

    A Region that lacks the price of something nobody asked for can so be charged for the rest.
    """
    asked = [one for one in every if not is_zero(one.quantity)]
    prices = book.prices(service, [one.component for one in asked], region)
    return [
        line
        for price, one in zip(prices, asked, strict=True)
        for line in charge(price, one.quantity, one.item, one.formula)
    ]
