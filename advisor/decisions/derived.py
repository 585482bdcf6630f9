"""Values that rules read and that are worked out from others, by the path that rules name."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.decisions.assumptions import house_assumption
from advisor.decisions.messages.mapping import mapping_of
from advisor.decisions.presumed import (
    kept_hours,
    largest_request_mb,
    largest_response_mb,
    longest_response_s,
    working_time_s,
)
from advisor.limits import limits
from advisor.units import MS_PER_SECOND, SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.decisions.situation import Situation
    from advisor.workload import Api

_SCALING_WINDOW_S = 10


def _peak_concurrency(situation: Situation) -> float | None:
    running = situation.running
    if running is None:
        return None
    return situation.arrivals.peak_rps * running.duration.mean_ms / MS_PER_SECOND


def _concurrency_growth(situation: Situation) -> float | None:
    """Return how much the concurrency grows within 10 s while the load doubles its fastest."""
    concurrency = _peak_concurrency(situation)
    minutes = situation.workload.traffic.ramp_doubling_minutes
    if concurrency is None or minutes is None:
        return None
    return min(concurrency * _SCALING_WINDOW_S / (minutes * SECONDS_PER_MINUTE), concurrency)


def _cold_start_rate(situation: Situation) -> float | None:
    running = situation.running
    if running is None:
        return None
    return max(high for _, high in running.cold_start_share.values())


def _pc_units(situation: Situation) -> float | None:
    """Return the environments that provisioned concurrency would keep at the target use."""
    concurrency = _peak_concurrency(situation)
    current = situation.workload.current
    if current is not None and current.provisioned_concurrency is not None:
        return float(current.provisioned_concurrency)
    if concurrency is None:
        return None
    target: float = house_assumption("provisioned_tracking")["target"]
    return float(ceil(concurrency / target))


def _pc_utilisation(situation: Situation) -> float | None:
    """Return the part of a static provisioned concurrency that is busy on the mean."""
    running, units = situation.running, _pc_units(situation)
    if running is None or not units:
        return None
    busy = situation.arrivals.average_rps * running.duration.mean_ms / MS_PER_SECOND
    return min(1.0, busy / units)


def _drain_concurrency(situation: Situation) -> float | None:
    """Return how many batches must be worked on at once at the peak, so that none waits."""
    flow = situation.messages
    found = None if flow is None else mapping_of(flow)
    return None if found is None else found.plan.needed_concurrency


def _pipe_concurrency(situation: Situation) -> float | None:
    seconds = working_time_s(situation)
    return None if seconds is None else _throughput(situation) * seconds


def _throughput(situation: Situation) -> float:
    messaging = situation.workload.messaging
    stated = None if messaging is None else messaging.throughput_mps
    return situation.arrivals.peak_rps if stated is None else stated


def _starts_per_second(situation: Situation) -> float | None:
    """Return the executions started per second at the peak, as the requests' peak to their mean."""
    workflow, arrivals = situation.workload.workflow, situation.arrivals
    if workflow is None or workflow.starts_per_second is not None:
        return None if workflow is None else workflow.starts_per_second
    if workflow.monthly_executions is None or not arrivals.monthly_requests:
        return arrivals.peak_rps
    return arrivals.peak_rps * workflow.monthly_executions / arrivals.monthly_requests


def _needs_rest_only(situation: Situation) -> bool | None:
    """Return whether the API asks for what only REST APIs do (HTTP and REST APIs compared by AWS:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html)."""
    api = situation.workload.api
    return None if api is None else _rest_only(api)


def _rest_only(api: Api) -> bool:
    wanted = (
        api.api_keys,
        api.usage_plans,
        api.private,
        api.edge_optimized,
        api.resource_policy,
        api.developer_portal,
        api.request_body_transform,
        api.streaming_response,
        api.execution_logs,
        api.xray,
        api.waf == "direct",
        api.request_validation == "gateway",
        api.response_caching == "gateway",
        api.canary == "gateway",
    )
    return any(wanted)


def _needs_gateway(situation: Situation) -> bool | None:
    """Return whether the API asks for what a function URL alone cannot do."""
    api = situation.workload.api
    if api is None:
        return None
    # A function URL streams too.
    streams = replace(api, streaming_response=False)
    tokens = {"jwt", "cognito"} & set(api.auth or ())
    return bool(_rest_only(streams) or tokens or api.custom_domain or api.per_client_throttle)


def _longest_run(situation: Situation) -> float | None:
    compute, running = situation.workload.compute, situation.running
    if compute is None or running is None:
        return None
    longest = running.duration.quantile(0.99) / MS_PER_SECOND
    return longest if compute.max_duration_s is None else max(compute.max_duration_s, longest)


