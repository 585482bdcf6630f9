"""Contradictions inside a workload: figures that cannot all be true.

Each finding says the smallest change that would settle it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from advisor.limits import limits
from advisor.workload.defaults import default
from advisor.workload.waivers import check_waivers

if TYPE_CHECKING:
    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document
    from advisor.workload import Workload
    from advisor.workload.compute import Compute, MeasuredDuration

MONTH_HOURS = 730
_SECONDS_PER_HOUR = 3600
_HOURS_PER_DAY = 24
_SECONDS_PER_DAY = _HOURS_PER_DAY * _SECONDS_PER_HOUR
_AGREEMENT = 0.05
"""Totals that differ by less come from rounding, or from a month of 30 or 31 days."""

_NOISE = 0.05
"""Means of the same code differ by as much from one series of measurements to the next."""

_OTHER_WORK = 0.2
"""Means that differ by more are not of the same requests."""


class _Findings:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[Diagnostic] = []

    def add(
        self,
        path: str | tuple[str | int, ...],
        code: str,
        message: str,
        help_: str,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        self.found.append(
            self.document.diagnostic(
                tuple(path.split(".")) if isinstance(path, str) else path,
                code=code,
                message=message,
                help=help_,
                severity=severity,
            )
        )


def check(workload: Workload, document: Document) -> list[Diagnostic]:
    """Return every contradiction, in the order of the sections."""
    findings = _Findings(document)
    _traffic(workload, findings)
    _profile(workload, findings)
    _bursts(workload, findings)
    _compute(workload, findings)
    _measured(workload, findings)
    _concurrency(workload, findings)
    _api(workload, findings)
    _workflow(workload, findings)
    _sections(workload, findings)
    return [*findings.found, *check_waivers(workload.waivers or (), document, ("waivers",))]


def average_rps(workload: Workload) -> float | None:
    """Return the mean rate that the traffic states, in requests per second."""
    traffic = workload.traffic
    if traffic.monthly_requests is not None:
        return traffic.monthly_requests / (MONTH_HOURS * _SECONDS_PER_HOUR)
    return traffic.average_rps


def _traffic(workload: Workload, findings: _Findings) -> None:
    traffic = workload.traffic
    average = average_rps(workload)
    if average is None:
        findings.add(
            "traffic",
            "traffic-missing",
            "traffic has neither `monthly_requests` nor `average_rps`",
            "add `monthly_requests: 1000000`",
        )
        return
    if traffic.average_rps is not None and traffic.monthly_requests is not None:
        implied = traffic.average_rps * MONTH_HOURS * _SECONDS_PER_HOUR
        if abs(implied - traffic.monthly_requests) > _AGREEMENT * max(
            implied, traffic.monthly_requests
        ):
            findings.add(
                "traffic.monthly_requests",
                "traffic-disagrees",
                f"{traffic.average_rps:g} requests/s are {implied:,.0f} in a month of"
                f" {MONTH_HOURS} hours, not {traffic.monthly_requests:,.0f}",
                f"remove one of the two, or write `average_rps: {average:.4g}`",
            )
    if traffic.peak_rps is not None and traffic.peak_rps < average * (1 - _AGREEMENT):
        findings.add(
            "traffic.peak_rps",
            "peak-below-average",
            f"the peak of {traffic.peak_rps:g} requests/s is below the average of {average:.4g}",
            f"write `peak_rps: {average:.4g}` or more, or leave it out",
        )


def _profile(workload: Workload, findings: _Findings) -> None:
    traffic = workload.traffic
    profile, average = traffic.hourly_profile, average_rps(workload)
    if profile is None or average is None:
        return
    if not sum(profile):
        findings.add(
            "traffic.hourly_profile",
            "profile-empty",
            "every hour of the profile has weight 0",
            "give at least one hour a weight",
        )
        return
    busiest = average * _HOURS_PER_DAY * max(profile) / sum(profile)
    if traffic.peak_rps is not None and average <= traffic.peak_rps < busiest * (1 - _AGREEMENT):
        findings.add(
            "traffic.peak_rps",
            "peak-below-profile",
            f"the profile's busiest hour has {busiest:.4g} requests/s on average, above the"
            f" peak of {traffic.peak_rps:g}",
            f"write `peak_rps: {busiest:.4g}` or more, or leave it out",
        )
    idle = profile.count(0)
    if traffic.idle_hours_per_day is not None and abs(idle - traffic.idle_hours_per_day) >= 1:
        findings.add(
            "traffic.idle_hours_per_day",
            "idle-hours-disagree",
            f"the profile has {idle} hours without requests, not {traffic.idle_hours_per_day:g}",
            f"write `idle_hours_per_day: {idle}`, or leave it out",
            "warning",
        )


def _bursts(workload: Workload, findings: _Findings) -> None:
    traffic, average = workload.traffic, average_rps(workload)
    in_bursts_s = 0.0
    for index, burst in enumerate(traffic.bursts or ()):
        taking_s = burst.duration_s * burst.per_day
        in_bursts_s += taking_s
        if round(in_bursts_s, 6) > _SECONDS_PER_DAY:
            together = "" if in_bursts_s == taking_s else ", with those before it,"
            findings.add(
                ("traffic", "bursts", index, "per_day"),
                "bursts-overlap",
                f"{burst.per_day:g} bursts of {burst.duration_s:g} s{together} take"
                f" {in_bursts_s:,.6g} s of a day of {_SECONDS_PER_DAY:,} s",
                "make them fewer or shorter; if the load is always so high, raise the average",
            )
            break
        if traffic.peak_rps is not None and burst.rps > traffic.peak_rps:
            findings.add(
                ("traffic", "bursts", index, "rps"),
                "burst-above-peak",
                f"a burst of {burst.rps:g} requests/s is above the peak of"
                f" {traffic.peak_rps:g}, which must be carried",
                f"write `peak_rps: {burst.rps:g}` or more, or lower the burst",
            )
        if average is not None and burst.rps < average:
            findings.add(
                ("traffic", "bursts", index, "rps"),
                "burst-below-average",
                f"a burst of {burst.rps:g} requests/s is below the average of {average:.4g}",
                "write the whole rate during the burst, not what it adds, or leave it out",
                "warning",
            )


def _compute(workload: Workload, findings: _Findings) -> None:
    compute = workload.compute
    if compute is None:
        return
    mean, p50, p99 = (
        compute.request_duration_ms,
        compute.duration_p50_ms,
        compute.duration_p99_ms,
    )
    if mean is None and (p50 is None or p99 is None):
        findings.add(
            "compute",
            "duration-missing",
            "compute does not say how long a request takes",
            "add `request_duration_ms: 100`, or both `duration_p50_ms` and `duration_p99_ms`",
        )
    if p50 is not None and p99 is not None and p50 > p99:
        findings.add(
            "compute.duration_p50_ms",
            "percentiles-cross",
            f"the median of {p50:g} ms is above the 99th percentile of {p99:g} ms",
            "exchange the two, or correct one",
        )
    elif p50 == 0 and (p99 or mean):
        findings.add(
            "compute.duration_p50_ms",
            "median-zero",
            f"a median of 0 ms says nothing about how durations reach {p99 or mean:g} ms",
            "write the measured median, or leave it out",
        )
    if mean is not None and p99 is not None and p50 is None and 0 < p99 < mean:
        findings.add(
            "compute.duration_p99_ms",
            "percentile-below-mean",
            f"the 99th percentile of {p99:g} ms is below the mean of {mean:g} ms",
            "add `duration_p50_ms` if a few runs are very long, or correct one",
        )
    if mean is not None and p50 is not None and p99 is None and 0 < mean < p50:
        findings.add(
            "compute.duration_p50_ms",
            "median-above-mean",
            f"the median of {p50:g} ms is above the mean of {mean:g} ms",
            "add `duration_p99_ms`, or correct one",
        )
    longest = max(mean or 0, p99 or 0)
    if compute.max_duration_s is not None and longest > compute.max_duration_s * 1000:
        findings.add(
            "compute.max_duration_s",
            "duration-above-maximum",
            f"requests take up to {longest:g} ms, longer than the maximum of"
            f" {compute.max_duration_s:g} s",
            f"write `max_duration_s: {longest / 1000:g}` or more",
        )
    if (
        compute.init_p50_ms is not None
        and compute.init_p99_ms is not None
        and compute.init_p50_ms > compute.init_p99_ms
    ):
        findings.add(
            "compute.init_p50_ms",
            "percentiles-cross",
            f"the median INIT of {compute.init_p50_ms:g} ms is above the 99th percentile of"
            f" {compute.init_p99_ms:g} ms",
            "exchange the two, or correct one",
        )
    _declared_lambda(workload, findings)


def _measured(workload: Workload, findings: _Findings) -> None:
    """Durations by memory: each memory once, none longer with more memory, none of other work."""
    compute = workload.compute
    measured = None if compute is None else compute.measured_durations
    if compute is None or measured is None:
        return
    for place, entry in enumerate(measured):
        earlier = [each for each in measured[:place] if _alike(each, entry)]
        if any(each.memory_mb == entry.memory_mb for each in earlier):
            findings.add(
                ("compute", "measured_durations", place, "memory_mb"),
                "memory-measured-twice",
                f"{entry.memory_mb:g} MB is measured twice",
                "keep one of the two, the mean of more runs",
            )
        # Named once, at the pair that is nearest below.
        smaller = [
            each for each in measured if _alike(each, entry) and each.memory_mb < entry.memory_mb
        ]
        below = max(smaller, key=lambda each: each.memory_mb, default=None)
        if below is not None and entry.duration_ms > below.duration_ms * (1 + _NOISE):
            findings.add(
                ("compute", "measured_durations", place, "duration_ms"),
                "duration-rises-with-memory",
                f"{entry.memory_mb:g} MB take {entry.duration_ms:g} ms,"
                f" {below.memory_mb:g} MB only {below.duration_ms:g} ms",
                "measure again with more runs; more memory does not slow code down",
                "warning",
            )
    _measured_here(compute, measured, findings)


def _measured_here(compute: Compute, measured: list[MeasuredDuration], findings: _Findings) -> None:
    mean = compute.request_duration_ms
    memory_mb = default("compute.memory_mb") if compute.memory_mb is None else compute.memory_mb
    here = [
        (abs(entry.duration_ms - mean), place, entry)
        for place, entry in enumerate(measured)
        if mean is not None and entry.memory_mb == memory_mb
    ]
    # Two entries are of two architectures, of which the mean may be either's.
    apart, place, entry = min(here, key=lambda each: each[:2], default=(0.0, 0, None))
    if (
        mean is not None
        and entry is not None
        and apart > _OTHER_WORK * max(mean, entry.duration_ms)
    ):
        findings.add(
            ("compute", "measured_durations", place, "duration_ms"),
            "measured-duration-disagrees",
            f"{entry.duration_ms:g} ms at {memory_mb:g} MB, but `request_duration_ms` is"
            f" {mean:g} ms there",
            "measure requests like those of production, or correct `request_duration_ms`",
            "warning",
        )


def _alike(one: MeasuredDuration, other: MeasuredDuration) -> bool:
    """Whether both count for some architecture."""
    return None in (one.architecture, other.architecture) or one.architecture == other.architecture


def _declared_lambda(workload: Workload, findings: _Findings) -> None:
    compute, current = workload.compute, workload.current
    timeout_s = limits().number("lambda.timeout_s")
    if compute is None or current is None or current.compute != "lambda":
        return
    longest = compute.max_duration_s or (compute.duration_p99_ms or 0) / 1000
    if longest > timeout_s:
        findings.add(
            "current.compute",
            "duration-above-limit",
            f"runs of {longest:g} s cannot be on Lambda today: it stops at {timeout_s} s",
            "correct `compute.max_duration_s` or `current.compute`",
        )


def _concurrency(workload: Workload, findings: _Findings) -> None:
    """Little's law: requests in progress = rate x duration."""
    compute, traffic = workload.compute, workload.traffic
    average = average_rps(workload)
    if compute is None or compute.request_duration_ms is None or average is None:
        return
    rate = average if traffic.peak_rps is None else traffic.peak_rps
    needed = rate * compute.request_duration_ms / 1000
    duration_ms = compute.request_duration_ms
    said = f"{rate:.4g} requests/s of {duration_ms:g} ms keep {needed:,.4g} in progress"
    constraints, current = workload.constraints, workload.current
    if constraints is not None and constraints.downstream_max_concurrency is not None:
        bearable = constraints.downstream_max_concurrency
        if needed > bearable:
            findings.add(
                "constraints.downstream_max_concurrency",
                "concurrency-above-downstream",
                f"{said}, but downstream bears {bearable:g}",
                "put a queue before it, or pool connections; requests beyond it will fail",
                "warning",
            )
    if current is None:
        return
    if current.concurrency is not None and needed > current.concurrency:
        findings.add(
            "current.concurrency",
            "concurrency-contradicts-load",
            f"{said}, but the concurrency today is {current.concurrency}",
            f"write `concurrency: {_up(needed)}` or more, or correct the load",
        )
    if current.tasks is not None and compute.concurrency_per_task is not None:
        room = current.tasks * compute.concurrency_per_task
        if needed > room:
            findings.add(
                "current.tasks",
                "tasks-contradict-load",
                f"{said}, but {current.tasks} tasks of {compute.concurrency_per_task:g} requests"
                f" hold {room:g}",
                f"write `tasks: {_up(needed / compute.concurrency_per_task)}` or more, or correct"
                " the load",
            )


