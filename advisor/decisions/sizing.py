"""The sizes that a design can have: what the load asks, and what the latency objective asks.

A function has an architecture, a memory and a way to meet cold starts; tasks have a size, an
architecture and a number by the hour. Which of several sizes wins is decided in ``search``, by
latency first and then by cost.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.capacity.fargate import tasks_by_hour
from advisor.cost import aws_lambda, fargate
from advisor.cost.units import MB_PER_GB
from advisor.decisions.cold_start import ColdStart, ways
from advisor.decisions.path import FARGATE
from advisor.errors import PriceMissing
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.capacity.fargate import TaskSize
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


def ladders(situation: Situation, design: Design, book: PriceBook) -> list[list[Sized]]:
    """Return the sizes of a design that are worth comparing.

    Each list begins with the cheapest size of its kind and goes on with dearer ones, of which the
    first that meets the latency objective is wanted. There are none when no task is large enough.
    """
    running = situation.running
    if running is None or design.compute is None:
        return [[Sized(shown={})]]
    if design.compute in FARGATE:
        return _task_ladders(situation, running, design, book)
    return [
        [
            Sized(
                shown={"architecture": architecture, "memory_mb": running.memory_mb, **cold.shown},
                running=running,
                cold=cold,
            )
        ]
        for architecture in running.architectures
        for cold in ways(situation, running, design, architecture, book)
    ]


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
        next(each for each in ladder if each.shown["task_vcpu"] >= least_vcpu)
        for ladder in _task_ladders(situation, sized.running, candidate.design, book)
        if ladder[0].shown["architecture"] == sized.shown["architecture"]
    ]
    option = str(candidate.design.compute)
    return min(same, key=lambda each: _rough_cost(option, book, situation.region, each.shown))


def task_sizes_of(situation: Situation, candidate: Candidate, book: PriceBook) -> list[Sized]:
    """Return the task sizes of a candidate's kind, those of fewer vCPUs first."""
    running = situation.running
    if running is None or candidate.design.compute not in FARGATE:
        return []
    found = {
        sized.shown["task_vcpu"]: sized
        for ladder in _task_ladders(situation, running, candidate.design, book)
        for sized in ladder
    }
    return [found[vcpu] for vcpu in sorted(found)]


def _task_ladders(
    situation: Situation, running: Running, design: Design, book: PriceBook
) -> list[list[Sized]]:
    # Every size is compared on the task's own price in floats; few are billed in full.
    found = []
    rough = partial(_rough_cost, str(design.compute), book, situation.region)
    for architecture in running.architectures:
        for mode in _modes(running):
            sizings = [
                _task_sizing(situation, running, architecture, mode, size)
                for size in running.task_sizes
            ]
            # At the same cost fewer, larger tasks queue less.
            sizings.sort(key=lambda each: (round(rough(each), 6), -each["task_vcpu"]))
            if sizings:
                found.append([Sized(shown=each, running=running) for each in sizings])
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
        hours = float(fargate.run_hours(arrivals.monthly_requests, seconds))
        return {**sizing, "run_s": float(f"{seconds:.9g}"), "task_hours": float(f"{hours:.12g}")}
    counts = tasks_by_hour(
        arrivals.hourly_peak_rps,
        size,
        running.work,
        target_utilisation=running.target_utilisation,
        min_tasks=running.min_tasks,
        autoscaling=running.autoscaling,
    )
    return {
        **sizing,
        "tasks_min": min(counts),
        "tasks_max": max(counts),
        "task_hours": float(f"{sum(counts) * arrivals.hours_of_each:.12g}"),
    }


def _rough_cost(option: str, book: PriceBook, region: str, sizing: dict[str, Any]) -> float:
    """Rank task sizes by vCPU and memory alone; without a price, by the size itself."""
    kind = "spot-" if option == "fargate-spot" else ""
    suffix = aws_lambda.ARCHITECTURE_SUFFIX[sizing["architecture"]]
    try:
        vcpu_price = book.price("fargate", f"{kind}vcpu-{suffix}", region)
        memory_price = book.price("fargate", f"{kind}memory-{suffix}", region)
        vcpu = float(vcpu_price.known(vcpu_price.tiers[0]))
        memory = float(memory_price.known(memory_price.tiers[0]))
    except PriceMissing:
        vcpu, memory = 1.0, 0.0
    hourly = vcpu * sizing["task_vcpu"] + memory * sizing["task_memory_mb"] / MB_PER_GB
    cost: float = sizing["task_hours"] * hourly
    return cost
