"""The sizes that a design can have: what the load asks, and what the latency objective asks.

A function has an architecture, a memory and a way to meet cold starts; tasks have a size, an
architecture and a number by the hour. Which of several sizes wins is decided in ``search``, by
latency first and then by cost.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.capacity.fargate import TaskSize, tasks_by_hour, tasks_meeting
from advisor.cost import aws_lambda, fargate
from advisor.cost.units import MB_PER_GB
from advisor.decisions.cold_start import ColdStart, ways
from advisor.decisions.latency import (
    added_ms,
    front_doors,
    objective_percentile,
    tasks_hold,
)
from advisor.decisions.managed_instances import MANAGED_INSTANCES, fleets, meeting
from advisor.decisions.microvm import MICROVM
from advisor.decisions.microvm import sizing_of as microvm_of
from advisor.decisions.path import FARGATE
from advisor.errors import PriceMissing
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from advisor.capacity.duration import DurationDistribution
    from advisor.capacity.fargate import TaskWork
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.decisions.situation import Running, Situation
    from advisor.tariff import PriceBook


class Sized(Struct, frozen=True, kw_only=True):
    """One size of a design.

    ``shown`` is what the answer says of it. ``running`` is the work at this size, None when only a
    front door is asked about; ``cold`` how a function meets its cold starts.
    """

    shown: dict[str, Any]
    running: Running | None = None
    cold: ColdStart | None = None


def ladders(
    situation: Situation,
    design: Design,
    book: PriceBook,
    *,
    with_objective: bool = True,
    provisioned_concurrency: int | None = None,
    every_way: bool = False,
) -> list[Iterable[Sized]]:
    """Return the sizes of a design that are worth comparing.

    Each series begins with the cheapest size of its kind and goes on with dearer ones, of which the
    first that meets the latency objective is wanted. There are none when no size is large enough.
    ``with_objective`` False ends a series with what the load needs; ``provisioned_concurrency`` is
    what a function keeps ready all day where that is decided already; ``every_way`` sizes that in
    each way, also where the objective does not ask for it.
    """
    running = situation.running
    if running is None or design.compute is None:
        return [[Sized(shown={})]]
    if design.compute in FARGATE:
        return [
            _climb(situation, running, design, book, by_load)
            if with_objective
            else [Sized(shown=by_load[0], running=running)]
            for by_load in _by_load(situation, running, design, book)
        ]
    if design.compute == MANAGED_INSTANCES:
        found = (fleets(situation, running, each, book) for each in running.architectures)
        return [_fleets(situation, running, design, book, by_load) for by_load in found if by_load]
    if design.compute == MICROVM:
        sizing = microvm_of(situation, running)
        return [] if sizing is None else [[Sized(shown=sizing, running=running)]]
    return [
        [
            Sized(
                shown={"architecture": architecture, "memory_mb": running.memory_mb, **cold.shown},
                running=running,
                cold=cold,
            )
        ]
        for architecture in running.architectures
        for cold in ways(
            situation,
            running,
            design,
            architecture,
            book,
            units=provisioned_concurrency,
            every_way=every_way,
        )
    ]


def _fleets(
    situation: Situation,
    running: Running,
    design: Design,
    book: PriceBook,
    by_load: list[dict[str, Any]],
) -> Iterator[Sized]:
    """Yield the cheapest instances that carry the load, then those that also answer in time."""
    yield Sized(shown=by_load[0], running=running)
    slo, doors = situation.workload.slo, front_doors(design)
    if slo is None or slo.latency_p99_ms is None or doors is None:
        return
    percentile = objective_percentile(situation)
    for sizing in meeting(
        situation,
        running,
        by_load,
        book,
        percentile=percentile,
        slo_ms=slo.latency_p99_ms,
        fixed_ms=added_ms(running, doors, percentile),
    ):
        yield Sized(shown=sizing, running=running)


def _climb(
    situation: Situation,
    running: Running,
    design: Design,
    book: PriceBook,
    by_load: Sequence[dict[str, Any]],
) -> Iterator[Sized]:
    """Yield the cheapest size that carries the load, then those that also answer in time."""
    yield Sized(shown=by_load[0], running=running)
    slo, doors = situation.workload.slo, front_doors(design)
    if slo is None or slo.latency_p99_ms is None or doors is None or "tasks_max" not in by_load[0]:
        return
    percentile = objective_percentile(situation)
    fixed_ms = added_ms(running, doors, percentile)
    holds = partial(
        tasks_hold, running, doors, percentile=percentile, objective_ms=slo.latency_p99_ms
    )
    meet = partial(
        _tasks_meeting,
        percentile,
        slo.latency_p99_ms,
        fixed_ms,
        running.target_utilisation,
        running.min_tasks,
    )
    rough = partial(_rough_cost, str(design.compute), book, situation.region, running.windows)
    late_ms = running.duration.quantile(percentile / 100)
    best: tuple[float, dict[str, Any]] | None = None
    for sizing in by_load:
        if best is not None and rough(sizing) >= best[0]:
            # The objective only ever asks for more tasks than the load does.
            break
        size = TaskSize(vcpu=sizing["task_vcpu"], memory_mb=sizing["task_memory_mb"])
        if running.stretch(size) * late_ms + fixed_ms > slo.latency_p99_ms:
            # Too slow even for a request that finds the task idle.
            continue
        held = _in_time(situation, running, sizing, size, meet, holds)
        if held is not None and (best is None or rough(held) < best[0]):
            best = rough(held), held
    if best is not None:
        yield Sized(shown=best[1], running=running)
        return
    # None answers in time: the fastest says how near tasks come.
    yield Sized(shown=min(by_load, key=partial(_stretch, running)), running=running)


def _stretch(running: Running, sizing: dict[str, Any]) -> float:
    return running.stretch(TaskSize(vcpu=sizing["task_vcpu"], memory_mb=sizing["task_memory_mb"]))


def _in_time(
    situation: Situation,
    running: Running,
    sizing: dict[str, Any],
    size: TaskSize,
    meet: Callable[..., int | None],
    holds: Callable[..., bool],
) -> dict[str, Any] | None:
    """Return a size with as many tasks in each hour as the objective needs, or None if none do.

    ``meet`` adds what the front doors take to the percentile, which is a little too much. So where
    it asks for more tasks than the load does, ``holds`` says whether these hold the objective.
    """
    arrivals = situation.arrivals
    rates, counts = arrivals.hourly_peak_rps, _counts(situation, running, size)
    # Hours with the same number of tasks are held by what the busiest of them needs.
    busiest: dict[int, float] = {}
    for rate, count in zip(rates, counts, strict=True):
        busiest[count] = max(rate, busiest.get(count, 0.0))
    needed: dict[int, int | None] = {}
    proven = 0.0
    for count, rate in sorted(busiest.items()):
        # More tasks that bear no more each are reached more evenly, and answer no later.
        if rate > proven * count:
            needed[count] = meet(rate, size, running.work, running.duration)
            proven = rate / count if needed[count] == count else proven
        else:
            needed[count] = count
    if any(found != count for count, found in needed.items()) and holds(size, busiest):
        return sizing
    held = [found for count in counts if (found := needed[count]) is not None]
    return _counted(sizing, held, arrivals.hours_of_each) if len(held) == len(counts) else None


@lru_cache(maxsize=4096)
def _tasks_meeting(
    percentile: float,
    slo_ms: float,
    fixed_ms: float,
    target_utilisation: float,
    min_tasks: int,
    rate_rps: float,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
) -> int | None:
    """Remember how many tasks meet an objective: architectures and Regions ask for the same."""
    return tasks_meeting(
        rate_rps,
        size,
        work,
        duration,
        percentile=percentile,
        slo_ms=slo_ms,
        fixed_ms=fixed_ms,
        target_utilisation=target_utilisation,
        zones=1,
        survive_zone=False,
        min_tasks=min_tasks,
    )


def _counts(situation: Situation, running: Running, size: TaskSize) -> tuple[int, ...]:
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


def _counted(sizing: dict[str, Any], counts: Sequence[int], hours_of_each: float) -> dict[str, Any]:
    return {
        **sizing,
        "tasks_min": min(counts),
        "tasks_max": max(counts),
        "task_hours": float(f"{sum(counts) * hours_of_each:.12g}"),
    }


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
        for by_load in _by_load(situation, sized.running, candidate.design, book)
        if by_load[0]["architecture"] == sized.shown["architecture"]
    ]
    rough = partial(
        _rough_cost, str(candidate.design.compute), book, situation.region, sized.running.windows
    )
    return Sized(shown=min(same, key=rough), running=sized.running)


def task_sizes_of(situation: Situation, candidate: Candidate, book: PriceBook) -> list[Sized]:
    """Return the task sizes of a candidate's kind, those of fewer vCPUs first."""
    running = situation.running
    if running is None or candidate.design.compute not in FARGATE:
        return []
    found = {
        sizing["task_vcpu"]: Sized(shown=sizing, running=running)
        for by_load in _by_load(situation, running, candidate.design, book)
        for sizing in by_load
    }
    return [found[vcpu] for vcpu in sorted(found)]


