"""Queues against exact results, brute-force sums and simulations.

The simulated figures are those of ``benchmarks/queueing.py --waiting --balancing``, 3 or 4 million
requests each with a fixed seed, with their standard errors beside them.
"""

from __future__ import annotations

from itertools import pairwise
from math import erfc, exp, inf, log, log1p, nan, pi, sqrt

import pytest

from advisor.capacity.duration import DurationDistribution
from advisor.capacity.queueing import erlang_c
from advisor.capacity.response import (
    balanced_quantile,
    mean_wait,
    response_quantile,
    response_survival,
    sharing_mean,
    sharing_quantile,
)
from advisor.capacity.sharing import excess, slowed, utilisation_of
from advisor.capacity.waiting import Lognormal, Waiting, later_than, queue, within


def shape(cv2: float, mean_ms: float = 1000) -> DurationDistribution:
    sigma = sqrt(log1p(cv2))
    return DurationDistribution(
        mean_ms=mean_ms, median_ms=mean_ms * exp(-sigma * sigma / 2), sigma=sigma
    )


@pytest.mark.parametrize("cv2", [0.0, 0.25, 1.0, 4.0])
@pytest.mark.parametrize(("servers", "offered"), [(1, 0.5), (1, 0.9), (8, 7.0)])
def test_whether_enough_are_in_time_is_asked_with_fewer_integrals(
    cv2: float, servers: int, offered: float
) -> None:
    own, waits = Lognormal.of(shape(cv2)), waiting(servers, offered, cv2)
    for x_s in (0.5, 1.5, 3.0, 6.0, 12.0, 30.0):
        share = later_than(x_s, own, waits)
        answers = [within(x_s, own, waits, share * part) for part in (0.5, 0.99999, 1.00001, 2)]
        assert answers == ([False, False, True, True] if share else [True] * 4)


def waiting(servers: int, offered: float, cv2: float) -> Waiting:
    found = queue(servers, offered, 1, cv2)
    assert found is not None
    return found


SIMULATED = [
    # servers, utilisation, cv2; mean wait, its error; p99 of the response, its error
    (1, 0.5, 1, 1.0024, 0.0037, 10.456, 0.038),
    (1, 0.8, 0, 1.9968, 0.0066, 11.288, 0.070),
    (1, 0.9, 0.25, 5.6081, 0.0350, 28.732, 0.339),
    (2, 0.5, 0.25, 0.2164, 0.0009, 3.511, 0.006),
    (2, 0.7, 4, 2.2027, 0.0299, 23.331, 0.574),
    (4, 0.7, 1, 0.3444, 0.0019, 5.794, 0.017),
    (4, 0.8, 0.25, 0.4755, 0.0020, 4.379, 0.019),
    (4, 0.9, 1, 1.9371, 0.0192, 12.408, 0.186),
    (8, 0.7, 0, 0.0625, 0.0003, 1.684, 0.004),
    (8, 0.8, 4, 0.5674, 0.0109, 10.193, 0.200),
    (16, 0.8, 1, 0.0893, 0.0011, 5.014, 0.010),
    (16, 0.9, 0.25, 0.2371, 0.0021, 3.217, 0.011),
]


@pytest.mark.parametrize(("servers", "used", "cv2", "wait", "error", "p99", "p99_error"), SIMULATED)
def test_waits_and_responses_are_those_of_a_simulation(
    servers: int, used: float, cv2: float, wait: float, error: float, p99: float, p99_error: float
) -> None:
    # The mean within 4 % (7 % where few wait or the work spreads much), p99 within 6 %.
    rough = cv2 > 1 or servers == 16
    mean = mean_wait(servers, servers * used, 1, cv2)
    assert abs(mean - wait) <= (0.07 if rough else 0.04) * wait + 2 * error
    found = response_quantile(0.99, servers, servers * used, shape(cv2))
    assert abs(found - p99) <= 0.06 * p99 + p99_error


