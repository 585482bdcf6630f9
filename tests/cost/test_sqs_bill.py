"""A queue's bill: chunks of 64 KB, batches of ten, empty receives, failures, FIFO, free tier."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.sqs import queue, requests
from advisor.errors import PriceMissing
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


def charged(
    count: int,
    *,
    message_kb: str = "1",
    fifo: bool = False,
    fair: bool = False,
    free_tier: bool = False,
    region: str = "us-east-1",
) -> list[LineItem]:
    return requests(
        BOOK,
        region,
        fifo=fifo,
        fair=fair,
        requests=Decimal(count),
        message_kb=Decimal(message_kb),
        free_tier=free_tier,
    )


def test_two_million_requests_without_their_messages() -> None:
    # 2,000,000 x 0.0000004 = 0.80 and 1,000,000 x 0.0000005 = 0.50: 1.30 together.
    items = charged(2_000_000) + charged(1_000_000, fifo=True)
    assert [item.monthly_usd for item in items] == [Decimal("0.8"), Decimal("0.5")]
    assert total(items) == Decimal("1.3")


@pytest.mark.parametrize(
    ("message_kb", "chunks"),
    [("0", 1), ("0.001", 1), ("64", 1), ("64.001", 2), ("65", 2), ("256", 4), ("1024", 16)],
)
def test_every_64_kb_begun_is_a_request(message_kb: str, chunks: int) -> None:
    # The pricing page: an API action with 256 KB of payload is billed as 4 requests.
    (item,) = charged(1000, message_kb=message_kb)
    assert item.quantity == 1000 * chunks
    assert item.formula == f"1,000 requests × {chunks} chunk(s) of 64 KB"


def test_a_fair_queue_costs_a_surcharge_on_every_counted_request() -> None:
    # 3,000,000 requests of 65 KB count as 6,000,000: x 0.0000004 = 2.40, x 0.0000001 = 0.60.
    items = charged(3_000_000, message_kb="65", fair=True)
    assert {item.item: item.monthly_usd for item in items} == {
        "Requests": Decimal("2.4"),
        "Fair queue surcharge": Decimal("0.6"),
    }


def test_free_requests_leave_the_surcharge() -> None:
    # 1,500,000 x 0.0000004 = 0.60, less 1,000,000 = 0.40; 1,500,000 x 0.0000001 = 0.15.
    items = charged(1_500_000, fair=True, free_tier=True)
    assert {item.item: item.monthly_usd for item in items} == {
        "Requests": Decimal("0.6"),
        "Free tier, requests": Decimal("-0.4"),
        "Fair queue surcharge": Decimal("0.15"),
    }


def test_a_region_without_a_surcharge_is_no_region_without_a_queue() -> None:
    assert total(charged(1_000_000, region="eu-west-1")) == Decimal("0.4")
    with pytest.raises(PriceMissing, match="sqs/fair-queue-surcharge in eu-west-1"):
        charged(1_000_000, region="eu-west-1", fair=True)


def test_a_fifo_queue_at_the_bounds_of_its_tiers() -> None:
    # 100e9 x 0.0000005 = 50,000 is one line; one request more is at 0.0000004, and one above
    # 200e9 at 0.00000035.
    assert [item.monthly_usd for item in charged(100_000_000_000, fifo=True)] == [50_000]
    items = charged(200_000_000_001, fifo=True)
    assert [(item.quantity, item.unit_price_usd) for item in items] == [
        (100_000_000_000, Decimal("0.0000005")),
        (100_000_000_000, Decimal("0.0000004")),
        (1, Decimal("0.00000035")),
    ]
