"""The circumstances: objectives, limits, discounts, leanings, and what is deployed today."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.fields import Fraction, Megabytes, Milliseconds, Rate, WholeNumber, about


class ServiceLevel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The latency that callers must see."""

    latency_percentile: Annotated[
        Annotated[float, Meta(ge=1, lt=100)] | None,
        about("Percentile that the objective is about.", default=99),
    ] = None
    latency_p99_ms: Annotated[
        Milliseconds | None,
        about("Latency objective at that percentile, in ms, seen by the caller.", example=800),
    ] = None
    cold_start_tolerated: Annotated[
        bool | None, about("A slow first request bothers nobody.", default=False)
    ] = None
    cold_start_budget_ms: Annotated[
        Milliseconds | None,
        about("Extra latency that a cold request may have, in ms.", example=500),
    ] = None
    availability: Annotated[
        Fraction | None, about("Availability objective, as a fraction.", example=0.999)
    ] = None


class Current(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The design that is deployed today, to be compared with the recommended one."""

    compute: Annotated[
        Literal[
            "lambda",
            "lambda-managed-instances",
            "lambda-microvm",
            "lambda-web-function",
            "fargate",
            "fargate-spot",
        ]
        | None,
        about("What runs the code today.", example="fargate"),
    ] = None
    cold_start: Annotated[
        Literal["none", "snapstart", "provisioned"] | None, about("Cold-start option today.")
    ] = None
    api: Annotated[
        Literal["http-api", "rest-api", "function-url", "alb", "websocket-api"] | None,
        about("Front door today."),
    ] = None
    workflow: Annotated[
        Literal["none", "standard", "express", "lambda-durable", "eventbridge-pipes"] | None,
        about("Workflow service today."),
    ] = None
    messaging: Annotated[
        Literal[
            "sqs",
            "sqs-fifo",
            "sns",
            "sns-fifo",
            "eventbridge",
            "eventbridge-custom-bus",
            "kinesis",
            "eventbridge-pipes",
            "eventbridge-scheduler",
        ]
        | None,
        about("Messaging service today."),
    ] = None
    architecture: Annotated[Literal["x86_64", "arm64"] | None, about("Instruction set today.")] = (
        None
    )
    memory_mb: Annotated[
        Annotated[float, Meta(ge=1, le=1e8)] | None, about("Lambda memory today, in MB.")
    ] = None
    task_vcpu: Annotated[
        Annotated[float, Meta(gt=0, le=1e4)] | None, about("vCPUs of one task today.")
    ] = None
    task_memory_mb: Annotated[Megabytes | None, about("Memory of one task today, in MB.")] = None
    tasks: Annotated[WholeNumber | None, about("Tasks that run today.", example=4)] = None
    concurrency: Annotated[
        WholeNumber | None,
        about("Concurrency that is reserved or configured today.", example=100),
    ] = None
    provisioned_concurrency: Annotated[
        WholeNumber | None, about("Provisioned concurrency today.")
    ] = None


class Constraints(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Limits that come from around the workload."""

    vpc: Annotated[bool | None, about("The code must run inside a VPC.", default=False)] = None
    private_resources: Annotated[
        bool | None, about("It reaches databases or services in that VPC.", default=False)
    ] = None
    no_public_endpoint: Annotated[
        bool | None, about("Callers are inside the network only.", default=False)
    ] = None
    downstream_max_concurrency: Annotated[
        Annotated[float, Meta(ge=1, le=1e9)] | None,
        about("Requests at once that a downstream system bears, such as database connections."),
    ] = None
    outbound: Annotated[
        Literal["public-ipv4", "nat", "existing"] | None,
        about(
            "How code in your VPC reaches the internet: a public IPv4 address for each task, NAT"
            " gateways of its own, or a way that exists and is paid for elsewhere. Not stated:"
            " nat with `vpc`, `private_resources` or `no_public_endpoint`, else public-ipv4.",
            example="nat",
        ),
    ] = None
    zones: Annotated[
        Annotated[int, Meta(ge=1, le=6)] | None,
        about("Availability Zones that a load balancer and NAT gateways span.", default=2),
    ] = None
    compliance: Annotated[
        Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=50)] | None,
        about("Compliance programmes that apply.", example=["pci"]),
    ] = None
    data_residency: Annotated[
        Annotated[str, Meta(max_length=64)] | None, about("Where data must stay.", example="eu")
    ] = None


class Commitments(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Discounts and allowances that the account has."""

    compute_savings_plan_usd_per_hour: Annotated[
        Rate | None, about("Compute Savings Plan commitment, in USD per hour.", default=0)
    ] = None
    ec2_reserved: Annotated[
        bool | None, about("EC2 Reserved Instances stand ready.", default=False)
    ] = None
    spot_ok: Annotated[bool | None, about("Fargate Spot may be used.", default=False)] = None
    free_tier: Annotated[
        bool | None,
        about("Count the account's always-free allowances for this workload.", default=False),
    ] = None


class Preferences(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Leanings that break ties."""

    tie_margin_percent: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None,
        about(
            "How much more than the cheapest a design may cost, in percent, that rules prefer.",
            default=5,
        ),
    ] = None
    iac: Annotated[
        Literal["terraform", "sam", "cloudformation", "cdk", "serverless"] | None,
        about("Infrastructure-as-code tool."),
    ] = None
    ops_overhead: Annotated[
        Literal["low", "medium", "high"] | None, about("Operations work that the team can carry.")
    ] = None
    existing_app_runner: Annotated[
        bool | None, about("An App Runner service exists already.", default=False)
    ] = None
    existing_function: Annotated[
        bool | None, about("The Lambda function exists already.", default=False)
    ] = None
    multi_region: Annotated[bool | None, about("Runs in more than one Region.", default=False)] = (
        None
    )
