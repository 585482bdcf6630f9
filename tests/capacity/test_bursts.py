"""Cold starts of bursts, against an event simulation of the same assumptions."""

from __future__ import annotations

import heapq
from collections import deque
from math import inf, nan
from random import Random

import pytest

from advisor.capacity.burst_effect import fluid_peak
from advisor.capacity.bursts import (
    Burst,
    burst_cold_starts,
    cold_start_share_with_bursts,
    deployment_cold_starts,
    mean_rate,
    with_bursts,
)
from advisor.capacity.coldstart import ColdStarts, cold_start_range, cold_starts, for_profile
from advisor.capacity.provisioned_slot import cold_share_with
from advisor.document.reader import read
from advisor.document.tree import parse
from advisor.simulation.load import Load
from advisor.simulation.simulate import Function
from advisor.simulation.simulate import simulate as run
from advisor.workload import Workload
from advisor.workload.checks import check


def simulate(
    base: float,
    burst: Burst,
    duration: float,
    init: float,
    keep_alive: float,
    periods: int,
    *,
    constant: bool = False,
) -> float:
    """Return the mean of cold starts in a period, the first two periods left out.

    The most recently used environment first; idle ones end after the keep-alive time.
    """
    random = Random(7)  # noqa: S311 - a simulation
    idle: deque[float] = deque()
    busy: list[float] = []
    now, cold, every = 0.0, 0, burst.every_s
    while now < (periods + 2) * every:
        turn, phase = divmod(now, every)
        inside = phase < burst.duration_s
        rate = burst.rate_per_s if inside else base
        until = turn * every + (burst.duration_s if inside else every)
        wait = random.expovariate(rate) if rate else inf
        if now + wait >= until:
            now = until + 1e-9
            continue
        now += wait
        while busy and busy[0] <= now:
            idle.append(heapq.heappop(busy))
        while idle and idle[0] < now - keep_alive:
            idle.popleft()
        taken = duration if constant else random.expovariate(1 / duration)
        if idle:
            idle.pop()
        else:
            taken += init
            cold += turn >= 2
        heapq.heappush(busy, now + taken)
    return cold / periods


# A period's cold starts have a standard deviation of about the square root of their number at
# most: 40 periods of 60 to 1,200 of them are known to 2 %, 600 periods of 0.3 to 4 to 8 %.
CLOSE = [
    (5.0, (200.0, 10.0, 900.0), 0.1, 0.4, 60),
    (0.1, (1000.0, 5.0, 900.0), 0.2, 1.0, 40),
    (2.0, (20.0, 600.0, 2400.0), 1.0, 2.0, 60),
    (20.0, (100.0, 300.0, 1800.0), 0.5, 0.3, 10),
    # The work is longer than the burst: 500 requests come, whatever their duration.
    (5.0, (100.0, 5.0, 900.0), 20.0, 1.0, 60),
]
FAR = [
    (1.0, (100.0, 60.0, 1800.0), 0.3, 0.5, 60),
    (50.0, (1000.0, 30.0, 1000.0), 0.1, 0.2, 7),
    # INIT 30 times the duration: who finds the warm ones busy matters for long.
    (1.0, (50.0, 10.0, 1800.0), 0.1, 3.0, 200),
]


def error(
    base: float,
    burst: tuple[float, float, float],
    duration: float,
    init: float,
    periods: int,
    *,
    constant: bool,
) -> float:
    """Return by how much the answer differs from the simulation, keep-alive 300 s."""
    shape = Burst(rate_per_s=burst[0], duration_s=burst[1], every_s=burst[2])
    found = burst_cold_starts(base, shape, duration, init, 300)
    return (
        found.cold_starts / simulate(base, shape, duration, init, 300, periods, constant=constant)
        - 1
    )


@pytest.mark.parametrize("constant", [False, True], ids=["exponential", "constant"])
@pytest.mark.parametrize("case", CLOSE)
def test_lone_bursts_are_within_19_percent_of_a_simulation(
    case: tuple[float, tuple[float, float, float], float, float, int],
    *,
    constant: bool,
) -> None:
    assert -0.10 <= error(*case, constant=constant) <= 0.19


