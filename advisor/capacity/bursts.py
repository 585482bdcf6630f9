"""Cold starts of bursts: jumps of the request rate that are over within minutes.

When the rate jumps, requests that find no warm environment start one each, and these come back only
after INIT; until then the jump keeps starting more. Fluid and fluctuation of this are added up per
burst. Bursts that follow each other within the keep-alive time find the environments of those
before them. Derivation, measured errors and limits: ``docs/how-we-know/bursts.md``.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.burst_effect import (
    Calls,
    Effect,
    effect_of,
    effects_of,
    held_and_alone,
    lasting_pool,
)
from advisor.capacity.coldstart import (
    ColdStarts,
    cold_start_range,
    for_profile,
    model,
    replacements_per_s,
)
from advisor.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    calls = Calls(duration_s=duration_s, init_s=init_s, keep_alive_s=keep_alive_s)
    natural = calls.pool(base_rate)
    base_pool = max(natural, provisioned)
    effect = effect_of(calls, base_rate, burst, base_pool)
    requests = burst.rate_per_s * burst.duration_s
    requests += base_rate * max(0.0, burst.every_s - burst.duration_s)
    after = (burst.every_s - effect.held_s) * base_rate * calls.share(base_rate, provisioned)
    return BurstOutcome(
        cold_starts=significant(min(effect.cold + after, requests)),
        peak_environments=significant(max(effect.pool, base_pool)),
        peak_concurrency=significant(max(effect.concurrency, natural)),
        requests=significant(requests),
    )


def deployment_cold_starts(pool: ColdStarts, deployments: float = 1.0) -> float:
    """Return the cold starts of deployments: each replaces the whole pool of environments."""
    _check(deployments)
    return significant(pool.warm_environments * deployments)


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
    calls = Calls(duration_s=duration_s, init_s=init_s, keep_alive_s=keep_alive_s)
    rates = _between(hourly_rates, bursts)
    slot_s = SECONDS_PER_DAY / len(rates)
    free, taken = _free_and_taken(bursts)
    pools = [calls.pool(rate) for rate in rates]
    requests = cold = environments = 0.0
    known: dict[float, list[Effect]] = {}
    for index, rate in enumerate(rates):
        ready = max(pools[index], provisioned)
        # Many hours have the same rate, and so the same pool.
        if rate not in known:
            known[rate] = effects_of(calls, rate, bursts, ready)
        effects = known[rate]
        held, alone = held_and_alone(bursts, effects, ready)
        arriving = slot_s * (rate * free + taken)
        grown = max(0.0, pools[index] - max(pools[index - 1], lasting_pool(effects), provisioned))
        started = alone * slot_s * rate * calls.share(rate, provisioned) + grown
        started += slot_s * sum(e.cold / b.every_s for e, b in zip(effects, bursts, strict=True))
        requests += arriving
        cold += min(arriving, started)
        environments += held
    share = cold / requests if requests else 1.0
    return ColdStarts(significant(min(share, 1.0)), significant(environments / len(rates)))


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
        shares.append(significant(found.probability + (1 - found.probability) * replaced))
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


def _check(*values: float) -> None:
    for value in values:
        if not (isfinite(value) and value >= 0):
            raise ValueError(f"{value} is not a rate, a time or a number of environments")
