"""Contradictions in the compute section: percentiles, measured durations, what runs today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.limits import limits
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from advisor.workload import Workload
    from advisor.workload.compute import Compute, MeasuredDuration
    from advisor.workload.findings import Findings

_NOISE = 0.05
"""Means of the same code differ by as much from one series of measurements to the next."""

_OTHER_WORK = 0.2
"""Means that differ by more are not of the same requests."""


def check_compute(workload: Workload, findings: Findings) -> None:
    """Add every contradiction between the figures of the code that runs."""
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
    _measured(workload, findings)


def _measured(workload: Workload, findings: Findings) -> None:
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


def _measured_here(compute: Compute, measured: list[MeasuredDuration], findings: Findings) -> None:
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


def _declared_lambda(workload: Workload, findings: Findings) -> None:
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
