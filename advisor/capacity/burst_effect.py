"""What one burst does: the environments that it starts, its pool, and how long that stays."""

from __future__ import annotations

from math import floor, inf, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.capacity.coldstart import ColdStarts, for_profile
from advisor.capacity.provisioned_slot import cold_share_with, spill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.capacity.bursts import Burst

_NOISE = 1e-9


class Calls(Struct, frozen=True, kw_only=True):
    """One request's times in seconds, and how long idle environments live."""

    duration_s: float
    init_s: float
    keep_alive_s: float

    def pool(self, rate: float, window_s: float | None = None) -> float:
        """Return the most in progress within a window, the keep-alive if none is given."""
        return self._steady(rate, window_s).warm_environments

    def share(self, rate: float, ready: float, window_s: float | None = None) -> float:
        """Return the share of cold requests when ``ready`` environments are warm anyway."""
        if ready < 1:
            return self._steady(rate, window_s).probability
        window = self.keep_alive_s if window_s is None else window_s
        if rate * window <= _NOISE:
            # Nothing is kept: what exceeds them is cold, in the mean at least.
            return max(0.0, 1 - ready / (rate * self.duration_s)) if rate * self.duration_s else 0.0
        return cold_share_with(rate, self.duration_s, self.init_s, window, int(ready))

    def _steady(self, rate: float, window_s: float | None) -> ColdStarts:
        window = self.keep_alive_s if window_s is None else window_s
        init_s = self.init_s if window_s is None else 0.0
        return for_profile([rate], self.duration_s, init_s, window)


class Effect(Struct, frozen=True):
    """Cold starts until the pool of the burst is gone, that pool, and the most in progress.

    ``held_s`` is how long of a period the pool is there, ``lasting`` whether always.
    """

    cold: float
    pool: float
    concurrency: float
    held_s: float
    lasting: bool


def fluid_peak(
    base_rate: float,
    peak_rate: float,
    warm: float,
    duration_s: float,
    init_s: float,
    *,
    burst_s: float,
    jump_s: float = 0.0,
) -> float:
    """Return the requests in progress at the height of a jump, without its random fluctuation.

    The rate goes from ``base_rate`` to ``peak_rate`` within ``jump_s`` and stays for ``burst_s``;
    ``warm`` environments are there before. Until the first new environment has started, requests
    that find these busy (Erlang B) start one each, so that their number passes peak_rate x duration
    by INIT times that rate. A slow rise starts them one after the other.
    """
    lacking = peak_rate * duration_s * _busy_share(warm, peak_rate * duration_s)
    rise_s = max(jump_s, duration_s)
    # Without a duration one environment serves everything, as soon as there is one.
    unserved = lacking / rise_s if rise_s else peak_rate * max(0.0, 1 - warm)
    height = peak_rate * duration_s + unserved * min(init_s, burst_s)
    if burst_s == inf:
        return height
    return min(height, peak_rate * burst_s + base_rate * max(0.0, duration_s - burst_s))


def _busy_share(warm: float, load: float) -> float:
    """Return the share of requests that find a number of environments busy, whole or not."""
    below = floor(warm)
    part = warm - below
    return (1 - part) * spill(below, load) + part * spill(below + 1, load)


def effects_of(
    calls: Calls, base_rate: float, bursts: Sequence[Burst], base_pool: float
) -> list[Effect]:
    """Return the effect of each kind of burst; the pools of the others count if they last."""
    alone = [effect_of(calls, base_rate, burst, base_pool) for burst in bursts]
    found = []
    for index, burst in enumerate(bursts):
        others = [e.pool for at, e in enumerate(alone) if e.lasting and at != index]
        ready = max(others, default=0.0)
        found.append(
            effect_of(calls, base_rate, burst, ready) if ready > base_pool else alone[index]
        )
    return found


def effect_of(calls: Calls, base_rate: float, burst: Burst, ready: float) -> Effect:
    """Return what one burst does when ``ready`` environments are warm before it."""
    rate, length = burst.rate_per_s, burst.duration_s
    if rate <= base_rate:
        # A lull: after one that outlasts the keep-alive time the pool has to grow again.
        low = calls.pool(rate)
        grown = max(0.0, ready - low) if length > calls.keep_alive_s else 0.0
        cold = grown + rate * length * calls.share(rate, 0 if grown else ready)
        return Effect(cold, low, rate * calls.duration_s, length, lasting=False)
    within_s = min(length, calls.keep_alive_s)
    # Work that is longer than the burst has not come to its steady state when the burst is over.
    busy = Calls(
        duration_s=min(calls.duration_s, length),
        init_s=calls.init_s,
        keep_alive_s=calls.keep_alive_s,
    )
    fluid = fluid_peak(base_rate, rate, ready, calls.duration_s, calls.init_s, burst_s=length)
    peak = max(busy.pool(rate, within_s), fluid + sqrt(fluid))
    highest = max(busy.pool(rate, length), fluid + sqrt(fluid))
    later = 0.0
    if length > within_s:
        later = (length - within_s) * rate * busy.share(rate, ready)
    cold = min(max(0.0, peak - ready) + later, rate * length)
    lasting = burst.every_s - length < calls.keep_alive_s
    if lasting:
        again, peak = _repeated(busy, burst, ready)
        cold, highest = min(again, cold), busy.pool(rate, length)
    pool = max(peak, ready)
    held_s = min(burst.every_s, length + calls.keep_alive_s)
    # Requests of the base load find the burst's pool, which they hardly ever need in full.
    cold += (held_s - length) * base_rate * calls.share(base_rate, pool)
    return Effect(cold, pool, highest, held_s, lasting)


def _repeated(calls: Calls, burst: Burst, ready: float) -> tuple[float, float]:
    """Return the cold starts of a burst that finds the pool of those before it, and the pool.

    The pool is the most in progress within the keep-alive time, which is the most within that part
    of it that lies in bursts. A request is cold when it passes that; since the most within a window
    grows with the window at just this rate, the cold starts while the part grows from one value to
    another are the difference of the pools.
    """
    rate, length, gap = burst.rate_per_s, burst.duration_s, burst.every_s - burst.duration_s
    whole, rest = divmod(calls.keep_alive_s, burst.every_s)
    # Of the last burst that the keep-alive time reaches, what is seen when the next one starts.
    seen = max(0.0, rest - gap)
    start = whole * length + seen
    end = whole * length + min(length, rest)
    cold = seen * rate * calls.share(rate, ready, start) if seen else 0.0
    pool = calls.pool(rate, max(end, start))
    if end > start:
        cold += max(0.0, pool - max(ready, calls.pool(rate, start)))
    constant = max(0.0, length - max(rest, seen))
    if constant:
        cold += constant * rate * calls.share(rate, ready, end)
    return cold, pool


def lasting_pool(effects: Sequence[Effect]) -> float:
    """Return the largest pool that is always there."""
    return max((effect.pool for effect in effects if effect.lasting), default=0.0)


def held_and_alone(
    bursts: Sequence[Burst], effects: Sequence[Effect], base_pool: float
) -> tuple[float, float]:
    """Return the mean of environments in a slot, and the part of it that no burst has a say in."""
    held, left = 0.0, 1.0
    pools = sorted(zip(effects, bursts, strict=True), key=lambda pair: -pair[0].pool)
    for effect, burst in pools:
        part = min(left, effect.held_s / burst.every_s)
        held += part * max(effect.pool, base_pool)
        left -= part
    return held + left * base_pool, left
