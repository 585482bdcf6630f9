"""Quotes for what stands at the edge, before a Region: CloudFront."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from advisor.cost import cloudfront
from advisor.quote.meter import ZERO, Meter, key

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class CloudFront(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "cloudfront"
    about: ClassVar[str] = "CloudFront near the Region: HTTPS requests, data out"

    requests: Annotated[Decimal, key("HTTPS requests in the month", "requests")] = ZERO
    internet_gb: Annotated[Decimal, key("Data sent to callers", "GB")] = ZERO
    origin_gb: Annotated[
        Decimal, key("Data that callers send and CloudFront passes on to the origin", "GB")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        return cloudfront.distribution(
            book,
            region,
            requests=self.requests,
            internet_gb=self.internet_gb,
            origin_gb=self.origin_gb,
            free_tier=free_tier,
        )
