"""Amazon CloudWatch Logs. https://aws.amazon.com/cloudwatch/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import LineItem, allowance, charge
from advisor.cost.units import KB_PER_GB

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def logs(
    book: PriceBook,
    region: str,
    *,
    requests: Number,
    kb_per_request: Number,
    from_lambda: bool,
    free_tier: bool = False,
) -> list[LineItem]:
    """Charge the ingestion of log text.

    Logs that Lambda writes are graduated by volume since May 2025; what a container writes is
    ingested at the standard price whatever its volume. 5 GB a month are free for an account.
    """
    component = "lambda-logs" if from_lambda else "logs-ingest"
    price = book.price("cloudwatch", component, region)
    gigabytes = requests * kb_per_request / KB_PER_GB
    items = charge(
        price,
        gigabytes,
        "Log ingestion",
        f"{in_words(requests)} requests × {in_words(kb_per_request)} KB",
    )
    if free_tier:
        items += allowance(book, price, "free-logs-ingest", gigabytes, "GB")
    return items
