"""Which designs can win: asked before the sizing that takes long, and after it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.cost.units import PERCENT
from advisor.decisions.assumptions import house_assumption
from advisor.decisions.cold_start import most_saved
from advisor.decisions.managed_instances import MANAGED_INSTANCES, least_usd
from advisor.decisions.path import FARGATE
from advisor.decisions.recommendation import monthly_usd_of
from advisor.decisions.situation import margin_percent
from advisor.decisions.sizing import ladders

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.decisions.context import RuleContext
    from advisor.decisions.pricing import Pricer
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.rulebook import Rulebook

SEVERAL_AT_ONCE = (MANAGED_INSTANCES, *FARGATE)
"""Compute options that serve several requests at once, so that these may wait for each other."""


def ruled_out(rulebook: Rulebook, context: RuleContext, design: Design) -> bool:
    """Return whether a rule excludes a design; nobody asks which."""
    choices = design.choices()
    own = context.of(choices)
    return any(rulebook.rules_out(*choice, own) for choice in choices.items())


def contenders(
    pricer: Pricer, wanted: list[Design], judge: Callable[[Design], Candidate]
) -> list[Candidate]:
    """Return the candidates of the designs that can win.

    Whether what serves several requests at once holds the objective takes long to find out; so
    these come last, the cheapest by their load first, and none that is dearer than one found.
    """
    found: list[Candidate] = []
    for design in wanted:
        if design.compute not in SEVERAL_AT_ONCE and (
            design.cold_start in (None, "none") or _may_be_worth_it(pricer, design, found)
        ):
            found.append(judge(design))
    situation = pricer.situation
    margin = 1 + margin_percent(situation) / PERCENT
    ceiling = _least(found) * margin
    several = [
        design
        for design in wanted
        if design.compute in SEVERAL_AT_ONCE
        and (design.compute != MANAGED_INSTANCES or least_usd(situation, pricer.book) <= ceiling)
    ]
    floors = sorted(((_floor(pricer, design), i) for i, design in enumerate(several)))
    for floor, index in floors:
        if floor <= _least(found) * margin:
            found.append(judge(several[index]))
    return found


def _least(found: list[Candidate]) -> float:
    return min((each.known_usd for each in found if each.feasible), default=inf)


def _floor(pricer: Pricer, design: Design) -> float:
    """Return what a design costs by its load alone: no more than with the objective held."""
    floors = [
        float(total(pricer.price(design, next(iter(ladder))).line_items))
        for ladder in ladders(pricer.situation, design, pricer.book)
    ]
    return min(floors, default=0.0)


def _may_be_worth_it(pricer: Pricer, design: Design, found: list[Candidate]) -> bool:
    """Return whether a remedy for cold starts may save what it must save, or is needed.

    Provisioned concurrency saves INIT, and of what duration costs no more than if it were always
    busy; SnapStart must be needed.
    """
    plain = replace(design, cold_start="none")
    without = next((each for each in found if each.design == plain and each.feasible), None)
    if without is None:
        return True
    if design.cold_start != "provisioned" or without.missing_variants:
        return design.cold_start == "provisioned"
    must_save = house_assumption("cold_start_remedy")["must_save"]
    most = most_saved(pricer.situation, without.line_items, pricer.book)
    return most is None or most >= must_save * without.known_usd


def competing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the feasible designs that may be recommended, the cheapest first.

    A remedy for cold starts is a thing to run and to pay for, so where the same design meets the
    objective without it, it must save a stated part of the bill to be worth a recommendation.
    SnapStart must be needed: how long it takes to restore your code, nobody has measured.
    """
    feasible = [candidate for candidate in candidates if candidate.feasible]
    plain = {candidate.design: candidate for candidate in feasible}
    must_save = house_assumption("cold_start_remedy")["must_save"]
    found = []
    for candidate in feasible:
        cold_start = candidate.design.cold_start
        without = plain.get(replace(candidate.design, cold_start="none"))
        if cold_start in (None, "none") or without is None:
            found.append(candidate)
        elif cold_start != "snapstart":
            least = monthly_usd_of(without) * (1 - must_save)
            found += [candidate] if monthly_usd_of(candidate) < least else []
    return sorted(found, key=monthly_usd_of)
