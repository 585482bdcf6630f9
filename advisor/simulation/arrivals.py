"""When requests arrive and how long they take: random loads, and arrays that are given.

Moments and durations come from two streams of numbers of their own, so that what a seed gives does
not depend on how many requests are taken at a time.
"""

from __future__ import annotations

from math import exp, inf, isfinite, log, sqrt
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from advisor.simulation.stretches import Stretches, changes_per_s

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from advisor.capacity.bursts import Burst

_SLOWEST, _FASTEST = 1e-9, 1e12
_LONGEST_S = 1e9
_CHANGES_PER_REQUEST = 100
"""A load whose rate changes oftener than this between two requests takes too long to walk."""


class Requests(NamedTuple):
    """Requests in the order of arrival: moments and warm durations, in seconds."""

    arrivals: NDArray[np.float64]
    durations: NDArray[np.float64]


class Source(Protocol):
    """Where requests come from. Those before ``counts_from_s`` only fill the pool.

    The time that is looked at goes on to ``ends_s`` when the last request was before it; infinite
    where the last request is the end.
    """

    @property
    def counts_from_s(self) -> float: ...

    @property
    def ends_s(self) -> float: ...

    def take(self, count: int) -> Requests | None:
        """Return the next requests, not more than ``count``; None after the last."""


class Durations:
    """Random warm durations with a mean in seconds and a coefficient of variation.

    A coefficient of 1 gives exponential durations, 0 constant ones, any other lognormal ones.
    Raises ValueError for what is negative, not finite, or over a billion seconds.
    """

    def __init__(self, mean_s: float, cv: float, seed: int) -> None:
        check_time("duration", mean_s)
        if not (isfinite(cv) and 0 <= cv <= 100):
            raise ValueError(f"a coefficient of variation of {cv:g} is not between 0 and 100")
        self.mean_s = mean_s
        self.cv = cv
        self._numbers = generator(seed, 1)

    def draw(self, count: int) -> NDArray[np.float64]:
        """Return durations of the next requests."""
        return self.mean_s * self.shape(count)

    def shape(self, count: int) -> NDArray[np.float64]:
        """Return durations of the next requests in parts of the mean."""
        if self.cv == 0:
            return np.ones(count)
        if self.cv == 1:
            return self._numbers.standard_exponential(count)
        variance = log(1 + self.cv * self.cv)
        scores = self._numbers.standard_normal(count)
        return np.exp(sqrt(variance) * scores - variance / 2)


