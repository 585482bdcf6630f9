"""How long a caller waits: warm and cold requests mixed, with what stands before the code.

A warm request takes its duration and the front door's overhead. A cold one takes, besides, the
hidden start, INIT and the extra of a first request. The two kinds are mixed by the share of cold
starts. The front door of a cold request is taken to be slow when INIT is, the slower end by a few
milliseconds; all other parts are independent. Everything is in milliseconds, for a caller in the
same Region.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import exp, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.duration import DurationDistribution
from advisor.data import read_data

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.capacity.initialisation import Quantiles

_SCORE_STEP = 0.25
_LAST_SCORE = 18
_PRECISION = 1e-7
_SIGNIFICANT = 6
_P99 = 0.99


class _Distribution(Protocol):
    def __hash__(self) -> int: ...

    def quantile(self, q: float) -> float: ...

    def survival(self, x_ms: float) -> float: ...


class ColdPath(Struct, frozen=True, kw_only=True):
    """What a cold request takes besides the work of a warm one.

    ``fixed_ms`` is the hidden start and the extra of the first request, ``init`` how long INIT
    takes.
    """

    fixed_ms: float
    init: Quantiles


class LatencyModel(Struct, frozen=True, kw_only=True):
    """The latency of a request, warm or cold.

    ``duration`` is how long the work takes, with any wait for it.

    ``cold_share`` is the part of requests that are cold, each taking ``cold`` on top; None says
    that there are no cold requests (containers, or provisioned environments for all).
    """

    duration: DurationDistribution | Quantiles
    front_door: DurationDistribution
    cold_share: float = 0.0
    cold: ColdPath | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.cold_share <= 1:
            raise ValueError(f"a share of {self.cold_share} is not between 0 and 1")
        if self.cold is None and self.cold_share > 0:
            raise ValueError("cold requests need a cold path")

    def survival(self, x_ms: float) -> float:
        """Return the share of requests that take longer than ``x_ms``."""
        return self._survival()(x_ms)

    def percentile(self, q: float) -> float:
        """Return the latency in ms that a share ``q`` of requests stays below (0 < q < 1)."""
        if not 0 < q < 1:
            raise ValueError(f"a share of {q} is not between 0 and 1")
        return self.percentiles((q,))[0]

    def percentiles(self, shares: Sequence[float]) -> tuple[float, ...]:
        """Return the latencies in ms for several shares at the price of one set-up."""
        survival = self._survival()
        solved = (_solve(survival, 1 - q, self.duration.quantile(q)) for q in shares)
        return tuple(significant(latency_ms, _SIGNIFICANT) for latency_ms in solved)

    def meets(self, q: float, slo_ms: float) -> bool:
        """Whether a share ``q`` of requests at least is answered within ``slo_ms``."""
        return self.percentile(q) <= slo_ms

    def _survival(self) -> Callable[[float], float]:
        warm = _sum_survival(self.front_door, self.duration)
        if self.cold is None or self.cold_share == 0:
            return warm
        fixed, share = self.cold.fixed_ms, self.cold_share
        start = self.cold.init.plus(lambda q: fixed + self.front_door.quantile(q))
        cold = _sum_survival(start, self.duration)
        return lambda x: (1 - share) * warm(x) + share * cold(x)


def front_door(option: str, *, lambda_behind: bool) -> DurationDistribution | None:
    """Return what an ``api`` option adds, or None when no figure is known for it.

    ``option`` is http-api, rest-api, alb, function-url, or direct for a caller that needs none.
    ``lambda_behind`` adds Lambda's own front end. Both figures are in
    ``rules/measurements/front-door-latency.yaml``; their medians and 99th percentiles are added,
    which is the slower end.
    """
    measured = _measured()
    entry = measured["options"].get(option)
    if entry is None:
        return None
    parts = [entry, measured["lambda"]] if lambda_behind else [entry]
    return DurationDistribution.from_measures(
        p50_ms=sum(float(part["p50_ms"]) for part in parts),
        p99_ms=sum(float(part["p99_ms"]) for part in parts),
    )


def _sum_survival(first: _Distribution, second: _Distribution) -> Callable[[float], float]:
    """Return the survival function of the sum of two independent durations.

    P(A + B > x) is the mean of P(B > x - A) over A. With A the narrower of the two the integrand is
    smooth in A's normal score, where the trapezoidal rule needs few points.
    """
    narrow, wide = sorted((first, second), key=_spread)
    values, survival = _values(narrow), wide.survival
    return lambda x: sum(weight * survival(x - value) for weight, value in values)


@lru_cache(maxsize=256)
def _values(narrow: _Distribution) -> tuple[tuple[float, float], ...]:
    """Return the weighted durations that stand for a distribution: front doors are few."""
    if _spread(narrow) == 0:
        return ((1.0, narrow.quantile(0.5)),)
    return tuple((weight, narrow.quantile(share)) for weight, share in _nodes())


@lru_cache(maxsize=256)
def _spread(distribution: _Distribution) -> float:
    return distribution.quantile(_P99) - distribution.quantile(0.5)


@cache
def _nodes() -> tuple[tuple[float, float], ...]:
    """Return weights that sum to one, and probabilities, at equal steps of the normal score."""
    normal = NormalDist()
    scores = [_SCORE_STEP * k for k in range(-_LAST_SCORE, _LAST_SCORE + 1)]
    weights = [exp(-score * score / 2) * _SCORE_STEP / sqrt(2 * pi) for score in scores]
    whole = sum(weights)
    return tuple(
        (weight / whole, normal.cdf(score)) for weight, score in zip(weights, scores, strict=True)
    )


def _solve(survival: Callable[[float], float], share: float, guess_ms: float) -> float:
    """Return the smallest latency that at most this share of requests exceeds.

    From two ends that bracket it, regula falsi with the Illinois step (the value at an end that
    stays twice is halved) is fast where the function is smooth; whenever three steps have not
    halved the bracket, a bisection makes sure of it, as where the function jumps.
    """
    high = max(guess_ms, _PRECISION)
    above_high = survival(high) - share
    while above_high > 0:
        high *= 2
        above_high = survival(high) - share
    low = high / 2
    above_low = survival(low) - share
    while low > _PRECISION and above_low <= 0:
        high, above_high = low, above_low
        low /= 2
        above_low = survival(low) - share
    step, width, moved = 0, high - low, ""
    while high - low > _PRECISION * high:
        step += 1
        middle = (low + high) / 2
        if step % 4 == 0 and high - low > width / 2:
            width = high - low
        elif above_low > above_high:
            middle = low + (high - low) * above_low / (above_low - above_high)
            # Stay off the ends, or one of them would never move.
            margin = _PRECISION * high / 2
            middle = min(max(middle, low + margin), high - margin)
        above = survival(middle) - share
        if above > 0:
            low, above_low = middle, above
            above_high /= 2 if moved == "low" else 1
            moved = "low"
        else:
            high, above_high = middle, above
            above_low /= 2 if moved == "high" else 1
            moved = "high"
    return high if high > 2 * _PRECISION else 0.0


@cache
def _measured() -> dict[str, Any]:
    entries: dict[str, Any] = read_data("rules/measurements/front-door-latency.yaml")
    return entries
