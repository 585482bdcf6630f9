"""A topic's bill: publishes and deliveries in chunks of 64 KB, FIFO with its payload."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.sns import PROTOCOLS, fifo, standard
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def bill(publishes: int = 0, message_kb: int = 1, **deliveries: int) -> list[LineItem]:
    return standard(
        BOOK,
        "us-east-1",
        publishes=Decimal(publishes),
        message_kb=Decimal(message_kb),
        deliveries={name.replace("_", "-"): Decimal(count) for name, count in deliveries.items()},
    )


def fifo_bill(
    publishes: int, message_kb: int, deliveries: int, region: str = "us-east-1"
) -> list[LineItem]:
    return fifo(
        BOOK,
        region,
        publishes=Decimal(publishes),
        message_kb=Decimal(message_kb),
        deliveries=Decimal(deliveries),
    )


def test_the_first_million_publishes_is_a_tier_at_price_zero() -> None:
    assert [item.monthly_usd for item in bill(1_000_000)] == [0]
    # 3,000,000: 1,000,000 free, 2,000,000 x 0.0000005 = 1.00.
    items = bill(3_000_000)
    assert [(item.item, item.quantity, item.monthly_usd) for item in items] == [
        ("Publishes, first 1 million requests", 1_000_000, 0),
        ("Publishes, above 1 million requests", 2_000_000, 1),
    ]


def test_one_publish_above_the_free_ones() -> None:
    assert [item.quantity for item in bill(1_000_001)] == [1_000_000, 1]
    assert total(bill(1_000_001)) == Decimal("0.0000005")


@pytest.mark.parametrize(
    ("message_kb", "chunks"), [(0, 1), (1, 1), (64, 1), (65, 2), (256, 4), (1024, 16)]
)
def test_publishes_and_deliveries_count_64_kb_begun(message_kb: int, chunks: int) -> None:
    # The pricing page: a call with 256 KB is billed as four requests, a notification with 256 KB
    # as four deliveries.
    items = bill(1000, message_kb, mobile_push=500)
    assert [(item.item, item.quantity) for item in items] == [
        ("Publishes", 1000 * chunks),
        ("Deliveries, mobile push", 500 * chunks),
    ]


def test_deliveries_by_protocol() -> None:
    # 2,000,000 each. HTTP: 100,000 free, 1,900,000 x 0.0000006 = 1.14. Email: 1,000 free,
    # 1,999,000 x 0.00002 = 39.98. Firehose x 0.00000019 = 0.38, mobile push x 0.0000005 = 1.00,
    # SQS and Lambda nothing.
    each = dict.fromkeys(("http", "email", "sqs", "lambda", "firehose", "mobile_push"), 2_000_000)
    assert [(item.item, item.monthly_usd) for item in bill(0, 1, **each)] == [
        ("Deliveries, HTTP, first 100,000 notifications", 0),
        ("Deliveries, HTTP, above 100,000 notifications", Decimal("1.14")),
        ("Deliveries, email, first 1,000 notifications", 0),
        ("Deliveries, email, above 1,000 notifications", Decimal("39.98")),
        ("Deliveries, SQS", 0),
        ("Deliveries, Lambda", 0),
        ("Deliveries, Firehose", Decimal("0.38")),
        ("Deliveries, mobile push", 1),
    ]
    assert len(each) == len(PROTOCOLS)


def test_the_last_free_and_the_first_paid_delivery() -> None:
    assert total(bill(http=100_000, email=1000)) == 0
    assert total(bill(http=100_001)) == Decimal("0.0000006")
    assert total(bill(email=1001)) == Decimal("0.00002")


def test_a_fifo_topic_charges_requests_and_payload_both_ways() -> None:
    # 2,097,152 publishes of 4 KB = 8 GB, delivered to three queues: 6,291,456 messages, 24 GB.
    # 2,097,152 x 0.0000003 = 0.6291456; 8 x 0.017 = 0.136; 6,291,456 x 0.00000001 = 0.06291456;
    # 24 x 0.001 = 0.024.
    items = fifo_bill(2_097_152, 4, 3 * 2_097_152)
    assert [(item.item, item.quantity, item.monthly_usd) for item in items] == [
        ("FIFO publishes", 2_097_152, Decimal("0.6291456")),
        ("FIFO publishes, payload", 8, Decimal("0.136")),
        ("FIFO deliveries", 6_291_456, Decimal("0.06291456")),
        ("FIFO deliveries, payload", 24, Decimal("0.024")),
    ]


def test_a_large_fifo_message_is_one_request() -> None:
    publishes, payload = fifo_bill(1024, 1024, 0)
    assert (publishes.quantity, payload.quantity) == (1024, 1)


def test_only_what_is_asked_for_needs_a_price() -> None:
    # Ireland: 1,048,576 x 0.00000033 = 0.34603008, and 1 GB x 0.0187.
    items = fifo_bill(1_048_576, 1, 0, region="eu-west-1")
    assert [item.monthly_usd for item in items] == [Decimal("0.34603008"), Decimal("0.0187")]
    with pytest.raises(PriceMissing) as missing:
        fifo_bill(1_048_576, 1, 1, region="eu-west-1")
    assert missing.value.component == "fifo-delivery"
    assert [error.component for error in missing.value.others] == ["fifo-delivery-payload"]


def test_arrays_of_message_sizes() -> None:
    (item,) = standard(
        BOOK.in_floats(),
        "us-east-1",
        publishes=0.0,
        message_kb=np.array([1.0, 64.0, 65.0]),
        deliveries={"firehose": 1_000_000.0},
    )
    np.testing.assert_allclose(item.monthly_usd, [0.19, 0.19, 0.38], rtol=1e-12)
