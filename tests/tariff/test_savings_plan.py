"""Compute Savings Plans in the book: what they discount, what not, and what is not known.

Rates of us-east-1 from https://aws.amazon.com/savingsplans/compute-pricing/ (2026-09).
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.errors import PriceMissing
from advisor.quote.quoting import quote
from advisor.tariff import PriceBook

PLAN = "1yr-no-upfront"


def lines(
    service: str, *arguments: str, plan: str | None = PLAN, region: str = "us-east-1"
) -> dict[str, LineItem]:
    answer = quote(service, arguments, PriceBook(savings_plan=plan), region)
    return {item.item: item for item in answer.line_items}


def amount(service: str, *arguments: str, plan: str | None = PLAN) -> Decimal:
    return Decimal(total(lines(service, *arguments, plan=plan).values()))


def test_a_plans_rate_takes_the_place_of_the_price() -> None:
    (line,) = lines("lambda", "gb_seconds=1000000").values()
    # 1,000,000 GB-s x 0.0000147, instead of x 0.0000166667.
    assert line.monthly_usd == Decimal("14.7")
    assert line.price.id.startswith("savings-plans/lambda-duration-x86-1yr-no-upfront/us-east-1@")
    assert line.ladder.id.startswith("lambda/duration-x86/us-east-1@")


def test_the_third_tier_of_lambda_stays_on_demand_where_that_is_lower() -> None:
    # 6 billion GB-s at 0.0000147 (on demand 0.0000166667) = 88,200; the next 9 billion at
    # 0.0000147 (on demand 0.0000150) = 132,300; 1 billion at 0.0000133334 on demand, below the
    # plan's 0.0000147, = 13,333.40.
    found = lines("lambda", "gb_seconds=16e9")
    assert [item.unit_price_usd for item in found.values()] == [
        Decimal("0.0000147"),
        Decimal("0.0000147"),
        Decimal("0.0000133334"),
    ]
    assert [item.monthly_usd for item in found.values()] == [
        Decimal(88200),
        Decimal(132300),
        Decimal("13333.4"),
    ]


def test_provisioned_concurrency_is_discounted_by_its_own_rates() -> None:
    # 1,000,000 GB-s x 0.00000367 = 3.67 and 1,000,000 x 0.00000856 = 8.56.
    arguments = ("provisioned_gb_seconds=1000000", "provisioned_duration_gb_seconds=1000000")
    assert amount("lambda", *arguments) == Decimal("12.23")


@pytest.mark.parametrize(
    ("plan", "usd"),
    [
        # 100 h of 1 vCPU and 2 GB: 100 x rate of the vCPU + 200 x rate of a GB.
        (None, "4.937"),  # 100 x 0.04048 + 200 x 0.004445
        ("1yr-no-upfront", "3.9496"),  # 100 x 0.032384 + 200 x 0.003556
        ("3yr-no-upfront", "2.71535"),  # 100 x 0.022264 + 200 x 0.00244475
    ],
)
def test_tasks_are_discounted(plan: str | None, usd: str) -> None:
    arguments = ("vcpu=1", "memory_gb=2", "task_hours=100")
    assert amount("fargate", *arguments, plan=plan) == Decimal(usd)


@pytest.mark.parametrize(
    ("service", "arguments"),
    [
        ("lambda", ("requests=1000000",)),
        ("lambda", ("snapstart_cached_hours=10", "streamed_gb=500", "sqs_poller_hours=10")),
        ("fargate", ("capacity=spot", "vcpu=1", "memory_gb=2", "task_hours=100")),
        ("sqs", ("requests=1000000",)),
    ],
)
def test_what_a_plan_does_not_cover_costs_the_same(
    service: str, arguments: tuple[str, ...]
) -> None:
    with_plan, without = (lines(service, *arguments, plan=plan) for plan in (PLAN, None))
    assert with_plan == without
    assert total(with_plan.values()) > 0


@pytest.mark.parametrize(
    ("service", "arguments", "item"),
    [
        ("lambda", ("gb_seconds=1000", "ephemeral_storage_mb=10240"), "Ephemeral storage"),
        (
            "fargate",
            ("vcpu=1", "memory_gb=2", "task_hours=100", "ephemeral_storage_gb=100"),
            "Ephemeral storage",
        ),
    ],
)
def test_ephemeral_storage_is_never_discounted(
    service: str, arguments: tuple[str, ...], item: str
) -> None:
    with_plan, without = (lines(service, *arguments, plan=plan) for plan in (PLAN, None))
    assert with_plan[item] == without[item]
    assert total(with_plan.values()) < total(without.values())


@pytest.mark.parametrize(
    ("arguments", "region", "component"),
    [
        (["gb_seconds=1"], "eu-west-1", "lambda-duration-x86-1yr-no-upfront"),
        (
            ["provisioned_gb_seconds=1", "architecture=arm64"],
            "us-east-1",
            "lambda-pc-capacity-arm64-1yr-no-upfront",
        ),
    ],
)
def test_a_covered_price_without_a_known_rate_is_missing(
    arguments: list[str], region: str, component: str
) -> None:
    assert quote("lambda", arguments, PriceBook(), region).line_items
    with pytest.raises(PriceMissing) as missing:
        quote("lambda", arguments, PriceBook(savings_plan=PLAN), region)
    assert (missing.value.service, missing.value.component, missing.value.region) == (
        "savings-plans",
        component,
        region,
    )


def test_the_terms_are_those_with_a_rate() -> None:
    assert PriceBook().plans() == (
        "1yr-all-upfront",
        "1yr-no-upfront",
        "3yr-all-upfront",
        "3yr-no-upfront",
    )


def test_the_float_book_has_the_same_rates() -> None:
    book = PriceBook(savings_plan=PLAN)
    exact, floats = (
        each.price("lambda", "duration-x86", "us-east-1") for each in (book, book.in_floats())
    )
    for there, here in zip(exact.tiers, floats.tiers, strict=True):
        assert floats.rate(here)[0] == float(exact.rate(there)[0])


def test_the_answer_says_that_it_takes_the_use_to_be_within_the_commitment() -> None:
    answer = quote("lambda", ["gb_seconds=1"], PriceBook(savings_plan=PLAN), "us-east-1")
    assert ("savings_plan", PLAN) in [(taken.field, taken.value) for taken in answer.assumptions]
