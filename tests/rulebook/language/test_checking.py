"""What is refused when rules are loaded: names, types, comparisons that cannot go either way."""

from __future__ import annotations

import pytest

from advisor.rulebook.language.checking import check, check_template, type_of
from advisor.rulebook.language.errors import ConditionErrors
from advisor.rulebook.language.parsing import parse
from advisor.rulebook.language.templates import parse_template
from advisor.rulebook.language.types import BOOL, NUMBER, STRING, Type
from tests.rulebook.language.names import NAMES


@pytest.mark.parametrize(
    "text",
    [
        "load.steady",
        "!load.steady && load.rate > 100",
        "load.rate / load.peak <= load.share",
        "load.rate > quota('function.timeout_s') * 2",
        "quota('function.memory_mb') < 10240",  # another value in another Region
        "region_supports('custom-bus') == true",
        "load.kind in ['web', 'batch']",
        "load.kind == load.other_kind",  # both can be `stream`
        "'jwt' in load.auth",
        "5 in load.hours",
        "load.rate in [1, 2]",
        "any_in(load.auth, ['jwt']) && !all_in(load.tags, load.auth)",
        "has(load.since) && load.since < '2026-11-24'",
        "date >= load.since",
        "date == '2026-11-24' || '2026-11-24' == date",
        "load.share > 0 && load.share < 1",
        "load.size > 99.9",
        "load.delta % 2 == 0",
        "(load.steady ? load.rate : load.peak) > 5",
        "min(load.rate, 5) < 5 && max(load.rate, 5) > 5 && ceil(load.rate) > 1",
        "runtime_at_least(load.runtime, ['python3.13'])",
        "runtime_deprecated(load.runtime, 90)",
        "load.steady == load.private",
        "'x' in load.tags",
    ],
)
def test_a_good_condition_is_accepted(text: str) -> None:
    assert check(parse(text), NAMES) == BOOL


