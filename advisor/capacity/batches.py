"""Batches of SQS messages that Lambda's event source mapping reads and hands to a function.

Pollers read the queue; each hands on what it has when the batch is full or its window is over. The
derivation and its limits are in ``docs/how-we-know/batches.md``; the quotas in
``rules/limits.yaml``.
"""

from __future__ import annotations

from math import expm1, floor, inf, isfinite, log, sqrt

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.limits import limits
from advisor.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

_KB_PER_MB = 1024
_NEVER_QUIET = log(1e6)
"""Messages in the time of one long poll from which on none ends empty."""


class BatchPlan(Struct, frozen=True, kw_only=True):
    """How messages are batched at a steady rate, and what comes of it.

    ``batch`` is the mean number of messages of an invocation, ``window_s`` the batching window.
    ``receives_per_s`` are requests that bring messages (as many delete them), ``idle_polls_per_s``
    those that find none. ``added_latency_s`` is the longest time from the arrival of a message to
    the end of its batch while nothing piles up; it is infinite when the messages are more than
    ``most_per_s``, what the highest concurrency works off with full batches. ``concurrency`` is
    what is used then, ``needed_concurrency`` what no message would have to wait for.
    """

    batch: float
    window_s: float
    invocations_per_s: float
    concurrency: float
    needed_concurrency: float
    receives_per_s: float
    idle_polls_per_s: float
    added_latency_s: float
    most_per_s: float


def largest_batch(batch_size: float, window_s: float, message_kb: float) -> int:
    """Return how many messages one invocation can have: the payload of an invocation caps them.

    Without a window, a batch is what one request to SQS brings. Raises ValueError for a batch size
    or a window that AWS does not allow.
    """
    quota = limits()
    _check(batch_size, window_s, message_kb)
    without_window = quota.number("sqs.batch_entries")
    if not 1 <= batch_size <= quota.number("lambda.esm_batch_max_messages"):
        raise ValueError(f"a batch of {batch_size:g} messages is not allowed")
    if window_s > quota.number("lambda.esm_window_max_s"):
        raise ValueError(f"a batching window of {window_s:g} s is not allowed")
    if window_s < least_window_s(batch_size):
        raise ValueError(
            f"a batch of {batch_size:g} messages needs a window of a second; without one"
            f" {without_window} is the most"
        )
    if message_kb > quota.number("sqs.message_kb"):
        raise ValueError(f"SQS takes no message of {message_kb:g} KB")
    payload_kb = quota.number("lambda.sync_payload_mb") * _KB_PER_MB
    fitting = _fitting(payload_kb, message_kb, batch_size)
    return int(fitting if window_s else min(fitting, _per_receive(message_kb)))


def least_window_s(batch_size: float) -> float:
    """Return the shortest batching window with which AWS allows a batch size, in seconds."""
    return 1.0 if batch_size > limits().number("sqs.batch_entries") else 0.0


def batches(
    rate_per_s: float,
    batch_size: float,
    window_s: float,
    duration_base_s: float,
    duration_per_message_s: float,
    message_kb: float,
    *,
    maximum: float | None = None,
    pollers: float | None = None,
) -> BatchPlan:
    """Return how a steady rate of messages is batched.

    An invocation takes ``duration_base_s`` and ``duration_per_message_s`` more for each message.
    ``maximum`` is the highest concurrency (the mapping's MaximumConcurrency, reserved concurrency;
    AWS's if None), ``pollers`` those that share the queue when it is quiet (AWS's five if None).
    Raises ValueError for arguments that are negative, infinite or not allowed by AWS.
    """
    _check(rate_per_s, duration_base_s, duration_per_message_s)
    full = largest_batch(batch_size, window_s, message_kb)
    highest = _highest(maximum)
    reading = min(_pollers(pollers), highest)
    most_per_s = _capacity(highest, full, duration_base_s, duration_per_message_s)
    # Each poller collects from the first message of a batch on, at its part of the rate.
    collected = 1 + rate_per_s * window_s / reading
    # Where these batches are too many for the concurrency, messages pile up until they are not.
    spare = highest - rate_per_s * duration_per_message_s
    forced = rate_per_s * duration_base_s / spare if spare > 0 else full
    batch = min(full, max(collected, forced))
    duration_s = duration_base_s + batch * duration_per_message_s
    handled = min(rate_per_s, most_per_s)
    filling_s = (full - 1) * reading / rate_per_s if rate_per_s else window_s
    latency_s = min(window_s, filling_s) + duration_s if rate_per_s <= most_per_s else inf
    return BatchPlan(
        batch=significant(batch),
        window_s=window_s,
        invocations_per_s=significant(handled / batch),
        concurrency=significant(handled / batch * duration_s),
        needed_concurrency=significant(rate_per_s / batch * duration_s),
        receives_per_s=significant(handled / min(batch, _per_receive(message_kb))),
        idle_polls_per_s=significant(_idle_per_s(rate_per_s, reading)),
        added_latency_s=significant(latency_s),
        most_per_s=significant(most_per_s),
    )


