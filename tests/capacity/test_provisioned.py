"""Provisioned concurrency against simulated figures, brute force, and what must hold anyway."""

from __future__ import annotations

from decimal import Decimal
from math import exp, lgamma, log, pi, sin

import pytest

from advisor.capacity.coldstart import cold_starts
from advisor.capacity.first_passage import cold_from, invert
from advisor.capacity.provisioned import (
    Load,
    break_even_utilisation,
    cold_share_with,
    scheduled,
    smallest_static,
    static,
    tracking,
)
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
    first, shares = cold_from(load, 600.0, 14)
    assert shares[0] == pytest.approx(invert(load, 600.0, 14)[0], rel=1e-6)
    assert list(shares) == sorted(shares, reverse=True)
    # A tail cannot exceed the part of requests that find so many in progress.
    for k in range(first, first + len(shares), 5):
        finds = 1 - sum(exp(j * log(load) - load - lgamma(j + 1)) for j in range(k))
        assert shares[k - first] <= finds + 1e-9


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


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be provisioned"):
        cold_share_with(1.0, 1.0, 0.0, 300.0, -1)
