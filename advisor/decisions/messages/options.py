"""The options of the messaging decision, each priced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.decisions.messages import streams, topics
from advisor.decisions.messages.mapping import mapping_sizing
from advisor.decisions.messages.queues import queue
from advisor.decisions.part import Part, part_of

if TYPE_CHECKING:
    from advisor.decisions.messages.flow import Messages
    from advisor.tariff import PriceBook

MESSAGING = (
    "sqs",
    "sqs-fifo",
    "sns",
    "sns-fifo",
    "eventbridge",
    "kinesis",
    "eventbridge-pipes",
    "eventbridge-scheduler",
)
_DELIVERING = ("sns", "eventbridge")


def messaging_part(
    option: str, messages: Messages, region: str, book: PriceBook, *, free_tier: bool
) -> Part:
    """Return what an option of ``MESSAGING`` costs in a month of messages.

    The work that takes the messages is the compute decision's; dead letters, an idempotency
    table and queues that a rule asks for are companions.
    """
    if option in ("sqs", "sqs-fifo"):
        fifo = option == "sqs-fifo"
        sizing: dict[str, Any] = {"batch_size": messages.batch_size}
        if messages.fair and not fifo:
            sizing["fair"] = True
        if not fifo:
            # A FIFO queue is read group by group, and how many groups there are is not known.
            sizing |= mapping_sizing(messages)
        return part_of(
            option, sizing, *queue(messages, region, book, fifo=fifo, free_tier=free_tier)
        )
    if option == "sns":
        return topics.sns_topic(messages, region, book, free_tier=free_tier)
    if option == "sns-fifo":
        return topics.sns_fifo_topic(messages, region, book, free_tier=free_tier)
    if option == "eventbridge":
        return topics.event_bus(messages, region, book, free_tier=free_tier)
    if option == "kinesis":
        return streams.stream(messages, region, book)
    if option == "eventbridge-pipes":
        return streams.pipe(messages, region, book, free_tier=free_tier)
    if option == "eventbridge-scheduler":
        return streams.schedule(messages, region, book)
    raise KeyError(f"{option} is no option of the messaging decision")


def has_queues(option: str, messages: Messages) -> bool:
    """Return whether an option's own bill already has a queue of each consumer."""
    if option in ("sqs", "sqs-fifo", "sns-fifo"):
        return True
    if option == "eventbridge-pipes":
        return messages.pattern != "stream"
    return option in _DELIVERING and messages.consumer_protocol == "sqs"
