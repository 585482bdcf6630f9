"""Looking prices up: spot checks against AWS's pages, dates, Regions, floats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from advisor.errors import PriceMissing
from advisor.tariff import Price, PriceBook, PriceTable, open_book, open_table

LAMBDA = "https://aws.amazon.com/lambda/pricing/"
FARGATE = "https://aws.amazon.com/fargate/pricing/"
GATEWAY = "https://aws.amazon.com/api-gateway/pricing/"
BALANCER = "https://aws.amazon.com/elasticloadbalancing/pricing/"
CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/"
EC2 = "https://aws.amazon.com/ec2/pricing/on-demand/"
VPC = "https://aws.amazon.com/vpc/pricing/"
SQS = "https://aws.amazon.com/sqs/pricing/"
STATES = "https://aws.amazon.com/step-functions/pricing/"

# Service, component, Region, AWS's page, and the prices of the tiers from the first on.
SPOTS = [
    ("lambda", "duration-x86", "us-east-1", LAMBDA, "0.0000166667 0.0000150000 0.0000133334"),
    ("lambda", "duration-arm64", "us-east-1", LAMBDA, "0.0000133334 0.0000120001 0.0000106667"),
    ("lambda", "duration-x86", "af-south-1", LAMBDA, "0.0000221000 0.0000198900 0.0000176800"),
    ("lambda", "duration-x86", "eu-south-1", LAMBDA, "0.0000195172 0.0000175655 0.0000156138"),
    ("lambda", "duration-x86", "sa-east-1", LAMBDA, "0.0000166667 0.0000150000 0.0000133334"),
    ("lambda", "requests-x86", "eu-west-1", LAMBDA, "0.0000002"),
    ("lambda", "ephemeral-storage-x86", "us-east-1", LAMBDA, "0.0000000309"),
    ("lambda", "ephemeral-storage-x86", "ap-northeast-1", LAMBDA, "0.0000000370"),
    ("fargate", "vcpu-x86", "us-east-1", FARGATE, "0.04048"),
    ("fargate", "memory-x86", "us-east-1", FARGATE, "0.004445"),
    ("fargate", "vcpu-arm64", "us-east-1", FARGATE, "0.03238"),
    ("fargate", "memory-arm64", "eu-central-1", FARGATE, "0.00409"),
    ("fargate", "vcpu-x86", "ap-northeast-1", FARGATE, "0.05056"),
    ("fargate", "vcpu-x86", "sa-east-1", FARGATE, "0.0696"),
    ("fargate", "spot-vcpu-x86", "us-east-1", FARGATE, "0.01288871"),
    ("fargate", "ephemeral-storage", "eu-west-1", FARGATE, "0.000122"),
    ("api-gateway", "http-requests", "us-east-1", GATEWAY, "0.000001 0.0000009"),
    ("api-gateway", "http-requests", "eu-west-1", GATEWAY, "0.00000111 0.000001"),
    (
        "api-gateway",
        "rest-requests",
        "us-east-1",
        GATEWAY,
        "0.0000035 0.0000028 0.00000238 0.00000151",
    ),
    ("load-balancer", "alb-hour", "eu-west-1", BALANCER, "0.0252"),
    ("load-balancer", "alb-lcu-hour", "us-east-1", BALANCER, "0.008"),
    ("cloudwatch", "logs-ingest", "eu-central-1", CLOUDWATCH, "0.63"),
    ("cloudwatch", "lambda-logs", "us-east-1", CLOUDWATCH, "0.50 0.25 0.10 0.05"),
    ("data-transfer", "internet-out", "us-east-1", EC2, "0.09 0.085 0.07 0.05"),
    ("data-transfer", "internet-out", "sa-east-1", EC2, "0.15 0.138 0.126 0.114"),
    ("nat-gateway", "nat-hour", "eu-central-1", VPC, "0.052"),
    ("vpc", "public-ipv4-hour", "us-east-1", VPC, "0.005"),
    ("sqs", "standard-requests", "us-east-1", SQS, "0.0000004 0.0000003 0.00000024"),
    ("sqs", "fifo-requests", "eu-west-1", SQS, "0.0000005 0.0000004 0.00000035"),
    ("step-functions", "express-requests", "us-east-1", STATES, "0.000001"),
]


@pytest.mark.parametrize(("service", "component", "region", "page", "expected"), SPOTS)
def test_prices_of_aws_pages(
    service: str, component: str, region: str, page: str, expected: str
) -> None:
    price = open_book().price(service, component, region)
    assert [tier.price for tier in price.tiers] == [Decimal(text) for text in expected.split()]
    assert price.source == page


@pytest.mark.parametrize(
    ("service", "component", "quantity"),
    [
        ("lambda", "free-requests", 1_000_000),
        ("lambda", "free-duration", 400_000),
        ("data-transfer", "free-internet-out", 100),
        ("sqs", "free-requests", 1_000_000),
    ],
)
def test_what_an_account_gets_free(service: str, component: str, quantity: int) -> None:
    assert open_book().allowance(service, component) == quantity


@pytest.mark.parametrize("spot", SPOTS[::3], ids=lambda spot: "/".join(spot[:3]))
def test_the_float_book_holds_the_same_numbers(spot: tuple[str, str, str, str, str]) -> None:
    day = date(2026, 11, 1)
    exact_book = PriceBook(day)
    float_book = exact_book.in_floats()
    exact, floats = (each.price(*spot[:3]) for each in (exact_book, float_book))
    assert float_book.as_of == day
    assert floats.id == exact.id
    for there, here in zip(exact.tiers, floats.tiers, strict=True):
        for name in ("above", "up_to", "price"):
            value, number = getattr(there, name), getattr(here, name)
            assert number == (None if value is None else float(value))
            assert value is None or (isinstance(value, Decimal) and isinstance(number, float))


def test_a_day_before_the_first_known_price_names_that_day() -> None:
    with pytest.raises(PriceMissing) as missing:
        PriceBook(date(2019, 1, 1)).price("load-balancer", "alb-hour", "us-east-1")
    assert missing.value.why == "the first known price is of 2026-08-21, not 2019-01-01"
    # The day itself has the price.
    assert PriceBook(date(2026, 8, 21)).price("load-balancer", "alb-hour", "us-east-1")


def test_a_day_takes_the_newest_price_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_book().price("vpc", "public-ipv4-hour", "us-east-1")
    rows = tuple(replace(first, valid_from=date(year, 2, 1)) for year in (2024, 2026, 2025))

    def three_dates(*_: object) -> tuple[Price, ...]:
        return rows

    monkeypatch.setattr(PriceTable, "rows", three_dates)
    found = {
        day: PriceBook(day).price("vpc", "public-ipv4-hour", "us-east-1").valid_from.year
        for day in (date(2025, 1, 31), date(2025, 2, 1), date(2026, 1, 31), None)
    }
    assert list(found.values()) == [2024, 2025, 2025, 2026]


def test_an_unknown_region_names_those_that_are_known() -> None:
    with pytest.raises(PriceMissing) as missing:
        open_book().price("nat-gateway", "nat-hour", "ap-northeast-1")
    assert missing.value.why == "known for eu-central-1, eu-west-1, us-east-1"
    assert open_book().regions("nat-gateway", "nat-hour") == (
        "eu-central-1",
        "eu-west-1",
        "us-east-1",
    )


@pytest.mark.parametrize(("service", "component"), [("lambda", "nothing"), ("nothing", "price")])
def test_an_unknown_component_or_service_is_missing_too(service: str, component: str) -> None:
    with pytest.raises(PriceMissing, match="unknown component"):
        open_book().price(service, component, "us-east-1")


def test_the_digest_names_the_prices() -> None:
    digest = open_table().digest()
    assert len(digest) == 64
    assert digest == PriceTable().digest()


def test_tier_labels_and_ids() -> None:
    price = open_book().price("cloudwatch", "lambda-logs", "us-east-1")
    assert [tier.label(price.unit) for tier in price.tiers] == [
        "first 10,240 GB",
        "next 20,480 GB",
        "next 20,480 GB",
        "above 51,200 GB",
    ]
    assert price.id == "cloudwatch/lambda-logs/us-east-1@2026-09-20"
