"""Cheap estimates of where traffic changes the answer, so that few exact looks find it.

Designs keep what they are now; tasks are counted anew, and peaks keep their proportion.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.cost.bill import total
from advisor.decisions.latency import latency_of
from advisor.decisions.preferring import votes
from advisor.decisions.pricing import Pricer
from advisor.decisions.situation import margin_percent
from advisor.decisions.task_sizes import resized, task_sizes_of
from advisor.units import PERCENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.decisions.answering import Field
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.decisions.situation import Situation
    from advisor.decisions.varying import Figure
    from advisor.tariff import PriceBook

_STEPS_PER_DECADE = 4
_PRECISION = 3e-4


class Hints(Struct, frozen=True, kw_only=True):
    """The values near which the answer may change, and the designs of compute that may win."""

    values: tuple[float, ...] = ()
    designs: frozenset[Design] = frozenset()


class _Rival(Struct, frozen=True, kw_only=True):
    """A design as it is now, the fewest vCPUs of its tasks, and how many rules prefer it."""

    candidate: Candidate
    least_vcpu: float
    votes: int


def traffic_hints(field: Field, figure: Figure) -> Hints:
    """Return the rates near which another design of compute and front door becomes the answer."""
    situation, book = field.situation, field.book.in_floats()
    first = {whole.parts[0].design: whole for whole in reversed(field.rivals)}
    if len(first) < 2:
        return Hints()
    kept = _not_beaten([whole.parts[0] for whole in first.values()])
    asked = set.intersection(*(set(each.design.choices()) for each in kept))
    rivals = [
        _Rival(
            candidate=each,
            least_vcpu=_least_vcpu(situation, each, book),
            votes=len(votes(field.late(first[each.design]), asked)),
        )
        for each in kept
    ]
    margin = 1 + margin_percent(situation) / PERCENT
    won: set[Design] = set()

    def winner(rate: float) -> Design | None:
        found = _winner(situation.scaled(rate / figure.now), rivals, margin, book)
        if found is not None:
            won.add(found)
        return found

    values = [figure.now]
    step = 10 ** (1 / _STEPS_PER_DECADE)
    while values[-1] * step <= figure.high * (1 + _PRECISION):
        values.append(values[-1] * step)
    while values[0] / step >= figure.low * (1 - _PRECISION):
        values.insert(0, values[0] / step)
    return Hints(values=tuple(_crossings(values, winner)), designs=frozenset(won))


def _not_beaten(rivals: list[Candidate]) -> list[Candidate]:
    """Return the cheapest candidate of each compute option, and of each front door."""
    found: dict[str | None, Candidate] = {}
    for rival in sorted(rivals, key=lambda each: each.known_usd):
        for option in (rival.design.compute, rival.design.api):
            found.setdefault(option, rival)
    return list({each.design: each for each in found.values()}.values())


def _crossings(values: list[float], winner: Callable[[float], Design | None]) -> list[float]:
    found = []
    before = winner(values[0])
    for low, high in pairwise(values):
        after = winner(high)
        if after is not None and before is not None and after != before:
            inside, outside = low, high
            while outside / inside - 1 > _PRECISION:
                middle = (inside * outside) ** 0.5
                if winner(middle) == before:
                    inside = middle
                else:
                    outside = middle
            found.append((inside * outside) ** 0.5)
        before = after
    return found


def _winner(
    situation: Situation, rivals: list[_Rival], margin: float, book: PriceBook
) -> Design | None:
    """Return the design that most rules prefer of those near the cheapest; None without a price."""
    pricer = Pricer(situation, book)
    costs = []
    for rival in rivals:
        candidate = rival.candidate
        sized = resized(situation, candidate, book, least_vcpu=rival.least_vcpu)
        priced = pricer.price(candidate.design, sized)
        if priced.missing:
            return None
        costs.append(float(total(priced.line_items)))
    # With allowances a cost may be a rounding below nothing, which a margin must not lower.
    enough = max(min(costs), min(costs) * margin)
    close = [i for i, cost in enumerate(costs) if cost <= enough]
    best = max(close, key=lambda i: (rivals[i].votes, -costs[i]))
    return rivals[best].candidate.design


def _least_vcpu(situation: Situation, rival: Candidate, book: PriceBook) -> float:
    """Return the fewest vCPUs of a task with which a rival meets the latency objective."""
    if rival.latency is None or not rival.latency.judged:
        return 0.0
    for sized in task_sizes_of(situation, rival, book):
        if not latency_of(situation, rival.design, sized).missed:
            vcpu: float = sized.shown["task_vcpu"]
            return vcpu
    return 0.0
