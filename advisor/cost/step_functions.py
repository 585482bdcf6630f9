"""AWS Step Functions. https://aws.amazon.com/step-functions/pricing/ (2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words
from advisor.cost.bill import LineItem, allowance, charge, charge_stated
from advisor.limits import limits
from advisor.units import KB_PER_MB, MB_PER_GB, MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def standard(
    book: PriceBook, region: str, *, transitions: Number, free_tier: bool = False
) -> list[LineItem]:
    """Charge Standard workflows by the state transition; a retry of a step is one more.

    4,000 transitions a month are free for an account, without an end (pricing page).
    """
    price = book.price("step-functions", "standard-transition", region)
    items = charge(
        price,
        transitions,
        "State transitions",
        f"{in_words(transitions)} transitions, retries among them",
    )
    if free_tier:
        items += allowance(book, price, "free-standard-transition", transitions, "transitions")
    return items


def billed_ms(duration_ms: Number) -> Number:
    """Return the duration that an Express run is charged for: rounded up to 100 ms."""
    return ceil_to(duration_ms, limits().number("stepfunctions.express_duration_step_ms"))


def express(
    book: PriceBook, region: str, *, requests: Number, billed_ms: Number, memory_mb: Number
) -> list[LineItem]:
    """Charge Express workflows: a request for each run, and its duration by its memory.

    ``billed_ms`` is the mean billed duration of a run, that is after each one was rounded up to
    100 ms. Memory is rounded up to the next 64 MB here (pricing page), so ``memory_mb`` is that of
    one run, not a mean over runs that differ. There is no free tier.
    """
    memory_step = limits().number("stepfunctions.express_memory_step_mb")
    billed_mb = highest(ceil_to(memory_mb, memory_step), memory_step)
    return charge_stated(
        book,
        "step-functions",
        region,
        ("express-requests", requests, "Express requests", f"{in_words(requests)} runs"),
        (
            "express-duration",
            requests * billed_ms * billed_mb / MS_PER_SECOND / MB_PER_GB,
            "Express duration",
            f"{in_words(requests)} runs × {in_words(billed_ms)} ms billed ×"
            f" {in_words(billed_mb)} MB billed ÷ {MB_PER_GB} MB per GB",
        ),
    )


def express_memory(*, definition_kb: Number, payload_kb: Number, branches: Number) -> Number:
    """Return the memory in MB that an Express run is billed for, a multiple of 64.

    A run takes 50 MB, its definition, and its payload once for each parallel or map branch, all
    rounded up together (pricing page, "Workflow memory utilized"). ``branches`` is 1 for a workflow
    without any.
    """
    quota = limits()
    used = (
        quota.number("stepfunctions.express_memory_base_mb")
        + (definition_kb + payload_kb * branches) / KB_PER_MB
    )
    return ceil_to(used, quota.number("stepfunctions.express_memory_step_mb"))
