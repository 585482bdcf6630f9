"""What one option of the workflow or the messaging decision adds to a design."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.errors import PriceMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class Part(Struct, frozen=True, kw_only=True):
    """An option's line items and sizing.

    ``missing`` are the prices that it would need and that are not known. ``unknown`` are the
    workload's fields that must be stated before it can be priced; it has no line items then.
    ``missing_variants`` are those of another way to do the same, which might be cheaper.
    ``unpriced`` says in words what it takes besides and no price is known for.
    """

    option: str
    sizing: Mapping[str, Any]
    line_items: tuple[LineItem, ...] = ()
    missing: tuple[PriceMissing, ...] = ()
    missing_variants: tuple[PriceMissing, ...] = ()
    unknown: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()

    @property
    def is_priced(self) -> bool:
        """Whether every price that it needs is known."""
        return not (self.missing or self.unknown)


def part_of(option: str, sizing: Mapping[str, Any], *pieces: Callable[[], list[LineItem]]) -> Part:
    """Price the pieces of an option, each on its own, so that a missing price hides no other."""
    line_items: list[LineItem] = []
    missing: list[PriceMissing] = []
    for piece in pieces:
        try:
            line_items += piece()
        except PriceMissing as error:
            missing += (error, *error.others)
    return Part(option=option, sizing=sizing, line_items=tuple(line_items), missing=tuple(missing))


def without_formula(book: PriceBook, service: str, component: str, region: str) -> list[LineItem]:
    """Name a price that is needed and not known, so that it is never taken as zero.

    Where a price table has one, it is missing all the same: how it is charged is not known here.
    """
    book.price(service, component, region)
    raise PriceMissing(service, component, region, "how this price is charged is not known")


def cheapest(variants: list[Part]) -> Part:
    """Return the cheapest of the variants whose every price is known, of equals the first.

    When none is priced, the first is returned, with what all of them miss.
    """
    named = {str(error): error for each in variants for error in each.missing}
    missing = tuple(named.values())
    priced = [each for each in variants if each.is_priced]
    if priced:
        best = min(priced, key=lambda each: total(each.line_items))
        return replace(best, missing_variants=missing)
    first = variants[0]
    return first if first.unknown else replace(first, missing=missing)
