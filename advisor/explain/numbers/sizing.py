"""Sizes: what asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.cost.aws_lambda import ARCHITECTURE_SUFFIX
from advisor.decisions.path import FARGATE
from advisor.explain.explanation import Explanation, Figure
from advisor.explain.numbers.tasks import TASKS_PAGE, Parts, of_tasks
from advisor.limits import limits
from advisor.units import MB_PER_GB, MS_PER_SECOND
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Candidate
    from advisor.decisions.running import Running
    from advisor.explain.case import Case

_PROVISIONED_PAGE = "docs/how-we-know/provisioned-concurrency.md"


def sized(case: Case, candidate: Candidate, keys: tuple[str | int, ...], value: Any) -> Explanation:
    """Explain a number of a design's sizing; ``keys`` lead to it within the sizing."""
    names = [key for key in keys if isinstance(key, str)]
    nested = names[0] if names[0] in _NESTED and len(names) > 1 else ""
    name = names[1] if nested else names[0]
    if nested == "provisioned_concurrency":
        sentences, figures = _kept_ready(case, candidate, name, keys)
    elif nested:
        sentences, figures = _asked_by_the_part(case, name, nested)
    else:
        sentences, figures = _asked(case, candidate, name)
    last = names[-1]
    label = _LABELS.get(last, last.replace("_", " "))
    own = Figure(name=label, value=value, unit=_unit(last, value))
    shown = f"{_shown(value)} {_spoken_unit(last)}".rstrip()
    return Explanation(
        title=f"{label} of {naming.design(candidate)}: {shown}",
        sentences=sentences,
        figures=(own, *figures),
    )


_NESTED = ("provisioned_concurrency", "workflow", "messaging")
_LABELS = {
    "memory_mb": "memory",
    "task_vcpu": "vCPUs of a task",
    "task_memory_mb": "memory of a task",
    "tasks_min": "fewest tasks",
    "tasks_max": "most tasks",
    "task_hours": "hours of tasks",
    "run_s": "time of a task for a run",
    "by_hour": "environments in an hour",
    "mean": "environments kept ready",
    "removes": "cold starts that they remove",
    "utilisation": "time that they are busy",
    "break_even_utilisation": "break-even",
}
_SHARES = ("removes", "utilisation", "break_even_utilisation")


def _unit(name: str, value: Any) -> str:
    if name in _SHARES:
        return "share"
    return _spoken_unit(name) if value is not None else ""


def _spoken_unit(name: str) -> str:
    for ending, unit in (("_mb", "MB"), ("_gb", "GB"), ("_s", "s"), ("_ms", "ms"), ("_kb", "KB")):
        if name.endswith(ending):
            return unit
    return "hours" if name.endswith("_hours") else "USD" if name.endswith("_usd") else ""


def _shown(value: Any) -> str:
    return words.plain(value) if not isinstance(value, str) else value


def _asked(case: Case, candidate: Candidate, name: str) -> Parts:
    """Return what asked for a size of compute."""
    running = candidate.sized.running if candidate.sized is not None else None
    if running is None:
        return (("It follows from the workload's own sections.",), ())
    if candidate.design.compute in FARGATE:
        return of_tasks(case, candidate, running, name)
    if candidate.design.compute == "lambda":
        return _of_function(case, running, name)
    if candidate.design.compute == "lambda-microvm":
        return _of_microvm(running, name)
    return _of_instances(case, candidate, running, name)


def _of_function(case: Case, running: Running, name: str) -> Parts:
    stated = case.workload.compute.memory_mb if case.workload.compute is not None else None
    chosen = running.memory_mb
    if name == "memory_mb" and stated is not None and stated != chosen:
        return (
            (
                f"Chosen in place of the stated {stated:g} MB: the cheapest of the memories tried"
                " that holds the latency objective, by how the duration depends on memory"
                " (docs/how-we-know/memory.md). `advisor tune` shows them all.",
            ),
            (Figure(name="stated", value=stated, unit="MB", source="compute.memory_mb"),),
        )
    how = "as the workload states" if stated is not None else "the default, as none is stated"
    return (
        (f"It is {how} (compute.memory_mb): duration and CPU were measured with it.",),
        (
            Figure(
                name="vCPUs that it gives",
                value=chosen / limits().number("lambda.memory_mb_per_vcpu"),
                formula=f"{chosen:g} MB ÷ {limits().number('lambda.memory_mb_per_vcpu'):g} MB",
                source="rules/limits.yaml, lambda.memory_mb_per_vcpu",
            ),
        ),
    )


def _of_instances(case: Case, candidate: Candidate, running: Running, name: str) -> Parts:
    sizing = candidate.sizing
    peak = case.situation.arrivals.peak_rps
    why = {
        "memory_mb": "What an environment has: never below AWS's least for Managed Instances.",
        "environment_vcpu": "What an environment has at the instance's vCPUs for each GB.",
        "concurrency_per_environment": "AWS's default for the runtime, by vCPU, unless stated.",
        "environments_per_instance": "As many as the instance's memory and vCPUs hold.",
        "instances": "As many as the peak needs, never fewer than AWS keeps.",
        "instance_hours": "The instances of the peak run for the whole month.",
    }
    return (
        (why.get(name, "It follows from the instance type that is the cheapest here."),),
        (
            Figure(name="instance type", value=sizing.get("instance_type")),
            Figure(name="rate at the peak", value=peak, unit="requests/s"),
            Figure(
                name="in progress at the peak",
                value=peak * running.duration.mean_ms / MS_PER_SECOND,
                unit="requests",
                formula="rate × duration (Little's law)",
            ),
            Figure(name="how it is worked out", value=TASKS_PAGE),
        ),
    )


