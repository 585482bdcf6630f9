"""SQS batches, ramps and drains, against sums by hand and step by step."""

from __future__ import annotations

from math import inf, nan
from random import Random

import pytest

from advisor.capacity.batches import (
    batches,
    drain_time_s,
    idle_polls,
    largest_batch,
    ramp_concurrency,
)


def test_five_pollers_of_an_empty_queue_in_a_month() -> None:
    # 5 x 3,600 / 20 polls in an hour, 720 hours; at 0.40 USD a million 0.26 USD.
    assert idle_polls(720) == 648_000
    assert round(idle_polls(720) / 1e6 * 0.40, 2) == 0.26
    assert idle_polls(720, 2) == 259_200
    assert idle_polls(0) == 0


def test_a_window_collects_messages() -> None:
    # Each of 5 pollers gets 10/s; a first message and 10 x 5 in the window are 51.
    found = batches(50, 100, 5, 0.1, 0.01, 1)
    assert (found.batch, found.window_s) == (51, 5)
    assert found.invocations_per_s == pytest.approx(50 / 51, rel=1e-6)
    # 0.1 s + 51 x 0.01 s = 0.61 s each.
    assert found.concurrency == pytest.approx(50 / 51 * 0.61, rel=1e-6)
    assert found.added_latency_s == 5.61
    # Ten messages a request to SQS; m = 10/s a poller leaves 50 / (exp(200) - 1) empty ones.
    assert found.receives_per_s == 5
    assert found.idle_polls_per_s < 1e-80
    # 1,250 batches of 100 in 1.1 s.
    assert found.most_per_s == pytest.approx(1250 * 100 / 1.1, rel=1e-6)


def test_without_a_window_a_quiet_queue_has_single_messages() -> None:
    found = batches(5, 10, 0, 0.1, 0.01, 1)
    assert (found.batch, found.invocations_per_s, found.receives_per_s) == (1, 5, 5)
    assert found.concurrency == pytest.approx(0.55)
    assert found.added_latency_s == pytest.approx(0.11)


def test_a_full_batch_does_not_wait_for_its_window() -> None:
    # 10/s a poller: the 19 after the first are there after 1.9 s, not 5.
    found = batches(50, 20, 5, 0.1, 0, 1)
    assert found.batch == 20
    assert found.added_latency_s == pytest.approx(2.0)


def test_batches_grow_until_the_concurrency_keeps_up() -> None:
    # 2 batches at once of 1 s + 0.1 s a message: 10/s need b with 2 b / (1 + 0.1 b) = 10: b = 10.
    found = batches(10, 10, 0, 1, 0.1, 1, maximum=2)
    assert found.batch == 10
    assert found.concurrency == 2
    assert found.most_per_s == 10
    assert found.added_latency_s == 2
    # 5/s: 2 b / (1 + 0.1 b) = 5 at b = 10/3.
    assert batches(5, 10, 0, 1, 0.1, 1, maximum=2).batch == pytest.approx(10 / 3, rel=1e-6)
    # One message more a second than that never comes down.
    over = batches(11, 10, 0, 1, 0.1, 1, maximum=2)
    assert (over.concurrency, over.added_latency_s) == (2, inf)
    assert over.invocations_per_s == 1


def test_payloads_cap_a_batch() -> None:
    # 6 MB of an invocation: 24 messages of 256 KB.
    assert largest_batch(1000, 10, 256) == 24
    # Without a window a batch is one receive, of 1 MiB at most: 4.
    assert largest_batch(10, 0, 256) == 4
    assert largest_batch(10, 0, 1024) == 1
    assert largest_batch(10_000, 300, 0) == 10_000
    assert largest_batch(10, 0, 102.4) == 10
    # Receives too carry 1 MiB: 24 messages are six of them.
    assert batches(100, 1000, 10, 0.1, 0, 256).receives_per_s == 25


