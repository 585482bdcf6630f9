"""The work of one request, and what runs it."""

from __future__ import annotations

from functools import lru_cache
from math import floor, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.bursts import cold_start_share_with_bursts
from advisor.capacity.coldstart import replacements_per_s, spread_factor
from advisor.capacity.fargate import TaskSize
from advisor.capacity.initialisation import init_quantiles
from advisor.capacity.waiting import cv2_of
from advisor.decisions import load
from advisor.decisions.assumptions import house_assumption
from advisor.lazy import WhenAsked
from advisor.limits import limits
from advisor.units import HOURS_PER_DAY, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.capacity.bursts import Burst
    from advisor.capacity.duration import DurationDistribution
    from advisor.capacity.fargate import TaskWork
    from advisor.capacity.initialisation import Quantiles
    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.load import Arrivals
    from advisor.workload import Compute


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
    cold_start_share: Mapping[str, tuple[float, float]]
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
        cold_start_share=cold_shares(
            arrivals, duration.mean_ms, init_mean_ms, deployments_per_day, spread
        ),
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


def cold_shares(
    arrivals: Arrivals,
    mean_ms: float,
    init_mean_ms: Mapping[str, float],
    deployments_per_day: float,
    spread: float,
) -> Mapping[str, tuple[float, float]]:
    """Return the share of cold requests by architecture, low and high.

    The high end bears what durations spread. Shares take longest of all that is resolved, and
    where no function is open nobody asks for them.
    """

    def share(init_ms: float) -> tuple[float, float]:
        low, high = _cold_share_range(
            arrivals.hourly_rps,
            arrivals.bursts,
            mean_ms / MS_PER_SECOND,
            init_ms / MS_PER_SECOND,
            deployments_per_day,
        )
        return low, min(1.0, significant(high * spread))

    return WhenAsked(init_mean_ms, share)


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
