"""What a rule adds to a design besides the options: dead-letter queues, tables, queues."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from advisor.cost import dynamodb, sqs
from advisor.decisions.executions import figure
from advisor.decisions.messages.options import has_queues
from advisor.decisions.messages.queues import queue_of_each_consumer
from advisor.decisions.part import Part, part_of
from advisor.limits import limits
from advisor.units import KB_PER_GB, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from advisor.decisions.messages import Messages
    from advisor.tariff import PriceBook

COMPANIONS = ("dead-letter-queue", "idempotency-table", "sqs-queue-per-consumer")
FIFO = ("sqs-fifo", "sns-fifo")
ONE_TAKER = ("sqs", "sqs-fifo", "eventbridge-pipes", "eventbridge-scheduler")


def companion_items(
    name: str, option: str, messages: Messages, region: str, book: PriceBook, *, free_tier: bool
) -> Part:
    """Return what a companion of ``COMPANIONS`` costs beside an option of the messaging decision.

    Raises KeyError for a companion that is not known.
    """
    if name == "dead-letter-queue":
        return _dead_letter_queue(option, messages, region, book)
    if name == "idempotency-table":
        return _idempotency_table(option, messages, region, book)
    if name == "sqs-queue-per-consumer":
        return _queue_per_consumer(option, messages, region, book, free_tier=free_tier)
    raise KeyError(f"{name} is no companion that is known")


def _dead_letter_queue(option: str, messages: Messages, region: str, book: PriceBook) -> Part:
    """Charge each dead letter once as it is sent and once as it is received.

    A queue of dead letters is a queue as any other (SQS pricing page). The account's free requests
    are given back with the queues that carry the messages, and not here again.
    """
    number = book.number
    fifo = option in FIFO or (option == "eventbridge-pipes" and messages.ordered)
    dead = _taken(option, messages) * messages.dead_letter_fraction
    name = "dead-letter-queue"
    sizing = {
        "queues": _takers(option, messages),
        "max_receive_count": messages.max_receive_count,
    }
    if not dead:
        return Part(option=name, sizing=sizing)
    return part_of(
        name,
        sizing,
        partial(
            sqs.requests,
            book,
            region,
            fifo=fifo,
            requests=2 * number(figure(dead)),
            message_kb=number(messages.message_kb),
            of="dead-letter queues",
        ),
    )


def _idempotency_table(option: str, messages: Messages, region: str, book: PriceBook) -> Part:
    """Charge two writes of 1 KB for each delivery, and what the table holds until it expires.

    Powertools writes a record INPROGRESS on condition that there is none, and then the result
    (COMPLETED), or it deletes the record when the handler fails: "Each function invocation will
    generally make 2 requests to DynamoDB … you can expect 2 WCUs per invocation". Duplicates are
    one write and a read, and left out, as is what DynamoDB takes to delete expired records.
    https://docs.aws.amazon.com/powertools/python/latest/utilities/idempotency/
    """
    quota = limits()
    number = book.number
    item_kb = quota.number("dynamodb.write_unit_kb")
    writes = quota.number("powertools.idempotency_writes")
    window_s = max(messages.dedup_window_s, quota.number("powertools.idempotency_expires_s"))
    kept_hours = window_s / SECONDS_PER_HOUR + quota.number("dynamodb.ttl_delete_hours")
    records = number(_taken(option, messages))
    return part_of(
        "idempotency-table",
        {"writes_per_message": writes, "item_kb": item_kb, "kept_hours": kept_hours},
        partial(
            dynamodb.on_demand,
            book,
            region,
            writes=records * (1 + number(figure(messages.redeliveries))) * writes,
            item_kb=number(item_kb),
            stored_gb_months=(
                records * item_kb / KB_PER_GB * number(kept_hours) / number(messages.month_hours)
            ),
        ),
    )


def _queue_per_consumer(
    option: str, messages: Messages, region: str, book: PriceBook, *, free_tier: bool
) -> Part:
    """Charge the queue of each consumer, where the option's own bill does not have it."""
    name = "sqs-queue-per-consumer"
    if has_queues(option, messages):
        return Part(option=name, sizing={"queues": messages.consumers})
    fifo = option in FIFO
    return part_of(
        name,
        {"queues": messages.consumers},
        *queue_of_each_consumer(messages, region, book, fifo=fifo, free_tier=free_tier),
    )


def _takers(option: str, messages: Messages) -> int:
    """Return who takes messages: one for a queue and a pipe, else every consumer."""
    return 1 if option in ONE_TAKER else messages.consumers


def _taken(option: str, messages: Messages) -> float:
    """Return the messages that are taken together, each counted once for each that takes it."""
    return figure(messages.monthly * messages.pass_fraction * _takers(option, messages))
