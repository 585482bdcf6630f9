"""``pricing/price-list.yaml``: complete against the price book, and strictly read."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.aws import left_out, wanted
from advisor.aws.selection import MalformedSelection, is_usage, parse, selection
from advisor.data import names, read_data

SERVICES = names("pricing/aws")


@pytest.mark.parametrize("service", SERVICES)
def test_every_component_of_the_book_is_read_or_left_out_for_a_reason(service: str) -> None:
    """A new component needs a selector or a reason in pricing/price-list.yaml."""
    components = set(read_data(f"pricing/aws/{service}.yaml")["components"])
    read = {*wanted(service, "us-east-1"), *wanted(service, "global")}
    if service == "fargate":
        read |= {*wanted("fargate-spot", "us-east-1")}
    left = {*left_out(service)}

    assert read | left == components
    assert not read & left


def test_wanted_are_a_regions_prices_or_the_accounts_free_quantities() -> None:
    assert wanted("lambda", "global") == ("free-duration", "free-requests")
    assert "free-requests" not in wanted("lambda", "eu-west-1")
    assert "duration-arm64" in wanted("lambda", "eu-west-1")
    assert "spot-vcpu-x86" in wanted("fargate-spot", "eu-west-1")
    assert "spot-vcpu-x86" not in wanted("fargate", "eu-west-1")
    assert wanted("fargate-spot", "global") == ()
    assert "fargate-vcpu-x86-3yr-no-upfront" in wanted("savings-plans", "us-east-1")


def test_a_placeholder_stands_for_what_the_book_names_so() -> None:
    cache = selection("api-gateway").components["rest-cache-hour-0.5gb"]
    plan = selection("savings-plans").plans["lambda-duration-x86-1yr-no-upfront"]

    assert cache.attributes == {"cacheMemorySizeGb": "0.5"}
    assert (plan.term, plan.option) == ("1yr", "no-upfront")


@pytest.mark.parametrize(
    ("usagetype", "stated", "same"),
    [
        ("Lambda-GB-Second", "Lambda-GB-Second", True),
        ("EU-Lambda-GB-Second", "Lambda-GB-Second", True),
        ("APN1-Lambda-GB-Second", "Lambda-GB-Second", True),
        ("Lambda-GB-Second-ARM", "Lambda-GB-Second", False),
        ("USE1-Fargate-ARM-GB-Hours", "Fargate-GB-Hours", False),
        ("USE1-Fargate-Windows-GB-Hours", "Fargate-GB-Hours", False),
        ("EU-Outposts-LCUUsage", "LCUUsage", False),
        ("Reserved-LCUUsage", "LCUUsage", False),
        ("TS-LoadBalancerUsage", "LoadBalancerUsage", False),
        ("Global-Request", "Request", False),
        ("EU-EU-Request", "Request", False),
        ("", "Request", False),
    ],
)
def test_only_a_regions_prefix_may_stand_before_a_usage_type(
    usagetype: str, stated: str, *, same: bool
) -> None:
    assert is_usage(usagetype, stated) is same


def tree(**service: Any) -> dict[str, Any]:
    requests = {"group": "G", "unit": "requests"}
    return {
        "units": {"requests": ["Requests"]},
        "fargate_spot_url": "https://example.com/",
        "services": {
            "lambda": {"code": "AWSLambda", "components": {"requests": requests}} | service
        },
    }


def test_the_form_of_the_file() -> None:
    assert parse(tree()).services["lambda"].code == "AWSLambda"


@pytest.mark.parametrize(
    "service",
    [
        {"componets": {}},
        {"components": {}},
        {"components": {"a": {"group": "G", "unit": "requests", "usage": "x"}}},
        {"components": {"a": {"group": "G"}}},
        {"components": {"a": {"group": "G", "unit": "bushels"}}},
        {"components": {"a": {"family": "Serverless", "unit": "requests"}}},
        {"components": {"a": {"group": "G", "unit": "requests", "free_up_to": "1e2"}}},
        {"components": {"a": {"group": "G", "unit": "requests", "free_up_to": 100}}},
        {"free": {"a": {"unit": "requests"}}},
        {"query_by": "productFamily"},
    ],
)
def test_a_selection_of_another_form_is_refused(service: dict[str, Any]) -> None:
    with pytest.raises(MalformedSelection):
        parse(tree(**service))
