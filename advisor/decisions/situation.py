"""Everything about a workload that pricing a design needs, resolved once."""

from __future__ import annotations

from functools import lru_cache
from math import floor, sqrt
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.bursts import cold_start_share_with_bursts
from advisor.capacity.coldstart import replacements_per_s, spread_factor
from advisor.capacity.fargate import TaskSize
from advisor.capacity.initialisation import init_quantiles
from advisor.capacity.waiting import cv2_of
from advisor.decisions import load
from advisor.decisions.assumptions import Assumptions, house_assumption
from advisor.decisions.executions import executions
from advisor.decisions.messages.flow import messages
from advisor.decisions.presumed import presume
from advisor.decisions.tenants import apart
from advisor.limits import limits
from advisor.units import HOURS_PER_DAY, MS_PER_SECOND
from advisor.workload import Api, Commitments, Compute, Constraints, Workload
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from advisor.capacity.bursts import Burst
    from advisor.capacity.duration import DurationDistribution
    from advisor.capacity.fargate import TaskWork
    from advisor.capacity.initialisation import Quantiles
    from advisor.decisions.executions import Executions
    from advisor.decisions.load import Arrivals, Payload
    from advisor.decisions.messages import Messages


class Running(Struct, frozen=True, kw_only=True):
    """What one request does and what runs it.

    ``cold_start_share`` is the share of cold requests for each architecture, low and high, over
    the keep-alive times that were seen; ``replaced_per_s`` how often an environment is replaced,
    at the most, by AWS or by a deployment; ``spread`` how many times as many requests may be cold
    because durations vary more than exponential ones.
    """

    invocation: str
    duration: DurationDistribution
    work: TaskWork
    memory_mb: float
    billed_ms: float
    task_sizes: tuple[TaskSize, ...]
    ephemeral_storage_mb: float
    architectures: tuple[str, ...]
    windows: bool
    runtime: str
    package_type: str
    init: dict[str, Quantiles]
    init_mean_ms: dict[str, float]
    cold_start_share: dict[str, tuple[float, float]]
    replaced_per_s: float
    spread: float
    log_kb: float
    outbound_kb: float
    target_utilisation: float
    autoscaling: bool
    min_tasks: int

    def stretch(self, size: TaskSize) -> float:
        """Return how many times as long a request takes in a task that has nothing else to do."""
        mean_s = self.duration.mean_ms / MS_PER_SECOND
        return self.work.seconds(size) / mean_s if mean_s else 1.0


class Situation(Struct, frozen=True, kw_only=True):
    """A workload as numbers.

    ``running`` is None when no code is asked about, ``executions`` without a workflow, ``messages``
    without messaging.
    """

    workload: Workload
    region: str
    arrivals: Arrivals
    payload: Payload | None
    running: Running | None
    executions: Executions | None
    messages: Messages | None
    private: bool
    in_vpc: bool
    outbound: str
    zones: int
    free_tier: bool

    def scaled(self, factor: float) -> Situation:
        """Return the same workload with ``factor`` times the traffic.

        The share of cold requests stays as it is: INIT is a small part of any bill.
        """
        return replace(
            self,
            arrivals=self.arrivals.scaled(factor),
            executions=None if self.executions is None else self.executions.scaled(factor),
            messages=None if self.messages is None else self.messages.scaled(factor),
        )

    def on(self, architecture: str | None) -> Situation:
        """Return the same workload on one architecture only, or as it is for None."""
        if architecture is None or self.running is None:
            return self
        return replace(self, running=replace(self.running, architectures=(architecture,)))

    def lookup(self, field: str) -> Any:
        """Return a field of the workload file as it is stated, else its default, or None."""
        section, _, name = field.partition(".")
        stated = getattr(getattr(self.workload, section, None), name, None)
        return default(field) if stated is None else stated


def margin_percent(situation: Situation) -> float:
    """Return the margin within which a preference breaks a tie."""
    margin: float = situation.lookup("preferences.tie_margin_percent")
    return margin


def resolve(workload: Workload, assumptions: Assumptions) -> Situation:
    """Fill in what a workload leaves open; each value that is filled is listed."""
    constraints = workload.constraints or Constraints()
    commitments = workload.commitments or Commitments()
    api = workload.api if load.asks_api(workload) else None
    private = bool((api and api.private) or constraints.no_public_endpoint)
    arriving = load.arrivals(workload.traffic, assumptions)
    payload = _payload(workload, api, assumptions)
    running = None
    if workload.compute is not None:
        running = running_of(workload.compute, arriving, assumptions)
    situation = Situation(
        workload=workload,
        region=workload.region,
        arrivals=arriving,
        payload=payload,
        running=running,
        executions=executions(workload, arriving, assumptions),
        messages=messages(
            workload,
            arriving,
            assumptions,
            duration_ms=None if running is None else running.duration.mean_ms,
        ),
        private=private,
        in_vpc=bool(constraints.vpc or constraints.private_resources),
        outbound=(
            "existing" if workload.compute is None else load.outbound(constraints, assumptions)
        ),
        zones=default("constraints.zones") if constraints.zones is None else constraints.zones,
        free_tier=bool(commitments.free_tier),
    )
    presume(situation, assumptions)
    if situation.running is None:
        return situation
    return replace(situation, running=apart(situation, situation.running))


