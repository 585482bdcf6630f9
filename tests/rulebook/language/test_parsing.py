"""What is read, what is refused, and where the mistake is said to be."""

from __future__ import annotations

import pytest

from advisor.rulebook.language.errors import ConditionErrors
from advisor.rulebook.language.parsing import MAX_DEPTH, MAX_LIST, MAX_NODES, parse
from advisor.rulebook.language.rendering import render
from advisor.rulebook.language.syntax import (
    And,
    Arithmetic,
    Comparison,
    Constant,
    Field,
    ListLiteral,
    Membership,
    Not,
    paths,
)
from advisor.rulebook.language.tokens import MAX_STRING, MAX_TEXT


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a || b && c", "a || (b && c)"),
        ("!a && b", "(!a) && b"),
        ("a < b + c * d", "a < (b + (c * d))"),
        ("a - b - c", "(a - b) - c"),
        ("a / b * c % d", "((a / b) * c) % d"),
        ("-a * b", "(-a) * b"),
        ("a ? b : c ? d : e", "a ? b : (c ? d : e)"),
        ("a || b ? c : d", "(a || b) ? c : d"),
        ("a + 1 in b", "(a + 1) in b"),
        ("a -1", "a - 1"),
        ("!(a in b)", "!((a) in (b))"),
        ("a\n  &&\tb", "a && b"),
    ],
)
def test_operators_group_as_in_cel(text: str, grouped: str) -> None:
    assert render(parse(text)) == render(parse(grouped))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("900", 900.0),
        ("0.5", 0.5),
        ("1e6", 1e6),
        ("2.5E-3", 0.0025),
        ("-4", -4.0),
        ("true", True),
        ("false", False),
        ('"a"', "a"),
        ("'it\\'s'", "it's"),
        ('"\\\\ \\" \\n"', '\\ " \n'),
        ('"&& || {}"', "&& || {}"),
        ('"é 日本"', "é 日本"),
    ],
)
def test_literals(written: str, value: object) -> None:
    node = parse(written)
    assert isinstance(node, Constant)
    assert (node.value, type(node.value)) == (value, type(value))


def test_every_node_knows_its_place() -> None:
    text = '  load.rate + 2 > 3 && !("jwt" in load.auth)'
    node = parse(text)
    assert isinstance(node, And)
    comparison, negation = node.operands
    assert isinstance(comparison, Comparison)
    assert text[node.start : node.end] == text.strip()
    assert text[comparison.start : comparison.end] == "load.rate + 2 > 3"
    assert isinstance(comparison.left, Arithmetic)
    assert isinstance(negation, Not)
    assert text[negation.operand.start : negation.operand.end] == '"jwt" in load.auth'


def test_a_list_keeps_the_place_of_each_item() -> None:
    text = 'a in ["x", -1.5, true]'
    node = parse(text)
    assert isinstance(node, Membership)
    container = node.container
    assert isinstance(container, ListLiteral)
    assert container.items == ("x", -1.5, True)
    assert [text[start:end] for start, end in container.places] == ['"x"', "-1.5", "true"]


def test_reading_can_begin_inside_a_text() -> None:
    node = parse("{load.rate", 1)
    assert node == Field(start=1, end=10, path="load.rate")


def test_paths_come_once_in_their_order() -> None:
    assert paths(parse("b.x > a.y && (a.y > 1 || c.z in [1])")) == ("b.x", "a.y", "c.z")


