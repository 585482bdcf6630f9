"""A price: graduated tiers of one component in one Region, from a date, with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from advisor.errors import PriceMissing

if TYPE_CHECKING:
    from datetime import date

    from advisor.arithmetic import Number

Confidence: TypeAlias = Literal["A", "B", "C"]


class Tier(Struct, frozen=True, kw_only=True):
    """A price per unit for the part of a month's quantity between two bounds.

    ``up_to`` None marks the last tier. ``price`` None says that AWS has a tier here whose price is
    not known.
    """

    above: Number
    up_to: Number | None
    price: Number | None
    confidence: Confidence

    def label(self, unit: str) -> str:
        """Return the tier in words: "first 10,240 GB", "above 6 billion GB-seconds"."""
        units = unit if unit == "GB" else f"{unit}s"
        if self.up_to is None:
            return f"above {_grouped(self.above)} {units}"
        if self.above == 0:
            return f"first {_grouped(self.up_to)} {units}"
        return f"next {_grouped(self.up_to - self.above)} {units}"


class Price(Struct, frozen=True, kw_only=True):
    """One row of the price book.

    ``valid_from`` is the day from which the value is known to hold, ``checked`` the day somebody
    last compared it with its source. ``confidence`` is A (two independent sources, or a Price List
    file), B (one decent source) or C (inferred; ``note`` says how).
    """

    service: str
    service_name: str
    component: str
    region: str
    unit: str
    tiers: tuple[Tier, ...]
    valid_from: date
    checked: date
    source: str
    evidence: str
    confidence: Confidence
    note: str | None = None
    plan: Price | None = None
    """The rate of the Savings Plan in force, where one covers this price."""

    @property
    def id(self) -> str:
        """Name this row for good: ``lambda/duration-x86/us-east-1@2026-08-31``."""
        return f"{self.service}/{self.component}/{self.region}@{self.valid_from}"

    @property
    def least_confidence(self) -> Confidence:
        """Return the letter of the least certain tier."""
        return max(tier.confidence for tier in self.tiers)

    def known(self, tier: Tier) -> Number:
        """Return a tier's price; raise PriceMissing when it is not known."""
        if tier.price is None:
            raise PriceMissing(
                self.service,
                self.component,
                self.region,
                f'the price of the tier "{tier.label(self.unit)}" a month is not known',
            )
        return tier.price

    def rate(self, tier: Tier) -> tuple[Number, Price]:
        """Return what a tier's quantity costs, and the row that says so.

        A Savings Plan has one rate for all tiers; where the tier's own price is lower, as in
        Lambda's third, on demand is what AWS charges.
        """
        on_demand = self.known(tier)
        if self.plan is None:
            return on_demand, self
        planned = self.plan.known(self.plan.tiers[0])
        return (planned, self.plan) if planned < on_demand else (on_demand, self)


def _grouped(quantity: Number) -> str:
    for size, word in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if quantity >= size:
            return f"{float(quantity / size):g} {word}"
    return f"{float(quantity):,g}" if quantity < 1_000_000 else str(quantity)