@pytest.mark.parametrize(
    ("batch_size", "window", "message_kb"),
    [(11, 0, 1), (11, 0.5, 1), (0, 0, 1), (10_001, 10, 1), (10, 301, 1), (1, 0, 1025)],
)
def test_what_aws_refuses(batch_size: float, window: float, message_kb: float) -> None:
    with pytest.raises(ValueError, match=r"a batch of|a batching window|no message of"):
        largest_batch(batch_size, window, message_kb)


def test_the_ramp() -> None:
    # 5, and 5 more a second; 1,250 after 249 s.
    assert ramp_concurrency(0) == 5
    assert ramp_concurrency(60) == 305
    assert ramp_concurrency(248) == 1245
    assert ramp_concurrency(249) == ramp_concurrency(1e9) == 1250
    assert ramp_concurrency(60, 100) == 100
    assert ramp_concurrency(0, 2) == 2


def test_a_drain_at_full_speed_by_hand() -> None:
    # Five at once from the start: 5 x 10 / 0.5 s = 100/s, 20/s arrive: 8,000 / 80.
    assert drain_time_s(8000, 20, 10, 0, 0.5, 0, 1, maximum=5) == 100


@pytest.mark.parametrize("backlog", [100, 20_000, 1_000_000, 30_000_000])
@pytest.mark.parametrize("rate", [0, 60, 900])
def test_a_drain_through_the_ramp_step_by_step(backlog: float, rate: float) -> None:
    # At first 5 x 10 / 1 s are less than the 60 that arrive. Steps of 10 ms, middle of each.
    left, now, step = backlog, 0.0, 0.01
    while left > 0:
        left += (rate - ramp_concurrency(now + step / 2, 400) * 10) * step
        now += step
    found = drain_time_s(backlog, rate, 10, 0, 0.8, 0.02, 1, maximum=400)
    assert found == pytest.approx(now, abs=2 * step, rel=1e-5)


def test_what_never_drains() -> None:
    # 2 x 10 / 1 s are just what arrives.
    assert drain_time_s(1, 20, 10, 0, 1, 0, 1, maximum=2) == inf
    assert drain_time_s(1, 19, 10, 0, 1, 0, 1, maximum=2) == 1
    assert drain_time_s(0, 20, 10, 0, 1, 0, 1, maximum=2) == 0
    assert drain_time_s(1e9, 20, 10, 0, 0, 0, 1) == 0


def test_idle_polls_between_messages_against_a_simulation() -> None:
    # One poller, a message every 20 s on average: 1 / 20 / (e - 1) = 0.0291 empty polls a second.
    # Of 200,000 polls the share of empty ones is known to 0.3 %.
    random = Random(1)  # noqa: S311 - a simulation
    empty, passed = 0, 0.0
    for _ in range(200_000):
        wait = random.expovariate(1 / 20)
        empty += wait > 20
        passed += min(wait, 20)
    found = batches(0.05, 10, 0, 0.1, 0, 1, pollers=1).idle_polls_per_s
    assert found == pytest.approx(empty / passed, rel=0.015)
    assert found == pytest.approx(0.02909884, rel=1e-6)


def test_absurd_loads() -> None:
    none = batches(0, 10, 5, 0.1, 0.1, 1)
    assert (none.batch, none.invocations_per_s, none.concurrency) == (1, 0, 0)
    assert none.idle_polls_per_s == 0.25
    huge = batches(1e9, 10_000, 300, 1, 1, 0.001)
    assert huge.concurrency == 1250
    assert huge.added_latency_s == inf
    assert batches(1e9, 10, 0, 0, 0, 1).concurrency == 0
    for wrong in (-1.0, inf, nan):
        with pytest.raises(ValueError, match="is not a number"):
            batches(wrong, 10, 0, 1, 1, 1)
        with pytest.raises(ValueError, match="is not a number"):
            drain_time_s(wrong, 1, 10, 0, 1, 1, 1)
        with pytest.raises(ValueError, match="is not a number"):
            ramp_concurrency(wrong)
        with pytest.raises(ValueError, match="is not a number"):
            idle_polls(wrong)
    for zero in ({"maximum": 0.0}, {"pollers": 0.0}):
        with pytest.raises(ValueError, match="no message is read"):
            batches(1, 10, 0, 1, 1, 1, **zero)
