"""Amazon DynamoDB, tables on demand. https://aws.amazon.com/dynamodb/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import charge_stated
from advisor.cost.chunks import chunks, in_chunks
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def on_demand(
    book: PriceBook,
    region: str,
    *,
    writes: Number,
    item_kb: Number,
    stored_gb_months: Number = 0,
) -> list[LineItem]:
    """Charge writes to a standard table, each a unit for every KB begun, and what it stores.

    The first 25 GB-months of a Region are a tier at price zero, as in AWS's Price List.
    """
    chunk = limits().number("dynamodb.write_unit_kb")
    count = chunks(item_kb, chunk)
    return charge_stated(
        book,
        "dynamodb",
        region,
        (
            "write-request-units",
            writes * count,
            "Writes",
            in_chunks(writes, "writes", count, chunk),
        ),
        (
            "storage",
            stored_gb_months,
            "Storage",
            f"{in_words(stored_gb_months)} GB-months",
        ),
    )
