"""The sizes of tasks that carry the load: vCPUs, memory, architecture, and a number by the hour."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from advisor.capacity.fargate import TaskSize, tasks_by_hour
from advisor.cost import fargate
from advisor.decisions.path import FARGATE
from advisor.decisions.sized import Sized
from advisor.decisions.task_charges import cost_of
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.capacity.fargate import TaskWork
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook


def resized(
    situation: Situation, candidate: Candidate, book: PriceBook, *, least_vcpu: float = 0
) -> Sized:
    """Return a candidate's size for another load: the same function, or as many tasks as it needs.

    Tasks may have another size, of ``least_vcpu`` at least. The share of cold requests and the
    environments kept ready for each request stay as they are.
    """
    sized = candidate.sized or Sized(shown={})
    if sized.running is None or candidate.design.compute not in FARGATE:
        return sized
    same = [
        next(each for each in by_load if each["task_vcpu"] >= least_vcpu)
        for by_load in sizes_by_load(situation, sized.running, candidate.design, book)
        if by_load[0]["architecture"] == sized.shown["architecture"]
    ]
    rough = rough_cost(candidate.design, book, situation, sized.running)
    return Sized(shown=min(same, key=rough), running=sized.running)


def task_sizes_of(situation: Situation, candidate: Candidate, book: PriceBook) -> list[Sized]:
    """Return the task sizes of a candidate's kind, those of fewer vCPUs first."""
    running = situation.running
    if running is None or candidate.design.compute not in FARGATE:
        return []
    found = {
        sizing["task_vcpu"]: Sized(shown=sizing, running=running)
        for by_load in sizes_by_load(situation, running, candidate.design, book)
        for sizing in by_load
    }
    return [found[vcpu] for vcpu in sorted(found)]


def sizes_by_load(
    situation: Situation, running: Running, design: Design, book: PriceBook
) -> list[list[dict[str, Any]]]:
    """Return the sizes that carry the load for each architecture and mode, the cheapest first."""
    # Every size is compared on the tasks' own charges in floats; few are billed in full.
    found = []
    rough = rough_cost(design, book, situation, running)
    for architecture in running.architectures:
        for mode in _modes(running):
            sizings = [
                _task_sizing(situation, running, architecture, mode, size)
                for size in running.task_sizes
            ]
            # At the same cost fewer, larger tasks queue less.
            sizings.sort(key=lambda each: (round(rough(each), 6), -each["task_vcpu"]))
            if sizings:
                found.append(sizings)
    return found


def counts_of(situation: Situation, running: Running, size: TaskSize) -> tuple[int, ...]:
    """Return the tasks that carry each hour of the day."""
    return _tasks_by_hour(
        situation.arrivals.hourly_peak_rps,
        size,
        running.work,
        running.target_utilisation,
        running.min_tasks,
        running.autoscaling,
    )


@lru_cache(maxsize=1024)
def _tasks_by_hour(
    rates: tuple[float, ...],
    size: TaskSize,
    work: TaskWork,
    target_utilisation: float,
    min_tasks: int,
    autoscaling: bool,  # noqa: FBT001 - a key of the cache
) -> tuple[int, ...]:
    """Remember the tasks of each hour: front doors, architectures and Spot ask for the same."""
    return tasks_by_hour(
        rates,
        size,
        work,
        target_utilisation=target_utilisation,
        min_tasks=min_tasks,
        autoscaling=autoscaling,
    )


def counted(sizing: dict[str, Any], counts: Sequence[int], hours_of_each: float) -> dict[str, Any]:
    """Return a size with its tasks: the fewest, the most, and their hours in a month."""
    return {
        **sizing,
        "tasks_min": min(counts),
        "tasks_max": max(counts),
        "task_hours": float(f"{sum(counts) * hours_of_each:.12g}"),
    }


def _modes(running: Running) -> tuple[str, ...]:
    """A service keeps tasks running; work that nobody waits for may start a task for each run."""
    return ("service", "task-per-run") if running.invocation == "async" else ("service",)


def _task_sizing(
    situation: Situation, running: Running, architecture: str, mode: str, size: TaskSize
) -> dict[str, Any]:
    arrivals = situation.arrivals
    sizing: dict[str, Any] = {
        "architecture": architecture,
        "task_vcpu": size.vcpu,
        "task_memory_mb": size.memory_mb,
        "mode": mode,
    }
    if mode == "task-per-run":
        seconds = limits().number("fargate.start_s") + running.work.seconds(size)
        hours = float(
            fargate.run_hours(arrivals.monthly_requests, seconds, windows=running.windows)
        )
        return {**sizing, "run_s": float(f"{seconds:.9g}"), "task_hours": float(f"{hours:.12g}")}
    counts = counts_of(situation, running, size)
    return counted(sizing, counts, arrivals.hours_of_each)


def rough_cost(
    design: Design, book: PriceBook, situation: Situation, running: Running
) -> Callable[[dict[str, Any]], float]:
    """Return how task sizes rank: by what the tasks cost; without a price, by the size itself."""
    cost = cost_of(str(design.compute), book, situation, running)

    def rough(sizing: dict[str, Any]) -> float:
        usd: float = cost(sizing) or sizing["task_hours"] * sizing["task_vcpu"]
        return usd

    return rough
