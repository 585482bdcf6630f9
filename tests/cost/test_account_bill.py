"""Several bills in one account: tiers are reached together, free quantities are given once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost import api_gateway, aws_lambda, sqs
from advisor.cost.account import cost_together, share_bills, usage
from advisor.cost.bill import LineItem, total
from advisor.tariff import PriceBook

BOOK = PriceBook()
US = "us-east-1"


def http(requests: int, region: str = US) -> list[LineItem]:
    return api_gateway.http_api(BOOK, region, requests=Decimal(requests), payload_kb=Decimal(1))


def function(requests: int, architecture: str = "x86_64", *, free_tier: bool) -> list[LineItem]:
    return aws_lambda.on_demand(
        BOOK,
        US,
        architecture=architecture,
        memory_mb=Decimal(1024),
        requests=Decimal(requests),
        billed_ms=Decimal(1000),
        free_tier=free_tier,
    )


def together(*bills: list[LineItem]) -> list[list[LineItem]]:
    """Return the shares, after checking what holds for all: both ways to the sum agree."""
    shared = share_bills(bills)
    found = sum((total(each) for each in shared), Decimal(0))
    assert abs(found - cost_together([usage(bill) for bill in bills])) < Decimal("1e-12")
    return shared


def test_two_apis_reach_the_second_tier_together() -> None:
    # Alone: 200e6 and 400e6 requests cost 200.00 and 300 x 1.00 + 100 x 0.90 = 390.00, 590 in all.
    # Together 600e6: 300.00 + 300 x 0.90 = 570.00, of which the first bears a third, 190.00.
    first, second = together(http(200_000_000), http(400_000_000))
    assert total(first).quantize(Decimal("1e-9")) == Decimal("190")
    assert total(second).quantize(Decimal("1e-9")) == Decimal("380")
    assert [item.item for item in first] == [
        "HTTP API requests, first 300 million requests",
        "HTTP API requests, above 300 million requests",
    ]
    assert sum(item.quantity for item in first) == 200_000_000


def test_regions_do_not_share_tiers() -> None:
    # 300e6 each, in two Regions: 300.00 and 300 x 1.11 = 333.00 as if alone.
    us, ireland = together(http(300_000_000), http(300_000_000, "eu-west-1"))
    assert (total(us), total(ireland)) == (300, 333)


def test_one_bill_alone_is_what_it_was() -> None:
    for bill in (http(400_000_000), function(7_000_000_000, free_tier=True)):
        (share,) = together(bill)
        assert total(share) == total(bill)
        assert [(i.item, i.quantity) for i in share] == [(i.item, i.quantity) for i in bill]


def test_the_free_tier_is_given_once_over_both_architectures() -> None:
    # 300,000 GB-s and requests on each architecture; alone, each is free. The account has 400,000
    # GB-s and 1,000,000 requests: two thirds of each one's duration are free, and all requests.
    # x86: 100,000 x 0.0000166667 = 1.66667; arm64: 100,000 x 0.0000133334 = 1.33334.
    bills = [function(300_000, free_tier=True), function(300_000, "arm64", free_tier=True)]
    assert [total(bill) for bill in bills] == [0, 0]
    x86, arm64 = together(*bills)
    assert total(x86).quantize(Decimal("1e-9")) == Decimal("1.66667")
    assert total(arm64).quantize(Decimal("1e-9")) == Decimal("1.33334")


def test_who_does_not_ask_for_the_free_tier_gets_none_of_it() -> None:
    asking, other = together(function(300_000, free_tier=True), function(300_000, free_tier=False))
    assert total(asking) == 0
    assert total(other) == total(function(300_000, free_tier=False))


def test_a_queue_in_two_workloads_shares_its_free_requests() -> None:
    # 800,000 and 200,000 requests, 1,000,000 free: nothing is paid. With 1,600,000 and 400,000,
    # half of each is: 0.32 and 0.08.
    def queue(count: int) -> list[LineItem]:
        return sqs.requests(
            BOOK, US, fifo=False, requests=Decimal(count), message_kb=Decimal(1), free_tier=True
        )

    assert [total(share) for share in together(queue(800_000), queue(200_000))] == [0, 0]
    assert [total(share) for share in together(queue(1_600_000), queue(400_000))] == [
        Decimal("0.32"),
        Decimal("0.08"),
    ]


@pytest.mark.parametrize("quantity", [0, 1])
def test_bills_of_nothing(quantity: int) -> None:
    first, second = together(http(0), http(quantity))
    assert total(first) == 0
    assert total(second) == quantity * Decimal("0.000001")
