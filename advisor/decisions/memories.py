"""The memories that a function may have, where the workload says what memory does to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.decisions.assumptions import Assumptions, house_assumption
from advisor.decisions.curves import at_memory, by_architecture
from advisor.decisions.latency import can_hold
from advisor.decisions.running import running_of
from advisor.decisions.tenants import apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.decisions.curves import Curve
    from advisor.decisions.pricing import Pricer
    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Situation


def steps(pricer: Pricer, design: Design) -> Iterator[list[Situation]]:
    """Yield the situations in which a design is tried, until one meets the objective.

    The first is the workload as it stands. Functions go on with more memory where it is stated how
    much of a request is CPU; with durations measured at several memories, these come in the order
    of what a request costs. Each step has a situation for each architecture. Where not even the
    fastest memory can hold the objective, it is the second and last one.
    """
    situation = pricer.situation
    running = situation.running
    if running is None or design.compute != "lambda":
        yield [situation]
        return
    curves = curves_of(pricer)
    if not any(curve.known for curve in curves.values()):
        yield [situation]
        return
    first = next(iter(curves.values()))
    memories = memories_of(running.memory_mb, curves)

    def tried(memory_mb: float) -> list[Situation]:
        if memory_mb == running.memory_mb and not any(curve.own for curve in curves.values()):
            return [situation]
        return [resized(pricer, curves, architecture, memory_mb) for architecture in curves]

    yield tried(memories[0])
    fastest = min(memories, key=first.by_memory.duration_ms)
    if any(can_hold(each, design) for each in tried(fastest)):
        for memory_mb in memories[1:]:
            yield tried(memory_mb)
    elif fastest != memories[0]:
        yield tried(fastest)


def curves_of(pricer: Pricer) -> dict[str, Curve]:
    """Return how the duration depends on memory on each architecture, nothing without code."""
    running, compute = pricer.situation.running, pricer.situation.workload.compute
    if running is None or compute is None:
        return {}
    return pricer.remember(
        "curves",
        lambda: by_architecture(
            compute, running.memory_mb, running.duration.mean_ms, running.architectures
        ),
    )


def resized(
    pricer: Pricer, curves: dict[str, Curve], architecture: str, memory_mb: float
) -> Situation:
    """Return the pricer's workload with its function at another memory, on one architecture."""
    return pricer.remember(
        ("memory", architecture, memory_mb),
        partial(at, pricer.situation, architecture, curves[architecture], memory_mb),
    )


def memories_of(stated_mb: float, curves: dict[str, Curve]) -> list[float]:
    """Return the memories to try, those that were measured or stated first, by their cost."""
    measured = {memory for curve in curves.values() for memory, _ in curve.by_memory.points}
    larger = {
        float(memory) for memory in house_assumption("memory_sizes")["mb"] if memory > stated_mb
    }
    first = next(iter(curves.values()))
    order = sorted(
        measured | {stated_mb},
        key=lambda memory: (memory * first.by_memory.duration_ms(memory), memory),
    )
    return [*order, *sorted(larger - measured)]


def at(situation: Situation, architecture: str, curve: Curve, memory_mb: float) -> Situation:
    """Return the same workload with its function at another memory, on one architecture."""
    running, compute = situation.running, situation.workload.compute
    if running is None or compute is None:
        return situation
    other = at_memory(compute, running.memory_mb, memory_mb, curve)
    resized = apart(situation, running_of(other, situation.arrivals, Assumptions()))
    return replace(situation, running=replace(resized, architectures=(architecture,)))
