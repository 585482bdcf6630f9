"""The joint search: every compatible design, judged and priced; the cheapest feasible one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions import unknowns
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.candidates import candidates_of, competing
from advisor.decisions.flips import traffic_flips
from advisor.decisions.latency import objective_percentile
from advisor.decisions.options import (
    DECISIONS,
    current_of,
    decision_of,
    reopen,
    runner_up_of,
)
from advisor.decisions.path import FARGATE
from advisor.decisions.pricing import Pricer
from advisor.decisions.recommendation import Candidate, Notice, Objective, Recommendation
from advisor.decisions.situation import Situation, resolve
from advisor.tariff import open_book

if TYPE_CHECKING:
    from datetime import date

    from advisor.workload import Workload


def compare(
    workload: Workload,
    *,
    as_of: date | None = None,
    file: str | None = None,
    prices: str | None = None,
    flip_points: bool = True,
) -> Recommendation:
    """Return the recommended design of a workload, with every option that was considered.

    ``as_of`` takes the prices of that day; None the newest known. ``prices`` is the folder of
    another price table than the shipped one. ``flip_points`` False leaves them out, for a caller
    that asks for many answers and shows none. The workload must have passed
    ``advisor.workload.checks``.
    """
    book = open_book(as_of, prices=prices)
    assumptions = Assumptions()
    situation = resolve(workload, assumptions)
    pricer = Pricer(situation, book)
    candidates = candidates_of(workload, pricer)
    feasible = competing(candidates)
    best = feasible[0] if feasible else None
    if best is None:
        # What would reopen a design can only be said when everything against it is known.
        candidates = candidates_of(workload, pricer, thorough=True)
    runner_up = runner_up_of(best, feasible)
    decisions = tuple(
        decision_of(name, candidates, feasible)
        for name in DECISIONS
        if any(name in candidate.design.choices() for candidate in candidates)
    )
    if best is not None:
        if flip_points:
            flips = traffic_flips(situation, feasible, best, book.in_floats())
            first, *others = decisions
            decisions = (replace(first, flip_points=flips), *others)
        unknowns.note_inferred_prices(best, assumptions)
        _note_memory(best, situation, assumptions)
    if any(c.latency and c.latency.model and c.design.compute in FARGATE for c in candidates):
        assumptions.take(
            "latency of tasks",
            "at the peak",
            "requests come to tasks in turn, as an Application Load Balancer sends them",
        )
    missing = unknowns.missing_prices(candidates, book)
    day = as_of or unknowns.newest(candidates)
    return Recommendation(
        workload=workload.name,
        region=situation.region,
        file=file,
        prices_as_of=day.isoformat(),
        prices_origin=book.table.origin,
        prices_digest=book.table.digest(),
        monthly_requests=situation.arrivals.monthly_requests,
        best=best,
        runner_up=runner_up,
        current=current_of(workload, candidates),
        decisions=decisions,
        assumptions=assumptions.listed(),
        warnings=_warnings(best, situation, day),
        unknowns=(*unknowns.unread(workload), *missing),
        objective=_objective(situation, best, candidates),
        not_priced=unknowns.not_priced(situation, best),
        reopen=() if best is not None or missing else reopen(candidates),
    )


def _note_memory(best: Candidate, situation: Situation, assumptions: Assumptions) -> None:
    """List a memory that is not the stated one among what was taken for granted."""
    running, chosen = situation.running, best.sizing.get("memory_mb")
    if running is not None and chosen is not None and chosen != running.memory_mb:
        assumptions.take(
            "memory of the function",
            chosen,
            f"chosen in place of {running.memory_mb:g} MB: the cheapest that holds the objective,"
            " by how its duration depends on memory",
        )


def _objective(
    situation: Situation, best: Candidate | None, candidates: list[Candidate]
) -> Objective | None:
    """Return what the latency objective costs: against the cheapest design that ignores it."""
    slo = situation.workload.slo
    if best is None or best.unbound is None or slo is None or slo.latency_p99_ms is None:
        return None
    others = [
        (*candidate.unbound, candidate.design)
        for candidate in candidates
        if candidate.unbound is not None
        and candidate.design.cold_start in (None, "none")
        and all(verdict.rule == "slo.latency" for verdict in candidate.excluded_by)
    ]
    if not others:
        return None
    amount, latency, design = min(others, key=lambda each: each[0])
    return Objective(
        percentile=objective_percentile(situation),
        objective_ms=slo.latency_p99_ms,
        reached_ms=best.reached_ms or 0.0,
        without=design,
        without_ms=latency.reached_ms or 0.0,
        price_usd=total(best.line_items) - amount,
    )


def _warnings(best: Candidate | None, situation: Situation, day: date) -> tuple[Notice, ...]:
    if best is None:
        return ()
    found = [
        Notice(code=verdict.rule, message=verdict.because, field=verdict.fields[-1])
        for verdicts in best.verdicts.values()
        for verdict in verdicts
        if verdict.effect == "warn" and verdict.result == "true"
    ]
    return (*found, *unknowns.runtime_warning(situation, day))
