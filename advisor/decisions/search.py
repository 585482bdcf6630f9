"""The joint search: every compatible design, judged and priced; the cheapest feasible one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions import unknowns
from advisor.decisions.answering import Field
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.candidates import designs
from advisor.decisions.declared import current_of
from advisor.decisions.flips import all_flips, no_flips, traffic_flips
from advisor.decisions.joining import joined
from advisor.decisions.latency import objective_percentile
from advisor.decisions.options import decision_of, runner_up_of
from advisor.decisions.path import FARGATE
from advisor.decisions.preferring import preferred, questions
from advisor.decisions.recommendation import Candidate, Notice, Objective, Recommendation
from advisor.decisions.reopening import reopen
from advisor.decisions.situation import Situation, resolve
from advisor.limits import limits
from advisor.rulebook.rulebook import DECISIONS, built_in_rulebook
from advisor.tariff import open_book

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from advisor.decisions.flips import Flips
    from advisor.rulebook import Rulebook
    from advisor.workload import Workload


def compare(
    workload: Workload,
    *,
    as_of: date | None = None,
    file: str | None = None,
    prices: str | None = None,
    rules: Rulebook | None = None,
    flips: Flips = "traffic",
    every_option: bool = True,
) -> Recommendation:
    """Return the recommended design of a workload, with every option that was considered.

    ``as_of`` takes the prices of that day; None the newest known. ``prices`` is the folder of
    another price table than the shipped one, ``rules`` a rulebook with rules of the user's.
    ``flips`` says along which figures flip points are looked for; every other than traffic takes
    seconds. ``every_option`` False leaves out options that cannot win, for a caller that asks for
    many answers and shows none. The workload must have passed ``advisor.workload.checks``.
    """
    book = open_book(as_of, prices=prices)
    assumptions = Assumptions()
    situation = resolve(workload, assumptions)
    rulebook = built_in_rulebook() if rules is None else rules
    field = Field(
        situation,
        book,
        rulebook,
        day=as_of or limits().known_on(),
        only=None if every_option else designs(workload),
    )
    rivals, preference = preferred(field)
    ranked = [*rivals, *field.others]
    best = joined(field.late(rivals[0])) if rivals else None
    if best is None:
        # What would reopen a design can only be said when everything against it is known.
        field = field.thorough()
    runner_up = runner_up_of(rivals)
    decisions = tuple(
        decision_of(name, block, ranked, field.judge_alone)
        for name in DECISIONS
        for block in field.blocks
        if any(name in candidate.design.choices() for candidate in block)
    )
    if best is not None:
        found = {"none": no_flips, "traffic": traffic_flips, "all": all_flips}[flips](field)
        decisions = tuple(
            replace(each, flip_points=found.get(each.decision, ())) for each in decisions
        )
        unknowns.note_inferred_prices(best, assumptions)
        _note_memory(best, situation, assumptions)
    candidates = [candidate for block in field.blocks for candidate in block]
    if any(c.latency and c.latency.model and c.design.compute in FARGATE for c in candidates):
        assumptions.take(
            "latency of tasks",
            "at the peak",
            "requests come to tasks in turn, as an Application Load Balancer sends them",
        )
    missing = unknowns.missing_prices(field.blocks, best, book)
    unstated = unknowns.unstated(candidates)
    day = as_of or unknowns.newest(candidates)
    current, insisted = current_of(field)
    return Recommendation(
        workload=workload.name,
        region=situation.region,
        file=file,
        prices_as_of=day.isoformat(),
        prices_origin=book.table.origin,
        prices_digest=book.table.digest(),
        monthly_requests=situation.arrivals.monthly_requests,
        best=best,
        runner_up=None if runner_up is None else joined(runner_up),
        current=current,
        decisions=decisions,
        assumptions=assumptions.listed(),
        warnings=(*_warnings(best), *unknowns.only_without_price(best, decisions)),
        unknowns=(
            *unknowns.unread(workload),
            *unstated,
            *missing,
            *insisted,
        ),
        objective=_objective(situation, rivals[0].parts[0] if rivals else None, field.blocks[0]),
        preference=preference,
        questions=questions(field, best, rivals),
        switched_off=tuple((each.rule, each.reason) for each in rulebook.switched_off),
        not_priced=unknowns.not_priced(situation, best),
        reopen=(
            ()
            if best is not None or missing or unstated
            else tuple(
                entry
                for block in field.blocks
                if not any(candidate.feasible for candidate in block)
                for entry in reopen(block, rulebook, field.context)
            )
        ),
    )


def _note_memory(best: Candidate, situation: Situation, assumptions: Assumptions) -> None:
    """List a memory that is not the stated one among what was taken for granted."""
    running, chosen = situation.running, best.sizing.get("memory_mb")
    if (
        running is not None
        and best.design.compute == "lambda"
        and chosen is not None
        and chosen != running.memory_mb
    ):
        assumptions.take(
            "memory of the function",
            chosen,
            f"chosen in place of {running.memory_mb:g} MB: the cheapest that holds the objective,"
            " by how its duration depends on memory",
        )


def _objective(
    situation: Situation, best: Candidate | None, candidates: Sequence[Candidate]
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
    if not others or best.latency is None:
        return None
    # What is recommended may be the cheapest whatever the objective, as where it is busy enough.
    others.append((total(best.line_items), best.latency, best.design))
    amount, latency, design = min(others, key=lambda each: each[0])
    return Objective(
        percentile=objective_percentile(situation),
        objective_ms=slo.latency_p99_ms,
        reached_ms=best.reached_ms or 0.0,
        without=design,
        without_ms=latency.reached_ms or 0.0,
        price_usd=total(best.line_items) - amount,
    )


def _warnings(best: Candidate | None) -> tuple[Notice, ...]:
    if best is None:
        return ()
    return tuple(
        Notice(
            code=verdict.rule,
            message=f"{verdict.said} {verdict.advice}".strip(),
            field=verdict.fields[-1] if verdict.fields else None,
        )
        for verdict in best.said("warn")
    )
