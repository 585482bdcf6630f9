"""Provisioned concurrency: what it removes, what it needs, how much of it is used.

Requests take a provisioned environment when one is free, and are served on demand otherwise, where
most of them find a warm one. So provisioned concurrency below the pool of environments that stays
warm by itself removes no cold start at all. With P provisioned, a request is cold when it finds k
in progress, k being P at least, and more than k were not for the keep-alive time: the sum of
``coldstart`` from level P on. The derivation and the measured errors are in
``docs/how-we-know/provisioned-concurrency.md``.
"""

from __future__ import annotations

from functools import partial
from math import ceil, sqrt
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from advisor.capacity.coldstart import ColdStarts, cold_starts
from advisor.capacity.first_passage import LARGEST_LOAD, cold_from
from advisor.capacity.queueing import erlang_b

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.arithmetic import Number

_TERMS = 8
"""Terms of the numerical inversion, as for profiles: 17 of them, errors below 3e-3."""

_SIGNIFICANT = 7
_NEGLIGIBLE = 1e-10
_METRIC_S = 60.0
_SLOT_S = 3600.0
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


class ProvisionedPlan(Struct, frozen=True, kw_only=True):
    """Provisioned concurrency over a day, and what comes of it.

    ``by_hour`` has the environments in each slot of the day, ``inside_share`` and ``cold_share``
    the parts of the day's requests that they serve and that are cold, ``utilisation`` the part of
    the provisioned time in which they are busy.
    """

    kind: Literal["static", "scheduled", "average", "maximum"]
    by_hour: tuple[int, ...]
    mean_provisioned: float
    inside_share: float
    cold_share: float
    utilisation: float


def cold_share_with(
    rate_per_s: float, duration_s: float, init_s: float, keep_alive_s: float, provisioned: int
) -> float:
    """Return the share of cold requests (0 to 1) with ``provisioned`` environments kept ready.

    A steady Poisson load, as in ``coldstart.cold_starts``, whose answer this is for none. Raises
    ValueError for negative arguments.
    """
    if provisioned < 0:
        raise ValueError(f"{provisioned} environments cannot be provisioned")
    return _Slot(Load(duration_s, init_s, keep_alive_s), rate_per_s).cold_share(provisioned)


def break_even_utilisation(on_demand: Number, capacity: Number, inside: Number) -> Number:
    """Return the utilisation above which provisioned concurrency is cheaper than on demand.

    Prices of a GB-second: on demand, of capacity held, and of duration inside it. An environment
    that is busy for a part u costs capacity + u inside, against u on demand.
    """
    return capacity / (on_demand - inside)


def static(
    hourly_rates_per_s: Sequence[float],
    load: Load,
    provisioned: int,
) -> ProvisionedPlan:
    """Return the same number of provisioned environments all day."""
    slots = _slots(hourly_rates_per_s, load)
    return _plan("static", slots, [provisioned] * len(slots))


def smallest_static(
    hourly_rates_per_s: Sequence[float],
    load: Load,
    *,
    cold_share_target: float,
) -> ProvisionedPlan | None:
    """Return the smallest number all day that keeps the day's share of cold requests low enough.

    None when no number does.
    """
    slots = _slots(hourly_rates_per_s, load)
    most = max(slot.most for slot in slots)
    found = _smallest(most, lambda number: _cold(slots, [number] * len(slots)) <= cold_share_target)
    return None if found is None else _plan("static", slots, [found] * len(slots))


def scheduled(
    hourly_rates_per_s: Sequence[float],
    load: Load,
    *,
    cold_share_target: float,
) -> ProvisionedPlan | None:
    """Return the smallest number in each hour that keeps that hour's share low enough.

    None when in some hour no number does.
    """
    slots = _slots(hourly_rates_per_s, load)
    numbers: list[int] = []
    for index, slot in enumerate(slots):
        before = slots[index - 1]
        found = _smallest(slot.most, partial(_holds, slot, before, cold_share_target))
        if found is None:
            return None
        numbers.append(found)
    return _plan("scheduled", slots, numbers)


def tracking(
    hourly_rates_per_s: Sequence[float],
    load: Load,
    *,
    target: float,
    statistic: Literal["average", "maximum"],
    minimum: int,
) -> ProvisionedPlan:
    """Return what target tracking of the utilisation holds in each hour.

    Its metric is of one minute. The average leads to load / target environments, the maximum to
    the most that a minute has in progress, over target. Ramps within the hour are not followed.
    """
    slots = _slots(hourly_rates_per_s, load)
    numbers = []
    for slot in slots:
        busy = slot.load
        if statistic == "maximum" and slot.rate_per_s:
            busy = cold_starts(slot.rate_per_s, load.duration_s, 0, _METRIC_S).warm_environments
        # An exact multiple must not need one more for the sake of float noise.
        numbers.append(max(minimum, ceil(round(busy / target, 9))))
    return _plan(statistic, slots, numbers)


