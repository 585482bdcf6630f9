"""The load that a workload puts on any design: rates by the hour, durations, sizes.

This is where a workload's silence is filled. Everything behind it (capacity, cost) works on
complete numbers, and everything that was filled is among the assumptions.
"""

from __future__ import annotations

from itertools import takewhile
from math import log2
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.bursts import Burst
from advisor.capacity.duration import DurationDistribution
from advisor.capacity.fargate import TaskWork
from advisor.decisions.assumptions import Assumptions, house_assumption
from advisor.limits import limits
from advisor.units import HOURS_PER_DAY, MS_PER_SECOND, SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from advisor.workload.load_checks import MONTH_HOURS

if TYPE_CHECKING:
    from advisor.workload import Api, Compute, Constraints, Messaging, Traffic, Workload


class Arrivals(Struct, frozen=True, kw_only=True):
    """Requests over a month of average days.

    ``hourly_rps`` is the mean rate in each hour of the day, ``hourly_peak_rps`` the highest rate
    that the hour must carry: the stated peak in the busiest hour, in proportion in the others.
    ``bursts`` are jumps within the day; ``jump_s`` is how long the rate takes to reach its peak.
    """

    month_hours: float
    monthly_requests: float
    hourly_rps: tuple[float, ...]
    hourly_peak_rps: tuple[float, ...]
    bursts: tuple[Burst, ...] = ()
    jump_s: float = 0.0

    @property
    def average_rps(self) -> float:
        return self.monthly_requests / (self.month_hours * SECONDS_PER_HOUR)

    @property
    def peak_rps(self) -> float:
        return max(self.hourly_peak_rps)

    @property
    def hours_of_each(self) -> float:
        """Hours that a month has of each hour of the day."""
        return self.month_hours / HOURS_PER_DAY

    def scaled(self, factor: float) -> Arrivals:
        """Return the same shape of load, ``factor`` times as much of it."""
        return replace(
            self,
            monthly_requests=self.monthly_requests * factor,
            hourly_rps=tuple(rate * factor for rate in self.hourly_rps),
            hourly_peak_rps=tuple(rate * factor for rate in self.hourly_peak_rps),
            bursts=tuple(replace(b, rate_per_s=b.rate_per_s * factor) for b in self.bursts),
        )


class Payload(Struct, frozen=True, kw_only=True):
    """Mean sizes of a request and its response, in KB, how clients connect, and what they meet.

    ``waf`` is none, edge-ok or direct, ``caching`` none, edge or gateway, as the workload says.
    """

    request_kb: float
    response_kb: float
    requests_per_connection: float
    connection_duration_s: float
    load_balancer_rules: int
    waf: str
    waf_rules: int
    caching: str
    cache_gb: float
    streamed: bool
    custom_domain: bool

    @property
    def both_kb(self) -> float:
        return self.request_kb + self.response_kb


def arrivals(
    traffic: Traffic, assumptions: Assumptions, *, month_hours: float = MONTH_HOURS
) -> Arrivals:
    """Return the rates of each hour of the day.

    A month without a stated profile has the same rate in every hour that is not idle. The
    workload has been checked: one of the two totals is stated, and no figure contradicts another.
    """
    month_seconds = month_hours * SECONDS_PER_HOUR
    if traffic.monthly_requests is not None:
        monthly = traffic.monthly_requests
    else:
        monthly = (traffic.average_rps or 0) * month_seconds
    weights = traffic.hourly_profile or _idle_profile(traffic, assumptions)
    # A weight may be denormal-small beside the others; sum() of 24 bounded floats stays finite.
    share = [weight / sum(weights) for weight in weights]
    seconds_of_each = month_seconds / HOURS_PER_DAY
    hourly = tuple(monthly * part / seconds_of_each for part in share)
    busiest = max(hourly)
    peak = traffic.peak_rps
    if peak is None:
        pattern = assumptions.use(traffic.pattern, "traffic.pattern")
        entry = house_assumption("peak_factor")
        peak = busiest * entry["by_pattern"][pattern]
        assumptions.take("traffic.peak_rps", float(f"{peak:.6g}"), entry["why"])
    scale = peak / busiest if busiest else 0
    return Arrivals(
        month_hours=month_hours,
        monthly_requests=monthly,
        hourly_rps=hourly,
        hourly_peak_rps=tuple(rate * scale for rate in hourly),
        bursts=tuple(
            Burst(
                rate_per_s=burst.rps,
                duration_s=burst.duration_s,
                every_s=HOURS_PER_DAY * SECONDS_PER_HOUR / burst.per_day,
            )
            for burst in traffic.bursts or ()
        ),
        jump_s=_jump_s(traffic, busiest, peak, assumptions),
    )