def _runtime_family(situation: Situation) -> str | None:
    from advisor.decisions import load

    compute = situation.workload.compute
    return None if compute is None else load.runtime_family(compute)


def _runtime(situation: Situation) -> str | None:
    """Return the runtime as stated, else the one whose INIT is taken, unless that is an image's."""
    compute, running = situation.workload.compute, situation.running
    if compute is None or running is None or compute.runtime is not None:
        return None if compute is None else compute.runtime
    other = compute.runtime_family is not None or running.package_type == "image"
    return None if other else running.runtime


def _backend(situation: Situation) -> str | None:
    """Return what the front door calls; not stated, it is whatever compute is chosen.

    Rules speak of the options of compute for that, so code of ours is all that has to be said.
    """
    api = situation.workload.api
    if api is None:
        return None
    return api.backend or "lambda"


def _vcpu(situation: Situation) -> float | None:
    """Return the vCPUs of a run as stated, else what Lambda gives with the memory.

    One vCPU at 1,769 MB, six at most (AWS Lambda developer guide, configuring memory, 2026-11).
    """
    compute, running = situation.workload.compute, situation.running
    if compute is None or running is None:
        return None
    if compute.vcpu is not None:
        return compute.vcpu
    quota = limits()
    share = running.memory_mb / quota.number("lambda.memory_mb_per_vcpu")
    return min(share, quota.number("lambda.vcpu_max"))


def _idle_hours(situation: Situation) -> float | None:
    """Return the hours of a day without a request, as stated or as the profile has them."""
    traffic = situation.workload.traffic
    if traffic.idle_hours_per_day is not None or traffic.hourly_profile is None:
        return traffic.idle_hours_per_day
    return float(sum(weight == 0 for weight in traffic.hourly_profile))


def _of_executions(name: str) -> Callable[[Situation], float | None]:
    def found(situation: Situation) -> float | None:
        runs = situation.executions
        value: float | None = None if runs is None else getattr(runs, name)
        return value

    return found


DERIVED: dict[str, Callable[[Situation], Any]] = {
    "traffic.peak_rps": lambda situation: situation.arrivals.peak_rps,
    "traffic.average_rps": lambda situation: situation.arrivals.average_rps,
    "traffic.monthly_requests": lambda situation: situation.arrivals.monthly_requests,
    "traffic.idle_hours_per_day": _idle_hours,
    "api.backend": _backend,
    "api.max_request_mb": largest_request_mb,
    "api.max_response_mb": largest_response_mb,
    "api.max_response_s": longest_response_s,
    "compute.runtime": _runtime,
    "compute.runtime_family": _runtime_family,
    "compute.vcpu": _vcpu,
    "compute.max_duration_s": _longest_run,
    "messaging.processing_time_s": working_time_s,
    "messaging.retention_hours": kept_hours,
    "messaging.throughput_mps": _throughput,
    "workflow.starts_per_second": _starts_per_second,
    "workflow.transitions_per_execution": _of_executions("transitions"),
    "workflow.history_events_per_execution": _of_executions("history_events"),
    "workflow.operations_per_execution": _of_executions("operations"),
    "workflow.persisted_mb": _of_executions("persisted_mb"),
    "derived.peak_concurrency": _peak_concurrency,
    "derived.concurrency_growth_per_10s": _concurrency_growth,
    "derived.cold_start_rate": _cold_start_rate,
    "derived.pc_units": _pc_units,
    "derived.pc_utilisation": _pc_utilisation,
    "derived.drain_concurrency": _drain_concurrency,
    "derived.pipe_concurrency": _pipe_concurrency,
    "derived.needs_rest_only": _needs_rest_only,
    "derived.needs_gateway": _needs_gateway,
}

DERIVED_FIELDS = frozenset(DERIVED)
"""The fields that are worked out from others, so that these can move them."""

SETTLED_BY = {
    "derived.peak_concurrency": "traffic.peak_rps",
    "derived.concurrency_growth_per_10s": "traffic.ramp_doubling_minutes",
    "derived.cold_start_rate": "compute.init_p99_ms",
    "derived.pc_units": "traffic.peak_rps",
    "derived.pc_utilisation": "traffic.hourly_profile",
    "derived.drain_concurrency": "messaging.processing_time_s",
    "derived.pipe_concurrency": "messaging.processing_time_s",
    "derived.needs_rest_only": "api",
    "derived.needs_gateway": "api",
}
"""The field of the workload file that settles or changes a derived value."""