class _Slot:
    """A slot of the day in its steady state."""

    def __init__(self, load: Load, rate_per_s: float) -> None:
        self.rate_per_s = rate_per_s
        self.replaced_per_s = load.replaced_per_s
        self.load = rate_per_s * load.duration_s
        self.alone: ColdStarts = cold_starts(
            rate_per_s, load.duration_s, load.init_s, load.keep_alive_s
        )
        # Environments are held longer by what is cold without provisioning: the larger load.
        self.held = rate_per_s * (load.duration_s + self.alone.probability * load.init_s)
        self.window = load.keep_alive_s * rate_per_s / self.held if self.held else 0.0
        self.most = ceil(self.held + _HIGHEST * sqrt(self.held) + _HIGHEST)

    def cold_share(self, provisioned: int) -> float:
        """Return the share of cold requests with so many environments kept ready."""
        if provisioned == 0 or self.held <= _NEGLIGIBLE:
            return self.alone.probability if provisioned == 0 else 0.0
        if self.window * self.held <= _NEGLIGIBLE:
            # Nothing stays warm by itself: whatever spills over is cold.
            return min(_significant(erlang_b(provisioned, self.held)), self.alone.probability)
        level, load, scale = provisioned, self.held, 1.0
        if load > LARGEST_LOAD:
            # As many standard deviations above a load that can be summed (see coldstart).
            level = round(LARGEST_LOAD + (provisioned - load) * sqrt(LARGEST_LOAD / load))
            load, scale = LARGEST_LOAD, sqrt(LARGEST_LOAD / load)
        first, shares = cold_from(load, self.window, _TERMS)
        index = max(level - first, 0)
        share = scale * shares[index] if index < len(shares) else 0.0
        return min(float(f"{share:.{_SIGNIFICANT}g}"), self.alone.probability)

    def cold_rate(self, provisioned: int, before: _Slot) -> float:
        """Return cold requests per second: of the steady state, of growth, of replacements."""
        warm = max(before.alone.warm_environments, provisioned)
        grown = max(0.0, self.alone.warm_environments - warm) / _SLOT_S
        spare = max(0.0, self.alone.warm_environments - provisioned)
        cold = self.rate_per_s * self.cold_share(provisioned)
        return min(self.rate_per_s, cold + grown + spare * self.replaced_per_s)


def _slots(rates: Sequence[float], load: Load) -> list[_Slot]:
    known = {rate: _Slot(load, rate) for rate in dict.fromkeys(rates)}
    return [known[rate] for rate in rates]


def _smallest(most: int, holds: Callable[[int], bool]) -> int | None:
    """Return the smallest number from 0 to ``most`` that holds; more of it never holds less."""
    if not holds(most):
        return None
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _holds(slot: _Slot, before: _Slot, target: float, number: int) -> bool:
    return slot.cold_rate(number, before) <= target * slot.rate_per_s


def _cold(slots: Sequence[_Slot], numbers: Sequence[int]) -> float:
    """Return the share of the day's requests that are cold."""
    requests = sum(slot.rate_per_s for slot in slots)
    if not requests:
        return 0.0 if all(numbers) else 1.0
    cold = sum(
        slot.cold_rate(number, slots[index - 1])
        for index, (slot, number) in enumerate(zip(slots, numbers, strict=True))
    )
    return cold / requests


def _plan(
    kind: Literal["static", "scheduled", "average", "maximum"],
    slots: Sequence[_Slot],
    numbers: Sequence[int],
) -> ProvisionedPlan:
    spilled = [erlang_b(n, slot.load) for slot, n in zip(slots, numbers, strict=True)]
    requests = sum(slot.rate_per_s for slot in slots)
    inside = sum(s.rate_per_s * (1 - b) for s, b in zip(slots, spilled, strict=True))
    busy = sum(s.load * (1 - b) for s, b in zip(slots, spilled, strict=True))
    held = sum(numbers)
    return ProvisionedPlan(
        kind=kind,
        by_hour=tuple(numbers),
        mean_provisioned=held / len(numbers),
        inside_share=_significant(inside / requests if requests else 0.0),
        cold_share=_significant(_cold(slots, numbers)),
        utilisation=_significant(busy / held if held else 0.0),
    )


def _significant(value: float) -> float:
    return float(f"{value:.{_SIGNIFICANT}g}")
