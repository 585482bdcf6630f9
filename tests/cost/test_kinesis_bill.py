"""A stream's bill in both modes, with the example of AWS's pricing page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import total
from advisor.cost.kinesis import on_demand, provisioned
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def test_four_shards_of_the_pricing_page() -> None:
    # 100 records of 35 KB a second need four shards; each record is two PUT payload units of
    # 25 KB. 31 days: 4 x 24 x 31 = 2,976 shard-hours x 0.015 = 44.64; 100 x 2 x 86,400 x 31 =
    # 535,680,000 units x 0.000000014 = 7.49952. 52.14 together on the page.
    items = provisioned(
        BOOK, "us-east-1", shard_hours=Decimal(2976), put_units=Decimal(535_680_000)
    )
    assert [(item.item, item.monthly_usd) for item in items] == [
        ("Shards", Decimal("44.64")),
        ("PUT payload units", Decimal("7.49952")),
    ]
    assert total(items).quantize(Decimal("0.01")) == Decimal("52.14")


def test_a_stream_on_demand() -> None:
    # 730 hours x 0.04 = 29.20; 100 GB written x 0.08 = 8; 250 GB read x 0.04 = 10.
    items = on_demand(
        BOOK,
        "us-east-1",
        stream_hours=Decimal(730),
        in_gb=Decimal(100),
        out_gb=Decimal(250),
    )
    assert [(item.item, item.monthly_usd) for item in items] == [
        ("On-demand streams", Decimal("29.2")),
        ("Data written", 8),
        ("Data read", 10),
    ]


def test_enhanced_fan_out_is_charged_by_consumer_and_shard() -> None:
    # Two shards and three consumers: 730 x 2 x 3 = 4,380 hours x 0.015 = 65.70; each consumer reads
    # 100 GB x 0.013 = 3.90.
    items = provisioned(
        BOOK,
        "us-east-1",
        shard_hours=Decimal(1460),
        put_units=Decimal(0),
        fan_out_shard_hours=Decimal(4380),
        fan_out_gb=Decimal(300),
    )
    assert [(item.item, item.monthly_usd) for item in items] == [
        ("Shards", Decimal("21.9")),
        ("Enhanced fan-out", Decimal("65.7")),
        ("Data read by enhanced fan-out", Decimal("3.9")),
    ]


def test_a_region_without_prices_names_all_that_are_asked_for() -> None:
    with pytest.raises(PriceMissing) as missing:
        on_demand(BOOK, "eu-west-1", stream_hours=Decimal(730), in_gb=Decimal(0), out_gb=Decimal(1))
    assert missing.value.component == "ondemand-stream-hour"
    assert [error.component for error in missing.value.others] == ["ondemand-retrieval"]
