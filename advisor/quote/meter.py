"""What a service asks to be priced: its keys with their units and defaults."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import UNSET, Meta, Struct, UnsetType

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

ZERO = Decimal(0)


class Meter(Struct, frozen=True, kw_only=True):
    """The keys of one service. A field is a key; its metadata, made by ``key``, documents it.

    A field is a Decimal (a quantity, never negative), a bool, a Literal of texts, or one of these
    with None for "not stated". ``service`` is the name on the command line.
    """

    service: ClassVar[str]
    about: ClassVar[str]
    """What the bill is for, in one line, for ``advisor price --list``."""

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        """Return the charges of a month; raise PriceMissing for a price that is not known.

        Raise ``Refused`` where the stated keys do not go together.
        """
        raise NotImplementedError

    def assumed(self) -> dict[str, str]:
        """Return why, for each key whose default needs a reason of its own in this quote."""
        return {}


class Refused(ValueError):
    """Keys that do not go together, or a value that AWS does not offer; ``key`` is the culprit."""

    def __init__(self, key: str, message: str, help_: str | None = None) -> None:
        self.key = key
        self.help = help_
        super().__init__(message)


def key(about: str, unit: str | UnsetType = UNSET) -> Any:
    """Document a key: what it is, and the unit it is counted in ("requests", "ms", "GB")."""
    return Meta(description=about, extra=None if unit is UNSET else {"unit": unit})
