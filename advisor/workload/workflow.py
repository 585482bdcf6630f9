"""What the workflow must be able to do."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.fields import Count, Kilobytes, Megabytes, Rate, Seconds, WholeNumber, about


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
