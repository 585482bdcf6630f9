"""Every design, judged by its rules, sized, priced, and judged by its latency."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.cost.units import PERCENT
from advisor.decisions import load
from advisor.decisions.assumptions import house_assumption
from advisor.decisions.cold_start import COLD_START, most_saved
from advisor.decisions.latency import Latency, latency_of
from advisor.decisions.managed_instances import MANAGED_INSTANCES, least_usd
from advisor.decisions.memories import steps
from advisor.decisions.path import FARGATE
from advisor.decisions.recommendation import Candidate, Design, monthly_usd_of
from advisor.decisions.scaling import scaling
from advisor.decisions.situation import margin_percent
from advisor.decisions.sizing import ladders
from advisor.rulebook import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from advisor.arithmetic import Number
    from advisor.decisions.context import RuleContext
    from advisor.decisions.pricing import Priced, Pricer
    from advisor.decisions.situation import Situation
    from advisor.decisions.sizing import Sized
    from advisor.rulebook import Rulebook
    from advisor.workload import Workload

SEVERAL_AT_ONCE = ("lambda-managed-instances", *FARGATE)
COMPUTE = ("lambda", "lambda-managed-instances", "lambda-microvm", "fargate", "fargate-spot")
API = ("http-api", "rest-api", "function-url", "alb", "websocket-api")
_NO_SIZE = Verdict(
    rule="compute.size",
    effect="exclude",
    result="true",
    because="No size on offer holds the memory and vCPUs that a run needs.",
    source="rules/limits.yaml",
    evidence="A",
    fields=("compute.memory_mb",),
)

_NOTHING_TO_KEEP = Verdict(
    rule="coldstart.nothing-to-keep",
    effect="exclude",
    result="true",
    because="There is no cold start that an environment kept ready would remove.",
    source="docs/how-we-know/provisioned-concurrency.md",
    evidence="A",
    fields=("traffic.average_rps",),
)


def candidates_of(
    pricer: Pricer,
    rulebook: Rulebook,
    context: RuleContext,
    *,
    thorough: bool = False,
    only: Container[Design] | None = None,
) -> list[Candidate]:
    """Return every design of compute, cold starts and front door as a candidate.

    ``thorough`` sizes and prices excluded ones too. With ``only``, none but these designs are
    looked at, and those that cannot win are left out.
    """
    wanted = designs(pricer.situation.workload)
    judge = partial(candidate_of, pricer, rulebook, context, thorough=thorough)
    if only is None:
        found = [judge(design) for design in wanted]
    else:
        open_ = (
            design
            for design in wanted
            if design in only and not _ruled_out(rulebook, context, design)
        )
        found = _contenders(pricer, list(open_), judge)
    return [_without_need(candidate, found) for candidate in found]


def _ruled_out(rulebook: Rulebook, context: RuleContext, design: Design) -> bool:
    """Return whether a rule excludes a design; nobody asks which."""
    choices = design.choices()
    own = context.of(choices)
    return any(rulebook.rules_out(*choice, own) for choice in choices.items())


def _contenders(
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


def designs(workload: Workload) -> list[Design]:
    """Return every combination of priced options that can stand together."""
    apis: tuple[str | None, ...] = API if load.asks_api(workload) else (None,)
    if workload.compute is None:
        return [Design(api=api) for api in apis if api is not None]
    return [
        Design(compute=compute, cold_start=cold_start, api=api)
        for compute in COMPUTE
        for cold_start in (COLD_START if compute == "lambda" else (None,))
        for api in apis
    ]


def candidate_of(
    pricer: Pricer,
    rulebook: Rulebook,
    context: RuleContext,
    design: Design,
    *,
    thorough: bool = False,
    sizes: Callable[[Situation], list[Iterable[Sized]]] | None = None,
) -> Candidate:
    """Judge a design by its rules, then by its latency; ``thorough`` goes on after an exclusion.

    ``sizes`` gives the sizes of a situation that are tried instead of all that are worth it.
    """
    situation, book = pricer.situation, pricer.book
    choices = design.choices()
    own = context.of(choices)
    verdicts = {
        decision: rulebook.judge(decision, option, own) for decision, option in choices.items()
    }
    judged = Candidate(design=design, sizing={}, line_items=(), missing=(), verdicts=verdicts)
    if judged.excluded_by and not thorough:
        return judged
    of_architecture = _by_architecture(rulebook, own, situation)
    attempts: list[list[tuple[Priced, Latency]]] = []
    tried = sizes or partial(ladders, design=design, book=book)
    for step in steps(pricer, design) if sizes is None else [[situation]]:
        for each in step:
            attempts += [_attempts(pricer, design, ladder) for ladder in tried(each)]
        if not attempts or not all(climbed[-1][1].missed for climbed in attempts):
            break
    if not attempts:
        if design.cold_start == "provisioned":
            verdicts["cold_start"] = (*verdicts["cold_start"], _NOTHING_TO_KEEP)
        else:
            verdicts["compute"] = (*verdicts["compute"], _NO_SIZE)
        return replace(judged, verdicts=verdicts)
    # Where a rule leaves no architecture, the design is shown with what the rule says of it.
    attempts = [a for a in attempts if not _excluded(of_architecture, a)] or attempts
    # A size that misses the objective is only worth showing when all of them do.
    last = [climbed[-1] for climbed in attempts]
    meeting = [each for each in last if not each[1].missed]
    shown = meeting or [min(climbed, key=_slowness) for climbed in attempts]
    complete = [each for each in shown if not each[0].missing]
    priced, latency = min(complete or shown[:1], key=lambda each: total(each[0].line_items))
    if latency.verdict is not None:
        verdicts["compute"] = (*verdicts["compute"], latency.verdict)
    for decision, verdict in of_architecture.get(priced.sized.shown.get("architecture", ""), ()):
        verdicts[decision] = (*verdicts[decision], verdict)
    if design.compute is not None:
        known = {verdict.rule for verdict in verdicts["compute"] if verdict.result == "true"}
        more = [each for each in scaling(situation, priced.sized) if each.rule not in known]
        verdicts["compute"] = (*verdicts["compute"], *more)
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


def _by_architecture(
    rulebook: Rulebook, context: RuleContext, situation: Situation
) -> dict[str, tuple[tuple[str, Verdict], ...]]:
    """Return by architecture what rules say of it, nothing where none speaks of one."""
    choices = context.choices
    if situation.running is None or not rulebook.speaks_of_sizes(choices):
        return {}
    return {
        architecture: tuple(
            rulebook.judge_sized(
                choices.items(), context.of({**choices, "architecture": architecture})
            )
        )
        for architecture in ("arm64", "x86_64")
    }


def _excluded(
    of_architecture: Mapping[str, Iterable[tuple[str, Verdict]]],
    climbed: list[tuple[Priced, Latency]],
) -> bool:
    architecture = climbed[-1][0].sized.shown.get("architecture", "")
    return any(
        verdict.effect == "exclude" and verdict.result == "true"
        for _, verdict in of_architecture.get(architecture, ())
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
        if not priced.missing and latency.judged
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
    return attempt[1].late_share or 0.0


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
