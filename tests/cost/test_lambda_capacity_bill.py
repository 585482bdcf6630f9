"""Provisioned concurrency, SnapStart, streaming, pollers and tenants against AWS's examples.

All of them are on https://aws.amazon.com/lambda/pricing/, which rounds each line to cents.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.lambda_capacity import (
    event_pollers,
    provisioned_concurrency,
    response_streaming,
    snapstart,
    streamed_gb,
    tenant_environments,
)
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()
REGION = "us-east-1"


def provisioned(architecture: str = "x86_64", **quantities: int | str) -> list[LineItem]:
    return provisioned_concurrency(
        BOOK,
        REGION,
        architecture=architecture,
        memory_mb=Decimal(quantities.pop("memory_mb", 1024)),
        **{name: Decimal(value) for name, value in quantities.items()},
    )


def amounts(items: list[LineItem]) -> list[tuple[str, Decimal]]:
    return [(item.item, item.monthly_usd) for item in items]


def test_the_app_launch_of_the_pricing_page() -> None:
    # 100 x 8 h x 3,600 s x 1.5 GB = 4,320,000 GB-s x 0.0000041667 = 18.000144 (18.00);
    # 500,000 x 0.1 s x 1.5 GB = 75,000 GB-s x 0.0000097222 = 0.729165 (0.73).
    items = provisioned(
        memory_mb=1536, concurrency=100, enabled_hours=8, requests=500_000, duration_ms=100
    )
    assert amounts(items) == [
        ("Provisioned concurrency, capacity", Decimal("18.000144")),
        ("Provisioned concurrency, duration", Decimal("0.729165")),
    ]


def test_the_sale_of_the_pricing_page() -> None:
    # 7 x 86,400 s x 4 GB = 2,419,200 GB-s: 10.08; 2e6 x 0.28 s x 4 GB = 2,240,000 GB-s: 21.78.
    items = provisioned(
        memory_mb=4096, concurrency=7, enabled_hours=24, requests=2_000_000, duration_ms=280
    )
    assert [item.quantity for item in items] == [2_419_200, 2_240_000]
    assert [round(item.monthly_usd, 2) for item in items] == [Decimal("10.08"), Decimal("21.78")]


def test_arm64_has_its_own_prices() -> None:
    # 3,600 GB-s x 0.0000033334 = 0.01200024; 1,000 GB-s x 0.0000077778 = 0.0077778.
    items = provisioned("arm64", concurrency=1, enabled_hours=1, duration_gb_seconds=1000)
    assert [item.monthly_usd for item in items] == [Decimal("0.01200024"), Decimal("0.0077778")]


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [("0.01", 300), ("1", 3600), ("1.01", 3900), ("0.0833", 300), ("0.0834", 600)],
)
def test_enabled_time_is_rounded_up_to_five_minutes(hours: str, seconds: int) -> None:
    (capacity,) = provisioned(concurrency=1, enabled_hours=hours)
    assert capacity.quantity == seconds


def test_each_period_is_rounded_up_by_itself() -> None:
    # 30 days of 61 minutes are 30 x 65 minutes, not 30 x 61 = 1,830.
    (capacity,) = provisioned(concurrency=2, enabled_hours=str(Decimal(61) / 60), periods=30)
    assert capacity.quantity == 2 * 30 * 65 * 60


def test_durations_are_rounded_up_to_a_millisecond() -> None:
    # 1,000 x 11 ms x 1 GB.
    (duration,) = provisioned(requests=1000, duration_ms="10.2")
    assert duration.quantity == 11


def test_capacity_may_be_stated_as_it_stands() -> None:
    items = provisioned(capacity_gb_seconds=4_320_000, duration_gb_seconds=75_000)
    assert total(items) == Decimal("18.000144") + Decimal("0.729165")


def test_provisioned_concurrency_has_no_tiers() -> None:
    # 1e11 GB-s in one line, where duration on demand would reach its third tier.
    assert len(provisioned(duration_gb_seconds=100_000_000_000)) == 1


def test_snapstart_of_the_pricing_page() -> None:
    # 744 h x 3,600 s x 1 GB = 2,678,400 GB-s x 0.0000015046 = 4.02992064 (4.03);
    # 74,400 GB x 0.0001397998 = 10.40110512 (10.4).
    items = snapstart(
        BOOK,
        REGION,
        memory_mb=Decimal(1024),
        cached_hours=Decimal(744),
        restores=Decimal(74_400),
    )
    assert amounts(items) == [
        ("SnapStart cache", Decimal("4.02992064")),
        ("SnapStart restores", Decimal("10.40110512")),
    ]


@pytest.mark.parametrize(
    ("hours", "versions", "charged"),
    [("0.5", 1, 3), ("3", 1, 3), ("3.5", 1, Decimal("3.5")), ("10", 4, 12), ("0.1", 2, 6)],
)
def test_each_version_is_cached_for_three_hours_at_least(
    hours: str, versions: int, charged: Decimal
) -> None:
    (cache,) = snapstart(
        BOOK,
        REGION,
        memory_mb=Decimal(2048),
        cached_hours=Decimal(hours),
        restores=Decimal(0),
        versions=Decimal(versions),
    )
    assert cache.quantity == charged * 3600 * 2


def test_what_is_not_cached_has_no_minimum() -> None:
    items = snapstart(
        BOOK.in_floats(),
        REGION,
        memory_mb=1024.0,
        cached_hours=np.array([0.0, 1.0, 5.0]),
        restores=0.0,
    )
    np.testing.assert_allclose(items[0].quantity, [0.0, 3 * 3600, 5 * 3600])


def test_streaming_of_the_pricing_page() -> None:
    # 2e6 responses of 100 KB stay within their first 6 MB; 1e6 x (7 - 6) MB = 976.5625 GB, with
    # the account's 100 GB used up before: 976.5625 x 0.008 = 7.8125 (7.81).
    assert streamed_gb(responses=Decimal(2_000_000), response_mb=Decimal("0.1")) == 0
    gigabytes = streamed_gb(responses=Decimal(1_000_000), response_mb=Decimal(7))
    assert gigabytes == Decimal("976.5625")
    items = response_streaming(BOOK, REGION, gigabytes=100 + gigabytes)
    assert [(item.quantity, item.monthly_usd) for item in items] == [
        (100, 0),
        (gigabytes, Decimal("7.8125")),
    ]


def test_the_first_hundred_gb_of_streaming_are_free() -> None:
    assert total(response_streaming(BOOK, REGION, gigabytes=Decimal(100))) == 0
    assert total(response_streaming(BOOK, REGION, gigabytes=Decimal(101))) == Decimal("0.008")


def test_pollers_of_the_pricing_page() -> None:
    # 800 x 0.185 = 148 for Kafka; 8,000 x 0.00925 = 74 for SQS.
    items = event_pollers(BOOK, REGION, sqs_hours=Decimal(8000), kafka_hours=Decimal(800))
    assert amounts(items) == [
        ("SQS event pollers", Decimal(74)),
        ("Kafka event pollers", Decimal(148)),
    ]


@pytest.mark.parametrize(("architecture", "usd"), [("x86_64", "33.3334"), ("arm64", "26.6666")])
def test_tenants_of_the_pricing_page(architecture: str, usd: str) -> None:
    # 200,000 environments x 1 GB x 0.000166667; the page rounds the price to 0.000167: 33.4.
    # arm64: x 0.000133333.
    (item,) = tenant_environments(
        BOOK,
        REGION,
        architecture=architecture,
        memory_mb=Decimal(1024),
        environments=Decimal(200_000),
    )
    assert item.monthly_usd == Decimal(usd)


def test_every_missing_price_is_named_but_none_that_nobody_asked_for() -> None:
    with pytest.raises(PriceMissing) as missing:
        event_pollers(BOOK, "eu-west-1", sqs_hours=Decimal(1), kafka_hours=Decimal(1))
    names = [error.component for error in (missing.value, *missing.value.others)]
    assert names == ["esm-sqs-epu-hour", "esm-kafka-epu-hour"]
    assert event_pollers(BOOK, "eu-west-1", sqs_hours=Decimal(0), kafka_hours=Decimal(0)) == []


def test_floats_give_the_same() -> None:
    items = provisioned_concurrency(
        BOOK.in_floats(),
        REGION,
        architecture="x86_64",
        memory_mb=1536.0,
        concurrency=np.array([100.0, 0.0]),
        enabled_hours=8.0,
        requests=500_000.0,
        duration_ms=100.0,
    )
    np.testing.assert_allclose(items[0].monthly_usd, [18.000144, 0.0])
    assert items[1].monthly_usd == pytest.approx(0.729165)
