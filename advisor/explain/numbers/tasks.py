"""The size and the number of Fargate tasks: what asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from advisor.capacity.fargate import TaskSize, requests_per_second
from advisor.explain.explanation import Figure
from advisor.limits import limits
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Candidate
    from advisor.decisions.running import Running
    from advisor.explain.case import Case

Parts: TypeAlias = tuple[tuple[str, ...], tuple[Figure, ...]]
"""Sentences and figures that say what asked for a size."""
TASKS_PAGE = "docs/how-we-know/tasks.md"


def of_tasks(case: Case, candidate: Candidate, running: Running, name: str) -> Parts:
    """Return what asked for a number of a Fargate design's sizing."""
    sizing = candidate.sizing
    size = TaskSize(vcpu=sizing["task_vcpu"], memory_mb=sizing["task_memory_mb"])
    per_task = requests_per_second(size, running.work, running.target_utilisation)
    arrivals = case.situation.arrivals
    carries = (
        Figure(
            name="a request needs",
            value=running.work.cpu_seconds * MS_PER_SECOND,
            unit="ms of a vCPU",
            formula=f"and waits {running.work.waiting_seconds * MS_PER_SECOND:,.4g} ms",
        ),
        Figure(name="a task serves at once", value=running.work.slots(size), unit="requests"),
        Figure(
            name="target utilisation",
            value=running.target_utilisation,
            unit="share",
            source="compute.target_utilisation",
        ),
        Figure(
            name="a task carries",
            value=per_task,
            unit="requests/s",
            formula="the smaller of what its vCPUs and its slots carry",
            source=TASKS_PAGE,
        ),
    )
    if name == "run_s":
        return (
            ("Each run has a task of its own, billed from its start.",),
            (
                Figure(
                    name="start of a task",
                    value=limits().number("fargate.start_s"),
                    unit="s",
                    source="rules/limits.yaml, fargate.start_s",
                ),
                Figure(name="the work", value=running.work.seconds(size), unit="s"),
            ),
        )
    if name in ("tasks_min", "tasks_max"):
        busiest = name == "tasks_max"
        rates = arrivals.hourly_peak_rps
        rate = max(rates) if busiest else min(rates)
        return (
            (
                f"The tasks of the {'busiest' if busiest else 'quietest'} hour: what its rate"
                " needs at the target utilisation, never fewer than compute.min_tasks, and as"
                " many more as the latency objective asks.",
            ),
            (
                Figure(name="rate of that hour", value=rate, unit="requests/s"),
                *carries,
                Figure(
                    name="tasks by the load alone",
                    value=rate / per_task if per_task else None,
                    formula=f"{rate:,.4g} ÷ {per_task:,.4g}, rounded up",
                ),
                Figure(
                    name="never fewer than",
                    value=running.min_tasks,
                    source="compute.min_tasks",
                ),
            ),
        )
    if name == "task_hours":
        if sizing["mode"] == "task-per-run":
            return (
                ("Every run is a task of its own.",),
                (
                    Figure(name="runs a month", value=arrivals.monthly_requests),
                    Figure(name="each lasts", value=sizing["run_s"], unit="s"),
                ),
            )
        return (
            ("The tasks of each hour of the day, over the days of a month.",),
            (
                Figure(name="fewest tasks", value=sizing["tasks_min"]),
                Figure(name="most tasks", value=sizing["tasks_max"]),
                Figure(
                    name="a month has of each hour",
                    value=arrivals.hours_of_each,
                    unit="hours",
                    formula=f"{arrivals.month_hours:g} ÷ 24",
                ),
            ),
        )
    return (
        (
            "The cheapest of Fargate's sizes (rules/limits.yaml, fargate_sizes) that carries the"
            " load and holds the latency objective; at the same cost the larger one, which queues"
            " less.",
        ),
        (
            Figure(
                name="a process needs",
                value=running.work.process_mb,
                unit="MB",
                source="compute.memory_mb",
            ),
            *carries,
        ),
    )
