"""The whole price book: every price is dated and sourced, every file is of the one form."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from advisor.data import data_root, read_data
from advisor.tariff import Price, open_table
from advisor.tariff.reading import read_service

FOLDER = Path(data_root(), "pricing/aws")
REGION = re.compile(r"[a-z]{2}-[a-z]+-\d|global")
NUMBER_KEYS = ("price", "up_to", "allowance")


def prices_of(service: str) -> list[Price]:
    tree = read_data(f"pricing/aws/{service}.yaml")
    return [price for rows in read_service(tree).values() for price in rows]


def test_the_services_of_a_comparison_are_there() -> None:
    assert {
        "api-gateway",
        "cloudwatch",
        "data-transfer",
        "fargate",
        "lambda",
        "load-balancer",
        "nat-gateway",
        "sqs",
        "vpc",
    } <= set(open_table().services())


@pytest.mark.parametrize("service", open_table().services())
def test_every_price_is_dated_and_sourced(service: str) -> None:
    prices = prices_of(service)
    assert prices
    for price in prices:
        assert price.service == service, price.id
        assert REGION.fullmatch(price.region), price.id
        assert price.unit.strip(), price.id
        assert price.source.startswith("https://aws.amazon.com/"), price.id
        assert price.source.endswith("/"), price.id
        assert price.confidence in ("A", "B", "C"), price.id
        assert date(2019, 1, 1) < price.valid_from <= price.checked, price.id
        # What was inferred says from what; what was read says where.
        assert price.evidence or (price.confidence == "C" and price.note), price.id


@pytest.mark.parametrize("service", open_table().services())
def test_tiers_rise_without_gap(service: str) -> None:
    for price in prices_of(service):
        assert price.tiers[0].above == 0, price.id
        for tier, following in zip(price.tiers, price.tiers[1:], strict=False):
            assert tier.up_to is not None, price.id
            assert tier.above < tier.up_to == following.above, price.id
        free = price.region == "global"
        assert (price.tiers[-1].up_to is None) != free, price.id


@pytest.mark.parametrize("service", open_table().services())
def test_a_missing_value_is_only_ever_the_end_of_a_ladder(service: str) -> None:
    for price in prices_of(service):
        assert price.tiers[0].price is not None, price.id
        assert all(tier.price is not None for tier in price.tiers[:-1]), price.id
        if price.tiers[-1].price is None:
            assert "not known" in (price.note or ""), price.id


@pytest.mark.parametrize("service", open_table().services())
def test_no_price_and_region_stands_twice(service: str) -> None:
    ids = [price.id for price in prices_of(service)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("service", open_table().services())
def test_numbers_are_quoted_plain_decimals(service: str) -> None:
    text = (FOLDER / f"{service}.yaml").read_text(encoding="utf-8")
    found = re.findall(rf"\b({'|'.join(NUMBER_KEYS)}): ([^,}}\n]+)", text)
    assert found
    wrong = [
        (key, value) for key, value in found if not re.fullmatch(r'"[0-9]+(\.[0-9]+)?"|null', value)
    ]
    assert wrong == []


def test_no_ladder_rises_but_from_a_free_part() -> None:
    # AWS's graduated prices fall with volume; a ladder that rises is a slip of the pen, save for
    # what starts with a free part.
    rising = [
        price.id
        for service in open_table().services()
        for price in prices_of(service)
        for tier, following in zip(price.tiers, price.tiers[1:], strict=False)
        if following.price is not None and tier.price not in (None, 0)
        if following.price > tier.price
    ]
    assert rising == []


def test_arm64_is_priced_only_where_it_is_listed() -> None:
    tasks = {price.region for price in prices_of("fargate") if price.component == "vcpu-arm64"}
    # The Regions for which the Fargate page was found to list Linux/ARM.
    assert tasks == {
        "ap-south-1",
        "eu-central-1",
        "eu-west-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-2",
    }
    for service, parts in (("fargate", ("vcpu", "memory")), ("lambda", ("duration", "requests"))):
        regions = [
            {p.region for p in prices_of(service) if p.component == f"{part}-arm64"}
            for part in parts
        ]
        x86 = [
            {p.region for p in prices_of(service) if p.component == f"{part}-x86"} for part in parts
        ]
        for arm, intel in zip(regions, x86, strict=True):
            assert arm <= intel
    assert {p.region for p in prices_of("fargate") if p.component == "memory-arm64"} == tasks
