"""Amazon SQS. https://aws.amazon.com/sqs/pricing/ (2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words, lowest
from advisor.cost.bill import LineItem, allowance, charge
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def queue(
    book: PriceBook,
    region: str,
    *,
    fifo: bool,
    messages: Number,
    message_kb: Number,
    batch_size: Number,
    failure_fraction: Number = 0,
    empty_receives: Number = 0,
    free_tier: bool = False,
) -> list[LineItem]:
    """Charge a queue's requests: sends one by one, receives and deletes in batches.

    A request is charged for every 64 KB of its payload, so a batch counts as many times as its
    messages fill 64 KB together, and at least once. One request carries ten messages at most. A
    delivery that fails is received again.
    Receives that find nothing are charged too.
    """
    chunk = limits().number("sqs.billing_chunk_kb")
    batch = lowest(highest(batch_size, 1), limits().number("sqs.batch_entries"))
    sends = messages * highest(ceil_to(message_kb, chunk) / chunk, 1)
    deliveries = messages * (1 + failure_fraction)
    receives = deliveries / batch * highest(ceil_to(message_kb * batch, chunk) / chunk, 1)
    deletes = messages / batch
    requests = sends + receives + deletes + empty_receives
    price = book.price("sqs", "fifo-requests" if fifo else "standard-requests", region)
    items = charge(
        price,
        requests,
        "FIFO requests" if fifo else "Requests",
        f"{in_words(sends)} sends + {in_words(receives, 0)} receives + {in_words(deletes, 0)}"
        f" deletes in batches of {in_words(batch)} + {in_words(empty_receives)} empty receives",
    )
    if free_tier:
        items += allowance(book, price, "free-requests", requests, "requests")
    return items
