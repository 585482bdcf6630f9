"""Amazon SQS. https://aws.amazon.com/sqs/pricing/ (2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import highest, in_words, lowest
from advisor.cost.bill import LineItem, allowance, charge
from advisor.cost.chunks import chunks, in_chunks
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import Price, PriceBook


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
    sends = messages * chunks(message_kb, chunk)
    deliveries = messages * (1 + failure_fraction)
    receives = deliveries / batch * chunks(message_kb * batch, chunk)
    deletes = messages / batch
    return _charge_requests(
        book,
        book.price("sqs", _component(fifo=fifo), region),
        sends + receives + deletes + empty_receives,
        f"{in_words(sends)} sends + {in_words(receives, 0)} receives + {in_words(deletes, 0)}"
        f" deletes in batches of {in_words(batch)} + {in_words(empty_receives)} empty receives",
        free_tier=free_tier,
    )


def requests(
    book: PriceBook,
    region: str,
    *,
    fifo: bool,
    requests: Number,
    message_kb: Number,
    fair: bool = False,
    free_tier: bool = False,
    of: str = "",
) -> list[LineItem]:
    """Charge API requests whose payload is known: each counts once for every 64 KB begun.

    ``of`` names the queues in the line items, where a bill has others too.

    On a fair queue, which is a standard queue whose messages name their group, each counted
    request costs a surcharge on top. The free requests are those of the base price; they do not
    take the surcharge away.
    """
    chunk = limits().number("sqs.billing_chunk_kb")
    count = chunks(message_kb, chunk)
    metered = requests * count
    formula = in_chunks(requests, "requests", count, chunk)
    extra = ("fair-queue-surcharge",) if fair else ()
    price, *surcharges = book.prices("sqs", (_component(fifo=fifo), *extra), region)
    items = _charge_requests(book, price, metered, formula, free_tier=free_tier, of=of)
    for surcharge in surcharges:
        items += charge(surcharge, metered, "Fair queue surcharge", formula)
    return items


def _component(*, fifo: bool) -> str:
    return "fifo-requests" if fifo else "standard-requests"


def _charge_requests(
    book: PriceBook,
    price: Price,
    metered: Number,
    formula: str,
    *,
    free_tier: bool,
    of: str = "",
) -> list[LineItem]:
    fifo = price.component == _component(fifo=True)
    item = "FIFO requests" if fifo else "Requests"
    items = charge(price, metered, f"{item} of {of}" if of else item, formula)
    if free_tier:
        items += allowance(book, price, "free-requests", metered, "requests")
    return items
