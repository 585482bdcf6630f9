"""What HTTP, REST and WebSocket APIs and web ACLs are quoted at, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from advisor.errors import PriceMissing
from advisor.quote.api import HttpApi, RestApi, Waf, WebSocketApi
from advisor.quote.meter import Meter, Refused
from advisor.tariff import PriceBook

if TYPE_CHECKING:
    from collections.abc import Sequence

BOOK = PriceBook()


def quote(meter: Meter, region: str = "us-east-1") -> list[tuple[str, Decimal]]:
    items = meter.line_items(BOOK, region, free_tier=True)
    return [(item.item, item.monthly_usd) for item in items]


def refusal(meter: Meter) -> Refused:
    with pytest.raises(Refused) as refused:
        meter.line_items(BOOK, "us-east-1", free_tier=False)
    return refused.value


def test_an_http_api_without_a_payload_counts_each_request_once() -> None:
    # 1,000,000 x 0.000001.
    assert quote(HttpApi(requests=Decimal(1_000_000))) == [("HTTP API requests", Decimal(1))]


def test_an_http_api_of_large_payloads() -> None:
    # 1,080,000 x 9 increments of 512 KB x 0.000001, the example of the pricing page.
    meter = HttpApi(requests=Decimal(1_080_000), payload_kb=Decimal(4608))
    assert quote(meter) == [("HTTP API requests", Decimal("9.72"))]


def test_an_http_api_carries_ten_megabytes() -> None:
    # 10 MB are 20 increments: 1,000 x 20 x 0.000001.
    meter = HttpApi(requests=Decimal(1000), payload_kb=Decimal(10_240))
    assert quote(meter) == [("HTTP API requests", Decimal("0.02"))]
    refused = refusal(HttpApi(requests=Decimal(1000), payload_kb=Decimal("10240.5")))
    assert refused.key == "payload_kb"
    assert refused.help == "a payload has at most 10 MB, that is 10,240 KB"


def test_a_rest_api_with_a_cache() -> None:
    # 1,000,000 x 0.0000035, and 730 h x 0.02.
    meter = RestApi(requests=Decimal(1_000_000), cache_gb=Decimal("0.5"), cache_hours=Decimal(730))
    assert quote(meter) == [
        ("REST API requests", Decimal("3.5")),
        ("REST API cache of 0.5 GB", Decimal("14.6")),
    ]


def test_a_rest_api_that_streams() -> None:
    # 1,000,000 x 3 increments of 10 MB x 0.0000035.
    meter = RestApi(requests=Decimal(1_000_000), streamed_mb_per_response=Decimal(25))
    assert quote(meter) == [("REST API requests", Decimal("10.5"))]


def test_a_cache_needs_a_size_that_there_is_and_its_hours() -> None:
    sizes = "the sizes are 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237 GB"
    refused = refusal(RestApi(cache_gb=Decimal(2), cache_hours=Decimal(1)))
    assert (refused.key, refused.help) == ("cache_gb", sizes)
    assert str(refused) == "a REST API's cache of 2 GB is not offered"
    refused = refusal(RestApi(cache_hours=Decimal(1)))
    assert (refused.key, refused.help) == ("cache_gb", sizes)
    assert refusal(RestApi(cache_gb=Decimal("1.6"))).key == "cache_hours"
    assert refusal(RestApi(cache_gb=Decimal(0), cache_hours=Decimal(1))).key == "cache_gb"


def test_a_cache_of_no_hours_costs_nothing() -> None:
    assert quote(RestApi(cache_gb=Decimal(118), cache_hours=Decimal(0))) == []


def test_a_websocket_api() -> None:
    # 1,000,000 messages of two 32 KB x 0.000001, and 4,000,000 minutes x 0.00000025.
    meter = WebSocketApi(
        messages=Decimal(1_000_000),
        message_kb=Decimal(40),
        connection_minutes=Decimal(4_000_000),
    )
    assert quote(meter) == [
        ("WebSocket messages", Decimal(2)),
        ("WebSocket connection minutes", Decimal(1)),
    ]


def test_a_websocket_message_has_128_kb_at_most() -> None:
    # 1,000 x 4 x 0.000001.
    meter = WebSocketApi(messages=Decimal(1000), message_kb=Decimal(128))
    assert quote(meter) == [("WebSocket messages", Decimal("0.004"))]
    refused = refusal(WebSocketApi(messages=Decimal(1000), message_kb=Decimal(129)))
    assert refused.key == "message_kb"
    assert "128 KB" in str(refused.help)


def test_a_web_acl_with_rules_and_requests() -> None:
    # 2 x 5, 3 x 1 and 1,000,000 x 0.0000006.
    meter = Waf(web_acls=Decimal(2), rules=Decimal(3), requests=Decimal(1_000_000))
    assert quote(meter) == [
        ("Web ACLs", Decimal(10)),
        ("Rules", Decimal(3)),
        ("Requests inspected", Decimal("0.6")),
    ]


@pytest.mark.parametrize("meter", [HttpApi(), RestApi(), WebSocketApi(), Waf()])
def test_nothing_asked_is_nothing_charged_and_needs_no_price(meter: Meter) -> None:
    assert quote(meter, "xx-nowhere-1") == []


@pytest.mark.parametrize(
    ("meter", "component"),
    [
        (HttpApi(requests=Decimal(1)), "http-requests"),
        (RestApi(requests=Decimal(1)), "rest-requests"),
        (RestApi(cache_gb=Decimal("0.5"), cache_hours=Decimal(1)), "rest-cache-hour-0.5gb"),
        (WebSocketApi(messages=Decimal(1)), "websocket-messages"),
        (Waf(rules=Decimal(1)), "rule-month"),
    ],
)
def test_a_price_that_is_not_known_stops_the_quote(meter: Meter, component: str) -> None:
    with pytest.raises(PriceMissing) as missing:
        quote(meter, "xx-nowhere-1")
    assert missing.value.component == component


METERS: Sequence[Meter] = (
    HttpApi(requests=Decimal(400_000_000), payload_kb=Decimal(600)),
    RestApi(requests=Decimal(400_000_000), cache_gb=Decimal(118), cache_hours=Decimal(7)),
    WebSocketApi(messages=Decimal(2_000_000_000), connection_minutes=Decimal(3)),
    Waf(web_acls=Decimal(1), rules=Decimal(2), requests=Decimal(3)),
)


@pytest.mark.parametrize("meter", METERS)
def test_every_line_is_quantity_times_unit_price(meter: Meter) -> None:
    for item in meter.line_items(BOOK, "us-east-1", free_tier=True):
        assert item.monthly_usd == item.quantity * item.unit_price_usd
        assert item.formula
