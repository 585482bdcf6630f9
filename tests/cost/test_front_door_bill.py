"""API Gateway's and the load balancer's bill: AWS's worked examples, tiers and LCU dimensions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.api_gateway import http_api, rest_api
from advisor.cost.bill import total
from advisor.cost.load_balancer import application_load_balancer, capacity_units
from advisor.cost.network import internet_out
from advisor.tariff import PriceBook

BOOK = PriceBook()


def test_http_api_uploads_of_the_pricing_page() -> None:
    # https://aws.amazon.com/api-gateway/pricing/: 25 a minute x 60 x 24 x 30 = 1,080,000 uploads
    # of 4.5 MB = nine increments of 512 KB; 9,720,000 x 0.000001 = 9.72 USD.
    (item,) = http_api(
        BOOK, "us-east-1", requests=Decimal(1_080_000), payload_kb=Decimal("4.5") * 1024
    )
    assert item.quantity == 9_720_000
    assert item.monthly_usd == Decimal("9.72")


@pytest.mark.parametrize(
    ("payload_kb", "increments"),
    [("0", 1), ("0.5", 1), ("512", 1), ("512.001", 2), ("1024", 2), ("1025", 3)],
)
def test_http_api_counts_started_increments(payload_kb: str, increments: int) -> None:
    (item,) = http_api(BOOK, "us-east-1", requests=Decimal(100), payload_kb=Decimal(payload_kb))
    assert item.quantity == 100 * increments


def test_http_api_tier_is_reached_by_increments() -> None:
    # 200 million requests x 2 = 400 million: 300 million x 0.000001 + 100 million x 0.0000009.
    items = http_api(BOOK, "us-east-1", requests=Decimal(200_000_000), payload_kb=Decimal(513))
    assert [item.monthly_usd for item in items] == [300, 90]
    assert [item.item for item in items] == [
        "HTTP API requests, first 300 million requests",
        "HTTP API requests, above 300 million requests",
    ]


def test_rest_api_of_the_pricing_page_with_its_data_out() -> None:
    # 5 million calls = 17.50; answers of 3 KB: 15e6 / 1024^2 = 14.305 GB x 0.09 = 1.287; the page
    # says 18.79 and leaves the free 100 GB out.
    items = rest_api(BOOK, "us-east-1", requests=Decimal(5_000_000))
    items += internet_out(
        BOOK,
        "us-east-1",
        requests=Decimal(5_000_000),
        kb_per_request=Decimal(3),
        free_tier=False,
    )
    assert [item.monthly_usd.quantize(Decimal("0.01")) for item in items] == [
        Decimal("17.50"),
        Decimal("1.29"),
    ]
    assert total(items).quantize(Decimal("0.01")) == Decimal("18.79")


def test_rest_api_in_all_its_tiers() -> None:
    # 21e9 calls: 333e6 x 3.50 = 1,165.50; 667e6 x 2.80 = 1,867.60; 19e9 x 2.38 = 45,220;
    # 1e9 x 1.51 = 1,510 (USD per million).
    items = rest_api(BOOK, "us-east-1", requests=Decimal(21_000_000_000))
    assert [item.monthly_usd for item in items] == [
        Decimal("1165.5"),
        Decimal("1867.6"),
        45_220,
        1_510,
    ]


@pytest.mark.parametrize(("requests", "lines"), [(333_000_000, 1), (333_000_001, 2)])
def test_rest_api_at_the_edge_of_its_first_tier(requests: int, lines: int) -> None:
    items = rest_api(BOOK, "us-east-1", requests=Decimal(requests))
    assert len(items) == lines
    assert total(items) == Decimal("1165.5") + (requests - 333_000_000) * Decimal("0.0000028")


@pytest.mark.parametrize(
    ("connections", "active", "mb", "rules", "units"),
    [
        (50, 3000, 1024, 1000, 2),  # 50 / 25 new connections a second
        (25, 9000, 1024, 1000, 3),  # 9,000 / 3,000 active connections
        (25, 3000, 4096, 1000, 4),  # 4,096 / 1,024 MB an hour
        (25, 3000, 1024, 5000, 5),  # 5,000 / 1,000 rule evaluations a second
        (0, 0, 0, 0, 0),
    ],
)
def test_the_largest_dimension_is_billed(
    connections: int, active: int, mb: int, rules: int, units: int
) -> None:
    assert (
        capacity_units(
            new_connections_per_s=Decimal(connections),
            active_connections=Decimal(active),
            processed_mb_per_hour=Decimal(mb),
            rule_evaluations_per_s=Decimal(rules),
            lambda_target=False,
        )
        == units
    )


def test_a_lambda_target_carries_less_data_per_unit() -> None:
    # 0.4 GB an hour = 409.6 MB per unit, so 819.2 MB are two units instead of 0.8.
    units = [
        capacity_units(
            new_connections_per_s=Decimal(0),
            active_connections=Decimal(0),
            processed_mb_per_hour=Decimal("819.2"),
            rule_evaluations_per_s=Decimal(0),
            lambda_target=target,
        )
        for target in (True, False)
    ]
    assert units == [2, Decimal("0.8")]


def test_load_balancer_hours_and_units() -> None:
    # 730 h x 0.0225 = 16.425; 1,000 LCU-hours x 0.008 = 8.
    items = application_load_balancer(
        BOOK, "us-east-1", hours=Decimal(730), lcu_hours=Decimal(1000)
    )
    assert [item.monthly_usd for item in items] == [Decimal("16.425"), 8]