class Poisson:
    """Requests at random with a rate that depends on the hour of the day and on bursts.

    ``hourly_rps`` are the rates of equal slots of a day that repeats; one rate holds always. A
    burst takes the place of that rate. Time 0 is midnight, where the first burst begins; bursts of
    another kind begin when those before have ended, and the higher rate holds where two coincide.
    Requests come from ``warm_up_s`` before time 0, and none after ``ends_s``.

    Raises ValueError for rates or times that are negative or not finite, and for a load without
    requests.
    """

    def __init__(
        self,
        hourly_rps: Sequence[float],
        durations: Durations,
        seed: int,
        *,
        bursts: Sequence[Burst] = (),
        warm_up_s: float = 0.0,
        ends_s: float = inf,
    ) -> None:
        check_load(hourly_rps, bursts)
        self._hourly = [*hourly_rps] if len(set(hourly_rps)) > 1 else [hourly_rps[0]]
        self._bursts = tuple(bursts)
        self._durations = durations
        self._numbers = generator(seed, 0)
        self._expected = 0.0
        self._start_s = -warm_up_s
        self._ends_s = ends_s
        self._constant = len(self._hourly) == 1 and not bursts
        self._stretches = Stretches(self._hourly, bursts, self._start_s)
        # Requests to be expected until each change of the rate, and the moment of the change.
        self._until = np.zeros(1)
        self._moments = np.full(1, self._start_s)

    @property
    def counts_from_s(self) -> float:
        return 0.0

    @property
    def ends_s(self) -> float:
        return self._ends_s

    def take(self, count: int) -> Requests | None:
        """Return the next requests, not more than ``count``; None after the last."""
        expected = self._numbers.standard_exponential(count)
        expected[0] += self._expected
        # Adding up goes from one to the next, so that it does not matter where it was stopped.
        np.cumsum(expected, out=expected)
        self._expected = float(expected[-1])
        if self._constant:
            arrivals = self._start_s + expected / self._hourly[0]
        else:
            arrivals = self._moments_of(expected)
        if arrivals[-1] >= self._ends_s:
            arrivals = arrivals[: int(np.searchsorted(arrivals, self._ends_s))]
        if len(arrivals) == 0:
            return None
        return Requests(arrivals, self._durations.draw(count)[: len(arrivals)])

    def _moments_of(self, expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return when the load has brought so many requests on average."""
        past = int(np.searchsorted(self._until, expected[0], side="right")) - 1
        self._until, self._moments = self._until[past:], self._moments[past:]
        found = np.empty(len(expected))
        done = 0
        while done < len(expected):
            reached = int(np.searchsorted(expected, self._until[-1]))
            if reached > done:
                found[done:reached] = np.interp(expected[done:reached], self._until, self._moments)
                done = reached
            if done < len(expected):
                # What is behind is done with: a quiet load may change a thousand times a request.
                changes, rates = self._stretches.take()
                lengths = np.diff(changes, prepend=self._moments[-1])
                self._until = np.cumsum(np.concatenate((self._until[-1:], lengths * rates)))
                self._moments = np.concatenate((self._moments[-1:], changes))
        # At the seam of two rates rounding could put a moment before the one before it.
        return np.maximum.accumulate(found)


class Given:
    """Requests from arrays; everything counts."""

    def __init__(self, arrivals: NDArray[np.float64], durations: NDArray[np.float64]) -> None:
        self._arrivals = arrivals
        self._durations = durations
        self._taken = 0

    @property
    def counts_from_s(self) -> float:
        return -inf

    @property
    def ends_s(self) -> float:
        return inf

    def take(self, count: int) -> Requests | None:
        """Return the next requests, not more than ``count``; None after the last."""
        since, self._taken = self._taken, self._taken + count
        arrivals = self._arrivals[since : self._taken]
        return Requests(arrivals, self._durations[since : self._taken]) if len(arrivals) else None


def with_bursts(hourly_rps: Sequence[float], bursts: Sequence[Burst]) -> list[float]:
    """Return the mean rate of each slot with its bursts, as if no two of them coincided."""
    shares = [burst.duration_s / burst.every_s for burst in bursts]
    taken = sum(burst.rate_per_s * share for burst, share in zip(bursts, shares, strict=True))
    free = max(0.0, 1 - sum(shares))
    return [rate * free + taken for rate in hourly_rps]


def generator(seed: int, stream: int) -> np.random.Generator:
    """Return one of the independent streams of random numbers that belong to a seed."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, stream])))


def warm_up_s(rate_per_s: float, duration_s: float, init_s: float, keep_alive_s: float) -> float:
    """Return how long an empty pool needs until what comes next no longer depends on that.

    A keep-alive, after the number in progress has come within a thousandth of a request, or of its
    mean where that is below one, of its mean: it comes nearer by a factor e in each mean duration.
    """
    occupied_s = duration_s + init_s
    return keep_alive_s + occupied_s * log(1000 * max(1.0, rate_per_s * occupied_s))


def check_time(what: str, value: float) -> None:
    """Raise ValueError unless a time in seconds is from 0 to a billion."""
    if not 0 <= value <= _LONGEST_S:
        raise ValueError(f"{what}: {value:g} s is not between 0 and {_LONGEST_S:g} s")


def check_load(hourly_rps: Sequence[float], bursts: Sequence[Burst]) -> None:
    """Raise ValueError for a load without requests, or with too few of them to wait for."""
    if not hourly_rps:
        raise ValueError("a load has at least one rate")
    for rate in (*hourly_rps, *(burst.rate_per_s for burst in bursts)):
        if not 0 <= rate <= _FASTEST:
            raise ValueError(f"{rate:g} requests/s is not between 0 and {_FASTEST:g}")
    mean = sum(with_bursts(hourly_rps, bursts)) / len(hourly_rps)
    if mean == 0:
        raise ValueError("nothing arrives: the rate is 0")
    if mean < _SLOWEST:
        raise ValueError(f"{mean:g} requests/s is below {_SLOWEST:g}, too few to wait for")
    changes = changes_per_s(hourly_rps, bursts)
    if changes > _CHANGES_PER_REQUEST * mean:
        raise ValueError(
            f"the rate changes more than {_CHANGES_PER_REQUEST} times from one request to the next"
        )


def lognormal_cv(sigma: float) -> float:
    """Return the coefficient of variation of a lognormal whose logarithm deviates by ``sigma``."""
    return sqrt(exp(sigma * sigma) - 1)
