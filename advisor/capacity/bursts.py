"""Cold starts of bursts: jumps of the request rate that are over within minutes.

When the rate jumps, requests that find no warm environment start one each, and these come back only
after INIT; until then the jump keeps starting more. Fluid and fluctuation of this are added up per
burst. Bursts that follow each other within the keep-alive time find the environments of those
before them. Derivation, measured errors and limits: ``docs/how-we-know/bursts.md``.
"""

from __future__ import annotations

from math import floor, inf, isfinite, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.capacity.coldstart import (
    ColdStarts,
    cold_start_range,
    for_profile,
    model,
    replacements_per_s,
)
from advisor.capacity.provisioned_slot import cold_share_with, spill
from advisor.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNIFICANT = 7
_NOISE = 1e-9


class Burst(Struct, frozen=True, kw_only=True):
    """A jump of the whole rate to ``rate_per_s`` for ``duration_s``, repeated ``every_s`` seconds.

    ``every_s`` counts from the start of one to the start of the next. Raises ValueError where a
    burst is longer than that, and for negative, zero or infinite values.
    """

    rate_per_s: float
    duration_s: float
    every_s: float

    def __post_init__(self) -> None:
        for value in (self.rate_per_s, self.duration_s, self.every_s):
            if not (isfinite(value) and value > 0):
                raise ValueError(f"{value} is not the rate, the duration or the period of a burst")
        if self.duration_s > self.every_s * (1 + _NOISE):
            raise ValueError(
                f"a burst of {self.duration_s:g} s cannot come every {self.every_s:g} s"
            )


class BurstOutcome(Struct, frozen=True, kw_only=True):
    """What comes from the start of one burst to the start of the next.

    ``cold_starts`` and ``requests`` are those of the burst and of the base load after it.
    ``peak_environments`` is the most environments that live at once, ``peak_concurrency`` the most
    requests in progress, INIT of the cold ones included.
    """

    cold_starts: float
    peak_environments: float
    peak_concurrency: float
    requests: float


class _Calls(Struct, frozen=True, kw_only=True):
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


class _Effect(Struct, frozen=True):
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


def burst_cold_starts(
    base_rate: float,
    burst: Burst,
    duration_s: float,
    init_s: float,
    keep_alive_s: float,
    provisioned: int = 0,
) -> BurstOutcome:
    """Return the cold starts of one burst on a steady base load (requests per second).

    ``duration_s`` is the mean warm duration, ``init_s`` what a cold request takes longer,
    ``keep_alive_s`` how long an idle environment lives; ``provisioned`` environments are always
    ready. Raises ValueError for negative or infinite arguments.
    """
    _check(base_rate, duration_s, init_s, keep_alive_s, provisioned)
    calls = _Calls(duration_s=duration_s, init_s=init_s, keep_alive_s=keep_alive_s)
    natural = calls.pool(base_rate)
    base_pool = max(natural, provisioned)
    effect = _effect(calls, base_rate, burst, base_pool)
    requests = burst.rate_per_s * burst.duration_s
    requests += base_rate * max(0.0, burst.every_s - burst.duration_s)
    after = (burst.every_s - effect.held_s) * base_rate * calls.share(base_rate, provisioned)
    return BurstOutcome(
        cold_starts=_significant(min(effect.cold + after, requests)),
        peak_environments=_significant(max(effect.pool, base_pool)),
        peak_concurrency=_significant(max(effect.concurrency, natural)),
        requests=_significant(requests),
    )


def deployment_cold_starts(pool: ColdStarts, deployments: float = 1.0) -> float:
    """Return the cold starts of deployments: each replaces the whole pool of environments."""
    _check(deployments)
    return _significant(pool.warm_environments * deployments)


def with_bursts(
    hourly_rates: Sequence[float],
    bursts: Sequence[Burst],
    duration_s: float,
    init_s: float,
    keep_alive_s: float,
    provisioned: int = 0,
) -> ColdStarts:
    """Return the share of a day's requests that are cold, and the day's mean of environments.

    ``hourly_rates`` are means of equal slots of the day, bursts included: what these take is
    subtracted from the load between them. Bursts of more requests than the slot's mean has leave
    none between them and are counted in full. Bursts of several kinds are taken not to overlap.
    ``provisioned`` environments are always ready, and are among those of the mean.
    Raises ValueError as ``coldstart.for_profile`` does, and for bursts longer than the day.
    """
    _check(duration_s, init_s, keep_alive_s, provisioned)
    if not bursts:
        if provisioned:
            raise ValueError("provisioned concurrency without bursts has formulas of its own")
        return for_profile(hourly_rates, duration_s, init_s, keep_alive_s)
    calls = _Calls(duration_s=duration_s, init_s=init_s, keep_alive_s=keep_alive_s)
    rates = _between(hourly_rates, bursts)
    slot_s = SECONDS_PER_DAY / len(rates)
    free, taken = _free_and_taken(bursts)
    pools = [calls.pool(rate) for rate in rates]
    requests = cold = environments = 0.0
    known: dict[float, list[_Effect]] = {}
    for index, rate in enumerate(rates):
        ready = max(pools[index], provisioned)
        # Many hours have the same rate, and so the same pool.
        if rate not in known:
            known[rate] = _effects(calls, rate, bursts, ready)
        effects = known[rate]
        held, alone = _held(bursts, effects, ready)
        arriving = slot_s * (rate * free + taken)
        grown = max(0.0, pools[index] - max(pools[index - 1], _lasting(effects), provisioned))
        started = alone * slot_s * rate * calls.share(rate, provisioned) + grown
        started += slot_s * sum(e.cold / b.every_s for e, b in zip(effects, bursts, strict=True))
        requests += arriving
        cold += min(arriving, started)
        environments += held
    share = cold / requests if requests else 1.0
    return ColdStarts(_significant(min(share, 1.0)), _significant(environments / len(rates)))


