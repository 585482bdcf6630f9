"""Lambda@Edge. https://aws.amazon.com/lambda/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.aws_lambda import billed_ms
from advisor.cost.bill import charge_stated
from advisor.units import MB_PER_GB, MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def edge_functions(
    book: PriceBook, region: str, *, requests: Number, duration_ms: Number, memory_mb: Number
) -> list[LineItem]:
    """Charge the requests and the duration of Lambda@Edge, each duration rounded up to 1 ms.

    Lambda's free tier does not cover them.
    """
    each_ms = billed_ms(duration_ms)
    return charge_stated(
        book,
        "lambda",
        region,
        ("edge-requests", requests, "Lambda@Edge requests", f"{in_words(requests)} requests"),
        (
            "edge-duration",
            requests * each_ms * memory_mb / MB_PER_GB / MS_PER_SECOND,
            "Lambda@Edge duration",
            f"{in_words(requests)} requests × {in_words(each_ms)} ms billed ×"
            f" {in_words(memory_mb)} MB ÷ {MB_PER_GB} MB per GB",
        ),
    )
