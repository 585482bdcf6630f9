"""From ``key=value`` arguments to quantities: what is read, and every error with its place."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from advisor.errors import InputError
from advisor.quote import reading
from advisor.quote.compute import LambdaFunction, LambdaManagedInstances
from advisor.quote.logs import CloudWatchLogs
from advisor.quote.messaging import Sqs
from advisor.quote.quoting import quote
from advisor.tariff import PriceBook

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.document.diagnostics import Diagnostic
    from advisor.quote.meter import Meter

# One argument for each way to be wrong, and the code that it gets.
WRONG = [
    ("requsts=1", "unknown-key"),
    ("requests=1,000", "wrong-type"),
    ("memory_mb=-1", "wrong-type"),
    ("architecture=arm", "not-one-of"),
    ("streamed_gb=1e30", "too-large"),
    ("duration_ms", "syntax"),
    ("requests=2", "duplicate-key"),
]


def refused(meter: type[Meter], *arguments: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        reading.read(meter, arguments)
    return caught.value.diagnostics


def asked(service: str, *arguments: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        quote(service, arguments, PriceBook(), "us-east-1")
    return caught.value.diagnostics


def test_everything_that_is_wrong_is_told_at_once_with_its_place() -> None:
    arguments = [argument for argument, _ in WRONG]
    line = f"advisor price lambda {' '.join(arguments)}"
    found = refused(LambdaFunction, *arguments)
    assert [each.code for each in found] == [code for _, code in WRONG]
    for each, argument in zip(found, arguments, strict=True):
        # Columns count from 1, in the line as it was typed.
        assert each.position == (1, line.index(f" {argument}") + 2, len(argument))
        assert each.excerpt == line
    assert str(found[0]).splitlines() == [
        "command line:1:22: error[unknown-key]: `requsts` is not a key of `lambda`",
        "  |",
        f"1 | {line[:100]}…",
        "  |                      ^^^^^^^^^",
        "help: did you mean `requests`?",
    ]


def test_a_key_unlike_any_other_is_answered_with_where_the_keys_are() -> None:
    (found,) = refused(Sqs, "colour=1")
    assert found.help == "`advisor price sqs --help` names the keys"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3e6", "3000000"),
        ("3E+6", "3000000"),
        ("1.5e3", "1500"),
        ("1_000", "1000"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("1e-3", "0.001"),
        ("0", "0"),
        ("1e18", "1000000000000000000"),
        ("0.000000000000000001", "0.000000000000000001"),
    ],
)
def test_numbers_are_read_exactly(text: str, value: str) -> None:
    meter, stated = reading.read(Sqs, [f"requests={text}"])
    assert isinstance(meter, Sqs)
    assert isinstance(meter.requests, Decimal)
    assert f"{meter.requests:f}" == value
    assert set(stated) == {"requests"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-1",
            "+1",
            "-0",
            ".",
            "5.",
            "e3",
            "1__0",
            "1_",
            "0x10",
            "1 000",
            "1.000.000",
            "1;0",
        ),
        *("nan", "NaN", "inf", "Infinity", "-inf", "١", "１", "1\n", "1\x00", "1e400", "_1", "1kb"),
        *("9" * 100, "1" + "_" * 100, "0." + "1" * 100),
    ],
)
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    (found,) = refused(Sqs, f"requests={text}")
    assert found.code == "wrong-type"
    assert found.help is not None
    assert found.help.startswith("write digits")


@pytest.mark.parametrize("text", ["1,000", "1,000,000.50", "10,00"])
def test_a_number_with_separators_is_answered_with_the_number(text: str) -> None:
    (found,) = refused(Sqs, f"requests={text}")
    assert found.help == f"write {text.replace(',', '')}, without separators"


@pytest.mark.parametrize("text", ["1e30", "1000000000000000001", "1_000_000_000_000_000_000e1"])
def test_a_number_beyond_any_bill_is_refused(text: str) -> None:
    (found,) = refused(Sqs, f"requests={text}")
    assert (found.code, found.message) == (
        "too-large",
        "`requests` is above 1,000,000,000,000,000,000",
    )


def test_flags_are_true_or_false() -> None:
    for text, value in (("true", True), ("false", False)):
        meter, _ = reading.read(Sqs, ["requests=1", f"fair={text}"])
        assert isinstance(meter, Sqs)
        assert meter.fair is value
    for text in ("yes", "1", "True", ""):
        (found,) = refused(Sqs, "requests=1", f"fair={text}")
        assert found.message == f"`fair` is one of true, false, not `{text}`"


def test_a_choice_is_one_of_its_words() -> None:
    meter, _ = reading.read(CloudWatchLogs, ["stored_gb=1", "class=infrequent-access"])
    assert isinstance(meter, CloudWatchLogs)
    assert meter.class_ == "infrequent-access"
    (found,) = refused(CloudWatchLogs, "stored_gb=1", "class=standrd")
    assert (found.code, found.help) == ("not-one-of", "did you mean `standard`?")
    # The field's name in Python is no key.
    assert [each.code for each in refused(CloudWatchLogs, "class_=standard")] == ["unknown-key"]


def test_a_name_has_letters_digits_dots_and_hyphens() -> None:
    arguments = ["instance_type=m7g.large", "instance_hours=1"]
    meter, _ = reading.read(LambdaManagedInstances, arguments)
    assert isinstance(meter, LambdaManagedInstances)
    assert meter.instance_type == "m7g.large"
    for text in ("", "m7g large", "../m7g", "m7g\x1b[31m", "x" * 65):
        found = refused(LambdaManagedInstances, f"instance_type={text}")
        assert [each.code for each in found] == ["bad-form"]


@pytest.mark.parametrize(
    ("service", "arguments"),
    [
        ("lambda", []),
        ("lambda", ["architecture=arm64"]),
        ("lambda", ["memory_mb=512"]),
        ("fargate", ["vcpu=1", "memory_gb=2"]),
        ("http-api", ["payload_kb=100"]),
    ],
)
def test_no_quantity_to_price_is_no_question(service: str, arguments: list[str]) -> None:
    (found,) = asked(service, *arguments)
    assert (found.code, found.position) == ("nothing-asked", None)
    assert found.help == f"`advisor price {service} --help` names the keys"


def test_a_quantity_of_zero_is_a_question() -> None:
    assert quote("sqs", ["requests=0"], PriceBook(), "us-east-1").line_items == ()


def test_an_error_hides_that_nothing_else_is_asked() -> None:
    assert [each.code for each in refused(Sqs, "requets=1")] == ["unknown-key"]


def test_more_than_a_hundred_keys_are_refused_and_the_rest_is_not_looked_at() -> None:
    found = refused(Sqs, *(f"k{number}=1" for number in range(1000)))
    assert [each.code for each in found] == ["unknown-key"] * 100 + ["too-long"]
    assert found[-1].position is not None


def test_an_empty_argument_has_a_place_too() -> None:
    (found, _) = refused(Sqs, "", "x")
    assert (found.code, found.position) == ("syntax", (1, 19, 2))
    assert found.excerpt == "advisor price sqs '' x"


@pytest.mark.parametrize("argument", ["\x1b[31m", "a\x1b=1", "requests=\x1b", "fair=\n\x07"])
def test_control_characters_do_not_reach_the_terminal(argument: str) -> None:
    for each in refused(Sqs, argument):
        assert all(line.isprintable() for line in str(each).split("\n"))


def test_what_a_meter_refuses_has_the_place_of_its_key() -> None:
    (found,) = asked("lambda", "requests=1", "memory_mb=64")
    # "advisor price lambda requests=1 " has 32 characters.
    assert (found.code, found.position) == ("invalid", (1, 33, 12))


def test_what_a_meter_misses_has_no_place() -> None:
    (found,) = asked("rest-api", "cache_gb=0.5")
    assert (found.code, found.position) == ("invalid", None)
    assert "730" in (found.help or "")


def test_every_code_is_on_the_page_about_errors(repository: Path) -> None:
    page = (repository / "docs" / "workload-errors.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| `.*?\|", page, re.M))))
    given = {code for _, code in WRONG}
    given |= {each.code for each in asked("sqs")}
    given |= {each.code for each in refused(Sqs, *["x=1"] * 101)}
    given |= {each.code for each in refused(LambdaManagedInstances, "instance_type=/")}
    given |= {each.code for each in asked("sqs-fifo", "requests=1", "fair=true")}
    assert given <= listed
    assert len(given) == 10