@pytest.mark.parametrize(
    ("text", "marked", "message", "help_"),
    [
        ("", "", "a value is expected, not the end of the text", "a field, a number"),
        ("a >", "", "a value is expected, not the end of the text", "a field, a number"),
        ("a = b", "=", "`=` does not belong here", "write `==` to compare"),
        ("a & b", "&", "`&` does not belong here", "write `&&`"),
        ("a | b", "|", "`|` does not belong here", "write `||`"),
        ("a and b", "and", "`and` is no operator", "write `&&`"),
        ("(a or b)", "or", "`or` is no operator", "write `||`"),
        ("not a", "not", "`not` is no value", "write `!`"),
        ("a == null", "null", "`null` is no value", "write `has(field)`"),
        ("True", "True", "`True` is no value", "write `true`"),
        ("a == “x”", "“", "the character U+201C does not belong here", "straight quotes"),
        ("ä > 1", "ä", "the character U+00E4 does not belong here", "only ASCII"),
        ("a\x00b", "\x00", "the character U+0000 does not belong here", "only ASCII"),
        ("a.b. > 1", ".", "`.` does not belong here", "a number begins with a digit"),
        (".5 < a", ".", "`.` does not belong here", "a number begins with a digit"),
        ("{a}", "{", "`{` does not belong here", "only a reason has braces"),
        ("a $ b", "$", "`$` does not belong here", "docs/condition-language.md"),
        ("1_000 < a", "1_", "`_` does not belong to a number", "without separators or units"),
        ("a > 5ms", "5m", "`m` does not belong to a number", "without separators or units"),
        ("a > 1.", "1.", "`.` does not belong to a number", "without separators or units"),
        ("a > 010", "010", "the number begins with 0", "write 10"),
        ("a > 1e999", "1e999", "the number is too large", "1.8e308"),
        ("a > 9007199254740993", "9007199254740993", "more digits than are kept", "write 9007"),
        ('a == "x', '"x', "the string does not end", 'close it with "'),
        ('a == "\\d"', "\\d", "this escape is not known", "the escapes are"),
        ('a == "x\ny"', "\n", "the character U+000A may not stand in a string", "write \\n"),
        ("a < b < c", "<", "a comparison is not compared again", "write `a < b && b < c`"),
        ("(a > 1", "", "`)` is expected, not the end of the text", "close the `(` at character 1"),
        ("a > 1)", ")", "nothing is open for this `)`", "remove it"),
        ("a b", "b", "the expression is over before this", "put an operator"),
        ("a ? b", "", "`:` is expected, not the end of the text", "condition ? value : other"),
        ("f(a", "", "`,` or `)` is expected", "close the arguments of f"),
        ("a in [1 2]", "2", "`,` or `]` is expected, not `2`", "close the `[` at character 6"),
        ("a in [b]", "b", "a number or a string is expected, not `b`", "no fields"),
        ("a in [1,]", "]", "a number or a string is expected, not `]`", "no fields"),
        ("a in in", "in", "a value is expected, not `in`", "a field, a number"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_remedy(
    text: str, marked: str, message: str, help_: str
) -> None:
    with pytest.raises(ConditionErrors) as refused:
        parse(text)
    (error,) = refused.value.errors
    assert text[error.start : error.end] == marked
    assert message in error.message
    assert help_ in error.help


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * (MAX_DEPTH + 1), f"nested more than {MAX_DEPTH} deep"),
        ("!" * (MAX_DEPTH + 1) + "a", f"nested more than {MAX_DEPTH} deep"),
        (" + ".join("a" * (MAX_DEPTH + 1)), f"nested more than {MAX_DEPTH} deep"),
        ("a ? b : " * (MAX_DEPTH + 1) + "c", f"nested more than {MAX_DEPTH} deep"),
        ("f(" * (MAX_DEPTH + 1), f"nested more than {MAX_DEPTH} deep"),
        ("||".join("a" * (MAX_NODES + 1)), f"more than {MAX_NODES} parts"),
        (f"a in [{','.join('1' * (MAX_LIST + 1))}]", f"more than {MAX_LIST} items"),
        ("a" * (MAX_TEXT + 1), f"the text has {MAX_TEXT + 1:,} characters"),
        (f'a == "{"x" * (MAX_STRING + 1)}"', f"the string has {MAX_STRING + 1} characters"),
    ],
)
def test_size_and_depth_are_bounded(text: str, message: str) -> None:
    with pytest.raises(ConditionErrors, match=message):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * (MAX_DEPTH - 1) + "a" + ")" * (MAX_DEPTH - 1),
        "!" * (MAX_DEPTH - 1) + "a",
        " + ".join("a" * MAX_DEPTH),
        "||".join("a" * (MAX_NODES - 1)),
        f"a in [{','.join('1' * MAX_LIST)}]",
        f'a == "{"x" * MAX_STRING}"',
    ],
    ids=["parentheses", "not", "sum", "or", "list", "string"],
)
def test_what_is_within_the_bounds_is_read(text: str) -> None:
    parse(text)
