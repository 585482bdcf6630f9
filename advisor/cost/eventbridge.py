"""Amazon EventBridge: buses, Pipes and Scheduler.

https://aws.amazon.com/eventbridge/pricing/ (2026-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import charge_stated
from advisor.cost.chunks import chunks, in_chunks
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def bus(
    book: PriceBook,
    region: str,
    *,
    event_kb: Number,
    events: Number = 0,
    partner_events: Number = 0,
    cross_account_deliveries: Number = 0,
    api_destination_invocations: Number = 0,
    archived_gb: Number = 0,
    archive_stored_gb: Number = 0,
    replayed_events: Number = 0,
    schema_discovery_events: Number = 0,
    schema_event_kb: Number = 0,
) -> list[LineItem]:
    """Charge an event bus and what hangs on it; ``archive_stored_gb`` is in GB-months.

    Every 64 KB of a payload begun is an event (pricing page), wherever it is ingested, delivered
    or replayed; schema discovery counts every 8 KB begun (usage type Event-8K-Chunks), the first
    five million at price zero. Events that AWS services emit and their delivery within the account
    are free and not asked for.
    """
    chunk = limits().number("eventbridge.billing_chunk_kb")
    count = chunks(event_kb, chunk)
    schema_chunk = limits().number("eventbridge.schema_billing_chunk_kb")
    schema_count = chunks(schema_event_kb, schema_chunk)

    def in_64_kb(
        component: str, quantity: Number, item: str, what: str
    ) -> tuple[str, Number, str, str]:
        return component, quantity * count, item, in_chunks(quantity, what, count, chunk)

    return charge_stated(
        book,
        "eventbridge",
        region,
        in_64_kb("custom-events", events, "Custom events", "events"),
        in_64_kb("partner-events", partner_events, "Partner events", "events"),
        in_64_kb(
            "cross-account-delivery",
            cross_account_deliveries,
            "Cross-account deliveries",
            "deliveries",
        ),
        in_64_kb(
            "api-destination-invocations",
            api_destination_invocations,
            "API destination invocations",
            "invocations",
        ),
        (
            "archive-processing",
            archived_gb,
            "Archive processing",
            f"{in_words(archived_gb)} GB",
        ),
        (
            "archive-storage",
            archive_stored_gb,
            "Archive storage",
            f"{in_words(archive_stored_gb)} GB-months",
        ),
        in_64_kb("replay-events", replayed_events, "Replayed events", "events"),
        (
            "schema-discovery",
            schema_discovery_events * schema_count,
            "Schema discovery",
            in_chunks(schema_discovery_events, "events", schema_count, schema_chunk),
        ),
    )


def pipe_chunks(request_kb: Number) -> Number:
    """Return how often a pipe's request is charged: once for every 64 KB of its batch begun."""
    return chunks(request_kb, limits().number("eventbridge.billing_chunk_kb"))


def pipes(book: PriceBook, region: str, *, requests: Number, chunks_each: Number) -> list[LineItem]:
    """Charge the requests that pass a pipe's filter, by the chunks of 64 KB of their batches.

    ``chunks_each`` is the mean of ``pipe_chunks`` over the requests.
    """
    chunk = limits().number("eventbridge.billing_chunk_kb")
    return charge_stated(
        book,
        "eventbridge",
        region,
        (
            "pipes-requests",
            requests * chunks_each,
            "Pipes requests",
            in_chunks(requests, "requests", chunks_each, chunk),
        ),
    )


def scheduler(book: PriceBook, region: str, *, invocations: Number) -> list[LineItem]:
    """Charge a scheduler's invocations, of which the first 14 million have the price zero."""
    return charge_stated(
        book,
        "eventbridge",
        region,
        (
            "scheduler-invocations",
            invocations,
            "Scheduler invocations",
            f"{in_words(invocations)} invocations",
        ),
    )
