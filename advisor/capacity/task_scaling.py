"""How late tasks follow the load, and the utilisation that leaves room for it."""

from __future__ import annotations

from math import floor, inf, isfinite
from typing import TYPE_CHECKING

from advisor.arithmetic import significant
from advisor.capacity.sharing import measured
from advisor.capacity.waiting import check
from advisor.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence


def headroom(rates_by_hour: Sequence[float], lag_s: float) -> float:
    """Return by what factor, at most, the rate grows within ``lag_s`` seconds of the day.

    The rates are those of equal parts of a day that repeats, reached in the middle of each and
    joined by straight lines. Tasks that follow the load that late need a target utilisation of at
    most the highest that they may have divided by this. Infinite when the rate rises from zero; 1
    for a steady one. Raises ValueError for no rates and for negative or infinite arguments.
    """
    check(lag_s, *rates_by_hour)
    if not rates_by_hour:
        raise ValueError("a profile has at least one rate")
    slots = len(rates_by_hour)
    lag = lag_s / SECONDS_PER_DAY * slots
    if lag >= slots:
        lowest, highest = min(rates_by_hour), max(rates_by_hour)
        return _ratio(highest, lowest)
    # Between the moments at which either end passes a corner the ratio rises or falls throughout.
    ends = [float(corner) for corner in range(slots)]
    ends += [corner + lag for corner in range(slots)]
    return max(
        1.0,
        *(_ratio(_between(rates_by_hour, at), _between(rates_by_hour, at - lag)) for at in ends),
    )


def scaling_lag_s(*, twenty_second_metrics: bool = False) -> float:
    """Return how late ECS's target tracking follows the load, in seconds."""
    lag = measured()["scaling_lag_s"]
    return float(lag["twenty_second_metrics" if twenty_second_metrics else "standard"])


def step_utilisation(factor: float, highest: float = 1.0) -> float:
    """Return the target utilisation at which a sudden rise by ``factor`` stays within ``highest``.

    Raises ValueError for a factor below one and for a ``highest`` that is not above 0, at most 1.
    """
    if not (isfinite(factor) and factor >= 1 and 0 < highest <= 1):
        raise ValueError(f"a rise by {factor} up to a utilisation of {highest}")
    return highest / factor


def _ratio(high: float, low: float) -> float:
    if high <= low:
        return 1.0
    return significant(high / low) if low > 0 else inf


def _between(rates: Sequence[float], at: float) -> float:
    before = floor(at)
    part = at - before
    slots = len(rates)
    return rates[before % slots] * (1 - part) + rates[(before + 1) % slots] * part