def _by_load(
    situation: Situation, running: Running, design: Design, book: PriceBook
) -> list[list[dict[str, Any]]]:
    """Return the sizes that carry the load for each architecture and mode, the cheapest first."""
    # Every size is compared on the task's own price in floats; few are billed in full.
    found = []
    rough = partial(_rough_cost, str(design.compute), book, situation.region, running.windows)
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
    counts = _counts(situation, running, size)
    return _counted(sizing, counts, arrivals.hours_of_each)


def _rough_cost(
    option: str,
    book: PriceBook,
    region: str,
    windows: bool,  # noqa: FBT001 - bound by partial
    sizing: dict[str, Any],
) -> float:
    """Rank task sizes by vCPU and memory alone; without a price, by the size itself."""
    kind = "spot-" if option == "fargate-spot" else ""
    suffix = aws_lambda.ARCHITECTURE_SUFFIX[sizing["architecture"]]
    components = [f"{kind}vcpu-{suffix}", f"{kind}memory-{suffix}"]
    if windows:
        components = ["windows-vcpu", "windows-memory", "windows-os-license"]
    try:
        found = book.prices("fargate", components, region)
        vcpu, memory, *licence = (float(price.known(price.tiers[0])) for price in found)
        vcpu += sum(licence)
    except PriceMissing:
        vcpu, memory = 1.0, 0.0
    hourly = vcpu * sizing["task_vcpu"] + memory * sizing["task_memory_mb"] / MB_PER_GB
    cost: float = sizing["task_hours"] * hourly
    return cost