def _of_microvm(running: Running, name: str) -> Parts:
    why = {
        "memory_mb": "The smallest MicroVM size that holds the memory (rules/sizes/microvms.yaml).",
        "vcpu": "What a MicroVM of this size has all the time (rules/sizes/microvms.yaml).",
        "billed_memory_mb": "What is billed: the size's memory, or the stated one if it is more.",
        "billed_vcpu": "The size's vCPUs, and what the work takes above them while it is busy.",
        "sessions_per_request": "Sessions that start, for each request; one if none are stated.",
        "session_s": "The seconds that a session is billed for, rounded up to one.",
        "snapshot_gb": "What a start reads: the memory and the image, unless stated.",
    }
    return (
        (why.get(name, "It follows from the sessions that the workload states."),),
        (
            Figure(
                name="memory that is stated",
                value=running.memory_mb / MB_PER_GB,
                unit="GB",
                source="compute.memory_mb",
            ),
            Figure(
                name="a request takes",
                value=running.duration.mean_ms,
                unit="ms",
                source="compute.request_duration_ms",
            ),
        ),
    )


def _kept_ready(case: Case, candidate: Candidate, name: str, keys: tuple[str | int, ...]) -> Parts:
    """Return what asked for a number about provisioned concurrency."""
    plan = candidate.sizing["provisioned_concurrency"]
    chosen = Figure(name="sized", value=plan["sized"], source=_PROVISIONED_PAGE)
    if name == "ways" and isinstance(keys[2], int):
        way = plan["ways"][keys[2]]
        what = {
            "mean": "The mean number of environments that this way of sizing keeps ready.",
            "removes": "The part of the cold starts that this way of sizing removes.",
            "monthly_usd": "What the design costs a month with this way of sizing.",
        }
        return (
            (what[str(keys[3])], f"The way that is taken is {plan['sized']}."),
            (
                Figure(name="way of sizing", value=way["sized"], source=_PROVISIONED_PAGE),
                Figure(name="holds the objective", value=way["holds_objective"]),
            ),
        )
    if name == "break_even_utilisation":
        return _break_even(case, candidate)
    why = {
        "by_hour": "What an hour of the day has ready, by the rate of that hour.",
        "mean": "The mean of the day's hours: what capacity is charged for.",
        "removes": "One less the ratio of the cold shares with and without it.",
        "utilisation": "Busy over provisioned time, by the requests that it serves.",
    }
    hour = f" This is hour {keys[-1]}, from 0 on." if name == "by_hour" else ""
    return (
        (why.get(name, "A number of the plan for provisioned concurrency.") + hour,),
        (
            chosen,
            Figure(name="environments, least", value=min(plan["by_hour"])),
            Figure(name="environments, most", value=max(plan["by_hour"])),
            Figure(name="busy", value=plan["utilisation"], unit="share"),
        ),
    )


_PARTS = {
    "transitions_per_execution": (
        "States that an execution enters, with branches and retries: workflow.states,"
        " workflow.branches and workflow.retry_fraction, or workflow.transitions_per_execution."
    ),
    "children_per_execution": "Express executions that one Standard execution starts.",
    "child_duration_s": "What a branch lasts when all steps last alike.",
    "operations_per_execution": "Durable operations: steps, waits and retries of an execution.",
    "retention_days": "How long the history of an execution is kept.",
    "duration_s": "How long an execution lasts, as the workload states.",
    "memory_mb": "What Express bills: the execution's memory, rounded up to 64 MB.",
    "batch_size": "Messages that one receive or one invocation takes: messaging.batch_size.",
    "consumers": "Who takes each message: messaging.consumers.",
    "shards": "As many as the busiest second needs by bytes, records and readers.",
}


def _break_even(case: Case, candidate: Candidate) -> Parts:
    """Return the prices that the break-even of provisioned concurrency is made of."""
    suffix = ARCHITECTURE_SUFFIX[candidate.sizing["architecture"]]
    names = {"on demand": "duration", "capacity": "pc-capacity", "duration inside": "pc-duration"}
    prices = case.book.prices(
        "lambda", [f"{kind}-{suffix}" for kind in names.values()], case.situation.region
    )
    return (
        ("Capacity ÷ (on demand − duration inside): above this use it is cheaper than on demand.",),
        tuple(
            Figure(
                name=name,
                value=price.known(price.tiers[0]),
                unit=f"USD per {price.unit}",
                source=price.id,
            )
            for name, price in zip(names, prices, strict=True)
        ),
    )


def _asked_by_the_part(case: Case, name: str, nested: str) -> Parts:
    """Return what asked for a size of a workflow or of messaging: the month that it carries."""
    why = _PARTS.get(name, f"It follows from the {nested} section of the workload file.")
    runs, flow = case.situation.executions, case.situation.messages
    if nested == "workflow" and runs is not None:
        return (
            (why,),
            (
                Figure(name="executions a month", value=runs.monthly),
                Figure(name="states that one enters", value=runs.steps),
                Figure(name="retries of one", value=runs.retries),
                Figure(name="branches", value=runs.branches),
                Figure(
                    name="it lasts",
                    value=None if runs.duration is None else runs.duration.mean_ms,
                    unit="ms",
                ),
            ),
        )
    if flow is None:
        return ((why,), ())
    return (
        (why,),
        (
            Figure(name="messages a month", value=flow.monthly),
            Figure(name="at the peak", value=flow.peak_mps, unit="messages/s"),
            Figure(name="size of one", value=flow.message_kb, unit="KB"),
            Figure(name="consumers", value=flow.consumers),
            Figure(name="messages in a batch", value=flow.batch_size),
        ),
    )
