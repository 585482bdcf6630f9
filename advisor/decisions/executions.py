"""A month of workflow executions, with all that the workload leaves open filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.duration import DurationDistribution
from advisor.limits import limits
from advisor.units import KB_PER_MB, MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.load import Arrivals
    from advisor.workload import Workflow, Workload


class Executions(Struct, frozen=True, kw_only=True):
    """A month of executions, and what one of them does.

    ``steps`` are the states that an execution enters, each branch's counted for each branch, and
    ``retries`` how often one is tried again. ``transitions``, ``history_events``, ``operations``
    and ``persisted_mb`` are stated or follow from them; None where the states are not stated.
    ``callbacks`` are waits for an answer from outside, ``resumptions`` the invocations of a durable
    function besides the first. ``duration`` is None where no duration is stated.
    """

    monthly: float
    month_hours: float
    steps: float | None
    retries: float
    callbacks: int
    resumptions: float
    transitions: float | None
    history_events: float | None
    operations: float | None
    branches: int
    branch_states: int
    branches_at_once: int
    outside_branches: float | None
    distributed: bool
    duration: DurationDistribution | None
    payload_kb: float
    definition_kb: float
    persisted_mb: float | None
    retention_days: float
    keeps_history: bool
    sync_response: bool
    fit_for_express: bool
    """Whether the branches may run as Express workflows: steps may run twice, and none waits."""

    @property
    def branch_attempts(self) -> float:
        """Steps that run inside branches, and retries of these."""
        steps = self.branch_states * self.branches if self.branches > 1 else 0
        return steps * (1 + self.retries / self.steps) if self.steps else 0.0

    def scaled(self, factor: float) -> Executions:
        """Return ``factor`` times as many of the same executions."""
        return replace(self, monthly=self.monthly * factor)


def executions(
    workload: Workload, arrivals: Arrivals, assumptions: Assumptions
) -> Executions | None:
    """Fill in what the workflow section leaves open; None when no workflow is asked for.

    What has no default and is not stated stays None: the options that need it say so.
    """
    workflow = workload.workflow
    if workflow is None or workflow.needed is False:
        return None
    monthly = workflow.monthly_executions
    if monthly is None:
        monthly = arrivals.monthly_requests
        assumptions.take("workflow.monthly_executions", monthly, "an execution for each request")
    branches = assumptions.use(workflow.branches, "workflow.branches")
    branch_states = 0
    if branches > 1:
        branch_states = assumptions.use(workflow.branch_states, "workflow.branch_states")
    retry_fraction = assumptions.use(workflow.retry_fraction, "workflow.retry_fraction")
    outside = None if workflow.states is None else float(max(workflow.states - branch_states, 0))
    steps = None if outside is None else outside + branch_states * branches
    # What runs in one step, as a pipe does, is tried again as often as any step.
    retries = (1.0 if steps is None else steps) * retry_fraction
    distributed = bool(workflow.distributed_map)
    callbacks = int(bool(workflow.callback or workflow.human_approval))
    waits = callbacks or workflow.activities
    return Executions(
        monthly=monthly,
        month_hours=arrivals.month_hours,
        steps=steps,
        retries=retries,
        callbacks=callbacks,
        resumptions=retries + callbacks,
        transitions=_transitions(workflow, steps, retries, branches, assumptions),
        history_events=_history_events(workflow, outside, steps, retries, branches, assumptions),
        operations=_operations(workflow, steps, retries, branches, callbacks, assumptions),
        branches=branches,
        branch_states=branch_states,
        branches_at_once=_at_once(workflow, branches),
        outside_branches=outside,
        distributed=distributed,
        duration=_duration(workflow, assumptions),
        payload_kb=assumptions.use(workflow.payload_kb, "workflow.payload_kb"),
        definition_kb=assumptions.use(workflow.definition_kb, "workflow.definition_kb"),
        persisted_mb=_persisted_mb(workflow, steps, retries, branches, callbacks, assumptions),
        retention_days=_retention_days(workflow, assumptions),
        keeps_history=bool(workflow.audit_history_days),
        sync_response=assumptions.use(workflow.sync_response, "workflow.sync_response"),
        fit_for_express=bool(
            workflow.idempotent and not (waits or workflow.sync_jobs or workflow.redrive)
        ),
    )


def _transitions(
    workflow: Workflow,
    steps: float | None,
    retries: float,
    branches: int,
    assumptions: Assumptions,
) -> float | None:
    """Return the transitions of an execution.

    A Distributed Map takes one more for each child that it starts, an inline one none.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html (2026-11-27).
    """
    if workflow.transitions_per_execution is not None or steps is None:
        return workflow.transitions_per_execution
    children = branches if workflow.distributed_map and branches > 1 else 0
    counted = figure(steps + retries + children + 1)
    assumptions.take(
        "workflow.transitions_per_execution",
        counted,
        "the start, a transition for each state that is entered, one for each retry, and one for"
        " each child of a Distributed Map",
    )
    return counted


def _history_events(
    workflow: Workflow,
    outside: float | None,
    steps: float | None,
    retries: float,
    branches: int,
    assumptions: Assumptions,
) -> float | None:
    """Return the events in an execution's history; a Distributed Map's items have their own."""
    if workflow.history_events_per_execution is not None or steps is None or outside is None:
        return workflow.history_events_per_execution
    quota = limits()
    each = quota.number("stepfunctions.history_events_per_state")
    again = quota.number("stepfunctions.history_events_per_retry")
    events = float(quota.number("stepfunctions.history_events_per_execution"))
    if workflow.distributed_map:
        events += outside * each + (retries * outside / steps if steps else 0) * again
    else:
        events += steps * each + retries * again
        if branches > 1:
            events += branches * quota.number("stepfunctions.history_events_per_branch")
    events = figure(events)
    assumptions.take(
        "workflow.history_events_per_execution",
        events,
        f"{each} for each state that calls a service, {again} for each retry",
    )
    return events


def _operations(
    workflow: Workflow,
    steps: float | None,
    retries: float,
    branches: int,
    callbacks: int,
    assumptions: Assumptions,
) -> float | None:
    """Return the durable operations of an execution, as AWS counts them.

    The start, every attempt of a step, and the context of each branch are one; the state that waits
    for a callback, which is counted as a step already, is three.
    https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-sdk.html, "How durable
    operations are metered" (read 2026-11-27).
    """
    if workflow.operations_per_execution is not None or steps is None:
        return workflow.operations_per_execution
    contexts = branches if branches > 1 else 0
    of_callback = limits().number("lambda.durable_operations_per_callback")
    counted = figure(1 + steps + retries + contexts + callbacks * (of_callback - 1))
    assumptions.take(
        "workflow.operations_per_execution",
        counted,
        "the start, an operation for each step, each retry and each branch, and two more for a"
        " callback",
    )
    return counted


def _persisted_mb(
    workflow: Workflow,
    steps: float | None,
    retries: float,
    branches: int,
    callbacks: int,
    assumptions: Assumptions,
) -> float | None:
    """Return the data that a durable execution writes: payloads, as AWS lists them.

    The input, the output, what each attempt of a step returns, up to two copies of what a branch
    returns, and two of a callback's payload (the page cited above).
    """
    if workflow.persisted_mb is not None or steps is None:
        return workflow.persisted_mb
    copies = limits().number("lambda.durable_payload_copies")
    of_branches = branches if branches > 1 else 0
    payloads = 1 + 1 + steps + retries + copies * (of_branches + callbacks)
    payload_kb = assumptions.use(workflow.payload_kb, "workflow.payload_kb")
    persisted = figure(payloads * payload_kb / KB_PER_MB)
    assumptions.take(
        "workflow.persisted_mb",
        persisted,
        "the state data at the start, at the end and after each step and retry, twice for each"
        " branch and each callback",
    )
    return persisted


def _at_once(workflow: Workflow, branches: int) -> int:
    return min(workflow.map_concurrency, branches) if workflow.map_concurrency else branches


def _duration(workflow: Workflow, assumptions: Assumptions) -> DurationDistribution | None:
    mean_s, p99_s = workflow.duration_mean_s, workflow.duration_p99_s
    if mean_s is None:
        if p99_s is None:
            return None
        assumptions.take(
            "workflow.duration_mean_s",
            p99_s,
            "every execution is taken to last the 99th percentile",
        )
        mean_s, p99_s = p99_s, None
    return DurationDistribution.from_measures(
        mean_ms=mean_s * MS_PER_SECOND,
        p99_ms=None if p99_s is None else p99_s * MS_PER_SECOND,
    )


def _retention_days(workflow: Workflow, assumptions: Assumptions) -> float:
    """Return how long a durable function keeps its data after the end, within AWS's bounds."""
    quota = limits()
    if workflow.audit_history_days is None:
        days = float(quota.number("lambda.durable_retention_default_days"))
        assumptions.take(
            "workflow.audit_history_days", days, "how long Lambda keeps a durable execution's data"
        )
        return days
    least = quota.number("lambda.durable_retention_min_days")
    most = quota.number("lambda.durable_history_days")
    return float(min(max(workflow.audit_history_days, least), most))


def figure(value: float) -> float:
    """Drop the noise of float arithmetic."""
    return float(f"{value:.12g}")
