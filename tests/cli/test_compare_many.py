"""`advisor compare --regions` and `--account`: what is printed, in each format, and exit codes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Advisor = Callable[..., subprocess.CompletedProcess[str]]

API = "examples/checkout-api.yaml"
PIPELINE = "examples/image-pipeline.yaml"


@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_regions_are_ranked(
    advisor: Advisor, golden: Callable[[str, str], None], format_: str
) -> None:
    done = advisor(
        "compare", API, "--regions", "us-east-1,eu-central-1,eu-west-1", "--format", format_
    )
    # The prices of an API in Frankfurt are not known.
    assert done.returncode == 4
    assert done.stderr == ""
    golden(f"regions.{'txt' if format_ == 'table' else 'md'}", done.stdout)


def test_all_regions_as_json(advisor: Advisor) -> None:
    done = advisor("compare", API, "--regions", "all", "--format", "json")
    answer = json.loads(done.stdout)
    assert done.returncode == 4
    priced = [each for each in answer["regions"] if each["recommendation"] is not None]
    assert [each["region"] for each in priced] == ["us-east-1", "eu-west-1"]
    amounts = [Decimal(each["recommendation"]["monthly_usd"]) for each in priced]
    assert amounts == sorted(amounts)
    unpriced = [each for each in answer["regions"] if each["recommendation"] is None]
    assert len(unpriced) > 20
    assert all(each["missing"] for each in unpriced)


def test_priced_regions_end_well(advisor: Advisor) -> None:
    assert advisor("compare", API, "--regions", "us-east-1, eu-west-1").returncode == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--regions", "mars"), "is not a Region"),
        (("--regions", "us-east-1,,eu-west-1"), "is not a Region"),
        (("--regions", "us-east-1", "--account"), "--regions goes with neither"),
        (("--regions", "us-east-1", "--region", "us-east-1"), "--regions goes with neither"),
        (("--account", "--show-bill", "fargate"), "--account shows one bill"),
    ],
)
def test_options_that_do_not_go_together(
    advisor: Advisor, options: tuple[str, ...], words: str
) -> None:
    done = advisor("compare", API, *options)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_an_account(advisor: Advisor, golden: Callable[[str, str], None], format_: str) -> None:
    done = advisor("compare", API, API, PIPELINE, "--account", "--format", format_)
    assert done.returncode == 0
    golden(f"account.{'txt' if format_ == 'table' else 'md'}", done.stdout)


def test_an_account_as_json(advisor: Advisor) -> None:
    done = advisor("compare", API, PIPELINE, "--account", "--format", "json")
    answer = json.loads(done.stdout)
    shares = [Decimal(each["monthly_usd"]) for each in answer["account"]["workloads"]]
    assert sum(shares) == Decimal(answer["account"]["monthly_usd"])
    lines = [line for each in answer["account"]["workloads"] for line in each["line_items"]]
    found = sum(Decimal(line["monthly_usd"]) for line in lines)
    assert found == Decimal(answer["account"]["monthly_usd"])
    assert len(answer["answers"]) == 2
