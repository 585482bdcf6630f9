"""The joint search: every compatible design, judged and priced; the cheapest feasible one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.decisions import load, unknowns
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.flips import traffic_flips
from advisor.decisions.latency import latency_of
from advisor.decisions.path import FARGATE
from advisor.decisions.pricing import price_design
from advisor.decisions.recommendation import (
    Candidate,
    Decision,
    Design,
    Notice,
    OptionAnswer,
    Recommendation,
    Status,
)
from advisor.decisions.situation import Situation, resolve
from advisor.rulebook import judge
from advisor.tariff import open_book

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from advisor.tariff import PriceBook
    from advisor.workload import Workload

COMPUTE = ("lambda", "fargate", "fargate-spot")
API = ("http-api", "rest-api", "function-url", "alb")
KNOWN_NOT_PRICED = {
    "compute": ("lambda-managed-instances", "lambda-microvm", "lambda-web-function"),
    "api": ("websocket-api",),
}


def compare(
    workload: Workload,
    *,
    as_of: date | None = None,
    file: str | None = None,
    prices: str | None = None,
) -> Recommendation:
    """Return the recommended design of a workload, with every option that was considered.

    ``as_of`` takes the prices of that day; None the newest known. ``prices`` is the folder of
    another price table than the shipped one. The workload must have passed
    ``advisor.workload.checks``.
    """
    book = open_book(as_of, prices=prices)
    assumptions = Assumptions()
    situation = resolve(workload, assumptions)
    candidates = [_candidate(situation, design, book) for design in designs(workload)]
    feasible = sorted(
        (candidate for candidate in candidates if candidate.feasible), key=_monthly_usd
    )
    best = feasible[0] if feasible else None
    if best is None:
        # What would reopen a design can only be said when everything against it is known.
        candidates = [
            _candidate(situation, design, book, thorough=True) for design in designs(workload)
        ]
    runner_up = _runner_up(best, feasible)
    decisions = tuple(
        _decision(name, candidates, best)
        for name in ("compute", "api")
        if any(name in candidate.design.choices() for candidate in candidates)
    )
    if best is not None:
        flips = traffic_flips(situation, feasible, best, book.in_floats())
        first, *others = decisions
        decisions = (replace(first, flip_points=flips), *others)
        unknowns.note_inferred_prices(best, assumptions)
    if any(c.latency_ms and c.design.compute in FARGATE for c in candidates):
        assumptions.take(
            "latency of tasks",
            "without queueing",
            "the target utilisation keeps the wait inside a task small",
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
        current=_current(workload, candidates),
        decisions=decisions,
        assumptions=assumptions.listed(),
        warnings=_warnings(best, situation, day),
        unknowns=(*unknowns.unread(workload), *missing),
        not_priced=unknowns.not_priced(situation, best),
        reopen=() if best is not None or missing else reopen(candidates),
    )


def designs(workload: Workload) -> list[Design]:
    """Return every combination of priced options that can stand together."""
    apis: tuple[str | None, ...] = API if load.asks_api(workload) else (None,)
    if workload.compute is None:
        return [Design(compute=None, api=api) for api in apis if api is not None]
    return [Design(compute=compute, api=api) for compute in COMPUTE for api in apis]


def reopen(candidates: list[Candidate]) -> tuple[tuple[Design, tuple[str, ...]], ...]:
    """Return, for the options that need the fewest changes, the fields that exclude them."""
    needed = [
        (
            candidate.design,
            tuple(dict.fromkeys(verdict.fields[-1] for verdict in candidate.excluded_by)),
        )
        for candidate in candidates
    ]
    fewest = min((len(fields) for _, fields in needed), default=0)
    return tuple((design, fields) for design, fields in needed if len(fields) == fewest)


def _candidate(
    situation: Situation, design: Design, book: PriceBook, *, thorough: bool = False
) -> Candidate:
    """Judge a design by its rules, then by its latency; ``thorough`` goes on after an exclusion."""

    def lookup(field: str) -> object:
        if field.startswith("option."):
            return design.choices().get(field.removeprefix("option."))
        return situation.lookup(field)

    verdicts = {
        decision: judge(decision, option, lookup) for decision, option in design.choices().items()
    }
    judged = Candidate(design=design, sizing={}, line_items=(), missing=(), verdicts=verdicts)
    running = situation.running
    fits = running is None or design.compute not in FARGATE or bool(running.task_sizes)
    if judged.excluded_by and not (thorough and fits):
        return judged
    priced = price_design(situation, design, book)
    latency = latency_of(situation, design, priced.sizing)
    if latency.verdict is not None:
        verdicts["compute"] = (*verdicts["compute"], latency.verdict)
    return Candidate(
        design=design,
        sizing=priced.sizing,
        line_items=priced.line_items,
        missing=priced.missing,
        missing_variants=priced.missing_variants,
        verdicts=verdicts,
        latency_ms=latency.percentiles,
        cold_start_share=latency.cold_start_share,
    )


def _decision(name: str, candidates: list[Candidate], best: Candidate | None) -> Decision:
    options = dict.fromkeys(
        candidate.design.choices()[name]
        for candidate in candidates
        if name in candidate.design.choices()
    )
    recommended = None if best is None else best.design.choices()[name]
    answers = [
        _option(name, option, [c for c in candidates if c.design.choices()[name] == option], best)
        for option in options
    ]
    answers += [
        OptionAnswer(
            option=option,
            status="unknown",
            candidate=None,
            verdicts=(),
            why="known, but not priced yet, so never recommended",
        )
        for option in KNOWN_NOT_PRICED[name]
    ]
    order = {"recommended": 0, "feasible": 1, "unknown": 2, "excluded": 3}
    answers.sort(
        key=lambda answer: (
            order[answer.status],
            _monthly_usd(answer.candidate) if answer.candidate else 0,
        )
    )
    return Decision(decision=name, recommended=recommended, options=tuple(answers))


def _option(
    decision: str, option: str, candidates: list[Candidate], best: Candidate | None
) -> OptionAnswer:
    feasible = [candidate for candidate in candidates if candidate.feasible]
    open_ = [candidate for candidate in candidates if not candidate.excluded_by]
    if feasible:
        chosen = next((c for c in feasible if c is best), min(feasible, key=_monthly_usd))
        status: Status = "recommended" if chosen is best else "feasible"
        return OptionAnswer(
            option=option,
            status=status,
            candidate=chosen,
            verdicts=chosen.verdicts[decision],
            why="",
        )
    if open_:
        chosen = open_[0]
        missing = dict.fromkeys(f"{error.service}/{error.component}" for error in chosen.missing)
        why = f"no price known for {', '.join(missing)}"
        return OptionAnswer(
            option=option,
            status="unknown",
            candidate=chosen,
            verdicts=chosen.verdicts[decision],
            why=why,
        )
    chosen = min(candidates, key=lambda candidate: len(candidate.excluded_by))
    own = [v for v in chosen.excluded_by if v in chosen.verdicts[decision]]
    return OptionAnswer(
        option=option,
        status="excluded",
        candidate=chosen,
        verdicts=chosen.verdicts[decision],
        why=" ".join(verdict.because for verdict in own or chosen.excluded_by),
    )


def _runner_up(best: Candidate | None, feasible: list[Candidate]) -> Candidate | None:
    """Return the cheapest design that differs in the first decision, else the next cheapest."""
    if best is None:
        return None
    first = next(iter(best.design.choices()))
    others = [c for c in feasible if c.design.choices()[first] != best.design.choices()[first]]
    return next(iter(others), feasible[1] if len(feasible) > 1 else None)


def _current(workload: Workload, candidates: list[Candidate]) -> Candidate | None:
    current = workload.current
    if current is None or (current.compute is None and current.api is None):
        return None
    matching = [
        candidate
        for candidate in candidates
        if current.compute in (None, candidate.design.compute)
        and current.api in (None, candidate.design.api)
        and not candidate.missing
    ]
    return min(matching, key=_monthly_usd, default=None)


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


def _monthly_usd(candidate: Candidate) -> Decimal | float:
    amount = candidate.monthly_usd
    return 0 if amount is None else amount
