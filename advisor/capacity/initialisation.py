"""How long a cold start spends in INIT, from measured quantiles and the user's own figures.

INIT is what Lambda reports as Init Duration. It is interpolated between measured quantiles and
never fitted by a lognormal, which misses the 90th percentile by up to 69 % here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from math import erfc, exp, inf, isfinite, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.data import read_data
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORTEST_MS = 1e-3
_WIDEST = log(1e4)
"""Logarithm of the 99th percentile over the median beyond which figures are of several things."""


class Quantiles(Struct, frozen=True, kw_only=True):
    """The distribution of INIT durations, and the first request that follows.

    ``scores`` are normal scores of the quantiles, ``logs`` the logarithms of the durations in ms at
    them; between two, and beyond the outer ones, the logarithm is linear in the score. The first
    request takes ``first_request_fixed_ms`` plus ``first_request_cpu_ms`` of CPU time at one vCPU,
    measured with an empty handler. ``basis`` says where all this comes from.
    """

    scores: tuple[float, ...]
    logs: tuple[float, ...]
    first_request_fixed_ms: float
    first_request_cpu_ms: float
    basis: str

    def quantile(self, q: float) -> float:
        """Return the duration in ms that a share ``q`` of INITs stays below (0 < q < 1)."""
        score = NormalDist().inv_cdf(q)
        piece = self._piece(self.scores, score)
        return exp(self.logs[piece] + self._slope(piece) * (score - self.scores[piece]))

    def survival(self, x_ms: float) -> float:
        """Return the share of INITs that take longer than ``x_ms``."""
        if x_ms <= 0:
            return 1.0
        place = log(x_ms)
        piece = self._piece(self.logs, place)
        slope = self._slope(piece)
        if slope == 0:
            # Only below the least, or from the largest on, is a piece of equal durations met.
            return 1.0 if place < self.logs[piece] else 0.0
        score = self.scores[piece] + (place - self.logs[piece]) / slope
        return erfc(score / sqrt(2)) / 2

    @property
    def mean(self) -> float:
        """The mean in ms: over each piece, the partial mean of the lognormal that it is part of."""
        total = 0.0
        last = len(self.scores) - 2
        for piece in range(last + 1):
            slope = self._slope(piece)
            low = self.scores[piece] if piece else -inf
            high = self.scores[piece + 1] if piece < last else inf
            share = _normal_between(low - slope, high - slope)
            total += exp(self.logs[piece] - slope * self.scores[piece] + slope * slope / 2) * share
        return total

    def first_request_ms(self, memory_mb: float) -> float:
        """Return what the first request takes, in ms, besides the work of a warm one.

        CPU comes in proportion to memory, one vCPU at 1,769 MB (AWS Lambda developer guide).
        """
        at_one_vcpu = float(_measured()["first_request_at_mb"])
        return self.first_request_fixed_ms + self.first_request_cpu_ms * at_one_vcpu / memory_mb

    def plus(self, quantile: Callable[[float], float]) -> Quantiles:
        """Return the INIT durations with a part added that is long when they are.

        ``quantile`` gives that part in ms; its sum with INIT must be above zero.
        """
        logs = tuple(
            log(exp(place) + quantile(NormalDist().cdf(score)))
            for score, place in zip(self.scores, self.logs, strict=True)
        )
        return replace(self, logs=logs)

    def _slope(self, piece: int) -> float:
        rise = self.logs[piece + 1] - self.logs[piece]
        return rise / (self.scores[piece + 1] - self.scores[piece])

    @staticmethod
    def _piece(marks: tuple[float, ...], place: float) -> int:
        return min(max(bisect_right(marks, place) - 1, 0), len(marks) - 2)


def init_quantiles(
    runtime: str | None,
    package_type: str,
    architecture: str,
    p50_ms: float | None = None,
    p99_ms: float | None = None,
    *,
    family: str | None = None,
) -> Quantiles | None:
    """Return how long INIT takes, or None when nothing is known.

    ``runtime`` is Lambda's identifier (``python3.13``), ``family`` the language (``go``), which is
    needed for an OS-only runtime. A version that was not measured gets the nearest one's figures,
    a family its newest. The user's own ``p50_ms`` and ``p99_ms`` win: the measured shape is laid
    through them. Raises AdvisorError when they contradict each other.
    """
    _check(p50_ms, p99_ms)
    stated = p50_ms is not None or p99_ms is not None
    measured = _measured()
    name = _nearest(runtime, family, tuple(measured["runtimes"]))
    if name is None and stated:
        name = str(measured["shape_when_unknown"]["runtime"])
    if name is None:
        return None
    entry = measured["runtimes"][name].get(package_type, {}).get(architecture)
    if entry is None:
        return None
    scores = tuple(NormalDist().inv_cdf(float(q)) for q in measured["quantiles"])
    logs = tuple(log(float(ms)) for ms in entry["init_ms"])
    source = (
        f"{name}, {package_type}, {architecture}, measured {entry['n']} times"
        f" until {measured['as_of']} ({measured['source']})"
    )
    if stated:
        scores, logs = _through(scores, logs, p50_ms, p99_ms)
        basis = f"your INIT durations, in the shape of {source}"
    elif name in (runtime, family):
        basis = f"INIT of {source}"
    else:
        basis = f"{runtime or family} was not measured: INIT of {source}"
    return Quantiles(
        scores=scores,
        logs=logs,
        first_request_fixed_ms=float(entry["first_request_fixed_ms"]),
        first_request_cpu_ms=float(entry["first_request_cpu_ms"]),
        basis=basis,
    )


def _normal_between(low: float, high: float) -> float:
    """Return P(low < Z < high), on the side of zero where the difference has digits."""
    if high < 0:
        low, high = -high, -low
    return (erfc(low / sqrt(2)) - erfc(high / sqrt(2))) / 2


def _check(p50_ms: float | None, p99_ms: float | None) -> None:
    for value in (p50_ms, p99_ms):
        if value is not None and not (isfinite(value) and value >= 0):
            raise AdvisorError(f"an INIT duration of {value} ms is not a duration")
    if p50_ms is None or p99_ms is None:
        return
    if p99_ms < p50_ms:
        raise AdvisorError(f"an INIT p99 of {p99_ms:g} ms lies below the p50 of {p50_ms:g} ms")
    if log(max(p99_ms, _SHORTEST_MS)) - log(max(p50_ms, _SHORTEST_MS)) > _WIDEST:
        raise AdvisorError(
            f"an INIT p50 of {p50_ms:g} ms and a p99 of {p99_ms:g} ms are too far apart for one"
            " function; check the units"
        )


def _through(
    scores: tuple[float, ...],
    logs: tuple[float, ...],
    p50_ms: float | None,
    p99_ms: float | None,
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Lay the measured shape through one or both of the user's quantiles.

    One moves the shape; two also stretch it, by a power of the ratio to the median, so that all
    quantiles keep their order. Above the 99th percentile nothing of the user's is known, and the
    measured tail stays as wide as it is: a power of it would have hours for the rarest.
    """
    median, high = logs[scores.index(0.0)], logs[scores.index(NormalDist().inv_cdf(0.99))]
    stated = [None if ms is None else log(max(ms, _SHORTEST_MS)) for ms in (p50_ms, p99_ms)]
    stretch = 1.0
    if stated[0] is not None and stated[1] is not None:
        stretch = (stated[1] - stated[0]) / (high - median)
    anchor, target = (median, stated[0]) if stated[0] is not None else (high, stated[1])
    if target is None:
        return scores, logs
    return scores, tuple(
        target + stretch * (min(value, high) - anchor) + min(stretch, 1.0) * max(0.0, value - high)
        for value in logs
    )


def _nearest(runtime: str | None, family: str | None, known: tuple[str, ...]) -> str | None:
    """Return the measured runtime that is this one, or the nearest version of its family."""
    if runtime in known:
        return runtime
    language, version = _parts(runtime or "")
    if language is None or language not in {_parts(name)[0] for name in known}:
        language, version = family, None
    relatives = [name for name in known if _parts(name)[0] == language]
    if not relatives:
        return None
    versions = {name: _parts(name)[1] or 0 for name in relatives}
    if version is None:
        return max(relatives, key=versions.__getitem__)
    wanted = version
    return min(relatives, key=lambda name: (abs(versions[name] - wanted), -versions[name]))


def _parts(runtime: str) -> tuple[str | None, int | None]:
    """Split ``python3.13`` into its language and one number that orders versions, 3013."""
    match = re.match(r"([a-z]+)(?:(\d{1,4})(?:\.(\d{1,4}))?)?", runtime)
    if match is None:
        return None, None
    language, major, minor = match.groups()
    return language, None if major is None else int(major) * 1000 + int(minor or 0)


@cache
def _measured() -> dict[str, Any]:
    entries: dict[str, Any] = read_data("rules/measurements/init-durations.yaml")
    return entries
