"""The parser's complaints in words, at the place that has to be looked at."""

from __future__ import annotations

import pytest

from advisor.document.tree import parse
from advisor.errors import InputError


def _told(content: bytes) -> tuple[str, str, tuple[int, int]]:
    with pytest.raises(InputError) as caught:
        parse(content, "w")
    (found,) = caught.value.diagnostics
    assert found.position is not None
    assert found.excerpt is not None
    return found.code, found.message, (found.position.line, found.position.column)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\ta: 1\n", (1, 1)),
        (b"a:\n\tb: 1\n", (2, 1)),
        (b"a:\n  \tb: 1\n", (2, 3)),
        (b"a: 1\n\tb: 2\n", (2, 1)),
        (b"a:\n  b: 1\n\tc: 2\n", (3, 1)),
        (b"a: |\n\tx\n", (2, 1)),
        (b"a:\r\n\tb: 1\r\n", (2, 1)),
    ],
)
def test_a_tab_is_shown_where_it_indents(content: bytes, place: tuple[int, int]) -> None:
    assert _told(content) == ("tab-indentation", "a tab stands where YAML wants spaces", place)


def test_a_tab_between_a_key_and_its_value_is_fine() -> None:
    assert parse(b"a:\t1\t# x\nb: [\t2\t]\n", "w").value == {"a": 1, "b": [2]}


@pytest.mark.parametrize(
    ("content", "words", "place"),
    [
        (b"a: b: c\n", "a `:` cannot stand here", (1, 5)),
        (b"a: 1\n b: 2\n", "a `:` cannot stand here", (2, 3)),
        (b"a: 1\nb\nc: 2\n", "a `:` is missing after this key", (2, 1)),
        (b"a: 1\n: 2\n", "a key is missing before this `:`", (2, 1)),
        (b"a:\n  b: 1\n c: 2\n", "does not line up with the keys above it", (3, 2)),
        (b"a:\n  - b\n c: 1\n", "does not line up with the keys above it", (3, 2)),
        (b"a: 'x'y\n", "the value ends before this", (1, 7)),
        (b"a: [1] x\n", "the value ends before this", (1, 8)),
        (b"a: [1, 2\n", "this `[` is not closed", (1, 4)),
        (b"a: [1\nb: 2\n", "this `[` is not closed", (1, 4)),
        (b"a: {b: 1\nc: 2\n", "this `{` is not closed", (1, 4)),
        (b"a: [\n", "the file ends inside a list or mapping in brackets", (1, 4)),
        (b"a: {b: [\n\n", "the file ends inside a list or mapping in brackets", (1, 8)),
        (b"a: [1,,2]\n", "a value is missing here", (1, 7)),
        (b"a: ]\n", "a value is missing here", (1, 4)),
        (b"a: 'x\n", "this quote is never closed", (1, 4)),
        (b'a: "x\nb: 1\n', "this quote is never closed", (1, 4)),
        (b'a: "\\q"\n', "a backslash inside double quotes begins an escape", (1, 5)),
        (b'a: "\\xzz"\n', "this escape needs hexadecimal digits", (1, 7)),
        (b"a: @x\n", "text cannot begin with `@`", (1, 4)),
        (b"a: %x\n", "text cannot begin with `%`", (1, 4)),
        (b"a: *\n", "text cannot begin with `*`", (1, 5)),
        (b"a: &\n", "text cannot begin with `&`", (1, 5)),
        (b"a: !x!y z\n", "text cannot begin with `!`", (1, 4)),
        (b"a: - b\n", "a list cannot begin here", (1, 4)),
        (b"a: |-5x\n b\n", "the text block that begins here is not indented", (1, 4)),
        (b"%FOO\n---\na: 1\n", "lines that begin with `%` are not read", (1, 5)),
        (b"a: 1\n...\nb: 2\n", "this does not belong to what stands above it", (3, 1)),
        (b"- a\nb: 1\n", "this does not belong to the list above it", (2, 1)),
    ],
)  # fmt: skip
def test_each_mistake_has_a_sentence(content: bytes, words: str, place: tuple[int, int]) -> None:
    code, message, found = _told(content)
    assert (code, found) == ("syntax", place)
    assert words in message


def test_the_place_past_the_end_is_drawn_back_to_what_is_written() -> None:
    assert _told(b"a: {b: 1,\n\n# x\n\n")[2][0] <= 3


def test_an_unusual_complaint_is_passed_on_in_one_line() -> None:
    from advisor.document.syntax import explain

    found = explain(ValueError("odd\n  thing"), "w", ("a",))
    assert found.message == "this is not YAML: odd thing"
    assert found.position == (1, 1, 1)
