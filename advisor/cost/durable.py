"""Lambda durable functions. https://aws.amazon.com/lambda/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import charge_stated

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def durable_executions(
    book: PriceBook,
    region: str,
    *,
    operations: Number,
    written_gb: Number,
    retained_gb_months: Number,
    resumptions: Number = 0,
) -> list[LineItem]:
    """Charge durable operations and their data, on top of the invocations, which are Lambda's.

    Starting an execution, a step and a wait are an operation each. Data is retained while an
    execution runs and for its retention period afterwards. ``resumptions`` are the invocations
    besides the first: after a retry and a wait Lambda invokes the function again. A request has
    the same price on either architecture.
    """
    return charge_stated(
        book,
        "lambda",
        region,
        (
            "durable-operation",
            operations,
            "Durable operations",
            f"{in_words(operations)} operations",
        ),
        (
            "durable-data-written",
            written_gb,
            "Durable data written",
            f"{in_words(written_gb)} GB written",
        ),
        (
            "durable-data-retained",
            retained_gb_months,
            "Durable data retained",
            f"{in_words(retained_gb_months)} GB-months retained",
        ),
        (
            "requests-x86",
            resumptions,
            "Requests that resume durable executions",
            f"{in_words(resumptions)} invocations after a retry or a callback",
        ),
    )
