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
from advisor.decisions.managed_instances import MANAGED_INSTANCES, environments_of
from advisor.decisions.microvm import MICROVM, START_UNKNOWN, has_sessions
from advisor.decisions.path import FARGATE
from advisor.rulebook import Verdict
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.capacity.fargate import TaskWork
    from advisor.capacity.response import Balancing
    from advisor.decisions.recommendation import Design
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.decisions.sized import Sized

_RESPONSES = (10, 50, 90, 99, 99.9)
"""Percentiles between which the response time of tasks is interpolated."""

_OVERLOADED = Verdict(
    rule="slo.overloaded",
    effect="exclude",
    result="true",
    because="What serves the requests would be overloaded at the peak.",
    source="docs/how-we-know/tasks.md",
    evidence="C",
    fields=("compute.target_utilisation",),
)
_SHOWN = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


class Latency(Struct, frozen=True, kw_only=True):
    """What callers of a sized design see, and the objective's verdict.

    ``model`` None says that nobody waits, or that nothing is known. ``late_share`` is the part of
    requests that take longer than the objective allows, None where it is not judged. Percentiles
    and the verdict are worked out when they are asked for: most designs are never shown.
    """

    model: LatencyModel | None
    cold_start_share: tuple[float, float] | None
    percentile: float | None = None
    objective_ms: float | None = None
    late_share: float | None = None
    spread_known: bool = True
    """Whether the durations' spread is stated, without which the objective only may hold."""
    never: Verdict | None = None
    """Why the objective cannot hold, whatever the latency."""

    @property
    def judged(self) -> bool:
        """Whether an objective was judged."""
        return self.never is not None or self.late_share is not None

    @property
    def missed(self) -> bool:
        """Whether the objective is known to be missed."""
        if self.late_share is None or self.percentile is None:
            return self.never is not None
        return self.late_share > 1 - self.percentile / 100

    @property
    def verdict(self) -> Verdict | None:
        """Return what the objective says of the design, None without one."""
        if self.late_share is None or self.percentile is None or self.objective_ms is None:
            return self.never
        return _verdict(self, self.percentile, self.objective_ms)

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
    slo = situation.workload.slo
    if design.compute == MICROVM and not has_sessions(situation):
        asked = slo is not None and slo.latency_p99_ms is not None
        return Latency(model=None, cold_start_share=share, never=START_UNKNOWN if asked else None)
    if design.compute in FARGATE or design.compute == MANAGED_INSTANCES:
        responses = responses_of(situation, running, design, sized.shown)
        if responses is None:
            return Latency(model=None, cold_start_share=share, never=_OVERLOADED)
        model = LatencyModel(duration=responses, front_door=doors)
    else:
        model = _model(running, sized, doors)
    if slo is None or slo.latency_p99_ms is None:
        return Latency(model=model, cold_start_share=share)
    compute = situation.workload.compute
    return Latency(
        model=model,
        cold_start_share=share,
        percentile=objective_percentile(situation),
        objective_ms=slo.latency_p99_ms,
        late_share=_late_share(model, slo.latency_p99_ms),
        spread_known=compute is not None
        and (compute.duration_p50_ms is not None or compute.duration_p99_ms is not None),
    )


def can_hold(situation: Situation, design: Design) -> bool:
    """Return whether a function holds the objective while it is warm, or has none to hold."""
    running, doors, slo = situation.running, front_doors(design), situation.workload.slo
    if running is None or doors is None or slo is None or slo.latency_p99_ms is None:
        return True
    if running.invocation != "sync":
        return True
    warm = LatencyModel(duration=running.duration, front_door=doors)
    late = _late_share(warm, slo.latency_p99_ms)
    return late <= 1 - objective_percentile(situation) / 100


@lru_cache(maxsize=4096)
def _late_share(model: LatencyModel, objective_ms: float) -> float:
    return model.survival(objective_ms)


