"""Every worked example of worked_examples.yaml, published or by hand, through `advisor price`."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from advisor.cost.bill import total
from advisor.document.tree import parse
from advisor.errors import PriceMissing
from advisor.quote.quoting import Quote, quote
from advisor.tariff import PriceBook

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

FILE = Path(__file__).with_name("worked_examples.yaml")
DOCUMENT: Any = parse(FILE.read_bytes(), FILE.name).value
EXAMPLES: dict[str, Any] = {each["name"]: each for each in DOCUMENT["examples"]}
MISSING: dict[str, Any] = {each["name"]: each for each in DOCUMENT["missing"]}
ON_COMMAND_LINE = (
    "lambda-page-mobile-backend",
    "lambda-plan-above-15-billion",
    "fargate-tokyo",
    "express-page",
    "sns-deliveries",
    "alb-functions",
)
BOOKS: dict[str | None, PriceBook] = {}


def priced(price: Any) -> Quote:
    plan = price.get("savings_plan")
    if plan not in BOOKS:
        BOOKS[plan] = PriceBook(savings_plan=plan)
    return quote(
        price["service"],
        price["keys"],
        BOOKS[plan],
        price.get("region", "us-east-1"),
        free_tier=price.get("free_tier", False),
    )


def arguments(price: Any) -> list[str]:
    options = ["--region", price.get("region", "us-east-1"), "--format", "json"]
    if price.get("free_tier", False):
        options.append("--free-tier")
    if "savings_plan" in price:
        options += ["--savings-plan", price["savings_plan"]]
    return ["price", price["service"], *price["keys"], *options]


def assert_amount(got: Decimal, example: Any) -> None:
    assert abs(got - Decimal(example["usd"])) <= Decimal(example["tolerance"]), example["why"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_costs_what_was_published_or_calculated(name: str) -> None:
    items = priced(EXAMPLES[name]["price"]).line_items
    assert all(item.monthly_usd == item.quantity * item.unit_price_usd for item in items)
    assert_amount(total(items), EXAMPLES[name])


@pytest.mark.parametrize("name", MISSING)
def test_a_charge_without_a_known_price_is_refused(name: str) -> None:
    price = MISSING[name]["price"]
    region = price.get("region", "us-east-1")
    missing = re.escape(f"{MISSING[name]['price_missing']} in {region}")
    with pytest.raises(PriceMissing, match=missing):
        priced(price)


@pytest.mark.parametrize("name", ON_COMMAND_LINE)
def test_the_command_answers_an_example(
    name: str, advisor: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = advisor(*arguments(EXAMPLES[name]["price"]))
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert_amount(Decimal(answer["monthly_usd"]), EXAMPLES[name])
    lines = sum(Decimal(line["monthly_usd"]) for line in answer["line_items"])
    assert Decimal(answer["monthly_usd"]) == lines


def test_the_command_refuses_a_charge_without_a_known_price(
    advisor: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = advisor(*arguments(MISSING["http-api-second-tier-tokyo"]["price"]))
    assert (done.returncode, done.stdout) == (4, "")
    assert "api-gateway/http-requests in ap-northeast-1" in done.stderr


def test_every_service_of_the_list_has_an_example(
    advisor: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    listed = {line.split()[0] for line in advisor("price", "--list").stdout.splitlines()}
    assert listed == {example["price"]["service"] for example in EXAMPLES.values()}


def test_no_two_examples_have_one_name() -> None:
    assert len(EXAMPLES) == len(DOCUMENT["examples"])
    assert len(MISSING) == len(DOCUMENT["missing"])
