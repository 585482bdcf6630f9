"""What the front door, the workflow and the messaging must be able to do."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.fields import (
    Count,
    Fraction,
    Kilobytes,
    Megabytes,
    Milliseconds,
    Rate,
    Seconds,
    WholeNumber,
    about,
)


class Api(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The HTTP front door."""

    needed: Annotated[bool | None, about("A front door is wanted.", default=True)] = None
    style: Annotated[
        Literal["request_response", "websocket", "webhook", "none"] | None,
        about("Kind of conversation.", default="request_response"),
    ] = None
    auth: Annotated[
        Annotated[
            list[Literal["jwt", "iam", "cognito", "lambda", "api_key", "mtls", "none"]],
            Meta(max_length=7),
        ]
        | None,
        about("How callers are authenticated.", default=["none"], example=["jwt"]),
    ] = None
    waf: Annotated[
        Literal["none", "edge-ok", "direct"] | None,
        about(
            "AWS WAF: none, edge-ok (on CloudFront will do), direct (on the front door itself).",
            default="none",
        ),
    ] = None
    waf_rules: Annotated[
        WholeNumber | None,
        about("Rules of the web ACL, a managed rule group counted as one.", default=5, example=5),
    ] = None
    api_keys: Annotated[bool | None, about("API keys.", default=False)] = None
    usage_plans: Annotated[bool | None, about("Usage plans.", default=False)] = None
    per_client_throttle: Annotated[bool | None, about("Throttling per client.", default=False)] = (
        None
    )
    request_validation: Annotated[
        Literal["none", "handler", "gateway"] | None,
        about("Where requests are validated.", default="none"),
    ] = None
    request_body_transform: Annotated[
        bool | None, about("The front door rewrites request bodies.", default=False)
    ] = None
    response_body_transform: Annotated[
        bool | None, about("The front door rewrites response bodies.", default=False)
    ] = None
    response_caching: Annotated[
        Literal["none", "edge", "gateway"] | None,
        about("Where responses are cached.", default="none"),
    ] = None
    cache_gb: Annotated[
        Annotated[float, Meta(gt=0, le=1e6)] | None,
        about(
            "Size of a REST API's cache, in GB; the next larger size on offer is taken.",
            default=0.5,
            example=0.5,
        ),
    ] = None
    content_encoding: Annotated[
        Literal["none", "handler", "gateway"] | None,
        about("Who compresses responses.", default="none"),
    ] = None
    private: Annotated[bool | None, about("Reachable from inside a VPC only.", default=False)] = (
        None
    )
    edge_optimized: Annotated[bool | None, about("An edge-optimised endpoint.", default=False)] = (
        None
    )
    resource_policy: Annotated[bool | None, about("A resource policy.", default=False)] = None
    canary: Annotated[
        Literal["none", "alias", "gateway"] | None,
        about("Where canary releases are steered.", default="none"),
    ] = None
    execution_logs: Annotated[
        bool | None, about("Execution logs of the front door.", default=False)
    ] = None
    xray: Annotated[bool | None, about("X-Ray on the front door.", default=False)] = None
    developer_portal: Annotated[bool | None, about("A developer portal.", default=False)] = None
    custom_domain: Annotated[bool | None, about("A domain name of your own.", default=False)] = None
    single_function: Annotated[
        bool | None, about("One function answers everything.", default=False)
    ] = None
    backend: Annotated[
        Literal["lambda", "alb", "nlb", "cloudmap", "http", "aws_service"] | None,
        about("What the front door calls. Not stated: what the compute decision chooses."),
    ] = None
    average_request_size_kb: Annotated[
        Kilobytes | None, about("Mean request with headers, in KB.", default=2, example=12)
    ] = None
    average_payload_kb: Annotated[
        Kilobytes | None,
        about("Mean request plus response, in KB.", default=6, example=18),
    ] = None
    max_request_mb: Annotated[
        Megabytes | None,
        about(
            "Largest request, in MB. Not stated: 1, where the mean is a tenth of that at the most.",
            example=1,
        ),
    ] = None
    max_response_mb: Annotated[
        Megabytes | None,
        about(
            "Largest response, in MB. Not stated: 1, where the mean is a tenth of that at the"
            " most.",
            example=1,
        ),
    ] = None
    max_response_s: Annotated[
        Seconds | None,
        about(
            "Longest time until the response ends, in s. Not stated: the longest run of the code,"
            " or ten times its mean where that is short.",
            example=20,
        ),
    ] = None
    async_ok: Annotated[
        bool | None, about("Answering 202 and working later is fine.", default=False)
    ] = None
    streaming_response: Annotated[bool | None, about("Responses are streamed.", default=False)] = (
        None
    )
    stream_idle_s: Annotated[
        Seconds | None, about("Longest pause inside a streamed response, in s.", default=0)
    ] = None
    header_bytes: Annotated[
        Annotated[float, Meta(ge=0, le=1e7)] | None,
        about("Total size of the headers, in bytes.", example=3000),
    ] = None
    websocket_session_s: Annotated[
        Seconds | None, about("Longest WebSocket connection, in s.", default=0)
    ] = None
    websocket_idle_s: Annotated[
        Seconds | None, about("Longest silence on a WebSocket connection, in s.", default=0)
    ] = None
    websocket_message_kb: Annotated[
        Kilobytes | None, about("Largest WebSocket message, in KB.", default=0)
    ] = None
    requests_per_connection: Annotated[
        Annotated[float, Meta(ge=1, le=1e9)] | None,
        about(
            "Requests that a client sends over one connection; a load balancer charges for new"
            " and open connections.",
            default=1,
            example=10,
        ),
    ] = None
    connection_duration_s: Annotated[
        Seconds | None,
        about(
            "How long a client's connection stays open, in s; a load balancer's idle timeout is"
            " 60 s unless changed.",
            default=60,
            example=60,
        ),
    ] = None
    load_balancer_rules: Annotated[
        WholeNumber | None,
        about("Listener rules that a load balancer processes for a request.", default=1),
    ] = None


