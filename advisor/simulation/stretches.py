"""The stretches of time in which the rate of a load does not change, many at a time."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

from advisor.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from advisor.capacity.bursts import Burst

_AT_A_TIME = 4096


class Stretches:
    """The changes of a load's rate, one after the other, from ``start_s`` on without end.

    ``hourly_rps`` are the rates of equal slots of a day, which begins at time 0 and repeats; a
    burst takes their place, the highest where several coincide. The first burst begins at time 0,
    those of another kind when those before have ended.
    """

    def __init__(
        self, hourly_rps: Sequence[float], bursts: Sequence[Burst], start_s: float
    ) -> None:
        self._hourly = np.array(hourly_rps, dtype=np.float64)
        self._slot_s = SECONDS_PER_DAY / len(hourly_rps)
        self._bursts: list[tuple[Burst, float]] = []
        first_s = 0.0
        for burst in bursts:
            self._bursts.append((burst, first_s))
            first_s += burst.duration_s
        # Of equal rates by rising order the last that is active is the highest.
        self._bursts.sort(key=lambda each: each[0].rate_per_s)
        self._now = start_s
        changes = changes_per_s(hourly_rps, bursts)
        self._ahead_s = _AT_A_TIME / changes if changes else inf

    def take(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the next changes, at least one, and the rate before each."""
        found = np.empty(0)
        until = self._now
        while len(found) == 0:
            until += self._ahead_s
            found = self._changes(until)
        middles = (np.concatenate(([self._now], found[:-1])) + found) / 2
        self._now = float(found[-1])
        return found, self._rates(middles)

    def _changes(self, until: float) -> NDArray[np.float64]:
        found = []
        if len(self._hourly) > 1:
            found.append(self._numbers(0.0, self._slot_s, until) * self._slot_s)
        for burst, first_s in self._bursts:
            begins = first_s + self._numbers(first_s, burst.every_s, until) * burst.every_s
            found += [begins, begins + burst.duration_s]
        every = np.unique(np.concatenate(found))
        return every[(every > self._now) & (every <= until)]

    def _numbers(self, first_s: float, every_s: float, until: float) -> NDArray[np.float64]:
        low, high = ((at - first_s) // every_s for at in (self._now, until))
        return np.arange(low, high + 1)

    def _rates(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        rates = self._hourly[(moments // self._slot_s).astype(np.int64) % len(self._hourly)]
        for burst, first_s in self._bursts:
            active = (moments - first_s) % burst.every_s < burst.duration_s
            rates[active] = burst.rate_per_s
        return rates


def changes_per_s(hourly_rps: Sequence[float], bursts: Sequence[Burst]) -> float:
    """Return how often the rate of a load changes, in changes per second."""
    changes = sum(2 / burst.every_s for burst in bursts)
    if len(set(hourly_rps)) > 1:
        changes += len(hourly_rps) / SECONDS_PER_DAY
    return changes
