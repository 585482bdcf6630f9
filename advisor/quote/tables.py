"""Quotes for tables."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from advisor.cost import dynamodb
from advisor.limits import limits
from advisor.quote.meter import ZERO, Meter, Refused, key

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class DynamoDb(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "dynamodb"
    about: ClassVar[str] = "A table on demand: writes per 1 KB, and storage"

    writes: Annotated[Decimal, key("Items written, updated or deleted", "writes")] = ZERO
    item_kb: Annotated[Decimal, key("Size of an item that is written", "KB")] = ZERO
    stored_gb: Annotated[Decimal, key("Items kept, with their indexes", "GB-months")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - what is free is a tier of the price
        most = limits().number("dynamodb.item_kb")
        if self.item_kb > most:
            raise Refused(
                "item_kb", f"an item has {most} KB at most", f"state item_kb up to {most}"
            )
        return dynamodb.on_demand(
            book,
            region,
            writes=self.writes,
            item_kb=self.item_kb,
            stored_gb_months=self.stored_gb,
        )

    def assumed(self) -> dict[str, str]:
        if self.item_kb:
            return {}
        return {"item_kb": "a write of unknown size is counted once"}
