"""Where the recommendation changes as traffic grows or shrinks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from advisor.cost.bill import total
from advisor.decisions.latency import latency_of
from advisor.decisions.pricing import Pricer
from advisor.decisions.recommendation import Candidate, FlipPoint
from advisor.decisions.sizing import resized, task_sizes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

STEPS_PER_DECADE = 4
DECADES = 2
_PRECISION = 1e-3


def traffic_flips(
    situation: Situation, feasible: list[Candidate], best: Candidate, book: PriceBook
) -> tuple[FlipPoint, ...]:
    """Return the rates, within a factor of 100 of now, at which another compute option is cheaper.

    The advantage is not monotone (tiers, whole tasks), so the range is scanned and each change is
    then narrowed by bisection to 0.1 %. Only options that are feasible now compete, each in its
    cheapest design and architecture of now; peaks keep their proportion to the mean, and the
    share of cold requests stays.
    """
    rate = situation.arrivals.average_rps
    first = next(iter(best.design.choices()))
    rivals = list({c.design.choices()[first]: c for c in reversed(feasible)}.values())
    if rate == 0 or len(rivals) < 2:
        return ()

    slowest = [_least_vcpu(situation, rival, book) for rival in rivals]

    def winner(factor: float) -> str | None:
        return _cheapest(
            situation.scaled(factor), list(zip(rivals, slowest, strict=True)), first, book
        )

    grid = [
        10 ** (step / STEPS_PER_DECADE)
        for step in range(-DECADES * STEPS_PER_DECADE, DECADES * STEPS_PER_DECADE + 1)
    ]
    here = grid.index(1)
    upward = _crossings(grid[here:], winner, rate)
    downward = _crossings(grid[here::-1], winner, rate)
    return (*reversed(downward), *upward)


def _crossings(
    factors: list[float], winner: Callable[[float], str | None], rate: float
) -> list[FlipPoint]:
    found = []
    before = winner(factors[0])
    for near, far in pairwise(factors):
        after = winner(far)
        if after is not None and before is not None and after != before:
            inside, outside = near, far
            while abs(outside / inside - 1) > _PRECISION:
                middle = (inside * outside) ** 0.5
                if winner(middle) == before:
                    inside = middle
                else:
                    outside = middle
            found.append(
                FlipPoint(
                    field="traffic.average_rps",
                    now=float(f"{rate:.9g}"),
                    at=float(f"{rate * outside:.4g}"),
                    to=str(winner(outside)),
                )
            )
        before = after
    return found


def _cheapest(
    situation: Situation,
    rivals: list[tuple[Candidate, float]],
    decision: str,
    book: PriceBook,
) -> str | None:
    pricer = Pricer(situation, book)
    costs = []
    for rival, least_vcpu in rivals:
        sized = resized(situation, rival, book, least_vcpu=least_vcpu)
        priced = pricer.price(rival.design, sized)
        if priced.missing:
            return None
        costs.append((float(total(priced.line_items)), rival.design.choices()[decision]))
    return min(costs)[1]


def _least_vcpu(situation: Situation, rival: Candidate, book: PriceBook) -> float:
    """Return the fewest vCPUs of a task with which a rival meets the latency objective."""
    if rival.latency is None or rival.latency.verdict is None:
        return 0.0
    for sized in task_sizes_of(situation, rival, book):
        if not latency_of(situation, rival.design, sized).missed:
            vcpu: float = sized.shown["task_vcpu"]
            return vcpu
    return 0.0
