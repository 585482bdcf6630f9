"""SQS queues: one that feeds the work, or one of each consumer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost import sqs
from advisor.cost.bill import charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.cost.bill import LineItem
    from advisor.decisions.messages.flow import Messages
    from advisor.tariff import PriceBook


def queue(
    flow: Messages, region: str, book: PriceBook, *, fifo: bool, free_tier: bool
) -> tuple[Callable[[], list[LineItem]], ...]:
    """Return the pieces of the one queue that feeds the work."""
    return _queues(
        flow, region, book, fifo=fifo, count=1, passing=1.0, fair=flow.fair, free_tier=free_tier
    )


def queue_of_each_consumer(
    flow: Messages,
    region: str,
    book: PriceBook,
    *,
    fifo: bool,
    free_tier: bool,
    replays: float = 0.0,
) -> tuple[Callable[[], list[LineItem]], ...]:
    """Return the pieces of the queues that hold what passes each consumer's filter.

    ``replays`` is the part of the messages that come once more from an archive.
    """
    return _queues(
        flow,
        region,
        book,
        fifo=fifo,
        count=flow.consumers,
        passing=flow.pass_fraction * (1 + replays),
        fair=False,
        free_tier=free_tier,
    )


def _queues(
    flow: Messages,
    region: str,
    book: PriceBook,
    *,
    fifo: bool,
    count: int,
    passing: float,
    fair: bool,
    free_tier: bool,
) -> tuple[Callable[[], list[LineItem]], ...]:
    number = book.number
    price = partial(
        sqs.queue,
        book,
        region,
        fifo=fifo,
        messages=number(flow.monthly) * number(passing) * count,
        message_kb=number(flow.message_kb),
        batch_size=number(flow.batch_size),
        failure_fraction=number(float(f"{flow.redeliveries:.12g}")),
        empty_receives=number(flow.idle_polls(passing)) * count,
    )
    base = partial(price, free_tier=free_tier)
    if fifo or not fair:
        return (base,)
    return (base, partial(_surcharge, price, region, book))


def _surcharge(
    price: Callable[..., list[LineItem]], region: str, book: PriceBook
) -> list[LineItem]:
    """Charge what a fair queue costs on top of each request that the queue counts."""
    surcharge = book.price("sqs", "fair-queue-surcharge", region)
    counted = sum(item.quantity for item in price(free_tier=False))
    return charge(
        surcharge,
        counted,
        "Fair queue surcharge",
        f"{in_words(counted, 0)} requests of messages that name their tenant",
    )
