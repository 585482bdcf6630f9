"""Contradictions in the load of a workload: its rates, its hours, its bursts, Little's law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.units import HOURS_PER_DAY, SECONDS_PER_DAY, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from advisor.workload import Workload
    from advisor.workload.findings import Findings

MONTH_HOURS = 730
_AGREEMENT = 0.05
"""Totals that differ by less come from rounding, or from a month of 30 or 31 days."""


def average_rps(workload: Workload) -> float | None:
    """Return the mean rate that the traffic states, in requests per second."""
    traffic = workload.traffic
    if traffic.monthly_requests is not None:
        return traffic.monthly_requests / (MONTH_HOURS * SECONDS_PER_HOUR)
    return traffic.average_rps


def check_load(workload: Workload, findings: Findings) -> None:
    """Add every contradiction between the figures of the traffic."""
    _traffic(workload, findings)
    _profile(workload, findings)
    _bursts(workload, findings)


def _traffic(workload: Workload, findings: Findings) -> None:
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
        implied = traffic.average_rps * MONTH_HOURS * SECONDS_PER_HOUR
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


def _profile(workload: Workload, findings: Findings) -> None:
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
    busiest = average * HOURS_PER_DAY * max(profile) / sum(profile)
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


def _bursts(workload: Workload, findings: Findings) -> None:
    traffic, average = workload.traffic, average_rps(workload)
    in_bursts_s = 0.0
    for index, burst in enumerate(traffic.bursts or ()):
        taking_s = burst.duration_s * burst.per_day
        in_bursts_s += taking_s
        if round(in_bursts_s, 6) > SECONDS_PER_DAY:
            together = "" if in_bursts_s == taking_s else ", with those before it,"
            findings.add(
                ("traffic", "bursts", index, "per_day"),
                "bursts-overlap",
                f"{burst.per_day:g} bursts of {burst.duration_s:g} s{together} take"
                f" {in_bursts_s:,.6g} s of a day of {SECONDS_PER_DAY:,} s",
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


def check_concurrency(workload: Workload, findings: Findings) -> None:
    """Add where more is in progress than fits: rate x duration, by Little's law."""
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


def _up(value: float) -> int:
    return int(-(-value // 1))
