"""Provisioned concurrency against simulated figures, brute force, and what must hold anyway."""

from __future__ import annotations

from decimal import Decimal
from math import comb, exp, lgamma, log, pi, sin

import pytest

from advisor.capacity.coldstart import cold_starts
from advisor.capacity.first_passage import cold_from, invert
from advisor.capacity.provisioned import (
    break_even_utilisation,
    scheduled,
    smallest_static,
    static,
    tracking,
)
from advisor.capacity.provisioned_slot import Load, cold_share_with, mean_environments
from advisor.capacity.queueing import erlang_b
from advisor.tariff import PriceBook

# An event simulation of the model (12 to 40 million requests each): rate, duration, provisioned,
# the cold share, and by how much the formula may differ.
SIMULATED = [
    (10, 0.5, 0, 3.391e-4, 0.06),
    (10, 0.5, 10, 3.389e-4, 0.06),
    (10, 0.5, 14, 2.540e-4, 0.06),
    (10, 0.5, 16, 4.66e-5, 0.07),
    (10, 0.5, 18, 4.8e-6, 0.20),
    (100, 0.5, 65, 8.52e-5, 0.07),
    (100, 0.5, 80, 1.86e-5, 0.03),
    (100, 0.5, 85, 1.6e-6, 0.07),
    (0.05, 1, 1, 2.46e-2, 0.03),
    (0.05, 1, 2, 1.2e-3, 0.04),
    (0.01, 0.3, 1, 3.0e-3, 0.02),
    (0.01, 0.3, 2, 8e-6, 0.5),
]
DIURNAL = [50 * (1 + 0.8 * sin(2 * pi * hour / 24)) for hour in range(24)]
LOAD = Load(0.5, 0.4, 300.0)


@pytest.mark.parametrize(("rate", "duration", "provisioned", "share", "error"), SIMULATED)
def test_the_cold_share_is_that_of_a_simulation(
    rate: float, duration: float, provisioned: int, share: float, error: float
) -> None:
    found = cold_share_with(rate, duration, 0.0, 300.0, provisioned)
    assert found == pytest.approx(share, rel=error)


@pytest.mark.parametrize("load", [0.05, 3.0, 40.0])
def test_the_tails_add_up_to_what_is_summed_at_once(load: float) -> None:
    first, shares = cold_from(load, 600.0)
    assert shares[0] == pytest.approx(invert(load, 600.0)[0], rel=1e-6)
    assert list(shares) == sorted(shares, reverse=True)
    # A tail cannot exceed the part of requests that find so many in progress.
    for k in range(first, first + len(shares), 5):
        finds = 1 - sum(exp(j * log(load) - load - lgamma(j + 1)) for j in range(k))
        assert shares[k - first] <= finds + 1e-9


def full_recursion(load: float, window: float, number: int) -> float:
    """Return the sum from level ``number`` on, over every level from zero, with 31 nodes.

    The oracle: no late start, no early end, and one more term of the inversion.
    """
    terms = 15
    weights = [0.5] + [1.0] * terms + [0.0] * (terms - 1) + [2.0**-terms]
    for k in range(1, terms):
        weights[2 * terms - k] = weights[2 * terms - k + 1] + 2.0**-terms * comb(terms, k)
    last = int(load + 14 * load**0.5 + 60)
    cold = 0.0
    for k, weight in enumerate(weights):
        node = complex(terms * log(10) / 3, pi * k)
        s, x, share = node / window, 0j, 0j
        for level in range(last + 1):
            x = (s + level * x) / (load + s + level * x)
            if level >= number:
                share += exp(level * log(load) - load - lgamma(level + 1)) * x
        cold += (-1) ** k * weight * (share / node).real
    return 10 ** (terms / 3) * cold


@pytest.mark.parametrize("window", [12.0, 600.0, 3000.0])
@pytest.mark.parametrize(("load", "above"), [(0.3, 1), (5.0, 6), (50.0, 15), (300.0, 40)])
def test_the_tails_agree_with_the_full_recursion(load: float, above: int, window: float) -> None:
    number = int(load) + above
    expected = full_recursion(load, window, number)
    first, shares = cold_from(load, window)
    assert shares[number - first] == pytest.approx(expected, rel=1e-6)


