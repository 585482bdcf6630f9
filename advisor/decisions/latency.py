"""The latency that a design will have, and whether it meets the objective."""

from __future__ import annotations

from functools import lru_cache
from math import log
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.duration import DurationDistribution
from advisor.capacity.fargate import TaskSize, response_percentiles
from advisor.capacity.initialisation import Quantiles
from advisor.capacity.latency import LatencyModel, front_door
from advisor.decisions.path import FARGATE
from advisor.rulebook import Verdict
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.capacity.fargate import TaskWork
    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Running, Situation
    from advisor.decisions.sizing import Sized

_RESPONSES = (10, 50, 90, 99, 99.9)
"""Percentiles between which the response time of tasks is interpolated."""

_OVERLOADED = Verdict(
    rule="slo.overloaded",
    effect="exclude",
    result="true",
    because="The tasks would be overloaded at the peak.",
    source="docs/how-we-know/tasks.md",
    evidence="C",
    fields=("compute.target_utilisation",),
)
_SHOWN = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


class Latency(Struct, frozen=True, kw_only=True):
    """What callers of a sized design see, and the objective's verdict.

    ``model`` None says that nobody waits, or that nothing is known. Percentiles are worked out when
    they are asked for: most designs are never shown.
    """

    model: LatencyModel | None
    cold_start_share: tuple[float, float] | None
    percentile: float | None = None
    verdict: Verdict | None = None

    @property
    def missed(self) -> bool:
        """Whether the objective is known to be missed."""
        return self.verdict is not None and self.verdict.result == "true"

    @property
    def percentiles(self) -> dict[str, float] | None:
        """Return p50, p90, p99 and the objective's percentile in ms."""
        if self.model is None:
            return None
        shown = dict(_SHOWN)
        if self.percentile is not None:
            shown[f"p{self.percentile:g}"] = self.percentile / 100
        shown = dict(sorted(shown.items(), key=lambda each: each[1]))
        return dict(zip(shown, _percentiles(self.model, tuple(shown.values())), strict=True))

    @property
    def reached_ms(self) -> float | None:
        """Return the latency at the objective's percentile in ms, None without an objective."""
        if self.model is None or self.percentile is None:
            return None
        return _percentiles(self.model, (self.percentile / 100,))[0]


def latency_of(situation: Situation, design: Design, sized: Sized) -> Latency:
    """Return what callers of a sized design see; nothing is said of work that nobody waits for.

    The cold share is the pessimistic end of its range. Tasks answer as they do at the highest rate
    of the busiest hour.
    """
    running = sized.running
    if running is None:
        return Latency(model=None, cold_start_share=None)
    share = None if sized.cold is None else sized.cold.share
    doors = front_doors(design)
    if running.invocation != "sync" or doors is None:
        return Latency(model=None, cold_start_share=share)
    if design.compute in FARGATE:
        responses = task_responses(situation, running, sized.shown)
        if responses is None:
            return Latency(model=None, cold_start_share=share, verdict=_OVERLOADED)
        model = LatencyModel(duration=responses, front_door=doors)
    else:
        model = _model(running, sized, doors)
    slo = situation.workload.slo
    if slo is None or slo.latency_p99_ms is None:
        return Latency(model=model, cold_start_share=share)
    percentile = objective_percentile(situation)
    return Latency(
        model=model,
        cold_start_share=share,
        percentile=percentile,
        verdict=_verdict(situation, model, percentile, slo.latency_p99_ms),
    )


@lru_cache(maxsize=1024)
def _percentiles(model: LatencyModel, shares: tuple[float, ...]) -> tuple[float, ...]:
    return model.percentiles(shares)


def task_responses(
    situation: Situation, running: Running, sizing: Mapping[str, Any]
) -> DurationDistribution | Quantiles | None:
    """Return what requests take in and before tasks at the peak; None when these are overloaded."""
    size = TaskSize(vcpu=sizing["task_vcpu"], memory_mb=sizing["task_memory_mb"])
    if "tasks_max" not in sizing:
        # A task of its own for each run: nothing waits for anything.
        slower = running.stretch(size)
        return replace(
            running.duration,
            mean_ms=running.duration.mean_ms * slower,
            median_ms=running.duration.median_ms * slower,
        )
    peak = situation.arrivals.peak_rps
    return _responses(peak, sizing["tasks_max"], size, running.work, running.duration)


@lru_cache(maxsize=256)
def _responses(
    rate_rps: float,
    tasks: int,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
) -> DurationDistribution | Quantiles | None:
    found = response_percentiles(rate_rps, tasks, size, work, duration, _RESPONSES)
    if found is None or not all(found):
        return None if found is None else duration
    return Quantiles(
        scores=tuple(NormalDist().inv_cdf(percent / 100) for percent in _RESPONSES),
        logs=tuple(log(ms) for ms in found),
        first_request_fixed_ms=0.0,
        first_request_cpu_ms=0.0,
        basis="docs/how-we-know/tasks.md",
    )


def objective_percentile(situation: Situation) -> float:
    """Return the percentile that the objective is about, 99 when it does not say."""
    slo = situation.workload.slo
    stated = None if slo is None else slo.latency_percentile
    return default("slo.latency_percentile") if stated is None else stated


def _model(running: Running, sized: Sized, doors: DurationDistribution) -> LatencyModel:
    cold = sized.cold
    if cold is None or cold.path is None:
        return LatencyModel(duration=running.duration, front_door=doors)
    return LatencyModel(
        duration=running.duration, front_door=doors, cold_share=cold.share[1], cold=cold.path
    )


def front_doors(design: Design) -> DurationDistribution | None:
    """Return what stands before the code; a container behind an API has a load balancer too."""
    on_fargate = design.compute in FARGATE
    options = [design.api or ("alb" if on_fargate else "direct")]
    if on_fargate and options != ["alb"]:
        options.append("alb")
    parts = [front_door(option, lambda_behind=not on_fargate) for option in options]
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return None
    if len(known) == 1:
        return known[0]
    return DurationDistribution.from_measures(
        p50_ms=sum(part.quantile(0.5) for part in known),
        p99_ms=sum(part.quantile(0.99) for part in known),
    )


def _verdict(
    situation: Situation, model: LatencyModel, percentile: float, objective_ms: float
) -> Verdict:
    compute = situation.workload.compute
    # One look at the distribution says whether the objective holds; where it does not, by how much.
    missed = model.survival(objective_ms) > 1 - percentile / 100
    because = f"p{percentile:g} is within the objective of {objective_ms:,.0f} ms."
    if missed:
        reached_ms = _percentiles(model, (percentile / 100,))[0]
        because = (
            f"p{percentile:g} is {reached_ms:,.0f} ms; the objective is {objective_ms:,.0f} ms."
        )
    spread_known = compute is not None and (
        compute.duration_p50_ms is not None or compute.duration_p99_ms is not None
    )
    return Verdict(
        rule="slo.latency",
        effect="exclude",
        result="true" if missed else "false" if spread_known else "unknown",
        because=because,
        source="docs/how-we-know/cold-starts.md",
        evidence="C",
        needs=() if missed or spread_known else ("compute.duration_p99_ms",),
        fields=("slo.latency_p99_ms",) if missed else (),
    )