@pytest.mark.parametrize("constant", [False, True], ids=["exponential", "constant"])
@pytest.mark.parametrize("case", FAR)
def test_the_worst_lone_bursts(
    case: tuple[float, tuple[float, float, float], float, float, int],
    *,
    constant: bool,
) -> None:
    assert -0.05 <= error(*case, constant=constant) <= 0.27


# Base rate; burst; duration and INIT in s; provisioned for 0.8, 1 and 1.2 to 1.5 of the burst's
# rate times duration, and how far below the simulation the answer may be.
PROVISIONED = [
    (5.0, (200.0, 10.0, 900.0), 0.1, 0.4, ((16, 0.1), (20, 0.2), (24, 0.27), (29, 0.25))),
    (2.8, (200.0, 10.0, 900.0), 0.1, 1.0, ((16, 0.05), (20, 0.1), (24, 0.36), (29, 0.35))),
    (0.1, (1000.0, 5.0, 900.0), 0.2, 1.0, ((160, 0.05), (200, 0.2))),
    (1.0, (100.0, 60.0, 1800.0), 0.3, 0.5, ((24, 0.25), (30, 0.2), (41, 0.15))),
    (1.0, (50.0, 10.0, 1800.0), 0.1, 3.0, ((4, 0.05), (5, 0.05), (7, 0.1))),
]


@pytest.mark.parametrize(
    ("base", "burst", "duration", "init", "ready", "below"),
    [(*case[:4], ready, below) for case in PROVISIONED for ready, below in case[4]],
)
def test_provisioned_concurrency_near_what_a_burst_needs(
    base: float,
    burst: tuple[float, float, float],
    duration: float,
    init: float,
    ready: int,
    below: float,
) -> None:
    shape = Burst(rate_per_s=burst[0], duration_s=burst[1], every_s=burst[2])
    load = Load(hourly_rps=(base,), duration_s=duration, bursts=(shape,))
    function = Function(keep_alive_s=300, init_s=init, provisioned=ready)
    requests = 400_000
    outcome = run(load.source(3, warm_up_s=400), function, requests=requests)
    simulated = outcome.cold_starts / (requests / (load.mean_rps * shape.every_s))
    found = burst_cold_starts(base, shape, duration, init, 300, ready).cold_starts
    assert -below <= found / simulated - 1 <= 0.12


REPEATED = [
    (5.0, (200.0, 10.0, 60.0), 0.1, 0.4, 600),
    (5.0, (200.0, 10.0, 250.0), 0.1, 0.4, 600),
    (5.0, (200.0, 10.0, 305.0), 0.1, 0.4, 600),
    (1.0, (100.0, 60.0, 120.0), 0.3, 0.5, 300),
    (20.0, (30.0, 30.0, 200.0), 0.5, 0.4, 300),
]


@pytest.mark.parametrize("constant", [False, True], ids=["exponential", "constant"])
@pytest.mark.parametrize("case", REPEATED)
def test_bursts_within_the_keep_alive_time_find_the_environments_of_those_before(
    case: tuple[float, tuple[float, float, float], float, float, int],
    *,
    constant: bool,
) -> None:
    assert -0.20 <= error(*case, constant=constant) <= 0.15


def test_bursts_within_the_keep_alive_time_are_hardly_cold() -> None:
    lone, repeated = (
        burst_cold_starts(5, Burst(rate_per_s=200, duration_s=10, every_s=every), 0.1, 0.4, 300)
        for every in (310, 305)
    )
    assert lone.cold_starts > 80
    assert repeated.cold_starts < 4


def test_a_published_example() -> None:
    # 5/s, for 10 s 200/s, duration 0.1 s, INIT 0.4 s: an exact event simulation counted 77 cold
    # starts a burst, 1.2 % of all requests.
    shape = Burst(rate_per_s=200, duration_s=10, every_s=900)
    found = burst_cold_starts(5, shape, 0.1, 0.4, 300)
    assert found.requests == 2000 + 5 * 890
    assert -0.10 <= found.cold_starts / 77 - 1 <= 0.19
    assert found.cold_starts / found.requests == pytest.approx(0.0125, abs=0.001)
    # The mean rate of 7.2/s alone says 0.02 %.
    assert cold_starts(found.requests / 900, 0.1, 0.4, 300).probability < 0.0006


