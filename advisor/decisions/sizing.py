"""The sizes that a design can have: what the load asks, and what the latency objective asks.

A function has an architecture, a memory and a way to meet cold starts; tasks have a size, an
architecture and a number by the hour. Which of several sizes wins is decided in ``search``, by
latency first and then by cost.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from advisor.capacity.fargate import TaskSize, tasks_meeting
from advisor.decisions.cold_start import ways
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
from advisor.decisions.sized import Sized
from advisor.decisions.task_sizes import counted, counts_of, rough_cost, sizes_by_load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from advisor.capacity.duration import DurationDistribution
    from advisor.capacity.fargate import TaskWork
    from advisor.decisions.recommendation import Design
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook


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
            for by_load in sizes_by_load(situation, running, design, book)
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
    rough = rough_cost(design, book, situation, running)
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
    rates, counts = arrivals.hourly_peak_rps, counts_of(situation, running, size)
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
    return counted(sizing, held, arrivals.hours_of_each) if len(held) == len(counts) else None


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
