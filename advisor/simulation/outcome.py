"""What a simulation counts, in memory that does not grow with the number of requests."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A double's leading 20 bits are its exponent and the first 8 bits of its fraction.
_DROPPED_BITS = 44
_BINS_PER_OCTAVE = 256
_LOWEST = (1023 - 64) * _BINS_PER_OCTAVE
_BINS = 128 * _BINS_PER_OCTAVE
BIN_WIDTH = 1 / _BINS_PER_OCTAVE
"""Largest width of a latency bin, in parts of the latency."""

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999}


class Outcome(Struct, frozen=True, kw_only=True):
    """What was counted of the requests after the warm-up.

    ``requests`` are all that arrived, ``throttled`` those of them that were not served; the three
    shares are of those that were served. ``mean_environments`` is the mean over time of what is
    busy or within its keep-alive, provisioned environments among them, ``peak_environments`` the
    most at once. ``latency_ms`` holds the mean and quantiles by name: each quantile is the mean of
    the requests in its bin, whose width is below 0.4 % (``BIN_WIDTH``).
    ``mean_duration_s`` is the mean warm duration of all that arrived. Where nothing was served,
    or no time passed, a figure is None.
    """

    requests: int
    cold_starts: int
    cold_start_probability: float | None
    mean_environments: float | None
    peak_environments: int
    spill_probability: float | None
    throttled: int
    latency_ms: dict[str, float]
    mean_duration_s: float | None
    simulated_seconds: float


class Latencies:
    """Latencies in seconds, counted and summed in bins of equal relative width."""

    def __init__(self) -> None:
        self._counts = np.zeros(_BINS, dtype=np.int64)
        self._sums = np.zeros(_BINS)

    def add(self, seconds: NDArray[np.float64]) -> None:
        """Count more latencies; none is negative."""
        bins = np.ascontiguousarray(seconds).view(np.int64) >> _DROPPED_BITS
        bins -= _LOWEST
        np.clip(bins, 0, _BINS - 1, out=bins)
        self._counts += np.bincount(bins, minlength=_BINS)
        self._sums += np.bincount(bins, weights=seconds, minlength=_BINS)

    def in_ms(self) -> dict[str, float]:
        """Return the mean and the quantiles in ms; nothing when nothing was counted."""
        total = int(self._counts.sum())
        if total == 0:
            return {}
        figures = {"mean": float(self._sums.sum()) / total}
        until = np.cumsum(self._counts)
        for name, share in QUANTILES.items():
            place = int(np.searchsorted(until, ceil(share * total), side="left"))
            figures[name] = float(self._sums[place]) / int(self._counts[place])
        return {name: value * MS_PER_SECOND for name, value in figures.items()}
