"""The block-maximum algorithm: whole blocks of requests that cannot hold a cold start are skipped.

With n requests in progress and the most recently used environment first, a request that finds k in
progress takes the environment of level k + 1: the one that was released when the number in progress
last fell from k + 1 to k. So it suffices to count requests in progress, which sorting does, and to
look closer where a block rises above all blocks within the keep-alive. The derivation is in
``docs/how-we-know/simulation.md``.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advisor.simulation.pool import Pool

_LARGEST_BLOCK = 512
_SMALLEST_BLOCK = 16
_SORTED_AT_ONCE = 256
_BLOCKS_IN_KEEP_ALIVE = 8
"""Blocks that a keep-alive should hold: fewer, and each could span the time in which it is over."""


def on_demand(pool: Pool, arrivals: NDArray[np.float64], ends: NDArray[np.float64]) -> list[int]:
    """Run requests on on-demand environments; return the positions of those that were cold.

    Arguments and effect are those of ``advisor.simulation.loop.on_demand``, for arrays.
    """
    if len(arrivals) == 0:
        return []
    stretch = _Stretch(pool, arrivals, ends)
    stretch.run()
    stretch.leave()
    return stretch.cold


def block_size(arrivals: NDArray[np.float64], keep_alive_s: float) -> int:
    """Return how many requests a block holds, so that it is short beside the keep-alive."""
    span_s = float(arrivals[-1] - arrivals[0])
    size = _LARGEST_BLOCK
    while size > _SMALLEST_BLOCK and (
        size * span_s * _BLOCKS_IN_KEEP_ALIVE > keep_alive_s * len(arrivals)
    ):
        size //= 2
    return size


class _Stretch:
    """Requests that are run at once.

    ``gone`` holds the ends of all requests in order, ``levels`` the number in progress just after
    each arrival, ``tops`` its maximum in each block, ``records`` the blocks that no later one
    reaches: their tops fall from the first to the last.
    """

    def __init__(
        self, pool: Pool, arrivals: NDArray[np.float64], ends: NDArray[np.float64]
    ) -> None:
        self.pool = pool
        self.arrivals = arrivals
        self.ends = ends
        self.before = len(pool.busy)
        self.count = len(arrivals)
        self.gone = np.concatenate((np.asarray(pool.busy, dtype=np.float64), ends))
        _sort(self.gone)
        self.size = block_size(arrivals, pool.keep_alive_s)
        blocks = -(-self.count // self.size)
        # The last block is filled up with zeros, which no level is as low as.
        self.levels = np.zeros(blocks * self.size, dtype=np.int64)
        self.levels[: self.count] = np.arange(self.before + 1, self.before + self.count + 1)
        self.levels[: self.count] -= np.searchsorted(self.gone, arrivals, side="right")
        self.tops: list[int] = self.levels.reshape(-1, self.size).max(axis=1).tolist()
        self.starts: list[float] = arrivals[:: self.size].tolist()
        self.records: list[int] = []
        self.cold: list[int] = []

    def run(self) -> None:
        """Look at each block: all warm for certain, or request by request."""
        tops, starts, records = self.tops, self.starts, self.records
        lasts = self.arrivals[self.size - 1 :: self.size].tolist()
        if len(lasts) < len(tops):
            lasts.append(float(self.arrivals[-1]))
        keep_alive_s = self.pool.keep_alive_s
        for block, last in enumerate(lasts):
            oldest = last - keep_alive_s
            # The highest level was left first and is taken last: if it is warm, so are all others.
            if starts[block] < oldest or self._released(tops[block], oldest) < oldest:
                self._walk(block)
            top = tops[block]
            while records and tops[records[-1]] <= top:
                records.pop()
            records.append(block)

    def leave(self) -> None:
        """Leave the pool as it is after the last request."""
        pool, before = self.pool, self.before
        last = int(self.levels[self.count - 1])
        # The highest number in progress from each request on, from the last request back, and
        # from the start of the stretch, which stands for position -1.
        highest = np.maximum.accumulate(
            np.concatenate((self.levels[: self.count][::-1], np.array([before])))
        )
        top = int(highest[-1])
        levels = np.arange(top, last, -1)
        positions = self.count - 1 - np.searchsorted(highest, levels, side="left")
        untouched = max(0, before + len(pool.idle) - top)
        pool.idle[untouched:] = self.gone[before + positions + 1 - levels].tolist()
        pool.busy = self.gone[before + self.count - last :]

    def _released(self, level: int, oldest: float) -> float:
        """Return when the environment of a level was released before the block that is looked at.

        Any moment from ``oldest`` on is as good as the right one. Never is minus infinity.
        """
        tops, records = self.tops, self.records
        nearest = len(records) - 1
        while nearest >= 0 and tops[records[nearest]] < level:
            nearest -= 1
        if nearest >= 0:
            block = records[nearest]
            if self.starts[block] >= oldest:
                return self.starts[block]
            first = block * self.size
            reached = self.levels[first : first + self.size] >= level
            position = first + int(np.flatnonzero(reached)[-1])
        elif level <= self.before:
            position = -1
        else:
            above = level - self.before
            return self.pool.idle[-above] if above <= len(self.pool.idle) else -inf
        # After that request so many have left that the level above ``level - 1`` is empty.
        return float(self.gone[self.before + position + 1 - level])

    def _walk(self, block: int) -> None:
        """Run the requests of a block one after the other."""
        pool = self.pool
        first = block * self.size
        times = self.arrivals[first : first + self.size].tolist()
        level = int(self.levels[first - 1]) if first else self.before
        left = self.before + first - level
        due = self._due(left, times[-1])
        released: list[float] = []
        for position, now in enumerate(times, first):
            while due[-1] <= now:
                released.append(due.pop())
                left += 1
                level -= 1
            level += 1
            oldest = now - pool.keep_alive_s
            before = released.pop() if released else self._released(level, oldest)
            if before >= oldest:
                continue
            self.cold.append(position)
            pool.born += 1
            pool.born_sum += now
            if before > -inf:
                pool.died += 1
                pool.died_sum += before + pool.keep_alive_s
            pool.peak = max(pool.peak, level)
            if pool.init_s:
                self._lengthen(position)
                due = self._due(left, times[-1])

    def _due(self, left: int, last: float) -> list[float]:
        """Return the ends up to a moment, without those that have left, the next one last."""
        until = int(np.searchsorted(self.gone, last, side="right"))
        due: list[float] = self.gone[left:until][::-1].tolist()
        return [inf, *due]

    def _lengthen(self, position: int) -> None:
        """Let a request last longer by INIT: it is in progress for more of the later ones."""
        end = float(self.ends[position])
        longer = end + self.pool.init_s
        old = int(np.searchsorted(self.gone, end, side="left"))
        new = int(np.searchsorted(self.gone, longer, side="right"))
        self.gone[old : new - 1] = self.gone[old + 1 : new]
        self.gone[new - 1] = longer
        since, until = np.searchsorted(self.arrivals, (end, longer), side="left")
        if since < until:
            self.levels[since:until] += 1
            size = self.size
            low, high = since // size, (until - 1) // size + 1
            changed = self.levels[low * size : high * size].reshape(-1, size)
            self.tops[low:high] = changed.max(axis=1).tolist()


def _sort(ends: NDArray[np.float64]) -> None:
    """Sort nearly sorted moments: short rows first, of which a merge sort then finds the order.

    That takes a fifth to a half of the time of sorting all at once.
    """
    whole = len(ends) - len(ends) % _SORTED_AT_ONCE
    ends[:whole].reshape(-1, _SORTED_AT_ONCE).sort(axis=1)
    ends.sort(kind="stable")
