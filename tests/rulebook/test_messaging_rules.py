"""What carries the messages: which services an architect would leave on the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TOPICS_AND_BUSES = {"sns", "sns-fifo", "eventbridge", "eventbridge-custom-bus"}


def needs(**stated: Any) -> dict[str, Any]:
    return {f"messaging.{name}": value for name, value in stated.items()}


SCENARIOS: list[tuple[str, dict[str, Any], set[str]]] = [
    (
        "jobs that workers take, one group of them",
        needs(pattern="queue", throughput_mps=50),
        {"sqs", "sqs-fifo", "eventbridge-pipes"},
    ),
    (
        "jobs of a customer in order",
        needs(pattern="queue", ordering="group", throughput_mps=200, per_group_mps=5),
        {"sqs-fifo", "eventbridge-pipes"},
    ),
    (
        "a ledger: everything in one order, 4,000 a second",
        needs(pattern="queue", ordering="global", throughput_mps=4000),
        set(),
    ),
    (
        "jobs due in two days",
        needs(pattern="queue", delay_s=172_800),
        {"eventbridge-scheduler"},
    ),
    (
        "jobs due in ten minutes",
        needs(pattern="queue", delay_s=600),
        {"sqs", "sqs-fifo", "eventbridge-pipes"},
    ),
    (
        "scanned pages of 2 MB: too large for a queue, not for a stream",
        needs(pattern="queue", message_kb=2048),
        {"kinesis"},
    ),
    (
        "objects that arrive in S3, told by EventBridge, to one queue",
        needs(pattern="queue", saas_or_aws_events=True),
        {"eventbridge", "eventbridge-custom-bus"},
    ),
    (
        "an order placed, told to five teams",
        needs(pattern="fanout", consumers=5, throughput_mps=50),
        TOPICS_AND_BUSES,
    ),
    (
        "clicks told to three services, so many that what a stream saves pays for its order",
        needs(pattern="fanout", consumers=3, throughput_mps=2000),
        TOPICS_AND_BUSES | {"kinesis"},
    ),
    (
        "price changes by product in order, told to three services",
        needs(pattern="fanout", consumers=3, ordering="group", throughput_mps=900),
        {"sns-fifo", "eventbridge-custom-bus", "kinesis"},
    ),
    (
        "webhooks to the endpoints of many partners",
        needs(pattern="fanout", consumers=20, consumer_protocol="http"),
        {"sns", "eventbridge", "eventbridge-custom-bus"},
    ),
    (
        "events that must be heard again after a mistake",
        needs(pattern="fanout", consumers=4, replay=True, retention_hours=720),
        {"sns-fifo", "eventbridge", "eventbridge-custom-bus", "kinesis"},
    ),
    (
        "a company bus: routed by content across accounts, with partners' events",
        needs(
            pattern="routing",
            consumers=8,
            cross_account=True,
            consumer_accounts=4,
            filtering="payload",
            saas_or_aws_events=True,
        ),
        {"eventbridge", "eventbridge-custom-bus"},
    ),
    (
        "routing by an attribute within the account",
        needs(pattern="routing", consumers=3, filtering="attribute"),
        TOPICS_AND_BUSES,
    ),
    (
        "a change stream, filtered and enriched, to one target",
        needs(pattern="point_to_point", filtering="payload", enrichment=True),
        {"eventbridge-pipes"},
    ),
    (
        "clicks for two readers that keep their place",
        needs(pattern="stream", consumers=2, ordering="group", replay=True, retention_hours=168),
        {"kinesis"},
    ),
    (
        "sensor readings for one reader",
        needs(pattern="stream", throughput_mps=20_000, message_kb=1),
        {"kinesis", "eventbridge-pipes"},
    ),
    (
        "copies for whoever subscribes later",
        needs(pattern="fanout"),
        TOPICS_AND_BUSES | {"kinesis"},
    ),
    (
        "jobs that must be heard again after a mistake",
        needs(pattern="queue", replay=True, retention_hours=168),
        {"sns-fifo", "eventbridge", "eventbridge-custom-bus", "kinesis"},
    ),
    (
        "a queue whose messages are filtered, to one target",
        needs(pattern="point_to_point", filtering="payload"),
        {"eventbridge-pipes"},
    ),
    (
        "the same to a target in another account",
        needs(pattern="point_to_point", filtering="payload", cross_account=True),
        TOPICS_AND_BUSES,
    ),
    (
        "a queue whose messages are enriched, to one target",
        needs(pattern="point_to_point", enrichment=True),
        {"eventbridge-pipes"},
    ),
    (
        "pictures of 300 KB pushed to endpoints",
        needs(pattern="fanout", consumers=3, consumer_protocol="http", message_kb=300),
        {"eventbridge", "eventbridge-custom-bus"},
    ),
    (
        "a ticker in one order for all, 2,000 a second",
        needs(pattern="fanout", consumers=3, ordering="global", throughput_mps=2000),
        {"sns-fifo"},
    ),
    (
        "copies that wait ten minutes, without queues",
        needs(pattern="fanout", consumers=3, delay_s=600, consumer_protocol="lambda"),
        {"sns-fifo"},
    ),
    ("a report each night", needs(pattern="schedule"), {"eventbridge-scheduler"}),
    ("a poll every ten seconds", needs(pattern="schedule", schedule_granularity_s=10), set()),
    (
        "a fifteen-day backlog",
        needs(pattern="queue", retention_hours=360),
        {"kinesis"},
    ),
    (
        "work of a day on each message",
        needs(pattern="queue", processing_time_s=86_400),
        {"eventbridge-pipes"},
    ),
]


@pytest.mark.parametrize(
    ("stated", "left"), [each[1:] for each in SCENARIOS], ids=[each[0] for each in SCENARIOS]
)
def test_what_remains(judged: Callable[..., Any], stated: dict[str, Any], left: set[str]) -> None:
    assert judged("messaging", stated).left() == left


@pytest.mark.parametrize(
    ("stated", "option", "companions"),
    [
        ({}, "sqs", {"dead-letter-queue"}),
        ({}, "kinesis", set()),
        (needs(side_effects=True), "sqs", {"dead-letter-queue", "idempotency-table"}),
        (
            {**needs(side_effects=True), "workflow.idempotent": True},
            "sqs",
            {"dead-letter-queue"},
        ),
        (needs(dedup_window_s=300), "sqs-fifo", {"dead-letter-queue"}),
        (needs(dedup_window_s=301), "sqs-fifo", {"dead-letter-queue", "idempotency-table"}),
        (needs(dedup_window_s=60), "sqs", {"dead-letter-queue", "idempotency-table"}),
        (
            needs(pattern="fanout", consumers=3, outage_tolerance_s=3600),
            "eventbridge",
            {"dead-letter-queue", "sqs-queue-per-consumer"},
        ),
        (needs(pattern="fanout", consumers=3), "sns", {"dead-letter-queue"}),
    ],
)
def test_what_a_design_needs_beside_it(
    judged: Callable[..., Any], stated: dict[str, Any], option: str, companions: set[str]
) -> None:
    assert judged("messaging", stated).companions(option) == companions


@pytest.mark.parametrize(
    ("stated", "option", "effect", "rule"),
    [
        (needs(throughput_mps=301, ordering="group"), "sqs-fifo", "require", "msg.fifo.rate"),
        (needs(multi_tenant=True), "sqs", "prefer", "msg.fair"),
        (needs(pattern="fanout", consumers=6), "sns", "prefer", "msg.fanout.sns"),
        (
            needs(pattern="point_to_point", filtering="payload"),
            "eventbridge-pipes",
            "prefer",
            "msg.pipes",
        ),
        (
            {"constraints.downstream_max_concurrency": 200, "option.compute": "lambda"},
            "sqs",
            "require",
            "msg.esm.protect",
        ),
        (needs(throughput_mps=60, processing_time_s=2001), "sqs", "warn", "msg.inflight"),
        ({"derived.drain_concurrency": 1251}, "sqs", "warn", "msg.esm.concurrency"),
    ],
)
def test_what_is_said_of_an_option(
    judged: Callable[..., Any], stated: dict[str, Any], option: str, effect: str, rule: str
) -> None:
    assert rule in judged("messaging", stated).fired(option, effect)


def test_a_mapping_is_not_spoken_of_where_containers_read_the_queue(
    judged: Callable[..., Any],
) -> None:
    stated = {"derived.drain_concurrency": 2000, "option.compute": "fargate"}
    assert not judged("messaging", stated).fired("sqs", "warn")


def test_a_downstream_limit_keeps_the_mapping_out_of_provisioned_mode(
    judged: Callable[..., Any],
) -> None:
    stated = {"derived.drain_concurrency": 2000, "option.compute": "lambda"}
    assert "msg.esm.provisioned" in judged("messaging", stated).fired("sqs", "require")
    limited = {**stated, "constraints.downstream_max_concurrency": 100}
    said = judged("messaging", limited).fired("sqs", "require")
    assert said >= {"msg.esm.protect"}
    assert "msg.esm.provisioned" not in said


@pytest.mark.parametrize(
    ("region", "warned"), [("eu-west-1", False), ("eu-central-1", False), ("eu-west-3", True)]
)
def test_the_same_rate_is_too_high_for_some_regions(
    judged: Callable[..., Any], region: str, *, warned: bool
) -> None:
    stated = {**needs(pattern="fanout", throughput_mps=9000), "region": region}
    said = judged("messaging", stated).fired("eventbridge", "warn")
    assert ("msg.rate.eventbridge" in said) is warned


def test_the_custom_bus_is_not_everywhere(judged: Callable[..., Any]) -> None:
    stated = {**needs(pattern="fanout", consumers=3), "region": "eu-west-3"}
    assert judged("messaging", stated).left() == {"sns", "sns-fifo", "eventbridge", "kinesis"}


def test_what_is_not_stated_excludes_nothing(judged: Callable[..., Any]) -> None:
    stated = needs(pattern="stream", replay=True)
    verdict = judged("messaging", stated).verdict("kinesis", "msg.retention.kinesis")
    assert (verdict.result, verdict.needs) == ("unknown", ("messaging.retention_hours",))


def test_a_reason_has_the_numbers_in_it(judged: Callable[..., Any]) -> None:
    stated = needs(pattern="queue", ordering="global", throughput_mps=4000)
    verdict = judged("messaging", stated).verdict("sqs-fifo", "msg.order.fifo-global")
    assert verdict.because == (
        "One order of all is one message group of 4,000 messages a second; a group carries 3,000,"
        " in batches."
    )
