"""What each way of running steps costs; each amount is AWS's own or worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.context import RuleContext
from advisor.decisions.part import Part
from advisor.decisions.situation import Situation, resolve
from advisor.decisions.workflow import WORKFLOW, workflow_part
from advisor.errors import AdvisorError
from advisor.tariff import PriceBook
from advisor.workload import Workload

if TYPE_CHECKING:
    from advisor.decisions.executions import Executions

BOOK = PriceBook()
THOUSAND = 1000
# 20 branches of 5 states; 3 states outside. Together 16 s, of which a branch takes 5 of 8 parts.
MAP: dict[str, Any] = {
    "states": 8,
    "branches": 20,
    "branch_states": 5,
    "duration_mean_s": 16,
    "idempotent": True,
    "monthly_executions": THOUSAND,
}


def situation(workflow: dict[str, Any], assumptions: Assumptions | None = None) -> Situation:
    tree = {
        "name": "x",
        "region": "us-east-1",
        "traffic": {"monthly_requests": 1_000_000, "peak_rps": 2},
        "workflow": workflow,
    }
    return resolve(msgspec.convert(tree, Workload), assumptions or Assumptions())


def runs(**workflow: Any) -> Executions:
    found = situation(workflow).executions
    assert found is not None
    return found


def part(
    option: str, runs: Executions, *, region: str = "us-east-1", free_tier: bool = False
) -> Part:
    return workflow_part(option, runs, region, BOOK, free_tier=free_tier)


def amounts(
    option: str, runs: Executions, *, region: str = "us-east-1", free_tier: bool = False
) -> dict[str, Decimal]:
    found = part(option, runs, region=region, free_tier=free_tier)
    assert found.is_priced
    return {item.item: item.monthly_usd for item in found.line_items}


# --- AWS's own examples ---


def test_standard_workflow_of_the_pricing_page() -> None:
    # 100,000 executions of 4 transitions: 400,000 × 0.000025 = 10; 4,000 are free: 9.90.
    page = runs(monthly_executions=100_000, transitions_per_execution=4)

    assert amounts("standard", page) == {"State transitions": 10}
    assert sum(amounts("standard", page, free_tier=True).values()) == Decimal("9.9")


def test_express_workflow_of_the_pricing_page() -> None:
    # 50 MB + 50 KB + 400 map steps × 32 KB are billed as 64 MB. 100 million runs of 10 s: 100
    # + 3.6e6 GB-s × 0.00001667 + 14.4e6 × 0.00000833 + 44.5e6 × 0.00000456; 482.97 on the page,
    # which has prices of a GB-hour.
    page = runs(
        monthly_executions=100_000_000,
        branches=400,
        payload_kb=32,
        definition_kb=50,
        duration_mean_s=10,
    )

    assert list(amounts("express", page).values()) == [
        100,
        Decimal("60.012"),
        Decimal("119.952"),
        Decimal("202.92"),
    ]


def test_durable_insurance_claims_of_the_pricing_page() -> None:
    # A million executions: the start, two steps and a wait = 4e6 × 0.000008 = 32; 104 GB × 0.25 =
    # 26; kept for 7 days while running and 14 afterwards, in a month of 30: 72.8 × 0.15 = 10.92.
    page = replace(
        runs(
            states=3,
            persisted_mb=104 * 1024 / 1_000_000,
            duration_mean_s=7 * 86_400,
            audit_history_days=14,
        ),
        month_hours=720,
    )

    assert amounts("lambda-durable", page) == {
        "Durable operations": 32,
        "Durable data written": 26,
        "Durable data retained": Decimal("10.92"),
    }


# --- transitions, history, operations ---


@pytest.mark.parametrize(
    ("workflow", "transitions", "events"),
    [
        ({"states": 3}, 4, 17),  # start + 3; 2 + 3 × 5
        ({"states": 3, "retry_fraction": 0.5}, 5.5, 21.5),  # 1.5 retries of 3 events
        # 8 − 5 + 20 × 5 = 103 states and the start; 2 + 103 × 5 + 20 × 2.
        (MAP, 104, 557),
        # 10.3 retries: 103 + 10.3 + 1; 557 + 30.9.
        ({**MAP, "retry_fraction": 0.1}, 114.3, 587.9),
        # A child of a Distributed Map is one more each, with a history of its own: 2 + 3 × 5.
        ({**MAP, "distributed_map": True}, 124, 17),
        ({"states": 3, "transitions_per_execution": 9, "history_events_per_execution": 70}, 9, 70),
        ({}, None, None),
    ],
)
def test_transitions_and_history_follow_from_the_states(
    workflow: dict[str, Any], transitions: float | None, events: float | None
) -> None:
    context = RuleContext(situation(workflow), {})

    assert context.value("workflow.transitions_per_execution") == transitions
    assert context.value("workflow.history_events_per_execution") == events


@pytest.mark.parametrize(
    ("workflow", "operations", "payloads"),
    [
        ({"states": 3}, 4, 5),  # the start and 3; input, output and 3
        ({"states": 3, "retry_fraction": 1}, 7, 8),  # each of 3 steps twice
        # 2 outside and 3 branches: 1 + 5 + 3 contexts; 2 + 5 + two copies of each branch.
        ({"states": 3, "branches": 3}, 9, 13),
        # A callback is three operations, one of them the state itself; its payload is kept twice.
        ({"states": 3, "callback": True}, 6, 7),
        ({"states": 3, "callback": True, "human_approval": True}, 6, 7),
    ],
)
def test_operations_and_data_follow_from_the_states(
    workflow: dict[str, Any], operations: float, payloads: float
) -> None:
    found = runs(**workflow, payload_kb=1024)

    assert found.operations == operations
    assert found.persisted_mb == payloads


# --- Standard, and Standard with Express children ---


def test_branches_run_as_express_children_where_that_is_cheaper() -> None:
    # 3 states, 20 starts and the start: 24,000 × 0.000025 = 0.60. 20,000 children of 10 s in 64 MB:
    # 0.02, and 20,000 × 10 × 1/16 = 12,500 GB-s × 0.00001667. Inline it would be 104,000 = 2.60.
    found = part("standard", runs(**MAP))

    assert found.sizing == {
        "transitions_per_execution": 24,
        "children": "express",
        "children_per_execution": 20,
        "child_duration_s": 10,
    }
    assert [item.monthly_usd for item in found.line_items] == [
        Decimal("0.6"),
        Decimal("0.02"),
        Decimal("0.208375"),
    ]
    inline = part("standard", runs(**MAP | {"idempotent": False}))
    assert total(inline.line_items) == Decimal("2.6")


@pytest.mark.parametrize(
    ("changed", "transitions"),
    [
        ({"retry_fraction": 0.1}, 24.3),  # 3 × 1.1 + 20 + 1
        ({"distributed_map": True}, 24),  # its starts are the children's
        ({"transitions_per_execution": 200}, 120),  # 200 − 20 × 5 + 20
        # Never less than the start and the children's.
        ({"transitions_per_execution": 30, "duration_mean_s": 1.6}, 21),
    ],
)
def test_the_parent_keeps_the_transitions_outside_the_branches(
    changed: dict[str, Any], transitions: float
) -> None:
    found = part("standard", runs(**MAP | {"retry_fraction": 0} | changed))

    assert found.sizing["transitions_per_execution"] == transitions
    assert found.sizing["children"] == "express"


def test_branches_that_run_one_after_another_leave_each_less_time() -> None:
    # 20 branches, 5 at once: 4 rounds of 5 states and 3 outside, 23 parts of 23 s.
    found = part("standard", runs(**MAP | {"map_concurrency": 5, "duration_mean_s": 23}))

    assert found.sizing["child_duration_s"] == 5


@pytest.mark.parametrize(
    "changed",
    [
        {"idempotent": False},
        {"callback": True},
        {"human_approval": True},
        {"activities": True},
        {"sync_jobs": True},
        {"redrive": True},
        {"branches": 1},
        {"branch_states": 0},
        {"duration_mean_s": 481},  # 300.6 s in a branch; Express ends after 300
        {"duration_mean_s": 100, "duration_p99_s": 481},
        {"states": None, "transitions_per_execution": 104},
    ],
)
def test_what_keeps_branches_from_being_express_children(changed: dict[str, Any]) -> None:
    workflow = {key: value for key, value in (MAP | changed).items() if value is not None}

    assert "children" not in part("standard", runs(**workflow)).sizing


def test_a_price_of_children_that_is_not_known_is_named() -> None:
    # Tokyo has a price for transitions and none for Express.
    found = part("standard", runs(**MAP), region="ap-northeast-1")

    assert found.is_priced
    assert "children" not in found.sizing
    assert [error.component for error in found.missing_variants] == [
        "express-requests",
        "express-duration",
    ]


# --- Express ---


@pytest.mark.parametrize(
    ("duration", "billed_s"),
    [
        ({"duration_mean_s": 0.1}, "0.1"),
        ({"duration_mean_s": 0.101}, "0.2"),
        ({"duration_mean_s": 0}, "0.1"),
        ({"duration_p99_s": 0.25}, "0.3"),  # every run lasts the 99th percentile
        # Durations that vary over many steps are rounded up by half a step on the mean.
        ({"duration_mean_s": 10, "duration_p99_s": 20}, "10.05"),
    ],
)
def test_each_run_is_rounded_up_to_100_ms(duration: dict[str, Any], billed_s: str) -> None:
    # 1,000 runs in 64 MB.
    found = part("express", runs(monthly_executions=THOUSAND, **duration))

    assert found.line_items[1].quantity == THOUSAND * Decimal(billed_s) / 16


def test_short_runs_that_vary_are_not_rounded_as_their_mean() -> None:
    # A lognormal with mean 150 ms and p99 400 ms: ln(400 ÷ 150) = 2.3263 s − s² ÷ 2 gives s =
    # 0.4689 and a median of 134.4. P(X > 100, 200, …) = 0.7358, 0.1982, 0.0434, 0.0100, 0.0025, …:
    # the mean of what is billed is 100 × (1 + their sum) = 199.1 ms.
    found = part(
        "express",
        runs(monthly_executions=THOUSAND, duration_mean_s=0.15, duration_p99_s=0.4),
    )

    assert float(found.line_items[1].quantity) == pytest.approx(199.1 / 16, rel=1e-3)


def test_memory_is_rounded_up_to_64_mb() -> None:
    # 50 MB + 10 KB + 20 × 1,024 KB = 70.01 MB.
    found = part("express", runs(branches=20, payload_kb=1024, duration_mean_s=1))

    assert found.sizing["memory_mb"] == 128
    assert found.line_items[1].quantity == 1_000_000 * 128 // 1024


def test_a_workflow_in_code_does_not_make_express_take_no_time() -> None:
    assert part("express", runs(states=3, code_first=True)).unknown == ("workflow.duration_mean_s",)


def test_sync_or_async_and_where_the_history_is() -> None:
    called = part("express", runs(duration_mean_s=1, sync_response=True, audit_history_days=30))
    sent = part("express", runs(duration_mean_s=1))

    assert (called.sizing["mode"], sent.sizing["mode"]) == ("sync", "async")
    assert (len(called.unpriced), sent.unpriced) == (1, ())


# --- durable functions ---


def test_a_durable_function_is_invoked_again_after_retries_and_callbacks() -> None:
    # 1,024 executions of 2 + 3 branches = 5 steps, 2.5 retries, a callback: 1 + 5 + 2.5 + 3 + 2 =
    # 13.5 operations. Payloads of 1 MB: 2 + 5 + 2.5 + 2 × 4 = 17.5, so 17.5 GB, kept for a day of
    # 730 hours. 2.5 + 1 invocations more: 3,584 × 0.0000002.
    found = amounts(
        "lambda-durable",
        runs(
            monthly_executions=1024,
            states=3,
            branches=3,
            retry_fraction=0.5,
            callback=True,
            payload_kb=1024,
            audit_history_days=0,
        ),
    )

    assert found["Durable operations"] == Decimal("13.5") * 1024 * Decimal("0.000008")
    assert found["Durable data written"] == Decimal("17.5") * Decimal("0.25")
    kept = Decimal("17.5") * 24 / 730 * Decimal("0.15")
    assert abs(found["Durable data retained"] - kept) < Decimal("1e-20")
    assert found["Requests that resume durable executions"] == Decimal("0.0007168")


def test_replays_are_told_as_not_priced() -> None:
    assert any("replays" in each for each in part("lambda-durable", runs(states=3)).unpriced)


@pytest.mark.parametrize(("stated", "days"), [({}, 14), ({"audit_history_days": 400}, 90)])
def test_data_is_retained_within_awss_bounds(stated: dict[str, Any], days: float) -> None:
    assert part("lambda-durable", runs(states=3, **stated)).sizing["retention_days"] == days


# --- pipes, and what is not stated ---


def test_a_pipe_is_charged_by_64_kb_and_again_for_each_retry() -> None:
    # 1,250,000 × 2 chunks × 0.0000004.
    found = part("eventbridge-pipes", runs(payload_kb=65, retry_fraction=0.25))

    assert total(found.line_items) == 1
    assert len(found.unpriced) == 1


def test_no_workflow_service_costs_nothing() -> None:
    assert part("none", runs(states=3)) == Part(option="none", sizing={})


@pytest.mark.parametrize(
    ("option", "workflow", "unknown"),
    [
        ("standard", {}, "workflow.states"),
        ("express", {"states": 3}, "workflow.duration_mean_s"),
        ("lambda-durable", {}, "workflow.states"),
        ("lambda-durable", {"operations_per_execution": 4}, "workflow.persisted_mb"),
    ],
)
def test_what_must_be_stated_is_named(option: str, workflow: dict[str, Any], unknown: str) -> None:
    found = part(option, runs(**workflow))

    assert found.unknown == (unknown,)
    assert found.line_items == ()


def test_without_a_workflow_there_are_no_executions() -> None:
    assert situation({"needed": False}).executions is None


def test_every_value_that_is_filled_in_is_listed() -> None:
    assumptions = Assumptions()
    situation({"states": 3}, assumptions)
    listed = {each.field: each.value for each in assumptions.listed()}

    assert (
        listed.items()
        >= {
            "workflow.monthly_executions": 1_000_000,
            "workflow.transitions_per_execution": 4,
            "workflow.history_events_per_execution": 17,
            "workflow.operations_per_execution": 4,
            "workflow.persisted_mb": 5 * 4 / 1024,
            "workflow.payload_kb": 4,
            "workflow.definition_kb": 10,
            "workflow.retry_fraction": 0,
        }.items()
    )


@pytest.mark.parametrize("option", WORKFLOW)
@pytest.mark.parametrize("monthly", [0, 1e15])
def test_absurd_sizes_have_a_price_all_the_same(option: str, monthly: float) -> None:
    most = 1_000_000_000
    absurd = runs(
        monthly_executions=monthly,
        states=most,
        branches=most,
        branch_states=most,
        retry_fraction=100,
        duration_mean_s=1e9,
        payload_kb=1e9,
        definition_kb=1e9,
    )
    exact = float(sum(amounts(option, absurd, free_tier=True).values()))
    found = workflow_part(option, absurd, "us-east-1", BOOK.in_floats(), free_tier=True)

    assert exact == pytest.approx(float(total(found.line_items)))
    assert (exact > 0) == (monthly > 0 and option != "none")


def test_twice_as_many_executions_cost_twice_as_much() -> None:
    found = runs(**MAP)

    assert sum(amounts("standard", found.scaled(2)).values()) == 2 * sum(
        amounts("standard", found).values()
    )


def test_a_region_without_prices_names_them() -> None:
    found = part("lambda-durable", runs(states=3), region="xx-nowhere-1")

    assert [error.component for error in found.missing] == [
        "durable-operation",
        "durable-data-written",
        "durable-data-retained",
    ]
    with pytest.raises(KeyError, match="no option of the workflow decision"):
        part("nothing", runs())


def test_a_mean_above_its_99th_percentile_is_refused() -> None:
    with pytest.raises(AdvisorError, match="lies above the p99"):
        runs(duration_mean_s=2, duration_p99_s=1)
