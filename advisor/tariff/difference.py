"""What moved between two price tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from advisor.errors import PriceMissing
from advisor.tariff.book import PriceBook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from advisor.arithmetic import Number
    from advisor.tariff.price import Price
    from advisor.tariff.table import PriceTable

Movement: TypeAlias = Literal["changed", "added", "removed"]


class Moved(Struct, frozen=True, kw_only=True):
    """A price that differs: ``before`` None is new, ``after`` None is gone."""

    service: str
    component: str
    region: str
    before: Price | None
    after: Price | None

    @property
    def movement(self) -> Movement:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def percent(self) -> Number | None:
        """Return how much the first paid tier rose; None where that is no one number."""
        if self.before is None or self.after is None:
            return None
        for old, new in zip(self.before.tiers, self.after.tiers, strict=False):
            if old.price and new.price is not None and old.price != new.price:
                return (new.price - old.price) / old.price * 100
        return None


def difference(old: PriceTable, new: PriceTable, *, as_of: date | None = None) -> list[Moved]:
    """Return every price that differs, by service, component and Region.

    Prices are compared as they hold on a day, or the newest of each table.
    """
    before, after = PriceBook(as_of, table=old), PriceBook(as_of, table=new)
    return [
        moved
        for service, component, region in _places(old, new)
        if (moved := _moved(service, component, region, before, after)) is not None
    ]


def _places(old: PriceTable, new: PriceTable) -> Iterator[tuple[str, str, str]]:
    for service in sorted({*old.services(), *new.services()}):
        for component in sorted({*old.components(service), *new.components(service)}):
            regions = {*old.regions(service, component), *new.regions(service, component)}
            for region in sorted(regions):
                yield service, component, region


def _moved(
    service: str, component: str, region: str, before: PriceBook, after: PriceBook
) -> Moved | None:
    first, second = (
        _price(before, service, component, region),
        _price(after, service, component, region),
    )
    if first is None and second is None:
        return None
    if first is not None and second is not None and _values(first) == _values(second):
        return None
    return Moved(service=service, component=component, region=region, before=first, after=second)


def _price(book: PriceBook, service: str, component: str, region: str) -> Price | None:
    try:
        return book.price(service, component, region)
    except PriceMissing:
        return None


def _values(price: Price) -> tuple[object, ...]:
    return price.unit, tuple((tier.above, tier.up_to, tier.price) for tier in price.tiers)
