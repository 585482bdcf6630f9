"""How long requests take that share the vCPUs of a task (processor sharing).

With n requests in progress on v vCPUs each has the speed min(1, v / n), as with a thread for each
request. The mean is exact for any spread of the work; for percentiles no closed form is good to a
tenth, so they are read from a table of simulations (``rules/measurements/task-queueing.yaml``).
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import pairwise
from math import exp, inf, isinf, log, log1p, sqrt
from statistics import NormalDist
from typing import Any

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.waiting import check, wait_probability
from advisor.data import read_data

_BISECTIONS = 24


class Ladder(Struct, frozen=True):
    """A duration by quantiles: ``times_s`` rise, at normal ``scores``; logarithms are interpolated.

    Below the first score (the median) it is a lognormal of ``sigma``, above the last the last slope
    goes on. Made by ``through``; ``slopes`` are those between the scores.
    """

    scores: tuple[float, ...]
    times_s: tuple[float, ...]
    sigma: float
    slopes: tuple[float, ...]

    @classmethod
    def through(cls, scores: tuple[float, ...], times_s: tuple[float, ...], sigma: float) -> Ladder:
        ends = zip(pairwise(scores), pairwise(times_s), strict=True)
        slopes = tuple(log(after / before) / (high - low) for (low, high), (before, after) in ends)
        return cls(scores, times_s, sigma, slopes)

    def at(self, score: float) -> float:
        if score <= self.scores[0]:
            return self.times_s[0] * exp(self.sigma * (score - self.scores[0]))
        piece = bisect_right(self.scores, score, 1, len(self.slopes)) - 1
        return self.times_s[piece] * exp(self.slopes[piece] * (score - self.scores[piece]))

    def score(self, x_s: float) -> float:
        if x_s < self.times_s[0]:
            if self.sigma == 0 or x_s <= 0:
                return -inf
            return self.scores[0] + log(x_s / self.times_s[0]) / self.sigma
        # The last of equal times: the highest score whose time is not above.
        piece = bisect_right(self.times_s, x_s, 1, len(self.slopes)) - 1
        slope = self.slopes[piece]
        if slope <= 0:
            return inf
        return self.scores[piece] + log(x_s / self.times_s[piece]) / slope


def sharing_mean(vcpus: int, utilisation: float, service_s: float) -> float:
    """Return the mean response in s: S (1 + C / (v (1 - u))) with C of Erlang.

    ``service_s`` is what a request takes alone, ``utilisation`` that of all vCPUs. Exact for random
    arrivals whatever the spread of the work; infinite from a utilisation of one. Raises ValueError
    for less than one vCPU and for negative or infinite arguments.
    """
    check(vcpus, utilisation, service_s)
    return significant(service_s * (1 + excess(vcpus, utilisation))) if service_s else 0.0


def sharing_quantile(
    q: float, vcpus: int, utilisation: float, service_s: float, cv2: float
) -> float:
    """Return the response in s that a share ``q`` of requests stays below (0 < q < 1).

    ``cv2`` is the squared coefficient of variation of the work, a lognormal. The table spans up to
    32 vCPUs and ``cv2`` 4. More vCPUs are as 32, numbers between as the next lower; above ``cv2`` 4
    the slowdown is that of 4. Infinite above a utilisation of 0.95. Arguments as ``sharing_mean``.
    """
    if not 0 < q < 1:
        raise ValueError(f"a share of {q} is not between 0 and 1")
    check(vcpus, utilisation, service_s, cv2)
    sigma = sqrt(log1p(cv2))
    found = slowed(vcpus, utilisation, sigma)
    if found is None:
        return inf
    if service_s == 0:
        return 0.0
    ladder = Ladder.through(scores(), found, sigma)
    return significant(service_s * ladder.at(NormalDist().inv_cdf(q)))


def excess(vcpus: int, utilisation: float) -> float:
    """Return by what share sharing makes the mean longer; infinite from a utilisation of one."""
    if vcpus < 1:
        raise ValueError("requests need a vCPU to share")
    if utilisation >= 1:
        return inf
    return wait_probability(vcpus, vcpus * utilisation) / (vcpus * (1 - utilisation))


def utilisation_of(vcpus: int, wanted: float, highest: float) -> float:
    """Return the utilisation up to ``highest`` whose ``excess`` is ``wanted``, rounded up."""
    if wanted <= 0:
        return 0.0
    if wanted >= excess(vcpus, highest):
        return highest
    if vcpus == 1:
        return wanted / (1 + wanted)
    low, high = 0.0, highest
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if excess(vcpus, middle) < wanted:
            low = middle
        else:
            high = middle
    return high


def slowed(vcpus: int, utilisation: float, sigma: float) -> tuple[float, ...] | None:
    """Return the responses at ``scores`` in units of the mean work, or None beyond the table.

    Between utilisations response times (1 - u) is interpolated, which changes little; between
    spreads the response, in the coefficient of variation.
    """
    table = _table()
    marks = table.utilisations
    if utilisation > marks[-1] or isinf(utilisation):
        return None
    cv = sqrt(exp(sigma * sigma) - 1)
    row = max(0, bisect_right(table.vcpus, vcpus) - 1)
    alone = [exp(sigma * score - sigma * sigma / 2) for score in table.scores]
    below = min(bisect_right(table.cv, cv) - 1, len(table.cv) - 2)
    share = (cv - table.cv[below]) / (table.cv[below + 1] - table.cv[below])
    right = min(bisect_right(marks, utilisation), len(marks) - 1)
    left_mark = marks[right - 1] if right else 0.0
    part = (utilisation - left_mark) / (marks[right] - left_mark)
    times: list[float] = []
    for place, own in enumerate(alone):
        ends = [
            own if column < 0 else _at_mark(table, row, below, place, column, share, own)
            for column in (right - 1, right)
        ]
        scaled = ends[0] * (1 - left_mark) * (1 - part) + ends[1] * (1 - marks[right]) * part
        times.append(max(own, scaled / (1 - utilisation), times[-1] if times else 0.0))
    return tuple(times)


def _at_mark(
    table: _Table, row: int, below: int, place: int, column: int, share: float, own: float
) -> float:
    low, high = (table.responses[row][below + step][place][column] for step in (0, 1))
    if share <= 1:
        return low + share * (high - low)
    widest = sqrt(log1p(table.cv[-1] ** 2))
    return high * max(1.0, own / exp(widest * table.scores[place] - widest * widest / 2))


class _Table(Struct, frozen=True):
    scores: tuple[float, ...]
    utilisations: tuple[float, ...]
    vcpus: tuple[float, ...]
    cv: tuple[float, ...]
    responses: tuple[tuple[tuple[tuple[float, ...], ...], ...], ...]


def scores() -> tuple[float, ...]:
    """Return the normal scores of the table's shares, the median first."""
    return _table().scores


@cache
def _table() -> _Table:
    entry = measured()["sharing"]
    rows = [tuple(tuple(map(float, row)) for row in each["rows"]) for each in entry["responses"]]
    width = len(entry["cv2"])
    return _Table(
        scores=tuple(NormalDist().inv_cdf(float(share)) for share in entry["shares"]),
        utilisations=tuple(map(float, entry["utilisations"])),
        vcpus=tuple(map(float, entry["vcpus"])),
        cv=tuple(sqrt(float(cv2)) for cv2 in entry["cv2"]),
        responses=tuple(tuple(rows[at : at + width]) for at in range(0, len(rows), width)),
    )


@cache
def measured() -> dict[str, Any]:
    """Return the measured figures about tasks, each with its source, date and grade."""
    entries: dict[str, Any] = read_data("rules/measurements/task-queueing.yaml")
    return entries
