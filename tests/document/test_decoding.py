"""From bytes to text: UTF-8 alone, and line numbers that agree with editors."""

from __future__ import annotations

import pytest

from advisor.document.text import decode, split_lines
from advisor.document.tree import parse
from advisor.errors import InputError


def _refused(content: bytes) -> list[tuple[str, tuple[int, int] | None]]:
    with pytest.raises(InputError) as caught:
        decode(content, "w.yaml")
    return [
        (found.code, None if found.position is None else found.position[:2])
        for found in caught.value.diagnostics
    ]


def test_utf_8_with_and_without_a_byte_order_mark() -> None:
    assert decode("a: ü 日 😀\n".encode(), "w") == "a: ü 日 😀\n"
    assert decode("a: ü\n".encode("utf-8-sig"), "w") == "a: ü\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_with_a_mark_are_named(encoding: str) -> None:
    with pytest.raises(InputError, match=f"this file is in {encoding.upper()}"):
        decode("name: x\n".encode(encoding), "w")


def test_utf_16_without_a_mark_is_a_binary_file() -> None:
    assert _refused("a: 1\n".encode("utf-16-le")) == [("binary-file", (1, 2))]


def test_a_binary_file_is_refused_at_its_first_nul() -> None:
    assert _refused(b"\x7fELF\nab\x00") == [("binary-file", (2, 3))]


def test_a_byte_that_is_no_utf_8_is_shown_by_characters_not_bytes() -> None:
    # Two characters of two and three bytes stand before the bad byte in line 2.
    assert _refused("a: 1\nü日".encode() + b"\xff\n") == [("not-utf-8", (2, 3))]


def test_a_bad_byte_after_a_byte_order_mark() -> None:
    assert _refused(b"\xef\xbb\xbfab\xff") == [("not-utf-8", (1, 3))]


@pytest.mark.parametrize(
    "content", [b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"]
)
def test_overlong_surrogate_and_cut_sequences_are_no_utf_8(content: bytes) -> None:
    assert _refused(content) == [("not-utf-8", (1, 1))]


@pytest.mark.parametrize(
    "character", ["\x01", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\ufeff"]
)
def test_hidden_characters_are_refused_where_they_stand(character: str) -> None:
    assert _refused(f"a: 1\nb: {character}\n".encode()) == [("control-character", (2, 4))]


def test_every_line_with_a_control_character_is_told_up_to_twenty() -> None:
    assert _refused(b"\x01\n" * 2 + b"a\n\x02") == [
        ("control-character", (1, 1)),
        ("control-character", (2, 1)),
        ("control-character", (4, 1)),
    ]
    assert len(_refused(b"\x01\n" * 50)) == 20


def test_the_character_is_named_and_made_visible() -> None:
    with pytest.raises(InputError) as caught:
        decode("a: \u2028\x1b[31m".encode(), "w")
    text = str(caught.value)
    assert "U+2028 (line separator)" in text
    assert r"\u2028\x1b[31m" in text
    assert "\x1b" not in text


def test_lines_are_counted_as_editors_count_them() -> None:
    assert split_lines("a\r\nb\rc\nd") == ("a", "b", "c", "d")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_positions_do_not_depend_on_the_line_break(line_break: str) -> None:
    document = parse(line_break.join(["a: 1", "b:", "  c: x", ""]).encode(), "w")
    assert document.value == {"a": 1, "b": {"c": "x"}}
    assert document.positions["b", "c"] == (3, 6, 1)
    assert document.key_positions["b", "c"] == (3, 3, 1)


def test_columns_are_characters_after_a_byte_order_mark_and_beyond_the_basic_plane() -> None:
    document = parse("\ufeff😀ü: yes\n".encode(), "w")
    assert document.positions[("😀ü",)] == (1, 5, 3)