@pytest.mark.parametrize(
    ("servers", "offered", "cv2", "wait"),
    [
        (1, 0.5, 1, 1),  # M/M/1: 0.5 / (1 - 0.5)
        (2, 1, 1, 1 / 3),  # C = 1/3, over 2 - 1
        (3, 2, 1, 4 / 9),  # C = 4/9, over 3 - 2
        # Pollaczek and Khinchine: u (1 + cv2) / (2 (1 - u))
        (1, 0.5, 0, 0.5),
        (1, 0.8, 4, 10),
        (1, 0.9, 0.25, 5.625),
        (4, 0, 1, 0),
        (4, 4, 1, inf),
        (4, 9, 0, inf),
    ],
)
def test_exact_mean_waits(servers: int, offered: float, cv2: float, wait: float) -> None:
    assert mean_wait(servers, offered, 1, cv2) == pytest.approx(wait, rel=1e-6)
    assert mean_wait(servers, offered, 0.02, cv2) == pytest.approx(0.02 * wait, rel=1e-6)


def test_constant_work_at_low_load_keeps_its_limit() -> None:
    # As the load vanishes, all c servers have an even part left: M/D/c is c / (c + 1) of M/M/c.
    ratio = mean_wait(16, 0.8, 1, 0) / mean_wait(16, 0.8, 1, 1)
    assert ratio == pytest.approx(16 / 17, rel=1e-5)


def test_the_waits_have_the_moments_of_one_server() -> None:
    # Takács: E[W] = u (1 + cv2) / (2 (1 - u)), E[W^2] = 2 E[W]^2 + u (1 + cv2)^3 / (3 (1 - u)).
    for used, cv2 in ((0.5, 1), (0.8, 4), (0.3, 2)):
        mean = used * (1 + cv2) / (2 * (1 - used))
        square = 2 * mean**2 + used * (1 + cv2) ** 3 / (3 * (1 - used))
        phases = waiting(1, used, cv2).phases
        assert sum(share / rate for share, rate in phases) == pytest.approx(mean, rel=1e-12)
        assert sum(2 * share / rate**2 for share, rate in phases) == pytest.approx(square)
        assert sum(share for share, _ in phases) == pytest.approx(used)


def test_constant_work_is_the_closed_form() -> None:
    # P(R > x) = C exp(-eta (x - 1)) with C = 1/3 and eta = (2 - 1) / (1/2); p99: 1 + ln(33.3) / 2.
    constant = shape(0)
    assert response_survival(0.999, 2, 1, constant) == 1
    assert response_survival(2, 2, 1, constant) == pytest.approx(exp(-2) / 3, rel=1e-6)
    assert response_quantile(0.99, 2, 1, constant) == pytest.approx(1 + log(100 / 3) / 2, rel=1e-6)
    assert response_quantile(0.5, 2, 1, constant) == 1


@pytest.mark.parametrize("x", [0.3, 1, 4, 20])
@pytest.mark.parametrize(
    ("servers", "offered", "cv2"),
    [(1, 0.5, 1), (4, 3.6, 0.25), (8, 6.4, 4), (200, 180, 1), (2, 1.9, 0.0004)],
)
def test_the_convolution_is_the_sum_over_small_steps(
    servers: int, offered: float, cv2: float, x: float
) -> None:
    """The mean of exp(-rate (x - T)) by the midpoint rule over 40,000 scores of T."""
    duration = shape(cv2)
    steps = 40_000
    brute = duration.survival(1000 * x)
    for probability, rate in waiting(servers, offered, cv2).phases:
        for step in range(steps):
            score = -9 + 18 * (step + 0.5) / steps
            own = duration.median_ms / 1000 * exp(duration.sigma * score)
            if own <= x:
                weight = exp(-score * score / 2) / sqrt(2 * pi) * 18 / steps
                brute += probability * weight * exp(-rate * (x - own))
    found = response_survival(x, servers, offered, duration)
    # A step has 1.8e-4 of the weight at most, and its part above x counts or does not.
    assert found == pytest.approx(brute, rel=1e-4, abs=1e-4)


def test_a_quantile_is_where_the_survival_is() -> None:
    for q in (0.01, 0.5, 0.9, 0.999, 0.999999):
        for servers, offered, cv2 in ((1, 0.95, 4), (16, 8, 0.25), (3, 2.9999, 1)):
            found = response_quantile(q, servers, offered, shape(cv2))
            late = response_survival(found, servers, offered, shape(cv2))
            assert late == pytest.approx(1 - q, rel=2e-6)


