"""Contradictions inside a workload: each is found and placed, with a change that helps."""

from __future__ import annotations

import pytest

from advisor.document.reader import read
from advisor.document.tree import parse
from advisor.workload import Workload
from advisor.workload.checks import check

HEAD = "name: x\nregion: us-east-1\n"
COMPUTE = "compute: {request_duration_ms: 100}\n"


def codes(text: str) -> list[tuple[str, str]]:
    document = parse((HEAD + text).encode(), "w.yaml")
    return [(d.code, d.severity) for d in check(read(document, Workload), document)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("traffic: {}\n" + COMPUTE, "traffic-missing"),
        # 16/s are 42.05 M a month of 730 hours.
        ("traffic: {monthly_requests: 1000000, average_rps: 16}\n" + COMPUTE, "traffic-disagrees"),
        ("traffic: {average_rps: 16, peak_rps: 10}\n" + COMPUTE, "peak-below-average"),
        # One busy hour of 24 holds the whole day: 24 x 1/s.
        (
            "traffic: {average_rps: 1, peak_rps: 10, hourly_profile: [1" + ", 0" * 23 + "]}\n"
            "compute: {request_duration_ms: 100}\n",
            "peak-below-profile",
        ),
        (
            "traffic: {average_rps: 1, hourly_profile: [0" + ", 0" * 23 + "]}\n" + COMPUTE,
            "profile-empty",
        ),
        ("traffic: {average_rps: 1}\ncompute: {memory_mb: 512}\n", "duration-missing"),
        ("traffic: {average_rps: 1}\ncompute: {duration_p50_ms: 200}\n", "duration-missing"),
        (
            "traffic: {average_rps: 1}\ncompute: {duration_p50_ms: 200, duration_p99_ms: 100}\n",
            "percentiles-cross",
        ),
        (
            "traffic: {average_rps: 1}\n"
            "compute: {request_duration_ms: 9, init_p50_ms: 200, init_p99_ms: 100}\n",
            "percentiles-cross",
        ),
        (
            "traffic: {average_rps: 1}\n"
            "compute: {request_duration_ms: 200, duration_p99_ms: 100}\n",
            "percentile-below-mean",
        ),
        (
            "traffic: {average_rps: 1}\nworkflow: {duration_mean_s: 2, duration_p99_s: 1}\n",
            "percentile-below-mean",
        ),
        (
            "traffic: {average_rps: 1}\nworkflow: {states: 3, branch_states: 4}\n",
            "branch-above-workflow",
        ),
        (
            "traffic: {average_rps: 1}\n"
            "compute: {request_duration_ms: 100, duration_p50_ms: 200}\n",
            "median-above-mean",
        ),
        (
            "traffic: {average_rps: 1}\ncompute: {request_duration_ms: 3000, max_duration_s: 2}\n",
            "duration-above-maximum",
        ),
        (
            "traffic: {average_rps: 1}\ncurrent: {compute: lambda}\n"
            "compute: {request_duration_ms: 3000, max_duration_s: 901}\n",
            "duration-above-limit",
        ),
        # Little's law: 100/s x 0.5 s = 50 in progress.
        (
            "traffic: {average_rps: 10, peak_rps: 100}\ncompute: {request_duration_ms: 500}\n"
            "current: {concurrency: 49}\n",
            "concurrency-contradicts-load",
        ),
        (
            "traffic: {average_rps: 10, peak_rps: 100}\n"
            "compute: {request_duration_ms: 500, concurrency_per_task: 10}\n"
            "current: {tasks: 4}\n",
            "tasks-contradict-load",
        ),
        (
            "traffic: {average_rps: 1}\napi: {average_request_size_kb: 9, average_payload_kb: 8}\n",
            "payload-disagrees",
        ),
        ("traffic: {average_rps: 1}\n", "nothing-asked"),
    ],
)
def test_a_contradiction_is_an_error(text: str, code: str) -> None:
    assert codes(text) == [(code, "error")]


def test_downstream_that_bears_less_than_the_peak_is_a_warning() -> None:
    text = (
        "traffic: {average_rps: 10, peak_rps: 100}\ncompute: {request_duration_ms: 500}\n"
        "constraints: {downstream_max_concurrency: 49}\n"
    )
    assert codes(text) == [("concurrency-above-downstream", "warning")]


@pytest.mark.parametrize(
    "text",
    [
        # 42 M a month are 15.98/s: that rounds to 16.
        "traffic: {monthly_requests: 42000000, average_rps: 16, peak_rps: 16}\n" + COMPUTE,
        "traffic: {average_rps: 10, peak_rps: 100}\ncompute: {request_duration_ms: 500}\n"
        "current: {concurrency: 50}\n",
        "traffic: {average_rps: 10, peak_rps: 100}\n"
        "compute: {request_duration_ms: 500, concurrency_per_task: 10}\ncurrent: {tasks: 5}\n",
        "traffic: {average_rps: 1}\ncompute: {duration_p50_ms: 100, duration_p99_ms: 100}\n",
    ],
)
def test_what_agrees_is_left_alone(text: str) -> None:
    assert codes(text) == []


def test_a_finding_points_at_its_value() -> None:
    text = HEAD + "traffic:\n  average_rps: 16\n  peak_rps: 10\n" + COMPUTE
    document = parse(text.encode(), "w.yaml")
    (found,) = check(read(document, Workload), document)
    assert str(found).splitlines()[0] == (
        "w.yaml:5:13: error[peak-below-average]:"
        " the peak of 10 requests/s is below the average of 16"
    )
    assert found.help == "write `peak_rps: 16` or more, or leave it out"
