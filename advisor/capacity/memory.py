"""How the duration of a request depends on a function's memory.

Lambda gives CPU in proportion to memory, one vCPU at 1,769 MB (AWS Lambda developer guide, quotas).
A request waits for I/O, which no memory shortens, and computes, which takes its CPU time over the
share of vCPUs that it can use:

    duration(memory) = io + cpu / min(memory / 1769, cores)

Everything is in milliseconds and MB, for warm requests. INIT has its own rules: it runs at full
speed at any memory. Derivation and errors are in ``docs/how-we-know/memory.md``.
"""

from __future__ import annotations

from bisect import bisect_left
from math import ceil, isfinite
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORTEST_MS, _LONGEST_MS = 1e-6, 1e15
_SMALLEST_MB, _LARGEST_MB = 1.0, 1e9
_MOST_CORES = 1e6
_SAME_FIT = 1e-9
"""Squared relative errors that differ by less come from rounding."""


class DurationByMemory(Struct, frozen=True, kw_only=True):
    """The mean duration of a request at any memory.

    ``io_ms`` is what waits, ``cpu_ms`` the CPU time at one full vCPU, ``cores`` how many vCPUs the
    code uses at once (1 for a single thread). ``points`` are the measured (memory, duration)
    pairs, ascending by memory; between two of them the curve is laid through both, and beyond
    the outer ones it follows the fit from the nearest. ``reference_mb`` is the memory that
    ``scale`` compares with. Made by ``from_fraction`` and ``from_points``.
    """

    io_ms: float
    cpu_ms: float
    cores: float
    reference_mb: float
    points: tuple[tuple[float, float], ...] = ()

    @classmethod
    def from_fraction(
        cls, duration_ms: float, memory_mb: float, cpu_bound_fraction: float, cores: float = 1
    ) -> DurationByMemory:
        """Return the curve through one duration of which a fraction keeps its vCPU share busy.

        Raises ValueError for a duration or memory that is none, a fraction outside 0 to 1, and
        fewer cores than one.
        """
        if duration_ms != 0:
            _check_duration(duration_ms)
        _check_memory(memory_mb)
        _check_cores(cores)
        _check_fraction(cpu_bound_fraction)
        return cls(
            io_ms=significant(duration_ms * (1 - cpu_bound_fraction)),
            cpu_ms=significant(duration_ms * cpu_bound_fraction * _vcpus(memory_mb, cores)),
            cores=cores,
            reference_mb=memory_mb,
            points=((memory_mb, duration_ms),) if duration_ms else (),
        )

    @classmethod
    def from_points(
        cls,
        points: Sequence[tuple[float, float]],
        cores: float = 1,
        *,
        cpu_bound_fraction: float = 1,
        reference_mb: float | None = None,
    ) -> DurationByMemory:
        """Return the curve through measured (memory in MB, duration in ms) pairs.

        Two pairs determine I/O and CPU time; of more, the fit with the least relative error is
        taken, by least squares. Neither part is negative. Where all pairs have the same vCPUs (a
        single pair, or all beyond ``cores``) they cannot tell the parts from each other, and
        ``cpu_bound_fraction`` does. ``reference_mb`` is the smallest memory measured when it is not
        given. Raises ValueError without a pair, for a memory that comes twice, and as
        ``from_fraction`` does.
        """
        if not points:
            raise ValueError("a curve needs a measured duration")
        for memory_mb, duration_ms in points:
            _check_memory(memory_mb)
            _check_duration(duration_ms)
        _check_cores(cores)
        _check_fraction(cpu_bound_fraction)
        ordered = tuple(sorted(points))
        memories = [memory_mb for memory_mb, _ in ordered]
        if len(set(memories)) < len(memories):
            raise ValueError("a memory is measured twice")
        if reference_mb is None:
            reference_mb = memories[0]
        _check_memory(reference_mb)
        io_ms, cpu_ms = _fit(ordered, cores, cpu_bound_fraction)
        return cls(
            io_ms=significant(io_ms),
            cpu_ms=significant(cpu_ms),
            cores=cores,
            reference_mb=reference_mb,
            points=ordered,
        )

    def duration_ms(self, memory_mb: float) -> float:
        """Return the mean duration at a memory; raise ValueError for one that is none."""
        _check_memory(memory_mb)
        return significant(self._duration_ms(memory_mb))

    def scale(self, memory_mb: float) -> float:
        """Return how many times as long as at the reference memory a request takes.

        A duration of zero stays what it is.
        """
        _check_memory(memory_mb)
        reference = self._duration_ms(self.reference_mb)
        return significant(self._duration_ms(memory_mb) / reference) if reference else 1.0

    def _duration_ms(self, memory_mb: float) -> float:
        if not self.points:
            return self._fitted_ms(memory_mb)
        place = bisect_left(self.points, (memory_mb,))
        if place < len(self.points) and self.points[place][0] == memory_mb:
            return self.points[place][1]
        if place in (0, len(self.points)):
            nearest_mb, measured_ms = self.points[0 if place == 0 else -1]
            return self._fitted_ms(memory_mb) * (measured_ms / self._fitted_ms(nearest_mb))
        (low_mb, low_ms), (high_mb, high_ms) = self.points[place - 1 : place + 1]
        low, high = (1 / _vcpus(each, self.cores) for each in (low_mb, high_mb))
        # The model is a straight line over 1 / vCPUs; where these are the same at both ends, what
        # the ends differ by is noise, or code that has more threads than was said.
        if low == high:
            part = (memory_mb - low_mb) / (high_mb - low_mb)
        else:
            part = (low - 1 / _vcpus(memory_mb, self.cores)) / (low - high)
        # Kept between the two: the difference of very unlike ones has no digits for the lesser.
        between = low_ms + (high_ms - low_ms) * part
        return min(max(between, min(low_ms, high_ms)), max(low_ms, high_ms))

    def _fitted_ms(self, memory_mb: float) -> float:
        return self.io_ms + self.cpu_ms / _vcpus(memory_mb, self.cores)


