"""The latency that a design will have, and whether it meets the objective."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.coldstart import hidden_start_ms
from advisor.capacity.duration import DurationDistribution
from advisor.capacity.fargate import TaskSize
from advisor.capacity.latency import ColdPath, LatencyModel, front_door
from advisor.cost.units import MS_PER_SECOND
from advisor.decisions.path import FARGATE
from advisor.rulebook import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Running, Situation

_SHOWN = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


class Latency(Struct, frozen=True, kw_only=True):
    """Percentiles in ms, the share of cold requests (low, high), and the objective's verdict."""

    percentiles: dict[str, float] | None
    cold_start_share: tuple[float, float] | None
    verdict: Verdict | None


def latency_of(situation: Situation, design: Design, sizing: Mapping[str, Any]) -> Latency:
    """Return what callers of a sized design see; nothing is said of work that nobody waits for.

    The cold share is the pessimistic end of its range. Queueing inside tasks is not modelled: the
    target utilisation keeps it small.
    """
    running = situation.running
    if running is None:
        return Latency(percentiles=None, cold_start_share=None, verdict=None)
    share = None
    if design.compute == "lambda":
        share = running.cold_start_share[sizing["architecture"]]
    doors = _front_doors(design)
    if running.invocation != "sync" or doors is None:
        return Latency(percentiles=None, cold_start_share=share, verdict=None)
    model = _model(situation, running, design, sizing, share, doors)
    percentiles = dict(zip(_SHOWN, model.percentiles(tuple(_SHOWN.values())), strict=True))
    return Latency(
        percentiles=percentiles,
        cold_start_share=share,
        verdict=_verdict(situation, model, percentiles),
    )


def _model(
    situation: Situation,
    running: Running,
    design: Design,
    sizing: Mapping[str, Any],
    share: tuple[float, float] | None,
    doors: DurationDistribution,
) -> LatencyModel:
    if design.compute in FARGATE:
        size = TaskSize(vcpu=sizing["task_vcpu"], memory_mb=sizing["task_memory_mb"])
        mean_s = running.duration.mean_ms / MS_PER_SECOND
        slower = running.work.seconds(size) / mean_s if mean_s else 1
        duration = replace(
            running.duration,
            mean_ms=running.duration.mean_ms * slower,
            median_ms=running.duration.median_ms * slower,
        )
        return LatencyModel(duration=duration, front_door=doors)
    init = running.init.get(sizing["architecture"])
    if share is None or init is None:
        return LatencyModel(duration=running.duration, front_door=doors)
    compute = situation.workload.compute
    # The upload is smaller than what it unzips to; the larger figure errs on the slow side.
    package_mb = None if compute is None else compute.package_unzipped_mb
    fixed = hidden_start_ms(running.package_type, package_mb) + init.first_request_ms(
        running.memory_mb
    )
    return LatencyModel(
        duration=running.duration,
        front_door=doors,
        cold_share=share[1],
        cold=ColdPath(fixed_ms=fixed, init=init),
    )


def _front_doors(design: Design) -> DurationDistribution | None:
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
    situation: Situation, model: LatencyModel, percentiles: dict[str, float]
) -> Verdict | None:
    slo, compute = situation.workload.slo, situation.workload.compute
    if slo is None or slo.latency_p99_ms is None or compute is None:
        return None
    percentile = 99 if slo.latency_percentile is None else slo.latency_percentile
    reached = percentiles.get(f"p{percentile:g}") or model.percentile(percentile / 100)
    missed = reached > slo.latency_p99_ms
    spread_known = compute.duration_p50_ms is not None or compute.duration_p99_ms is not None
    return Verdict(
        rule="slo.latency",
        effect="exclude",
        result="true" if missed else "false" if spread_known else "unknown",
        because=(
            f"p{percentile:g} is {reached:,.0f} ms; the objective is {slo.latency_p99_ms:,.0f} ms."
        ),
        source="docs/how-we-know/cold-starts.md",
        evidence="C",
        needs=() if missed or spread_known else ("compute.duration_p99_ms",),
        fields=("slo.latency_p99_ms",) if missed else (),
    )
