"""REST API streams and caches, WebSocket messages and minutes, the page's HTTP API."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from advisor.cost.api_gateway import http_api, rest_api, rest_cache, rest_cache_sizes, websocket_api
from advisor.cost.bill import LineItem, total
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def websocket(messages: int, message_kb: str = "1", minutes: int = 0) -> list[LineItem]:
    return websocket_api(
        BOOK,
        "us-east-1",
        messages=Decimal(messages),
        message_kb=Decimal(message_kb),
        connection_minutes=Decimal(minutes),
    )


def test_http_api_of_the_pricing_page() -> None:
    # https://aws.amazon.com/api-gateway/pricing/: 10,000 requests a minute x 60 x 24 x 30 =
    # 432,000,000; 300 million x 0.000001 = 300 and 132 million x 0.0000009 = 118.80.
    items = http_api(BOOK, "us-east-1", requests=Decimal(432_000_000), payload_kb=Decimal(3))
    assert [item.monthly_usd for item in items] == [300, Decimal("118.8")]
    assert total(items) == Decimal("418.8")


@pytest.mark.parametrize(
    ("megabytes", "requests"),
    [("0", 1000), ("0.001", 1000), ("10", 1000), ("10.001", 2000), ("25", 3000), ("200", 20_000)],
)
def test_a_streamed_response_counts_for_each_started_10_mb(megabytes: str, requests: int) -> None:
    (item,) = rest_api(
        BOOK,
        "us-east-1",
        requests=Decimal(1000),
        streamed_mb_per_response=Decimal(megabytes),
    )
    assert item.quantity == requests


def test_streamed_responses_climb_the_tiers_of_requests() -> None:
    # 200 million responses of 15 MB are 400 million: 333e6 x 0.0000035 = 1,165.50 and
    # 67e6 x 0.0000028 = 187.60.
    items = rest_api(
        BOOK,
        "us-east-1",
        requests=Decimal(200_000_000),
        streamed_mb_per_response=Decimal(15),
    )
    assert [item.monthly_usd for item in items] == [Decimal("1165.5"), Decimal("187.6")]


def test_arrays_of_streams_count_their_increments() -> None:
    (item,) = rest_api(
        BOOK.in_floats(),
        "us-east-1",
        requests=1000.0,
        streamed_mb_per_response=np.array([0.0, 25.0]),
    )
    np.testing.assert_array_equal(item.quantity, [1000.0, 3000.0])


@pytest.mark.parametrize(
    ("size", "usd"),
    # 730 h x 0.02, 0.038, 0.20, 0.25, 0.50, 1.00, 1.90 and 3.80.
    [
        ("0.5", "14.6"),
        ("1.6", "27.74"),
        ("6.1", "146"),
        ("13.5", "182.5"),
        ("28.4", "365"),
        ("58.2", "730"),
        ("118", "1387"),
        ("237", "2774"),
    ],
)
def test_a_cache_is_charged_by_its_size(size: str, usd: str) -> None:
    (item,) = rest_cache(BOOK, "us-east-1", size_gb=Decimal(size), hours=Decimal(730))
    assert item.monthly_usd == Decimal(usd)
    assert item.item == f"REST API cache of {size} GB"


def test_a_size_is_found_however_it_is_written() -> None:
    # 100 h x 0.02.
    (item,) = rest_cache(BOOK, "us-east-1", size_gb=Decimal("0.50"), hours=Decimal(100))
    assert item.monthly_usd == 2
    (item,) = rest_cache(BOOK.in_floats(), "us-east-1", size_gb=0.5, hours=100.0)
    assert item.monthly_usd == 2


def test_the_sizes_of_a_cache_are_those_that_have_a_price() -> None:
    assert rest_cache_sizes(BOOK) == [
        Decimal(size) for size in ("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237")
    ]
    with pytest.raises(PriceMissing, match="rest-cache-hour-2gb"):
        rest_cache(BOOK, "us-east-1", size_gb=Decimal(2), hours=Decimal(1))


@pytest.mark.parametrize(
    ("message_kb", "quantity"),
    [("0", 1000), ("32", 1000), ("32.01", 2000), ("64", 2000), ("128", 4000)],
)
def test_a_message_counts_for_each_started_32_kb(message_kb: str, quantity: int) -> None:
    (item,) = websocket(1000, message_kb)
    assert item.quantity == quantity


def test_messages_in_both_tiers_and_minutes() -> None:
    # 1.5e9 messages: 1e9 x 0.000001 = 1,000 and 5e8 x 0.0000008 = 400. 1,000 connections of 12 h
    # on 30 days: 1,000 x 12 x 60 x 30 = 21,600,000 minutes x 0.00000025 = 5.40.
    items = websocket(1_500_000_000, minutes=21_600_000)
    assert [item.monthly_usd for item in items] == [1000, 400, Decimal("5.4")]
    assert items[-1].item == "WebSocket connection minutes"


def test_what_is_not_used_needs_no_price_and_what_is_missing_is_named_together() -> None:
    # Ireland has no price for either part.
    def ireland(messages: int, minutes: int) -> list[LineItem]:
        return websocket_api(
            BOOK,
            "eu-west-1",
            messages=Decimal(messages),
            message_kb=Decimal(1),
            connection_minutes=Decimal(minutes),
        )

    assert ireland(0, 0) == []
    with pytest.raises(PriceMissing) as missing:
        ireland(1, 1)
    named = [missing.value.component, *(other.component for other in missing.value.others)]
    assert named == ["websocket-messages", "websocket-connection-minutes"]
    with pytest.raises(PriceMissing) as missing:
        ireland(0, 1)
    assert missing.value.component == "websocket-connection-minutes"
    assert missing.value.others == ()
