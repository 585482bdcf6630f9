"""Where the recommendation changes as one figure of the workload grows or shrinks.

The answer is worked out anew on both sides of every flip point, with the sizes, the latencies and
the rules of there; what is left out is designs that no change of the figure can bring back.
"""

from __future__ import annotations

from itertools import pairwise
from math import log, log10
from typing import TYPE_CHECKING, Literal, TypeAlias

from advisor.decisions.derived import DERIVED_FIELDS
from advisor.decisions.hints import traffic_hints
from advisor.decisions.preferring import preferred
from advisor.decisions.recommendation import FlipPoint
from advisor.decisions.situation import margin_percent
from advisor.decisions.varying import figures, traffic
from advisor.units import PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.decisions.answering import Field
    from advisor.decisions.joining import Whole
    from advisor.decisions.recommendation import Design
    from advisor.decisions.varying import Figure
    from advisor.rulebook import Verdict

Flips: TypeAlias = Literal["none", "traffic", "all"]
"""Along which figures flip points are looked for."""

_PRECISION = 1e-3
_STEPS = 4
"""Steps per decade at which the answer is looked at where no estimate says where it changes."""
_MOST_STEPS = 8
_FINEST = 16
"""Steps per decade down to which a stretch is looked at whose ends agree by a narrow margin."""


def no_flips(_field: Field) -> dict[str, tuple[FlipPoint, ...]]:
    """Look for none, for a caller that asks for many answers and shows none."""
    return {}


def traffic_flips(field: Field) -> dict[str, tuple[FlipPoint, ...]]:
    """Return by decision the mean rates within a factor of 100 of now where its answer changes."""
    figure = traffic(field.situation)
    if figure is None or not field.rivals:
        return {}
    line = _Line(field, figure)
    ends = _ends(figure)
    hints = traffic_hints(field, figure)
    line.keep_to(ends, hints.designs)
    return line.points(sorted(ends | _around(figure, hints.values)))


def all_flips(field: Field) -> dict[str, tuple[FlipPoint, ...]]:
    """Return the flip points along every figure, by decision, in the order of the figures."""
    found: dict[str, tuple[FlipPoint, ...]] = {}
    if not field.rivals:
        return found
    for figure in figures(field.situation):
        line = _Line(field, figure, certain=True)
        for decision, points in line.points(sorted(_ends(figure) | _steps(figure))).items():
            found[decision] = (*found.get(decision, ()), *points)
    return found


def _ends(figure: Figure) -> set[float]:
    return {figure.low, figure.now, figure.high}


def _steps(figure: Figure) -> set[float]:
    """Return values at even steps of the logarithm, counted from now."""
    found = set()
    step = 10 ** (1 / _STEPS)
    for factor in (step, 1 / step):
        value = figure.now * factor
        while figure.low < value < figure.high:
            found.add(value)
            value *= factor
    return found


def _around(figure: Figure, hints: Iterable[float]) -> set[float]:
    """Return a value on either side of each hint."""
    return {
        near
        for hint in hints
        for near in (hint * (1 - _PRECISION / 3), hint * (1 + _PRECISION / 3))
        if figure.low < near < figure.high
    }


