import csv
from math import comb, exp, lgamma, log, pi
from pathlib import Path

import pytest

from advisor.capacity.coldstart import (
    ColdStarts,
    cold_start_range,
    cold_starts,
    for_profile,
    hidden_start_ms,
    spread_factor,
)
from advisor.capacity.first_passage import invert

MEASURED = Path(__file__).parent / "data" / "aws-cold-starts-2020.csv"
SIMFAAS = Path(__file__).parent / "data" / "simfaas-0.2.2.csv"


def full_recursion(load: float, window: float) -> tuple[float, float]:
    """Return the same sums over every level from zero, and with one more term of the inversion.

    The oracle: no late start, no early end. Time in mean durations; x is 1 - phi, which keeps its
    digits where phi is almost 1.
    """
    terms = 15
    weights = [0.5] + [1.0] * terms + [0.0] * (terms - 1) + [2.0**-terms]
    for k in range(1, terms):
        weights[2 * terms - k] = weights[2 * terms - k + 1] + 2.0**-terms * comb(terms, k)
    last = int(load + 14 * load**0.5 + 60)
    chances = [exp(k * log(load) - load - lgamma(k + 1)) for k in range(last + 1)]
    above = [sum(chances[k + 1 :]) for k in range(last + 1)]
    cold = warm = 0.0
    for k, weight in enumerate(weights):
        node = complex(terms * log(10) / 3, pi * k)
        s = node / window
        x = reached = share = environments = 0j
        for level in range(last + 1):
            x = (s + level * x) / (load + s + level * x)
            reached = (1 - x) * (reached + chances[level])
            share += chances[level] * x
            environments += above[level] + reached
        cold += (-1) ** k * weight * (share / node).real
        warm += (-1) ** k * weight * (environments / node).real
    return 10 ** (terms / 3) * cold, 10 ** (terms / 3) * warm


@pytest.mark.parametrize("window", [0.3, 12, 300, 3000, 12_000, 60_000])
@pytest.mark.parametrize("load", [1e-3, 0.05, 1, 7, 40, 300])
def test_the_sums_agree_with_the_full_recursion(load: float, window: float) -> None:
    assert invert(load, window) == pytest.approx(full_recursion(load, window), rel=1e-6)


def test_one_level_is_an_exponential() -> None:
    # The chance of two requests at once is 1e-7 here, so a request is cold when none came before
    # within the keep-alive time: exp(-0.001 * 600).
    found = cold_starts(0.001, 1e-4, 0, 600)
    assert found.probability == pytest.approx(exp(-0.6), rel=1e-6)
    assert found.warm_environments == pytest.approx(1 - exp(-0.6), rel=1e-6)


def simfaas() -> list[dict[str, float]]:
    """Return what SimFaaS 0.2.2 counts: rows of `benchmarks/simulation.py --peer`."""
    with SIMFAAS.open(newline="") as file:
        rows = [
            {name: float(value) for name, value in row.items() if name != "as_of" and value}
            for row in csv.DictReader(file)
        ]
    assert len(rows) == 19
    return rows


def test_within_8_percent_of_simfaas() -> None:
    errors = []
    for row in simfaas():
        rate, duration = row["arrival_rate_per_s"], row["service_mean_s"]
        found = cold_starts(rate, duration, 0, row["keep_alive_s"])
        errors.append(abs(found.probability / row["cold_start_probability"] - 1))
        # SimFaaS prefers the newest environment, which counts where T is but 12 S: both engines of
        # advisor.simulation agree with the formula there.
        assert errors[-1] <= (0.09 if (rate, duration) == (3, 5) else 0.08)
        assert found.warm_environments == pytest.approx(row["instances_avg"], rel=0.015)
    assert sum(errors) / len(errors) <= 0.03


def test_mean_error_against_measurements_on_aws() -> None:
    with MEASURED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    errors = []
    for row in rows:
        warm, cold = float(row["warm_service_mean_s"]), float(row["cold_service_mean_s"])
        found = cold_starts(
            float(row["arrival_rate_per_s"]), warm, cold - warm, float(row["keep_alive_s"])
        )
        errors.append(
            (
                abs(found.probability / float(row["cold_start_probability"]) - 1),
                abs(found.warm_environments / float(row["instances_avg"]) - 1),
            )
        )
    probability, instances = (sum(column) / len(rows) for column in zip(*errors, strict=True))
    assert probability <= 0.15
    assert instances <= 0.04


def test_a_cold_request_occupies_its_environment_longer() -> None:
    # Fixed point by hand: S = 1 + p * 4 where p is the answer for S without INIT.
    found = cold_starts(0.02, 1, 4, 300)
    assert found.probability == pytest.approx(
        cold_starts(0.02, 1 + 4 * found.probability, 0, 300).probability, rel=1e-3
    )
    assert found.warm_environments > cold_starts(0.02, 1, 0, 300).warm_environments


@pytest.mark.parametrize("duration", [0.01, 0.1, 5])
@pytest.mark.parametrize("load", [12_000, 40_000])
def test_beyond_the_largest_load_the_answer_is_extrapolated(load: float, duration: float) -> None:
    found = cold_starts(load / duration, duration, 0, 300)
    probability, environments = invert(load, 300 / duration)
    assert found.probability == pytest.approx(probability, rel=1e-4)
    assert found.warm_environments == pytest.approx(environments, rel=1e-6)


