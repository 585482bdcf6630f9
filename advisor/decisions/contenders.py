"""Which designs can win: asked before the sizing that takes long, and after it."""

from __future__ import annotations

from functools import partial
from heapq import heapify, heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions.assumptions import house_assumption
from advisor.decisions.managed_instances import MANAGED_INSTANCES, least_usd
from advisor.decisions.memories import curves_of
from advisor.decisions.path import FARGATE
from advisor.decisions.recommendation import monthly_usd_of
from advisor.decisions.remedy_bounds import least_with_remedy, tracked_environments
from advisor.decisions.situation import margin_percent
from advisor.decisions.sizing import ladders
from advisor.decisions.task_charges import cost_of
from advisor.units import PERCENT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Sequence

    from advisor.decisions.context import RuleContext
    from advisor.decisions.pricing import Pricer
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.decisions.sized import Sized
    from advisor.rulebook import Rulebook

SEVERAL_AT_ONCE = (MANAGED_INSTANCES, *FARGATE)
"""Compute options that serve several requests at once, so that these may wait for each other."""


class Narrowed(Struct, frozen=True, kw_only=True):
    """What a search among compute, cold starts and front door is narrowed to.

    ``designs`` are those to look at. What serves several requests at once and costs more by its
    load than a design that was found is given up, since it takes long to find out whether it holds
    the objective. With ``only_best`` so is everything else, as nobody asks for its bill.
    """

    designs: Container[Design]
    only_best: bool = False

    def given_up(self, designs: Iterable[Design], option: str) -> list[Design]:
        """Return those with an option, if any of them may be given up for its cost."""
        having = [each for each in designs if each in self.designs and each.has(option)]
        costly = self.only_best or any(each.compute in SEVERAL_AT_ONCE for each in having)
        return having if costly else []


def not_ruled_out(
    rulebook: Rulebook, context: RuleContext, wanted: Iterable[Design]
) -> list[Design]:
    """Return the designs that no rule excludes; nobody asks which rule."""
    alone: dict[tuple[str, str], bool] = {}
    found = []
    for design in wanted:
        choices = design.choices()
        for choice in choices.items():
            if choice not in alone:
                alone[choice] = rulebook.rules_out(*choice, context)
        if not any(alone[choice] for choice in choices.items()):
            own = context.of(choices)
            if not any(rulebook.rules_out_beside(*choice, own) for choice in choices.items()):
                found.append(design)
    return found


def contenders(
    pricer: Pricer,
    wanted: Sequence[Design],
    judge: Callable[[Design], Candidate],
    *,
    only_best: bool,
    crossed: Collection[str],
    beside_usd: float,
) -> list[Candidate]:
    """Return the candidates of the designs that can win, in the order of ``wanted``.

    The design that costs least by its load is judged first, and none that is given up (see
    ``Narrowed``) for costing more than one found, by more than a tie of whole designs, of which
    ``beside_usd`` is what other blocks cost. A design is only given up for one with the same
    options of the decisions in ``crossed``: another block's option may exclude those.
    """
    found: dict[Design, Candidate] = {}
    least: dict[tuple[str | None, ...], float] = {}
    margin = margin_percent(pricer.situation) / PERCENT

    def ceiling(design: Design) -> float:
        cheapest = least.get(_options(design, crossed))
        return inf if cheapest is None else cheapest + margin * (cheapest + beside_usd)

    def take(design: Design) -> None:
        found[design] = candidate = judge(design)
        if candidate.feasible:
            own = _options(design, crossed)
            least[own] = min(candidate.known_usd, least.get(own, inf))

    plain = [design for design in wanted if design.cold_start in (None, "none")]
    waiting = []
    for at, design in enumerate(plain):
        if only_best or design.compute in SEVERAL_AT_ONCE:
            waiting.append((_rough_floor(pricer, design), at, False))
        else:
            take(design)
    heapify(waiting)
    while waiting:
        floor, at, exact = heappop(waiting)
        design = plain[at]
        if floor > ceiling(design):
            continue
        if exact:
            take(design)
        else:
            heappush(waiting, (_floor(pricer, design), at, True))
    for design in wanted:
        if design.cold_start in (None, "none"):
            continue
        without = replace(design, cold_start="none")
        most = ceiling(design) if only_best else inf
        if without in plain and without not in found:
            if _least_with_remedy(pricer, without) > most:
                continue
            take(without)
        if _may_be_worth_it(pricer, design, found.get(without), most):
            take(design)
    return [found[design] for design in wanted if design in found]