class _Line:
    """The answers along one figure, each worked out once."""

    def __init__(self, field: Field, figure: Figure, *, certain: bool = False) -> None:
        self.field = field
        self.figure = figure
        self.certain = certain
        self.designs = frozenset(_worth_looking_at(field, figure))
        self.found: dict[float, Sequence[Whole]] = {figure.now: preferred(field)[0]}

    def keep_to(self, values: Iterable[float], designs: Iterable[Design]) -> None:
        """Look only at these designs from here on, and at those that come near at some value.

        Near is what may win there by a preference, and what is possible at some of them only.
        """
        margin = 1 + margin_percent(self.field.situation) / PERCENT
        near = set(designs)
        feasible: list[set[Design]] = []
        for value in values:
            ranked = self._ranked(value)
            near |= {
                whole.parts[0].design
                for whole in ranked
                if whole.monthly_usd <= ranked[0].monthly_usd * margin
            }
            feasible.append({whole.parts[0].design for whole in ranked})
        sometimes: set[Design] = set()
        for one in feasible:
            for other in feasible:
                sometimes |= one - other
        self.designs &= frozenset(near | sometimes)

    def points(self, values: Sequence[float]) -> dict[str, tuple[FlipPoint, ...]]:
        """Return every flip point between the values, by decision, in ascending order."""
        points: dict[str, list[FlipPoint]] = {}
        for low, high in pairwise(values):
            for inside, outside in self._changes(low, high):
                for decision, point in self._told(inside, outside):
                    points.setdefault(decision, []).append(point)
        return {decision: tuple(each) for decision, each in points.items()}

    def answer(self, value: float) -> dict[str, str]:
        """Return the recommended option of each decision, nothing where no design is left."""
        found = self._ranked(value)
        return found[0].design.choices() if found else {}

    def _ranked(self, value: float) -> Sequence[Whole]:
        if value not in self.found:
            there = self.field.elsewhere(self.figure.at(value), self.designs)
            self.found[value] = preferred(there)[0]
        return self.found[value]

    def _changes(self, low: float, high: float) -> Iterable[tuple[float, float]]:
        """Yield each pair of values, close together, between which the answer changes."""
        if self.answer(low) != self.answer(high):
            yield from self._narrowed(low, high)
        elif self.certain and self._narrow(low, high):
            middle = (low * high) ** 0.5
            yield from self._changes(low, middle)
            yield from self._changes(middle, high)

    def _narrowed(self, low: float, high: float) -> Iterable[tuple[float, float]]:
        """Halve a stretch whose ends differ until it is narrow; in the middle a third may win."""
        if high / low - 1 <= _PRECISION:
            yield low, high
            return
        solved = self._solved(low, high)
        if solved is not None:
            yield solved
            return
        middle = (low * high) ** 0.5
        here, left, right = self.answer(middle), self.answer(low), self.answer(high)
        if here != left:
            yield from self._narrowed(low, middle)
        if here != right:
            yield from self._narrowed(middle, high)

    def _solved(self, low: float, high: float) -> tuple[float, float] | None:
        """Return where the costs of the two answers cross, if the answer changes just there.

        Between two values each cost is close to a power of the figure, so that their ratio is
        solved on logarithms, again and again on the part that is left. The answer changes where
        the costs are equal, or where the dearer of the two is no longer preferred. A jump of
        either, or a third answer, is left to halving.
        """
        was, becomes = self._ranked(low), self._ranked(high)
        if not was or not becomes:
            return None
        first, second = was[0].design, becomes[0].design
        margin = log(1 + margin_percent(self.field.situation) / PERCENT)
        target = 0.0
        for _ in range(_MOST_STEPS):
            gaps = [_gap(self._ranked(each), first, second) for each in (low, high)]
            before, after = gaps
            if before is None or after is None:
                return None
            if target == 0 and not before < 0 < after:
                target = margin if before >= 0 else -margin
            if not before < target < after:
                return None
            at = low * (high / low) ** ((target - before) / (after - before))
            inside = max(low, at * (1 - _PRECISION / 3))
            outside = min(high, at * (1 + _PRECISION / 3))
            if self.answer(inside) == second.choices():
                high = inside
            elif self.answer(inside) != first.choices():
                return None
            elif self.answer(outside) == second.choices():
                return inside, outside
            else:
                low = outside
        return None

    def _narrow(self, low: float, high: float) -> bool:
        """Return whether another answer may hide between ends that agree.

        What a design costs grows with the figure. So where the winner costs less at the upper end
        than any other at the lower one, nothing else wins in between.
        """
        if log10(high / low) <= 1 / _FINEST:
            return False
        here, there = self._ranked(low), self._ranked(high)
        if not here or not there:
            return False
        winner = here[0].design
        others = [each.monthly_usd for each in here if each.design != winner]
        return bool(others) and there[0].monthly_usd >= min(others)

    def _told(self, low: float, high: float) -> Iterable[tuple[str, FlipPoint]]:
        """Yield what changes between two values that lie close together, seen from now."""
        upward = low >= self.figure.now
        before, after = (low, high) if upward else (high, low)
        was, becomes = self.answer(before), self.answer(after)
        for decision in dict.fromkeys((*was, *becomes)):
            option, other = was.get(decision), becomes.get(decision)
            # A decision that containers do not ask is no answer that changes.
            if option == other or (other is None and becomes) or (option is None and was):
                continue
            yield (
                decision,
                FlipPoint(
                    field=self.figure.field,
                    unit=self.figure.unit,
                    now=float(f"{self.figure.now:.9g}"),
                    at=float(f"{after:.4g}"),
                    to=other,
                    because=self._reason(decision, option, after),
                ),
            )

    def _reason(
        self, decision: str, option: str | None, there: float
    ) -> Literal["cost", "limits", "preference"]:
        """Return why an option of a decision is not the answer at a value."""
        ranked = self._ranked(there)
        own = [
            whole.monthly_usd for whole in ranked if whole.design.choices().get(decision) == option
        ]
        if option is None or not own:
            return "cost" if option is None else "limits"
        return "preference" if min(own) < ranked[0].monthly_usd else "cost"


def _gap(ranked: Sequence[Whole], first: Design, second: Design) -> float | None:
    """Return by how much the first design costs more than the second, as a logarithm."""
    costs = {whole.design: whole.monthly_usd for whole in reversed(ranked)}
    one, other = costs.get(first), costs.get(second)
    return log(one / other) if one and other else None


def _worth_looking_at(field: Field, figure: Figure) -> Iterable[Design]:
    """Return the designs that may win elsewhere: no rule excludes them whatever the figure is."""
    for candidate in field.blocks[0]:
        if not any(_for_good(verdict, field, figure) for verdict in candidate.excluded_by):
            yield candidate.design


def _for_good(verdict: Verdict, field: Field, figure: Figure) -> bool:
    """Return whether a verdict stays whatever the figure is."""
    rule = field.rulebook.rule(verdict.rule)
    if rule is None:
        return False
    return not any(
        read in figure.moves or read.startswith("derived.") or read in DERIVED_FIELDS
        for read in rule.reads
    )
