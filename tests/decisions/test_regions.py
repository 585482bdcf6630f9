"""One workload in several Regions: the cheapest first, and what cannot be priced."""

from __future__ import annotations

from typing import Any

import msgspec

from advisor.decisions.regions import RegionalAnswer, rank
from advisor.decisions.search import compare
from advisor.workload import Workload

TREE: dict[str, Any] = {
    "name": "x",
    "region": "eu-west-1",
    "traffic": {"monthly_requests": 3_000_000, "peak_rps": 10},
    "compute": {"request_duration_ms": 80, "memory_mb": 512, "runtime": "python3.13"},
    "api": {"average_payload_kb": 4},
}
WORKLOAD = msgspec.convert(TREE, Workload)


def ranked(*regions: str) -> tuple[RegionalAnswer, ...]:
    return rank(WORKLOAD, regions, compare)


def test_regions_come_by_cost_and_those_without_an_answer_last() -> None:
    found = ranked("af-south-1", "eu-west-1", "us-east-1", "eu-west-1")
    assert [each.region for each in found] == ["us-east-1", "eu-west-1", "af-south-1"]
    ireland = found[1].answer.best
    alone = compare(WORKLOAD).best
    assert ireland is not None
    assert alone is not None
    assert ireland.monthly_usd == alone.monthly_usd


def test_a_region_that_cannot_be_priced_names_what_is_missing() -> None:
    (found,) = ranked("af-south-1")
    assert found.answer.best is None
    assert not found.complete
    assert "api-gateway/http-requests" in found.missing
    assert found.answer.exit_code == 4


def test_a_region_with_an_answer_may_still_lack_the_price_of_a_rival() -> None:
    # An HTTP API is priced in Seoul, tasks on Fargate are not all.
    found = {each.region: each for each in ranked("us-east-1", "ap-northeast-2")}
    assert found["us-east-1"].complete
    seoul = found["ap-northeast-2"]
    assert not seoul.complete