# The simulation of benchmarks/provisioned.py --steady, 20 to 40 million requests each (standard
# error 2% at most, 4% in the last), with an INIT as long as up to 50 durations: rate, duration,
# INIT, provisioned, cold share, and by how much the formula may differ.
WITH_INIT = [
    (0.01, 0.1, 5, 1, 1.002e-3, 0.02),
    (0.1, 0.2, 5, 1, 1.113e-2, 0.1),
    (0.1, 0.2, 5, 2, 1.968e-4, 0.03),
    (0.02, 1, 4, 1, 1.748e-2, 0.07),
    (0.02, 1, 4, 2, 1.98e-4, 0.03),
    (1, 0.1, 3, 3, 1.411e-4, 0.05),
    (5, 0.2, 5, 6, 3.057e-4, 0.05),
    (20, 0.5, 8, 22, 1.846e-4, 0.08),
    (20, 0.5, 8, 25, 3.003e-5, 0.15),
]


@pytest.mark.parametrize(("rate", "duration", "init", "provisioned", "share", "error"), WITH_INIT)
def test_init_holds_no_provisioned_environment(
    rate: float, duration: float, init: float, provisioned: int, share: float, error: float
) -> None:
    found = cold_share_with(rate, duration, init, 300.0, provisioned)
    assert found == pytest.approx(share, rel=error)


@pytest.mark.parametrize("keep_alive", [0.0, 1e-9, 2.0, 300.0])
@pytest.mark.parametrize("rate", [0.05, 4.0, 300.0])
def test_only_what_spills_over_can_be_cold(rate: float, keep_alive: float) -> None:
    for number in range(0, 250, 3):
        share = cold_share_with(rate, 0.4, 5.0, keep_alive, number)
        assert share <= erlang_b(number, rate * 0.4) * (1 + 1e-6)


def test_none_provisioned_is_on_demand() -> None:
    for rate in (0.01, 5.0, 300.0, 1e6):
        alone = cold_starts(rate, 0.2, 0.3, 300.0).probability
        assert cold_share_with(rate, 0.2, 0.3, 300.0, 0) == alone


def test_more_is_never_colder_and_below_the_warm_pool_removes_nothing() -> None:
    shares = [cold_share_with(100.0, 0.5, 0.3, 300.0, number) for number in range(0, 120, 5)]
    assert shares == sorted(shares, reverse=True)
    # 50 requests are in progress on average, and some 80 environments stay warm by themselves.
    assert shares[12] == pytest.approx(shares[0], rel=0.001)
    assert shares[19] < shares[0] / 100


def test_a_load_too_large_to_be_summed() -> None:
    # 400,000 in progress, standard deviation 632: nothing is removed at the load, most at +5.
    alone = cold_share_with(4e6, 0.1, 0.0, 300.0, 0)
    assert cold_share_with(4e6, 0.1, 0.0, 300.0, 400_000) == pytest.approx(alone, rel=0.02)
    assert cold_share_with(4e6, 0.1, 0.0, 300.0, 403_200) < alone / 3


def test_break_even_follows_from_the_prices() -> None:
    def usd(component: str) -> Decimal:
        price = PriceBook().price("lambda", component, "us-east-1")
        return Decimal(price.known(price.tiers[0]))

    # 4.1667 / (16.6667 - 9.7222) = 0.6000.
    found = break_even_utilisation(
        usd("duration-x86"), usd("pc-capacity-x86"), usd("pc-duration-x86")
    )
    assert round(found, 4) == Decimal("0.6000")


def test_the_smallest_numbers_that_hold_a_target() -> None:
    flat = smallest_static(DIURNAL, LOAD, cold_share_target=5e-5)
    hourly = scheduled(DIURNAL, LOAD, cold_share_target=5e-5)
    assert flat is not None
    assert hourly is not None
    for plan in (flat, hourly):
        assert plan.cold_share <= 5e-5
    one_less = static(DIURNAL, LOAD, flat.by_hour[0] - 1)
    assert one_less.cold_share > 5e-5
    assert hourly.mean_provisioned < flat.mean_provisioned
    # A schedule follows the day: 90 requests/s at its height, 10 at its low.
    assert max(hourly.by_hour) > 3 * min(hourly.by_hour)


