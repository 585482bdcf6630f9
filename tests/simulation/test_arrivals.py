"""When requests come: rates of the day and of bursts, and the same however many are taken."""

from __future__ import annotations

from itertools import pairwise
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np
import pytest

from advisor.capacity.bursts import Burst
from advisor.simulation.arrivals import Durations, Poisson, Requests, warm_up_s

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 3600.0
DAY = 24 * HOUR


def poisson(
    rates: Sequence[float],
    bursts: Sequence[Burst] = (),
    *,
    warm_up: float = 0.0,
    ends: float = inf,
    seed: int = 1,
) -> Poisson:
    return Poisson(
        rates, Durations(0.1, 1.0, seed), seed, bursts=bursts, warm_up_s=warm_up, ends_s=ends
    )


def until_the_end(source: Poisson, at_once: int = 10_000) -> Requests:
    parts = []
    while (part := source.take(at_once)) is not None:
        parts.append(part)
    return Requests(*map(np.concatenate, zip(*parts, strict=True)))


def within(arrivals: np.ndarray, since: float, until: float) -> int:
    return int(((arrivals >= since) & (arrivals < until)).sum())


def test_hours_have_their_rates() -> None:
    rates = [0.0, *(float(hour % 5) for hour in range(1, 24))]
    arrivals = until_the_end(poisson(rates, ends=DAY)).arrivals
    for hour, rate in enumerate(rates):
        # Five standard deviations of a Poisson number; nothing where nothing is due.
        expected = rate * HOUR
        assert abs(within(arrivals, hour * HOUR, (hour + 1) * HOUR) - expected) <= 5 * expected**0.5


def test_the_hour_before_midnight_is_the_last_of_the_day() -> None:
    arrivals = until_the_end(poisson([1.0] * 23 + [50.0], warm_up=HOUR, ends=HOUR)).arrivals
    assert arrivals[0] < -HOUR + 10
    assert within(arrivals, -HOUR, 0) == pytest.approx(50 * HOUR, rel=0.02)
    assert within(arrivals, 0, HOUR) == pytest.approx(HOUR, rel=0.1)


def test_bursts_come_at_the_start_of_their_periods_and_after_each_other() -> None:
    bursts = (
        Burst(rate_per_s=100.0, duration_s=10.0, every_s=600.0),
        Burst(rate_per_s=0.001, duration_s=30.0, every_s=1200.0),
    )
    arrivals = until_the_end(poisson([5.0], bursts, warm_up=600.0, ends=6000.0)).arrivals
    for start in (-600.0, 0.0, 600.0, 5400.0):
        assert within(arrivals, start, start + 10) == pytest.approx(1000, rel=0.16)
    # The second kind, a lull, begins when the first burst of the day is over.
    for start in (10.0, 1210.0, 4810.0):
        assert within(arrivals, start, start + 30) <= 1
    for start in (40.0, 610.0, 1240.0):
        assert within(arrivals, start, start + 300) == pytest.approx(1500, rel=0.13)


def test_gaps_are_exponential() -> None:
    """Mean 1/rate and standard deviation the same: each within 1 % of 100,000 draws."""
    taken = poisson([4.0]).take(100_000)
    assert taken is not None
    gaps = np.diff(taken.arrivals)
    assert gaps.mean() == pytest.approx(0.25, rel=0.01)
    assert gaps.std() == pytest.approx(0.25, rel=0.01)


@pytest.mark.parametrize(("cv", "median"), [(0.0, 2.0), (1.0, 1.3863), (3.0, 0.6325)])
def test_durations_have_their_mean_and_shape(cv: float, median: float) -> None:
    """Medians of mean 2: 2; 2 ln 2; 2 / sqrt(1 + 9)."""
    drawn = Durations(2.0, cv, 1).draw(400_000)
    assert drawn.mean() == pytest.approx(2, rel=0.02)
    assert np.median(drawn) == pytest.approx(median, rel=0.01)


@pytest.mark.parametrize(
    ("rates", "bursts"),
    [
        ([3.0], ()),
        ([1.0, 5.0, 0.0, 2.0], ()),
        ([2.0], (Burst(rate_per_s=40.0, duration_s=7.0, every_s=90.0),)),
    ],
)
def test_it_does_not_matter_how_many_are_taken_at_a_time(
    rates: list[float], bursts: tuple[Burst, ...]
) -> None:
    whole = poisson(rates, bursts, warm_up=50.0, ends=2 * DAY)
    parts = poisson(rates, bursts, warm_up=50.0, ends=2 * DAY)
    everything, piecewise = until_the_end(whole, 1_000_000), until_the_end(parts, 777)
    assert np.array_equal(everything.durations, piecewise.durations)
    assert np.array_equal(everything.arrivals, piecewise.arrivals)
    assert all(before <= after for before, after in pairwise(piecewise.arrivals[:5000].tolist()))


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ([], "at least one rate"),
        ([0.0], "nothing arrives"),
        ([-1.0], "-1 requests/s"),
        ([nan], "nan requests/s"),
        ([inf], "inf requests/s"),
        ([1e13], "1e\\+13 requests/s"),
        ([1e-10], "too few"),
        ([1e-9, 2e-9], "changes more than 100 times"),
    ],
)
def test_a_load_without_sense_is_refused(rates: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        poisson(rates)


@pytest.mark.parametrize(
    ("mean", "cv"), [(-1, 1), (nan, 1), (inf, 1), (1e10, 1), (1, -1), (1, nan)]
)
def test_durations_without_sense_are_refused(mean: float, cv: float) -> None:
    with pytest.raises(ValueError, match="not between"):
        Durations(mean, cv, 1)


def test_the_warm_up_is_the_keep_alive_after_the_number_in_progress_has_settled() -> None:
    """At a load of 100, e^(-t/S) 100 < 0.001 from t = S ln(100,000) = 11.5 S on."""
    assert warm_up_s(100, 1.0, 0.0, 300.0) == pytest.approx(300 + 11.513, abs=0.001)
    assert warm_up_s(0, 0.0, 0.0, 60.0) == 60
