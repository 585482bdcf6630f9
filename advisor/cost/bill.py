"""What a design costs: line items, and the bill that is their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.arithmetic import highest, in_words, is_zero, lowest, split_by_tiers
from advisor.tariff.reading import GLOBAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.arithmetic import Number
    from advisor.tariff import Price, PriceBook


class LineItem(Struct, frozen=True, kw_only=True):
    """One charge: a quantity at one unit price.

    ``quantity`` is in ``unit`` a month and already carries AWS's rounding; ``monthly_usd`` is
    exactly ``quantity * unit_price_usd``. ``price`` is the row that says the unit price.
    ``formula`` says in words and numbers how the quantity came about.
    """

    service: str
    item: str
    unit: str
    quantity: Number
    unit_price_usd: Number
    price: Price
    formula: str
    ladder: Price
    """The graduated price on which the account's usage adds up: ``price``, save under a plan."""
    allowance: Price | None = None
    """The free quantity of the account that this line gives back, where it does."""

    @property
    def monthly_usd(self) -> Number:
        return self.quantity * self.unit_price_usd


def charge(
    price: Price, quantity: Number, item: str, formula: str, *, after: Number = 0
) -> list[LineItem]:
    """Charge a month's quantity at a price, one line item for each tier that it reaches.

    ``after`` is what the month has already charged to the same tiers. Raises PriceMissing when
    the quantity reaches a tier whose price is not known.
    """
    # What each tier has left, not a difference of two splits: in floats that difference would lose
    # a small quantity that follows a large one.
    left = [None if tier.up_to is None else highest(tier.up_to - after, 0) for tier in price.tiers]
    parts = list(zip(price.tiers, split_by_tiers(quantity, left), strict=True))
    reached = [(tier, part) for tier, part in parts if not is_zero(part)] or parts[:1]
    items = []
    for tier, part in reached:
        rate, row = price.rate(tier)
        items.append(
            LineItem(
                service=price.service,
                item=item if len(reached) == 1 else f"{item}, {tier.label(price.unit)}",
                unit=price.unit,
                quantity=part,
                unit_price_usd=rate,
                price=row,
                formula=formula,
                ladder=price,
            )
        )
    return items


def charge_stated(
    book: PriceBook, service: str, region: str, *stated: tuple[str, Number, str, str]
) -> list[LineItem]:
    """Charge each (component, quantity, item, formula) of a service, save quantities of zero.

    What is not used needs no price; of what is used, all missing prices are named together.
    """
    used = [entry for entry in stated if not is_zero(entry[1])]
    prices = book.prices(service, [component for component, *_ in used], region)
    return [
        line
        for price, (_, quantity, item, formula) in zip(prices, used, strict=True)
        for line in charge(price, quantity, item, formula)
    ]


def allowance(
    book: PriceBook, price: Price, component: str, quantity: Number, what: str
) -> list[LineItem]:
    """Give back what the account's free tier covers, as a line item of its own.

    The allowance is used up first, so it is worth the price of the first tier.
    """
    free = book.allowance(price.service, component)
    covered = lowest(quantity, free)
    rate, row = price.rate(price.tiers[0])
    return [
        LineItem(
            service=price.service,
            item=f"Free tier, {what}",
            unit=price.unit,
            quantity=-covered,
            unit_price_usd=rate,
            price=row,
            formula=f"the first {in_words(free)} {what} of the account's month are free",
            ladder=price,
            allowance=book.price(price.service, component, GLOBAL),
        )
    ]


def total(items: Iterable[LineItem]) -> Number:
    """Return the sum of the line items; a bill is never anything else."""
    amount: Number = 0
    for item in items:
        amount = amount + item.monthly_usd
    return amount
