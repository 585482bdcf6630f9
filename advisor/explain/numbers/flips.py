"""Flip points: the answers just before and just after one, worked out anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.decisions.preferring import preferred
from advisor.decisions.varying import figures
from advisor.explain.explanation import Explanation, Figure
from advisor.wording import naming, reasons, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.recommendation import Decision, FlipPoint, Preference
    from advisor.decisions.varying import Figure as Varied
    from advisor.explain.case import Case

_ASIDE = 0.01
"""How far from the point both sides are looked at, as a part of it."""
_ASKED = {
    "now": "What the workload has now.",
    "at": "Where the answer changes.",
    "factor": "Where the answer changes, by what the workload has now.",
}


def flip(case: Case, decision: Decision, point: FlipPoint, steps: Sequence[object]) -> Explanation:
    """Explain a flip point: the figure, how far it is, and the answers on both sides."""
    varied = next(each for each in figures(case.situation) if each.field == point.field)
    return Explanation(
        title=reasons.flip(point, decision.decision),
        sentences=tuple(_ASKED[str(step)] for step in steps if str(step) in _ASKED),
        figures=(
            Figure(name=f"{point.field} now", value=point.now, unit=point.unit),
            Figure(name="at", value=point.at, unit=point.unit),
            Figure(
                name="factor",
                value=point.factor,
                unit="times",
                formula=f"{words.quantity(point.at)} ÷ {words.quantity(point.now)}",
            ),
        ),
        children=(
            _side(case, varied, point.at * (1 - _ASIDE), "below"),
            _side(case, varied, point.at * (1 + _ASIDE), "above"),
        ),
    )


def _side(case: Case, varied: Varied, value: float, where: str) -> Explanation:
    """Return the cheapest design of each first option, the recommended one first."""
    title = f"{_ASIDE:.0%} {where}, at {words.quantity(value)} {varied.unit}"
    ranked, preference = preferred(case.field_of(varied.at(value)))
    cheapest: dict[str, Figure] = {}
    for whole in ranked:
        first = next(iter(whole.design.choices().values()))
        if first not in cheapest:
            cheapest[first] = Figure(
                name=naming.choices(whole.design),
                value=whole.monthly_usd,
                unit="USD",
                formula="" if cheapest else _why(preference),
            )
    if not cheapest:
        return Explanation(title=f"{title}: no design is left")
    return Explanation(title=title, figures=tuple(cheapest.values()))


def _why(preference: Preference | None) -> str:
    if preference is None:
        return "the answer there"
    return f"the answer there, preferred by {', '.join(v.rule for v in preference.verdicts)}"
