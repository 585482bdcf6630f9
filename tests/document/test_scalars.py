"""Plain scalars against the table of YAML 1.2.2, section 10.3.2, and its narrowing."""

from __future__ import annotations

import pytest

from advisor.document.scalars import ScalarError, Written, resolve
from advisor.document.tree import parse


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_null(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("False", False),
        ("FALSE", False),
    ],
)
def test_booleans_have_six_spellings(text: str, *, value: bool) -> None:
    assert resolve(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("-3", -3),
        ("12345678901234567890", 12345678901234567890),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("1000.0", 1000),
        ("1.", 1),
        ("-2.0", -2),
        ("9007199254740992.0", 2**53),
    ],
)
def test_a_number_without_a_fraction_is_whole(text: str, value: int) -> None:
    found = resolve(text)
    assert (found, type(found)) == (value, int)


@pytest.mark.parametrize(
    ("text", "value"),
    [(".5", 0.5), ("0.5", 0.5), ("-.25", -0.25), ("5e-1", 0.5), ("12.5e1", 125), ("1e300", 1e300)],
)
def test_a_number_with_a_fraction_or_beyond_exact_floats(text: str, value: float) -> None:
    assert resolve(text) == value


def test_what_a_float_cannot_count_exactly_stays_a_float() -> None:
    # 2^54 = 18014398509481984; beyond 2^53 the digits behind the exponent would be invented.
    assert type(resolve("1.8014398509481984e16")) is float


@pytest.mark.parametrize(
    "text",
    [
        *("NO", "no", "on", "off", "yes", "y", "n", "tRUE", "nULL", "None"),
        *("010", "00", "-01", "0o17", "0x1F", "0b1", "01.5"),
        *("1:30", "1:30:00", "1_000", "1,000", "12MB", "1e", "e3", ".", "-", "+", "--1", "1.2.3"),
        *("2026-11-24", "inf", "nan", "Infinity", "١٢", "１"),  # digits of other scripts
    ],
)
def test_all_else_is_text(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (".inf", "number-not-finite"),
        ("-.INF", "number-not-finite"),
        ("+.Inf", "number-not-finite"),
        (".nan", "number-not-finite"),
        (".NaN", "number-not-finite"),
        ("1e999", "number-too-large"),
        ("-1e999", "number-too-large"),
        ("1e-999", "number-too-small"),
        ("9" * 101, "number-too-long"),
        ("9" * 5000, "number-too-long"),
        ("0." + "0" * 5000, "number-too-long"),
    ],
)
def test_numbers_without_a_usable_value_are_refused(text: str, code: str) -> None:
    with pytest.raises(ScalarError) as caught:
        resolve(text)
    assert caught.value.code == code


def test_a_hundred_digits_are_a_number() -> None:
    assert resolve("9" * 100) == 10**100 - 1


@pytest.mark.parametrize("text", ["0e5", "0.0", "0e-999"])
def test_zero_is_not_too_small(text: str) -> None:
    assert resolve(text) == 0


def test_quotes_and_blocks_make_text() -> None:
    document = parse(b"a: '12'\nb: \"NO\"\nc: |\n  12\nd: >-\n  true\ne: ''\n", "w")
    assert document.value == {"a": "12", "b": "NO", "c": "12\n", "d": "true", "e": ""}


def test_the_document_knows_how_a_scalar_was_written() -> None:
    written = parse(b"a: '12'\nb: 1e3\nc: |\n  x\n", "w").written
    assert written == {
        ("a",): Written("12", "'"),
        ("b",): Written("1e3", ""),
        ("c",): Written("x\n", "|"),
    }
    assert [written[path].plain for path in (("a",), ("b",), ("c",))] == [False, True, False]
