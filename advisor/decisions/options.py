"""The options of each decision, and what stands beside the recommended design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.decisions.recommendation import (
    Candidate,
    Decision,
    Design,
    OptionAnswer,
    Status,
    monthly_usd_of,
)

if TYPE_CHECKING:
    from advisor.workload import Workload

DECISIONS = ("compute", "cold_start", "api")
KNOWN_NOT_PRICED = {
    "compute": ("lambda-managed-instances", "lambda-microvm", "lambda-web-function"),
    "cold_start": (),
    "api": ("websocket-api",),
}


def decision_of(name: str, candidates: list[Candidate], rivals: list[Candidate]) -> Decision:
    """Return a decision with each of its options, as the cheapest design that contains it.

    ``rivals`` are the designs that may be recommended, the recommended one first.
    """
    best = rivals[0] if rivals else None
    options = dict.fromkeys(
        candidate.design.choices()[name]
        for candidate in candidates
        if name in candidate.design.choices()
    )
    recommended = None if best is None else best.design.choices().get(name)
    answers = [
        _option(
            name, option, [c for c in candidates if c.design.choices().get(name) == option], rivals
        )
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
            monthly_usd_of(answer.candidate) if answer.candidate else 0,
        )
    )
    return Decision(decision=name, recommended=recommended, options=tuple(answers))


def _option(
    decision: str, option: str, candidates: list[Candidate], rivals: list[Candidate]
) -> OptionAnswer:
    feasible = sorted((c for c in candidates if c.feasible), key=monthly_usd_of)
    open_ = [candidate for candidate in candidates if not candidate.excluded_by]
    if feasible:
        chosen = next((c for c in rivals if c in feasible), feasible[0])
        status: Status = "recommended" if chosen is rivals[0] else "feasible"
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


def runner_up_of(best: Candidate | None, feasible: list[Candidate]) -> Candidate | None:
    """Return the cheapest design that differs in the first decision, else the next cheapest."""
    if best is None:
        return None
    first = next(iter(best.design.choices()))
    others = [c for c in feasible if c.design.choices()[first] != best.design.choices()[first]]
    return next(iter(others), feasible[1] if len(feasible) > 1 else None)


def current_of(workload: Workload, candidates: list[Candidate]) -> Candidate | None:
    current = workload.current
    if current is None or (current.compute is None and current.api is None):
        return None
    matching = [
        candidate
        for candidate in candidates
        if current.compute in (None, candidate.design.compute)
        and current.cold_start in (None, candidate.design.cold_start)
        and current.api in (None, candidate.design.api)
        and not candidate.missing
    ]
    return min(matching, key=monthly_usd_of, default=None)


def reopen(candidates: list[Candidate]) -> tuple[tuple[Design, tuple[str, ...]], ...]:
    """Return, for the options that need the fewest changes, the fields that exclude them.

    A remedy for cold starts is named only where it needs other changes than the same design
    without it.
    """
    needed: dict[Design, tuple[str, ...]] = {}
    for candidate in candidates:
        fields = dict.fromkeys(v.fields[-1] for v in candidate.excluded_by if v.fields)
        plain = replace(candidate.design, cold_start="none")
        if needed.get(plain) != tuple(fields):
            needed[candidate.design] = tuple(fields)
    fewest = min(map(len, needed.values()), default=0)
    return tuple((design, fields) for design, fields in needed.items() if len(fields) == fewest)
