"""Which product has a price, and documents that do not say it as they should."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from advisor.aws import AwsFailed
from advisor.aws.documents import listed
from advisor.aws.picking import pick, pick_free
from advisor.aws.selection import selection
from tests.fakes import documents
from tests.fakes.documents import Rates, product

if TYPE_CHECKING:
    from advisor.tariff.offered import Offered

SECONDS = "Lambda-GB-Second"


def picked(
    service: str, given: list[dict[str, Any]], region: str = "us-east-1"
) -> dict[str, Offered]:
    products = [listed(json.dumps(document), "a document") for document in given]
    return {o.component: o for o in pick(selection(service), products, region)}


def duration(rates: str | Rates, unit: str = SECONDS, sku: str = "DUR", **more: Any) -> Any:
    return product(sku, SECONDS, rates, unit, group="AWS-Lambda-Duration", **more)


def refusal(service: str, given: list[dict[str, Any]]) -> str:
    with pytest.raises(AwsFailed) as caught:
        picked(service, given)
    return str(caught.value)


def test_a_family_tells_load_balancers_of_one_usage_type_apart() -> None:
    found = picked("load-balancer", documents.balancer_documents(), "eu-west-1")

    # Neither the classic balancer (0.028) nor the one on Outposts (0.9).
    assert {name: offered.tiers[0][2] for name, offered in found.items()} == {
        "alb-hour": Decimal("0.0252"),
        "nlb-hour": Decimal("0.0252"),
        "gwlb-hour": Decimal("0.014"),
    }


def test_two_letters_before_a_usage_type_are_not_a_region() -> None:
    """TS-LoadBalancerUsage is a trust store; us-east-1 has no prefix that it could be."""
    found = picked("load-balancer", documents.balancer_documents())

    assert found["alb-hour"].tiers[0][2] == Decimal("0.0225")
    assert found["alb-trust-store-hour"].tiers[0][2] == Decimal("0.005")


def test_partner_events_are_not_custom_events() -> None:
    def event(sku: str, kind: str, operation: str, price: str) -> dict[str, Any]:
        more = {"eventType": kind, "operation": operation}
        return product(
            sku,
            "USE1-Event-64K-Chunks",
            price,
            "64K Chunks",
            code="AWSEvents",
            family="EventBridge",
            **more,
        )

    found = picked(
        "eventbridge",
        [
            event("PARTNER", "Partner Event", "ReceivedPartnerEvents", "0.000002"),
            event("CUSTOM", "Custom Event", "PutEvents", "0.000001"),
        ],
    )

    assert found["custom-events"].tiers[0][2] == Decimal("0.000001")
    assert found["partner-events"].tiers[0][2] == Decimal("0.000002")


@pytest.mark.parametrize("name", ["Requests-RBP", "EU-Requests-Tier1"])
def test_the_kind_of_queue_selects_whatever_its_usage_type_is_called(name: str) -> None:
    queue = {"code": "AWSQueueService", "family": "API Request", "queueType": "Standard"}

    found = picked("sqs", [product("SQS", name, "0.0000004000", "Requests", **queue)])

    assert found["standard-requests"].tiers[0][2] == Decimal("0.0000004")


def test_an_instance_is_on_demand_linux_of_its_type_without_software() -> None:
    def instance(sku: str, usage: str, price: str, **more: str) -> dict[str, Any]:
        stated = {
            "instanceType": "c7g.large",
            "operatingSystem": "Linux",
            "tenancy": "Shared",
            "preInstalledSw": "NA",
            "capacitystatus": "Used",
            "operation": "RunInstances",
        }
        return product(
            sku, usage, price, "Hrs", code="AmazonEC2", family="Compute Instance", **stated | more
        )

    found = picked(
        "ec2",
        [
            instance("WANTED", "BoxUsage:c7g.large", "0.0725000000"),
            instance("WINDOWS", "BoxUsage:c7g.large", "0.2", operatingSystem="Windows"),
            instance("SQL", "BoxUsage:c7g.large", "0.3", preInstalledSw="SQL Web"),
            instance("DEDICATED", "DedicatedUsage:c7g.large", "0.4", tenancy="Dedicated"),
            instance("RHEL", "BoxUsage:c7g.large", "0.1", operation="RunInstances:0010"),
            instance("IDLE", "UnusedBox:c7g.large", "0.5", capacitystatus="UnusedCapacity"),
        ],
    )

    assert {name: o.tiers[0][2] for name, o in found.items()} == {
        "ondemand-linux-c7g.large": Decimal("0.0725")
    }


def test_data_transfer_has_its_region_in_another_field() -> None:
    def transfer(sku: str, usage: str, kind: str, price: str, **more: str) -> dict[str, Any]:
        place = {"fromRegionCode": "us-east-1", "fromLocationType": "AWS Region"}
        stated = {"transferType": kind, "toLocation": "External", **place, **more}
        return product(
            sku,
            usage,
            [("0", "10240", price), ("10240", "Inf", "0.085")],
            "GB",
            code="AWSDataTransfer",
            family="Data Transfer",
            region=None,
            **stated,
        )

    local = {"fromLocationType": "AWS Local Zone"}
    found = picked(
        "data-transfer",
        [
            transfer("OUT", "DataTransfer-Out-Bytes", "AWS Outbound", "0.09"),
            transfer("ZONE", "ATL1-DataTransfer-Out-Bytes", "AWS Outbound", "0.12", **local),
            transfer("IN", "DataTransfer-In-Bytes", "AWS Inbound", "0.01"),
        ],
    )

    assert found["internet-out"].tiers == (
        (Decimal(0), Decimal(10240), Decimal("0.09")),
        (Decimal(10240), None, Decimal("0.085")),
    )


def test_two_products_that_say_the_same_are_one_price() -> None:
    found = picked("lambda", [duration("0.0000166667", sku=sku) for sku in ("A", "B")])

    assert found["duration-x86"].evidence.endswith("SKU B")


def test_two_products_that_differ_are_refused_with_their_skus() -> None:
    given = [duration(price, sku=sku) for sku, price in (("A", "0.1"), ("B", "0.2"))]

    assert refusal("lambda", given) == (
        "lambda/duration-x86 in us-east-1 has several prices in AWS's Price List (SKUs A, B); "
        "nothing is taken from it until pricing/price-list.yaml tells them apart."
    )


def test_a_price_under_other_terms_is_not_on_demand() -> None:
    assert picked("lambda", [duration("0.1", term="6QCMYABX3D")]) == {}


def test_documents_from_before_region_codes_are_refused() -> None:
    assert "names no Region codes" in refusal("lambda", [duration("0.1", region=None)])


@pytest.mark.parametrize(
    "rates",
    [
        [("1", "Inf", "0.1")],
        [("0", "10", "0.1")],
        [("0", "10", "0.1"), ("11", "Inf", "0.1")],
        [("0", "10", "0.1"), ("9", "Inf", "0.1")],
        [("0", "10", "0.1"), ("0", "Inf", "0.1")],
        [("0", "Inf", "0.1"), ("10", "Inf", "0.1")],
        [("0", "0", "0.1"), ("0", "Inf", "0.1")],
        [],
    ],
)
def test_tiers_with_a_gap_or_an_overlap_are_refused(rates: Rates) -> None:
    assert "AWSLambda DUR (lambda/duration-x86 in us-east-1)" in refusal(
        "lambda", [duration(rates)]
    )


@pytest.mark.parametrize(
    "price",
    ["-0.1", "+0.1", "1E-7", "NaN", "Infinity", "Inf", "", " 0.1", "0,1", ".1", "1.", "٠.١", "1_0"],
)
def test_a_price_that_is_no_plain_decimal_is_refused(price: str) -> None:
    assert "where a plain decimal number belongs" in refusal("lambda", [duration(price)])


def test_a_long_price_keeps_every_digit() -> None:
    long = "0.1234567890123456789012345678901234567"

    found = picked("lambda", [duration(long + "0")])

    assert str(found["duration-x86"].tiers[0][2]) == long


@pytest.mark.parametrize("unit", ["Requests", "GB", "", "Lambda-GB-Hour"])
def test_a_price_for_another_unit_is_refused(unit: str) -> None:
    assert "not per one of Lambda-GB-Second" in refusal("lambda", [duration("0.1", unit)])


@pytest.mark.parametrize("unit", ["Lambda-GB-Second", "seconds", "Second", "GB-Seconds"])
def test_aws_calls_one_unit_many_names(unit: str) -> None:
    assert "duration-x86" in picked("lambda", [duration("0.1", unit)])


def test_a_number_of_more_digits_than_a_price_has_is_refused() -> None:
    assert "plain decimal" in refusal("lambda", [duration("0." + "1" * 39)])


def test_a_price_in_another_currency_is_refused() -> None:
    document = duration("0.1")
    rate = next(iter(document["terms"]["OnDemand"]["DUR.JRTCKXETXF"]["priceDimensions"].values()))
    rate["pricePerUnit"] = {"CNY": "0.1"}

    assert refusal("lambda", [document]).endswith("has no price in USD.")


def test_a_price_of_zero_is_metering_unless_aws_gives_the_thing_away() -> None:
    def delivery(sku: str, kind: str) -> dict[str, Any]:
        more = {"code": "AmazonSNS", "family": "Message Delivery"}
        return product(sku, f"DeliveryAttempts-{kind}", "0.0000000000", "Notifications", **more)

    assert picked("lambda", [duration("0.0000000000")]) == {}
    assert set(picked("sns", [delivery("A", "SQS"), delivery("B", "HTTP")])) == {"delivery-sqs"}


def test_streaming_that_already_has_its_free_tier_is_taken_as_it_is() -> None:
    usage = "Lambda-Streaming-Response-Processed-Bytes"

    def streaming(rates: Rates) -> dict[str, Any]:
        return product("STREAM", usage, rates, "GB")

    free = [("0", "100", "0"), ("100", "Inf", "0.008")]
    found = picked("lambda", [streaming(free)])["response-streaming"]

    assert found.tiers == (
        (Decimal(0), Decimal(100), Decimal(0)),
        (Decimal(100), None, Decimal("0.008")),
    )
    tiered = [("0", "500", "0.009"), ("500", "Inf", "0.008")]
    assert "tiers of its own" in refusal("lambda", [streaming(tiered)])


@pytest.mark.parametrize(
    "rates",
    [
        [("0", "Inf", "0")],
        [("0", "1000000", "0.1")],
        [("5", "1000000", "0")],
        [("0", "0", "0")],
        [("0", "10", "0"), ("10", "20", "0")],
    ],
)
def test_a_free_quantity_is_one_bound_at_no_price(rates: Rates) -> None:
    more = {"location": "Any", "group": "AWS-Lambda-Requests"}
    document = product(
        "FREE", "Global-Request", rates, "Requests", region=None, term="A429C66SYZ", **more
    )

    with pytest.raises(AwsFailed, match="is not one quantity at no price"):
        pick_free(selection("lambda"), [listed(json.dumps(document), "a document")])
