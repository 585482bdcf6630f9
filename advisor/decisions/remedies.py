"""What each remedy for cold starts costs and buys, and whether cold starts matter at all.

A function without a remedy is compared with the same function changed in one thing: its
architecture, its memory, SnapStart, or provisioned concurrency in each way of sizing it. Bills,
cold starts and latencies are those of the search; nothing here is worked out in another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from advisor.decisions.latency import can_hold, latency_of, objective_percentile
from advisor.decisions.memories import curves_of, memories_of, resized
from advisor.decisions.recommendation import Design
from advisor.decisions.remedy import LEAST, Remedies, Remedy, State
from advisor.decisions.sizing import ladders
from advisor.rulebook import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.decisions.context import RuleContext
    from advisor.decisions.latency import Latency
    from advisor.decisions.pricing import Pricer
    from advisor.decisions.recommendation import Candidate
    from advisor.decisions.remedy import Kind, Outcome, Reason
    from advisor.decisions.situation import Situation
    from advisor.decisions.sized import Sized
    from advisor.rulebook import Rulebook

_ORDER: tuple[Outcome, ...] = ("saves", "buys", "nothing", "unpriced", "unknown", "excluded")
_NO_USE: tuple[Reason, ...] = ("nobody-waits", "tolerated")
_LARGER_MEMORIES = 3
_ONE_ARCHITECTURE = Verdict(
    rule="coldstart.architecture",
    effect="exclude",
    result="true",
    because="The code runs on x86_64 only.",
    source="docs/explain.md",
    evidence="A",
    fields=("compute.arm64_compatible", "compute.os"),
)


def remedies_of(
    pricer: Pricer, rulebook: Rulebook, context: RuleContext, candidate: Candidate
) -> Remedies | None:
    """Return the remedies for the cold starts of a candidate, None where it is no function.

    They are compared with the candidate without a remedy, at its memory and on its architecture.
    ``context`` holds the values of the pricer's situation.
    """
    sizing, chosen = candidate.sizing, candidate.design
    if chosen.compute != "lambda" or "architecture" not in sizing:
        return None
    design = Design(compute="lambda", cold_start="none", api=chosen.api)
    bench = _Bench(pricer, rulebook, context, sizing["architecture"], sizing["memory_mb"], design)
    situation = bench.at()
    if situation is None:
        return None
    ((sized,),) = ladders(situation, design, pricer.book)
    now, latency = bench.state(situation, design, sized)
    reason = _reason(situation, design, now, latency)
    found = [_valued(each, reason, bench.requests) for each in bench.tried(now)]
    counted = {
        each.after.sizing["provisioned_concurrency"]["sized"]
        for each in found
        if each.kind == "provisioned" and each.after is not None
    }
    return Remedies(
        design=design,
        percentile=objective_percentile(situation),
        objective_ms=latency.objective_ms,
        reason=reason,
        now=now,
        remedies=tuple(sorted(found, key=_rank)),
        unsized=bool(counted) and not counted & {"static", "scheduled"},
    )


class _Bench:
    """A function without a remedy, and the means to try others beside it."""

    def __init__(
        self,
        pricer: Pricer,
        rulebook: Rulebook,
        context: RuleContext,
        architecture: str,
        memory_mb: float,
        design: Design,
    ) -> None:
        self.pricer = pricer
        self.rulebook = rulebook
        self.context = context
        self.architecture = architecture
        self.memory_mb = memory_mb
        self.design = design
        self.curves = curves_of(pricer)
        self.percentile = objective_percentile(pricer.situation)
        self.requests = pricer.situation.arrivals.monthly_requests

    def at(self, architecture: str = "", memory_mb: float = 0) -> Situation | None:
        """Return the workload at another architecture or memory, None where that is not known."""
        situation = self.pricer.situation
        stated = None if situation.running is None else situation.running.memory_mb
        architecture, memory_mb = architecture or self.architecture, memory_mb or self.memory_mb
        if memory_mb == stated and not any(curve.own for curve in self.curves.values()):
            return situation.on(architecture)
        if not any(curve.known for curve in self.curves.values()):
            return None
        return resized(self.pricer, self.curves, architecture, memory_mb)

    def state(self, situation: Situation, design: Design, sized: Sized) -> tuple[State, Latency]:
        """Price and time a function."""
        priced = self.pricer.price(design, sized)
        latency = latency_of(situation, design, sized)
        at = replace(latency, percentile=self.percentile)
        warm = cold = at
        if at.model is not None and at.model.cold is not None:
            warm = replace(at, model=replace(at.model, cold_share=0.0, cold=None))
            cold = replace(at, model=replace(at.model, cold_share=1.0), percentile=50)
        known = cold is not at
        return State(
            sizing=sized.shown,
            line_items=priced.line_items,
            missing=priced.missing,
            cold_start_share=latency.cold_start_share or (0.0, 0.0),
            reached_ms=at.reached_ms if known else None,
            cold_request_ms=cold.reached_ms if known else None,
            warm_ms=warm.reached_ms if known else None,
            missed=latency.missed,
        ), latency

    def tried(self, now: State) -> Iterator[Remedy]:
        """Yield every remedy with its state, not yet valued."""
        other = "x86_64" if self.architecture == "arm64" else "arm64"
        yield from self._changed("architecture", other, now, architecture=other)
        yield from self._larger(now)
        yield from self._met("snapstart", now)
        yield from self._met("provisioned", now)

    def _larger(self, now: State) -> Iterator[Remedy]:
        running = self.pricer.situation.running
        if running is None:
            return
        if not any(curve.known for curve in self.curves.values()):
            needs = ("compute.cpu_bound_fraction", "compute.measured_durations")
            yield Remedy(
                kind="memory", name="more memory", outcome="unknown", before=now, needs=needs
            )
            return
        memories = sorted(memories_of(running.memory_mb, self.curves))
        for memory in [each for each in memories if each > self.memory_mb][:_LARGER_MEMORIES]:
            yield from self._changed("memory", f"{memory:g}", now, memory_mb=memory)

    def _changed(
        self, kind: Kind, name: str, now: State, architecture: str = "", memory_mb: float = 0
    ) -> Iterator[Remedy]:
        remedy = Remedy(kind=kind, name=name, outcome="unknown", before=now)
        running = self.pricer.situation.running
        if running is None:
            return
        if architecture and architecture not in running.architectures:
            yield replace(remedy, outcome="excluded", excluded_by=(_ONE_ARCHITECTURE,))
            return
        against = self._against(self.design, architecture or self.architecture)
        situation = self.at(architecture, memory_mb)
        if against or situation is None:
            yield replace(remedy, outcome="excluded" if against else "unknown", excluded_by=against)
            return
        ((sized,),) = ladders(situation, self.design, self.pricer.book)
        yield replace(remedy, after=self.state(situation, self.design, sized)[0])

    def _met(self, option: Literal["snapstart", "provisioned"], now: State) -> Iterator[Remedy]:
        design = replace(self.design, cold_start=option)
        remedy = Remedy(kind=option, name=option, outcome="unknown", before=now)
        against, situation = self._against(design, self.architecture), self.at()
        if against or situation is None:
            yield replace(remedy, outcome="excluded" if against else "unknown", excluded_by=against)
            return
        for ladder in ladders(situation, design, self.pricer.book, every_way=True):
            for sized in ladder:
                kept = sized.shown.get("provisioned_concurrency")
                yield replace(
                    remedy,
                    name=option if kept is None else _sized(kept),
                    after=self.state(situation, design, sized)[0],
                )

    def _against(self, design: Design, architecture: str) -> tuple[Verdict, ...]:
        """Return what excludes a design and not the one without a remedy."""
        now = {given.rule for given in self._excluded(self.design, self.architecture)}
        return tuple(g for g in self._excluded(design, architecture) if g.rule not in now)

    def _excluded(self, design: Design, architecture: str) -> list[Verdict]:
        choices = design.choices()
        own = self.context.of(choices)
        said = [v for choice in choices.items() for v in self.rulebook.judge(*choice, own)]
        if self.rulebook.speaks_of_sizes(choices):
            sized = self.context.of({**choices, "architecture": architecture})
            said += [v for _, v in self.rulebook.judge_sized(choices.items(), sized)]
        return [v for v in said if v.effect == "exclude" and v.result == "true"]


def _sized(kept: Mapping[str, Any]) -> str:
    """Say how provisioned concurrency is sized."""
    least, most = min(kept["by_hour"]), max(kept["by_hour"])
    if kept["sized"] in ("average", "maximum"):
        return f"tracking the {kept['sized']}"
    if kept["sized"] == "static":
        return f"{most:,g} all day"
    return f"{least:,g} to {most:,g} by the hour"


def _reason(situation: Situation, design: Design, now: State, latency: Latency) -> Reason:
    """Return why cold starts matter or do not: what decides it comes first."""
    running, slo = situation.running, situation.workload.slo
    if running is None or running.invocation != "sync":
        return "nobody-waits"
    if now.reached_ms is None:
        return "unknown"
    if latency.objective_ms is not None:
        if latency.missed:
            return "missed" if can_hold(situation, design) else "warm-misses"
        return "held"
    if slo is not None and slo.cold_start_tolerated:
        return "tolerated"
    late = 1 - objective_percentile(situation) / 100
    return "reached" if now.cold_start_share[1] > late else "too-few"


def _valued(remedy: Remedy, reason: Reason, monthly_requests: float) -> Remedy:
    """Say what a remedy that was tried is worth."""
    before, after = remedy.before, remedy.after
    if after is None:
        return remedy
    removed = monthly_requests * (before.cold_start_share[1] - after.cold_start_share[1])
    more, gained = remedy.more_usd, remedy.gained_ms or 0.0
    outcome: Outcome = "nothing"
    if more is None:
        outcome = "unpriced"
    elif after.missed and not before.missed:
        outcome = "nothing"
    elif more < 0:
        outcome = "saves"
    elif reason not in _NO_USE and gained > -LEAST and max(gained, removed) >= LEAST:
        outcome = "buys"
    return replace(remedy, outcome=outcome, removed=removed)


def _rank(remedy: Remedy) -> tuple[float, ...]:
    more = float(remedy.more_usd or 0)
    if remedy.outcome == "saves":
        return 0, more
    # What costs nothing and buys something is worth any price.
    free = remedy.outcome == "buys" and not more
    return (
        _ORDER.index(remedy.outcome),
        not free,
        -(remedy.ms_per_usd or 0),
        -(remedy.removed_per_usd or 0),
        more,
    )
