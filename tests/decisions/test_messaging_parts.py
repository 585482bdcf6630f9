"""What each service costs that carries messages; each amount is worked out by hand.

The load is 10 million messages of 4 KB in 730 hours of us-east-1: 3.8 a second, or 0.38 batches
of ten, more than the 0.25 polls a second of an event source mapping, so no poll finds nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from advisor.cost.bill import total
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.messages import MESSAGING, Messages, messaging_part
from advisor.decisions.part import without_formula
from advisor.decisions.situation import resolve
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook
from advisor.workload import Workload

if TYPE_CHECKING:
    from advisor.decisions.part import Part

BOOK = PriceBook()
MILLION = 1_000_000
FANOUT: dict[str, Any] = {"pattern": "fanout", "consumers": 3}
# 10 million × 4 KB ÷ 1,048,576 KB per GB.
GB = Decimal("38.14697265625")


def flow(
    monthly: float = 10 * MILLION,
    peak: float = 30,
    assumptions: Assumptions | None = None,
    **m: Any,
) -> Messages:
    tree = {
        "name": "x",
        "region": "us-east-1",
        "traffic": {"monthly_requests": monthly, "peak_rps": peak},
        "messaging": m,
    }
    found = resolve(msgspec.convert(tree, Workload), assumptions or Assumptions()).messages
    assert found is not None
    return found


def part(
    option: str, flow: Messages, *, region: str = "us-east-1", free_tier: bool = False
) -> Part:
    return messaging_part(option, flow, region, BOOK, free_tier=free_tier)


def amounts(option: str, flow: Messages, *, free_tier: bool = False) -> dict[str, Decimal]:
    found = part(option, flow, free_tier=free_tier)
    assert found.is_priced
    return {item.item: item.monthly_usd for item in found.line_items}


# --- SQS ---


@pytest.mark.parametrize(
    ("messaging", "millions"),
    [
        ({}, "12"),  # 10 sent, 1 of ten received, 1 deleted
        ({"batch_size": 1}, "30"),
        ({"batch_size": 5000}, "12"),  # a request carries ten
        ({"message_kb": 64}, "21"),  # a batch of 640 KB is ten requests
        ({"message_kb": 65}, "32"),  # sends of two chunks, batches of 650 KB are 11: 20 + 11 + 1
        ({"message_kb": 0}, "12"),
        # Half of the deliveries fail: 1 + 1/2 + 1/4 + 1/8 + 1/16 = 1.9375 for each message.
        ({"failure_fraction": 0.5}, "12.9375"),
        ({"failure_fraction": 0.5, "max_receive_count": 1}, "12"),
        ({"failure_fraction": 1}, "16"),  # five times
        # Consumers, filters and accounts do not change the one queue.
        ({**FANOUT, "pass_fraction": 0.1, "consumer_accounts": 3}, "12"),
    ],
)
def test_requests_of_a_queue(messaging: dict[str, Any], millions: str) -> None:
    # × $0.40 a million; FIFO × $0.50.
    found = flow(**messaging)

    assert amounts("sqs", found) == {"Requests": Decimal(millions) * Decimal("0.4")}
    assert amounts("sqs-fifo", found) == {"FIFO requests": Decimal(millions) * Decimal("0.5")}


@pytest.mark.parametrize(
    ("monthly", "empty"),
    [
        (0, 657_000),  # 5 pollers ÷ 20 s × 3,600 × 730
        # x = 10,000 ÷ 2,628,000 s × 20 s ÷ 5 = 0.0152207 messages in a poll: × x / (e^x − 1)
        (10_000, 652_013),
        (6_570_000, 298.291),  # x = 10: 6,570,000 ÷ 22,025.47
        (10_000_000, 0),  # x = 15.2: fewer than one in a million messages
    ],
)
def test_polls_that_find_nothing(monthly: float, empty: float) -> None:
    (item,) = part("sqs", flow(monthly=monthly)).line_items

    assert float(item.quantity) - 1.2 * monthly == pytest.approx(empty, abs=1)


def test_a_day_with_idle_hours_has_more_empty_polls() -> None:
    # 12 of 24 hours without a message poll in vain: 328,500; in the others every poll finds some.
    tree = {
        "name": "x",
        "region": "us-east-1",
        "traffic": {"monthly_requests": 10 * MILLION, "idle_hours_per_day": 12, "peak_rps": 30},
        "messaging": {},
    }
    found = resolve(msgspec.convert(tree, Workload), Assumptions()).messages
    assert found is not None

    assert found.idle_polls() == 328_500


def test_a_fair_queue_and_its_free_requests() -> None:
    # 12 million × $0.10 more; a million free × $0.40.
    assert amounts("sqs", flow(multi_tenant=True), free_tier=True) == {
        "Requests": Decimal("4.8"),
        "Free tier, requests": Decimal("-0.4"),
        "Fair queue surcharge": Decimal("1.2"),
    }
    # FIFO queues have groups in any case.
    assert set(amounts("sqs-fifo", flow(multi_tenant=True))) == {"FIFO requests"}


# --- SNS ---


def test_a_topic_with_a_queue_of_each_consumer() -> None:
    # 10 million publishes, the first free: 9 × $0.50. Each of 3 queues takes 12 million requests.
    assert amounts("sns", flow(**FANOUT)) == {
        "Publishes, first 1 million requests": 0,
        "Publishes, above 1 million requests": Decimal("4.5"),
        "Deliveries, SQS": 0,
        "Requests": Decimal("14.4"),
    }


def test_consumers_take_what_passes_their_filter() -> None:
    # 5 million each: 5 + 0.5 + 0.5; x = 7.61035 messages in a poll leave 5,000,000 ÷ (e^x − 1) =
    # 2,477.7 empty ones: 6.0024777 × 3.
    found = amounts("sns", flow(**FANOUT, filtering="attribute", pass_fraction=0.5))

    assert float(found["Requests"]) == pytest.approx(18.0074331 * 0.4)


@pytest.mark.parametrize(
    ("protocol", "kb", "usd"),
    [
        ("lambda", 4, "0"),
        ("http", 4, "17.94"),  # 30 million, 100,000 free, × $0.60
        ("http", 65, "35.94"),  # two notifications each: 59.9 × 0.60
        ("firehose", 4, "5.70"),  # 30 × $0.19
    ],
)
def test_deliveries_without_a_queue(protocol: str, kb: float, usd: str) -> None:
    found = part("sns", flow(**FANOUT, consumer_protocol=protocol, message_kb=kb))
    deliveries = [item for item in found.line_items if "Deliver" in item.item]

    assert total(deliveries) == Decimal(usd)
    assert not any(item.service == "sqs" for item in found.line_items)
    assert bool(found.unpriced) == (protocol == "firehose")


def test_a_large_publish_counts_for_each_64_kb() -> None:
    # 20 million, one free, × $0.50.
    found = amounts("sns", flow(**FANOUT, message_kb=65))

    assert found["Publishes, above 1 million requests"] == Decimal("9.5")


def test_a_fifo_topic_is_charged_by_message_and_by_gb() -> None:
    # 10 × $0.30 and 30 × $0.01; 4 KB at $0.017 and three times at $0.001; 36 million × $0.50.
    assert amounts("sns-fifo", flow(**FANOUT, ordering="group")) == {
        "FIFO publishes": 3,
        "FIFO publishes, payload": GB * Decimal("0.017"),
        "FIFO deliveries": Decimal("0.3"),
        "FIFO deliveries, payload": 3 * GB * Decimal("0.001"),
        "FIFO requests": 18,
    }


@pytest.mark.parametrize(
    ("option", "messaging", "component"),
    [
        ("sns", {"filtering": "payload"}, "payload-filtering"),
        ("sns-fifo", {"filtering": "payload"}, "payload-filtering"),
        ("sns-fifo", {"replay": True}, "fifo-archive"),
        ("kinesis", {"retention_hours": 25}, "ondemand-extended-retention"),
    ],
)
def test_what_is_charged_at_an_unknown_price_is_named(
    option: str, messaging: dict[str, Any], component: str
) -> None:
    found = part(option, flow(**messaging))

    assert component in [error.component for error in found.missing]
    assert not found.is_priced


def test_a_price_without_a_formula_is_missing_too() -> None:
    class Table:
        def price(self, *_: str) -> None:
            """Know every price."""

    with pytest.raises(PriceMissing, match="how this price is charged is not known"):
        without_formula(cast("PriceBook", Table()), "sns", "payload-filtering", "us-east-1")


# --- EventBridge ---


@pytest.mark.parametrize(("kb", "events"), [(64, 10), (65, 20), (256, 40)])
def test_an_event_counts_for_each_64_kb(kb: float, events: int) -> None:
    # × $1 a million.
    found = amounts("eventbridge", flow(message_kb=kb, consumer_protocol="lambda", **FANOUT))

    assert found == {"Custom events": events}


def test_a_bus_with_a_queue_of_each_consumer() -> None:
    found = part("eventbridge", flow(**FANOUT))

    assert [item.monthly_usd for item in found.line_items] == [10, Decimal("14.4")]
    assert found.sizing["buffered_by"] == "sqs"


@pytest.mark.parametrize(
    ("messaging", "item", "usd"),
    [
        # 30 million × $0.20; those that pass.
        ({"consumer_protocol": "http"}, "API destination invocations", "6"),
        ({"consumer_protocol": "http", "pass_fraction": 0.5}, "API destination invocations", "3"),
        # Two accounts are not the sender's: 20 million × $0.05, in two chunks twice that.
        ({"consumer_accounts": 3}, "Cross-account deliveries", "1"),
        ({"consumer_accounts": 3, "message_kb": 65}, "Cross-account deliveries", "2"),
        ({"cross_account": True}, "Cross-account deliveries", "0.5"),
        # All of them come once more from an archive.
        (
            {"cross_account": True, "replay": True, "retention_hours": 1, "replay_fraction": 1},
            "Cross-account deliveries",
            "1",
        ),
        ({"cross_account": True, "consumer_accounts": 1}, "Cross-account deliveries", "0.5"),
    ],
)
def test_deliveries_that_leave(messaging: dict[str, Any], item: str, usd: str) -> None:
    assert amounts("eventbridge", flow(**FANOUT, **messaging))[item] == Decimal(usd)


def test_an_archive_is_charged_for_what_it_takes_keeps_and_gives_back() -> None:
    # 38.147 GB × $0.10, a tenth of a month's × $0.023; a million replayed × $1, which come to the
    # three queues again: 11 million × 1.2 × 3 = 39.6 million requests × $0.40.
    found = amounts(
        "eventbridge", flow(**FANOUT, replay=True, retention_hours=73, replay_fraction=0.1)
    )

    assert found == {
        "Custom events": 10,
        "Archive processing": GB * Decimal("0.1"),
        "Archive storage": GB / 10 * Decimal("0.023"),
        "Replayed events": 1,
        "Requests": Decimal("15.84"),
    }
    assert part("eventbridge", flow(replay=True)).unknown == ("messaging.retention_hours",)


# --- Kinesis ---


def test_a_stream_takes_the_cheaper_of_its_modes() -> None:
    # One shard carries 30 records and 120 KB a second: 730 × $0.015 = 10.95; 10 million units of
    # 25 KB × $0.014. On demand it is $0.04 an hour, 29.20, before any data.
    found = part("kinesis", flow())

    assert found.sizing == {"mode": "provisioned", "shards": 1}
    assert [item.monthly_usd for item in found.line_items] == [
        Decimal("10.95"),
        Decimal("0.14"),
    ]


def test_a_high_peak_is_cheaper_on_demand() -> None:
    # 5,000 a second × 4 KB for 3 consumers: 60,000 ÷ 2,048 = 30 shards would be 328.50. On demand
    # 29.20, 38.147 GB × $0.08, and read three times × $0.04.
    found = part("kinesis", flow(peak=5000, **FANOUT))

    assert found.sizing == {"mode": "on-demand"}
    assert [item.monthly_usd for item in found.line_items] == [
        Decimal("29.2"),
        GB * Decimal("0.08"),
        3 * GB * Decimal("0.04"),
    ]


@pytest.mark.parametrize(
    ("peak", "messaging", "shards"),
    [
        (1000, {"message_kb": 1}, 1),
        (1001, {"message_kb": 1}, 2),  # 1,000 records
        (300, {"message_kb": 4}, 2),  # 1,200 of 1,024 KB
        (300, {"message_kb": 4, "consumers": 4}, 3),  # 4,800 of 2,048 KB read
        (30, {"message_kb": 4, "throughput_mps": 2500}, 10),  # 10,000 KB of the stated rate
        (0.1, {}, 1),
    ],
)
def test_shards_for_records_data_and_readers(
    peak: float, messaging: dict[str, Any], shards: int
) -> None:
    found = part("kinesis", flow(monthly=1000, peak=peak, **messaging))

    assert found.sizing.get("shards", shards) == shards
    if "shards" in found.sizing:
        assert found.line_items[0].quantity == 730 * shards


def test_more_consumers_than_reads_have_enhanced_fan_out() -> None:
    # Six consumers, five reads a second. In a shard 11.09, and 11.45 for each consumer: 79.76.
    # On demand 29.20 + 38.147 GB × $0.08 + 6 × 38.147 × $0.05 = 43.70.
    found = part("kinesis", flow(pattern="fanout", consumers=6, ordering="group"))

    assert found.sizing["readers"] == "enhanced fan-out"
    assert total(found.line_items) == Decimal("29.2") + GB * (Decimal("0.08") + Decimal("0.3"))
    assert total(part("kinesis", flow(**{**FANOUT, "consumers": 5})).line_items) == Decimal("11.09")


def test_one_order_of_all_has_one_shard_to_read() -> None:
    # 200 × 4 KB for 4 consumers are 3,200 of the 2,048 KB that a shard gives to those who share it.
    shared = part("kinesis", flow(peak=200, consumers=4, pattern="fanout", ordering="group"))
    alone = part("kinesis", flow(peak=200, consumers=4, pattern="fanout", ordering="global"))

    assert shared.sizing == {"mode": "provisioned", "shards": 2}
    assert alone.sizing["readers"] == "enhanced fan-out"


def test_more_consumers_than_enhanced_fan_out_serves_have_no_known_price() -> None:
    found = part("kinesis", flow(pattern="fanout", consumers=21))

    assert [error.component for error in found.missing] == ["ondemand-advantage"]


@pytest.mark.parametrize(("kb", "billed_kb"), [(0, 1), (0.5, 1), (1, 1), (3.2, 4)])
def test_each_record_is_rounded_up_to_a_kb(kb: float, billed_kb: int) -> None:
    found = part("kinesis", flow(peak=100_000, message_kb=kb))
    written = {item.item: item.quantity for item in found.line_items}["Data written"]

    assert written == Decimal(10 * MILLION * billed_kb) / (1024 * 1024)


def test_a_record_is_a_unit_for_each_25_kb() -> None:
    # 26 KB are two: 20 million × $0.014.
    assert amounts("kinesis", flow(message_kb=26))["PUT payload units"] == Decimal("0.28")


# --- Pipes and schedules ---


def test_a_pipe_is_charged_by_the_batch_beside_its_queue() -> None:
    # A million batches × $0.40; the queue is that of above.
    found = part("eventbridge-pipes", flow(pattern="point_to_point"))

    assert found.sizing == {"source": "sqs", "batch_size": 10}
    assert [item.monthly_usd for item in found.line_items] == [Decimal("0.4"), Decimal("4.8")]


@pytest.mark.parametrize(
    ("messaging", "millions"),
    [
        ({"batch_size": 10, "message_kb": 6.4}, "1"),  # exactly 64 KB
        ({"batch_size": 10, "message_kb": 6.5}, "2"),
        ({"failure_fraction": 0.5, "max_receive_count": 2}, "1.5"),
        ({"pass_fraction": 0}, "0"),
        # A batch of two is empty in a quarter of the cases: 5 × 3/4.
        ({"pass_fraction": 0.5, "batch_size": 2}, "3.75"),
        # 20, 40 and 60 KB are one chunk, 80 KB two: 2.5 × (4 + 6 + 4 + 2 × 1) ÷ 16. The mean of
        # what passes, 40 KB, would be one, 2.5 × 15/16.
        ({"pass_fraction": 0.5, "batch_size": 4, "message_kb": 20}, "2.5"),
    ],
)
def test_a_pipe_counts_what_is_left_of_each_batch(messaging: dict[str, Any], millions: str) -> None:
    found = part("eventbridge-pipes", flow(pattern="point_to_point", **messaging))
    own = [item for item in found.line_items if item.service == "eventbridge"]

    assert float(total(own)) == pytest.approx(float(millions) * 0.4, abs=1e-9)


def test_a_pipe_reads_a_fifo_queue_in_order_and_a_stream_where_it_is_one() -> None:
    ordered = part("eventbridge-pipes", flow(ordering="group", batch_size=100))
    stream = part("eventbridge-pipes", flow(pattern="stream", batch_size=100))

    # FIFO batches are of ten at the most: a million × $0.40 and 12 million × $0.50.
    assert ordered.sizing == {"source": "sqs-fifo", "batch_size": 10}
    assert total(ordered.line_items) == Decimal("6.4")
    # Batches of 400 KB are 7 chunks: 700,000 × $0.40; the shard and its units.
    assert stream.sizing == {"source": "kinesis", "mode": "provisioned", "shards": 1}
    assert total(stream.line_items) == Decimal("0.28") + Decimal("11.09")


@pytest.mark.parametrize(("monthly", "usd"), [(14 * MILLION, 0), (15 * MILLION, 1)])
def test_schedules_have_14_million_free(monthly: float, usd: int) -> None:
    assert total(part("eventbridge-scheduler", flow(monthly=monthly)).line_items) == usd


# --- all of them ---


@pytest.mark.parametrize("option", MESSAGING)
@pytest.mark.parametrize(("monthly", "kb"), [(0, 0), (0, 1e9), (1e15, 0), (1e15, 1e9)])
def test_absurd_loads_have_a_price_all_the_same(option: str, monthly: float, kb: float) -> None:
    absurd = flow(
        monthly=monthly,
        peak=1e9,
        message_kb=kb,
        pattern="fanout",
        consumers=1_000_000_000,
        consumer_accounts=1_000_000_000,
        batch_size=10_000,
        failure_fraction=1,
        max_receive_count=1000,
        pass_fraction=0.5,
    )
    exact = part(option, absurd, free_tier=True)
    found = messaging_part(option, absurd, "us-east-1", BOOK.in_floats(), free_tier=True)

    assert float(total(exact.line_items)) == pytest.approx(float(total(found.line_items)))
    assert total(exact.line_items) >= 0
    if monthly:
        assert total(exact.line_items) > 0


@pytest.mark.parametrize("field", ["consumers", "consumer_accounts"])
def test_messages_that_nobody_takes_are_refused(field: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=field):
        flow(**dict[str, Any]({field: 0}))


@pytest.mark.parametrize("option", MESSAGING)
def test_a_region_without_prices_names_them(option: str) -> None:
    found = part(option, flow(**FANOUT, multi_tenant=True), region="xx-nowhere-1")

    assert found.line_items == ()
    assert {error.region for error in found.missing} == {"xx-nowhere-1"}


def test_one_missing_price_hides_no_other_piece() -> None:
    # Ireland's queues have a price, its surcharge for fair ones is not known.
    found = part("sqs", flow(multi_tenant=True), region="eu-west-1")

    assert total(found.line_items) == Decimal("4.8")
    assert [error.component for error in found.missing] == ["fair-queue-surcharge"]


def test_another_option_is_an_error() -> None:
    with pytest.raises(KeyError, match="no option of the messaging decision"):
        part("carrier-pigeon", flow())


def test_every_value_that_is_filled_in_is_listed() -> None:
    assumptions = Assumptions()
    flow(assumptions=assumptions, failure_fraction=0.1, consumer_accounts=3)
    listed = {each.field: each.value for each in assumptions.listed()}

    assert (
        listed.items()
        >= {
            "messaging.message_kb": 4,
            "messaging.batch_size": 10,
            "messaging.max_receive_count": 5,
            "messaging.consumers": 1,
            "messaging.pattern": "queue",
            "messaging.other_accounts": 2,
        }.items()
    )
