from math import erfc, exp, fsum, log, sqrt

import pytest

from advisor.capacity.duration import DurationDistribution
from advisor.errors import AdvisorError, DataMissing

Z99 = 2.3263478740408408


def lognormal(median: float, sigma: float) -> DurationDistribution:
    return DurationDistribution(median * exp(sigma**2 / 2), median, sigma)


def summed(median: float, sigma: float, step: float) -> float:
    """E[ceil(X / step)] * step, as the sum of P(X > k * step) over every k, however many."""
    terms = [1.0]
    while terms[-1] > 1e-14 or len(terms) * step < median:
        terms.append(erfc(log(len(terms) * step / median) / sigma / sqrt(2)) / 2)
    return fsum(terms) * step


def test_a_mean_alone_is_a_constant() -> None:
    duration = DurationDistribution.from_measures(mean_ms=120.4)
    assert (duration.quantile(0.01), duration.quantile(0.999)) == (120.4, 120.4)
    assert (duration.survival(120.3), duration.survival(120.4)) == (1, 0)
    assert duration.billed_mean_ms() == 121


@pytest.mark.parametrize(
    ("mean", "step", "billed"),
    [
        (120.0, 1, 120),
        (0.1 + 0.2, 0.3, 0.3),  # 0.30000000000000004 in binary
        (1.1 * 3, 1.1, 3.3),  # 3.3000000000000003
        (120.001, 1, 121),
        (0.2, 1, 1),
        (100.5, 100, 200),
    ],
)
def test_a_constant_is_rounded_up_but_not_for_binary_noise(
    mean: float, step: float, billed: float
) -> None:
    assert DurationDistribution.from_measures(mean_ms=mean).billed_mean_ms(step) == billed


def test_p50_and_p99_give_a_lognormal_through_both() -> None:
    duration = DurationDistribution.from_measures(p50_ms=95, p99_ms=640)
    # sigma = ln(640 / 95) / 2.32635 = 0.81999, mean = 95 exp(0.81999^2 / 2) = 132.96
    assert duration.sigma == pytest.approx(0.81999, abs=5e-6)
    assert duration.mean_ms == pytest.approx(132.96, abs=0.005)
    assert duration.quantile(0.99) == pytest.approx(640)
    assert duration.survival(640) == pytest.approx(0.01)
    assert duration.survival(95) == 0.5
    assert duration.survival(0) == 1


@pytest.mark.parametrize("sigma", [0.05, 0.5, 1, 2])
def test_any_two_figures_find_the_same_shape(sigma: float) -> None:
    mean, p99 = 80 * exp(sigma**2 / 2), 80 * exp(sigma * Z99)
    for measures in (
        {"p50_ms": 80.0, "p99_ms": p99},
        {"mean_ms": mean, "p99_ms": p99},
        {"mean_ms": mean, "p50_ms": 80.0},
    ):
        found = DurationDistribution.from_measures(**measures)
        assert (found.mean_ms, found.median_ms, found.sigma) == pytest.approx((mean, 80, sigma))


def test_all_three_bill_the_stated_mean_and_keep_the_shape() -> None:
    # The shape's own mean is 132.96; far wider than a step, the excess is half a step.
    duration = DurationDistribution.from_measures(mean_ms=150, p50_ms=95, p99_ms=640)
    assert duration.mean_ms == 150
    assert duration.quantile(0.99) == pytest.approx(640)
    assert duration.billed_mean_ms() == pytest.approx(150.5)


def test_figures_that_differ_without_a_shape_are_billed_half_a_step_more() -> None:
    assert DurationDistribution.from_measures(100, 100, 100).billed_mean_ms() == 100
    assert DurationDistribution.from_measures(101, 100, 100).billed_mean_ms() == 101.5
    assert DurationDistribution.from_measures(mean_ms=80, p50_ms=100).billed_mean_ms() == 80.5


def test_a_p99_beyond_any_lognormal_is_kept() -> None:
    # exp(z99^2 / 2) = 14.97 is the largest p99 over mean that a lognormal has.
    duration = DurationDistribution.from_measures(mean_ms=10, p99_ms=1000)
    assert duration.quantile(0.99) == pytest.approx(1000)
    assert duration.mean_ms == 10


@pytest.mark.parametrize("step", [1, 100])
@pytest.mark.parametrize("sigma", [1e-4, 0.003, 0.03, 0.0499, 0.0501, 0.1, 0.4, 0.82, 1.1])
@pytest.mark.parametrize("median", [0.05, 0.3, 1, 1.7, 5, 5.5, 20, 120.5])
def test_the_billed_mean_agrees_with_the_sum_of_every_step(
    median: float, sigma: float, step: float
) -> None:
    # Nine digits are kept, so half of 1e-8 at the worst.
    billed = lognormal(median, sigma).billed_mean_ms(step)
    assert billed == pytest.approx(summed(median, sigma, step), rel=5.1e-9)


def test_the_extremes_of_a_workload_are_answered_at_once() -> None:
    assert lognormal(1e12, 4).billed_mean_ms() == pytest.approx(1e12 * exp(8))
    assert lognormal(1e-9, 4).billed_mean_ms() == pytest.approx(1)
    assert DurationDistribution.from_measures(mean_ms=0).billed_mean_ms() == 0


def test_what_does_not_give_a_mean_is_missing() -> None:
    for measures in ({}, {"p50_ms": 10.0}, {"p99_ms": 10.0}):
        with pytest.raises(DataMissing, match="mean duration"):
            DurationDistribution.from_measures(**measures)


@pytest.mark.parametrize(
    ("measures", "sentence"),
    [
        ({"p50_ms": 20.0, "p99_ms": 10.0}, "p99 of 10 ms lies below the p50"),
        ({"mean_ms": 20.0, "p99_ms": 10.0}, "mean of 20 ms lies above the p99"),
        ({"p50_ms": 1.0, "p99_ms": 1e6}, "too far apart"),
        ({"p50_ms": 0.0, "p99_ms": 1.0}, "too far apart"),
        ({"mean_ms": 1e9, "p50_ms": 1e-3}, "too far apart"),
        ({"mean_ms": -1.0}, "not a duration"),
        ({"mean_ms": float("nan")}, "not a duration"),
    ],
)
def test_contradictions_are_refused_in_words(measures: dict[str, float], sentence: str) -> None:
    with pytest.raises(AdvisorError, match=sentence):
        DurationDistribution.from_measures(**measures)