def test_the_height_of_a_jump_by_hand() -> None:
    # 100/s x 0.5 s are 50, and none is warm: all start anew for 2 s of INIT.
    assert fluid_peak(0, 100, 0, 0.5, 2, burst_s=60) == 50 + 200
    # A single warm one is busy for 50 of 51 requests (Erlang B), half of one for 50.5 of 51.
    assert fluid_peak(0, 100, 1, 0.5, 2, burst_s=60) == pytest.approx(50 + 200 * 50 / 51)
    assert fluid_peak(0, 100, 0.5, 0.5, 2, burst_s=60) == pytest.approx(50 + 200 * 50.5 / 51)
    # Over after 1 s: no more are there than the 100 requests in all.
    assert fluid_peak(0, 100, 1, 0.5, 2, burst_s=1) == 100
    # A rise over 20 s adds 49 environments at 2.45/s, each 2 s longer: 4.9.
    assert fluid_peak(0, 100, 1, 0.5, 2, burst_s=60, jump_s=20) == pytest.approx(
        50 + 50 * 50 / 51 / 20 * 2
    )
    # 20,000 in progress and a tenth of them warm: nine tenths of the rate start anew.
    assert fluid_peak(0, 1e5, 2000, 0.2, 1, burst_s=60) == pytest.approx(2e4 + 0.9e5, rel=1e-3)
    # Without a duration a single warm environment serves everything; without it, all of INIT.
    assert fluid_peak(0, 100, 1, 0, 2, burst_s=60) == 0
    assert fluid_peak(0, 100, 0, 0, 2, burst_s=60) == 200
    assert fluid_peak(0, 0, 0, 1, 2, burst_s=inf) == 0


def test_a_burst_that_never_ends_is_a_steady_load() -> None:
    # What is left of a period of 10,000 s is cold at the rate of the steady state.
    steady = cold_starts(20, 0.2, 0.3, 300).probability
    always = burst_cold_starts(
        0, Burst(rate_per_s=20, duration_s=10_000, every_s=10_000), 0.2, 0.3, 300
    )
    assert always.cold_starts == pytest.approx(20 * 10_000 * steady, rel=1e-3)
    # 1,000 s of every hour: the pool grows once, and 700 s are in the steady state.
    partly = burst_cold_starts(0, Burst(rate_per_s=20, duration_s=1000, every_s=3600), 0.2, 0, 300)
    pool = cold_starts(20, 0.2, 0, 300)
    assert partly.cold_starts == pytest.approx(
        pool.warm_environments + 700 * 20 * pool.probability, rel=2e-3
    )


def test_a_pool_grows_with_its_window_as_requests_are_cold() -> None:
    # What the count of repeated bursts rests on: the most in progress within a window grows by the
    # rate times the share that is cold for this window (trapezoidal rule, 400 steps).
    steps = [10 + 290 * step / 400 for step in range(401)]
    shares = [cold_starts(50, 0.3, 0, window).probability for window in steps]
    area = 50 * 290 / 400 * (sum(shares) - (shares[0] + shares[-1]) / 2)
    grown = cold_starts(50, 0.3, 0, 300).warm_environments
    grown -= cold_starts(50, 0.3, 0, 10).warm_environments
    assert grown == pytest.approx(area, rel=1e-3)


def test_provisioned_concurrency_is_there_before_the_burst() -> None:
    shape = Burst(rate_per_s=200, duration_s=10, every_s=900)
    none, some, enough = (
        burst_cold_starts(5, shape, 0.1, 0.4, 300, ready) for ready in (0, 15, 60)
    )
    # 20 in progress find 15 busy for 0.33 of the requests (Erlang B), so 66/s start anew for 0.4 s.
    # 20 + 26.4 = 46.4, with deviation 53.2, less 15.
    after = 5 * 590 * cold_share_with(5, 0.1, 0.4, 300, 15)
    assert some.cold_starts == pytest.approx(46.4 + 46.4**0.5 - 15 + after, rel=1e-3)
    assert none.cold_starts > some.cold_starts
    assert enough.cold_starts == pytest.approx(0, abs=0.01)
    assert enough.peak_environments == 60
    assert enough.peak_concurrency < 60