def cold_start_share_with_bursts(
    hourly_rates: Sequence[float],
    bursts: Sequence[Burst],
    duration_s: float,
    init_s: float,
    *,
    deployments_per_day: float = 0.0,
) -> tuple[float, float]:
    """Return the least and the largest share of cold requests, as ``cold_start_range`` does.

    Without bursts it is the same answer; the keep-alive times and lifetimes are the same figures.
    """
    if not bursts:
        return cold_start_range(
            hourly_rates, duration_s, init_s, deployments_per_day=deployments_per_day
        )
    _check(deployments_per_day)
    keep_alive = model()["keep_alive_s"]
    rate = mean_rate(hourly_rates, bursts)
    shares = []
    for kept_s, replaced_per_s in (
        (float(keep_alive["longest"]), deployments_per_day / SECONDS_PER_DAY),
        (float(keep_alive["shortest"]), replacements_per_s(deployments_per_day)),
    ):
        found = with_bursts(hourly_rates, bursts, duration_s, init_s, kept_s)
        replaced = min(1.0, found.warm_environments * replaced_per_s / rate)
        shares.append(_significant(found.probability + (1 - found.probability) * replaced))
    return min(shares), max(shares)


def mean_rate(hourly_rates: Sequence[float], bursts: Sequence[Burst]) -> float:
    """Return the day's mean of requests per second, with bursts beyond the profile added."""
    rates = _between(hourly_rates, bursts)
    free, taken = _free_and_taken(bursts)
    return taken + free * sum(rates) / len(rates)


def _between(hourly_rates: Sequence[float], bursts: Sequence[Burst]) -> list[float]:
    """Return the rate between bursts in each slot."""
    if not hourly_rates:
        raise ValueError("a profile has at least one rate")
    _check(*hourly_rates)
    free, taken = _free_and_taken(bursts)
    if free <= _NOISE:
        return [0.0] * len(hourly_rates)
    return [max(0.0, rate - taken) / free for rate in hourly_rates]


def _free_and_taken(bursts: Sequence[Burst]) -> tuple[float, float]:
    """Return the part of the time between bursts, and the rate of their requests over all time."""
    shares = [burst.duration_s / burst.every_s for burst in bursts]
    if sum(shares) > 1 + _NOISE:
        raise ValueError("the bursts of a day take longer than the day")
    taken = sum(burst.rate_per_s * share for burst, share in zip(bursts, shares, strict=True))
    return max(0.0, 1 - sum(shares)), taken


def _effects(
    calls: _Calls, base_rate: float, bursts: Sequence[Burst], base_pool: float
) -> list[_Effect]:
    """Return the effect of each kind of burst; the pools of the others count if they last."""
    alone = [_effect(calls, base_rate, burst, base_pool) for burst in bursts]
    found = []
    for index, burst in enumerate(bursts):
        others = [e.pool for at, e in enumerate(alone) if e.lasting and at != index]
        ready = max(others, default=0.0)
        found.append(_effect(calls, base_rate, burst, ready) if ready > base_pool else alone[index])
    return found


def _effect(calls: _Calls, base_rate: float, burst: Burst, ready: float) -> _Effect:
    """Return what one burst does when ``ready`` environments are warm before it."""
    rate, length = burst.rate_per_s, burst.duration_s
    if rate <= base_rate:
        # A lull: after one that outlasts the keep-alive time the pool has to grow again.
        low = calls.pool(rate)
        grown = max(0.0, ready - low) if length > calls.keep_alive_s else 0.0
        cold = grown + rate * length * calls.share(rate, 0 if grown else ready)
        return _Effect(cold, low, rate * calls.duration_s, length, lasting=False)
    within_s = min(length, calls.keep_alive_s)
    # Work that is longer than the burst has not come to its steady state when the burst is over.
    busy = _Calls(
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
    return _Effect(cold, pool, highest, held_s, lasting)


def _repeated(calls: _Calls, burst: Burst, ready: float) -> tuple[float, float]:
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


def _lasting(effects: Sequence[_Effect]) -> float:
    return max((effect.pool for effect in effects if effect.lasting), default=0.0)


def _held(
    bursts: Sequence[Burst], effects: Sequence[_Effect], base_pool: float
) -> tuple[float, float]:
    """Return the mean of environments in a slot, and the part of it that no burst has a say in."""
    held, left = 0.0, 1.0
    pools = sorted(zip(effects, bursts, strict=True), key=lambda pair: -pair[0].pool)
    for effect, burst in pools:
        part = min(left, effect.held_s / burst.every_s)
        held += part * max(effect.pool, base_pool)
        left -= part
    return held + left * base_pool, left


def _check(*values: float) -> None:
    for value in values:
        if not (isfinite(value) and value >= 0):
            raise ValueError(f"{value} is not a rate, a time or a number of environments")


def _significant(value: float) -> float:
    return float(f"{value:.{_SIGNIFICANT}g}")
