"""What a rule adds beside an option: dead-letter queues, idempotency tables, queues.

The load is 10 million messages of 4 KB; each amount is worked out by hand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from advisor.cost.bill import total
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.companions import COMPANIONS, companion_items
from advisor.decisions.situation import resolve
from advisor.tariff import PriceBook
from advisor.workload import Workload

if TYPE_CHECKING:
    from advisor.decisions.part import Part

BOOK = PriceBook()
FANOUT: dict[str, Any] = {"pattern": "fanout", "consumers": 3}


def companion(
    name: str, option: str, region: str = "us-east-1", *, monthly: float = 1e7, **messaging: Any
) -> Part:
    tree = {
        "name": "x",
        "region": region,
        "traffic": {"monthly_requests": monthly, "peak_rps": 30},
        "messaging": messaging,
    }
    messages = resolve(msgspec.convert(tree, Workload), Assumptions()).messages
    assert messages is not None
    return companion_items(name, option, messages, region, BOOK, free_tier=True)


@pytest.mark.parametrize(
    ("option", "messaging", "usd"),
    [
        # Half of the deliveries fail, two in a row of a quarter of the messages: 2.5 million are
        # sent and received, × $0.40.
        ("sqs", {}, "2"),
        ("sqs-fifo", {}, "2.5"),  # × $0.50
        ("sqs", {"message_kb": 65}, "4"),  # two chunks each
        ("sqs", {"pass_fraction": 0.1}, "0.2"),
        ("sqs", FANOUT, "2"),  # one queue whoever reads it
        ("sns", FANOUT, "6"),  # a queue of dead letters of each consumer
        ("sns-fifo", FANOUT, "7.5"),
        ("eventbridge", {**FANOUT, "pass_fraction": 0.5}, "3"),
        ("eventbridge-pipes", {}, "2"),
        ("eventbridge-pipes", {"ordering": "group"}, "2.5"),
        ("kinesis", FANOUT, "6"),
    ],
)
def test_each_dead_letter_is_sent_and_received(
    option: str, messaging: dict[str, Any], usd: str
) -> None:
    found = companion(
        "dead-letter-queue", option, failure_fraction=0.5, max_receive_count=2, **messaging
    )

    assert total(found.line_items) == Decimal(usd)
    assert found.sizing["max_receive_count"] == 2


def test_a_dead_letter_queue_without_failures_costs_nothing() -> None:
    assert total(companion("dead-letter-queue", "sqs").line_items) == 0
    # Every delivery fails: 10 million each way.
    assert total(companion("dead-letter-queue", "sqs", failure_fraction=1).line_items) == 8


@pytest.mark.parametrize(
    ("option", "messaging", "writes", "kept_hours"),
    [
        ("sqs", {}, 20, 49),  # an hour until it expires, two days until it is deleted
        ("sqs", {"dedup_window_s": 300}, 20, 49),
        ("sqs", {"dedup_window_s": 86_400}, 20, 72),
        # Half of the deliveries fail, of two at the most: 1.5 deliveries of each message.
        ("sqs", {"failure_fraction": 0.5, "max_receive_count": 2}, 30, 49),
        ("sns", FANOUT, 60, 49),
        ("sns", {**FANOUT, "pass_fraction": 0.1}, 6, 49),
    ],
)
def test_an_idempotency_table_is_written_twice_for_each_delivery(
    option: str, messaging: dict[str, Any], writes: float, kept_hours: float
) -> None:
    # Millions of writes × $0.625; what it stores is below the free 25 GB.
    found = companion("idempotency-table", option, **messaging)

    assert total(found.line_items) == Decimal(writes) * Decimal("0.625")
    assert found.sizing["kept_hours"] == kept_hours


def test_a_large_idempotency_table_is_charged_for_what_it_keeps() -> None:
    # 10 thousand million records of 1 KB for 73 of 730 hours: 9,536.7 GB ÷ 10 less 25 × $0.25.
    found = companion("idempotency-table", "sqs", monthly=1e10, dedup_window_s=25 * 3600)
    stored = {item.item: item.monthly_usd for item in found.line_items}

    kept = Decimal(10**10) / (1024 * 1024) / 10
    assert abs(stored["Storage, above 25 GB-months"] - (kept - 25) / 4) < Decimal("1e-9")


@pytest.mark.parametrize(
    ("option", "messaging", "usd"),
    [
        ("sqs", {}, 0),
        ("sqs-fifo", {}, 0),
        ("sns-fifo", FANOUT, 0),
        ("sns", FANOUT, 0),  # delivers to queues already
        ("eventbridge", FANOUT, 0),
        ("eventbridge-pipes", {}, 0),
        # Three of 12 million requests, less a million free, × $0.40.
        ("sns", {**FANOUT, "consumer_protocol": "lambda"}, 14),
        ("eventbridge", {**FANOUT, "consumer_protocol": "http"}, 14),
        ("kinesis", FANOUT, 14),
        ("eventbridge-pipes", {"pattern": "stream"}, "4.4"),
    ],
)
def test_queues_are_added_where_the_bill_has_none(
    option: str, messaging: dict[str, Any], usd: str
) -> None:
    found = companion("sqs-queue-per-consumer", option, **messaging)

    assert total(found.line_items) == Decimal(usd)
    assert found.sizing["queues"] == messaging.get("consumers", 1)


@pytest.mark.parametrize("name", COMPANIONS)
def test_a_region_without_a_price_names_it(name: str) -> None:
    found = companion(name, "kinesis", "xx-nowhere-1", failure_fraction=0.5)

    assert found.line_items == ()
    assert not found.is_priced


def test_a_companion_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError, match="no companion that is known"):
        companion("carrier-pigeon", "sqs")
