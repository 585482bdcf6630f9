"""Topics and buses, and the queues that hold their messages for each consumer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.cost import eventbridge, sns
from advisor.decisions.messages.queues import queue_of_each_consumer
from advisor.decisions.part import Part, part_of, without_formula
from advisor.units import KB_PER_GB

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.messages.flow import Messages
    from advisor.tariff import PriceBook

FIREHOSE = "Amazon Data Firehose, which takes what is delivered"


def sns_topic(flow: Messages, region: str, book: PriceBook, *, free_tier: bool) -> Part:
    """Price a standard topic: publishes, deliveries to every consumer, and the queues."""
    protocol = flow.consumer_protocol
    pieces: list[Callable[[], list[LineItem]]] = [
        partial(
            sns.standard,
            book,
            region,
            publishes=book.number(flow.monthly),
            message_kb=book.number(flow.message_kb),
            deliveries={protocol: _deliveries(flow, book)},
        )
    ]
    if protocol == "sqs":
        pieces += queue_of_each_consumer(flow, region, book, fifo=False, free_tier=free_tier)
    if flow.filtering == "payload":
        # AWS charges filters on the body by the GB that they read; those on attributes are free.
        pieces.append(partial(without_formula, book, "sns", "payload-filtering", region))
    topic = part_of("sns", {"consumer_protocol": protocol, "consumers": flow.consumers}, *pieces)
    return _with_firehose(topic, flow)


def sns_fifo_topic(flow: Messages, region: str, book: PriceBook, *, free_tier: bool) -> Part:
    """Price a FIFO topic, which delivers to queues alone, and a FIFO queue of each consumer."""
    pieces: list[Callable[[], list[LineItem]]] = [
        partial(
            sns.fifo,
            book,
            region,
            publishes=book.number(flow.monthly),
            message_kb=book.number(flow.message_kb),
            deliveries=_deliveries(flow, book),
        ),
        *queue_of_each_consumer(flow, region, book, fifo=True, free_tier=free_tier),
    ]
    if flow.filtering == "payload":
        pieces.append(partial(without_formula, book, "sns", "payload-filtering", region))
    if flow.archived:
        pieces.append(partial(without_formula, book, "sns", "fifo-archive", region))
    return part_of("sns-fifo", {"consumer_protocol": "sqs", "consumers": flow.consumers}, *pieces)


def event_bus(flow: Messages, region: str, book: PriceBook, *, free_tier: bool) -> Part:
    """Price a rules-based bus: events, what leaves the account, archive, replay and queues.

    Deliveries to AWS services in the same account are free; those to HTTP endpoints are API
    destinations. An event that is delivered to another account is charged once for each. What is
    replayed is delivered again.
    """
    number = book.number
    sizing: dict[str, Any] = {
        "consumer_protocol": flow.consumer_protocol,
        "consumers": flow.consumers,
    }
    if flow.consumer_protocol == "sqs":
        sizing["buffered_by"] = "sqs"
    events = number(flow.monthly)
    archived_gb: Number = 0
    stored_gb: Number = 0
    if flow.archived:
        if flow.retention_hours is None:
            return Part(option="eventbridge", sizing=sizing, unknown=("messaging.retention_hours",))
        archived_gb = events * number(flow.message_kb) / KB_PER_GB
        stored_gb = archived_gb * number(flow.retention_hours) / number(flow.month_hours)
        sizing["archive_hours"] = flow.retention_hours
    passing = events * number(flow.pass_fraction) * (1 + number(flow.replay_fraction))
    pieces: list[Callable[[], list[LineItem]]] = [
        partial(
            eventbridge.bus,
            book,
            region,
            event_kb=number(flow.message_kb),
            events=events,
            cross_account_deliveries=passing * flow.other_accounts,
            api_destination_invocations=(
                passing * flow.consumers if flow.consumer_protocol == "http" else 0
            ),
            archived_gb=archived_gb,
            archive_stored_gb=stored_gb,
            replayed_events=events * number(flow.replay_fraction),
        )
    ]
    if flow.consumer_protocol == "sqs":
        pieces += queue_of_each_consumer(
            flow, region, book, fifo=False, free_tier=free_tier, replays=flow.replay_fraction
        )
    return _with_firehose(part_of("eventbridge", sizing, *pieces), flow)


def _with_firehose(part: Part, flow: Messages) -> Part:
    return replace(part, unpriced=(FIREHOSE,)) if flow.consumer_protocol == "firehose" else part


def _deliveries(flow: Messages, book: PriceBook) -> Number:
    return book.number(flow.monthly) * book.number(flow.pass_fraction) * flow.consumers
