"""A price: graduated tiers of one component in one region, from a date, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from advisor.errors import PriceMissing

if TYPE_CHECKING:
    from datetime import date

    from advisor.arithmetic import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A price per unit up to a monthly quantity; ``up_to`` None is the last tier.

    ``price`` None says that AWS has a tier here whose price is not known.
    """

    up_to: Number | None
    price: Number | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One row of the price book.

    ``valid_from`` is the day from which the value is known to hold, ``checked`` the day somebody
    last compared it with its source. ``confidence`` is A (two independent sources, or a Price List
    file), B (one decent source) or C (inferred; ``note`` says how).
    """

    id: str
    service: str
    component: str
    region: str
    unit: str
    tiers: tuple[Tier, ...]
    valid_from: date
    checked: date
    source: str
    confidence: Literal["A", "B", "C"]
    note: str | None = None
