"""What CloudFront is quoted at."""

from __future__ import annotations

from decimal import Decimal

from advisor.quote.catalogue import meter_of
from advisor.quote.edge import CloudFront
from advisor.tariff import PriceBook

BOOK = PriceBook()


def test_cloudfront_near_a_european_region() -> None:
    # 2 M × $0.0000012 = $2.40; 100 GB × $0.085 = $8.50; 10 GB × $0.02 = $0.20.
    meter = CloudFront(requests=Decimal(2_000_000), internet_gb=Decimal(100), origin_gb=Decimal(10))

    items = meter.line_items(BOOK, "eu-central-1", free_tier=False)

    assert [(item.item, item.monthly_usd) for item in items] == [
        ("HTTPS requests", Decimal("2.40")),
        ("Data transfer out to the internet", Decimal("8.50")),
        ("Data transfer out to the origin", Decimal("0.20")),
    ]
    assert {item.service for item in items} == {"cloudfront"}


def test_the_free_tier_is_given_back_where_it_is_asked_for() -> None:
    meter = CloudFront(requests=Decimal(2_000_000))

    items = meter.line_items(BOOK, "us-east-1", free_tier=True)

    assert [item.monthly_usd for item in items] == [2, -2]


def test_it_can_be_asked_for_by_name() -> None:
    assert meter_of("cloudfront") is CloudFront
