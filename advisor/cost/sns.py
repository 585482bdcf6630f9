"""Amazon SNS. https://aws.amazon.com/sns/pricing/ (2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import charge_stated
from advisor.cost.chunks import chunks, in_chunks
from advisor.limits import limits
from advisor.units import KB_PER_GB

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

PROTOCOLS = {
    "http": "HTTP",
    "email": "email",
    "sqs": "SQS",
    "lambda": "Lambda",
    "firehose": "Firehose",
    "mobile-push": "mobile push",
}


def standard(
    book: PriceBook,
    region: str,
    *,
    publishes: Number,
    message_kb: Number,
    deliveries: Mapping[str, Number],
) -> list[LineItem]:
    """Charge a standard topic's publishes and its deliveries, by protocol of ``PROTOCOLS``.

    Every 64 KB of published data begun is a request, and every 64 KB of delivered data a
    notification (pricing page). The free first million of requests, and the free first deliveries
    over HTTP and by email, are tiers at price zero.
    """
    chunk = limits().number("sns.billing_chunk_kb")
    count = chunks(message_kb, chunk)
    return charge_stated(
        book,
        "sns",
        region,
        (
            "publish-requests",
            publishes * count,
            "Publishes",
            in_chunks(publishes, "publishes", count, chunk),
        ),
        *(
            (
                f"delivery-{protocol}",
                quantity * count,
                f"Deliveries, {PROTOCOLS[protocol]}",
                in_chunks(quantity, "deliveries", count, chunk),
            )
            for protocol, quantity in deliveries.items()
        ),
    )


def fifo(
    book: PriceBook,
    region: str,
    *,
    publishes: Number,
    message_kb: Number,
    deliveries: Number,
) -> list[LineItem]:
    """Charge a FIFO topic's publishes and deliveries, and the payload of both by the GB.

    Payload is metered as it is, so a message counts once whatever its size.
    """
    size = f"{in_words(message_kb)} KB"
    return charge_stated(
        book,
        "sns",
        region,
        (
            "fifo-publish-requests",
            publishes,
            "FIFO publishes",
            f"{in_words(publishes)} publishes",
        ),
        (
            "fifo-publish-payload",
            publishes * message_kb / KB_PER_GB,
            "FIFO publishes, payload",
            f"{in_words(publishes)} publishes × {size}",
        ),
        (
            "fifo-delivery",
            deliveries,
            "FIFO deliveries",
            f"{in_words(deliveries)} deliveries",
        ),
        (
            "fifo-delivery-payload",
            deliveries * message_kb / KB_PER_GB,
            "FIFO deliveries, payload",
            f"{in_words(deliveries)} deliveries × {size}",
        ),
    )
