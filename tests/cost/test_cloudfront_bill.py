"""CloudFront's charges, against sums worked out by hand and a price book of another maker."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import total
from advisor.cost.cloudfront import distribution
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()
ZERO = Decimal(0)


def usd(region: str, requests: int, out: int, origin: int, *, free_tier: bool = False) -> Decimal:
    items = distribution(
        BOOK,
        region,
        requests=Decimal(requests),
        internet_gb=Decimal(out),
        origin_gb=Decimal(origin),
        free_tier=free_tier,
    )
    amount: Decimal = total(items)
    return amount


def test_an_estimate_of_awss_pricing_calculator() -> None:
    # 9,804 GB and 81,700,000 HTTPS requests in the United States: $833.34 and $81.70
    # (AWS Pricing Calculator, 2026-06-12).
    assert usd("us-east-1", 0, 9804, 0) == Decimal("833.34")
    assert usd("us-east-1", 81_700_000, 0, 0) == Decimal("81.70")


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        # By 10,240, 40,960, 102,400, 358,400, 536,576 and 4,194,304 GB, then 1,000 GB more.
        ("us-west-2", "870.40 3276.80 6144.00 14336.00 16097.28 104857.60 20"),
        ("eu-west-3", "870.40 3276.80 6144.00 14336.00 16097.28 104857.60 20"),
        ("af-south-1", "1126.40 4300.80 9216.00 28672.00 32194.56 209715.20 40"),
        ("sa-east-1", "1126.40 4300.80 9216.00 28672.00 32194.56 209715.20 40"),
        ("ap-northeast-1", "1167.36 3645.44 8806.40 30105.60 42926.08 293601.28 60"),
        ("ap-southeast-2", "1167.36 4014.08 9625.60 32972.80 48291.84 356515.84 80"),
        ("ap-southeast-1", "1228.80 4096.00 9728.00 32256.00 42926.08 293601.28 60"),
        ("ap-south-1", "1116.16 3481.60 8396.80 28672.00 41852.928 314572.80 72"),
    ],
)
def test_every_tier_of_data_out(region: str, expected: str) -> None:
    # The amounts are those of infracost's golden file for aws_cloudfront_distribution.
    items = distribution(
        BOOK,
        region,
        requests=ZERO,
        internet_gb=Decimal(5_242_880 + 1000),
        origin_gb=ZERO,
        free_tier=False,
    )

    assert [item.monthly_usd for item in items] == [Decimal(each) for each in expected.split()]


@pytest.mark.parametrize(
    ("region", "https", "origin"),
    [
        # The price of 10,000 HTTPS requests, and what the GB in infracost's file cost.
        ("us-east-1", "0.0100", (1234, "24.68")),
        ("eu-west-1", "0.0120", (2234, "44.68")),
        ("me-south-1", "0.0120", (3234, "194.04")),
        ("sa-east-1", "0.0220", (4234, "529.25")),
        ("ap-northeast-3", "0.0120", (5234, "314.04")),
        ("ap-southeast-4", "0.0125", (6234, "498.72")),
        ("ap-northeast-2", "0.0120", (7234, "434.04")),
        ("ap-south-2", "0.0120", (8234, "1317.44")),
    ],
)
def test_requests_and_data_to_the_origin(region: str, https: str, origin: tuple[int, str]) -> None:
    gigabytes, amount = origin

    assert usd(region, 10_000, 0, 0) == Decimal(https)
    assert usd(region, 0, 0, gigabytes) == Decimal(amount)


def test_the_free_tier_covers_requests_and_data_to_callers_only() -> None:
    # (12 − 10) million × $0.000001 + (1,124 − 1,024) GB × $0.085 + 100 GB × $0.02.
    assert usd("us-east-1", 12_000_000, 1124, 100, free_tier=True) == Decimal("12.50")
    # Unused, it is worth nothing.
    assert usd("us-east-1", 0, 0, 100, free_tier=True) == 2


def test_what_is_not_used_needs_no_price() -> None:
    assert usd("xx-nowhere-1", 0, 0, 0, free_tier=True) == 0
    with pytest.raises(PriceMissing, match="data-out-origin") as missing:
        usd("xx-nowhere-1", 0, 0, 1)
    assert missing.value.others == ()
