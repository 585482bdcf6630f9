"""Workloads in one account: what each bears, and a design that only sharing makes the cheapest."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from advisor.decisions.account import account
from advisor.decisions.search import compare
from advisor.workload import Workload

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Recommendation

COMPUTE = {"request_duration_ms": 40, "memory_mb": 256, "runtime": "python3.13"}


def answer(name: str, monthly_requests: int, **api: Any) -> Recommendation:
    tree = {
        "name": name,
        "region": "us-east-1",
        "traffic": {"monthly_requests": monthly_requests, "peak_rps": monthly_requests / 1e6},
        "compute": COMPUTE,
        "api": {"average_payload_kb": 2, **api},
    }
    return compare(msgspec.convert(tree, Workload))


def test_the_tier_that_a_large_neighbour_reached_makes_another_front_door_the_cheapest() -> None:
    # Alone, 28 million requests cost 28.00 at an HTTP API and less behind a load balancer. The
    # neighbour can use neither a load balancer nor a function URL and passes 300 million requests,
    # so that further ones cost 0.90 per million: 25.20.
    large, small = (
        answer("large", 400_000_000, auth=["iam"]),
        answer("small", 28_000_000),
    )
    assert small.best is not None
    assert small.best.design.api == "alb"

    found = account([large, small])
    of_large, of_small = found.shares
    assert not of_large.switched
    assert of_small.switched
    assert of_small.chosen.design.api == "http-api"
    assert found.monthly_usd < found.alone_usd
    # The account's HTTP API requests: 300 x 1.00 + 128 x 0.90.
    requests = sum(
        item.monthly_usd
        for share in found.shares
        for item in share.line_items
        if item.item.startswith("HTTP API")
    )
    assert requests.quantize(Decimal("1e-9")) == Decimal("415.2")


def test_what_has_no_recommendation_is_named_and_not_in_the_sum() -> None:
    fine = answer("fine", 1_000_000)
    tree = {
        "name": "elsewhere",
        "region": "mars-north-1",
        "traffic": {"monthly_requests": 1, "peak_rps": 1},
        "compute": COMPUTE,
    }
    lost = compare(msgspec.convert(tree, Workload))
    found = account([fine, lost])
    assert found.without == (lost,)
    assert found.exit_code == 4
    assert fine.best is not None
    assert found.monthly_usd == fine.best.monthly_usd