def test_without_queue_the_response_is_the_work() -> None:
    work = shape(1, mean_ms=120)
    own = work.quantile(0.99) / 1000
    assert response_quantile(0.99, 4, 0, work) == pytest.approx(own, rel=1e-6)
    assert response_quantile(0.99, 400, 4, work) == pytest.approx(own, rel=1e-6)
    # A constant stream of constant work never queues.
    assert response_quantile(0.999, 1, 0.99, shape(0), arrivals_cv2=0) == 1
    assert response_survival(0.5, 4, 1, shape(0, mean_ms=0)) == 0


def test_overload_has_no_end() -> None:
    assert response_quantile(0.5, 2, 2, shape(1)) == inf
    assert response_survival(1e9, 2, 2, shape(1)) == 1
    # Near one: P(R > x) tends to exp(-eta x) with eta = 1 - u.
    assert response_quantile(0.99, 1, 0.9999, shape(1)) == pytest.approx(log(100) / 1e-4, rel=1e-3)


def test_absurd_arguments_take_bounded_work() -> None:
    assert response_quantile(0.99, 10**9, 5e8, shape(1)) < 10
    assert response_quantile(0.99, 10**9, 9.99e8, shape(1)) < 10
    assert response_survival(-1, 1, 0.5, shape(1)) == 1
    assert response_survival(inf, 1, 0.5, shape(1)) == 0


