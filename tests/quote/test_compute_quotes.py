"""What functions, Managed Instances, durable functions and tasks are quoted at."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.errors import PriceMissing
from advisor.limits import limits
from advisor.quote.compute import (
    LambdaDurable,
    LambdaEdge,
    LambdaFunction,
    LambdaManagedInstances,
)
from advisor.quote.fargate import FargateTasks
from advisor.quote.meter import Meter, Refused
from advisor.tariff import PriceBook

BOOK = PriceBook()
ONE = Decimal(1)


def quote(
    meter: Meter, region: str = "us-east-1", *, free_tier: bool = False
) -> list[tuple[str, Decimal]]:
    items = meter.line_items(BOOK, region, free_tier=free_tier)
    for item in items:
        assert item.monthly_usd == item.quantity * item.unit_price_usd
    return [(item.item, item.monthly_usd) for item in items]


def total(meter: Meter, *, free_tier: bool = False) -> Decimal:
    return sum((usd for _, usd in quote(meter, free_tier=free_tier)), Decimal(0))


def refusal(meter: Meter) -> Refused:
    with pytest.raises(Refused) as refused:
        meter.line_items(BOOK, "us-east-1", free_tier=False)
    return refused.value


@pytest.mark.parametrize(
    "meter", [LambdaFunction, LambdaManagedInstances, LambdaDurable, LambdaEdge, FargateTasks]
)
def test_nothing_stated_costs_nothing_and_needs_no_price(meter: type[Meter]) -> None:
    assert quote(meter(), region="eu-isoe-west-1", free_tier=True) == []
    assert meter().assumed() == {}


def test_the_defaults_are_what_aws_gives() -> None:
    quotas = limits()
    assert LambdaFunction().memory_mb == quotas.number("lambda.memory_min_mb")
    assert LambdaEdge().memory_mb == quotas.number("lambda.memory_min_mb")
    assert LambdaFunction().ephemeral_storage_mb == quotas.number(
        "lambda.ephemeral_storage_included_mb"
    )
    assert FargateTasks().ephemeral_storage_gb == quotas.number(
        "fargate.ephemeral_storage_included_gb"
    )


def test_mobile_backend_of_the_pricing_page() -> None:
    # 2.73 USD: see the bill of the same example in tests/cost/test_lambda_bill.py.
    meter = LambdaFunction(
        requests=Decimal(3_000_000), duration_ms=Decimal(120), memory_mb=Decimal(1536)
    )
    assert total(meter, free_tier=True) == Decimal("2.733338")
    assert total(meter) == Decimal("9.600018")


def test_ephemeral_storage_of_the_pricing_page() -> None:
    meter = LambdaFunction(
        requests=Decimal(6_000_000),
        duration_ms=Decimal(280),
        memory_mb=Decimal(4096),
        ephemeral_storage_mb=Decimal(2048),
    )
    assert total(meter, free_tier=True).quantize(Decimal("0.01")) == Decimal("106.41")


def test_app_launch_of_the_pricing_page() -> None:
    # 100 environments of 1.5 GB for 8 h; 500,000 calls of 100 ms inside and 2,500,000 of 120 ms
    # outside: 18.00 + 0.40 + 0.73 + 0.83 = 19.96. Exactly 18.000144 + (3,000,000 - 1,000,000) x
    # 0.0000002 + 0.729165 + (450,000 - 400,000) x 0.0000166667.
    meter = LambdaFunction(
        requests=Decimal(2_500_000),
        duration_ms=Decimal(120),
        memory_mb=Decimal(1536),
        provisioned_concurrency=Decimal(100),
        provisioned_hours=Decimal(8),
        provisioned_requests=Decimal(500_000),
        provisioned_duration_ms=Decimal(100),
    )
    assert quote(meter, free_tier=True) == [
        ("Requests", Decimal("0.5")),
        ("Requests inside provisioned concurrency", Decimal("0.1")),
        ("Duration", Decimal("7.500015")),
        ("Free tier, requests", Decimal("-0.2")),
        ("Free tier, GB-seconds", Decimal("-6.66668")),
        ("Provisioned concurrency, capacity", Decimal("18.000144")),
        ("Provisioned concurrency, duration", Decimal("0.729165")),
    ]
    assert total(meter, free_tier=True).quantize(Decimal("0.01")) == Decimal("19.96")


def test_gb_seconds_stand_for_what_they_sum_up() -> None:
    # The same launch: 450,000 GB-s on demand, 4,320,000 of capacity and 75,000 inside.
    meter = LambdaFunction(
        requests=Decimal(2_500_000),
        gb_seconds=Decimal(450_000),
        provisioned_gb_seconds=Decimal(4_320_000),
        provisioned_requests=Decimal(500_000),
        provisioned_duration_gb_seconds=Decimal(75_000),
    )
    assert total(meter, free_tier=True).quantize(Decimal("0.01")) == Decimal("19.96")
    assert meter.assumed() == {}


def test_snapstart_of_the_pricing_page() -> None:
    # 1.49 + 248.00 + 14.43 = 263.92.
    meter = LambdaFunction(
        requests=Decimal(7_440_000),
        duration_ms=Decimal(2000),
        memory_mb=Decimal(1024),
        snapstart_cached_hours=Decimal(744),
        snapstart_restores=Decimal(74_400),
    )
    assert total(meter).quantize(Decimal("0.01")) == Decimal("263.92")


def test_whatever_else_a_function_is_charged_for() -> None:
    # 200 cold starts x 500 ms x 2 GB = 200 GB-s; 100 GB free + 50 x 0.008; 8,000 x 0.00925;
    # 800 x 0.185; 1,000 environments x 2 GB x 0.000166667.
    meter = LambdaFunction(
        memory_mb=Decimal(2048),
        cold_starts=Decimal(200),
        init_ms=Decimal(500),
        streamed_gb=Decimal(150),
        sqs_poller_hours=Decimal(8000),
        kafka_poller_hours=Decimal(800),
        new_tenant_environments=Decimal(1000),
    )
    assert quote(meter) == [
        ("INIT of cold starts", Decimal("0.00333334")),
        ("Response streaming, first 100 GB", Decimal(0)),
        ("Response streaming, above 100 GB", Decimal("0.4")),
        ("SQS event pollers", Decimal(74)),
        ("Kafka event pollers", Decimal(148)),
        ("Tenant isolation, new environments", Decimal("0.333334")),
    ]


def test_requests_without_a_duration_are_priced_and_said_to_be() -> None:
    meter = LambdaFunction(requests=Decimal(1_000_000), provisioned_requests=Decimal(1_000_000))
    assert total(meter) == Decimal("0.4")
    assert set(meter.assumed()) == {"duration_ms", "provisioned_duration_ms"}
    assert "not priced" in meter.assumed()["duration_ms"]
    assert LambdaFunction(requests=ONE, duration_ms=Decimal(0)).assumed() == {}


@pytest.mark.parametrize(
    ("meter", "culprit"),
    [
        (LambdaFunction(memory_mb=Decimal(127)), "memory_mb"),
        (LambdaFunction(memory_mb=Decimal(10_241)), "memory_mb"),
        (LambdaFunction(memory_mb=Decimal("128.5")), "memory_mb"),
        (LambdaFunction(ephemeral_storage_mb=Decimal(511)), "ephemeral_storage_mb"),
        (LambdaFunction(ephemeral_storage_mb=Decimal(10_241)), "ephemeral_storage_mb"),
        (LambdaFunction(duration_ms=Decimal(900_001)), "duration_ms"),
        (LambdaFunction(provisioned_duration_ms=Decimal(900_001)), "provisioned_duration_ms"),
        (LambdaFunction(gb_seconds=ONE, duration_ms=ONE), "gb_seconds"),
        (
            LambdaFunction(provisioned_gb_seconds=ONE, provisioned_concurrency=ONE),
            "provisioned_gb_seconds",
        ),
        (
            LambdaFunction(provisioned_gb_seconds=ONE, provisioned_hours=ONE),
            "provisioned_gb_seconds",
        ),
        (
            LambdaFunction(provisioned_duration_gb_seconds=ONE, provisioned_duration_ms=ONE),
            "provisioned_duration_gb_seconds",
        ),
        (LambdaFunction(provisioned_concurrency=ONE), "provisioned_hours"),
        (LambdaFunction(provisioned_hours=ONE), "provisioned_concurrency"),
        (LambdaFunction(cold_starts=ONE), "init_ms"),
        (LambdaFunction(init_ms=ONE), "cold_starts"),
        (LambdaEdge(memory_mb=Decimal(127)), "memory_mb"),
        (LambdaEdge(duration_ms=Decimal(900_001)), "duration_ms"),
        (LambdaManagedInstances(instance_hours=ONE), "instance_type"),
        (LambdaManagedInstances(instance_type="t4g.large"), "instance_type"),
        (LambdaManagedInstances(instance_type="c7g.medium"), "instance_type"),
        (LambdaManagedInstances(ec2_discount_percent=Decimal(101)), "ec2_discount_percent"),
        (FargateTasks(os="windows", architecture="arm64"), "architecture"),
        (FargateTasks(os="windows", capacity="spot"), "capacity"),
        (FargateTasks(task_hours=ONE), "vcpu"),
        (FargateTasks(memory_gb=ONE), "vcpu"),
        (FargateTasks(task_hours=ONE, vcpu=ONE), "memory_gb"),
        (FargateTasks(vcpu=Decimal(3), memory_gb=Decimal(8)), "vcpu"),
        (FargateTasks(vcpu=ONE, memory_gb=Decimal(9)), "memory_gb"),
        (FargateTasks(vcpu=ONE, memory_gb=Decimal("2.5")), "memory_gb"),
        (FargateTasks(os="windows", vcpu=Decimal("0.5"), memory_gb=ONE), "vcpu"),
        (FargateTasks(os="windows", vcpu=Decimal(8), memory_gb=Decimal(16)), "vcpu"),
        (FargateTasks(ephemeral_storage_gb=Decimal(19)), "ephemeral_storage_gb"),
        (FargateTasks(ephemeral_storage_gb=Decimal(201)), "ephemeral_storage_gb"),
    ],
)
def test_what_aws_does_not_offer_is_refused_with_what_it_does(meter: Meter, culprit: str) -> None:
    refused = refusal(meter)
    assert refused.key == culprit
    assert refused.help


@pytest.mark.parametrize(
    ("meter", "help_"),
    [
        (LambdaFunction(memory_mb=ONE), "It offers 128 to 10,240 MB in steps of 1 MB."),
        (
            FargateTasks(vcpu=Decimal(3)),
            "Fargate offers 0.25, 0.5, 1, 2, 4, 8, 16, 32 vCPU.",
        ),
        (FargateTasks(os="windows", vcpu=Decimal(8)), "Fargate offers 1, 2, 4 vCPU."),
        (
            FargateTasks(vcpu=Decimal(32), memory_gb=Decimal(64)),
            "With 32 vCPU Fargate offers 60, 120, 244 GB.",
        ),
        (
            FargateTasks(vcpu=Decimal(8), memory_gb=Decimal(17)),
            "With 8 vCPU Fargate offers 16 to 60 in steps of 4 GB.",
        ),
    ],
)
def test_the_help_lists_the_sizes(meter: Meter, help_: str) -> None:
    assert refusal(meter).help == help_


def test_the_largest_and_smallest_functions_are_offered() -> None:
    for memory_mb in (128, 10_240):
        meter = LambdaFunction(
            memory_mb=Decimal(memory_mb), requests=ONE, duration_ms=Decimal(900_000)
        )
        assert len(quote(meter)) == 2


def test_managed_instances_of_the_pricing_page() -> None:
    # 20.00 + 2,000 h x 0.1632 x (1 - 0.72) + 2,000 h x 0.02448; 160.36 with rounded hours.
    meter = LambdaManagedInstances(
        instance_type="m7g.xlarge",
        instance_hours=Decimal(2000),
        requests=Decimal(100_000_000),
        ec2_discount_percent=Decimal(72),
    )
    assert total(meter, free_tier=True) == Decimal("160.352")


def test_managed_instances_of_a_type_without_a_known_price() -> None:
    with pytest.raises(PriceMissing, match=r"ec2/ondemand-linux-m8g.xlarge"):
        quote(LambdaManagedInstances(instance_type="m8g.xlarge", instance_hours=ONE))


def test_durable_claims_of_the_pricing_page() -> None:
    # 32 + 26 + 10.92.
    meter = LambdaDurable(
        operations=Decimal(4_000_000), written_gb=Decimal(104), retained_gb_months=Decimal("72.8")
    )
    assert total(meter, free_tier=True) == Decimal("68.92")


def test_lambda_edge_of_the_pricing_page() -> None:
    # 10e6 x 0.0000006 + 12,500 GB-s x 0.00005001: 6.63, and no free tier.
    meter = LambdaEdge(requests=Decimal(10_000_000), duration_ms=Decimal(10))
    assert total(meter, free_tier=True) == Decimal("6.625125")
    assert list(LambdaEdge(requests=ONE).assumed()) == ["duration_ms"]


def test_fargate_of_the_pricing_page() -> None:
    # 5 tasks x 10 min x 30 days = 25 h, 1 vCPU, 2 GB, 10 GB above 20: 1.012 + 0.22225 + 0.02775.
    meter = FargateTasks(
        vcpu=ONE, memory_gb=Decimal(2), task_hours=Decimal(25), ephemeral_storage_gb=Decimal(30)
    )
    assert total(meter, free_tier=True) == Decimal("1.262")


def test_fargate_on_spot_and_on_windows() -> None:
    # 100 h x 0.01030969 + 200 GB-h x 0.00113349; and 100 h x (0.046552 + 0.046) + 200 x 0.00511175.
    spot = FargateTasks(
        architecture="arm64",
        capacity="spot",
        vcpu=ONE,
        memory_gb=Decimal(2),
        task_hours=Decimal(100),
    )
    assert total(spot) == Decimal("1.257667")
    windows = FargateTasks(os="windows", vcpu=ONE, memory_gb=Decimal(2), task_hours=Decimal(100))
    assert total(windows) == Decimal("10.27755")


def test_the_largest_task() -> None:
    # 32 x 0.04048 + 244 x 0.004445.
    meter = FargateTasks(vcpu=Decimal(32), memory_gb=Decimal(244), task_hours=ONE)
    assert total(meter) == Decimal("2.37994")
