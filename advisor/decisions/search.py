"""The joint search: every compatible design, judged and priced; the cheapest feasible one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions import unknowns
from advisor.decisions.flips import all_flips, no_flips, traffic_flips
from advisor.decisions.joining import joined
from advisor.decisions.latency import objective_percentile
from advisor.decisions.options import decision_of, runner_up_of
from advisor.decisions.path import FARGATE
from advisor.decisions.preferring import questions
from advisor.decisions.recommendation import Candidate, Notice, Objective, Recommendation
from advisor.decisions.reopening import reopen
from advisor.decisions.settling import settle
from advisor.rulebook.rulebook import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.flips import Flips
    from advisor.decisions.situation import Situation
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
) -> Recommendation:
    """Return the recommended design of a workload, with every option that was considered.

    ``as_of``, ``prices`` and ``rules`` are those of ``settle``. ``flips`` says along which figures
    flip points are looked for; every other than traffic takes seconds. The workload must have
    passed ``advisor.workload.checks``.
    """
    settled = settle(workload, as_of=as_of, prices=prices, rules=rules, every_option=True)
    field, rivals, best = settled.field, settled.rivals, settled.best
    situation, assumptions, table = field.situation, settled.assumptions, field.book.table
    ranked = [*rivals, *field.others]
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
    if any(
        each.latency and each.latency.model and each.design.compute in FARGATE
        for each in field.candidates
    ):
        assumptions.take(
            "latency of tasks",
            "at the peak",
            "requests come to tasks in turn, as an Application Load Balancer sends them",
        )
    return Recommendation(
        workload=workload.name,
        region=situation.region,
        file=file,
        prices_as_of=settled.prices_as_of.isoformat(),
        prices_origin=table.origin,
        prices_digest=table.digest(),
        monthly_requests=settled.monthly_requests,
        best=best,
        runner_up=None if runner_up is None else joined(runner_up),
        current=settled.current,
        decisions=decisions,
        assumptions=assumptions.listed(),
        warnings=(*_warnings(best), *unknowns.only_without_price(best, decisions)),
        unknowns=settled.unknowns,
        objective=_objective(situation, rivals[0].parts[0] if rivals else None, field.blocks[0]),
        preference=settled.preference,
        questions=questions(field, best, rivals),
        switched_off=tuple((each.rule, each.reason) for each in field.rulebook.switched_off),
        not_priced=unknowns.not_priced(situation, best),
        reopen=(
            ()
            if best is not None or settled.undecided
            else tuple(
                entry
                for block in field.blocks
                if not any(candidate.feasible for candidate in block)
                for entry in reopen(block, field.rulebook, field.context)
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
