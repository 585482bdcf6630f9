"""Amazon API Gateway. https://aws.amazon.com/api-gateway/pricing/ (2026-08)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words, is_zero
from advisor.cost.bill import LineItem, charge, charge_stated
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook

_CACHE = ("rest-cache-hour-", "gb")


def http_api(
    book: PriceBook, region: str, *, requests: Number, payload_kb: Number
) -> list[LineItem]:
    """Charge an HTTP API's requests, metered in increments of 512 KB of payload.

    A request of 4.5 MB counts as nine (AWS's own example on the pricing page).
    """
    increment = limits().number("apigateway.http_metering_increment_kb")
    metered = _increments(payload_kb, increment)
    return charge(
        book.price("api-gateway", "http-requests", region),
        requests * metered,
        "HTTP API requests",
        f"{in_words(requests)} requests × {in_words(metered)} increment(s) of {increment} KB",
    )


def rest_api(
    book: PriceBook, region: str, *, requests: Number, streamed_mb_per_response: Number = 0
) -> list[LineItem]:
    """Charge a REST API's requests; their size does not count unless responses are streamed.

    A streamed response counts as a request for each started 10 MB (pricing page).
    """
    price = book.price("api-gateway", "rest-requests", region)
    if is_zero(streamed_mb_per_response):
        return charge(price, requests, "REST API requests", f"{in_words(requests)} requests")
    increment = limits().number("apigateway.rest_stream_increment_mb")
    metered = _increments(streamed_mb_per_response, increment)
    return charge(
        price,
        requests * metered,
        "REST API requests",
        f"{in_words(requests)} requests × {in_words(metered)} increment(s) of {increment} MB"
        " streamed",
    )


def rest_cache(book: PriceBook, region: str, *, size_gb: Number, hours: Number) -> list[LineItem]:
    """Charge the cache of a REST API's stage by the hour, whether it is hit or not.

    ``size_gb`` is one number, as each size has a price of its own; ``rest_cache_sizes`` has all.
    """
    size = in_words(size_gb)
    return charge(
        book.price("api-gateway", size.join(_CACHE), region),
        hours,
        f"REST API cache of {size} GB",
        f"{in_words(hours)} hours",
    )


def rest_cache_sizes(book: PriceBook) -> list[Decimal]:
    """Return the sizes of a REST API's cache that the book knows, in GB, ascending."""
    before, after = _CACHE
    return sorted(
        Decimal(component.removeprefix(before).removesuffix(after))
        for component in book.table.components("api-gateway")
        if component.startswith(before)
    )


def websocket_api(
    book: PriceBook,
    region: str,
    *,
    messages: Number,
    message_kb: Number,
    connection_minutes: Number,
) -> list[LineItem]:
    """Charge a WebSocket API's messages, sent or received, and the minutes of its connections.

    A message counts for each started 32 KB (pricing page).
    """
    increment = limits().number("apigateway.websocket_metering_increment_kb")
    metered = _increments(message_kb, increment)
    return charge_stated(
        book,
        "api-gateway",
        region,
        (
            "websocket-messages",
            messages * metered,
            "WebSocket messages",
            f"{in_words(messages)} messages × {in_words(metered)} increment(s) of {increment} KB",
        ),
        (
            "websocket-connection-minutes",
            connection_minutes,
            "WebSocket connection minutes",
            f"{in_words(connection_minutes)} minutes of all connections together",
        ),
    )


def _increments(size: Number, increment: Number) -> Number:
    """Return the started increments of a size; what is empty counts as one."""
    return highest(ceil_to(size, increment) / increment, 1)
