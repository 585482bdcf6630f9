"""Amazon CloudFront, paid as you go. https://aws.amazon.com/cloudfront/pricing/ (2026-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words, is_zero
from advisor.cost.bill import allowance, charge_stated

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def distribution(
    book: PriceBook,
    region: str,
    *,
    requests: Number,
    internet_gb: Number,
    origin_gb: Number,
    free_tier: bool,
    internet_formula: str | None = None,
    origin_formula: str | None = None,
) -> list[LineItem]:
    """Charge a distribution's HTTPS requests, and the data that leaves its edge locations.

    The prices are those of the edge locations near ``region``. ``internet_gb`` goes to callers,
    ``origin_gb`` is what they send with DELETE, OPTIONS, PATCH, POST and PUT and CloudFront passes
    on to the origin. What an origin in AWS sends to CloudFront is free. The free tier is the
    account's and has no end; it covers requests and data to callers, not data to the origin.
    The formulas say where the gigabytes come from; by default they are as given. Origin Shield,
    functions at the edge, logs, more than the free invalidations and the flat-rate plans are not
    in it.
    """
    items = charge_stated(
        book,
        "cloudfront",
        region,
        ("https-requests", requests, "HTTPS requests", f"{in_words(requests)} requests"),
        (
            "data-out",
            internet_gb,
            "Data transfer out to the internet",
            internet_formula or f"{in_words(internet_gb)} GB",
        ),
        (
            "data-out-origin",
            origin_gb,
            "Data transfer out to the origin",
            origin_formula or f"{in_words(origin_gb)} GB",
        ),
    )
    if not free_tier:
        return items
    for component, free, quantity, what in (
        ("https-requests", "free-requests", requests, "requests"),
        ("data-out", "free-data-out", internet_gb, "GB"),
    ):
        if not is_zero(quantity):
            price = book.price("cloudfront", component, region)
            items += allowance(book, price, free, quantity, what)
    return items