def test_released_environments_are_missing_afterwards() -> None:
    # Hour by hour from the parts: the steady share, and one cold start for each environment by
    # which the pool on demand has to grow: on demand is what stays warm beyond the provisioned.
    for plan in (
        scheduled(DIURNAL, LOAD, cold_share_target=1e-4),
        tracking(DIURNAL, LOAD, target=0.7, statistic="average", minimum=1),
    ):
        assert plan is not None
        on_demand = [
            max(0.0, cold_starts(rate, 0.5, 0.4, 300.0).warm_environments - number)
            for rate, number in zip(DIURNAL, plan.by_hour, strict=True)
        ]
        cold = 0.0
        for hour, rate in enumerate(DIURNAL):
            steady = cold_share_with(rate, 0.5, 0.4, 300.0, plan.by_hour[hour])
            cold += 3600 * rate * steady + max(0.0, on_demand[hour] - on_demand[hour - 1])
        assert plan.cold_share == pytest.approx(cold / (3600 * sum(DIURNAL)), rel=1e-6)


def test_plans_of_a_day_as_they_were_simulated() -> None:
    # 12 days of 4.3 million requests each, as benchmarks/provisioned.py --days has them, where
    # released environments are gone. The standard error is 1e-6.
    hourly = scheduled(DIURNAL, LOAD, cold_share_target=1e-4)
    assert hourly is not None
    assert hourly.cold_share == pytest.approx(9.454e-5, rel=0.05)
    assert 1 - hourly.inside_share == pytest.approx(0.03013, rel=0.01)
    assert static(DIURNAL, LOAD, 60).cold_share == pytest.approx(5.155e-5, rel=0.06)
    average = tracking(DIURNAL, LOAD, target=0.7, statistic="average", minimum=1)
    assert average.cold_share == pytest.approx(1.22e-4, rel=0.06)


def test_a_day_may_have_slots_of_any_length() -> None:
    hours = [1.0] * 12 + [20.0] * 12
    quarters = [rate for rate in hours for _ in range(4)]
    for number in (0, 5):
        coarse, fine = static(hours, LOAD, number), static(quarters, LOAD, number)
        assert fine.cold_share == pytest.approx(coarse.cold_share, rel=1e-6)


def test_a_target_that_is_met_already_needs_none() -> None:
    plan = smallest_static(DIURNAL, LOAD, cold_share_target=0.01)
    assert plan is not None
    assert (plan.mean_provisioned, plan.inside_share, plan.utilisation) == (0, 0, 0)


def test_tracking_as_it_was_simulated() -> None:
    # Simulated over a day: the average at 0.7 holds 37 and leaves 1.19e-4 of requests cold, as
    # without; the maximum holds 64 and leaves 1.6e-6. Alarms that wait hold a little more.
    average = tracking(DIURNAL, LOAD, target=0.7, statistic="average", minimum=1)
    maximum = tracking(DIURNAL, LOAD, target=0.7, statistic="maximum", minimum=1)
    assert average.mean_provisioned == pytest.approx(37, rel=0.05)
    assert average.cold_share == pytest.approx(1.19e-4, rel=0.1)
    assert 1 - average.inside_share == pytest.approx(0.011, abs=0.003)
    assert maximum.mean_provisioned == pytest.approx(64, rel=0.1)
    assert maximum.cold_share < 1.6e-6


def test_the_average_holds_the_load_over_its_target() -> None:
    # 7 in progress over 0.7 are 10, to the environment.
    plan = tracking([14.0] * 24, Load(0.5, 0.0, 300.0), target=0.7, statistic="average", minimum=1)
    assert set(plan.by_hour) == {10}
    idle = tracking([0.0] * 24, Load(0.5, 0.0, 300.0), target=0.7, statistic="maximum", minimum=2)
    assert set(idle.by_hour) == {2}


def test_replaced_environments_are_cold_only_beyond_the_provisioned() -> None:
    # Replaced every 7,200 s: a pool of W in 100 requests/s adds W / 720,000.
    without = static([100.0] * 24, Load(0.5, 0.0, 300.0), 0).cold_share
    replaced = static([100.0] * 24, Load(0.5, 0.0, 300.0, 1 / 7200), 0).cold_share
    pool = cold_starts(100.0, 0.5, 0.0, 300.0).warm_environments
    assert replaced - without == pytest.approx(pool / 720_000, rel=1e-3)
    enough = static([100.0] * 24, Load(0.5, 0.0, 300.0, 1 / 7200), 100)
    assert enough.cold_share < 1e-8


