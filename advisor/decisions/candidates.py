"""Every design, judged by its rules, sized, priced, and judged by its latency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions import load
from advisor.decisions.assumptions import house_assumption
from advisor.decisions.cold_start import COLD_START
from advisor.decisions.latency import Latency, latency_of
from advisor.decisions.memories import steps
from advisor.decisions.recommendation import Candidate, Design, monthly_usd_of
from advisor.decisions.scaling import scaling
from advisor.decisions.sizing import ladders
from advisor.rulebook import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.arithmetic import Number
    from advisor.decisions.pricing import Priced, Pricer
    from advisor.decisions.sizing import Sized
    from advisor.workload import Workload

COMPUTE = ("lambda", "fargate", "fargate-spot")
API = ("http-api", "rest-api", "function-url", "alb")
_NO_SIZE = Verdict(
    rule="compute.fargate.size",
    effect="exclude",
    result="true",
    because="No task size holds the memory and vCPUs that a run needs.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
    evidence="A",
    fields=("compute.memory_mb",),
)


def candidates_of(workload: Workload, pricer: Pricer, *, thorough: bool = False) -> list[Candidate]:
    """Return every design as a candidate; ``thorough`` sizes and prices excluded ones too."""
    found = [_candidate(pricer, design, thorough=thorough) for design in designs(workload)]
    return [_without_need(candidate, found) for candidate in found]


def competing(candidates: list[Candidate]) -> list[Candidate]:
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


def designs(workload: Workload) -> list[Design]:
    """Return every combination of priced options that can stand together."""
    apis: tuple[str | None, ...] = API if load.asks_api(workload) else (None,)
    if workload.compute is None:
        return [Design(compute=None, api=api) for api in apis if api is not None]
    return [
        Design(compute=compute, cold_start=cold_start, api=api)
        for compute in COMPUTE
        for cold_start in (COLD_START if compute == "lambda" else (None,))
        for api in apis
    ]


def _candidate(pricer: Pricer, design: Design, *, thorough: bool = False) -> Candidate:
    """Judge a design by its rules, then by its latency; ``thorough`` goes on after an exclusion."""
    situation, book = pricer.situation, pricer.book

    def lookup(field: str) -> object:
        if field.startswith("option."):
            return design.choices().get(field.removeprefix("option."))
        return situation.lookup(field)

    verdicts = {
        decision: judge(decision, option, lookup) for decision, option in design.choices().items()
    }
    judged = Candidate(design=design, sizing={}, line_items=(), missing=(), verdicts=verdicts)
    if judged.excluded_by and not thorough:
        return judged
    attempts: list[list[tuple[Priced, Latency]]] = []
    for step in steps(situation, design):
        for each in step:
            attempts += [
                _attempts(pricer, design, ladder) for ladder in ladders(each, design, book)
            ]
        if not attempts or not all(climbed[-1][1].missed for climbed in attempts):
            break
    if not attempts:
        verdicts["compute"] = (*verdicts["compute"], _NO_SIZE)
        return replace(judged, verdicts=verdicts)
    # A size that misses the objective is only worth showing when all of them do.
    last = [climbed[-1] for climbed in attempts]
    meeting = [each for each in last if not each[1].missed]
    shown = meeting or [min(climbed, key=_slowness) for climbed in attempts]
    complete = [each for each in shown if not each[0].missing]
    priced, latency = min(complete or shown[:1], key=lambda each: total(each[0].line_items))
    if latency.verdict is not None:
        verdicts["compute"] = (*verdicts["compute"], latency.verdict)
    if design.compute is not None:
        verdicts["compute"] = (*verdicts["compute"], *scaling(situation, priced.sized))
    others = tuple(error for each, _ in shown for error in each.missing) if complete else ()
    return Candidate(
        design=design,
        sizing=_with_ways(priced.sized.shown, last),
        sized=priced.sized,
        line_items=priced.line_items,
        missing=priced.missing,
        missing_variants=others,
        verdicts=verdicts,
        latency=latency,
        unbound=_unbound([climbed[0] for climbed in attempts]),
    )


def _with_ways(shown: dict[str, Any], attempts: list[tuple[Priced, Latency]]) -> dict[str, Any]:
    """Add what each way of sizing provisioned concurrency costs, removes, and whether it holds."""
    key = "provisioned_concurrency"
    if key not in shown:
        return shown
    ways = [
        {
            "sized": priced.sized.shown[key]["sized"],
            "mean": priced.sized.shown[key]["mean"],
            "removes": priced.sized.shown[key]["removes"],
            "monthly_usd": None if priced.missing else f"{total(priced.line_items):f}",
            "holds_objective": not latency.missed,
        }
        for priced, latency in attempts
        if key in priced.sized.shown
        and priced.sized.shown["architecture"] == shown["architecture"]
        and priced.sized.shown["memory_mb"] == shown["memory_mb"]
    ]
    return {**shown, key: {**shown[key], "ways": ways}}


def _unbound(attempts: list[tuple[Priced, Latency]]) -> tuple[Number, Latency] | None:
    """Return the cost and the latency of the cheapest size, whether it meets the objective."""
    known = [
        (total(priced.line_items), latency)
        for priced, latency in attempts
        if not priced.missing and latency.verdict is not None
    ]
    return min(known, key=lambda each: each[0], default=None)


def _attempts(
    pricer: Pricer, design: Design, ladder: Iterable[Sized]
) -> list[tuple[Priced, Latency]]:
    """Climb a ladder of sizes until one meets the latency objective, or to its end."""
    climbed = []
    for sized in ladder:
        latency = latency_of(pricer.situation, design, sized)
        climbed.append((pricer.price(design, sized), latency))
        if not latency.missed:
            break
    return climbed


def _slowness(attempt: tuple[Priced, Latency]) -> float:
    return attempt[1].reached_ms or 0.0


def _without_need(candidate: Candidate, candidates: list[Candidate]) -> Candidate:
    """Exclude a remedy for cold starts that nobody needs and that cannot be priced.

    It adds to the bill of the same design without it; so where that one is feasible, a price that
    is not known cannot change the answer.
    """
    if not candidate.missing or candidate.design.cold_start in (None, "none"):
        return candidate
    plain = replace(candidate.design, cold_start="none")
    if not any(each.feasible and each.design == plain for each in candidates):
        return candidate
    names = dict.fromkeys(f"{error.service}/{error.component}" for error in candidate.missing)
    verdict = Verdict(
        rule="coldstart.not-needed",
        effect="exclude",
        result="true",
        because=f"Not needed, and no price is known here for {', '.join(names)}.",
        source="docs/how-we-know/cold-starts.md",
        evidence="A",
    )
    verdicts = {**candidate.verdicts}
    verdicts["cold_start"] = (*verdicts["cold_start"], verdict)
    return replace(candidate, verdicts=verdicts)
