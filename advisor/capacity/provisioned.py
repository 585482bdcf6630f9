"""Ways of sizing provisioned concurrency over a day, what they remove, and how much is used."""

from __future__ import annotations

from functools import partial
from math import ceil, isfinite
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.coldstart import cold_starts
from advisor.capacity.provisioned_slot import Load, Slot, check_number, slots_of_day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.arithmetic import Number

_METRIC_S = 60.0
_ROUNDS = 100
"""Times around the day in which a schedule must settle; more than three were never seen."""


class ProvisionedPlan(Struct, frozen=True, kw_only=True):
    """Provisioned concurrency over a day, and what comes of it.

    ``by_hour`` has the environments in each slot of the day, ``inside_share`` and ``cold_share``
    the parts of the day's requests that they serve and that are cold, ``utilisation`` the part of
    the provisioned time in which they are busy. Where fewer are provisioned than in the slot
    before, those released count as gone, since AWS does not say that it keeps them warm.
    """

    kind: Literal["static", "scheduled", "average", "maximum"]
    by_hour: tuple[int, ...]
    mean_provisioned: float
    inside_share: float
    cold_share: float
    utilisation: float


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
    """Return the same number of provisioned environments all day.

    The rates are those of equal slots of a day that repeats. Raises ValueError as
    ``cold_share_with`` does, and for a day without slots; so do the functions below.
    """
    check_number(provisioned)
    slots = slots_of_day(hourly_rates_per_s, load)
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
    slots = slots_of_day(hourly_rates_per_s, load)
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

    None when in some hour no number does, and for a day without requests.
    """
    if hourly_rates_per_s and not any(hourly_rates_per_s):
        return None
    slots = slots_of_day(hourly_rates_per_s, load)
    numbers = [0] * len(slots)
    # A slot needs more where the one before kept more: its own pool on demand was smaller then. So
    # numbers only rise from round to round, up to the smallest that hold for each other.
    for _ in range(_ROUNDS):
        settled = list(numbers)
        for index, slot in enumerate(slots):
            spare = slots[index - 1].on_demand(numbers[index - 1])
            found = _smallest(slot.most, partial(_holds, slot, spare, cold_share_target))
            if found is None:
                return None
            numbers[index] = found
        if numbers == settled:
            return _plan("scheduled", slots, numbers)
    return None


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
    Raises ValueError also for a target or a minimum that is not positive or not negative.
    """
    check_number(minimum)
    if not (isfinite(target) and target > 0):
        raise ValueError(f"{target} is not a utilisation to track")
    slots = slots_of_day(hourly_rates_per_s, load)
    numbers = []
    for slot in slots:
        busy = slot.load
        if statistic == "maximum" and slot.rate_per_s:
            busy = cold_starts(slot.rate_per_s, load.duration_s, 0, _METRIC_S).warm_environments
        numbers.append(max(minimum, followed(busy, target)))
    return _plan(statistic, slots, numbers)


def followed(busy: float, target: float) -> int:
    """Return the environments of which so many busy ones are the part that is tracked."""
    # An exact multiple must not need one more for the sake of float noise.
    return ceil(round(busy / target, 9))


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


def _holds(slot: Slot, spare: float, target: float, number: int) -> bool:
    return slot.cold_rate(number, spare) <= target * slot.rate_per_s


def _cold(slots: Sequence[Slot], numbers: Sequence[int]) -> float:
    """Return the share of the day's requests that are cold."""
    requests = sum(slot.rate_per_s for slot in slots)
    if not requests:
        return 0.0 if all(numbers) else 1.0
    cold = sum(
        slot.cold_rate(number, slots[index - 1].on_demand(numbers[index - 1]))
        for index, (slot, number) in enumerate(zip(slots, numbers, strict=True))
    )
    return cold / requests


def _plan(
    kind: Literal["static", "scheduled", "average", "maximum"],
    slots: Sequence[Slot],
    numbers: Sequence[int],
) -> ProvisionedPlan:
    spilled = [slot.spill(n) for slot, n in zip(slots, numbers, strict=True)]
    requests = sum(slot.rate_per_s for slot in slots)
    inside = sum(s.rate_per_s * (1 - b) for s, b in zip(slots, spilled, strict=True))
    busy = sum(s.load * (1 - b) for s, b in zip(slots, spilled, strict=True))
    held = sum(numbers)
    return ProvisionedPlan(
        kind=kind,
        by_hour=tuple(numbers),
        mean_provisioned=held / len(numbers),
        inside_share=significant(inside / requests if requests else 0.0),
        cold_share=significant(_cold(slots, numbers)),
        utilisation=significant(busy / held if held else 0.0),
    )
