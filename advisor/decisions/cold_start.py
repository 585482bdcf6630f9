"""How a function meets its cold starts: bears them, restores snapshots, or keeps some ready."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from advisor.capacity.bursts import burst_cold_starts
from advisor.capacity.coldstart import hidden_start_ms, model
from advisor.capacity.latency import ColdPath, LatencyModel
from advisor.capacity.provisioned import (
    ProvisionedPlan,
    scheduled,
    smallest_static,
    static,
    tracking,
)
from advisor.capacity.provisioned_slot import Load
from advisor.capacity.snapstart import is_charged, restore_quantiles
from advisor.cost.aws_lambda import ARCHITECTURE_SUFFIX
from advisor.decisions import load
from advisor.decisions.assumptions import house_assumption
from advisor.decisions.latency import can_hold, front_doors, objective_percentile
from advisor.decisions.remedy_bounds import INIT, break_even
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.capacity.bursts import Burst, BurstOutcome
    from advisor.decisions.load import Arrivals
    from advisor.decisions.recommendation import Design
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

COLD_START = ("none", "snapstart", "provisioned")


class ColdStart(Struct, frozen=True, kw_only=True):
    """A way to meet cold starts, for one architecture.

    ``share`` is the part of requests that are cold (low, high), ``path`` what such a request takes
    besides its work, ``init_ms`` what is billed for that, under the name ``cold_item``.
    ``provisioned`` is the mean number of environments kept ready per request a second,
    ``inside_share`` the part of requests that these serve; ``snapshots`` says that SnapStart is
    charged for.
    """

    share: tuple[float, float]
    path: ColdPath | None
    init_ms: float
    cold_item: str = f"{INIT} of cold starts"
    provisioned: float = 0.0
    inside_share: float = 0.0
    snapshots: bool = False
    shown: dict[str, Any] = field(default_factory=dict)


def ways(
    situation: Situation,
    running: Running,
    design: Design,
    architecture: str,
    book: PriceBook,
    *,
    units: int | None = None,
    every_way: bool = False,
) -> list[ColdStart]:
    """Return the ways of a design's option that are worth comparing, none where none helps.

    ``units`` is a provisioned concurrency that is kept all day, None where it is to be found.
    ``every_way`` also sizes it where the objective does not ask for it.
    """
    borne = _borne(situation, running, architecture)
    if design.cold_start == "snapstart":
        return _restored(situation, running, architecture, borne)
    if design.cold_start == "provisioned":
        utilisation = break_even(book, situation.region, ARCHITECTURE_SUFFIX[architecture])
        plans = _plans(situation, running, design, borne, units, every_way=every_way)
        return _kept_ready(situation, running, borne, utilisation, plans)
    return [borne]


def _borne(situation: Situation, running: Running, architecture: str) -> ColdStart:
    init = running.init.get(architecture)
    path = None
    if init is not None:
        compute = situation.workload.compute
        # The upload is smaller than what it unzips to; the larger figure errs on the slow side.
        package_mb = None if compute is None else compute.package_unzipped_mb
        path = ColdPath(
            fixed_ms=hidden_start_ms(running.package_type, package_mb)
            + init.first_request_ms(running.memory_mb),
            init=init,
        )
    return ColdStart(
        share=running.cold_start_share[architecture],
        path=path,
        init_ms=running.init_mean_ms[architecture],
    )


def _restored(
    situation: Situation, running: Running, architecture: str, borne: ColdStart
) -> list[ColdStart]:
    """Return SnapStart: INIT runs once, when a version is published, and is restored afterwards."""
    init, compute = running.init.get(architecture), situation.workload.compute
    if init is None or borne.path is None or compute is None:
        return [replace(borne, snapshots=True)]
    restores = restore_quantiles(running.runtime, init)
    return [
        replace(
            borne,
            path=ColdPath(fixed_ms=borne.path.fixed_ms, init=restores),
            # AWS bills a part of a restore; all of it errs on the dear side.
            init_ms=restores.mean,
            cold_item="Restores of cold starts",
            snapshots=is_charged(load.runtime_family(compute) or running.runtime),
            shown={"restore_basis": restores.basis},
        )
    ]


def _kept_ready(
    situation: Situation,
    running: Running,
    borne: ColdStart,
    utilisation: float | None,
    plans: list[ProvisionedPlan],
) -> list[ColdStart]:
    """Return provisioned concurrency in each way of sizing it that keeps anything ready."""
    arrivals, load_of_it = situation.arrivals, _load_of(running, borne)
    without = static(arrivals.hourly_rps, load_of_it, 0)
    nothing = _with_bursts(arrivals, load_of_it, without).cold_share
    return [
        _as_planned(arrivals, borne, _with_bursts(arrivals, load_of_it, plan), nothing, utilisation)
        for plan in plans
        if plan.mean_provisioned
    ]


def _load_of(running: Running, borne: ColdStart) -> Load:
    return Load(
        running.duration.mean_ms / MS_PER_SECOND,
        borne.init_ms / MS_PER_SECOND,
        float(model()["keep_alive_s"]["shortest"]),
        running.replaced_per_s,
    )


def _plans(
    situation: Situation,
    running: Running,
    design: Design,
    borne: ColdStart,
    units: int | None,
    *,
    every_way: bool,
) -> list[ProvisionedPlan]:
    """Return the ways of sizing provisioned concurrency that are worth comparing.

    Target tracking on the average is the cheapest and removes hardly a cold start; where the
    objective needs fewer of them, the smallest number that holds it joins, the same all day and
    by the hour. ``every_way`` sizes these without an objective for a percentile that is warm.
    """
    arrivals, load_of_it = situation.arrivals, _load_of(running, borne)
    rates = arrivals.hourly_rps
    if units is not None:
        return [static(rates, load_of_it, units)]
    if not every_way and not can_hold(replace(situation, running=running), design):
        # No number of environments makes a warm request faster: one plan stands for all.
        return [static(rates, load_of_it, 1)]
    plans = [_tracked(rates, load_of_it)]
    allowed = _allowed_share(situation, running, design, borne)
    if allowed is None and every_way and not _has_objective(situation):
        allowed = 1 - objective_percentile(situation) / 100
    needed = allowed is not None and allowed < borne.share[1]
    if needed or every_way:
        target = house_assumption("provisioned_tracking")["target"]
        plans.append(tracking(rates, load_of_it, target=target, statistic="maximum", minimum=1))
    if allowed is not None and needed:
        for find in (smallest_static, scheduled):
            plan = find(rates, load_of_it, cold_share_target=allowed / running.spread)
            if plan is not None:
                plans.append(plan)
    if arrivals.bursts:
        # What is sized for the hours is overrun by a burst; so what bursts need is a candidate.
        share = allowed / borne.share[1] if allowed is not None and needed else 0.0
        plans.append(_ready_for_bursts(arrivals, load_of_it, share))
    return plans


def _has_objective(situation: Situation) -> bool:
    slo = situation.workload.slo
    return slo is not None and slo.latency_p99_ms is not None


def _ready_for_bursts(arrivals: Arrivals, load_of_it: Load, left: float) -> ProvisionedPlan:
    """Return the smallest number all day that leaves a part of the cold starts, bursts included.

    Never more than a burst has in progress when nothing is cold: INIT does not count then.
    """
    rates = arrivals.hourly_rps
    cold = max(_burst(arrivals, b, load_of_it, 0).peak_environments for b in arrivals.bursts)
    most = max(
        ceil(_burst(arrivals, b, load_of_it, ceil(cold)).peak_concurrency) for b in arrivals.bursts
    )

    def cold_share(number: int) -> float:
        return _with_bursts(arrivals, load_of_it, static(rates, load_of_it, number)).cold_share

    allowed = left * cold_share(0)
    enough, too_many = 0, most
    while enough < too_many:
        middle = (enough + too_many) // 2
        if cold_share(middle) > allowed:
            enough = middle + 1
        else:
            too_many = middle
    return static(rates, load_of_it, enough)


def _with_bursts(arrivals: Arrivals, load_of_it: Load, plan: ProvisionedPlan) -> ProvisionedPlan:
    """Add the cold starts of the bursts, which find the plan's mean number of environments."""
    ready = round(plan.mean_provisioned)
    per_s = sum(
        _burst(arrivals, b, load_of_it, ready).cold_starts / b.every_s for b in arrivals.bursts
    )
    rate = arrivals.average_rps
    share = min(1.0, plan.cold_share + per_s / rate) if rate else plan.cold_share
    return replace(plan, cold_share=share)


