"""Scaling limits, each at its number and one above it."""

from __future__ import annotations

from math import inf, nan

import pytest

from advisor.capacity.scaling import LimitCheck, limit_checks

ACCOUNT = "lambda.account_concurrency"
ENVIRONMENTS = "lambda.scaling_environments_per_10s"
REQUESTS = "lambda.scaling_requests_per_10s"
SHORT = "lambda.requests_per_s_per_environment"


def check(key: str, peak: float, base: float, *times: float, **options: float) -> LimitCheck:
    options = {"account_concurrency": 1000, **options}
    (found,) = [
        each
        for each in limit_checks(peak, base, *times, **options)  # type: ignore[arg-type]
        if each.key == key
    ]
    return found


def test_account_concurrency_at_its_limit() -> None:
    # 100/s x 1 s without a jump: 100 in progress, with one deviation 110.
    assert check(ACCOUNT, 100, 100, 1, 0, account_concurrency=110).holds
    above = check(ACCOUNT, 100, 100, 1, 0, account_concurrency=109)
    assert (above.needed, above.allowed, above.holds) == (110, 109, False)
    assert above.because == (
        "going from 100 to 100 requests/s keeps 110 environments busy at its height, cold ones"
        " included; the account may have 109"
    )


def test_cold_requests_count_towards_the_concurrency() -> None:
    # From nothing to 400/s of 1 s: 400, and for 3 s of INIT 400 more each second. 1,600 + 40.
    found = check(ACCOUNT, 400, 0, 1, 3)
    assert found.needed == 1640
    assert not found.holds
    # In a burst of 2 s only 800 requests come.
    assert check(ACCOUNT, 400, 0, 1, 3, burst_s=2).needed == pytest.approx(800 + 800**0.5)
    # Rising within 40 s: 10 a second start anew, 30 are in INIT.
    assert check(ACCOUNT, 400, 0, 1, 3, jump_s=40).needed == pytest.approx(430 + 430**0.5)


def test_new_environments_at_their_limit() -> None:
    # 1,600 requests in one second; AWS allows 1,000 + 100 x 1 s. With one deviation 1,640, of
    # which 540 are ready.
    assert check(ENVIRONMENTS, 1600, 0, 1, 1, burst_s=1, provisioned=540).holds
    above = check(ENVIRONMENTS, 1600, 0, 1, 1, burst_s=1, provisioned=539)
    assert (above.needed, above.allowed, above.holds) == (1101, 1100, False)


def test_a_jump_asks_for_environments_until_the_first_are_back() -> None:
    # By counting: 500/s without a warm one start 500 environments each second, for 3 s (1 s of
    # work and 2 s of INIT), then the first are free. 1,500 + sqrt(1,500) by then, 1,300 allowed.
    found = check(ENVIRONMENTS, 500, 0, 1, 2, account_concurrency=1e6)
    assert found.needed == pytest.approx(1500 + 1500**0.5)
    assert found.allowed == 1300
    assert not found.holds
    # Over 10 minutes: 500 + 500 / 600 x 2 by 602 s, of 7,020.
    slow = check(ENVIRONMENTS, 500, 0, 1, 2, account_concurrency=1e6, jump_s=600)
    assert slow.allowed == 1000 + 100 * 602
    assert slow.holds


def test_added_requests_at_their_limit() -> None:
    assert check(REQUESTS, 10_500, 500, 0.01, 0).holds
    assert not check(REQUESTS, 10_501, 500, 0.01, 0).holds
    # 1,000/s more for each second of the rise; a provisioned environment serves 10/s.
    assert check(REQUESTS, 20_500, 500, 0.01, 0, jump_s=10).holds
    assert check(REQUESTS, 12_000, 500, 0.01, 0, provisioned=200).holds
    assert not check(REQUESTS, 12_001, 500, 0.01, 0, provisioned=200).holds


def test_short_requests_at_their_limit() -> None:
    # 10 x 100 concurrent executions, whatever the duration.
    assert check(SHORT, 1000, 1000, 0.001, 0, account_concurrency=100).holds
    above = check(SHORT, 1001, 1001, 0.001, 0, account_concurrency=100)
    assert not above.holds
    assert above.because == (
        "1,001 requests/s at the peak; 100 concurrent executions may serve 1,000, however short"
        " they are"
    )


def test_absurd_arguments() -> None:
    assert all(each.holds for each in limit_checks(0, 0, 0, 0, account_concurrency=0))
    huge = limit_checks(1e9, 0, 900, 60, account_concurrency=1000)
    assert not any(each.holds for each in huge)
    assert all(each.needed < inf for each in huge)
    # Down instead of up starts nothing.
    assert check(ENVIRONMENTS, 1, 1000, 1, 1).needed == 0
    for wrong in (-1.0, nan, inf):
        with pytest.raises(ValueError, match="is not a rate"):
            limit_checks(wrong, 0, 1, 1, account_concurrency=1000)
    with pytest.raises(ValueError, match="is not a rate"):
        limit_checks(1, 0, 1, 1, account_concurrency=1000, burst_s=nan)


def test_sentences_have_whole_numbers_rounded_so_that_the_breach_is_seen() -> None:
    # 900 + 30 in progress; an account of 929.5 would round to the same.
    found = check(ACCOUNT, 900, 900, 1, 0, account_concurrency=929.5)
    assert found.because.endswith(
        "930 environments busy at its height, cold ones included; the account may have 929"
    )
    at_once = check(REQUESTS, 30_000, 500, 0.05, 0.9).because
    assert at_once == (
        "going from 500 to 30,000 requests/s adds 29,500 requests/s at once; AWS adds at most"
        " 10,000 in that time"
    )