def test_a_lull_is_no_burst() -> None:
    # 5/s for a minute between 50/s: the pool outlasts it.
    lull = burst_cold_starts(50, Burst(rate_per_s=5, duration_s=60, every_s=1800), 0.2, 0.3, 300)
    steady = cold_starts(50, 0.2, 0.3, 300)
    assert lull.cold_starts == pytest.approx(50 * 1740 * steady.probability, rel=1e-3)
    # Of ten minutes it does not, and the pool grows again.
    longer = burst_cold_starts(50, Burst(rate_per_s=5, duration_s=600, every_s=1800), 0.2, 0, 300)
    low = cold_starts(5, 0.2, 0, 300)
    high = cold_starts(50, 0.2, 0, 300)
    expected = high.warm_environments - low.warm_environments
    expected += 50 * 1200 * high.probability + 5 * 600 * low.probability
    assert longer.cold_starts == pytest.approx(expected, rel=2e-3)


def test_a_day_counts_its_bursts_and_the_load_between_them() -> None:
    # 96 bursts of 2,000 requests; a mean of 645/90 leaves 5/s for the rest of each 900 s.
    shape = Burst(rate_per_s=200, duration_s=10, every_s=900)
    one = burst_cold_starts(5, shape, 0.1, 0.4, 300)
    day = with_bursts([645 / 90], [shape], 0.1, 0.4, 300)
    assert day.probability == pytest.approx(one.cold_starts / one.requests, rel=1e-3)
    assert mean_rate([645 / 90], [shape]) == pytest.approx(645 / 90)
    # For 310 of 900 s the pool of the burst is there, else that of 5/s.
    pool = cold_starts(5, 0.1, 0.4, 300).warm_environments
    expected = (310 * one.peak_environments + 590 * pool) / 900
    assert day.warm_environments == pytest.approx(expected, rel=1e-3)
    # With equal hours instead of one slot nothing changes.
    assert with_bursts([645 / 90] * 24, [shape], 0.1, 0.4, 300).probability == pytest.approx(
        day.probability, rel=1e-6
    )


def test_bursts_beyond_the_profile_are_added() -> None:
    shape = Burst(rate_per_s=200, duration_s=10, every_s=900)
    # 2,000 requests in 900 s where the profile has 900.
    assert mean_rate([1.0], [shape]) == pytest.approx(2000 / 900)
    lone = burst_cold_starts(0, shape, 0.1, 0.4, 300)
    day = with_bursts([1.0], [shape], 0.1, 0.4, 300)
    assert day.probability == pytest.approx(lone.cold_starts / 2000, rel=1e-3)


def test_without_bursts_nothing_changes() -> None:
    profile = [1.0, 5.0, 20.0]
    assert with_bursts(profile, [], 0.1, 0.2, 300) == for_profile(profile, 0.1, 0.2, 300)
    assert cold_start_share_with_bursts(
        profile, [], 0.1, 0.2, deployments_per_day=3
    ) == cold_start_range(profile, 0.1, 0.2, deployments_per_day=3)


def test_the_range_spans_both_keep_alive_times_and_replacements() -> None:
    # Every 450 s: within 600 s of the one before, not within 300 s.
    shape = Burst(rate_per_s=200, duration_s=10, every_s=450)
    low, high = cold_start_share_with_bursts([10], [shape], 0.1, 0.4)
    assert low == with_bursts([10], [shape], 0.1, 0.4, 600).probability
    shortest = with_bursts([10], [shape], 0.1, 0.4, 300)
    # Each environment is replaced once in 7,200 s, in which 72,000 requests come.
    replaced = shortest.warm_environments / 72_000
    assert high == pytest.approx(
        shortest.probability + (1 - shortest.probability) * replaced, rel=1e-6
    )
    assert high > 20 * low


