"""The event loop: one request after the other, with the standard library alone.

This is the reference. A request takes the environment that was released last, if that was no
longer ago than the keep-alive; else nothing that is idle is warm, and the request is cold.
"""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
from math import inf
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.simulation.pool import Pool


class Served(NamedTuple):
    """Positions of the requests that were cold and throttled, and how many were spilled."""

    cold: list[int]
    throttled: list[int]
    spilled: int


def on_demand(pool: Pool, arrivals: Sequence[float], ends: Sequence[float]) -> list[int]:
    """Run requests on on-demand environments; return the positions of those that were cold.

    ``arrivals`` are the moments of arrival in order, in seconds, ``ends`` when each request would
    end if it was warm, later than its arrival. The pool is left as the last request leaves it.
    """
    keep_alive_s, init_s = pool.keep_alive_s, pool.init_s
    idle, busy = pool.idle, pool.heap()
    release, take = idle.append, idle.pop
    cold: list[int] = []
    for position, (now, end) in enumerate(zip(arrivals, ends, strict=True)):
        first = busy[0]
        if first <= now:
            if first >= now - keep_alive_s:
                # Whatever is released after the first is warm too: the last of all is taken.
                first = heapreplace(busy, end)
                while busy[0] <= now:
                    release(first)
                    first = heappop(busy)
                continue
            while busy[0] <= now:
                release(heappop(busy))
        if idle and idle[-1] >= now - keep_alive_s:
            take()
            heappush(busy, end)
            continue
        cold.append(position)
        _start(pool, now)
        heappush(busy, end + init_s)
        if len(busy) > pool.peak + 1:
            pool.peak = len(busy) - 1
    pool.busy = _ordered(busy)
    return cold


def with_provisioned(
    pool: Pool,
    arrivals: Sequence[float],
    ends: Sequence[float],
    *,
    provisioned: int,
    limit: int | None,
) -> Served:
    """Run requests on provisioned environments first, and on on-demand ones when none is free.

    A request that finds ``limit`` requests in progress is throttled: it is not served, and does
    not come again. Otherwise as ``on_demand``.
    """
    keep_alive_s, init_s = pool.keep_alive_s, pool.init_s
    idle, busy = pool.idle, pool.heap()
    fixed = [*pool.provisioned_busy, inf]
    release, take = idle.append, idle.pop
    # Both heaps end with a moment that never comes.
    most = inf if limit is None else limit + 2
    cold: list[int] = []
    throttled: list[int] = []
    spilled = 0
    for position, (now, end) in enumerate(zip(arrivals, ends, strict=True)):
        while fixed[0] <= now:
            heappop(fixed)
        while busy[0] <= now:
            release(heappop(busy))
        if len(fixed) + len(busy) >= most:
            throttled.append(position)
            continue
        if len(fixed) <= provisioned:
            heappush(fixed, end)
            continue
        spilled += 1
        if idle and idle[-1] >= now - keep_alive_s:
            take()
            heappush(busy, end)
            continue
        cold.append(position)
        _start(pool, now)
        heappush(busy, end + init_s)
        if len(busy) > pool.peak + 1:
            pool.peak = len(busy) - 1
    pool.busy = _ordered(busy)
    pool.provisioned_busy = _ordered(fixed)
    return Served(cold, throttled, spilled)


def _start(pool: Pool, now: float) -> None:
    """Count a new environment, and the end of every idle one: none of them was warm."""
    pool.died += len(pool.idle)
    for released in pool.idle:
        pool.died_sum += released + pool.keep_alive_s
    pool.idle.clear()
    pool.born += 1
    pool.born_sum += now


def _ordered(heap: list[float]) -> list[float]:
    heap.sort()
    heap.pop()
    return heap
