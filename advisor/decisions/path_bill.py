"""What the pieces on the way of a request share: the bill that they add to, and their data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.errors import PriceMissing
from advisor.units import KB_PER_GB

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

FARGATE = ("fargate", "fargate-spot")


class PathBill:
    """Adds up pieces; a piece without a price is remembered by name."""

    def __init__(self) -> None:
        self.line_items: list[LineItem] = []
        self.missing: list[PriceMissing] = []

    def add(self, piece: Callable[[], list[LineItem]]) -> None:
        try:
            self.line_items += piece()
        except PriceMissing as error:
            self.missing += (error, *error.others)


def gigabytes_of(situation: Situation, book: PriceBook, kb_per_request: float) -> Number:
    """Return the GB of a month, of so many KB with every request."""
    gigabytes = kb_per_request * situation.arrivals.monthly_requests / KB_PER_GB
    return book.number(float(f"{gigabytes:.12g}"))
