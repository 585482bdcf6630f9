"""Run a load through the environments of one function, and count."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct

from advisor.arithmetic import significant
from advisor.simulation import blocks, loop
from advisor.simulation.arrivals import Requests, check_time
from advisor.simulation.outcome import Latencies, Outcome
from advisor.simulation.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from advisor.simulation.arrivals import Source

Engine = Literal["auto", "loop", "blocks"]

_AT_ONCE, _MOST_AT_ONCE = 1 << 15, 1 << 20
"""Requests in a stretch, whose arrays stay in the processor's cache: more of them when more are in
progress, as each stretch begins with sorting these."""

MOST_IN_PROGRESS = 1 << 22
"""Requests in progress that are simulated: a few hundred megabytes."""

_MANY_COLD = 0.004
_FEW_IN_KEEP_ALIVE = 64
"""Share of cold requests from which, and requests in a keep-alive below which, the loop is faster:
both found by timing, and without influence on what is counted."""


MOST_REQUESTS = 1_000_000_000


class Function(Struct, frozen=True, kw_only=True):
    """What runs the requests.

    ``init_s`` is what a cold request takes longer, ``keep_alive_s`` how long an idle environment
    lives; ``limit`` is the concurrency limit, None for none.
    """

    keep_alive_s: float
    init_s: float = 0.0
    provisioned: int = 0
    limit: int | None = None


def simulate(
    source: Source,
    function: Function,
    *,
    requests: int,
    engine: Engine = "auto",
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Return what happens to the first ``requests`` requests that count, or to all if it is fewer.

    ``engine`` names the algorithm; what is counted does not depend on it. ``blocks`` knows neither
    provisioned concurrency nor a limit. ``progress`` is told from time to time how many more
    requests are done. Raises ValueError for figures that make no sense, and when more than
    4,194,304 requests are in progress at once.
    """
    _check(function, requests, engine)
    run = _Run(function, engine)
    counting = False
    while run.arrived < requests:
        taken = source.take(min(max(_AT_ONCE, run.in_progress), _MOST_AT_ONCE))
        if taken is None:
            if counting and source.ends_s < inf:
                run.count_until(source.ends_s)
            break
        if not counting:
            first = int(np.searchsorted(taken.arrivals, source.counts_from_s, side="left"))
            run.serve(_part(taken, 0, first))
            _tell(progress, first)
            if first == len(taken.arrivals):
                continue
            counting = True
            run.count_from(max(source.counts_from_s, float(taken.arrivals[first])), source)
            taken = _part(taken, first, len(taken.arrivals))
        taken = _part(taken, 0, requests - run.arrived)
        run.count(taken)
        _tell(progress, len(taken.arrivals))
    return run.outcome()


def _part(taken: Requests, since: int, until: int) -> Requests:
    return Requests(taken.arrivals[since:until], taken.durations[since:until])


def _tell(progress: Callable[[int], None] | None, done: int) -> None:
    if progress is not None:
        progress(done)


class _Served(Struct, frozen=True):
    cold: list[int]
    throttled: list[int]
    spilled: int


