"""How a value is shown: its trace, the sentence of a reason, and an expression as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from advisor.rulebook.language.errors import ConditionErrors
from advisor.rulebook.language.parsing import parse
from advisor.rulebook.language.rendering import render
from advisor.rulebook.language.templates import fill, parse_template
from advisor.rulebook.language.tracing import trace
from tests.rulebook.language.names import Values

if TYPE_CHECKING:
    from advisor.rulebook.language.tracing import Trace


def lines(shown: Trace, depth: int = 0) -> list[str]:
    own = "  " * depth + str(shown)
    return [own, *(line for child in shown.children for line in lines(child, depth + 1))]


def test_a_trace_shows_the_value_of_every_part() -> None:
    text = "load.rate * 2 > 900 && (!load.steady || 'jwt' in load.auth)"
    context = Values(rate=600, auth=["iam", "jwt"])
    assert lines(trace(parse(text), context)) == [
        'load.rate * 2 > 900 && (!load.steady || "jwt" in load.auth) = true',
        "  load.rate * 2 > 900 = true",
        "    load.rate * 2 = 1,200",
        "      load.rate = 600",
        '  !load.steady || "jwt" in load.auth = true',
        "    !load.steady = an unknown value",
        "      load.steady = an unknown value",
        '    "jwt" in load.auth = true',
        "      load.auth = iam, jwt",
    ]


def test_a_trace_shows_the_branch_that_does_not_count_and_not_what_has_asks() -> None:
    shown = trace(parse("has(load.a) ? load.a : load.b"), Values(b=1))
    assert lines(shown) == [
        "has(load.a) ? load.a : load.b = 1",
        "  has(load.a) = false",
        "  load.a = an unknown value",
        "  load.b = 1",
    ]


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        ("Runs last {load.a} s.", {"a": 1200}, "Runs last 1,200 s."),
        ("Runs last {load.a} s.", {}, "Runs last an unknown value s."),
        ("{load.a * 2}/{load.b}", {"a": 0.5, "b": "x"}, "1/x"),
        ("{load.a}", {"a": 1 / 3}, "0.33"),
        ("{load.a}", {"a": 0.00012345}, "0.000123"),
        ("{load.a}", {"a": ["http", "grpc"]}, "http, grpc"),
        ("{load.a}", {"a": []}, "none"),
        ("{load.a}", {"a": False}, "false"),
        ("{load.a == 'a}b'}", {"a": "a}b"}, "true"),
        ("{{load.a}} is {load.a}", {"a": 1}, "{load.a} is 1"),
        ("{load.a}}}", {"a": 1}, "1}"),
        ("no expression", {}, "no expression"),
    ],
)
def test_a_reason_is_filled(text: str, fields: dict[str, Any], expected: str) -> None:
    assert fill(parse_template(text), Values(**fields)) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a {load.a", [("{", "the brace is not closed")]),
        ("a } b", [("}", "nothing is open for this `}`")]),
        ("a {} b", [("", "a value is expected, not the end of the text")]),
        ("a {load.a >} b", [("", "a value is expected, not the end of the text")]),
        (
            "{load.a = 1} and {1 +* 2}",
            [("=", "`=` does not belong here"), ("*", "a value is expected, not `*`")],
        ),
        ("{'a}", [("{", "the brace is not closed")]),
        ("x" * 2001, [("x", "the text has 2,001 characters, 2,000 are allowed")]),
    ],
)
def test_a_mistake_in_a_reason_has_its_place_in_the_whole_text(
    text: str, told: list[tuple[str, str]]
) -> None:
    with pytest.raises(ConditionErrors) as refused:
        parse_template(text)
    found = [(text[e.start : e.end], e.message) for e in refused.value.errors]
    assert found == told


def test_the_nodes_of_a_reason_have_their_places_in_the_whole_text() -> None:
    text = "Up to {load.a} s, {load.b + 1} times."
    nodes = [part for part in parse_template(text).parts if not isinstance(part, str)]
    assert [text[node.start : node.end] for node in nodes] == ["load.a", "load.b + 1"]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("((a))&&( b||c )", "a && (b || c)"),
        ("(a && b) && c", "(a && b) && c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a/(b*c)", "a / (b * c)"),
        ("- 5", "-5"),
        ("-(5)", "-(5)"),
        ("--5", "-(-5)"),
        ("-(-a)", "--a"),
        ("-" * 31 + "a", "-" * 31 + "a"),
        ("-(!a)", "-!a"),
        ("-(a+b)", "-(a + b)"),
        ("!(a==b)", "!(a == b)"),
        ("(a<b)==c", "(a < b) == c"),
        ("(a?b:c)?d:(e?f:g)", "(a ? b : c) ? d : e ? f : g"),
        ("a in['x',\"y\"]", 'a in ["x", "y"]'),
        ("f( a ,[1,2.50] )", "f(a, [1, 2.5])"),
        ("1e3+0.1", "1000 + 0.1"),
        ("1e300", "1e+300"),
        ("'\\'\\n\\\\'", '"\'\\n\\\\"'),
    ],
)
def test_an_expression_is_written_in_one_way(text: str, canonical: str) -> None:
    assert render(parse(text)) == canonical
    assert render(parse(canonical)) == canonical