@pytest.mark.parametrize("rate", [0.0, 1e-9, 1e9])
@pytest.mark.parametrize("duration", [0.0, 1e-6, 900.0])
def test_absurd_loads_have_an_answer(rate: float, duration: float) -> None:
    share = cold_share_with(rate, duration, 1.0, 300.0, 3)
    assert 0 <= share <= 1
    plan = smallest_static([rate] * 24, Load(duration, 1.0, 300.0), cold_share_target=0.001)
    assert plan is None or plan.cold_share <= 0.001


def test_without_a_keep_alive_what_spills_over_is_cold() -> None:
    # Erlang B of 2 servers and 1 Erlang: 1/2 / (1 + 1 + 1/2) = 0.2.
    assert cold_share_with(2.0, 0.5, 0.0, 0.0, 2) == pytest.approx(0.2)


def test_a_load_of_any_size_takes_bounded_work() -> None:
    # 5 standard deviations above a load of 1e12; the heavy-traffic limit of Erlang B at the load
    # itself is sqrt(2 / (pi a)), and far below it what cannot be served spills.
    plan = smallest_static([1e9], Load(1000.0, 0.0, 3e6), cold_share_target=1e-12)
    assert plan is not None
    assert 1e12 < plan.by_hour[0] < 1e12 + 8e6
    at_load = static([1e9], Load(1000.0, 0.0, 3e6), 10**12)
    assert 1 - at_load.inside_share == pytest.approx((2 / pi / 1e12) ** 0.5, abs=1e-7)
    half = static([1e9], Load(1000.0, 0.0, 3e6), 5 * 10**11)
    assert half.inside_share == pytest.approx(0.5)


def test_a_day_without_requests() -> None:
    idle = [0.0] * 24
    assert scheduled(idle, LOAD, cold_share_target=0.01) is None
    # As without: the next request is cold unless an environment is kept ready.
    assert static(idle, LOAD, 0).cold_share == 1
    assert static(idle, LOAD, 1).cold_share == 0


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be provisioned"):
        cold_share_with(1.0, 1.0, 0.0, 300.0, -1)
    with pytest.raises(ValueError, match="cannot be provisioned"):
        static(DIURNAL, LOAD, -1)
    with pytest.raises(ValueError, match="at least one slot"):
        scheduled([], LOAD, cold_share_target=0.1)
    with pytest.raises(ValueError, match="not a rate"):
        static(DIURNAL, Load(0.5, 0.4, 300.0, -1.0), 3)
    for target in (0.0, -0.7, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="utilisation to track"):
            tracking(DIURNAL, LOAD, target=target, statistic="average", minimum=1)
    with pytest.raises(ValueError, match="cannot be provisioned"):
        tracking(DIURNAL, LOAD, target=0.7, statistic="average", minimum=-1)


@pytest.mark.parametrize(
    ("provisioned", "simulated"),
    # `advisor simulate --rps 10 --duration-ms 500 --init-ms 400 --requests 3000000 --provisioned N`
    [(1, 15.01), (10, 15.01), (14, 15.10), (16, 16.17), (18, 18.01), (25, 25.0)],
)
def test_environments_beside_the_provisioned(provisioned: int, simulated: float) -> None:
    load = Load(0.5, 0.4, 300)
    assert mean_environments([10.0], load, provisioned) == pytest.approx(simulated, rel=0.01)


def test_environments_of_the_least_and_the_largest_loads() -> None:
    for rate, duration_s in ((0.05, 1.0), (10.0, 0.5), (300.0, 0.5)):
        natural = cold_starts(rate, duration_s, 0.4, 300).warm_environments
        found = mean_environments([rate], Load(duration_s, 0.4, 300), 0)
        assert found == pytest.approx(natural, rel=1e-3)
    assert mean_environments([0.0], Load(0.5, 0.4, 300), 3) == 3
    assert mean_environments([1e6], Load(0.5, 0.4, 300), 1000) == pytest.approx(5.03e5, rel=0.01)
    # A day of two halves is the mean of both.
    halves = [mean_environments([rate], Load(0.5, 0.4, 300), 4) for rate in (1.0, 10.0)]
    together = mean_environments([1.0, 10.0], Load(0.5, 0.4, 300), 4)
    assert together == pytest.approx(sum(halves) / 2)
