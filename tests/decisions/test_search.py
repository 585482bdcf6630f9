"""The joint search: what wins, where it flips, what is said about the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.structs import replace

from advisor.decisions.search import compare
from advisor.workload import Workload

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Recommendation

BASE: dict[str, Any] = {
    "name": "x",
    "region": "us-east-1",
    "traffic": {"average_rps": 20, "peak_rps": 30},
    "compute": {
        "request_duration_ms": 100,
        "memory_mb": 1769,
        "cpu_bound_fraction": 0.2,
        "runtime": "nodejs22.x",
        "log_kb_per_request": 0,
    },
}


def answer(**sections: Any) -> Recommendation:
    tree = {**BASE, **sections}
    return compare(msgspec.convert(tree, Workload))


def test_a_flip_point_is_where_the_two_sides_answer_differently() -> None:
    found = answer()
    assert found.best is not None
    flips = found.decisions[0].flip_points
    assert flips
    for flip in flips:
        for factor, option in ((0.99, None), (1.01, flip.to)):
            side = flip.at * (factor if flip.at > flip.now else 2 - factor)
            there = answer(traffic={"average_rps": side, "peak_rps": side * 1.5})
            assert there.best is not None
            winner = there.best.design.compute
            assert (winner == flip.to) == (option is not None), (flip, side)


def test_the_bill_grows_with_traffic_for_every_option() -> None:
    small, large = answer(), answer(traffic={"average_rps": 40, "peak_rps": 60})
    for before, after in zip(
        sorted(small.decisions[0].options, key=lambda o: o.option),
        sorted(large.decisions[0].options, key=lambda o: o.option),
        strict=True,
    ):
        if before.candidate is not None and before.candidate.feasible:
            assert after.candidate is not None
            assert after.candidate.monthly_usd >= before.candidate.monthly_usd  # type: ignore[operator]  # both are priced


def test_rest_only_needs_leave_rest_api() -> None:
    found = answer(api={"usage_plans": True})
    assert found.best is not None
    assert found.best.design.api == "rest-api"
    excluded = {o.option: o for o in found.decisions[2].options if o.status == "excluded"}
    assert {"http-api", "function-url", "alb"} <= set(excluded)
    assert "Usage plans" in excluded["http-api"].why


def test_containers_behind_a_rest_api_still_pay_for_their_load_balancer() -> None:
    found = answer(api={"usage_plans": True})
    fargate = next(o for o in found.decisions[0].options if o.option == "fargate")
    assert fargate.candidate is not None
    services = {item.service for item in fargate.candidate.line_items}
    assert {"api-gateway", "load-balancer", "fargate"} <= services


def test_spot_competes_only_when_it_is_allowed() -> None:
    def status(found: Recommendation) -> str:
        return next(o.status for o in found.decisions[0].options if o.option == "fargate-spot")

    assert status(answer()) == "excluded"
    allowed = answer(commitments={"spot_ok": True})
    assert status(allowed) in ("feasible", "recommended")


def test_nat_gateways_stand_in_every_zone_and_carry_the_logs_of_containers() -> None:
    compute = {**BASE["compute"], "log_kb_per_request": 2, "outbound_kb_per_request": 3}
    found = answer(compute=compute, constraints={"outbound": "nat", "zones": 3})
    fargate = next(o for o in found.decisions[0].options if o.option == "fargate").candidate
    assert fargate is not None
    lines = {item.item: item for item in fargate.line_items}
    assert lines["NAT gateways"].quantity == 3 * 730
    # 20/s x 3600 x 730 = 52.56 M requests x 5 KB / 1024^2 = 250.63 GB.
    assert float(lines["NAT data processing"].quantity) == pytest.approx(52.56e6 * 5 / 1024**2)


def test_a_price_of_confidence_c_is_an_assumption() -> None:
    found = answer(region="eu-west-1", compute={**BASE["compute"], "log_kb_per_request": 1})
    inferred = [taken for taken in found.assumptions if taken.field == "price lambda-logs"]
    assert found.best is not None
    uses = any(item.price.component == "lambda-logs" for item in found.best.line_items)
    assert bool(inferred) == uses


def test_what_was_stated_is_not_assumed() -> None:
    fields = {taken.field for taken in answer().assumptions}
    assert "compute.memory_mb" not in fields
    assert "compute.arm64_compatible" in fields


def test_a_runtime_near_its_end_is_warned_of() -> None:
    def warnings(runtime: str) -> set[str]:
        small = {"average_rps": 1, "peak_rps": 2}
        found = answer(compute={**BASE["compute"], "runtime": runtime}, traffic=small)
        assert found.best is not None
        assert found.best.design.compute == "lambda"
        return {warning.code for warning in found.warnings}

    # As known on 2026-11-23: nodejs22.x ends on 2027-04-30, nodejs24.x a year later.
    assert "compute.lambda.runtime-soon" in warnings("nodejs22.x")
    assert "compute.lambda.runtime-soon" not in warnings("nodejs24.x")


def test_a_runtime_that_has_ended_rules_functions_out() -> None:
    found = answer(compute={**BASE["compute"], "runtime": "python3.10"})
    ruled_out = next(o for o in found.decisions[0].options if o.option == "lambda")
    assert ruled_out.status == "excluded"
    assert "python3.10" in ruled_out.why


def test_more_than_the_account_concurrency_is_warned_of() -> None:
    # 30,000/s x 0.1 s = 3,000 at once.
    found = answer(traffic={"average_rps": 1, "peak_rps": 30_000})
    assert found.best is not None
    assert found.best.design.compute == "lambda"
    assert "compute.lambda.account-concurrency" in {w.code for w in found.warnings}


def test_exit_codes_follow_from_the_answer() -> None:
    found = answer()
    assert found.exit_code == 0
    assert replace(found, best=None).exit_code == 3


def test_waiting_for_io_is_the_other_side_of_using_the_cpu() -> None:
    def tasks(**stated: float) -> Any:
        found = answer(compute={**BASE["compute"], "cpu_bound_fraction": None, **stated})
        (compute, *_) = found.decisions
        (fargate,) = [each for each in compute.options if each.option == "fargate"]
        assert fargate.candidate is not None
        return fargate.candidate.sizing

    assert tasks(io_wait_fraction=0.75) == tasks(cpu_bound_fraction=0.25)
    assert tasks(io_wait_fraction=0.75) != tasks(cpu_bound_fraction=1)


def test_what_is_far_from_every_limit_is_presumed_and_not_asked() -> None:
    found = answer(api={"auth": ["jwt"]}, messaging={"pattern": "queue"})
    presumed = {taken.field: taken.value for taken in found.assumptions}

    assert found.questions == ()
    assert presumed["api.max_request_mb"] == presumed["api.max_response_mb"] == 1
    assert presumed["api.max_response_s"] == 1  # ten times the mean of 100 ms
    assert presumed["compute.package_unzipped_mb"] == 50
    assert presumed["messaging.retention_hours"] == 24


def test_what_is_near_a_limit_is_asked_with_the_limit() -> None:
    # A tenth of a megabyte at the mean may be several at the most.
    large = answer(api={"auth": ["iam"], "average_payload_kb": 120, "average_request_size_kb": 110})
    told = [bound.words for question in large.questions for bound in question.bounds]

    assert {field for question in large.questions for field in question.fields} == {
        "api.max_request_mb"
    }
    assert told == ["api.max_request_mb is above 10"]


def test_a_run_as_long_as_stated_is_a_response_as_long() -> None:
    slow = {**BASE["compute"], "max_duration_s": 45}
    found = answer(compute=slow, api={"auth": ["iam"], "single_function": True})

    status = {o.option: o.status for d in found.decisions for o in d.options if d.decision == "api"}
    assert status["http-api"] == "excluded"
    assert status["function-url"] == "recommended"
