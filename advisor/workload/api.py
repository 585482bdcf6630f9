"""What the front door must be able to do."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.fields import Kilobytes, Megabytes, Seconds, WholeNumber, about


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