def _jump_s(traffic: Traffic, busiest: float, peak: float, assumptions: Assumptions) -> float:
    """Return how long the rate takes from the busiest hour's mean to the peak, in seconds."""
    if traffic.ramp_doubling_minutes is not None:
        doublings = log2(peak / busiest) if peak > busiest > 0 else 0.0
        return doublings * traffic.ramp_doubling_minutes * SECONDS_PER_MINUTE
    entry = house_assumption("jump_s")
    pattern = assumptions.use(traffic.pattern, "traffic.pattern")
    return float(entry["by_pattern"][pattern])


def _idle_profile(traffic: Traffic, assumptions: Assumptions) -> list[float]:
    idle = assumptions.use(traffic.idle_hours_per_day, "traffic.idle_hours_per_day")
    assumptions.take(
        "traffic.hourly_profile",
        "the same load in every hour"
        if idle == 0
        else f"no load in {idle:g} hours, even in the rest",
        "so container tasks cannot follow the day",
    )
    return [1 - min(max(idle - hour, 0), 1) for hour in range(HOURS_PER_DAY)]


def payload(api: Api, assumptions: Assumptions) -> Payload:
    """Return the mean sizes of a request and its response, and what stands before the code."""
    request = api.average_request_size_kb
    if request is None:
        request = assumptions.use(request, "api.average_request_size_kb")
        if api.average_payload_kb is not None:
            request = min(request, api.average_payload_kb)
    if api.average_payload_kb is not None:
        response = max(api.average_payload_kb - request, 0)
    else:
        entry = house_assumption("response_kb")
        response = entry["value"]
        assumptions.take("api.average_payload_kb", request + response, entry["why"])
    waf, caching = api.waf or "none", api.response_caching or "none"
    _take_front_door(api, assumptions)
    return Payload(
        request_kb=request,
        response_kb=response,
        requests_per_connection=assumptions.use(
            api.requests_per_connection, "api.requests_per_connection"
        ),
        connection_duration_s=assumptions.use(
            api.connection_duration_s, "api.connection_duration_s"
        ),
        load_balancer_rules=assumptions.use(api.load_balancer_rules, "api.load_balancer_rules"),
        waf=waf,
        waf_rules=0 if waf == "none" else assumptions.use(api.waf_rules, "api.waf_rules"),
        caching=caching,
        cache_gb=(assumptions.use(api.cache_gb, "api.cache_gb") if caching == "gateway" else 0.0),
        streamed=bool(api.streaming_response),
        custom_domain=bool(api.custom_domain),
    )


def _take_front_door(api: Api, assumptions: Assumptions) -> None:
    """List what is taken for granted of the needs of a front door that the bill prices."""
    if api.style == "websocket":
        assumptions.take(
            "api.style",
            "one reply to each message",
            "both are charged; opening and closing a connection calls no code",
        )
    if api.response_caching not in (None, "none"):
        assumptions.take(
            "api.response_caching",
            "no hits",
            "every request is priced as if it reached the code, whatever the cache answers",
        )
    if api.streaming_response:
        assumptions.take(
            "api.streaming_response",
            "every response of the mean size",
            "what is charged by a response's size is counted on it",
        )
    for_function_url = api.custom_domain and api.single_function
    if api.waf == "edge-ok" or api.response_caching == "edge" or for_function_url:
        _take_cloudfront(assumptions)