def cores_used(points: Sequence[tuple[float, float]]) -> int:
    """Return how many vCPUs the code uses at once, as far as measured durations show it.

    Of all numbers of cores that a function can have it is the one with which I/O and CPU time fit
    the (memory, duration) pairs best, and the smallest of several that fit alike: below 1,769 MB
    all do. Raises ValueError as ``from_points`` does.
    """
    quota = limits()
    most = ceil(quota.number("lambda.memory_max_mb") / quota.number("lambda.memory_mb_per_vcpu"))
    errors = []
    for cores in range(1, most + 1):
        curve = DurationByMemory.from_points(points, cores)
        errors.append(_squared_error(curve.points, cores, curve.io_ms, curve.cpu_ms))
    enough = min(errors) + _SAME_FIT
    return next(cores for cores, error in enumerate(errors, start=1) if error <= enough)


def _fit(
    points: tuple[tuple[float, float], ...], cores: float, cpu_bound_fraction: float
) -> tuple[float, float]:
    """Return I/O and CPU time, neither negative, with the least sum of squared relative errors."""
    slowness = [1 / _vcpus(memory_mb, cores) for memory_mb, _ in points]
    # Weights relative to the longest keep squares of very short durations in range.
    longest = max(duration_ms for _, duration_ms in points)
    weights = [(longest / duration_ms) ** 2 for _, duration_ms in points]
    whole = sum(weights)
    centre = sum(w * x for w, x in zip(weights, slowness, strict=True)) / whole
    level = sum(w * y for w, (_, y) in zip(weights, points, strict=True)) / whole
    if slowness[0] == slowness[-1]:
        return level * (1 - cpu_bound_fraction), level * cpu_bound_fraction / slowness[0]
    # About the centre: the plain normal equations lose their digits where memories are close.
    spread = sum(w * (x - centre) ** 2 for w, x in zip(weights, slowness, strict=True))
    together = sum(
        w * (x - centre) * (y - level)
        for w, x, (_, y) in zip(weights, slowness, points, strict=True)
    )
    cpu_ms = together / spread
    io_ms = level - cpu_ms * centre
    if io_ms >= 0 and cpu_ms >= 0:
        return io_ms, cpu_ms
    # The best that is allowed lies where one of the two parts is nothing.
    squares = sum(w * x * x for w, x in zip(weights, slowness, strict=True))
    products = sum(w * x * y for w, x, (_, y) in zip(weights, slowness, points, strict=True))
    edges = ((level, 0.0), (0.0, products / squares))
    return min(edges, key=lambda edge: _squared_error(points, cores, *edge))


def _squared_error(
    points: Sequence[tuple[float, float]], cores: float, io_ms: float, cpu_ms: float
) -> float:
    return sum(
        ((io_ms + cpu_ms / _vcpus(memory_mb, cores)) / duration_ms - 1) ** 2
        for memory_mb, duration_ms in points
    )


def _vcpus(memory_mb: float, cores: float) -> float:
    """Return the vCPUs that the code can use at a memory."""
    return min(memory_mb / limits().number("lambda.memory_mb_per_vcpu"), cores)


def _check_memory(memory_mb: float) -> None:
    if not (isfinite(memory_mb) and _SMALLEST_MB <= memory_mb <= _LARGEST_MB):
        raise ValueError(f"{memory_mb} MB is not a memory size")


def _check_duration(duration_ms: float) -> None:
    if not (isfinite(duration_ms) and _SHORTEST_MS <= duration_ms <= _LONGEST_MS):
        raise ValueError(f"{duration_ms} ms is not a measured duration")


def _check_cores(cores: float) -> None:
    if not (isfinite(cores) and 1 <= cores <= _MOST_CORES):
        raise ValueError(f"{cores} is not a number of cores")


def _check_fraction(fraction: float) -> None:
    if not 0 <= fraction <= 1:
        raise ValueError(f"a fraction of {fraction} is not between 0 and 1")