def test_bursts_that_last_keep_the_pool_for_others() -> None:
    often = Burst(rate_per_s=200, duration_s=10, every_s=100)
    rarely = Burst(rate_per_s=200, duration_s=10, every_s=7200)
    pair = with_bursts([5], [often, rarely], 0.1, 0.4, 300)
    # 84 cold starts of the rare kind, if nothing were warm, would be 0.05 % of the requests.
    assert pair.probability < 0.0004
    assert with_bursts([5], [rarely], 0.1, 0.4, 300).probability > 0.002


def test_a_deployment_replaces_the_pool() -> None:
    assert deployment_cold_starts(ColdStarts(0.01, 12.5)) == 12.5
    assert deployment_cold_starts(ColdStarts(0.01, 12.5), 4) == 50


@pytest.mark.parametrize("rate", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("duration", [0, 1e-3, 900, 1e6])
@pytest.mark.parametrize("keep_alive", [0, 1, 600])
@pytest.mark.parametrize("base", [0, 0.5, 1e9])
def test_absurd_loads_stay_in_bounds(
    rate: float, duration: float, keep_alive: float, base: float
) -> None:
    for length, every in ((0.001, 1e6), (60, 60), (60, 100), (3600, 86_400)):
        shape = Burst(rate_per_s=rate, duration_s=length, every_s=every)
        found = burst_cold_starts(base, shape, duration, 5, keep_alive)
        assert 0 <= found.cold_starts <= found.requests
        assert 0 <= found.peak_concurrency < inf
        assert 0 <= found.peak_environments < inf
        day = with_bursts([base, 1.0], [shape], duration, 5, keep_alive)
        assert 0 <= day.probability <= 1


def test_nonsense_is_refused() -> None:
    shape = Burst(rate_per_s=1, duration_s=1, every_s=10)
    for wrong in (0.0, -1.0, inf, nan):
        with pytest.raises(ValueError, match="a burst"):
            Burst(rate_per_s=wrong, duration_s=1, every_s=10)
        with pytest.raises(ValueError, match="a burst"):
            Burst(rate_per_s=1, duration_s=1, every_s=wrong)
    with pytest.raises(ValueError, match="cannot come every"):
        Burst(rate_per_s=1, duration_s=11, every_s=10)
    for wrong in (-1.0, inf, nan):
        with pytest.raises(ValueError, match="is not a rate"):
            burst_cold_starts(wrong, shape, 1, 1, 300)
        with pytest.raises(ValueError, match="is not a rate"):
            with_bursts([wrong], [shape], 1, 1, 300)
    with pytest.raises(ValueError, match="longer than the day"):
        with_bursts([1], [Burst(rate_per_s=1, duration_s=6, every_s=10)] * 2, 1, 1, 300)
    with pytest.raises(ValueError, match="at least one"):
        with_bursts([], [shape], 1, 1, 300)


@pytest.mark.parametrize(
    ("bursts", "codes"),
    [
        ("{rps: 200, duration_s: 10, per_day: 24}", []),
        # The mean rate all day is still right.
        ("{rps: 10, duration_s: 3600, per_day: 24}", []),
        ("{rps: 9, duration_s: 10, per_day: 24}", [("burst-below-average", 4)]),
        ("{rps: 201, duration_s: 10, per_day: 24}", [("burst-above-peak", 4)]),
        ("{rps: 100, duration_s: 3601, per_day: 24}", [("bursts-overlap", 4)]),
        # Each has room in a day, both together do not.
        (
            "{rps: 20, duration_s: 43200, per_day: 1}, {rps: 30, duration_s: 43201, per_day: 1}",
            [("bursts-overlap", 4)],
        ),
    ],
)
def test_contradictions_of_bursts_in_a_workload(bursts: str, codes: list[tuple[str, int]]) -> None:
    text = (
        "name: x\nregion: us-east-1\ntraffic:\n"
        f"  bursts: [{bursts}]\n  average_rps: 10\n  peak_rps: 200\n"
        "compute: {request_duration_ms: 100}\n"
    )
    document = parse(text.encode(), "w.yaml")
    found = check(read(document, Workload), document)
    assert [(each.code, each.position.line) for each in found if each.position] == codes
    assert all(each.help for each in found)