def _options(design: Design, decisions: Collection[str]) -> tuple[str | None, ...]:
    return tuple(getattr(design, decision) for decision in decisions)


def _rough_floor(pricer: Pricer, design: Design) -> float:
    """Return at a glance what a design costs at least."""
    situation, book = pricer.situation, pricer.book
    if design.compute == MANAGED_INSTANCES:
        return least_usd(situation, book)
    if design.compute in FARGATE and situation.running is not None:
        cost = cost_of(str(design.compute), book, situation, situation.running)
        return min((cost(sized.shown) for sized in _by_load(pricer, design)), default=0.0)
    return 0.0


def _floor(pricer: Pricer, design: Design) -> float:
    """Return what a design costs by its load alone: no more than with the objective held."""
    if _other_memories(pricer, design):
        return 0.0
    # The cheapest size is the same behind every front door.
    cheapest = pricer.remember(
        ("cheapest", design.compute, design.cold_start),
        lambda: min(_by_load(pricer, design), key=partial(_usd, pricer, design), default=None),
    )
    return 0.0 if cheapest is None else _usd(pricer, design, cheapest)


def _usd(pricer: Pricer, design: Design, sized: Sized) -> float:
    return float(total(pricer.price(design, sized).line_items))


def _other_memories(pricer: Pricer, design: Design) -> bool:
    """Return whether a function was measured at other memories, of which one may cost less.

    By a stated part of CPU it never does: with more memory the CPU's share of a request costs the
    same, and everything else costs more.
    """
    curves = curves_of(pricer) if design.compute == "lambda" else {}
    return any(curve.own or len(curve.by_memory.points) > 1 for curve in curves.values())


def _by_load(pricer: Pricer, design: Design) -> list[Sized]:
    """Return the cheapest size of each kind that carries the load, whatever the front door."""
    return pricer.remember(
        ("by load", design.compute, design.cold_start),
        lambda: [next(iter(each)) for each in ladders(pricer.situation, design, pricer.book)],
    )


def _may_be_worth_it(
    pricer: Pricer, design: Design, without: Candidate | None, ceiling: float
) -> bool:
    """Return whether a remedy for cold starts may save what it must save, or is needed.

    ``without`` is the same design without it; ``ceiling`` is what a needed one may cost. SnapStart
    must be needed.
    """
    if without is None:
        return True
    if not without.feasible:
        return ceiling == inf or _least_with_remedy(pricer, without.design) <= ceiling
    if design.cold_start != "provisioned" or without.missing_variants:
        return design.cold_start == "provisioned"
    situation = pricer.situation
    # Only an objective that is missed asks for more than the load, or for another memory.
    kept = 0.0 if _other_memories(pricer, design) else tracked_environments(situation)
    least = least_with_remedy(situation, without.line_items, pricer.book, environments=kept)
    must_save: float = house_assumption("cold_start_remedy")["must_save"]
    return least <= (1 - must_save) * without.known_usd


def _least_with_remedy(pricer: Pricer, plain: Design) -> float:
    """Return what a design costs at least when something is done about its cold starts."""
    if _other_memories(pricer, plain):
        return 0.0
    bills = [pricer.price(plain, sized).line_items for sized in _by_load(pricer, plain)]
    least = (least_with_remedy(pricer.situation, each, pricer.book) for each in bills)
    return min(least, default=0.0)


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
