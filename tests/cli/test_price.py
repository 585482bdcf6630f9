"""advisor price: formats, options, help, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest

from advisor.cli import main
from advisor.quote.catalogue import METERS
from advisor.tariff import open_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOBILE = ("lambda", "requests=3000000", "duration_ms=120", "memory_mb=1536")


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def price(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run the command in this process; an exception that it does not catch fails the test."""
    monkeypatch.delenv("ADVISOR_PRICES", raising=False)

    def run(*arguments: str | Path) -> Done:
        open_table.cache_clear()
        monkeypatch.setattr(sys, "argv", ["advisor", "price", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return run


def usd(done: Done) -> Decimal:
    assert (done.code, done.err) == (0, "")
    return Decimal(json.loads(done.out)["monthly_usd"])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("price-lambda.txt", (*MOBILE, "--free-tier")),
        ("price-sns-inferred.txt", ("sns", "publishes=2e6", "--region", "ap-southeast-1")),
        ("price-help-fargate.txt", ("fargate", "--help")),
        ("price-list.txt", ("--list",)),
    ],
)
def test_the_text_is_as_reviewed(
    price: Callable[..., Done],
    golden: Callable[[str, str], None],
    name: str,
    arguments: tuple[str, ...],
) -> None:
    done = price(*arguments)
    assert (done.code, done.err) == (0, "")
    # Any price that moves changes the digest; the figures shown here change with their own.
    golden(name, done.out.replace(open_table().digest()[:12], "0" * 12))
    if name != "price-list.txt":
        assert max(map(len, done.out.splitlines())) <= 80


def test_json_keeps_the_contract(price: Callable[..., Done]) -> None:
    done = price(*MOBILE, "--format", "json")
    assert done.code == 0
    answer = json.loads(done.out)
    assert list(answer)[:3] == ["monthly_usd", "line_items", "assumptions"]
    assert list(answer)[3:] == ["service", "region", "prices"]
    # 3,000,000 x 0.0000002 = 0.60; 3,000,000 x 0.12 s x 1.5 GB = 540,000 GB-s x 0.0000166667.
    assert Decimal(answer["monthly_usd"]) == Decimal("9.600018")
    assert [list(item) for item in answer["line_items"]] == 2 * [
        [
            "service",
            "item",
            "unit",
            "quantity",
            "unit_price_usd",
            "monthly_usd",
            "price_id",
            "price_as_of",
            "source",
            "formula",
        ]
    ]
    assert sum(Decimal(item["monthly_usd"]) for item in answer["line_items"]) == Decimal("9.600018")
    assert {"field": "architecture", "value": "x86_64", "why": "not stated"} in answer[
        "assumptions"
    ]
    assert answer["prices"]["digest"] == open_table().digest()


def test_the_free_tier_is_given_back_only_when_asked(price: Callable[..., Done]) -> None:
    # AWS's example of a mobile backend: 2,000,000 x 0.0000002 = 0.40 and 540,000 - 400,000 =
    # 140,000 GB-s x 0.0000166667 = 2.333338, 2.73 together.
    assert usd(price(*MOBILE, "--free-tier", "--format", "json")) == Decimal("2.733338")
    assert usd(price(*MOBILE, "--format", "json")) == Decimal("9.600018")


@pytest.mark.parametrize(("region", "expected"), [("us-east-1", "1"), ("eu-west-1", "1.11")])
def test_another_region_has_another_price(
    price: Callable[..., Done], region: str, expected: str
) -> None:
    # A million requests of an HTTP API at 0.000001 and 0.00000111.
    done = price("http-api", "requests=1e6", "--region", region, "--format", "json")
    assert usd(done) == Decimal(expected)


def test_a_savings_plan_lowers_what_it_covers(price: Callable[..., Done]) -> None:
    # 1,000,000 GB-s x 0.0000147.
    plan = ("--savings-plan", "1yr-no-upfront", "--format", "json")
    assert usd(price("lambda", "gb_seconds=1000000", *plan)) == Decimal("14.7")


def test_a_day_takes_the_prices_of_that_day(price: Callable[..., Done]) -> None:
    before = price("alb", "hours=1", "--as-of", "2019-01-01")
    assert (before.code, before.out) == (4, "")
    assert before.err == (
        "no price for load-balancer/alb-hour in us-east-1:"
        " the first known price is of 2026-08-21, not 2019-01-01\n"
    )
    after = price("alb", "hours=1", "--as-of", "2026-08-21", "--format", "json")
    assert json.loads(after.out)["prices"]["as_of"] == "2026-08-21"


def test_every_missing_price_is_named_and_nothing_is_printed(price: Callable[..., Done]) -> None:
    done = price("nat-gateway", "hours=1", "gb=1", "--region", "ap-northeast-1")
    assert (done.code, done.out) == (4, "")
    assert "nat-gateway/nat-hour in ap-northeast-1: known for eu-central-1, " in done.err


def test_output_writes_the_answer_and_prints_nothing(
    price: Callable[..., Done], tmp_path: Path
) -> None:
    path = tmp_path / "answer.txt"
    assert price(*MOBILE, "--output", path) == (0, "", "")
    assert path.read_text(encoding="utf-8") == price(*MOBILE).out
    done = price(*MOBILE, "--output", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "cannot write" in done.err


def test_the_list_names_every_service(price: Callable[..., Done]) -> None:
    lines = price("--list").out.splitlines()
    assert [line.split()[0] for line in lines] == list(METERS)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("service", METERS)
def test_help_after_a_service_is_about_its_keys(price: Callable[..., Done], service: str) -> None:
    done = price(service, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: advisor price {service} KEY=VALUE... [OPTIONS]\n")
    for name in METERS[service].__struct_encode_fields__:
        assert f"\n  {name} " in done.out, name
    assert "--savings-plan" in done.out


def test_help_without_a_service_is_about_the_command(price: Callable[..., Done]) -> None:
    assert "advisor price SERVICE --help" in price("--help").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lambdaa", "requests=1"), "did you mean lambda?"),
        (("zzz", "requests=1"), "advisor price --list names the services"),
        ((), "advisor price --list names them all"),
        (("sqs",), "error[nothing-asked]"),
        (("sqs", "requests"), "error[syntax]"),
        (("sqs", "reqests=1"), "did you mean `requests`?"),
        (("sqs", "requests=1", "--region", "mars"), "not a Region such as eu-west-1"),
        (("sqs", "requests=1", "--as-of", "soon"), "not a day such as"),
        (("sqs", "requests=1", "--savings-plan", "1yr-no-upfrnt"), "'1yr-no-upfront'?"),
        (("sqs", "requests=1", "--prices", "/no/such/folder"), "error[unreadable-file]"),
        (("lambda", "requests=1", "memory_mb=64"), "error[invalid]"),
    ],
)
def test_what_is_wrong_exits_2(
    price: Callable[..., Done], arguments: tuple[str, ...], words: str
) -> None:
    done = price(*arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


# Prints which modules of those that a quote must not need were loaded.
CHILD = """
import sys
from advisor.cli import main
try:
    main()
finally:
    heavy = {"boto3", "botocore", "numpy", "jsonschema_rs", "advisor.aws", "advisor.decisions"}
    sys.stderr.write(" ".join(sorted(heavy & set(sys.modules))))
"""


@pytest.mark.parametrize("format_", ["table", "json"])
def test_two_runs_give_the_same_bytes_and_load_nothing_heavy(
    repository: Path, format_: str
) -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", CHILD, "price", *MOBILE, "--format", format_],
            cwd=repository,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout
    assert [run.stderr for run in runs] == [b"", b""]
