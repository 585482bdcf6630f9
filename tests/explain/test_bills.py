"""A line of a bill: which one is meant, and what it is made of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from advisor.explain import bills
from advisor.explain.matching import NoSuchName
from advisor.report.explanations import as_text
from tests.explain.cases import NOTHING_LEFT, case_of, example

if TYPE_CHECKING:
    from pathlib import Path


def test_a_line_has_quantity_tiers_price_row_page_and_confidence() -> None:
    case = example("checkout-api")
    of = bills.matching(case, "duration")
    quantity, price, cost = of.figures
    # 12,000,000 requests of 120.5 ms (half a millisecond for rounding up) with half a GB.
    assert quantity.value == Decimal(723_000)
    assert cost.value == quantity.value * price.value
    text = as_text(of)
    for part in (
        "first 7.5 billion GB-seconds",
        "lambda/duration-arm64/eu-west-1@",
        "https://aws.amazon.com/lambda/pricing/",
        "last checked",
        "A: two independent sources",
    ):
        assert part in text


@pytest.mark.parametrize("text", ["AWS Lambda: Requests", "requests", "lambda requests"])
def test_a_line_goes_by_its_name_in_any_case(text: str) -> None:
    of = bills.matching(example("webhook"), text, "lambda")
    assert of.title.startswith("AWS Lambda: Requests, ")


def test_several_lines_that_match_are_listed() -> None:
    of = bills.matching(example("checkout-api"), "lambda")
    assert [figure.name for figure in of.figures] == [
        "AWS Lambda: Requests",
        "AWS Lambda: Duration",
        "AWS Lambda: INIT of cold starts",
    ]


def test_an_option_picks_whose_bill() -> None:
    of = bills.matching(example("checkout-api"), "vcpu", "fargate")
    assert of.title.startswith("AWS Fargate: vCPU, ")


@pytest.mark.parametrize(
    ("text", "option", "told"),
    [
        ("AWS Lambda: Duratoin", None, "did you mean AWS Lambda: Duration"),
        ("duratoin", None, "did you mean AWS Lambda: Duration"),
        ("zzz", None, "there are AWS Lambda: Requests"),
        ("", None, "there are AWS Lambda: Requests"),
        ("duration", "function-url", "no complete bill of 'function-url'"),
        ("duration", "fargat", "did you mean fargate"),
    ],
)
def test_what_is_no_line_or_no_bill_is_refused(text: str, option: str | None, told: str) -> None:
    with pytest.raises(NoSuchName, match=told):
        bills.matching(example("checkout-api"), text, option)


def test_without_a_recommendation_there_is_no_bill(tmp_path: Path) -> None:
    with pytest.raises(NoSuchName, match="no recommended bill"):
        bills.matching(case_of(NOTHING_LEFT, tmp_path), "requests")