CASES = [
    # Names.
    ("load.rte > 1", "load.rte", "there is no field load.rte", "did you mean load.rate?"),
    ("rate > 1", "rate", "there is no field rate", "did you mean load.rate?"),
    ("zzz > 1", "zzz", "there is no field zzz", "see `advisor schema`"),
    ("load > 1", "load", "load cannot be used in a condition", "as in load.rate"),
    ("maxx(load.rate, 1) > 2", "maxx", "there is no function maxx", "did you mean max?"),
    ("matches(load.kind) > 2", "matches", "there is no function matches", "the functions are"),
    (
        'quota("function.timeout") > 2',
        '"function.timeout"',
        'there is no quota "function.timeout"',
        "did you mean function.timeout_s?",
    ),
    (
        'region_supports("custombus")',
        '"custombus"',
        'the Regions of "custombus" are not listed',
        "did you mean custom-bus?",
    ),
    (
        'runtime_at_least(load.runtime, ["pyton3.13"])',
        '"pyton3.13"',
        'there is no runtime "pyton3.13"',
        "did you mean python3.13?",
    ),
    # Arguments.
    (
        "quota(load.kind) > 1",
        "load.kind",
        "quota takes the key of a quota as a string",
        "write quo",
    ),
    ("min(load.rate) > 1", "min(load.rate)", "min takes 2 arguments, not 1", "write min("),
    ("ceil() > 1", "ceil()", "ceil takes 1 argument, not 0", "write ceil("),
    ("has(load.rate > 1)", "load.rate > 1", "has takes a field", "write has("),
    ("has(load.rte)", "load.rte", "there is no field load.rte", "did you mean load.rate?"),
    ("ceil(load.kind) > 1", "load.kind", "the argument of ceil is a number, not a string", "a num"),
    (
        "runtime_at_least(load.runtime, load.tags)",
        "load.tags",
        "the versions are a list of runtimes",
        "write runtime_at_least(",
    ),
    (
        "any_in(load.auth, load.hours)",
        "any_in(load.auth, load.hours)",
        "a list of strings is compared with a list of numbers",
        "compare lists of the same kind",
    ),
    (
        "any_in(load.auth, 'jwt')",
        "'jwt'",
        "an argument of any_in is a list, not a string",
        "a list",
    ),
    # Kinds.
    ("load.rate", "load.rate", "a condition is true or false, not a number", "`load.rate > 0`"),
    (
        "load.kind",
        "load.kind",
        "a condition is true or false, not a string",
        '`load.kind == "..."`',
    ),
    ("load.auth", "load.auth", "a condition is true or false, not a list", '`"..." in load.auth`'),
    ("!load.rate", "load.rate", "the operand of `!` is true or false", "`load.rate > 0`"),
    ("load.steady && load.rate", "load.rate", "an operand of `&&` is true or false", "compare it"),
    ("-load.kind > 1", "load.kind", "the operand of `-` is a number, not a string", "a number"),
    (
        "load.rate + '1' > 2",
        "'1'",
        "an operand of `+` is a number",
        "write the number without quot",
    ),
    (
        "load.rate == 'web'",
        "load.rate == 'web'",
        "a number is compared with a string",
        "without quo",
    ),
    (
        "load.steady == 'true'",
        "load.steady == 'true'",
        "true or false is compared",
        "without quotes",
    ),
    ("load.auth == 'jwt'", "load.auth == 'jwt'", "a list is compared with a string", "use `in`"),
    ("load.auth == load.tags", "load.auth == load.tags", "lists are not compared", "any_in(list"),
    ("load.steady < load.private", "load.steady < load.private", "have no order", "use `==`"),
    ("load.kind < 'web'", "load.kind < 'web'", "only numbers and dates have an order", "a date is"),
    ("load.kind in load.runtime", "load.runtime", "what stands behind `in` is a list", "a list"),
    ("5 in load.auth", "5 in load.auth", "a number is looked for in a list of strings", "own kind"),
    ("load.steady ? 1 : 'a'", "'a'", "one choice is a number, the other a string", "the same kind"),
    ("load.rate ? load.steady : load.private", "load.rate", "what stands before `?`", "compare it"),
    (
        "load.kind in ['web', 5]",
        "5",
        "the list mixes kinds",
        "every item is a string like the first",
    ),
    ("load.kind in []", "[]", "the list is empty", "write what may be in it"),
    ("load.kind in ['web', 'web']", "'web'", "this item is in the list twice", "remove one"),
    ("load.steady in [true]", "[true]", "a list holds strings or numbers", "the condition itself"),
    # Comparisons that are always the same.
    ("true", "true", "the condition is always the same", "name a field"),
    ("load.steady || true", "true", "this is always the same", "remove it"),
    ("!false", "false", "this is always the same", "remove it"),
    ("1 < 2", "1 < 2", "two constants are compared", "compare a field"),
    ("'a' in ['a']", "'a' in ['a']", "two constants are compared", "name a field"),
    ("any_in(['a'], ['a'])", "any_in(['a'], ['a'])", "two constants are compared", "name a field"),
    (
        "load.rate == load.rate",
        "load.rate == load.rate",
        "is compared with itself",
        "another value",
    ),
    ("load.steady && load.steady", "load.steady", "`load.steady` stands here twice", "remove one"),
    ("load.rate < 0", "load.rate < 0", "never true: load.rate is at least 0", "correct the number"),
    ("load.rate >= 0", "load.rate >= 0", "always true: load.rate is at least 0", "correct the num"),
    ("0 <= load.rate", "0 <= load.rate", "always true: load.rate is at least 0", "correct the num"),
    ("load.share > 1", "load.share > 1", "never true: load.share is between 0 and 1", "correct"),
    ("load.share == 2", "load.share == 2", "never true", "correct"),
    ("load.share != 2", "load.share != 2", "always true", "correct"),
    (
        "load.size == 0",
        "load.size == 0",
        "never true: load.size is above 0 and below 100",
        "correct",
    ),
    ("load.size < 100", "load.size < 100", "always true", "correct"),
    ("load.share * 10 > 11", "load.share * 10 > 11", "load.share * 10 is between 0", "correct"),
    ("load.share + 1 < 1", "load.share + 1 < 1", "load.share + 1 is between 1 and 2", "correct"),
    ("1 - load.share > 1", "1 - load.share > 1", "1 - load.share is between 0 and 1", "correct"),
    ("-load.share > 0", "-load.share > 0", "-load.share is between -1 and 0", "correct"),
    ("load.share / 2 > 0.5", "load.share / 2 > 0.5", "is between 0 and 0.5", "correct"),
    ("min(load.rate, 5) > 5", "min(load.rate, 5) > 5", "is between 0 and 5", "correct"),
    ("max(load.rate, 5) < 5", "max(load.rate, 5) < 5", "is at least 5", "correct"),
    ("ceil(load.share) > 1", "ceil(load.share) > 1", "is between 0 and 1", "correct"),
    (
        "load.share > load.rate + 1",
        "load.share > load.rate + 1",
        "load.share is between 0 and 1, load.rate + 1 is at least 1",
        "correct",
    ),
    ("load.rate / 0 > 1", "0", "this divides by zero", "divide by another number"),
    ("load.rate % 0 > 1", "0", "this divides by zero", "divide by another number"),
    ("load.rate in [-1, 2]", "-1", "load.rate is never -1", "it is at least 0"),
    ("load.kind == 'wep'", "'wep'", 'load.kind is never "wep"', "did you mean web?"),
    ("'wep' == load.kind", "'wep'", 'load.kind is never "wep"', "did you mean web?"),
    ("load.kind != 'xyz'", "'xyz'", 'load.kind is never "xyz"', "it is one of web, batch, stream"),
    ("load.kind in ['web', 'bach']", "'bach'", 'load.kind is never "bach"', "did you mean batch?"),
    (
        "load.kind in ['web', 'batch', 'stream']",
        "load.kind in ['web', 'batch', 'stream']",
        "is always true",
        "load.kind has no other value",
    ),
    ("'jtw' in load.auth", "'jtw'", 'load.auth never has "jtw"', "did you mean jwt?"),
    ("any_in(load.auth, ['oidc'])", "'oidc'", 'load.auth never has "oidc"', "it may have jwt, iam"),
    (
        "load.kind in load.auth",
        "load.kind in load.auth",
        "have no value in common",
        "the first is one",
    ),
    ("date == 'today'", "'today'", 'date is never "today"', 'a date is written as "2026-11-24"'),
    ("'today' == date", "'today'", 'date is never "today"', 'a date is written as "2026-11-24"'),
    (
        "date < '2026-13-01'",
        "date < '2026-13-01'",
        "only numbers and dates have an order",
        "a date",
    ),
]


