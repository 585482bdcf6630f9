"""How many Lambda requests meet a cold start, and how many environments stay warm.

Requests arrive at random (Poisson), each takes an environment for itself, the most recently used
one first, and an environment that stays idle for the keep-alive time is gone. Then a request is
cold exactly when more requests are in progress than at any time in the keep-alive time before. The
derivation, the measured errors and the limits are in ``docs/how-we-know/cold-starts.md``.
"""

from __future__ import annotations

from functools import cache
from math import exp, isfinite, sqrt
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.first_passage import LARGEST_LOAD, invert
from advisor.data import read_data
from advisor.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

_SETTLED = 1e-3
"""Relative change of the concurrency below which another fixed-point step is not worth its time."""

_FIXED_POINT_STEPS = 3
_NEGLIGIBLE = 1e-10


class ColdStarts(Struct, frozen=True):
    """The share of requests that are cold (0 to 1), and the mean number of warm environments."""

    probability: float
    warm_environments: float


def cold_starts(
    rate_per_s: float, duration_s: float, init_s: float, keep_alive_s: float
) -> ColdStarts:
    """Return cold starts of a steady Poisson load without provisioned concurrency.

    ``duration_s`` is the mean warm duration, ``init_s`` the time that a cold request takes longer,
    ``keep_alive_s`` how long an idle environment lives. Without requests the next one is cold and
    nothing is warm. Raises ValueError for negative or infinite arguments, and for so many requests
    that their number is not finite.
    """
    _check(rate_per_s, duration_s, init_s, keep_alive_s)
    _check(rate_per_s * (duration_s + init_s), rate_per_s * keep_alive_s)
    found = _cold_starts(rate_per_s, duration_s, init_s, keep_alive_s)
    return ColdStarts(significant(found.probability), significant(found.warm_environments))


def _cold_starts(
    rate_per_s: float, duration_s: float, init_s: float, keep_alive_s: float
) -> ColdStarts:
    occupied_s = duration_s
    found = _steady(rate_per_s, occupied_s, keep_alive_s)
    for _ in range(_FIXED_POINT_STEPS):
        # To four digits, so that architectures whose INIT is nearly the same ask for the same.
        longer_s = float(f"{duration_s + found.probability * init_s:.4g}")
        if abs(longer_s - occupied_s) <= _SETTLED * occupied_s:
            break
        occupied_s = longer_s
        found = _steady(rate_per_s, occupied_s, keep_alive_s)
    return found


def _steady(rate_per_s: float, occupied_s: float, keep_alive_s: float) -> ColdStarts:
    """Return cold starts when each request holds an environment for ``occupied_s`` on average."""
    load = rate_per_s * occupied_s
    in_window = rate_per_s * keep_alive_s
    if in_window <= _NEGLIGIBLE:
        return ColdStarts(1.0, load + in_window)
    if load <= _NEGLIGIBLE:
        # One environment serves everything, as long as requests follow each other in time.
        alone = exp(-in_window)
        return ColdStarts(alone, 1 - alone)
    if load <= LARGEST_LOAD:
        cold, warm = invert(load, keep_alive_s / occupied_s)
    else:
        cold, warm = _extrapolated(load, keep_alive_s / occupied_s)
    # The numerical inversion leaves errors of about 1e-8, which must not leave the possible range.
    return ColdStarts(min(max(cold, 0.0), 1.0), max(warm, load))


def _extrapolated(load: float, window: float) -> tuple[float, float]:
    """Return cold share and warm environments for a load that is too large to be summed.

    The number in progress is then a diffusion of standard deviation sqrt(load), so that cold share
    times sqrt(load) and spare environments over sqrt(load) tend to constants, with a first
    correction in 1 / sqrt(load). Two smaller loads determine both.
    """
    (cold, cold_slope), (spare, spare_slope) = _diffusion(window)
    root = sqrt(load)
    return (cold + cold_slope / root) / root, load + spare * root + spare_slope