@pytest.mark.parametrize("q", [0, 1, -0.5, 99, nan])
def test_shares_outside_are_refused(q: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        response_quantile(q, 2, 1, shape(1))
    with pytest.raises(ValueError, match="not between 0 and 1"):
        sharing_quantile(q, 2, 0.5, 1, 1)


@pytest.mark.parametrize("bad", [-1, inf, nan])
def test_nonsense_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        mean_wait(2, bad, 1, 1)
    with pytest.raises(ValueError, match="is not a number"):
        mean_wait(2, 1, bad, 1)
    with pytest.raises(ValueError, match="is not a number"):
        response_quantile(0.5, 2, bad, shape(1))
    with pytest.raises(ValueError, match="is not a number"):
        response_quantile(0.5, 2, 1, shape(1), arrivals_cv2=bad)
    with pytest.raises(ValueError, match="is not a number"):
        balanced_quantile(0.5, 2, 1, bad, shape(1), "random")
    with pytest.raises(ValueError, match="is not a number"):
        sharing_mean(2, bad, 1)
    with pytest.raises(ValueError, match="not a number"):
        response_survival(nan, 2, 1, shape(1))
    with pytest.raises(ValueError, match="serve nothing"):
        balanced_quantile(0.5, 0, 1, 1, shape(1), "random")
    with pytest.raises(ValueError, match="vCPU"):
        sharing_mean(0, 0.5, 1)


@pytest.mark.parametrize(
    ("tasks", "slots", "used", "cv2", "p99", "error"),
    [
        (4, 1, 0.7, 1, 12.23, 0.11),
        (10, 1, 0.85, 1, 20.11, 0.30),
        (4, 4, 0.85, 1, 6.81, 0.06),
        (10, 2, 0.7, 1, 6.50, 0.05),
        (2, 8, 0.85, 1, 5.48, 0.03),
        (4, 4, 0.85, 0.25, 3.29, 0.01),
        (10, 2, 0.7, 0.25, 2.95, 0.01),
    ],
)
def test_tasks_in_turn_are_those_of_a_simulation(
    tasks: int, slots: int, used: float, cv2: float, p99: float, error: float
) -> None:
    found = balanced_quantile(0.99, tasks, slots, used * tasks * slots, shape(cv2), "round-robin")
    # 8 % low with one slot, 4 % otherwise.
    assert abs(found - p99) <= (0.08 if slots == 1 else 0.04) * p99 + error


def test_one_queue_is_faster_than_turns_and_turns_than_chance() -> None:
    values = [
        balanced_quantile(0.99, 5, 2, 7, shape(1), balancing)
        for balancing in ("central", "round-robin", "random")
    ]
    assert values == sorted(values)
    assert values[0] == response_quantile(0.99, 10, 7, shape(1))
    assert values[2] == response_quantile(0.99, 2, 1.4, shape(1))
    assert balanced_quantile(0.9, 5, 2, 10, shape(1), "central") == inf


@pytest.mark.parametrize(
    ("vcpus", "used", "mean"),
    [
        (1, 0.7, 1 / 0.3),  # M/M/1: 1 / (1 - u)
        (2, 0.5, 4 / 3),  # 1 + (1/3) / (2 - 1)
        (3, 2 / 3, 13 / 9),  # 1 + (4/9) / (3 - 2)
        (4, 0, 1),
        (4, 1, inf),
    ],
)
def test_the_mean_of_shared_vcpus(vcpus: int, used: float, mean: float) -> None:
    assert sharing_mean(vcpus, used, 1) == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize(
    ("vcpus", "cv2", "used", "p99"),
    [
        # From a simulation that was written apart from the one behind the table.
        (1, 0, 0.5, 6.6),
        (1, 0.25, 0.7, 16.1),
        (1, 1, 0.8, 36.4),
        (2, 0.25, 0.8, 13.3),
        (4, 0, 0.8, 5.5),
        (4, 0.25, 0.9, 14.7),
    ],
)
def test_the_table_repeats(vcpus: int, cv2: float, used: float, p99: float) -> None:
    # Standard errors of both about 1 %.
    assert sharing_quantile(0.99, vcpus, used, 1, cv2) == pytest.approx(p99, rel=0.04)


def test_sharing_grows_with_the_utilisation_and_the_share() -> None:
    for cv2 in (0, 0.1, 1, 4, 9):
        sigma = sqrt(log1p(cv2))
        for vcpus in (1, 3, 32, 1000):
            rows = [slowed(vcpus, used / 100, sigma) for used in range(96)]
            assert all(row is not None and list(row) == sorted(row) for row in rows)
            for place in range(5):
                column = [row[place] for row in rows if row is not None]
                # At the entries, errors of the simulations show.
                assert all(later >= 0.995 * before for before, later in pairwise(column))


def test_alone_a_request_takes_what_it_takes() -> None:
    for cv2 in (0, 0.25, 3):
        own = shape(cv2).quantile(0.99) / 1000
        assert sharing_quantile(0.99, 2, 0, 1, cv2) == pytest.approx(own, rel=1e-6)
        assert sharing_quantile(0.01, 2, 0, 0.5, cv2) == pytest.approx(
            shape(cv2).quantile(0.01) / 2000, rel=1e-6
        )


def test_the_table_ends_at_95_percent() -> None:
    assert sharing_quantile(0.99, 2, 0.95, 1, 1) < inf
    assert sharing_quantile(0.99, 2, 0.951, 1, 1) == inf
    assert sharing_quantile(0.99, 2, 0.5, 0, 1) == 0
    # More vCPUs are as 32.
    assert sharing_quantile(0.9, 500, 0.9, 1, 1) == sharing_quantile(0.9, 32, 0.9, 1, 1)


def test_the_utilisation_of_a_slowdown() -> None:
    for vcpus in (1, 4, 32):
        for used in (0.2, 0.7, 0.94):
            wanted = excess(vcpus, used)
            found = utilisation_of(vcpus, wanted, 0.95)
            assert excess(vcpus, found) == pytest.approx(wanted, rel=1e-3, abs=1e-12)
    assert utilisation_of(4, 0, 0.9) == 0
    assert utilisation_of(4, 1e9, 0.9) == 0.9


def test_erlang_c_is_the_share_that_waits() -> None:
    assert waiting(5, 4, 1).probability == pytest.approx(erlang_c(5, 4), rel=1e-12)
    # A lognormal's own share above: the module's survival and the duration's agree.
    assert response_survival(2, 5, 0, shape(1)) == pytest.approx(
        erfc((log(2) + log(2) / 2) / sqrt(log(2)) / sqrt(2)) / 2, rel=1e-6
    )
