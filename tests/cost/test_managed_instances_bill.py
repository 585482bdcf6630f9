"""Managed Instances, durable functions and Lambda@Edge against the examples of the pricing page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.durable import durable_executions
from advisor.cost.lambda_edge import edge_functions
from advisor.cost.managed_instances import managed_instances
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook, open_table

BOOK = PriceBook()
REGION = "us-east-1"


def instances(
    *, type_: str = "m7g.xlarge", hours: int = 2000, requests: int = 0, discount: str = "0"
) -> list[LineItem]:
    return managed_instances(
        BOOK,
        REGION,
        instance_type=type_,
        instance_hours=Decimal(hours),
        requests=Decimal(requests),
        ec2_discount_percent=Decimal(discount),
    )


def test_the_busy_service_of_the_pricing_page() -> None:
    # 100e6 requests = 20.00; 2,000 h x 0.1632 = 326.40, less 72 % = 235.008 (the page rounds the
    # discounted hour to 0.0457 and so has 91.40 where 91.392 remain); the fee is 15 % of the full
    # 326.40 = 48.96. Sum 160.352; 160.36 on the page.
    items = instances(requests=100_000_000, discount="72")
    assert [(item.item, item.monthly_usd) for item in items] == [
        ("Requests", 20),
        ("EC2 instances, m7g.xlarge", Decimal("326.4")),
        ("EC2 discount, m7g.xlarge", Decimal("-235.008")),
        ("Management fee", Decimal("48.96")),
    ]
    assert abs(total(items) - Decimal("160.36")) < Decimal("0.01")
    assert all(item.monthly_usd == item.quantity * item.unit_price_usd for item in items)


def test_without_a_discount_there_is_no_line_for_it() -> None:
    assert [item.item for item in instances()] == ["EC2 instances, m7g.xlarge", "Management fee"]


@pytest.mark.parametrize("type_", ["c7g.xlarge", "c7i.xlarge", "m7g.xlarge"])
def test_the_fee_is_what_aws_lists_for_the_type(type_: str) -> None:
    assert f"lmi-management-hour-{type_}" in open_table().components("lambda")
    listed = BOOK.price("lambda", f"lmi-management-hour-{type_}", REGION).tiers[0].price
    fee = instances(type_=type_, hours=1)[-1]
    assert (fee.item, fee.monthly_usd) == ("Management fee", listed)
    assert fee.unit == "EC2 on-demand dollar"  # a fraction of so many dollars


def test_a_type_whose_price_is_not_known_is_missing() -> None:
    with pytest.raises(PriceMissing, match=r"ec2/ondemand-linux-m8g.xlarge"):
        instances(type_="m8g.xlarge")
    assert instances(type_="m8g.xlarge", hours=0) == []


def test_insurance_claims_of_the_pricing_page() -> None:
    # 1e6 x (start + 2 steps + wait) = 4e6 x 0.000008 = 32; 104 GB x 0.25 = 26; the page rounds
    # 24.27 + 48.53 = 72.80 GB-months x 0.15 = 10.92.
    items = durable_executions(
        BOOK,
        REGION,
        operations=Decimal(4_000_000),
        written_gb=Decimal(104),
        retained_gb_months=Decimal("72.8"),
    )
    assert [(item.item, item.monthly_usd) for item in items] == [
        ("Durable operations", 32),
        ("Durable data written", 26),
        ("Durable data retained", Decimal("10.92")),
    ]


def edge(*, requests: int, duration_ms: str, memory_mb: int = 128) -> list[LineItem]:
    return edge_functions(
        BOOK,
        REGION,
        requests=Decimal(requests),
        duration_ms=Decimal(duration_ms),
        memory_mb=Decimal(memory_mb),
    )


def test_lambda_edge_of_the_pricing_page() -> None:
    # 10e6 x 0.0000006 = 6.00; 10e6 x 0.010 s x 1/8 GB = 12,500 GB-s x 0.00005001 = 0.625125
    # (100,000 s x 0.00000625125 per 128 MB-second on the page: 0.63).
    assert [(item.item, item.monthly_usd) for item in edge(requests=10**7, duration_ms="10")] == [
        ("Lambda@Edge requests", 6),
        ("Lambda@Edge duration", Decimal("0.625125")),
    ]


def test_lambda_edge_counts_whole_milliseconds() -> None:
    # 1,000 x 11 ms x 1 GB.
    assert edge(requests=1000, duration_ms="10.1", memory_mb=1024)[1].quantity == 11
