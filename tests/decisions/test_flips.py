"""Flip points against brute force: the whole answer, worked out anew from a changed workload file.

A point is right when the answers on both sides of it are the ones it tells; the list is complete
when the answer changes nowhere else on a grid that knows nothing of how the points were found.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from advisor.decisions.search import compare
from advisor.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.decisions.recommendation import FlipPoint, Recommendation

API = {"average_payload_kb": 20, "average_request_size_kb": 2, "requests_per_connection": 5}
COMPUTE = {
    "request_duration_ms": 100,
    "duration_p99_ms": 400,
    "memory_mb": 1769,
    "cpu_bound_fraction": 0.2,
    "runtime": "nodejs24.x",
}
WORKLOADS: dict[str, dict[str, Any]] = {
    "containers at a high rate": {
        "traffic": {"average_rps": 20, "peak_rps": 30},
        "compute": {**COMPUTE, "log_kb_per_request": 0},
    },
    "an API with an objective": {
        "traffic": {"average_rps": 2, "peak_rps": 5},
        "compute": {**COMPUTE, "memory_mb": 512, "runtime": "java21", "arm64_compatible": True},
        "slo": {"latency_p99_ms": 900},
        "api": {**API, "auth": ["jwt"]},
    },
    "a queue and a workflow": {
        "traffic": {"average_rps": 3, "peak_rps": 6},
        "compute": {**COMPUTE, "invocation": "esm"},
        "workflow": {"states": 8, "duration_mean_s": 20, "duration_p99_s": 40, "idempotent": True},
        "messaging": {"pattern": "fanout", "consumers": 3, "message_kb": 4, "batch_size": 10},
    },
}
SCALED = {
    "traffic.average_rps": ("traffic.average_rps", "traffic.peak_rps"),
    "compute.request_duration_ms": ("compute.request_duration_ms", "compute.duration_p99_ms"),
    "compute.memory_mb": ("compute.memory_mb",),
    "api.average_payload_kb": ("api.average_payload_kb", "api.average_request_size_kb"),
    "messaging.message_kb": ("messaging.message_kb",),
    "slo.latency_p99_ms": ("slo.latency_p99_ms",),
}
"""By figure, the fields of the file that brute force changes; each other figure is no field."""
SIDE = 0.004
"""How far from a point brute force looks: points have four digits."""


def answered(tree: dict[str, Any], **asked: Any) -> Recommendation:
    return compare(msgspec.convert({"name": "x", "region": "us-east-1", **tree}, Workload), **asked)


def changed(tree: dict[str, Any], fields: tuple[str, ...], factor: float) -> dict[str, Any]:
    found = {section: dict(values) for section, values in tree.items()}
    for path in fields:
        section, _, name = path.partition(".")
        found[section][name] = found[section][name] * factor
    return found


def choices(tree: dict[str, Any]) -> dict[str, str]:
    best = answered(tree, flips="none").best
    return {} if best is None else best.design.choices()


def points(answer: Recommendation, field: str) -> Iterator[tuple[str, FlipPoint]]:
    for decision in answer.decisions:
        for point in decision.flip_points:
            if point.field == field:
                yield decision.decision, point


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_answer_changes_at_every_traffic_flip_point_and_nowhere_else(name: str) -> None:
    tree = WORKLOADS[name]
    told = list(points(answered(tree), "traffic.average_rps"))
    assert told
    check(tree, told, SCALED["traffic.average_rps"], steps=24)


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_answer_changes_at_the_flip_points_of_every_figure(name: str) -> None:
    tree = WORKLOADS[name]
    answer = answered(tree, flips="all")
    for field, fields in SCALED.items():
        told = list(points(answer, field))
        if all(path.partition(".")[0] in tree for path in fields):
            check(tree, told, fields, steps=6)


def check(
    tree: dict[str, Any],
    told: list[tuple[str, FlipPoint]],
    fields: tuple[str, ...],
    *,
    steps: int,
) -> None:
    now = choices(tree)
    for decision, point in told:
        near = [p.at for d, p in told if d == decision and abs(p.at / point.at - 1) <= 2 * SIDE]
        if len(near) > 1:
            # Nearer to each other than the four digits of a point can tell apart from here.
            continue
        beyond = 1 + SIDE if point.at > point.now else 1 - SIDE
        there = choices(changed(tree, fields, point.factor * beyond))
        here = choices(changed(tree, fields, point.factor * (2 - beyond)))
        assert there.get(decision) == point.to, (decision, point)
        assert here.get(decision) != point.to, (decision, point)
    for decision in now:
        factors = sorted(point.factor for each, point in told if each == decision)
        for low, high in pairwise([0.01, *factors, 100.0]):
            if high / low <= 1 + 2 * SIDE:
                continue
            inside = [low * (high / low) ** ((step + 0.5) / steps) for step in range(steps)]
            answers = {choices(changed(tree, fields, factor)).get(decision) for factor in inside}
            # A decision that containers do not ask is no answer that changes.
            assert len(answers - {None}) <= 1, (decision, low, high, answers)


def test_a_figure_that_is_no_field_of_the_file_flips_as_its_costs_say() -> None:
    # Standard: 25 USD a million transitions. Express, for 20 s in one unit of 64 MB: 1 USD and
    # 0.00001667 × 20 × 1/16 GB × 1 M = 20.84 USD a million executions; together 21.84 USD, as much
    # as 0.8735 transitions. With 9 transitions Express is the answer; below 0.87 Standard would be.
    workflow = {"states": 8, "duration_mean_s": 20, "duration_p99_s": 20, "idempotent": True}
    tree = {"traffic": {"average_rps": 1}, "workflow": {**workflow, "payload_kb": 1}}
    answer = answered(tree, flips="all")
    found = [point for _, point in points(answer, "workflow.transitions_per_execution")]
    assert [(point.to, point.because) for point in found] == [("standard", "cost")]
    assert found[0].now == 9
    assert found[0].at == pytest.approx(0.8735, rel=0.06)