def _burst(arrivals: Arrivals, burst: Burst, load_of_it: Load, ready: int) -> BurstOutcome:
    return burst_cold_starts(
        arrivals.average_rps,
        burst,
        load_of_it.duration_s,
        load_of_it.init_s,
        load_of_it.keep_alive_s,
        provisioned=ready,
    )


@lru_cache(maxsize=256)
def _tracked(rates: tuple[float, ...], load_of_it: Load) -> ProvisionedPlan:
    """Remember what target tracking holds: it is the same behind every front door."""
    target = house_assumption("provisioned_tracking")["target"]
    return tracking(rates, load_of_it, target=target, statistic="average", minimum=1)


def _as_planned(
    arrivals: Arrivals,
    borne: ColdStart,
    plan: ProvisionedPlan,
    nothing: float,
    utilisation: float | None,
) -> ColdStart:
    """Return a plan as a way; ``nothing`` is the cold share of the same model without it."""
    low, high = borne.share
    left = min(1.0, plan.cold_share / nothing) if nothing else 1.0
    rate = arrivals.average_rps
    return replace(
        borne,
        share=(low * left, high * left),
        provisioned=plan.mean_provisioned / rate if rate else 0.0,
        inside_share=plan.inside_share,
        shown={
            "provisioned_concurrency": {
                "sized": plan.kind,
                "by_hour": list(plan.by_hour),
                "mean": plan.mean_provisioned,
                "utilisation": plan.utilisation,
                "removes": float(f"{1 - left:.4g}"),
                "break_even_utilisation": utilisation,
            }
        },
    )


def _allowed_share(
    situation: Situation, running: Running, design: Design, borne: ColdStart
) -> float | None:
    """Return the largest share of cold requests with which the objective holds, if any does.

    A share q of requests must be within the objective: with the parts of warm and of cold requests
    that are not, (1 - p) warm + p cold <= 1 - q.
    """
    slo, doors = situation.workload.slo, front_doors(design)
    if slo is None or slo.latency_p99_ms is None or doors is None or borne.path is None:
        return None
    late = 1 - objective_percentile(situation) / 100
    warm = LatencyModel(duration=running.duration, front_door=doors)
    cold = replace(warm, cold_share=1.0, cold=borne.path)
    warm_late = warm.survival(slo.latency_p99_ms)
    cold_late = cold.survival(slo.latency_p99_ms)
    if warm_late > late:
        return None
    return 1.0 if cold_late <= late else (late - warm_late) / (cold_late - warm_late)