@pytest.mark.parametrize(("text", "marked", "message", "help_"), CASES, ids=[c[0] for c in CASES])
def test_a_mistake_is_told_with_its_place_and_its_remedy(
    text: str, marked: str, message: str, help_: str
) -> None:
    with pytest.raises(ConditionErrors) as refused:
        check(parse(text), NAMES)
    (error,) = refused.value.errors
    assert text[error.start : error.end] == marked
    assert message in error.message
    assert help_ in error.help


def test_every_mistake_is_told_at_once_in_the_order_of_the_text() -> None:
    text = "load.rte > 1 && load.kind == 'wep' || quota('x') > load.auth"
    with pytest.raises(ConditionErrors) as refused:
        check(parse(text), NAMES)
    places = [text[error.start : error.end] for error in refused.value.errors]
    assert places == ["load.rte", "'wep'", "quota('x') > load.auth", "'x'"]


def test_a_mistake_is_told_once_however_often_its_value_is_used() -> None:
    with pytest.raises(ConditionErrors) as refused:
        check(parse("-(load.rte * 2) + 1 > load.rate && !(load.rte > 5)"), NAMES)
    assert [error.message for error in refused.value.errors] == ["there is no field load.rte"] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("load.rate", Type(kind="number", low=0.0)),
        ("load.delta % 2", NUMBER),
        ("load.rate / load.share", NUMBER),  # the divisor may be zero
        ("load.share * load.rate", NUMBER),  # zero times what has no end
        ("load.steady ? 'a' : 'b'", Type(kind="string", values=("a", "b"))),
        ("load.runtime", STRING),
        ("load.steady ? 1 : load.share", Type(kind="number", low=0.0, high=1.0)),
    ],
)
def test_the_type_of_an_expression(text: str, expected: Type) -> None:
    assert type_of(parse(text), NAMES) == expected


def test_a_reason_is_checked_like_a_condition() -> None:
    text = "Runs last {load.rte} s, {load.kind}, {'x'} and {load.rate + 1}."
    with pytest.raises(ConditionErrors) as refused:
        check_template(parse_template(text), NAMES)
    told = [(text[e.start : e.end], e.help) for e in refused.value.errors]
    assert told == [("load.rte", "did you mean load.rate?"), ("'x'", "write it without braces")]


@pytest.mark.parametrize(
    ("kind", "value", "admitted"),
    [
        (Type(kind="number", low=0.0), 0, True),
        (Type(kind="number", low=0.0), -0.1, False),
        (Type(kind="number", low=0.0, low_open=True), 0, False),
        (Type(kind="number", high=1.0, high_open=True), 1.0, False),
        (NUMBER, True, False),
        (NUMBER, float("nan"), False),
        (NUMBER, float("inf"), False),
        (NUMBER, 10**400, True),
        (NUMBER, "1", False),
        (BOOL, True, True),
        (BOOL, 1, False),
        (STRING, "x", True),
        (STRING, None, False),
        (Type(kind="string", values=("a",)), "b", False),
        (Type(kind="string", date=True), "2026-02-29", False),
        (Type(kind="string", date=True), "2028-02-29", True),
        (Type(kind="list", element="string", values=("a",)), ["a"], True),
        (Type(kind="list", element="string", values=("a",)), ["b"], False),
        (Type(kind="list", element="number"), [1, "2"], False),
        (Type(kind="list", element="number"), 1, False),
    ],
)
def test_which_plain_values_are_of_a_type(kind: Type, value: object, *, admitted: bool) -> None:
    assert kind.admits(value) is admitted
