"""How a workload's duration depends on memory: from what it states, for each architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.memory import DurationByMemory, cores_used
from advisor.limits import limits
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.decisions.assumptions import Assumptions
    from advisor.workload import Compute

_SHORTEST_MS = 1e-6
"""A nanosecond: what is shorter takes no time at any memory."""


class Curve(Struct, frozen=True, kw_only=True):
    """The mean duration by memory on one architecture.

    ``stated_ms`` is the mean at the memory of the workload file, which the percentiles there
    belong to. ``own`` says that durations were measured on this architecture, ``known`` that
    something was stated about how they change with memory.
    """

    by_memory: DurationByMemory
    stated_ms: float
    own: bool
    known: bool

    def factor(self, memory_mb: float) -> float:
        """Return how many times as long as stated a request takes at a memory."""
        slower = self.by_memory.scale(memory_mb)
        if not self.own or not self.stated_ms:
            return slower
        here = self.by_memory.duration_ms(self.by_memory.reference_mb)
        return slower * here / self.stated_ms

    def measured(self, memory_mb: float) -> bool:
        """Whether a duration was stated for this memory."""
        return any(memory == memory_mb for memory, _ in self.by_memory.points)


def by_architecture(
    compute: Compute, memory_mb: float, mean_ms: float, architectures: Iterable[str]
) -> dict[str, Curve]:
    """Return the curve of each architecture; ``mean_ms`` is the mean stated at ``memory_mb``.

    Durations measured on one architecture count for it alone, and then the stated mean, of which
    nobody said where it was measured, does not count for it.
    """
    return {
        architecture: _curve(compute, memory_mb, mean_ms, architecture)
        for architecture in architectures
    }


def at_memory(compute: Compute, stated_mb: float, memory_mb: float, curve: Curve) -> Compute:
    """Return the same code with another memory: its durations change, and its longest run.

    Median and 99th percentile change in proportion to the mean. A longest run that must be
    allowed gets longer on less memory; that more memory shortens it is not relied upon.
    """
    factor = curve.factor(memory_mb)
    if memory_mb == stated_mb and factor == 1:
        return compute
    stated = compute.request_duration_ms, compute.duration_p50_ms, compute.duration_p99_ms
    mean, p50, p99 = (None if value is None else value * factor for value in stated)
    longest = compute.max_duration_s
    return replace(
        compute,
        memory_mb=memory_mb,
        request_duration_ms=mean,
        duration_p50_ms=p50,
        duration_p99_ms=p99,
        max_duration_s=None if longest is None else longest * max(1.0, factor),
    )


def cpu_fraction(compute: Compute) -> float:
    """Return the part of the duration that keeps the vCPU share busy."""
    if compute.cpu_bound_fraction is not None:
        return compute.cpu_bound_fraction
    if compute.io_wait_fraction is not None:
        return 1 - compute.io_wait_fraction
    fraction: float = default("compute.cpu_bound_fraction")
    return fraction


def explain(
    compute: Compute, memory_mb: float, curves: dict[str, Curve], assumptions: Assumptions
) -> None:
    """List what the curves take for granted."""
    for architecture, curve in curves.items():
        fraction = cpu_fraction(compute)
        sizes = [memory for memory, _ in curve.by_memory.points]
        of = f" on {architecture}" if curve.own else ""
        if len(sizes) > 1:
            assumptions.take(
                f"duration by memory{of}",
                f"measured at {_listed(sizes)} MB",
                "straight over 1 / vCPUs between two sizes, and the best fit of I/O and CPU beyond",
            )
        elif not curve.known:
            assumptions.take(
                "compute.cpu_bound_fraction",
                default("compute.cpu_bound_fraction"),
                "if requests wait for I/O, more memory helps less than shown; state it, or"
                " measured_durations at a second size",
            )
        else:
            assumptions.take(
                f"duration by memory{of}",
                f"{fraction:g} of it is CPU at {(sizes or [memory_mb])[0]:g} MB",
                "CPU time goes with the vCPU share, the rest stays",
            )
        if compute.vcpu is None:
            assumptions.take(
                "compute.vcpu",
                curve.by_memory.cores,
                "what the code uses at once; more memory than gives as many makes nothing faster",
            )
    if len(curves) > 1 and not any(curve.own for curve in curves.values()):
        assumptions.take(
            "duration on arm64",
            "as on x86_64",
            "not measured apart; give measured_durations an architecture",
        )
    assumptions.take(
        "percentiles by memory", "in proportion to the mean", "only the mean is known by memory"
    )


def _curve(compute: Compute, memory_mb: float, mean_ms: float, architecture: str) -> Curve:
    measured = compute.measured_durations or []
    own = any(entry.architecture == architecture for entry in measured)
    points = {
        entry.memory_mb: entry.duration_ms
        for entry in measured
        if entry.architecture in (None, architecture)
    }
    if mean_ms < _SHORTEST_MS:
        mean_ms = 0.0
    if not own and mean_ms:
        points[memory_mb] = mean_ms
    cores = _cores(compute, points)
    fraction = cpu_fraction(compute)
    if points:
        by_memory = DurationByMemory.from_points(
            tuple(points.items()), cores, cpu_bound_fraction=fraction, reference_mb=memory_mb
        )
    else:
        by_memory = DurationByMemory.from_fraction(mean_ms, memory_mb, fraction, cores)
    stated = (compute.cpu_bound_fraction, compute.io_wait_fraction) != (None, None)
    return Curve(by_memory=by_memory, stated_ms=mean_ms, own=own, known=stated or len(points) > 1)


def _cores(compute: Compute, points: dict[float, float]) -> float:
    """Return how many vCPUs the code uses at once.

    Not stated, several measured sizes show it. A single one cannot: then it is the share that
    this memory gives, so that no gain from less or more of it is made up.
    """
    if compute.vcpu is not None:
        return max(1.0, compute.vcpu)
    if len(points) > 1:
        return cores_used(tuple(points.items()))
    return max([1.0, *(memory / limits().number("lambda.memory_mb_per_vcpu") for memory in points)])


def _listed(sizes: list[float]) -> str:
    shown = [f"{size:,g}" for size in sizes]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
