"""Cheap estimates of where traffic changes the answer, so that few exact looks find it.

Designs keep what they are now; tasks are counted anew, and peaks keep their proportion.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from advisor.cost.bill import total
from advisor.decisions.latency import latency_of
from advisor.decisions.pricing import Pricer
from advisor.decisions.sizing import resized, task_sizes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.decisions.answering import Field
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.decisions.situation import Situation
    from advisor.decisions.varying import Figure
    from advisor.tariff import PriceBook

_STEPS_PER_DECADE = 4
_PRECISION = 3e-4


def traffic_hints(field: Field, figure: Figure) -> tuple[float, ...]:
    """Return the rates near which another design of compute and front door becomes the cheapest."""
    situation, book = field.situation, field.book.in_floats()
    rivals = [whole.parts[0] for whole in field.rivals]
    best = {each.design: each for each in rivals if each.design.choices()}
    if len(best) < 2:
        return ()
    kept = _not_beaten(list(best.values()))
    least = [(rival, _least_vcpu(situation, rival, book)) for rival in kept]

    def winner(rate: float) -> Design | None:
        return _cheapest(situation.scaled(rate / figure.now), least, book)

    values = [figure.now]
    step = 10 ** (1 / _STEPS_PER_DECADE)
    while values[-1] * step <= figure.high * (1 + _PRECISION):
        values.append(values[-1] * step)
    while values[0] / step >= figure.low * (1 - _PRECISION):
        values.insert(0, values[0] / step)
    return tuple(_crossings(values, winner))


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


def _cheapest(
    situation: Situation,
    rivals: list[tuple[Candidate, float]],
    book: PriceBook,
) -> Design | None:
    pricer = Pricer(situation, book)
    costs = []
    for rival, least_vcpu in rivals:
        sized = resized(situation, rival, book, least_vcpu=least_vcpu)
        priced = pricer.price(rival.design, sized)
        if priced.missing:
            return None
        costs.append((float(total(priced.line_items)), rival.design))
    return min(costs, key=lambda each: each[0])[1]


def _least_vcpu(situation: Situation, rival: Candidate, book: PriceBook) -> float:
    """Return the fewest vCPUs of a task with which a rival meets the latency objective."""
    if rival.latency is None or not rival.latency.judged:
        return 0.0
    for sized in task_sizes_of(situation, rival, book):
        if not latency_of(situation, rival.design, sized).missed:
            vcpu: float = sized.shown["task_vcpu"]
            return vcpu
    return 0.0