def ramp_concurrency(t_s: float, maximum: float | None = None) -> float:
    """Return the concurrent batches ``t_s`` seconds after a backlog appeared, at most ``maximum``.

    AWS starts with five and adds 300 a minute, up to 1,250 unless the mapping has a lower maximum.
    """
    _check(t_s)
    return significant(min(_highest(maximum), _pollers(None) + _added_per_s() * t_s))


def ramp_s(before: float, after: float) -> float:
    """Return how long a mapping takes from so many concurrent batches to so many more."""
    _check(before, after)
    return significant(max(0.0, after - max(before, _pollers(None))) / _added_per_s())


def drain_time_s(
    backlog: float,
    rate_per_s: float,
    batch_size: float,
    window_s: float,
    duration_base_s: float,
    duration_per_message_s: float,
    message_kb: float,
    *,
    maximum: float | None = None,
) -> float:
    """Return the seconds until a backlog is worked off while ``rate_per_s`` messages arrive.

    Concurrency ramps up from AWS's start, batches are full. Infinite when the highest concurrency
    works off no more than arrives. Raises ValueError as ``batches`` does.
    """
    _check(backlog, rate_per_s, duration_base_s, duration_per_message_s)
    if backlog == 0:
        return 0.0
    highest = _highest(maximum)
    full = largest_batch(batch_size, window_s, message_kb)
    each = _capacity(1, full, duration_base_s, duration_per_message_s)
    if each == inf:
        return 0.0 if highest else inf
    if highest * each <= rate_per_s:
        return inf
    first, growth = min(_pollers(None), highest), _added_per_s()
    ramp_s = (highest - first) / growth
    # backlog = (first each - rate) t + growth each t^2 / 2, in the form without cancellation.
    surplus, curve = first * each - rate_per_s, growth * each / 2
    root = sqrt(surplus * surplus + 4 * curve * backlog)
    within = 2 * backlog / (surplus + root) if surplus >= 0 else (root - surplus) / (2 * curve)
    if within <= ramp_s:
        return significant(within)
    left = backlog - (surplus + curve * ramp_s) * ramp_s
    return significant(ramp_s + left / (highest * each - rate_per_s))


def idle_polls(hours: float, pollers: float | None = None, *, rate_per_s: float = 0.0) -> float:
    """Return the receives that find nothing, by the pollers of a queue (AWS's five if None).

    ``rate_per_s`` messages arrive; not given, the queue is empty.
    """
    _check(hours, rate_per_s)
    return significant(hours * SECONDS_PER_HOUR * _idle_per_s(rate_per_s, _pollers(pollers)))


def _idle_per_s(rate_per_s: float, pollers: float) -> float:
    """Return receives per second that find nothing.

    A long poll ends with the first message or after 20 s. With random messages at the rate m for
    each poller, the polls that end empty are m / (exp(20 m) - 1) a second.
    """
    poll_s = limits().number("sqs.long_poll_s")
    in_a_poll = rate_per_s / pollers * poll_s
    if in_a_poll == 0:
        return pollers / poll_s
    # A queue that is never quiet: fewer than one in a million messages, which no bill shows.
    return 0.0 if in_a_poll > _NEVER_QUIET else rate_per_s / expm1(in_a_poll)


def _capacity(concurrency: float, batch: int, base_s: float, per_message_s: float) -> float:
    """Return the messages per second that so many concurrent full batches work off."""
    duration_s = base_s + batch * per_message_s
    return concurrency * batch / duration_s if duration_s else inf


def _per_receive(message_kb: float) -> int:
    """Return how many messages one request to SQS carries."""
    quota = limits()
    return _fitting(quota.number("sqs.batch_kb"), message_kb, quota.number("sqs.batch_entries"))


def _fitting(room_kb: float, message_kb: float, most: float) -> int:
    """Return how many messages fit, at least one and at most ``most``."""
    return max(1, floor(min(most, room_kb / message_kb) if message_kb else most))


def _highest(maximum: float | None) -> float:
    ceiling = limits().number("lambda.esm_concurrency_max")
    if maximum is None:
        return ceiling
    return min(_positive(maximum), ceiling)


def _pollers(pollers: float | None) -> float:
    if pollers is None:
        return limits().number("lambda.esm_pollers")
    return _positive(pollers)


def _positive(value: float) -> float:
    _check(value)
    if value == 0:
        raise ValueError("without concurrency no message is read")
    return value


def _added_per_s() -> float:
    return limits().number("lambda.esm_added_per_minute") / SECONDS_PER_MINUTE


def _check(*values: float) -> None:
    for value in values:
        if not (isfinite(value) and value >= 0):
            raise ValueError(f"{value} is not a number of messages, a rate, a time or a size")
