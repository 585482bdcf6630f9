"""Data transfer, NAT gateways, public addresses and logs, by hand."""

from __future__ import annotations

from decimal import Decimal

from advisor.cost.bill import total
from advisor.cost.cloudwatch import logs
from advisor.cost.network import internet_out, nat_gateways, public_ipv4
from advisor.tariff import PriceBook

BOOK = PriceBook()
KB_PER_GB = 1024 * 1024  # one request of 1 KB each makes GB of requests


def test_nat_gateways_by_hour_and_gb() -> None:
    # 2 x 730 h x 0.045 = 65.70; 100 GB x 0.045 = 4.50.
    items = nat_gateways(
        BOOK, "us-east-1", gateways=Decimal(2), hours=Decimal(730), gigabytes=Decimal(100)
    )
    assert [item.monthly_usd for item in items] == [Decimal("65.7"), Decimal("4.5")]


def test_public_addresses_by_hour() -> None:
    # 2 x 730 h x 0.005 = 7.30.
    (item,) = public_ipv4(BOOK, "us-east-1", address_hours=Decimal(1460), of="tasks")
    assert item.monthly_usd == Decimal("7.3")
    assert item.item == "Public IPv4 addresses of tasks"


def test_data_out_in_all_its_tiers() -> None:
    # 200,000 GB: 10,240 x 0.09 = 921.60; 40,960 x 0.085 = 3,481.60; 102,400 x 0.07 = 7,168;
    # 46,400 x 0.05 = 2,320.
    items = internet_out(
        BOOK,
        "us-east-1",
        requests=Decimal(200_000 * KB_PER_GB),
        kb_per_request=Decimal(1),
        free_tier=False,
    )
    assert [item.monthly_usd for item in items] == [
        Decimal("921.6"),
        Decimal("3481.6"),
        7168,
        2320,
    ]


def test_one_hundred_gb_out_are_free() -> None:
    def amount(gigabytes: int) -> Decimal:
        usd: Decimal = total(
            internet_out(
                BOOK,
                "us-east-1",
                requests=Decimal(gigabytes * KB_PER_GB),
                kb_per_request=Decimal(1),
                free_tier=True,
            )
        )
        return usd

    assert amount(50) == 0
    assert amount(100) == 0
    assert amount(101) == Decimal("0.09")


def test_logs_of_functions_are_graduated() -> None:
    # 60,000 GB: 10,240 x 0.50 = 5,120; 20,480 x 0.25 = 5,120; 20,480 x 0.10 = 2,048;
    # 8,800 x 0.05 = 440.
    items = logs(
        BOOK,
        "us-east-1",
        requests=Decimal(60_000 * KB_PER_GB),
        kb_per_request=Decimal(1),
        from_lambda=True,
    )
    assert [item.monthly_usd for item in items] == [5120, 5120, 2048, 440]


def test_logs_of_containers_have_one_price() -> None:
    # 60,000 GB x 0.50.
    (item,) = logs(
        BOOK,
        "us-east-1",
        requests=Decimal(60_000 * KB_PER_GB),
        kb_per_request=Decimal(1),
        from_lambda=False,
    )
    assert item.monthly_usd == 30_000
