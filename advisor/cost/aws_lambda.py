"""AWS Lambda's requests and duration. https://aws.amazon.com/lambda/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words, is_zero
from advisor.cost.bill import LineItem, allowance, charge
from advisor.limits import limits
from advisor.units import MB_PER_GB, MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import Price, PriceBook

ARCHITECTURE_SUFFIX = {"x86_64": "x86", "arm64": "arm64"}


def billed_ms(duration_ms: Number) -> Number:
    """Return the duration that an invocation is charged for: rounded up to 1 ms."""
    return ceil_to(duration_ms, 1)


def billed_init_ms(*, duration_ms: Number, init_ms: Number) -> Number:
    """Return what INIT adds to the charged duration of the invocation that waited for it.

    The two are rounded up together: 2.30 ms after an INIT of 112.07 ms are billed as 115 ms.
    """
    return billed_ms(duration_ms + init_ms) - billed_ms(duration_ms)


def async_requests(*, events: Number, payload_kb: Number) -> Number:
    """Return the requests that asynchronous events are charged as.

    An event is one request up to 256 KB and one more for every 64 KB begun beyond that.
    """
    first = limits().number("lambda.async_first_request_kb")
    increment = limits().number("lambda.async_increment_kb")
    return events * (1 + highest(ceil_to(payload_kb - first, increment) / increment, 0))


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
    provisioned_requests: Number = 0,
    cold_item: str = "INIT of cold starts",
    free_tier: bool = False,
) -> list[LineItem]:
    """Charge a function's requests, duration, INIT and ephemeral storage for a month.

    ``billed_ms`` is the mean billed duration of an invocation, that is after each one was rounded
    up to 1 ms. ``init_ms`` is the mean INIT of a cold start: since 2025-08-01 it is billed as
    duration for every runtime and package type, on top of the invocation that waited for it.
    Duration is graduated by GB-second over both. The free tier (requests and GB-seconds) belongs
    to the account, is shared by x86 and arm64, and never covers ephemeral storage.
    ``provisioned_requests`` come besides ``requests``: they are charged as requests and use
    ephemeral storage, and their duration is charged elsewhere.
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
    all_requests = requests + provisioned_requests
    items = charge(
        request_price,
        all_requests,
        "Requests",
        f"{in_words(all_requests)} requests, each charged once",
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
        cold_item,
        f"{in_words(cold_starts)} cold starts × {in_words(init_ms)} ms ×"
        f" {in_words(memory_mb)} MB ÷ {MB_PER_GB} MB per GB",
        after=duration,
    )
    run_ms = all_billed_ms + all_init_ms + provisioned_requests * billed_ms
    items += _ephemeral_storage(book, region, suffix, ephemeral_storage_mb, run_ms / MS_PER_SECOND)
    if free_tier:
        items += allowance(book, request_price, "free-requests", all_requests, "requests")
        items += allowance(book, duration_price, "free-duration", duration + init, "GB-seconds")
    return items


def used(
    book: PriceBook,
    region: str,
    *,
    architecture: str,
    memory_mb: Number,
    requests: Number,
    duration_ms: Number,
    gb_seconds: Number,
    cold_starts: Number,
    init_ms: Number,
    ephemeral_storage_mb: Number,
    provisioned_requests: Number,
    provisioned_duration_ms: Number = 0,
    provisioned_gb_seconds: Number = 0,
    free_tier: bool,
) -> list[LineItem]:
    """Charge only what a month used: no price is needed for a quantity that is zero.

    ``duration_ms`` and ``init_ms`` are as measured, before rounding. ``gb_seconds`` are of requests
    whose duration is known only so; they are added to requests × duration. ``provisioned_requests``
    were served by provisioned concurrency: they are charged as requests and share the free tier of
    the requests, while their duration is charged elsewhere and has none. ``/tmp`` is charged for
    as long as a function runs, wherever it was served.
    """
    suffix = ARCHITECTURE_SUFFIX[architecture]
    each_ms = billed_ms(duration_ms)
    each_init_ms = billed_init_ms(duration_ms=duration_ms, init_ms=init_ms)
    all_ms = requests * each_ms
    all_init_ms = cold_starts * each_init_ms
    duration = all_ms * memory_mb / MB_PER_GB / MS_PER_SECOND + gb_seconds
    init = all_init_ms * memory_mb / MB_PER_GB / MS_PER_SECOND
    all_requests = requests + provisioned_requests
    per_gb = f"{in_words(memory_mb)} MB ÷ {MB_PER_GB} MB per GB"

    asked = {f"requests-{suffix}": all_requests, f"duration-{suffix}": duration + init}
    named = [component for component, quantity in asked.items() if not is_zero(quantity)]
    prices = dict(zip(named, book.prices("lambda", named, region), strict=True))
    request_price = prices.get(f"requests-{suffix}")
    duration_price = prices.get(f"duration-{suffix}")

    items: list[LineItem] = []
    if request_price is not None:
        items += _calls(request_price, "Requests", requests)
        items += _calls(
            request_price,
            "Requests inside provisioned concurrency",
            provisioned_requests,
            after=requests,
        )
    if duration_price is not None:
        formula = (
            f"{in_words(requests)} requests × {in_words(each_ms)} ms billed × {per_gb}"
            if is_zero(gb_seconds)
            else f"{in_words(duration)} GB-seconds as stated"
        )
        if not is_zero(duration):
            items += charge(duration_price, duration, "Duration", formula)
        formula = f"{in_words(cold_starts)} cold starts × {in_words(each_init_ms)} ms × {per_gb}"
        if not is_zero(init):
            items += charge(duration_price, init, "INIT of cold starts", formula, after=duration)
    run_ms = all_ms + all_init_ms + provisioned_requests * billed_ms(provisioned_duration_ms)
    seconds = run_ms / MS_PER_SECOND + (
        (gb_seconds + provisioned_gb_seconds) * MB_PER_GB / memory_mb
    )
    if not is_zero(seconds):
        items += _ephemeral_storage(book, region, suffix, ephemeral_storage_mb, seconds)
    if free_tier and request_price is not None:
        items += allowance(book, request_price, "free-requests", all_requests, "requests")
    if free_tier and duration_price is not None:
        items += allowance(book, duration_price, "free-duration", duration + init, "GB-seconds")
    return items


def _calls(price: Price, item: str, requests: Number, *, after: Number = 0) -> list[LineItem]:
    if is_zero(requests):
        return []
    formula = f"{in_words(requests)} requests, each charged once"
    return charge(price, requests, item, formula, after=after)


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