def _take_cloudfront(assumptions: Assumptions) -> None:
    for name, value, why in (
        (
            "edge_locations",
            "near the Region",
            "CloudFront's prices go by where the callers are: in the Region's part of the world",
        ),
        ("methods", "POST", "what callers send with GET and HEAD would be passed on free"),
        ("latency", "not counted", "no measurement of CloudFront before an API is known"),
        ("plan", "pay as you go", "flat-rate plans, which include AWS WAF, are not priced"),
    ):
        assumptions.take(f"cloudfront.{name}", value, why)


def duration(compute: Compute, assumptions: Assumptions) -> DurationDistribution:
    """Return how long a warm request takes at ``compute.memory_mb``."""
    if compute.duration_p50_ms is None and compute.duration_p99_ms is None:
        assumptions.take(
            "compute.duration_p99_ms",
            compute.request_duration_ms,
            "so every invocation is taken to last the mean",
        )
    return DurationDistribution.from_measures(
        mean_ms=compute.request_duration_ms,
        p50_ms=compute.duration_p50_ms,
        p99_ms=compute.duration_p99_ms,
    )


def runtime_family(compute: Compute) -> str | None:
    """Return the language family that is stated or that the runtime's name begins with."""
    if compute.runtime_family is not None:
        return compute.runtime_family
    if compute.runtime is None:
        return None
    return "".join(takewhile(str.isalpha, compute.runtime)) or None


def task_work(compute: Compute, mean_ms: float, assumptions: Assumptions) -> TaskWork:
    """Return what a request asks of a container task.

    The CPU time is what the function burns at its measured memory: Lambda gives CPU in proportion
    to memory, one vCPU at 1,769 MB (AWS Lambda developer guide, quotas).
    """
    memory_mb = assumptions.use(compute.memory_mb, "compute.memory_mb")
    vcpu = compute.vcpu
    if vcpu is None:
        vcpu = memory_mb / limits().number("lambda.memory_mb_per_vcpu")
    stated = compute.cpu_bound_fraction
    if stated is None and compute.io_wait_fraction is not None:
        stated = 1 - compute.io_wait_fraction
    busy = assumptions.use(stated, "compute.cpu_bound_fraction")
    seconds = mean_ms / MS_PER_SECOND
    slots_per_vcpu: float | None = None
    if compute.concurrency_per_task is None and assumptions.use(
        compute.thread_safe, "compute.thread_safe"
    ):
        family = runtime_family(compute)
        slots_per_vcpu = limits().concurrency_per_vcpu(family)
        assumptions.take(
            "compute.concurrency_per_task",
            f"{slots_per_vcpu:g} per vCPU",
            f"AWS's default for Managed Instances ({family or 'lowest of all runtimes'})",
        )
    return TaskWork(
        cpu_seconds=seconds * busy * vcpu,
        waiting_seconds=seconds * (1 - busy),
        parallelism=max(1.0, vcpu),
        process_mb=memory_mb,
        slots_per_vcpu=slots_per_vcpu,
        slots_per_task=compute.concurrency_per_task,
    )


def outbound(constraints: Constraints, assumptions: Assumptions) -> str:
    """Return how code in a VPC reaches the internet."""
    if constraints.outbound is not None:
        return constraints.outbound
    inside = constraints.vpc or constraints.private_resources or constraints.no_public_endpoint
    choice = "nat" if inside else "public-ipv4"
    assumptions.take("constraints.outbound", choice, "how code in your VPC reaches the internet")
    return choice


def asks_api(workload: Workload) -> bool:
    api = workload.api
    return api is not None and api.needed is not False and api.style != "none"


def asks_messaging(workload: Workload) -> Messaging | None:
    messaging = workload.messaging
    return messaging if messaging is not None and messaging.needed is not False else None