def test_a_load_of_any_size_takes_bounded_work() -> None:
    # A diffusion: p falls with the square root of the load, spare environments grow with it.
    million, huge = cold_starts(1e7, 0.1, 0, 300), cold_starts(1e9, 1e9, 0, 3e12)
    assert huge.probability / million.probability == pytest.approx((1e6 / 1e18) ** 0.5, rel=0.01)
    # The first passage of level k = E[W] takes about T: spare of 4.24 standard deviations here.
    assert (million.warm_environments - 1e6) / 1e3 == pytest.approx(4.24, abs=0.01)


def test_the_least_loads() -> None:
    assert cold_starts(0, 1, 1, 300) == ColdStarts(1, 0)
    assert cold_starts(1e-9, 0.1, 1, 300).probability == pytest.approx(1 - 3e-7)
    assert cold_starts(1e-320, 1, 1, 300).probability == 1
    assert cold_starts(0.01, 0, 0, 300).probability == pytest.approx(exp(-3))
    assert cold_starts(1, 1, 0, 0) == ColdStarts(1, 1)
    # So many requests in progress that they have no number.
    with pytest.raises(ValueError, match="inf is not"):
        cold_starts(1e308, 1e308, 1, 300)
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not a rate, a time"):
            cold_starts(wrong, 1, 1, 300)


def test_a_steady_profile_is_a_steady_load() -> None:
    steady = cold_starts(5, 0.2, 0.3, 300)
    for profile in ([5.0], [5.0] * 24):
        found = for_profile(profile, 0.2, 0.3, 300)
        assert found.probability == pytest.approx(steady.probability, rel=2e-4)
        assert found.warm_environments == pytest.approx(steady.warm_environments, rel=2e-4)


def test_a_profile_counts_its_requests_and_the_growth_of_the_pool() -> None:
    night, day = (cold_starts(rate, 0.5, 0, 300) for rate in (1, 20))
    found = for_profile([1.0] * 12 + [20.0] * 12, 0.5, 0, 300)
    requests = 12 * 3600 * (1 + 20)
    cold = 12 * 3600 * (night.probability + 20 * day.probability)
    cold += day.warm_environments - night.warm_environments
    assert found.probability == pytest.approx(cold / requests, rel=2e-4)
    assert found.probability > 1.05 * (cold - day.warm_environments) / requests


def test_hours_without_requests_make_the_first_ones_after_them_cold() -> None:
    idle = for_profile([0.0] * 23 + [1.0], 0.1, 0, 300)
    busy = cold_starts(1, 0.1, 0, 300)
    expected = busy.probability + busy.warm_environments / 3600
    assert idle.probability == pytest.approx(expected, rel=2e-4)
    assert for_profile([0.0] * 24, 0.1, 0, 300) == ColdStarts(1, 0)
    # One request in an hour cannot start more environments than itself.
    assert for_profile([0.0] * 23 + [1e-6], 0.1, 0, 300).probability == 1
    with pytest.raises(ValueError, match="at least one"):
        for_profile([], 0.1, 0, 300)


def test_the_range_spans_what_is_not_known() -> None:
    low, high = cold_start_range([2.0], 0.1, 0.2)
    assert low == pytest.approx(cold_starts(2, 0.1, 0.2, 600).probability, rel=2e-4)
    shortest = cold_starts(2, 0.1, 0.2, 300)
    # Each environment is replaced once in 7,200 s, in which 14,400 requests come.
    replaced = shortest.warm_environments / 14_400
    assert high == pytest.approx(shortest.probability + replaced, rel=1e-3)
    assert cold_start_range([0.0], 0.1, 0.2) == (1, 1)
    assert cold_start_range([1e-7], 0.1, 0.2)[1] <= 1


def test_the_hidden_start_grows_with_a_large_zip_only() -> None:
    # 100 ms, and 6 ms for each MB above 10.
    assert hidden_start_ms("zip") == hidden_start_ms("zip", 10) == 100
    assert hidden_start_ms("zip", 60) == 400
    assert hidden_start_ms("image", 5000) == 100


def test_a_deployment_costs_one_pool_of_cold_starts() -> None:
    # 2 requests/s of 0.1 s keep about 3 environments warm. 24 deployments a day start as many anew
    # each, out of 172,800 requests; the high end has replacements besides.
    pool = cold_starts(2.0, 0.1, 0.2, 300.0).warm_environments
    without = cold_start_range([2.0], 0.1, 0.2)
    with_them = cold_start_range([2.0], 0.1, 0.2, deployments_per_day=24)
    added = [after - before for before, after in zip(without, with_them, strict=True)]
    assert added[1] == pytest.approx(24 * pool / 172_800, rel=0.01)
    # The pool that is kept for 600 s is larger, and as much is lost with it.
    larger = cold_starts(2.0, 0.1, 0.2, 600.0).warm_environments
    assert added[0] == pytest.approx(24 * larger / 172_800, rel=0.01)
    many = cold_start_range([2.0], 0.1, 0.2, deployments_per_day=10_000)
    assert many[0] <= many[1] <= 1
    assert cold_start_range([1e-3], 0.1, 0.2, deployments_per_day=1e9)[1] == 1


def test_durations_that_vary_more_make_more_requests_cold() -> None:
    # A line above 25 simulations: the most were 12 % at a coefficient of variation of 3, 18 % at 5.
    assert spread_factor(0) == spread_factor(1) == 1
    assert spread_factor(3) == pytest.approx(1.12)
    assert spread_factor(5) == pytest.approx(1.24)
