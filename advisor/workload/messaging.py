"""What the messaging must be able to do."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.fields import (
    Count,
    Fraction,
    Kilobytes,
    Milliseconds,
    Rate,
    Seconds,
    WholeNumber,
    about,
)


class Messaging(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Messages between parts."""

    needed: Annotated[bool | None, about("Messaging is wanted.", default=True)] = None
    pattern: Annotated[
        Literal["queue", "fanout", "routing", "point_to_point", "stream", "schedule"] | None,
        about("Shape of the flow.", default="queue"),
    ] = None
    consumers: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000_000)] | None,
        about("Consumer groups.", default=1),
    ] = None
    consumer_accounts: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000_000)] | None,
        about("AWS accounts that consume.", default=1),
    ] = None
    cross_account: Annotated[bool | None, about("Crosses accounts.", default=False)] = None
    saas_or_aws_events: Annotated[
        bool | None, about("Events of AWS services or SaaS partners.", default=False)
    ] = None
    ordering: Annotated[
        Literal["none", "group", "global"] | None, about("Order that must hold.", default="none")
    ] = None
    dedup_window_s: Annotated[
        Seconds | None, about("Time in which duplicates must be dropped, in s.", default=0)
    ] = None
    side_effects: Annotated[
        bool | None, about("Handling a message twice does harm.", default=False)
    ] = None
    message_kb: Annotated[Kilobytes | None, about("Mean message, in KB.", default=4, example=4)] = (
        None
    )
    throughput_mps: Annotated[
        Rate | None, about("Messages per second at the peak.", example=60)
    ] = None
    per_group_mps: Annotated[
        Rate | None, about("Messages per second of the busiest group.", default=0)
    ] = None
    per_group_kbps: Annotated[
        Rate | None, about("KB per second of the busiest group.", default=0)
    ] = None
    in_flight_peak: Annotated[Count | None, about("Messages in flight at the peak.")] = None
    backlog_burst: Annotated[
        Count | None, about("Messages that a burst leaves waiting.", default=0)
    ] = None
    processing_time_s: Annotated[
        Seconds | None,
        about(
            "Time that a consumer needs for a message, in s. Not stated: a run of the code, where"
            " it is what works on messages."
        ),
    ] = None
    latency_ms: Annotated[
        Milliseconds | None, about("Time until a message must be taken up, in ms.")
    ] = None
    delay_s: Annotated[Seconds | None, about("Wanted delay, in s.", default=0)] = None
    retention_hours: Annotated[
        Annotated[float, Meta(ge=0, le=1e6)] | None,
        about(
            "Hours for which messages must be kept. Not stated: 24, unless they are replayed.",
            example=96,
        ),
    ] = None
    replay: Annotated[bool | None, about("Messages must be replayable.", default=False)] = None
    outage_tolerance_s: Annotated[
        Seconds | None, about("Consumer outage that must lose nothing, in s.", example=3600)
    ] = None
    filtering: Annotated[
        Literal["none", "attribute", "payload"] | None,
        about("What messages are filtered by.", default="none"),
    ] = None
    filter_rules: Annotated[WholeNumber | None, about("Filter rules.", default=0)] = None
    targets_per_rule: Annotated[WholeNumber | None, about("Targets of one rule.", default=1)] = None
    enrichment: Annotated[
        bool | None, about("Messages are enriched on the way.", default=False)
    ] = None
    multi_tenant: Annotated[
        bool | None, about("Tenants share it and must not starve each other.", default=False)
    ] = None
    schedule_granularity_s: Annotated[
        Seconds | None, about("Finest step of a schedule, in s.", default=60)
    ] = None
    batch_size: Annotated[
        Annotated[int, Meta(ge=1, le=10_000)] | None,
        about("Messages that a consumer takes at once.", default=10, example=10),
    ] = None
    failure_fraction: Annotated[
        Fraction | None,
        about("Part of the deliveries that fail and are received again.", default=0),
    ] = None
    max_receive_count: Annotated[
        Annotated[int, Meta(ge=1, le=1000)] | None,
        about("Deliveries of a message that may fail before it is a dead letter.", default=5),
    ] = None
    consumer_protocol: Annotated[
        Literal["sqs", "lambda", "http", "firehose"] | None,
        about(
            "What a topic or a bus delivers to: a queue of each consumer, or it directly.",
            default="sqs",
        ),
    ] = None
    pass_fraction: Annotated[
        Fraction | None, about("Part of the messages that pass a consumer's filter.", default=1)
    ] = None
    replay_fraction: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None,
        about("Part of a month's messages that are replayed.", default=0),
    ] = None
