"""Files made to hurt: depth, size, and random bytes. None may crash, and all end in a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.document.tree import parse
from advisor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEBIBYTE = 1024 * 1024


def _last(content: bytes) -> tuple[str, int, int]:
    with pytest.raises(InputError) as caught:
        parse(content, "w")
    found = caught.value.diagnostics[-1]
    assert found.position is not None
    return found.code, found.position.line, found.position.column


@pytest.mark.parametrize("size", [100_000, _MEBIBYTE])
@pytest.mark.parametrize(
    ("unit", "column"),
    # The 41st opening is refused: 40 units stand before it.
    [("[", 41), ("{", 41), ("{a: ", 161), ("[[", 41), ("- ", 81), ("? ", 81)],
)
def test_deep_nesting_is_refused_at_level_41(size: int, unit: str, column: int) -> None:
    assert _last(unit.encode() * (size // len(unit))) == ("too-deep", 1, column)


def test_deep_nesting_behind_what_could_be_read() -> None:
    # Two levels stand around the first brace, in column 5: the 39th is the 41st level.
    content = b"first: 1\nsecond:\n  - x\n  - " + b"{" * 100_000
    assert _last(content) == ("too-deep", 4, 43)


def test_deep_nesting_by_indentation() -> None:
    content = "".join(f"{' ' * depth}a:\n" for depth in range(1000))
    assert _last(content.encode()) == ("too-deep", 41, 41)


def test_forty_levels_are_read() -> None:
    value = parse(b"[" * 40 + b"]" * 40, "w").value
    depth = 0
    while value:
        (value,) = value
        depth += 1
    assert depth == 39  # the innermost list is the empty one


def test_siblings_do_not_add_to_the_depth() -> None:
    assert parse(b"- [[]]\n" * 100, "w").value == [[[]]] * 100


def test_the_number_of_keys_and_values_is_bounded() -> None:
    # The list itself is the first of ten: nine items fit.
    assert parse(b"- a\n" * 9, "w", max_nodes=10).value == ["a"] * 9
    with pytest.raises(InputError, match="more than 10 keys and values") as caught:
        parse(b"- a\n" * 10, "w", max_nodes=10)
    assert caught.value.diagnostics[0].position == (10, 3, 1)


def test_the_depth_can_be_chosen() -> None:
    assert parse(b"[[]]", "w", max_depth=2).value == [[]]
    with pytest.raises(InputError, match="more than 2 levels"):
        parse(b"[[[]]]", "w", max_depth=2)


@pytest.mark.parametrize(
    "content",
    [
        b"a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n" * 10_000,
        b":" * _MEBIBYTE,
        b"'" * (_MEBIBYTE - 1),
        b"!" * _MEBIBYTE,
        b"[" + b"," * _MEBIBYTE,
        b"a: 1\n" * 200_000,
        b"\x01\n" * 500_000,
        b"#\n" * 500_000,
        b"\xf0\x9f\x98\x80: " * 150_000,
        b"? " + b"k" * _MEBIBYTE + b"\n: [",
    ],
    ids=[
        "laughs",
        "colons",
        "quotes",
        "bangs",
        "commas",
        "keys",
        "control",
        "hash",
        "emoji",
        "key",
    ],
)
def test_large_nonsense_ends_in_a_short_answer(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        parse(content, "w")
    assert len(caught.value.diagnostics) <= 101
    # Three lines of excerpt of at most 100 characters, a sentence and a help line each.
    assert len(str(caught.value)) <= 101 * 700


_PIECES: Sequence[str] = (
    *("a", "b: ", "- ", "\n", "\n  ", "\t", " ", "[", "]", "{", "}", ",", ": ", ":", "?", "? "),
    *("&x ", "*x", "!t ", "'", '"', "\\", "|", ">", "%", "@", "`", "#", " #", "---\n", "...\n"),
    *("<<: ", "1", ".inf", "~", "\r", "\r\n", "é", "😀", "\ufeff", "\x00", "\x1b", "%YAML 1.1\n"),
)


@settings(max_examples=600, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_any_text_is_read_or_refused_inside_the_file(text: str) -> None:
    try:
        document = parse(text.encode(), "w")
    except InputError as error:
        for found in error.diagnostics:
            shown = str(found)
            assert all(line.isprintable() for line in shown.split("\n"))
            if found.position is not None and found.excerpt is not None:
                assert 1 <= found.position.column <= len(found.excerpt) + 1
    else:
        for place in (*document.positions.values(), *document.key_positions.values()):
            assert 1 <= place.line <= len(document.lines)
            assert 1 <= place.column <= len(document.lines[place.line - 1]) + 1


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        parse(content, "w")
    except InputError as error:
        shown = str(error)
    else:
        shown = ""
    assert all(line.isprintable() for line in shown.split("\n"))
