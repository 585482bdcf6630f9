"""A queue's bill: chunks of 64 KB, batches of ten, empty receives, failures, FIFO, free tier."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.sqs import queue
from advisor.tariff import PriceBook

BOOK = PriceBook()


def bill(
    *,
    messages: int,
    message_kb: int = 1,
    batch_size: int = 1,
    fifo: bool = False,
    failure_fraction: str = "0",
    empty_receives: int = 0,
    free_tier: bool = False,
) -> list[LineItem]:
    return queue(
        BOOK,
        "us-east-1",
        fifo=fifo,
        messages=Decimal(messages),
        message_kb=Decimal(message_kb),
        batch_size=Decimal(batch_size),
        failure_fraction=Decimal(failure_fraction),
        empty_receives=Decimal(empty_receives),
        free_tier=free_tier,
    )


def test_two_million_standard_and_one_million_fifo_requests() -> None:
    # 500,000 messages sent, received and deleted singly and 500,000 empty receives: 2,000,000 x
    # 0.0000004 = 0.80. 300,000 x 3 + 100,000 = 1,000,000 x 0.0000005 = 0.50. Together 1.30.
    standard = bill(messages=500_000, empty_receives=500_000)
    fifo = bill(messages=300_000, empty_receives=100_000, fifo=True)
    assert [item.monthly_usd for item in standard + fifo] == [Decimal("0.8"), Decimal("0.5")]
    assert [item.item for item in standard + fifo] == ["Requests", "FIFO requests"]


@pytest.mark.parametrize(
    ("message_kb", "batch_size", "requests"),
    [
        (1, 1, 3000),  # 1,000 sends, receives and deletes
        (64, 1, 3000),  # exactly one chunk
        (65, 1, 5000),  # sends and receives of two chunks, deletes have no payload
        (6, 10, 1200),  # 60 KB in a batch: 1,000 + 100 + 100
        (7, 10, 1300),  # 70 KB in a batch are two chunks: 1,000 + 200 + 100
        (65, 10, 3200),  # 2,000 + 100 x 11 chunks of 650 KB + 100
        (1, 25, 1200),  # a request carries ten messages at most
        (1, 0, 3000),  # and at least one
        (0, 1, 3000),  # an empty message is a request too
    ],
)
def test_chunks_and_batches(message_kb: int, batch_size: int, requests: int) -> None:
    (item,) = bill(messages=1000, message_kb=message_kb, batch_size=batch_size)
    assert item.quantity == requests


def test_a_failed_delivery_is_received_again() -> None:
    # 1,000 sends + 1,500 receives + 1,000 deletes.
    (item,) = bill(messages=1000, failure_fraction="0.5")
    assert item.quantity == 3500


def test_a_million_requests_are_free() -> None:
    assert total(bill(messages=300_000, free_tier=True)) == 0
    # 1,200,000 requests: 200,000 x 0.0000004.
    assert total(bill(messages=400_000, free_tier=True)) == Decimal("0.08")


def test_a_queue_in_all_its_tiers() -> None:
    # 300e9 requests: 100e9 each at 0.40, 0.30 and 0.24 USD per million.
    items = bill(messages=100_000_000_000)
    assert [item.monthly_usd for item in items] == [40_000, 30_000, 24_000]
