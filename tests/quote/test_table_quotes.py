"""What a table is quoted at, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.quote.meter import Refused
from advisor.quote.tables import DynamoDb
from advisor.tariff import PriceBook

BOOK = PriceBook()


def amounts(meter: DynamoDb) -> dict[str, Decimal]:
    items = meter.line_items(BOOK, "us-east-1", free_tier=True)
    return {item.item: item.monthly_usd for item in items}


def test_every_key() -> None:
    # 2,000,000 writes of 2 KB: 4,000,000 × 0.000000625 = 2.50; 10 GB above the free 25 × 0.25.
    meter = DynamoDb(writes=Decimal(2_000_000), item_kb=Decimal("1.5"), stored_gb=Decimal(35))

    assert amounts(meter) == {
        "Writes": Decimal("2.5"),
        "Storage, first 25 GB-months": 0,
        "Storage, above 25 GB-months": Decimal("2.5"),
    }
    assert meter.assumed() == {}


def test_a_write_of_unknown_size_is_counted_once() -> None:
    assert amounts(DynamoDb(writes=Decimal(1_000_000))) == {"Writes": Decimal("0.625")}
    assert set(DynamoDb().assumed()) == {"item_kb"}


def test_an_item_has_400_kb_at_most() -> None:
    amounts(DynamoDb(item_kb=Decimal(400)))
    with pytest.raises(Refused, match="400 KB at most") as refused:
        amounts(DynamoDb(item_kb=Decimal(401)))
    assert refused.value.key == "item_kb"
