"""Every design, judged by its rules, sized, priced, and judged by its latency."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions import load
from advisor.decisions.cold_start import COLD_START
from advisor.decisions.contenders import contenders, not_ruled_out
from advisor.decisions.latency import Latency, latency_of
from advisor.decisions.managed_instances import MANAGED_INSTANCES
from advisor.decisions.memories import steps
from advisor.decisions.part import without_formula
from advisor.decisions.recommendation import Candidate, Design
from advisor.decisions.scaling import scaling
from advisor.decisions.sizing import ladders
from advisor.errors import PriceMissing
from advisor.rulebook import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from advisor.arithmetic import Number
    from advisor.decisions.contenders import Narrowed
    from advisor.decisions.context import RuleContext
    from advisor.decisions.pricing import Priced, Pricer
    from advisor.decisions.situation import Situation
    from advisor.decisions.sized import Sized
    from advisor.rulebook import Rulebook
    from advisor.tariff import PriceBook
    from advisor.workload import Workload

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
    beside: Mapping[str, Sequence[Candidate]],
    thorough: bool = False,
    only: Narrowed | None = None,
) -> list[Candidate]:
    """Return every design of compute, cold starts and front door as a candidate.

    ``beside`` has the candidates of the other decisions that the workload asks. ``thorough`` sizes
    and prices excluded designs too. ``only`` leaves out what cannot win.
    """
    wanted = designs(pricer.situation.workload)
    judge = partial(candidate_of, pricer, rulebook, context, thorough=thorough)
    if only is None:
        found = [judge(design) for design in wanted]
    else:
        asked = [design for design in wanted if design in only.designs]
        open_ = not_ruled_out(rulebook, context, asked)
        own = dict.fromkeys(decision for design in wanted for decision in design.choices())
        crossed = rulebook.crossed((*own, *beside))
        rest = [[each.known_usd for each in block if each.feasible] for block in beside.values()]
        # The rest of the cheapest design is the cheapest, unless a rule sets it against this block.
        most = sum((max if crossed else min)(costs, default=0.0) for costs in rest)
        found = contenders(
            pricer,
            open_,
            judge,
            only_best=only.only_best,
            crossed=crossed & own.keys(),
            beside_usd=most,
        )
    return [_without_need(candidate, found) for candidate in found]


def designs(workload: Workload) -> tuple[Design, ...]:
    """Return every combination of priced options that can stand together."""
    return _combined(load.asks_api(workload), workload.compute is not None)


@cache
def _combined(asks_api: bool, asks_compute: bool) -> tuple[Design, ...]:  # noqa: FBT001 - keys of the cache
    apis: tuple[str | None, ...] = API if asks_api else (None,)
    if not asks_compute:
        return tuple(Design(api=api) for api in apis if api is not None)
    return tuple(
        Design(compute=compute, cold_start=cold_start, api=api)
        for compute in COMPUTE
        for cold_start in (COLD_START if compute == "lambda" else (None,))
        for api in apis
    )


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
    without_price = _without_price(situation, design, book)
    if without_price is not None:
        return replace(judged, missing=(without_price,))
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


def _without_price(situation: Situation, design: Design, book: PriceBook) -> PriceMissing | None:
    """Return the price that keeps a design from being sized: no instance in the book has a GPU."""
    compute = situation.workload.compute
    if design.compute != MANAGED_INSTANCES or compute is None or not compute.gpu:
        return None
    try:
        without_formula(book, "ec2", "ondemand-linux-accelerated", situation.region)
    except PriceMissing as missing:
        return missing
    return None


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
