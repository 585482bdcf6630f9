"""advisor prices: what a table holds, whether it passes, what moved; and other commands with it."""

from __future__ import annotations

import json
import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from advisor.cli import main
from advisor.data import data_root
from advisor.document.tree import parse
from advisor.tariff import open_table
from advisor.tariff.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(data_root(), "pricing/aws")
WORKLOAD = (
    "name: small\nregion: us-east-1\ntraffic: {monthly_requests: 1000000, peak_rps: 5}\n"
    "compute: {request_duration_ms: 100}\n"
)
TABLE = """\
service: lambda
name: AWS Lambda
components:
  duration-x86:
    unit: GB-second
    source: https://aws.amazon.com/lambda/pricing/
    checked: "2026-11-01"
    prices:
      - regions: [eu-west-1, us-east-1]
        from: "2026-09-01"
        confidence: A
        evidence: "AWS's page"
        tiers:
          - {up_to: "6000000000", price: "0.0000166667"}
          - {price: null, confidence: C}
  free-duration:
    unit: GB-second
    source: https://aws.amazon.com/lambda/pricing/
    checked: "2026-11-01"
    prices:
      - regions: [global]
        from: "2026-09-01"
        confidence: A
        evidence: "AWS's page"
        allowance: "400000"
  requests-x86:
    unit: request
    source: https://aws.amazon.com/lambda/pricing/
    checked: "2026-11-01"
    prices:
      - regions: [us-east-1]
        from: "2026-09-01"
        confidence: B
        evidence: "AWS's page"
        note: "read by hand"
        price: "0.0000002"
      - regions: [us-east-1]
        from: "2026-10-01"
        confidence: B
        evidence: "AWS's page"
        price: "0.0000003"
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def advise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Done]:
    """Run a command in this process, in a folder with a small price table named ``table``."""
    monkeypatch.delenv("ADVISOR_PRICES", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("table").mkdir()
    Path("table/lambda.yaml").write_text(TABLE, encoding="utf-8")
    Path("small.yaml").write_text(WORKLOAD, encoding="utf-8")

    def run(*arguments: str | Path) -> Done:
        open_table.cache_clear()
        monkeypatch.setattr(sys, "argv", ["advisor", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return run


def dearer(folder: str, times: str) -> str:
    """Copy the shipped table with every price of Lambda multiplied."""
    shutil.copytree(SHIPPED, folder)
    path = Path(folder, "lambda.yaml")
    tree = parse(path.read_bytes(), path.name).value
    for entry in tree["components"].values():
        for group in entry["prices"]:
            for each in [group, *group.get("tiers", [])]:
                if each.get("price") is not None:
                    each["price"] = f"{Decimal(each['price']) * Decimal(times):f}"
    path.write_text(text_of(tree), encoding="utf-8", newline="\n")
    return folder


@pytest.mark.parametrize(
    ("name", "code", "arguments"),
    [
        ("prices-show.txt", 0, "show --prices table"),
        ("prices-show-lambda.txt", 0, "show lambda --prices table"),
        ("prices-show-region.txt", 0, "show lambda --region us-east-1 --prices table"),
        ("prices-verify.txt", 0, "verify --prices table"),
        (
            "prices-verify-fails.txt",
            4,
            "verify --prices table --max-age 30 --as-of 2026-12-02 --min-confidence B"
            " --region eu-west-1",
        ),
        ("prices-diff.txt", 0, "diff table other"),
    ],
)
def test_the_text_is_as_reviewed(
    advise: Callable[..., Done],
    golden: Callable[[str, str], None],
    name: str,
    code: int,
    arguments: str,
) -> None:
    other = TABLE.replace('"0.0000003"', '"0.00000033"').replace("[eu-west-1, us", "[sa-east-1, us")
    Path("other").mkdir()
    Path("other/lambda.yaml").write_text(other, encoding="utf-8")
    done = advise("prices", *arguments.split())
    assert (done.code, done.err) == (code, "")
    golden(name, done.out)
    assert max(map(len, done.out.splitlines())) <= 80


def test_show_as_json_has_every_price_in_full(advise: Callable[..., Done]) -> None:
    done = advise("prices", "show", "lambda", "--prices", "table", "--format", "json")
    answer = json.loads(done.out)
    assert list(answer) == ["origin", "digest", "prices"]
    assert answer["origin"] == "table"
    assert [price["id"] for price in answer["prices"]] == [
        "lambda/duration-x86/eu-west-1@2026-09-01",
        "lambda/duration-x86/us-east-1@2026-09-01",
        "lambda/free-duration/global@2026-09-01",
        "lambda/requests-x86/us-east-1@2026-10-01",
    ]
    assert answer["prices"][0]["tiers"][1] == {
        "above": "6000000000",
        "up_to": None,
        "usd": None,
        "confidence": "C",
    }


def test_show_takes_the_prices_of_a_day(advise: Callable[..., Done]) -> None:
    shown = ("prices", "show", "lambda", "--region", "us-east-1", "--prices", "table", "--as-of")
    assert "0.0000002 " in advise(*shown, "2026-09-30").out
    assert "0.0000003 " in advise(*shown, "2026-10-01").out
    done = advise(*shown, "2026-08-31")
    assert (done.code, done.out) == (4, "")
    assert done.err == "no price of lambda in us-east-1 on that day\n"


def test_what_show_and_verify_do_not_know(advise: Callable[..., Done]) -> None:
    done = advise("prices", "show", "lamda")
    assert (done.code, done.out) == (2, "")
    assert "did you mean lambda?" in done.err
    done = advise("prices", "verify", "--prices", "table", "--region", "sa-east-1")
    assert (done.code, done.out) == (2, "")
    assert "for sa-east-1; known: eu-west-1, us-east-1" in done.err


def test_the_shipped_table_passes(advise: Callable[..., Done]) -> None:
    done = advise("prices", "verify")
    assert done.code == 0
    assert done.out.startswith("shipped price book: passes ")


def test_verify_as_json_has_every_finding(advise: Callable[..., Done]) -> None:
    done = advise(
        "prices", "verify", "--prices", "table", "--region", "us-east-1", "--format", "json"
    )
    assert done.code == 4
    answer = json.loads(done.out)
    assert list(answer) == ["origin", "digest", "services", "findings"]
    assert [(each["kind"], each["component"], each["region"]) for each in answer["findings"]] == [
        ("missing", "duration-x86", "us-east-1")
    ]
    assert answer["services"][0]["gaps"] == {"requests-x86": ["eu-west-1"]}


def test_a_malformed_table_exits_2_with_the_place(advise: Callable[..., Done]) -> None:
    Path("table/lambda.yaml").write_text(TABLE.replace('"0.0000002"', "2e-7"), encoding="utf-8")
    for arguments in (
        ("prices", "verify", "--prices", "table"),
        ("prices", "show", "--prices", "table"),
        ("price", "lambda", "requests=1", "--prices", "table"),
        ("compare", "small.yaml", "--prices", "table"),
        ("prices", "diff", "shipped", "table"),
    ):
        done = advise(*arguments)
        assert (done.code, done.out) == (2, "")
        # The group that begins in line 31 holds it; compare puts its own file's name before.
        assert "table/lambda.yaml:31:9: error[malformed-price]: requests-x86: " in done.err


def test_tables_that_are_none(advise: Callable[..., Done]) -> None:
    Path("empty").mkdir()
    for name, words in (("empty", "holds no price file"), ("absent", "no price table here")):
        for arguments in (
            ("price", "sqs", "requests=1"),
            ("prices", "show"),
            ("compare", "small.yaml"),
        ):
            done = advise(*arguments, "--prices", name)
            assert (done.code, done.out) == (2, "")
            assert words in done.err


def test_a_table_without_a_service_has_no_price_for_it(advise: Callable[..., Done]) -> None:
    done = advise("price", "sqs", "requests=1", "--prices", "table")
    assert (done.code, done.out) == (4, "")
    assert "sqs/standard-requests in us-east-1" in done.err


def test_compare_uses_the_table_of_the_option_or_the_variable(
    advise: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer("other", "2")

    def answered(*arguments: str) -> tuple[dict[str, str], Decimal]:
        done = advise("compare", "small.yaml", "--format", "json", *arguments)
        assert done.code == 0
        answer = json.loads(done.out)
        return answer["prices"], Decimal(answer["recommendation"]["monthly_usd"])

    shipped, amount = answered()
    assert shipped["origin"] == "shipped price book"
    there, twice = answered("--prices", "other")
    assert there["origin"] == "other"
    assert there["digest"] != shipped["digest"]
    assert twice > amount
    monkeypatch.setenv("ADVISOR_PRICES", "other")
    assert answered() == (there, twice)
    # A copy holds the same prices, and the option goes before the variable.
    shutil.copytree(SHIPPED, "copy")
    copied, same = answered("--prices", "copy")
    assert (copied["digest"], copied["origin"], same) == (shipped["digest"], "copy", amount)


def moved(advise: Callable[..., Done], *arguments: str) -> Any:
    done = advise("prices", "diff", *arguments, "--format", "json")
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


def test_no_price_moves_between_a_table_and_its_copy(advise: Callable[..., Done]) -> None:
    shutil.copytree(SHIPPED, "copy")
    done = advise("prices", "diff", "shipped", "copy")
    assert (done.code, done.out.splitlines()[0], done.err) == (0, "No price moved", "")
    found = moved(advise, "copy", "shipped")
    assert (found["moved"], found["answers"]) == ([], [])
    assert found["old"]["digest"] == found["new"]["digest"]


def test_an_answer_that_only_costs_more(advise: Callable[..., Done]) -> None:
    dearer("other", "1.1")
    found = moved(advise, "shipped", "other", "--workload", "small.yaml")
    assert {each["service"] for each in found["moved"]} == {"lambda"}
    assert {each["movement"] for each in found["moved"]} == {"changed"}
    assert {each["percent"] for each in found["moved"]} == {10.0}
    (answer,) = found["answers"]
    assert answer["flips"] is False
    assert (
        answer["before"]["design"]
        == answer["after"]["design"]
        == {"compute": "lambda", "cold_start": "none"}
    )
    before, after = (Decimal(answer[when]["monthly_usd"]) for when in ("before", "after"))
    assert before < after < before * Decimal("1.1")
    assert answer["after"]["prices"]["origin"] == "other"
    text = advise("prices", "diff", "shipped", "other", "--workload", "small.yaml").out
    assert f"\n  small: Lambda stays, {before:.2f} -> {after:.2f} USD a month\n" in text


def test_an_answer_that_flips(advise: Callable[..., Done]) -> None:
    dearer("other", "1000")
    (answer,) = moved(advise, "shipped", "other", "--workload", "small.yaml")["answers"]
    assert answer["flips"] is True
    assert answer["before"]["design"] == {"compute": "lambda", "cold_start": "none"}
    assert answer["after"]["design"] == {"compute": "fargate"}
    text = advise("prices", "diff", "shipped", "other", "--workload", "small.yaml").out
    assert "\n  small: Lambda becomes Fargate, " in text
    # And back.
    (answer,) = moved(advise, "other", "shipped", "--workload", "small.yaml")["answers"]
    assert answer["after"]["design"] == {"compute": "lambda", "cold_start": "none"}


def test_an_answer_that_a_table_cannot_give_exits_4(advise: Callable[..., Done]) -> None:
    done = advise("prices", "diff", "shipped", "table", "--workload", "small.yaml")
    assert done.code == 4
    assert "small: no recommendation with the new prices" in done.out


def test_output_writes_the_answer_and_prints_nothing(advise: Callable[..., Done]) -> None:
    for arguments in (("show",), ("show", "lambda"), ("verify",)):
        there = ("--prices", "table", "--output", "answer.txt")
        assert advise("prices", *arguments, *there) == (0, "", "")
        shown = advise("prices", *arguments, "--prices", "table").out
        assert Path("answer.txt").read_text(encoding="utf-8") == shown
    assert advise("prices", "diff", "table", "table", "--output", "answer.txt") == (0, "", "")
    assert Path("answer.txt").read_text(encoding="utf-8").startswith("No price moved\n")
