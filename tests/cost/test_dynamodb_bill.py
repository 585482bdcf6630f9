"""A table's bill: a write unit for every KB of an item begun, and what it stores."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.dynamodb import on_demand
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def table(
    writes: int, *, item_kb: str = "1", stored: str = "0", region: str = "us-east-1"
) -> list[LineItem]:
    return on_demand(
        BOOK,
        region,
        writes=Decimal(writes),
        item_kb=Decimal(item_kb),
        stored_gb_months=Decimal(stored),
    )


@pytest.mark.parametrize(
    ("item_kb", "units"),
    [("0", 1), ("0.1", 1), ("1", 1), ("1.001", 2), ("3.5", 4), ("400", 400)],
)
def test_every_kb_begun_is_a_unit(item_kb: str, units: int) -> None:
    (item,) = table(1000, item_kb=item_kb)

    assert item.quantity == 1000 * units
    assert item.formula == f"1,000 writes × {units} chunk(s) of 1 KB"


@pytest.mark.parametrize(
    ("region", "writes", "storage"),
    [
        # $0.625, $0.705 and $0.7625 a million writes; (125 − 25 free) GB × $0.25, $0.283, $0.306.
        ("us-east-1", "0.625", "25"),
        ("eu-west-1", "0.705", "28.3"),
        ("eu-central-1", "0.7625", "30.6"),
    ],
)
def test_a_million_writes_and_125_gb(region: str, writes: str, storage: str) -> None:
    items = table(1_000_000, stored="125", region=region)

    assert [(item.item, item.monthly_usd) for item in items] == [
        ("Writes", Decimal(writes)),
        ("Storage, first 25 GB-months", 0),
        ("Storage, above 25 GB-months", Decimal(storage)),
    ]


def test_25_gb_are_free() -> None:
    assert total(table(0, stored="25")) == 0
    assert total(table(0, stored="26")) == Decimal("0.25")


def test_what_is_not_used_needs_no_price_and_what_is_used_does() -> None:
    assert table(0, region="xx-nowhere-1") == []
    with pytest.raises(PriceMissing, match="dynamodb/write-request-units in ap-south-1") as missing:
        table(1, stored="1", region="ap-south-1")
    assert [error.component for error in missing.value.others] == ["storage"]