def _api(workload: Workload, findings: _Findings) -> None:
    api = workload.api
    if api is None:
        return
    request, both = api.average_request_size_kb, api.average_payload_kb
    if request is not None and both is not None and request > both:
        findings.add(
            "api.average_request_size_kb",
            "payload-disagrees",
            f"a request of {request:g} KB is larger than request and response together"
            f" ({both:g} KB)",
            f"write `average_payload_kb: {request:g}` or more",
        )


def _workflow(workload: Workload, findings: _Findings) -> None:
    workflow = workload.workflow
    if workflow is None:
        return
    mean, p99 = workflow.duration_mean_s, workflow.duration_p99_s
    if mean is not None and p99 is not None and p99 < mean:
        findings.add(
            "workflow.duration_p99_s",
            "percentile-below-mean",
            f"the 99th percentile of {p99:g} s is below the mean of {mean:g} s",
            "correct one, or leave the percentile out",
        )
    states, inside = workflow.states, workflow.branch_states
    if states is not None and inside is not None and inside > states:
        findings.add(
            "workflow.branch_states",
            "branch-above-workflow",
            f"a branch of {inside:,} states is in a definition of {states:,}",
            f"write `states: {inside + 1}` or more: it counts those of a branch, once",
        )


def _sections(workload: Workload, findings: _Findings) -> None:
    fronts = (workload.api, workload.workflow, workload.messaging)
    asked = [each for each in fronts if each is not None and each.needed is not False]
    if workload.api is not None and workload.api.style == "none":
        asked = [each for each in asked if each is not workload.api]
    if workload.compute is None and not asked:
        findings.add(
            "traffic",
            "nothing-asked",
            "no section asks for a decision",
            "add `compute:` or `api:`; `advisor init` writes a starter file",
        )


def _up(value: float) -> int:
    return int(-(-value // 1))
