"""AWS Lambda on demand. https://aws.amazon.com/lambda/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import highest, in_words, is_zero
from advisor.cost.bill import LineItem, allowance, charge
from advisor.cost.units import MB_PER_GB, MS_PER_SECOND
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook

ARCHITECTURE_SUFFIX = {"x86_64": "x86", "arm64": "arm64"}


def on_demand(
    book: PriceBook,
    region: str,
    *,
    architecture: str,
    memory_mb: Number,
    requests: Number,
    billed_ms: Number,
    init_ms: Number = 0,
    cold_starts: Number = 0,
    ephemeral_storage_mb: Number = 0,
    free_tier: bool = False,
) -> list[LineItem]:
    """Charge a function's requests, duration, INIT and ephemeral storage for a month.

    ``billed_ms`` is the mean billed duration of an invocation, that is after each one was rounded
    up to 1 ms. ``init_ms`` is the mean INIT of a cold start: since 2025-08-01 it is billed as
    duration for every runtime and package type, on top of the invocation that waited for it.
    Duration is graduated by GB-second over both. The free tier (requests and GB-seconds) belongs
    to the account, is shared by x86 and arm64, and never covers ephemeral storage.
    """
    suffix = ARCHITECTURE_SUFFIX[architecture]
    memory_gb = memory_mb / MB_PER_GB
    all_billed_ms = requests * billed_ms
    all_init_ms = cold_starts * init_ms
    # Multiplied before it is divided: an integer zero divided is a float, which no Decimal meets.
    duration = all_billed_ms * memory_gb / MS_PER_SECOND
    init = all_init_ms * memory_gb / MS_PER_SECOND

    request_price, duration_price = book.prices(
        "lambda", (f"requests-{suffix}", f"duration-{suffix}"), region
    )
    items = charge(
        request_price, requests, "Requests", f"{in_words(requests)} requests, each charged once"
    )
    items += charge(
        duration_price,
        duration,
        "Duration",
        f"{in_words(requests)} requests × {in_words(billed_ms)} ms billed ×"
        f" {in_words(memory_mb)} MB ÷ {MB_PER_GB} MB per GB",
    )
    items += charge(
        duration_price,
        init,
        "INIT of cold starts",
        f"{in_words(cold_starts)} cold starts × {in_words(init_ms)} ms INIT ×"
        f" {in_words(memory_mb)} MB ÷ {MB_PER_GB} MB per GB",
        after=duration,
    )
    items += _ephemeral_storage(
        book, region, suffix, ephemeral_storage_mb, (all_billed_ms + all_init_ms) / MS_PER_SECOND
    )
    if free_tier:
        items += allowance(book, request_price, "free-requests", requests, "requests")
        items += allowance(book, duration_price, "free-duration", duration + init, "GB-seconds")
    return items


def _ephemeral_storage(
    book: PriceBook, region: str, suffix: str, storage_mb: Number, seconds: Number
) -> list[LineItem]:
    included = limits().number("lambda.ephemeral_storage_included_mb")
    above_mb = highest(storage_mb - included, 0)
    if is_zero(above_mb):
        return []
    return charge(
        book.price("lambda", f"ephemeral-storage-{suffix}", region),
        seconds * above_mb / MB_PER_GB,
        "Ephemeral storage",
        f"{in_words(seconds)} s × {in_words(above_mb)} MB above the {included} MB included",
    )