@lru_cache(maxsize=1024)
def _percentiles(model: LatencyModel, shares: tuple[float, ...]) -> tuple[float, ...]:
    return model.percentiles(shares)


def responses_of(
    situation: Situation, running: Running, design: Design, sizing: Mapping[str, Any]
) -> DurationDistribution | Quantiles | None:
    """Return what requests take in and before what serves several at once, at the peak.

    None when the tasks, or the environments of Managed Instances, are overloaded.
    """
    peak = situation.arrivals.peak_rps
    if design.compute == MANAGED_INSTANCES:
        environment, work, balancing = environments_of(running, sizing)
        environments = sizing["instances"] * sizing["environments_per_instance"]
        return _responses(peak, environments, environment, work, running.duration, balancing)
    size = TaskSize(vcpu=sizing["task_vcpu"], memory_mb=sizing["task_memory_mb"])
    if "tasks_max" not in sizing:
        # A task of its own for each run: nothing waits for anything.
        slower = running.stretch(size)
        return replace(
            running.duration,
            mean_ms=running.duration.mean_ms * slower,
            median_ms=running.duration.median_ms * slower,
        )
    tasks = sizing["tasks_max"]
    if peak == 0:
        # A request that comes all the same finds the only one, whether tasks are kept or not.
        tasks = max(1, tasks)
    if tasks == 0:
        return None
    return _responses(peak, tasks, size, running.work, running.duration, "round-robin")


@lru_cache(maxsize=256)
def _responses(
    rate_rps: float,
    tasks: int,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
    balancing: Balancing,
) -> DurationDistribution | Quantiles | None:
    found = response_percentiles(
        rate_rps, tasks, size, work, duration, _RESPONSES, balancing=balancing
    )
    if found is None or not all(found):
        return None if found is None else duration
    return Quantiles(
        scores=tuple(NormalDist().inv_cdf(percent / 100) for percent in _RESPONSES),
        logs=tuple(log(ms) for ms in found),
        first_request_fixed_ms=0.0,
        first_request_cpu_ms=0.0,
        basis="docs/how-we-know/tasks.md",
    )


def added_ms(running: Running, doors: DurationDistribution, percentile: float) -> float:
    """Return by how much front doors raise a percentile of the latency of work that never waits.

    Both are seldom slow at once, so it is less than the doors' own percentile, unless all work
    takes the same time. With waits the work spreads more, and they add no more than this.
    """
    share = percentile / 100
    model = LatencyModel(duration=running.duration, front_door=doors)
    return max(0.0, _percentiles(model, (share,))[0] - running.duration.quantile(share))


def tasks_hold(
    running: Running,
    doors: DurationDistribution,
    size: TaskSize,
    rates: Mapping[int, float],
    *,
    percentile: float,
    objective_ms: float,
) -> bool:
    """Return whether tasks hold an objective; ``rates`` has the highest for each number of them."""
    for tasks, rate in rates.items():
        if tasks == 0 and rate:
            return False
        found = _responses(rate, max(1, tasks), size, running.work, running.duration, "round-robin")
        if found is None:
            return False
        late = _late_share(LatencyModel(duration=found, front_door=doors), objective_ms)
        if late > 1 - percentile / 100:
            return False
    return True


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


def _verdict(latency: Latency, percentile: float, objective_ms: float) -> Verdict:
    because = f"p{percentile:g} is within the objective of {objective_ms:,.0f} ms."
    if latency.missed:
        because = (
            f"p{percentile:g} is {latency.reached_ms or 0:,.0f} ms; the objective is"
            f" {objective_ms:,.0f} ms."
        )
    sure = latency.missed or latency.spread_known
    return Verdict(
        rule="slo.latency",
        effect="exclude",
        result="true" if latency.missed else "false" if latency.spread_known else "unknown",
        because=because,
        source="docs/how-we-know/cold-starts.md",
        evidence="C",
        needs=() if sure else ("compute.duration_p99_ms",),
        fields=("slo.latency_p99_ms",) if latency.missed else (),
    )
