"""The memories that a function may have, where the workload says what memory does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.decisions.assumptions import Assumptions, house_assumption
from advisor.decisions.curves import at_memory, by_architecture
from advisor.decisions.situation import running_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Situation
    from advisor.workload import Compute


def steps(situation: Situation, design: Design) -> Iterator[list[Situation]]:
    """Yield the situations in which a design is tried, until one meets the objective.

    The first is the workload as it stands. Functions go on with more memory where it is stated how
    much of a request is CPU; with durations measured at several memories, these come in the order
    of what a request costs. Each step has a situation for each architecture.
    """
    running, compute = situation.running, situation.workload.compute
    if running is None or compute is None or design.compute != "lambda":
        yield [situation]
        return
    mean_ms = running.duration.mean_ms
    curves = by_architecture(compute, running.memory_mb, mean_ms, running.architectures)
    if not any(curve.known for curve in curves.values()):
        yield [situation]
        return
    measured = {memory for curve in curves.values() for memory, _ in curve.by_memory.points}
    larger = {
        float(memory)
        for memory in house_assumption("memory_sizes")["mb"]
        if memory > running.memory_mb
    }
    first = next(iter(curves.values()))
    order = sorted(
        measured | {running.memory_mb},
        key=lambda memory: (memory * first.by_memory.duration_ms(memory), memory),
    )
    for memory_mb in (*order, *sorted(larger - measured)):
        if memory_mb == running.memory_mb and not any(curve.own for curve in curves.values()):
            yield [situation]
            continue
        yield [
            _at(situation, architecture, at_memory(compute, running.memory_mb, memory_mb, curve))
            for architecture, curve in curves.items()
        ]


def _at(situation: Situation, architecture: str, compute: Compute) -> Situation:
    running = running_of(compute, situation.arrivals, Assumptions())
    return replace(situation, running=replace(running, architectures=(architecture,)))
