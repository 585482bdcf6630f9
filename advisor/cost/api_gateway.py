"""Amazon API Gateway. https://aws.amazon.com/api-gateway/pricing/ (2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words
from advisor.cost.bill import LineItem, charge
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def http_api(
    book: PriceBook, region: str, *, requests: Number, payload_kb: Number
) -> list[LineItem]:
    """Charge an HTTP API's requests, metered in increments of 512 KB of payload.

    A request of 4.5 MB counts as nine (AWS's own example on the pricing page).
    """
    increment = limits().number("apigateway.http_metering_increment_kb")
    metered = highest(ceil_to(payload_kb, increment) / increment, 1)
    return charge(
        book.price("api-gateway", "http-requests", region),
        requests * metered,
        "HTTP API requests",
        f"{in_words(requests)} requests × {in_words(metered)} increment(s) of {increment} KB",
    )


def rest_api(book: PriceBook, region: str, *, requests: Number) -> list[LineItem]:
    """Charge a REST API's requests; their size does not count unless responses are streamed."""
    return charge(
        book.price("api-gateway", "rest-requests", region),
        requests,
        "REST API requests",
        f"{in_words(requests)} requests",
    )