class _Run:
    """A simulation in progress."""

    def __init__(self, function: Function, engine: Engine) -> None:
        self._function = function
        self._engine = engine
        self._pool = Pool(keep_alive_s=function.keep_alive_s, init_s=function.init_s)
        self._many_cold = True
        self._latencies = Latencies()
        self._since = self._last = 0.0
        self._environment_seconds = 0.0
        self.arrived = 0
        self._cold = self._throttled = self._spilled = 0
        self._warm_seconds = 0.0

    @property
    def in_progress(self) -> int:
        return len(self._pool.busy) + len(self._pool.provisioned_busy)

    def count_from(self, since: float, source: Source) -> None:
        """Count from a moment on: what was before has only filled the pool."""
        # A load that is random from a certain moment counts from there, one from a file from its
        # first request.
        self._since = source.counts_from_s if source.counts_from_s > -inf else since
        self._last = self._since
        self._environment_seconds = self._pool.environment_seconds(self._since)
        self._pool.peak = self._pool.warm(self._since)

    def count_until(self, end: float) -> None:
        """Go on counting time up to a moment, without more requests."""
        self._last = end

    def count(self, taken: Requests) -> None:
        """Serve requests that count."""
        served = self.serve(taken)
        self.arrived += len(taken.arrivals)
        self._last = float(taken.arrivals[-1])
        self._warm_seconds += float(taken.durations.sum())
        self._cold += len(served.cold)
        self._throttled += len(served.throttled)
        self._spilled += served.spilled
        latencies = taken.durations
        if served.cold and self._function.init_s:
            latencies = latencies.copy()
            latencies[served.cold] += self._function.init_s
        if served.throttled:
            latencies = np.delete(latencies, served.throttled)
        self._latencies.add(latencies)

    def serve(self, taken: Requests) -> _Served:
        """Run requests through the pool."""
        arrivals = taken.arrivals
        if len(arrivals) == 0:
            return _Served([], [], 0)
        ends = _ends(taken)
        function = self._function
        if function.provisioned or function.limit is not None:
            spilled = loop.with_provisioned(
                self._pool,
                arrivals.tolist(),
                ends.tolist(),
                provisioned=function.provisioned,
                limit=function.limit,
            )
            served = _Served(spilled.cold, spilled.throttled, spilled.spilled)
        else:
            if self._uses_blocks(arrivals):
                cold = blocks.on_demand(self._pool, arrivals, ends)
            else:
                cold = loop.on_demand(self._pool, arrivals.tolist(), ends.tolist())
            self._many_cold = len(cold) > _MANY_COLD * len(arrivals)
            served = _Served(cold, [], len(arrivals))
        if self.in_progress > MOST_IN_PROGRESS:
            raise ValueError(too_many())
        return served

    def _uses_blocks(self, arrivals: NDArray[np.float64]) -> bool:
        if self._engine != "auto":
            return self._engine == "blocks"
        span_s = float(arrivals[-1] - arrivals[0])
        seldom = self._function.keep_alive_s * len(arrivals) < _FEW_IN_KEEP_ALIVE * span_s
        return not (self._many_cold or seldom)

    def outcome(self) -> Outcome:
        """Return what was counted."""
        pool, provisioned = self._pool, self._function.provisioned
        served = self.arrived - self._throttled
        seconds = self._last - self._since
        mean = None
        if seconds > 0:
            warm = pool.environment_seconds(self._last) - self._environment_seconds
            mean = significant(provisioned + warm / seconds)
        return Outcome(
            requests=self.arrived,
            cold_starts=self._cold,
            cold_start_probability=significant(self._cold / served) if served else None,
            mean_environments=mean,
            peak_environments=provisioned + pool.peak,
            spill_probability=significant(self._spilled / served) if served else None,
            throttled=self._throttled,
            latency_ms={
                name: significant(value) for name, value in self._latencies.in_ms().items()
            },
            mean_duration_s=significant(self._warm_seconds / self.arrived)
            if self.arrived
            else None,
            simulated_seconds=significant(seconds),
        )


def _ends(taken: Requests) -> NDArray[np.float64]:
    """Return when each request would end if it was warm: later than it arrives.

    A request of no duration, or of one that rounding loses, holds its environment for the shortest
    time that there is; so two requests at the same moment need two environments.
    """
    ends = taken.arrivals + taken.durations
    if bool((ends <= taken.arrivals).any()):
        np.maximum(ends, np.nextafter(taken.arrivals, inf), out=ends)
    return ends


def _check(function: Function, requests: int, engine: Engine) -> None:
    check_time("keep-alive", function.keep_alive_s)
    check_time("INIT", function.init_s)
    if not 1 <= requests <= MOST_REQUESTS:
        raise ValueError(f"{requests:,} requests is not between 1 and {MOST_REQUESTS:,}")
    if function.provisioned < 0:
        raise ValueError(f"{function.provisioned} is not a number of environments")
    if function.limit is not None and function.limit < max(1, function.provisioned):
        raise ValueError(
            f"a concurrency limit of {function.limit} is below 1, or below the provisioned"
            f" concurrency of {function.provisioned}"
        )
    if engine == "blocks" and (function.provisioned or function.limit is not None):
        raise ValueError("the block algorithm knows neither provisioned concurrency nor a limit")


def too_many() -> str:
    """Return in words why a load with too many requests in progress is refused."""
    return (
        f"more than {MOST_IN_PROGRESS:,} requests are in progress at once, which is too many to"
        " simulate"
    )