def _payload(workload: Workload, api: Api | None, assumptions: Assumptions) -> Payload | None:
    if api is not None:
        return load.payload(api, assumptions)
    waits = workload.compute is not None and workload.compute.invocation in (None, "sync")
    # Callers inside the account still reach containers through a load balancer.
    return load.payload(Api(), assumptions) if waits else None


def running_of(compute: Compute, arrivals: Arrivals, assumptions: Assumptions) -> Running:
    """Return the work of one request with all that the workload leaves open filled in."""
    duration = load.duration(compute, assumptions)
    memory_mb = assumptions.use(compute.memory_mb, "compute.memory_mb")
    runtime = compute.runtime
    if runtime is None:
        entry = house_assumption("runtime")
        runtime = entry["value"]
        assumptions.take("compute.runtime", runtime, entry["why"])
    package_type = assumptions.use(compute.package_type, "compute.package_type")
    if package_type == "zip":
        assumptions.use(compute.package_unzipped_mb, "compute.package_unzipped_mb")
    arm64 = assumptions.use(compute.arm64_compatible, "compute.arm64_compatible")
    windows = compute.os == "windows"
    # Windows containers run on x86 only (Amazon ECS task definition parameters, 2026-11).
    architectures = ("arm64", "x86_64") if arm64 and not windows else ("x86_64",)
    init: dict[str, Quantiles] = {}
    for architecture in architectures:
        quantiles = init_quantiles(
            runtime,
            package_type,
            architecture,
            compute.init_p50_ms,
            compute.init_p99_ms,
            family=load.runtime_family(compute),
        )
        if quantiles is not None:
            init[architecture] = quantiles
            if compute.init_p50_ms is None:
                assumptions.take(
                    "compute.init_p50_ms", round(quantiles.quantile(0.5)), quantiles.basis
                )
    init_mean_ms = {
        architecture: init[architecture].mean if architecture in init else 0.0
        for architecture in architectures
    }
    work = load.task_work(compute, duration.mean_ms, assumptions)
    deployments = assumptions.use(compute.deployments_per_month, "compute.deployments_per_month")
    deployments_per_day = deployments * HOURS_PER_DAY / arrivals.month_hours
    spread = spread_factor(sqrt(cv2_of(duration)))
    return Running(
        invocation=assumptions.use(compute.invocation, "compute.invocation"),
        duration=duration,
        work=work,
        memory_mb=memory_mb,
        billed_ms=duration.billed_mean_ms(),
        task_sizes=_task_sizes(work, compute.vcpu or 0, windows=windows),
        ephemeral_storage_mb=assumptions.use(
            compute.ephemeral_storage_mb, "compute.ephemeral_storage_mb"
        ),
        architectures=architectures,
        windows=windows,
        runtime=runtime,
        package_type=package_type,
        init=init,
        init_mean_ms=init_mean_ms,
        cold_start_share={
            architecture: _cold_share(
                arrivals,
                duration.mean_ms / MS_PER_SECOND,
                init_mean_ms[architecture] / MS_PER_SECOND,
                deployments_per_day,
                spread,
            )
            for architecture in architectures
        },
        spread=spread,
        replaced_per_s=replacements_per_s(deployments_per_day),
        log_kb=assumptions.use(compute.log_kb_per_request, "compute.log_kb_per_request"),
        outbound_kb=assumptions.use(
            compute.outbound_kb_per_request, "compute.outbound_kb_per_request"
        ),
        target_utilisation=assumptions.use(
            compute.target_utilisation, "compute.target_utilisation"
        ),
        autoscaling=assumptions.use(compute.autoscaling, "compute.autoscaling"),
        min_tasks=assumptions.use(compute.min_tasks, "compute.min_tasks"),
    )


def _cold_share(
    arrivals: Arrivals, duration_s: float, init_s: float, deployments_per_day: float, spread: float
) -> tuple[float, float]:
    """Return the share of cold requests, low and high; the high end bears what durations spread."""
    low, high = _cold_share_range(
        arrivals.hourly_rps, arrivals.bursts, duration_s, init_s, deployments_per_day
    )
    return low, min(1.0, float(f"{high * spread:.7g}"))


@lru_cache(maxsize=512)
def _cold_share_range(
    hourly_rps: tuple[float, ...],
    bursts: tuple[Burst, ...],
    duration_s: float,
    init_s: float,
    deployments_per_day: float,
) -> tuple[float, float]:
    """Remember the share of cold requests: front doors and tenants ask for the same."""
    return cold_start_share_with_bursts(
        hourly_rps, bursts, duration_s, init_s, deployments_per_day=deployments_per_day
    )


def _task_sizes(work: TaskWork, vcpu_at_once: float, *, windows: bool) -> tuple[TaskSize, ...]:
    """Return the valid task sizes worth comparing.

    For each vCPU count that is enough at once: the smallest memory for one process, and the
    smallest for as many processes as keep every vCPU busy.
    """
    quota = limits()
    least = quota.number("fargate.windows_vcpu_min")
    most = quota.number("fargate.windows_vcpu_max")
    sizes: dict[TaskSize, None] = {}
    for vcpu, memories in limits().fargate_sizes():
        if vcpu < vcpu_at_once or (windows and not least <= vcpu <= most):
            continue
        processes = max(1, floor(vcpu / work.parallelism))
        for wanted_mb in (work.process_mb, work.process_mb * processes):
            fitting = next((memory for memory in memories if memory >= wanted_mb), None)
            if fitting is not None:
                sizes[TaskSize(vcpu=vcpu, memory_mb=fitting)] = None
    return tuple(sizes)
