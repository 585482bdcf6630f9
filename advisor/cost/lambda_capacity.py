"""What AWS Lambda charges beside requests and duration on demand.

Provisioned concurrency, SnapStart, response streaming, event pollers and tenant isolation.
https://aws.amazon.com/lambda/pricing/ (2026-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words, is_zero, lowest
from advisor.cost.aws_lambda import ARCHITECTURE_SUFFIX, billed_ms
from advisor.cost.bill import charge_stated
from advisor.limits import limits
from advisor.units import MB_PER_GB, MS_PER_SECOND, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def provisioned_concurrency(
    book: PriceBook,
    region: str,
    *,
    architecture: str,
    memory_mb: Number,
    concurrency: Number = 0,
    enabled_hours: Number = 0,
    periods: Number = 1,
    requests: Number = 0,
    duration_ms: Number = 0,
    capacity_gb_seconds: Number = 0,
    duration_gb_seconds: Number = 0,
) -> list[LineItem]:
    """Charge environments kept ready, and the duration of the calls that they served.

    ``enabled_hours`` are those of one period from enabling to disabling, which AWS rounds up to
    5 minutes; ``periods`` says how many such periods the month has. ``capacity_gb_seconds`` and
    ``duration_gb_seconds`` are added as they stand, for a caller that knows no more. Neither
    charge has tiers or a free tier. The calls are charged as requests too, but not here (they
    share the free tier with all other requests), and what was served outside is on demand.
    """
    suffix = ARCHITECTURE_SUFFIX[architecture]
    step = limits().number("lambda.provisioned_concurrency_step_s")
    seconds = periods * ceil_to(enabled_hours * SECONDS_PER_HOUR, step)
    each_ms = billed_ms(duration_ms)
    per_gb = f"{in_words(memory_mb)} MB ÷ {MB_PER_GB} MB per GB"
    capacity = concurrency * seconds * memory_mb / MB_PER_GB
    duration = requests * each_ms * memory_mb / MB_PER_GB / MS_PER_SECOND
    return charge_stated(
        book,
        "lambda",
        region,
        (
            f"pc-capacity-{suffix}",
            capacity + capacity_gb_seconds,
            "Provisioned concurrency, capacity",
            f"{in_words(concurrency)} environments × {in_words(seconds)} s enabled (each period"
            f" rounded up to {step} s) × {per_gb}"
            if is_zero(capacity_gb_seconds)
            else f"{in_words(capacity + capacity_gb_seconds)} GB-seconds of capacity as stated",
        ),
        (
            f"pc-duration-{suffix}",
            duration + duration_gb_seconds,
            "Provisioned concurrency, duration",
            f"{in_words(requests)} requests × {in_words(each_ms)} ms billed × {per_gb}"
            if is_zero(duration_gb_seconds)
            else f"{in_words(duration + duration_gb_seconds)} GB-seconds of duration as stated",
        ),
    )


def snapstart(
    book: PriceBook,
    region: str,
    *,
    memory_mb: Number,
    cached_hours: Number,
    restores: Number,
    versions: Number = 1,
) -> list[LineItem]:
    """Charge the cache of snapshots and the restores from it, for Python and .NET.

    Java's managed runtimes pay neither. ``cached_hours`` are those of all ``versions`` together;
    AWS charges a version for 3 hours at least. Zero hours mean that no snapshot was cached.
    """
    memory_gb = memory_mb / MB_PER_GB
    minimum = limits().number("lambda.snapstart_cache_min_hours")
    any_cached = lowest(ceil_to(cached_hours, 1), 1)
    hours = highest(cached_hours, minimum * versions * any_cached)
    return charge_stated(
        book,
        "lambda",
        region,
        (
            "snapstart-cache",
            hours * SECONDS_PER_HOUR * memory_gb,
            "SnapStart cache",
            f"{in_words(hours)} hours cached (at least {minimum} a version) ×"
            f" {SECONDS_PER_HOUR} s × {in_words(memory_gb)} GB",
        ),
        (
            "snapstart-restore",
            restores * memory_gb,
            "SnapStart restores",
            f"{in_words(restores)} restores × {in_words(memory_gb)} GB",
        ),
    )


def streamed_gb(*, responses: Number, response_mb: Number) -> Number:
    """Return the GB that are charged for streaming: what each response has beyond its first 6 MB.

    AWS's example counts a GB as 1,024 MB.
    """
    included = limits().number("lambda.streaming_included_mb")
    return responses * highest(response_mb - included, 0) / MB_PER_GB


def response_streaming(book: PriceBook, region: str, *, gigabytes: Number) -> list[LineItem]:
    """Charge streamed responses; ``gigabytes`` are those beyond the first 6 MB of each.

    The account's free 100 GB of a month are the first tier of the price.
    """
    return charge_stated(
        book,
        "lambda",
        region,
        (
            "response-streaming",
            gigabytes,
            "Response streaming",
            f"{in_words(gigabytes)} GB beyond the first"
            f" {limits().number('lambda.streaming_included_mb')} MB of each response",
        ),
    )


def event_pollers(
    book: PriceBook, region: str, *, sqs_hours: Number = 0, kafka_hours: Number = 0
) -> list[LineItem]:
    """Charge event-source mappings in provisioned mode, by hours of event poller units.

    AWS counts the seconds of each unit, 1 minute at least. For SQS a unit is one poller, of which
    a mapping has two or more; for Kafka a unit carries up to 20 MB/s and may serve several.
    """
    return charge_stated(
        book,
        "lambda",
        region,
        (
            "esm-sqs-epu-hour",
            sqs_hours,
            "SQS event pollers",
            f"{in_words(sqs_hours)} hours of event poller units",
        ),
        (
            "esm-kafka-epu-hour",
            kafka_hours,
            "Kafka event pollers",
            f"{in_words(kafka_hours)} hours of event poller units",
        ),
    )


def tenant_environments(
    book: PriceBook, region: str, *, architecture: str, memory_mb: Number, environments: Number
) -> list[LineItem]:
    """Charge the new environments that tenant isolation starts, by the GB of each."""
    memory_gb = memory_mb / MB_PER_GB
    return charge_stated(
        book,
        "lambda",
        region,
        (
            f"tenant-env-memory-{ARCHITECTURE_SUFFIX[architecture]}",
            environments * memory_gb,
            "Tenant isolation, new environments",
            f"{in_words(environments)} new environments × {in_words(memory_gb)} GB",
        ),
    )
