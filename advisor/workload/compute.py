"""What one request does, and what its code needs from the machine."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.fields import (
    Fraction,
    Kilobytes,
    Megabytes,
    Milliseconds,
    Seconds,
    WholeNumber,
    about,
)


class MeasuredDuration(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The mean duration of a request, as measured at a memory."""

    memory_mb: Annotated[
        Annotated[float, Meta(ge=1, le=1e8)],
        about("Memory that the function had, in MB.", example=1024),
    ]
    duration_ms: Annotated[
        Annotated[float, Meta(ge=1e-3, le=1e12)],
        about("Mean duration of a request, in ms, warm.", example=70),
    ]
    architecture: Annotated[
        Literal["x86_64", "arm64"] | None,
        about("Instruction set that it ran on. Not stated: counts for both."),
    ] = None


class Compute(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The work of one request, and what runs it."""

    invocation: Annotated[
        Literal["sync", "async", "esm"] | None,
        about(
            "Who waits: sync (a caller waits for the reply), async (an event, nobody waits), esm"
            " (read from a queue or stream by an event source mapping).",
            default="sync",
        ),
    ] = None
    runtime: Annotated[
        Annotated[str, Meta(min_length=1, max_length=64)] | None,
        about("Lambda runtime identifier.", example="python3.13"),
    ] = None
    runtime_family: Annotated[
        Literal["python", "nodejs", "java", "dotnet", "ruby", "go", "rust", "provided"] | None,
        about("Language of the runtime. Not stated: taken from `runtime`.", example="python"),
    ] = None
    package_type: Annotated[
        Literal["zip", "image"] | None, about("Deployment package.", default="zip")
    ] = None
    package_unzipped_mb: Annotated[
        Megabytes | None, about("Unzipped code and layers, in MB.", default=50, example=48)
    ] = None
    image_gb: Annotated[
        Annotated[float, Meta(ge=0, le=1e6)] | None,
        about("Uncompressed container image, in GB.", example=0.8),
    ] = None
    memory_mb: Annotated[
        Annotated[float, Meta(ge=1, le=1e8)] | None,
        about("Memory that the code is given, in MB.", default=512, example=512),
    ] = None
    vcpu: Annotated[
        Annotated[float, Meta(gt=0, le=1e5)] | None,
        about(
            "vCPUs that the code needs at once. Not stated: Lambda's share for `memory_mb`.",
            example=0.29,
        ),
    ] = None
    request_duration_ms: Annotated[
        Milliseconds | None,
        about("Mean duration of a request at `memory_mb`, in ms, warm.", example=120),
    ] = None
    duration_p50_ms: Annotated[
        Milliseconds | None, about("Median duration, in ms, warm.", example=95)
    ] = None
    duration_p99_ms: Annotated[
        Milliseconds | None, about("99th percentile of the duration, in ms, warm.", example=640)
    ] = None
    measured_durations: Annotated[
        Annotated[list[MeasuredDuration], Meta(min_length=1, max_length=50)] | None,
        about(
            "Mean durations measured at other memory sizes. Not stated: `cpu_bound_fraction` says"
            " how the duration changes with memory.",
            example=[{"memory_mb": 1024, "duration_ms": 70}],
        ),
    ] = None
    max_duration_s: Annotated[
        Seconds | None,
        about(
            "Longest run that must be allowed, in s. Not stated: the 99th percentile or mean.",
            example=20,
        ),
    ] = None
    wait_fraction: Annotated[
        Fraction | None,
        about("Part of the run spent waiting on people or timers.", default=0, example=0),
    ] = None
    cpu_bound_fraction: Annotated[
        Fraction | None,
        about(
            "Part of the duration in which the code keeps its vCPU share busy; the rest waits for"
            " I/O.",
            default=1,
            example=0.25,
        ),
    ] = None
    io_wait_fraction: Annotated[
        Fraction | None,
        about("Part of the duration spent waiting for I/O: 1 - `cpu_bound_fraction`.", example=0.7),
    ] = None
    init_p50_ms: Annotated[
        Milliseconds | None,
        about("Median Init Duration of your function, in ms.", example=420),
    ] = None
    init_p99_ms: Annotated[
        Milliseconds | None,
        about("99th percentile of your function's Init Duration, in ms.", example=1300),
    ] = None
    unique_state_at_init: Annotated[
        bool | None,
        about("Seeds, tokens or connections are made during INIT.", default=False),
    ] = None
    ephemeral_storage_mb: Annotated[
        Megabytes | None,
        about("Scratch disk that a run needs, in MB.", default=512, example=512),
    ] = None
    shared_filesystem: Annotated[
        Literal["none", "efs", "s3files"] | None, about("Mounted file system.", default="none")
    ] = None
    network_mbps: Annotated[
        Annotated[float, Meta(ge=0, le=1e7)] | None,
        about("Network bandwidth that one environment needs, in Mbps.", example=20),
    ] = None
    gpu: Annotated[bool | None, about("Needs a GPU.", default=False)] = None
    os: Annotated[
        Literal["linux", "windows"] | None, about("Operating system.", default="linux")
    ] = None
    arm64_compatible: Annotated[
        bool | None,
        about("The code and its native dependencies run on arm64.", default=False, example=True),
    ] = None
    thread_safe: Annotated[
        bool | None,
        about("One process may serve several requests at once.", default=True, example=True),
    ] = None
    listens_on_port: Annotated[
        bool | None, about("The program is a server that listens on a port.", default=False)
    ] = None
    protocols: Annotated[
        Annotated[
            list[Literal["http", "grpc", "tcp", "udp", "websocket-server"]], Meta(max_length=5)
        ]
        | None,
        about("Protocols that the program serves.", default=["http"]),
    ] = None
    stateful_session: Annotated[
        bool | None, about("A session keeps its state in one machine.", default=False)
    ] = None
    session_duration_s: Annotated[Seconds | None, about("Longest session, in s.", default=0)] = None
    untrusted_code: Annotated[
        bool | None, about("Runs code that your users wrote.", default=False)
    ] = None
    microvm_snapshot_gb: Annotated[
        Annotated[float, Meta(ge=0, le=1e6)] | None,
        about(
            "Memory and disk that a MicroVM's snapshot holds, in GB; each start reads it. Not"
            " stated: the MicroVM's memory and `image_gb`.",
            example=0.6,
        ),
    ] = None
    tenant_isolation: Annotated[
        bool | None, about("Each tenant must have environments of its own.", default=False)
    ] = None
    tenants: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000_000)] | None,
        about("Tenants that have environments of their own.", example=40),
    ] = None
    interruptible: Annotated[
        bool | None, about("A run may be stopped at two minutes' notice.", default=False)
    ] = None
    shutdown_grace_s: Annotated[
        Seconds | None, about("Time that a stopping program needs, in s.", default=0)
    ] = None
    deployments_per_month: Annotated[
        Annotated[float, Meta(ge=0, le=1e6)] | None,
        about(
            "New versions that go live in a month; each starts with no warm environment.",
            default=0,
            example=20,
        ),
    ] = None
    log_kb_per_request: Annotated[
        Kilobytes | None,
        about("Log text that one request writes to CloudWatch Logs, in KB.", default=1, example=1),
    ] = None
    outbound_kb_per_request: Annotated[
        Kilobytes | None,
        about(
            "Data that one request sends to or fetches from the internet besides its reply, in KB;"
            " NAT gateways charge for it.",
            default=0,
            example=0,
        ),
    ] = None
    concurrency_per_task: Annotated[
        Annotated[float, Meta(ge=1, le=1e5)] | None,
        about(
            "Requests that one container task serves at once. Not stated: AWS's default"
            " concurrency per vCPU for the runtime.",
            example=16,
        ),
    ] = None
    target_utilisation: Annotated[
        Annotated[float, Meta(ge=0.05, le=1)] | None,
        about(
            "Part of a task's CPU and concurrency that the peak may use.",
            default=0.7,
            example=0.7,
        ),
    ] = None
    autoscaling: Annotated[
        bool | None,
        about("Container tasks may be scaled by the hour of the day.", default=True),
    ] = None
    min_tasks: Annotated[
        WholeNumber | None,
        about("Tasks that always run; two keep a service up when a zone is lost.", default=2),
    ] = None
