"""Data transfer by the GB, and what passes gateways and endpoints, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import total
from advisor.cost.network import (
    between_zones,
    interface_endpoints,
    internet_out,
    internet_out_gigabytes,
    nat_gateways,
    public_ipv4,
)
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def test_gigabytes_out_in_all_tiers_of_sao_paulo() -> None:
    # 200,000 GB: 10,240 x 0.15 = 1,536; 40,960 x 0.138 = 5,652.48; 102,400 x 0.126 = 12,902.40;
    # 46,400 x 0.114 = 5,289.60.
    items = internet_out_gigabytes(BOOK, "sa-east-1", gigabytes=Decimal(200_000), free_tier=False)
    assert [item.monthly_usd for item in items] == [
        1536,
        Decimal("5652.48"),
        Decimal("12902.4"),
        Decimal("5289.6"),
    ]


def test_the_free_gigabytes_are_a_line_of_their_own() -> None:
    # 150 x 0.09 = 13.50, less 100 x 0.09.
    items = internet_out_gigabytes(BOOK, "us-east-1", gigabytes=Decimal(150), free_tier=True)
    assert [item.monthly_usd for item in items] == [Decimal("13.5"), -9]


def test_responses_and_gigabytes_are_the_same_data() -> None:
    # 5 million answers of 3 KB: 15e6 / 1,024^2 GB.
    by_size = internet_out(
        BOOK,
        "us-east-1",
        requests=Decimal(5_000_000),
        kb_per_request=Decimal(3),
        free_tier=False,
    )
    gigabytes = Decimal(15_000_000) / (1024 * 1024)
    by_gigabyte = internet_out_gigabytes(BOOK, "us-east-1", gigabytes=gigabytes, free_tier=False)
    assert total(by_size) == total(by_gigabyte)
    assert by_size[0].formula == "5,000,000 responses × 3 KB"


def test_what_crosses_zones_is_charged_out_and_in() -> None:
    # 1,000 GB x 0.01 for the sender and as much for the receiver.
    (item,) = between_zones(BOOK, "us-east-1", gigabytes=Decimal(1000))
    assert (item.quantity, item.monthly_usd) == (2000, 20)


def test_hours_are_of_all_places_together_where_no_number_is_given() -> None:
    # 1,460 h x 0.045 and x 0.01; data 10 GB x 0.045 and x 0.01.
    nat = nat_gateways(BOOK, "us-east-1", hours=Decimal(1460), gigabytes=Decimal(10))
    assert [item.monthly_usd for item in nat] == [Decimal("65.7"), Decimal("0.45")]
    endpoints = interface_endpoints(BOOK, "us-east-1", hours=Decimal(1460), gigabytes=Decimal(10))
    assert [item.monthly_usd for item in endpoints] == [Decimal("14.6"), Decimal("0.1")]
    assert nat[0].formula == "1,460 hours in all"


def test_data_without_hours_needs_no_price_of_an_hour() -> None:
    # Ireland has a price for the hours of an endpoint and none for its data.
    (item,) = interface_endpoints(
        BOOK, "eu-west-1", hours=Decimal(100), zones=Decimal(2), gigabytes=Decimal(0)
    )
    assert item.quantity == 200
    with pytest.raises(PriceMissing, match="vpc/interface-endpoint-data in eu-west-1"):
        interface_endpoints(
            BOOK, "eu-west-1", hours=Decimal(100), zones=Decimal(2), gigabytes=Decimal(1)
        )


def test_addresses_of_nothing_in_particular() -> None:
    # 100 h x 0.005.
    (item,) = public_ipv4(BOOK, "us-east-1", address_hours=Decimal(100))
    assert (item.item, item.monthly_usd) == ("Public IPv4 addresses", Decimal("0.5"))
