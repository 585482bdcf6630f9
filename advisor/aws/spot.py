"""Fargate Spot prices, which AWS publishes in a feed of their own."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import TYPE_CHECKING

from advisor.aws.documents import SpotFeed, decode
from advisor.aws.download import download
from advisor.aws.failures import AwsFailed, shown
from advisor.aws.tiers import ZERO, price
from advisor.tariff.offered import Offered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.aws.selection import Selection

_WHAT = "the Fargate Spot price feed"
_OVERRIDE = "ADVISOR_FARGATE_SPOT_URL"


def spot(
    chosen: Selection, regions: Sequence[str], progress: Callable[[str, int], None]
) -> list[Offered]:
    """Return the Spot prices of the feed; a Region that it does not have has none."""
    with download(os.environ.get(_OVERRIDE) or chosen.spot_url) as content:
        feed = decode(content, SpotFeed, _WHAT)
    progress("Fargate Spot prices", 1)
    published = _day(feed.metadata.version)
    found = []
    for region in regions:
        for component, unit in chosen.spot.items():
            what = f"{_WHAT} ({component} in {region})"
            amounts = {
                price(row.price, what)
                for row in feed.prices
                if row.attributes.get("aws:region") == region and row.unit == unit
            }
            if len(amounts) > 1:
                raise AwsFailed(f"{what} has several prices.")
            if amounts == {ZERO}:
                raise AwsFailed(f"{what} has a price of 0.")
            found += [
                Offered(
                    service=chosen.service,
                    component=component,
                    region=region,
                    tiers=((ZERO, None, amount),),
                    allowance=None,
                    valid_from=published,
                    checked=published,
                    evidence=f"Fargate Spot price feed {shown(feed.metadata.version)}",
                )
                for amount in amounts
            ]
    return found


def _day(version: str) -> date:
    """Return the day of a version such as 20260928000000."""
    try:
        return datetime.strptime(version, "%Y%m%d%H%M%S").date()  # noqa: DTZ007 - only its day
    except ValueError as wrong:
        raise AwsFailed(f"{_WHAT} has a version that is no moment.") from wrong
