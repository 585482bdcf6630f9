"""What a price list outside says about one component in one Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

TierOffered: TypeAlias = "tuple[Decimal, Decimal | None, Decimal]"
"""Above, up to (None in the last tier), price per unit."""


class Offered(Struct, frozen=True, kw_only=True):
    """A price as AWS lists it today.

    ``tiers`` are in order, without gaps; the last has no upper end. A free
    quantity of the account has an ``allowance`` instead, and the Region ``global``. ``valid_from``
    is the day from which AWS says the price holds, ``checked`` the day of the document.
    """

    service: str
    component: str
    region: str
    tiers: tuple[TierOffered, ...]
    allowance: Decimal | None
    valid_from: date
    checked: date
    evidence: str
