"""docs/condition-language.md says what is so: its examples are accepted, its lists are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from advisor.rulebook.language.checking import check, check_template
from advisor.rulebook.language.fields import SECTIONS, workload_names
from advisor.rulebook.language.functions import SIGNATURES
from advisor.rulebook.language.parsing import MAX_DEPTH, MAX_LIST, MAX_NODES, parse
from advisor.rulebook.language.templates import parse_template
from advisor.rulebook.language.tokens import MAX_STRING, MAX_TEXT

PAGE = (Path(__file__).parents[3] / "docs" / "condition-language.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)\n```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", blocks("condition"))
def test_the_conditions_of_the_page_are_accepted(text: str) -> None:
    check(parse(text), workload_names())


@pytest.mark.parametrize("text", blocks("reason"))
def test_the_reasons_of_the_page_are_accepted(text: str) -> None:
    check_template(parse_template(text), workload_names())


def test_there_are_examples() -> None:
    assert len(blocks("condition")) > 8
    assert len(blocks("reason")) == 2


def test_every_function_is_on_the_page() -> None:
    table = PAGE[PAGE.index("## Functions") : PAGE.index("## Not known")]
    assert set(re.findall(r"`(\w+)\(", table)) == set(SIGNATURES)


def test_every_section_and_name_is_on_the_page() -> None:
    table = PAGE[PAGE.index("## What a condition can speak of") : PAGE.index("## Functions")]
    assert [name for name in SECTIONS if f"`{name}.*`" not in table] == []
    options = {path for path in workload_names().known_paths() if path.startswith("option.")}
    assert set(re.findall(r"`(option\.\w+)`", table)) == options


def test_the_bounds_are_those_of_the_parser() -> None:
    bounds = PAGE[PAGE.index("## Bounds") : PAGE.index("## Different")].replace("\n", " ")
    for words in (
        f"at most {MAX_TEXT:,} characters",
        f"a string {MAX_STRING}",
        f"a list {MAX_LIST} items",
        f"a condition {MAX_NODES} parts",
        f"most {MAX_DEPTH} deep",
    ):
        assert words in bounds


def test_every_sign_of_the_grammar_is_one_of_the_language() -> None:
    """The grammar is written for people; its signs are taken from what is read."""
    (grammar,) = blocks("ebnf")
    signs = set(re.findall(r'"([^"\w\s]+)"', grammar)) - {"\\"}
    assert {
        "||",
        "&&",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "?",
        ":",
    } <= signs
    assert signs <= {
        *("||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "?", ":"),
        *("!", "(", ")", "[", "]", ",", "."),
        *("'",),
    }