def _diffusion(window: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return limit and correction of both scaled quantities, from two loads a factor 4 apart."""
    root = sqrt(LARGEST_LOAD)
    small_cold, small_warm = invert(LARGEST_LOAD / 4, window)
    large_cold, large_warm = invert(LARGEST_LOAD, window)
    return (
        _limit_and_slope(small_cold * root / 2, large_cold * root, root),
        _limit_and_slope(
            (small_warm - LARGEST_LOAD / 4) / (root / 2), (large_warm - LARGEST_LOAD) / root, root
        ),
    )


def _limit_and_slope(small: float, large: float, root: float) -> tuple[float, float]:
    """Solve value = limit + slope / sqrt(load) at sqrt(load) of ``root`` / 2 and ``root``."""
    return 2 * large - small, (small - large) * root


def _check(*values: float) -> None:
    for value in values:
        if not (isfinite(value) and value >= 0):
            raise ValueError(f"{value} is not a rate, a time or a number of requests")


def for_profile(
    hourly_rates_per_s: Sequence[float], duration_s: float, init_s: float, keep_alive_s: float
) -> ColdStarts:
    """Return the share of a day's requests that are cold, and the day's mean of warm environments.

    The rates are those of equal slots of a day that repeats: 24 for an hourly profile, one for a
    steady load. In each slot the load is in its steady state; where the pool of environments has
    to grow from the slot before, each one more is a cold start. Requests count alike, whenever they
    come. A day without requests is as a rate of zero. Raises ValueError as ``cold_starts`` does.
    """
    if not hourly_rates_per_s:
        raise ValueError("a profile has at least one rate")
    _check(*hourly_rates_per_s, duration_s, init_s, keep_alive_s)
    # Many hours of a day have the same rate.
    known = {
        rate: _cold_starts(rate, duration_s, init_s, keep_alive_s)
        for rate in dict.fromkeys(hourly_rates_per_s)
    }
    slots = [known[rate] for rate in hourly_rates_per_s]
    slot_s = SECONDS_PER_DAY / len(slots)
    requests = cold = 0.0
    before = slots[-1]
    for rate, slot in zip(hourly_rates_per_s, slots, strict=True):
        arriving = rate * slot_s
        growth = max(0.0, slot.warm_environments - before.warm_environments)
        requests += arriving
        cold += min(arriving, arriving * slot.probability + growth)
        before = slot
    mean_warm = sum(slot.warm_environments for slot in slots) / len(slots)
    share = cold / requests if requests else 1.0
    return ColdStarts(significant(share), significant(mean_warm))


def cold_start_range(
    hourly_rates_per_s: Sequence[float],
    duration_s: float,
    init_s: float,
    *,
    deployments_per_day: float = 0.0,
) -> tuple[float, float]:
    """Return the least and the largest share of cold requests that what is known of AWS allows.

    AWS publishes neither how long an idle environment is kept nor how often a busy one is replaced.
    The least comes from the longest keep-alive measured and no replacements, the largest from the
    shortest and a replacement of every environment once in its lifetime; the figures are in
    ``rules/measurements/cold-start-model.yaml``. A deployment replaces the whole pool at once. The
    arguments are those of ``for_profile``.
    """
    _check(deployments_per_day)
    keep_alive = model()["keep_alive_s"]
    fewest = for_profile(hourly_rates_per_s, duration_s, init_s, float(keep_alive["longest"]))
    most = for_profile(hourly_rates_per_s, duration_s, init_s, float(keep_alive["shortest"]))
    low = min(fewest.probability, most.probability)
    high = max(fewest.probability, most.probability)
    rate = sum(hourly_rates_per_s) / len(hourly_rates_per_s)
    if rate:
        deployed_per_s = deployments_per_day / SECONDS_PER_DAY
        low = _replaced(low, fewest.warm_environments * deployed_per_s / rate)
        replaced_per_s = replacements_per_s(deployments_per_day)
        high = _replaced(high, most.warm_environments * replaced_per_s / rate)
    # The longer environments are kept, the more of them a deployment throws away.
    return min(low, high), max(low, high)


def replacements_per_s(deployments_per_day: float) -> float:
    """Return how often an environment is replaced at the most: once in its lifetime, and with each
    deployment.
    """
    lifetime_s = float(model()["environment_lifetime_s"]["value"])
    return 1 / lifetime_s + deployments_per_day / SECONDS_PER_DAY


def _replaced(share: float, replacements: float) -> float:
    """Add replaced environments, in parts of the requests, to a share of cold requests.

    Only a request that would have been warm can be made cold by a replacement.
    """
    return significant(share + (1 - share) * min(1.0, replacements))


def spread_factor(cv: float) -> float:
    """Return by how much more requests may be cold than durations that are exponential make it.

    ``cv`` is the coefficient of variation of the duration. Measured by simulation; 1 up to a cv of
    1, where the formula is exact.
    """
    return 1 + float(model()["spread"]["per_cv_above_one"]) * max(0.0, cv - 1)


def hidden_start_ms(package_type: str, package_mb: float | None = None) -> float:
    """Return the part of a cold start, in ms, that comes before INIT and that no log shows.

    ``package_mb`` is the size of the zip as uploaded; not known counts as small. An image has no
    part that grows with its size, since its blocks are loaded when they are read.
    """
    hidden = model()["hidden_start"]
    base = float(hidden["base_ms"])
    if package_type != "zip" or package_mb is None:
        return base
    return base + float(hidden["ms_per_mb"]) * max(0.0, package_mb - float(hidden["small_zip_mb"]))


@cache
def model() -> dict[str, Any]:
    """Return the measured figures of the model, each with its source, date and grade."""
    entries: dict[str, Any] = read_data("rules/measurements/cold-start-model.yaml")
    return entries
