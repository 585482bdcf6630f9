"""What each way of running the steps in order costs, on top of the work itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.cost import durable, eventbridge, step_functions
from advisor.decisions.executions import Executions, executions, figure
from advisor.decisions.part import Part, cheapest, part_of
from advisor.limits import limits
from advisor.units import HOURS_PER_DAY, MB_PER_GB, MS_PER_SECOND, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.capacity.duration import DurationDistribution
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

__all__ = ["WORKFLOW", "Executions", "executions", "workflow_part"]

_LONGEST = 0.99
EXPRESS_HISTORY = "the logs in which an Express workflow keeps its history"
REPLAYS = (
    "the time that a durable function replays after a retry or a callback, and what resumes it"
    " after other waits"
)
PIPE_SOURCE = "the queue or the stream that a pipe reads"

WORKFLOW = ("none", "standard", "express", "lambda-durable", "eventbridge-pipes")


def workflow_part(
    option: str, runs: Executions, region: str, book: PriceBook, *, free_tier: bool
) -> Part:
    """Return what an option of ``WORKFLOW`` costs in a month of executions.

    The work that the steps call (functions, containers) is the compute decision's.
    """
    if option == "none":
        return Part(option=option, sizing={})
    if option == "standard":
        return _standard(runs, region, book, free_tier=free_tier)
    if option == "express":
        return _express(runs, region, book)
    if option == "lambda-durable":
        return _lambda_durable(runs, region, book)
    if option == "eventbridge-pipes":
        return _pipes(runs, region, book)
    raise KeyError(f"{option} is no option of the workflow decision")


def _standard(runs: Executions, region: str, book: PriceBook, *, free_tier: bool) -> Part:
    if runs.transitions is None:
        return Part(option="standard", sizing={}, unknown=("workflow.states",))
    number = book.number

    def transitions(each: float) -> list[LineItem]:
        return step_functions.standard(
            book,
            region,
            transitions=number(runs.monthly) * number(each),
            free_tier=free_tier,
        )

    variants = [
        part_of(
            "standard",
            {"transitions_per_execution": runs.transitions},
            partial(transitions, runs.transitions),
        )
    ]
    child = _child(runs)
    if child is not None:
        left = _transitions_beside_children(runs, runs.transitions)
        variants.append(
            part_of(
                "standard",
                {
                    "transitions_per_execution": left,
                    "children": "express",
                    "children_per_execution": runs.branches,
                    "child_duration_s": figure(child.mean_ms / MS_PER_SECOND),
                },
                partial(transitions, left),
                partial(
                    _express_runs,
                    book,
                    region,
                    requests=number(runs.monthly) * runs.branches,
                    duration=child,
                    definition_kb=runs.definition_kb,
                    payload_kb=runs.payload_kb,
                    branches=1,
                ),
            )
        )
    return cheapest(variants)


def _child(runs: Executions) -> DurationDistribution | None:
    """Return how long a branch runs as a child, or None when branches are not fit for Express.

    Every step is taken to last as long as any other, and the branches that run at once to end
    together.
    """
    if (
        not runs.fit_for_express
        or runs.branches <= 1
        or not runs.branch_states
        or runs.duration is None
        or runs.outside_branches is None
    ):
        return None
    rounds = -(-runs.branches // runs.branches_at_once)
    part = runs.branch_states / (runs.outside_branches + runs.branch_states * rounds)
    child = replace(
        runs.duration,
        mean_ms=figure(runs.duration.mean_ms * part),
        median_ms=figure(runs.duration.median_ms * part),
    )
    longest = limits().number("stepfunctions.express_execution_s") * MS_PER_SECOND
    return child if child.quantile(_LONGEST) <= longest else None


def _transitions_beside_children(runs: Executions, transitions: float) -> float:
    """Return the parent's transitions: those outside the branches, and one that starts each child.

    Retries of a branch's steps happen inside its child, where they are not counted. Of a
    Distributed Map the starts of its children are among the transitions already.
    """
    starts = 0 if runs.distributed else runs.branches
    left = figure(transitions - runs.branch_attempts + starts)
    return max(left, float(runs.branches + 1))


def _express_runs(
    book: PriceBook,
    region: str,
    *,
    requests: Number,
    duration: DurationDistribution,
    definition_kb: float,
    payload_kb: float,
    branches: int,
) -> list[LineItem]:
    number = book.number
    step_ms = limits().number("stepfunctions.express_duration_step_ms")
    return step_functions.express(
        book,
        region,
        requests=requests,
        # A run that takes no time at all is charged for a step too.
        billed_ms=number(max(duration.billed_mean_ms(step_ms), step_ms)),
        memory_mb=step_functions.express_memory(
            definition_kb=number(definition_kb),
            payload_kb=number(payload_kb),
            branches=number(branches),
        ),
    )


def _express(runs: Executions, region: str, book: PriceBook) -> Part:
    sizing: dict[str, Any] = {"mode": "sync" if runs.sync_response else "async"}
    if runs.duration is None:
        return Part(option="express", sizing=sizing, unknown=("workflow.duration_mean_s",))
    memory_mb = step_functions.express_memory(
        definition_kb=runs.definition_kb, payload_kb=runs.payload_kb, branches=runs.branches
    )
    priced = part_of(
        "express",
        {
            **sizing,
            "memory_mb": memory_mb,
            "duration_s": figure(runs.duration.mean_ms / MS_PER_SECOND),
        },
        partial(
            _express_runs,
            book,
            region,
            requests=book.number(runs.monthly),
            duration=runs.duration,
            definition_kb=runs.definition_kb,
            payload_kb=runs.payload_kb,
            branches=runs.branches,
        ),
    )
    return replace(priced, unpriced=(EXPRESS_HISTORY,)) if runs.keeps_history else priced


def _lambda_durable(runs: Executions, region: str, book: PriceBook) -> Part:
    if runs.operations is None or runs.persisted_mb is None:
        stated = "workflow.states" if runs.operations is None else "workflow.persisted_mb"
        return Part(option="lambda-durable", sizing={}, unknown=(stated,))
    number = book.number
    monthly = number(runs.monthly)
    written_gb = monthly * number(runs.persisted_mb) / MB_PER_GB
    running_s = 0.0 if runs.duration is None else runs.duration.mean_ms / MS_PER_SECOND
    kept_s = runs.retention_days * HOURS_PER_DAY * SECONDS_PER_HOUR + running_s
    kept_months = number(kept_s) / SECONDS_PER_HOUR / number(runs.month_hours)
    priced = part_of(
        "lambda-durable",
        {"operations_per_execution": runs.operations, "retention_days": runs.retention_days},
        partial(
            durable.durable_executions,
            book,
            region,
            operations=monthly * number(runs.operations),
            written_gb=written_gb,
            retained_gb_months=written_gb * kept_months,
            resumptions=monthly * number(figure(runs.resumptions)),
        ),
    )
    return replace(priced, unpriced=(REPLAYS,))


def _pipes(runs: Executions, region: str, book: PriceBook) -> Part:
    priced = part_of(
        "eventbridge-pipes",
        {"batch_size": 1},
        partial(
            eventbridge.pipes,
            book,
            region,
            requests=book.number(figure(runs.monthly * (1 + runs.retries))),
            chunks_each=eventbridge.pipe_chunks(book.number(runs.payload_kb)),
        ),
    )
    return replace(priced, unpriced=(PIPE_SOURCE,))
