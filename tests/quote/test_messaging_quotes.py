"""Quotes for queues and topics: what each key becomes, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import total
from advisor.errors import PriceMissing
from advisor.quote.messaging import Sns, SnsFifo, Sqs, SqsFifo
from advisor.quote.meter import Meter, Refused
from advisor.tariff import PriceBook

BOOK = PriceBook()


def amounts(
    meter: Meter, *, free_tier: bool = False, region: str = "us-east-1"
) -> dict[str, Decimal]:
    items = meter.line_items(BOOK, region, free_tier=free_tier)
    for item in items:
        assert item.monthly_usd == item.quantity * item.unit_price_usd
    return {item.item: item.monthly_usd for item in items}


def test_two_million_standard_and_one_million_fifo_requests() -> None:
    # 2,000,000 x 0.0000004 = 0.80 and 1,000,000 x 0.0000005 = 0.50.
    assert amounts(Sqs(requests=Decimal(2_000_000))) == {"Requests": Decimal("0.8")}
    assert amounts(SqsFifo(requests=Decimal(1_000_000))) == {"FIFO requests": Decimal("0.5")}


def test_a_fair_queue_of_large_messages_with_the_free_tier() -> None:
    # 1,000,000 of 65 KB count as 2,000,000: 0.80, less 0.40 free, and 2,000,000 x 0.0000001 = 0.20.
    meter = Sqs(requests=Decimal(1_000_000), message_kb=Decimal(65), fair=True)
    assert amounts(meter, free_tier=True) == {
        "Requests": Decimal("0.8"),
        "Free tier, requests": Decimal("-0.4"),
        "Fair queue surcharge": Decimal("0.2"),
    }


def test_a_fifo_queue_is_no_fair_queue() -> None:
    with pytest.raises(Refused, match="not a fair queue") as refused:
        amounts(SqsFifo(requests=Decimal(1), fair=True))
    assert refused.value.key == "fair"


@pytest.mark.parametrize("meter", [Sqs, SqsFifo, Sns, SnsFifo])
def test_messages_have_one_mb_at_most(meter: type[Sqs | Sns | SnsFifo]) -> None:
    amounts(meter(message_kb=Decimal(1024)))
    with pytest.raises(Refused, match="1024 KB at most") as refused:
        amounts(meter(message_kb=Decimal("1024.1")))
    assert refused.value.key == "message_kb"


@pytest.mark.parametrize("meter", [Sqs(), SqsFifo(), Sns(), SnsFifo()])
def test_nothing_asked_for_is_nothing_charged(meter: Meter) -> None:
    assert amounts(meter, free_tier=True, region="xx-nowhere-1") == {}


def test_every_protocol_of_a_topic_has_its_key() -> None:
    # Free: 1,000,000 publishes, 100,000 over HTTP, 1,000 by email. 1,000,000 x 0.0000005 = 0.50;
    # 1,900,000 x 0.0000006 = 1.14; 2,000 x 0.00002 = 0.04; 1,000,000 x 0.00000019 = 0.19;
    # 3,000,000 x 0.0000005 = 1.50.
    meter = Sns(
        publishes=Decimal(2_000_000),
        http_deliveries=Decimal(2_000_000),
        email_deliveries=Decimal(3000),
        sqs_deliveries=Decimal(4_000_000),
        lambda_deliveries=Decimal(5_000_000),
        firehose_deliveries=Decimal(1_000_000),
        mobile_push_deliveries=Decimal(3_000_000),
    )
    assert amounts(meter) == {
        "Publishes, first 1 million requests": 0,
        "Publishes, above 1 million requests": Decimal("0.5"),
        "Deliveries, HTTP, first 100,000 notifications": 0,
        "Deliveries, HTTP, above 100,000 notifications": Decimal("1.14"),
        "Deliveries, email, first 1,000 notifications": 0,
        "Deliveries, email, above 1,000 notifications": Decimal("0.04"),
        "Deliveries, SQS": 0,
        "Deliveries, Lambda": 0,
        "Deliveries, Firehose": Decimal("0.19"),
        "Deliveries, mobile push": Decimal("1.5"),
    }
    # What is free is part of the price, and no allowance of the account.
    assert amounts(meter, free_tier=True) == amounts(meter)


@pytest.mark.parametrize("name", ["http", "email", "mobile_push"])
def test_large_messages_go_to_queues_functions_and_firehose_alone(name: str) -> None:
    quantity = {f"{name}_deliveries": Decimal(1)}
    amounts(Sns(message_kb=Decimal(256), **quantity))
    with pytest.raises(Refused, match="above 256 KB") as refused:
        amounts(Sns(message_kb=Decimal(257), **quantity))
    assert refused.value.key == f"{name}_deliveries"
    large = Sns(message_kb=Decimal(257), firehose_deliveries=Decimal(1_000_000))
    # 257 KB are five chunks: 5,000,000 x 0.00000019.
    assert amounts(large) == {"Deliveries, Firehose": Decimal("0.95")}


def test_a_fifo_topic() -> None:
    # 1,048,576 messages of 2 KB are 2 GB: 1,048,576 x 0.0000003 = 0.3145728, 2 x 0.017 = 0.034;
    # delivered twice: 2,097,152 x 0.00000001 = 0.02097152, 4 x 0.001 = 0.004.
    meter = SnsFifo(
        publishes=Decimal(1_048_576), message_kb=Decimal(2), deliveries=Decimal(2_097_152)
    )
    assert amounts(meter) == {
        "FIFO publishes": Decimal("0.3145728"),
        "FIFO publishes, payload": Decimal("0.034"),
        "FIFO deliveries": Decimal("0.02097152"),
        "FIFO deliveries, payload": Decimal("0.004"),
    }


def test_a_price_that_is_not_known_stops_the_quote() -> None:
    with pytest.raises(PriceMissing, match="sns/publish-requests in eu-central-1"):
        amounts(Sns(publishes=Decimal(1)), region="eu-central-1")


def test_a_message_of_unknown_size_has_its_reason() -> None:
    for meter in (Sqs, SqsFifo, Sns, SnsFifo):
        assert set(meter().assumed()) == {"message_kb"}
        assert meter(message_kb=Decimal(1)).assumed() == {}


def test_total_of_a_quote() -> None:
    items = Sqs(requests=Decimal(1_500_000)).line_items(BOOK, "us-east-1", free_tier=True)
    # 500,000 x 0.0000004.
    assert total(items) == Decimal("0.2")
