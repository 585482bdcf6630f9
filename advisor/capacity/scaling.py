"""Whether Lambda's scaling limits let a jump of the request rate through.

Requests beyond a limit are throttled (429). What is compared is the concurrency at the height of
the jump, where cold requests hold their environments longer, and not rate times duration. Sources
of the quotas: ``rules/limits.yaml``; of the formula: ``docs/how-we-know/bursts.md``.
"""

from __future__ import annotations

from math import ceil, floor, inf, isfinite, sqrt

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.burst_effect import fluid_peak
from advisor.capacity.coldstart import cold_starts, model
from advisor.limits import limits

_INTERVAL_S = 10
"""The interval in the names of both scaling quotas; AWS refills them continuously within it."""

_WHOLE = 100
"""Numbers from which on a sentence has no decimals."""


class LimitCheck(Struct, frozen=True, kw_only=True):
    """A quota (``key`` of ``rules/limits.yaml``), what is needed and allowed of it, and why.

    ``because`` is a sentence with both numbers; ``holds`` says whether the need is within it.
    """

    key: str
    needed: float
    allowed: float
    because: str
    holds: bool


def limit_checks(
    peak_rps: float,
    base_rps: float,
    duration_s: float,
    init_s: float,
    *,
    account_concurrency: float,
    provisioned: int = 0,
    jump_s: float = 0.0,
    burst_s: float = inf,
) -> tuple[LimitCheck, ...]:
    """Return the check of each limit for a jump from ``base_rps`` to ``peak_rps``.

    The rate rises within ``jump_s`` seconds (0: at once) and stays for ``burst_s``. ``duration_s``
    is the mean warm duration, ``init_s`` what a cold request takes longer; ``provisioned``
    environments are ready before. To the mean number in progress at the height, one standard
    deviation is added. The first and the last check are about the account, the other two about the
    function. Raises ValueError for negative or infinite arguments; ``burst_s`` may be infinite.
    """
    values = (peak_rps, base_rps, duration_s, init_s, account_concurrency, provisioned, jump_s)
    for value in (*values, 0.0 if burst_s == inf else burst_s):
        if not (isfinite(value) and value >= 0):
            raise ValueError(f"{value} is not a rate, a time or a number of environments")
    kept_s = float(model()["keep_alive_s"]["shortest"])
    natural = cold_starts(base_rps, duration_s, init_s, kept_s).warm_environments
    warm = max(natural, provisioned)
    fluid = fluid_peak(base_rps, peak_rps, warm, duration_s, init_s, burst_s=burst_s, jump_s=jump_s)
    height = significant(fluid + sqrt(fluid))
    jump = f"going from {_shown(base_rps)} to {_shown(peak_rps)} requests/s"
    rise_s = min(max(jump_s, duration_s) + init_s, burst_s)
    return (
        _check(
            "lambda.account_concurrency",
            height,
            account_concurrency,
            f"{jump} keeps {{needed}} environments busy at its height, cold ones included;"
            " the account may have {allowed}",
        ),
        _check(
            "lambda.scaling_environments_per_10s",
            max(0.0, height - warm),
            _refilled("lambda.scaling_environments_per_10s", rise_s),
            f"{jump} starts {{needed}} environments {_within(rise_s)}; AWS starts at"
            " most {allowed} in that time",
        ),
        _check(
            "lambda.scaling_requests_per_10s",
            max(0.0, peak_rps - max(base_rps, provisioned * _per_environment())),
            _refilled("lambda.scaling_requests_per_10s", jump_s),
            f"{jump} adds {{needed}} requests/s {_within(jump_s)}; AWS adds at most {{allowed}}"
            " in that time",
        ),
        _check(
            "lambda.requests_per_s_per_environment",
            peak_rps,
            account_concurrency * _per_environment(),
            f"{{needed}} requests/s at the peak; {_shown(account_concurrency)} concurrent"
            " executions may serve {allowed}, however short they are",
        ),
    )


def _per_environment() -> float:
    return limits().number("lambda.requests_per_s_per_environment")


def _refilled(key: str, within_s: float) -> float:
    """Return what a scaling quota allows within a time: one filling, and its continuous refill."""
    quota = limits().number(key)
    return quota + quota * within_s / _INTERVAL_S


def _check(key: str, needed: float, allowed: float, because: str) -> LimitCheck:
    needed, allowed = significant(needed), significant(allowed)
    return LimitCheck(
        key=key,
        needed=needed,
        allowed=allowed,
        because=because.format(needed=_shown(needed, up=True), allowed=_shown(allowed)),
        holds=needed <= allowed,
    )


def _within(seconds: float) -> str:
    return f"within {seconds:.3g} s" if seconds else "at once"


def _shown(value: float, *, up: bool = False) -> str:
    """Return a number for a sentence; a need is rounded up, so that it is seen to be above."""
    if value < _WHOLE:
        return f"{value:.3g}"
    return f"{ceil(value) if up else floor(value):,}"
