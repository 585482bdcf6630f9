"""Both engines against each other, and against environments that are looked at one by one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from advisor.simulation import blocks, loop
from advisor.simulation.arrivals import Durations, generator
from advisor.simulation.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Engine = Callable[[Pool, Array, Array], list[int]]


def load(
    rate: float, duration_s: float, cv: float, number: int, seed: int = 5
) -> tuple[Array, Array]:
    """Return arrivals and ends of a random load."""
    arrivals = np.cumsum(generator(seed, 0).standard_exponential(number)) / rate
    ends = arrivals + Durations(duration_s, cv, seed).draw(number)
    return arrivals, np.maximum(ends, np.nextafter(arrivals, np.inf))


def by_loop(pool: Pool, arrivals: Array, ends: Array) -> list[int]:
    return loop.on_demand(pool, arrivals.tolist(), ends.tolist())


# Rate per s, mean duration, coefficient of variation, INIT, keep-alive (s): loads from 0.0005 to
# 500 requests in progress, keep-alive from nothing to longer than the run, also below duration.
SETTINGS = [
    (0.01, 0.05, 1, 0.0, 60),
    (0.01, 0.05, 1, 30.0, 60),
    (0.1, 5, 1, 0.0, 60),
    (0.1, 5, 0, 2.0, 60),
    (0.9, 1.991, 1, 0.0, 600),
    (1, 5, 1, 0.5, 300),
    (1, 1, 0, 0.0, 300),
    (10, 0.5, 1, 0.5, 60),
    (10, 0.5, 3, 0.5, 60),
    (10, 5, 1, 5.0, 60),
    (10, 1, 2, 0.0, 300),
    (10, 30, 1, 1.0, 2),
    (10, 0.1, 1, 1.0, 0),
    (100, 0.05, 1, 0.2, 60),
    (100, 0.5, 0, 0.2, 1),
    (100, 0.5, 2, 2.0, 5),
    (1000, 0.5, 1, 0.5, 300),
    (1000, 0.01, 3, 5.0, 1),
    (5000, 0.1, 1, 0.5, 3),
    (5000, 0.1, 0, 0.5, 0.01),
    (50, 0, 1, 0.3, 0.05),
]


@pytest.mark.parametrize(("rate", "duration_s", "cv", "init_s", "keep_alive_s"), SETTINGS)
def test_both_engines_find_the_same_cold_starts(
    rate: float, duration_s: float, cv: float, init_s: float, keep_alive_s: float
) -> None:
    arrivals, ends = load(rate, duration_s, cv, 60_000)
    slow = Pool(keep_alive_s=keep_alive_s, init_s=init_s)
    fast = Pool(keep_alive_s=keep_alive_s, init_s=init_s)

    cold = by_loop(slow, arrivals, ends)

    assert blocks.on_demand(fast, arrivals, ends) == cold
    assert cold
    assert fast.peak == slow.peak
    last = float(arrivals[-1])
    assert fast.warm(last) == slow.warm(last)
    assert fast.environment_seconds(last) == pytest.approx(slow.environment_seconds(last), rel=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_it_does_not_matter_where_a_run_is_cut_nor_which_engine_runs_a_part(seed: int) -> None:
    """Random loads, cut at random places, each part run by an engine chosen at random."""
    choice = np.random.default_rng(seed)
    number = int(choice.integers(1, 4000))
    rate, duration_s = 10 ** choice.uniform(-2, 3), 10 ** choice.uniform(-2, 1.5)
    keep_alive_s, init_s = 10 ** choice.uniform(-1.5, 2.5), float(choice.choice([0, 0.3, 2, 30]))
    arrivals, ends = load(rate, duration_s, float(choice.choice([0, 1, 2])), number, seed)
    whole = Pool(keep_alive_s=keep_alive_s, init_s=init_s)
    cold = by_loop(whole, arrivals, ends)
    places = sorted({0, number, *choice.integers(0, number + 1, 6).tolist()})

    for engines in ((blocks.on_demand,), (by_loop,), (blocks.on_demand, by_loop)):
        pool = Pool(keep_alive_s=keep_alive_s, init_s=init_s)
        found: list[int] = []
        for since, until in pairwise(places):
            engine = engines[int(choice.integers(len(engines)))]
            part = engine(pool, arrivals[since:until], ends[since:until])
            found += [since + position for position in part]
        assert found == cold
        assert pool.peak == whole.peak
        last = float(arrivals[-1])
        assert pool.environment_seconds(last) == pytest.approx(whole.environment_seconds(last))


@dataclass
class Environment:
    born: float
    free_at: float


def looked_at_one_by_one(
    arrivals: Sequence[float], ends: Sequence[float], init_s: float, keep_alive_s: float
) -> tuple[list[int], float]:
    """Return cold starts and seconds of environments until the last arrival.

    Every request looks at every environment: of those that are free and were released no longer ago
    than the keep-alive, the one released last.
    """
    environments: list[Environment] = []
    cold = []
    for position, (now, end) in enumerate(zip(arrivals, ends, strict=True)):
        warm = [e for e in environments if e.free_at <= now and e.free_at >= now - keep_alive_s]
        if warm:
            max(warm, key=lambda e: e.free_at).free_at = end
        else:
            cold.append(position)
            environments.append(Environment(now, end + init_s))
    last = arrivals[-1]
    return cold, sum(min(last, e.free_at + keep_alive_s) - e.born for e in environments)


@pytest.mark.parametrize(
    ("rate", "duration_s", "cv", "init_s", "keep_alive_s"),
    [
        (0.05, 1, 1, 0.0, 30),
        (1, 1, 1, 2.0, 5),
        (10, 0.5, 2, 1.0, 0.7),
        (100, 0.1, 0, 0.3, 2),
        (20, 2, 1, 0.0, 0.1),
    ],
)
def test_the_loop_is_what_looking_at_every_environment_gives(
    rate: float, duration_s: float, cv: float, init_s: float, keep_alive_s: float
) -> None:
    arrivals, ends = load(rate, duration_s, cv, 2000)
    pool = Pool(keep_alive_s=keep_alive_s, init_s=init_s)

    cold = by_loop(pool, arrivals, ends)

    expected, seconds = looked_at_one_by_one(arrivals.tolist(), ends.tolist(), init_s, keep_alive_s)
    assert cold == expected
    assert pool.environment_seconds(float(arrivals[-1])) == pytest.approx(seconds)


@pytest.mark.parametrize("engine", [by_loop, blocks.on_demand])
class TestByHand:
    """Schedules that can be followed with a finger."""

    def test_the_keep_alive_counts_from_the_last_release(self, engine: Engine) -> None:
        # Released at 1, 4 and 10.5: gaps of 2, 6 (over the keep-alive of 5) and exactly 5.
        arrivals, ends = np.array([0.0, 3, 10, 15.5]), np.array([1.0, 4, 10.5, 16])
        pool = Pool(keep_alive_s=5.0, init_s=0.0)
        assert engine(pool, arrivals, ends) == [0, 2]
        # Warm from 0 to 9 (4 + 5) and from 10 to the end at 15.5.
        assert pool.environment_seconds(15.5) == pytest.approx(9 + 5.5)
        assert pool.peak == 1

    def test_the_environment_that_was_used_last_is_taken(self, engine: Engine) -> None:
        # Released at 1 and 2. The third takes the one of 2; at 7 that of 1 is over its 5 s, and
        # the one released at 6.5 is busy from 6.8 on.
        arrivals, ends = np.array([0.0, 0.5, 6, 6.8, 7]), np.array([1.0, 2, 6.5, 9, 8])
        assert engine(Pool(keep_alive_s=5.0, init_s=0.0), arrivals, ends) == [0, 1, 4]

    def test_init_holds_the_environment(self, engine: Engine) -> None:
        # Warm it would be free at 1; with INIT of 2 it is busy until 3, so the second is cold too.
        arrivals, ends = np.array([0.0, 2, 3.5]), np.array([1.0, 2.5, 4])
        assert engine(Pool(keep_alive_s=60.0, init_s=0.0), arrivals, ends) == [0]
        assert engine(Pool(keep_alive_s=60.0, init_s=2.0), arrivals, ends) == [0, 1]

    def test_requests_at_the_same_moment_need_an_environment_each(self, engine: Engine) -> None:
        arrivals = np.array([0.0, 0, 0, 1, 1])
        ends = np.nextafter(arrivals, np.inf)
        assert engine(Pool(keep_alive_s=60.0, init_s=0.0), arrivals, ends) == [0, 1, 2]

    def test_nothing_to_run(self, engine: Engine) -> None:
        pool = Pool(keep_alive_s=60.0, init_s=0.0)
        assert engine(pool, np.array([]), np.array([])) == []
        assert pool.environment_seconds(5.0) == 0


def served(
    arrivals: Sequence[float], ends: Sequence[float], *, provisioned: int, limit: int | None
) -> loop.Served:
    pool = Pool(keep_alive_s=5.0, init_s=1.0)
    return loop.with_provisioned(pool, arrivals, ends, provisioned=provisioned, limit=limit)


def test_provisioned_environments_come_first_and_the_rest_is_spilled() -> None:
    # 0 is provisioned until 4; 1 finds it busy: spilled and cold, until 3 + 1 s of INIT. 3.5 is
    # spilled and cold as well, since that INIT lasts until 4. 4.5 is provisioned again, and 4.6
    # takes the environment released at 4.
    answer = served([0, 1, 3.5, 4.5, 4.6], [4, 3, 3.6, 9, 5], provisioned=1, limit=None)
    assert answer == loop.Served(cold=[1, 2], throttled=[], spilled=3)


def test_without_spill_nothing_is_cold() -> None:
    assert served([0, 10, 20], [1, 11, 21], provisioned=1, limit=None) == loop.Served([], [], 0)


def test_above_the_limit_requests_are_throttled() -> None:
    # Two in progress from 1 on; 2 is turned away; at 3 the first has left (2 + 1 s of INIT).
    assert served([0, 1, 2, 3], [2, 9, 9, 9], provisioned=0, limit=2) == loop.Served(
        cold=[0, 1], throttled=[2], spilled=3
    )


def test_the_limit_counts_provisioned_environments() -> None:
    # 0 and 1 are provisioned, 2 is spilled, 3 would be the fourth.
    assert served([0, 1, 2, 3], [9, 9, 9, 9], provisioned=2, limit=3) == loop.Served(
        cold=[2], throttled=[3], spilled=1
    )


@pytest.mark.parametrize(("rate", "duration_s", "keep_alive_s"), [(10, 0.5, 60), (1, 1, 5)])
def test_without_provisioned_and_limit_both_loops_are_one(
    rate: float, duration_s: float, keep_alive_s: float
) -> None:
    arrivals, ends = load(rate, duration_s, 1, 20_000)
    one = Pool(keep_alive_s=keep_alive_s, init_s=0.5)
    other = Pool(keep_alive_s=keep_alive_s, init_s=0.5)
    answer = loop.with_provisioned(one, arrivals.tolist(), ends.tolist(), provisioned=0, limit=None)
    assert answer.cold == by_loop(other, arrivals, ends)
    assert answer.spilled == 20_000
    last = float(arrivals[-1])
    assert one.environment_seconds(last) == pytest.approx(other.environment_seconds(last))
    assert one.peak == other.peak
