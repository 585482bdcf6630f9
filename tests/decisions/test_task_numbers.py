"""How many tasks a latency objective asks for: never more for an easier load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from advisor.decisions.search import compare
from advisor.workload import Workload

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Recommendation


def answer(traffic: dict[str, Any], **compute: Any) -> Recommendation:
    tree = {
        "name": "x",
        "region": "us-east-1",
        "traffic": traffic,
        "compute": {"memory_mb": 512, **compute},
        "slo": {"latency_p99_ms": 900},
        "api": {"auth": ["jwt"]},
    }
    return compare(msgspec.convert(tree, Workload), flips="none")


def amount(found: Recommendation, option: str) -> float | None:
    (compute,) = (each for each in found.decisions if each.decision == "compute")
    (of_it,) = (each for each in compute.options if each.option == option)
    usd = None if of_it.candidate is None else of_it.candidate.monthly_usd
    return None if usd is None else float(usd)


def test_longer_requests_never_make_tasks_cheaper() -> None:
    # Near the limit of 900 ms: the work's own p99 on one vCPU is about 893 ms at 261 ms.
    costs = [
        amount(
            answer(
                {"average_rps": 2, "peak_rps": 5},
                request_duration_ms=mean,
                duration_p99_ms=4 * mean,
                cpu_bound_fraction=0.2,
                runtime="java21",
                arm64_compatible=True,
            ),
            "fargate",
        )
        for mean in (243.5, 259.5, 260, 260.5, 260.8, 261, 261.5)
    ]
    known = [each for each in costs if each is not None]
    assert known == costs
    assert known == sorted(known)
    assert known[-2] == pytest.approx(known[2])


def test_a_month_without_requests_keeps_every_way_open() -> None:
    found = answer({"monthly_requests": 0}, request_duration_ms=100, duration_p99_ms=400)
    # What always runs is paid for: two tasks of a quarter vCPU, three instances; a function not.
    assert amount(found, "lambda") == 0
    assert (amount(found, "fargate") or 0) > 18
    assert (amount(found, "lambda-managed-instances") or 0) > 100
    assert found.best is not None
    assert found.best.design.compute == "lambda"


def test_no_tasks_at_all_serve_a_month_without_requests_only() -> None:
    # A load balancer stands for 730 h of 0.0225 USD; with requests a task joins it.
    costs = [
        amount(
            answer({"monthly_requests": requests}, request_duration_ms=100, min_tasks=0), "fargate"
        )
        for requests in (0, 1000)
    ]
    assert costs[0] == 16.425
    assert (costs[1] or 0) > 16.425 + 7
