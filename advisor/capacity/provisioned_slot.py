"""Cold starts with provisioned concurrency, in one slot of the day.

Requests take a provisioned environment when one is free, and are served on demand otherwise, where
most of them find a warm one. So provisioned concurrency below the pool of environments that stays
warm by itself removes no cold start at all. With P provisioned, a request is cold when it finds k
in progress, k being P at least, and more than k were not for the keep-alive time: the sum of
``coldstart`` from level P on. The derivation and the measured errors are in
``docs/how-we-know/provisioned-concurrency.md``.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, isfinite, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.coldstart import ColdStarts, cold_starts
from advisor.capacity.first_passage import LARGEST_LOAD, cold_from, warm_above
from advisor.capacity.queueing import erlang_b
from advisor.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEGLIGIBLE = 1e-10
_SETTLED = 1e-3
"""Relative change of the concurrency below which another fixed-point step is not worth its time."""

_HIGHEST = 12
"""Standard deviations above the load beyond which no request is ever in progress."""


class Load(Struct, frozen=True):
    """What one request asks of an environment, and how long environments live.

    ``duration_s`` is the mean warm duration, ``init_s`` what a cold request takes longer,
    ``keep_alive_s`` how long an idle environment lives. ``replaced_per_s`` is the rate at which
    each environment is replaced (AWS's recycling, deployments): a cold start for one on demand,
    and none for a provisioned one, whose successor is ready before.
    """

    duration_s: float
    init_s: float
    keep_alive_s: float
    replaced_per_s: float = 0.0


def cold_share_with(
    rate_per_s: float, duration_s: float, init_s: float, keep_alive_s: float, provisioned: int
) -> float:
    """Return the share of cold requests (0 to 1) with ``provisioned`` environments kept ready.

    A steady Poisson load, as in ``coldstart.cold_starts``, whose answer this is for none. Raises
    ValueError for negative or infinite arguments.
    """
    check_number(provisioned)
    return Slot(Load(duration_s, init_s, keep_alive_s), rate_per_s).cold_share(provisioned)


def mean_environments(hourly_rates_per_s: Sequence[float], load: Load, provisioned: int) -> float:
    """Return the day's mean of environments: those provisioned, and those warm on demand."""
    check_number(provisioned)
    slots = slots_of_day(hourly_rates_per_s, load)
    return significant(provisioned + sum(slot.beyond(provisioned) for slot in slots) / len(slots))


@lru_cache(maxsize=4096)
def spill(environments: int, load: float) -> float:
    """Return the share of requests that find all environments busy: Erlang B, for any load."""
    if load <= LARGEST_LOAD:
        return erlang_b(environments, load)
    level, scale = _scaled(environments, load)
    # Where hardly one is ever free, what they cannot serve spills.
    return scale * erlang_b(level, LARGEST_LOAD) if level > 0 else 1 - environments / load


class Slot:
    """A slot of the day in its steady state."""

    def __init__(self, load: Load, rate_per_s: float, slot_s: float = SECONDS_PER_DAY) -> None:
        self.rate_per_s = rate_per_s
        self.slot_s = slot_s
        self.replaced_per_s = load.replaced_per_s
        self.duration_s, self.init_s = load.duration_s, load.init_s
        self.keep_alive_s = load.keep_alive_s
        self.load = rate_per_s * load.duration_s
        self.alone: ColdStarts = cold_starts(
            rate_per_s, load.duration_s, load.init_s, load.keep_alive_s
        )
        # What is cold without provisioning holds environments longest: no load needs more.
        self.most = ceil(self._held(self.alone.probability)) + _HIGHEST
        self.most += ceil(_HIGHEST * sqrt(self.most))
        self._known: dict[int, float] = {}

    def cold_share(self, provisioned: int) -> float:
        """Return the share of cold requests with so many environments kept ready."""
        if provisioned == 0:
            return self.alone.probability
        if provisioned not in self._known:
            self._known[provisioned] = self._cold_share(provisioned)
        return self._known[provisioned]

    def spill(self, provisioned: int) -> float:
        """Return the share of requests that find all of so many busy.

        INIT holds none of these environments, so it is no part of the load.
        """
        return spill(provisioned, self.load)

    def on_demand(self, provisioned: int) -> float:
        """Return the environments that stay warm beside so many provisioned."""
        return max(0.0, self.alone.warm_environments - provisioned)

    def beyond(self, provisioned: int) -> float:
        """Return the mean of environments that are warm on demand beside so many provisioned."""
        held = self._held(self.cold_share(provisioned))
        in_window = self.rate_per_s * self.keep_alive_s
        if held <= _NEGLIGIBLE or in_window <= _NEGLIGIBLE or self.load > LARGEST_LOAD:
            return self.on_demand(provisioned)
        # What spills holds an environment on demand for the keep-alive after it at the least.
        most = self.spill(provisioned) * (held + in_window)
        return min(most, warm_above(held, in_window / held, provisioned))

    def cold_rate(self, provisioned: int, spare: float) -> float:
        """Return cold requests per second: of the steady state, of growth, of replacements.

        ``spare`` is the pool on demand in the slot before, which grows by a cold start each.
        """
        on_demand = self.on_demand(provisioned)
        grown = max(0.0, on_demand - spare) / self.slot_s
        cold = self.rate_per_s * self.cold_share(provisioned)
        return min(self.rate_per_s, cold + grown + on_demand * self.replaced_per_s)

    def _cold_share(self, provisioned: int) -> float:
        # Only a request that spills can be cold. In the sum it is cold also when a provisioned
        # environment is free again while requests on demand are still in progress.
        most = min(self.alone.probability, self.spill(provisioned))
        held = self._held(self.alone.probability)
        share = min(most, self._sum_from(provisioned, held))
        # Fewer are cold than without provisioning, and so fewer environments held for INIT.
        if held - self._held(share) > _SETTLED * held:
            share = min(share, self._sum_from(provisioned, self._held(share)))
        return significant(share)

    def _held(self, cold_share: float) -> float:
        """Return the requests in progress, INIT included, when this share of them is cold."""
        return self.rate_per_s * (self.duration_s + cold_share * self.init_s)

    def _sum_from(self, provisioned: int, held: float) -> float:
        in_window = self.rate_per_s * self.keep_alive_s
        if held <= _NEGLIGIBLE:
            return 0.0
        if in_window <= _NEGLIGIBLE:
            return 1.0
        level, load, scale = provisioned, held, 1.0
        if load > LARGEST_LOAD:
            (level, scale), load = _scaled(provisioned, held), LARGEST_LOAD
        first, shares = cold_from(load, in_window / held)
        index = max(level - first, 0)
        return scale * shares[index] if index < len(shares) else 0.0


def _scaled(provisioned: int, load: float) -> tuple[int, float]:
    """Return a level, and the factor to its share, that stand for a load too large to be summed.

    The level is as many standard deviations above the largest load that is summed (see
    ``coldstart``); shares fall as the standard deviation grows.
    """
    scale = sqrt(LARGEST_LOAD / load)
    return round(LARGEST_LOAD + (provisioned - load) * scale), scale


def slots_of_day(rates: Sequence[float], load: Load) -> list[Slot]:
    """Return the slots of a day; those of the same rate are one and the same."""
    if not rates:
        raise ValueError("a day has at least one slot")
    if not (isfinite(load.replaced_per_s) and load.replaced_per_s >= 0):
        raise ValueError(f"{load.replaced_per_s} is not a rate")
    slot_s = SECONDS_PER_DAY / len(rates)
    known = {rate: Slot(load, rate, slot_s) for rate in dict.fromkeys(rates)}
    return [known[rate] for rate in rates]


def check_number(provisioned: int) -> None:
    """Raise ValueError for fewer than no environments."""
    if provisioned < 0:
        raise ValueError(f"{provisioned} environments cannot be provisioned")