class Workflow(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Steps that must run in order, with retries and waits."""

    needed: Annotated[bool | None, about("A workflow is wanted.", default=True)] = None
    states: Annotated[WholeNumber | None, about("States in the definition.", example=6)] = None
    transitions_per_execution: Annotated[
        Count | None, about("State transitions of one execution, retries included.", example=6)
    ] = None
    history_events_per_execution: Annotated[
        Count | None, about("History events of one execution.", example=40)
    ] = None
    operations_per_execution: Annotated[
        Count | None,
        about("Durable operations of one execution, retries and polls included.", example=8),
    ] = None
    persisted_mb: Annotated[
        Megabytes | None, about("Data that one durable execution persists, in MB.", example=0.2)
    ] = None
    branches: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000_000)] | None,
        about(
            "Items of a Map, or branches of a Parallel state, that one execution runs.",
            default=1,
            example=20,
        ),
    ] = None
    branch_states: Annotated[
        WholeNumber | None,
        about("States that each branch runs, counted once among the states.", default=1),
    ] = None
    retry_fraction: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None,
        about("Retries for each step that runs: 0.02 when one step in 50 is retried.", default=0),
    ] = None
    duration_mean_s: Annotated[
        Seconds | None, about("Mean duration of an execution, in s.", example=12)
    ] = None
    definition_kb: Annotated[
        Kilobytes | None, about("Size of the workflow's definition, in KB.", default=10)
    ] = None
    monthly_executions: Annotated[
        Count | None, about("Executions in a month.", example=1_200_000)
    ] = None
    starts_per_second: Annotated[
        Rate | None, about("Executions started per second at the peak.", example=8)
    ] = None
    duration_p99_s: Annotated[
        Seconds | None, about("99th percentile of an execution's duration, in s.", example=45)
    ] = None
    payload_kb: Annotated[
        Kilobytes | None,
        about("State data passed between steps, in KB.", default=4, example=6),
    ] = None
    idempotent: Annotated[bool | None, about("Steps may run twice.", default=False)] = None
    human_approval: Annotated[bool | None, about("A person approves.", default=False)] = None
    callback: Annotated[
        bool | None, about("Waits for a task token to come back.", default=False)
    ] = None
    sync_jobs: Annotated[bool | None, about("Waits for jobs to end (.sync).", default=False)] = None
    activities: Annotated[bool | None, about("Uses activities.", default=False)] = None
    distributed_map: Annotated[bool | None, about("Uses Distributed Map.", default=False)] = None
    map_concurrency: Annotated[
        WholeNumber | None, about("Branches of a Map at once.", default=0)
    ] = None
    redrive: Annotated[
        bool | None, about("Failed executions are resumed (redrive).", default=False)
    ] = None
    sync_response: Annotated[
        bool | None, about("The caller waits for the result.", default=False)
    ] = None
    linear: Annotated[bool | None, about("No branches.", default=False)] = None
    code_first: Annotated[
        bool | None, about("Written in code rather than in a definition.", default=False)
    ] = None
    language: Annotated[
        Literal["python", "nodejs", "java", "dotnet", "go", "ruby", "rust"] | None,
        about("Language of the workflow's code."),
    ] = None
    service_integrations: Annotated[
        WholeNumber | None, about("AWS services called directly.", default=0)
    ] = None
    non_developer_readers: Annotated[
        bool | None, about("People who do not code read it.", default=False)
    ] = None
    audit_history_days: Annotated[
        Annotated[float, Meta(ge=0, le=1e5)] | None,
        about("Days for which the history must be kept.", default=0),
    ] = None


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
