"""How a diagnostic looks: the place, the excerpt with its caret, and harmless text."""

from __future__ import annotations

import pytest

from advisor.document.diagnostics import TOO_MANY, Diagnostic, Position, order, quoted, visible


def _shown(excerpt: str, position: Position, **changes: str) -> list[str]:
    values = {"code": "c", "message": "m", "file": "f.yaml"} | changes
    return str(
        Diagnostic(
            code=values["code"],
            message=values["message"],
            file=values["file"],
            help=values.get("help"),
            position=position,
            excerpt=excerpt,
        )
    ).split("\n")


def test_the_whole_form() -> None:
    diagnostic = Diagnostic(
        code="wrong-type",
        message="must be a number",
        file="w.yaml",
        help="write 10",
        position=Position(12, 8, 3),
        excerpt="  peak: 010",
        severity="warning",
    )
    assert str(diagnostic) == (
        "w.yaml:12:8: warning[wrong-type]: must be a number\n"
        "   |\n"
        "12 |   peak: 010\n"
        "   |        ^^^\n"
        "help: write 10"
    )


def test_without_a_place_there_is_no_excerpt() -> None:
    diagnostic = Diagnostic(code="empty-file", message="empty", file="w", excerpt="x")
    assert str(diagnostic) == "w: error[empty-file]: empty"


def test_an_empty_excerpt_still_has_a_caret() -> None:
    assert _shown("", Position(1, 1))[1:] == ["  |", "1 |", "  | ^"]


def test_a_tab_takes_one_column() -> None:
    assert _shown("\ta:\tb", Position(1, 5))[2:] == ["1 |  a: b", "  |     ^"]


def test_control_characters_move_the_caret_by_what_they_are_shown_as() -> None:
    # ESC is shown as four characters: the caret of the third character stands in column 5 + 1.
    assert _shown("a\x1bb", Position(1, 3))[2:] == [r"1 | a\x1bb", "  |      ^"]
    assert _shown("a\x1bb", Position(1, 2))[2:] == [r"1 | a\x1bb", "  |  ^^^^"]


def test_wide_and_combining_characters_count_by_terminal_columns() -> None:
    # Two columns for each of the two characters, none for the combining acute accent.
    assert _shown("日本: x", Position(1, 5))[3] == "  | " + " " * 6 + "^"
    assert _shown("日本: x", Position(1, 1, 2))[3] == "  | ^^^^"
    assert _shown("e\u0301: x", Position(1, 5))[3] == "  | " + " " * 3 + "^"


def test_a_long_line_is_cut_at_its_end() -> None:
    excerpt = "x" * 150
    shown, caret = _shown(excerpt, Position(1, 3, 500))[2:]
    assert shown == "1 | " + "x" * 100 + "…"
    assert caret == "  |   " + "^" * 98


def test_a_long_line_is_cut_around_the_place() -> None:
    # Column 501 is index 500; the window begins 50 before it and holds 100 characters.
    excerpt = "a" * 500 + "B" + "c" * 500
    shown, caret = _shown(excerpt, Position(1, 501))[2:]
    assert shown == "1 | …" + "a" * 50 + "B" + "c" * 49 + "…"
    assert shown.index("B") == caret.index("^")


@pytest.mark.parametrize("column", [1, 79, 80, 81, 82, 149, 150, 151, 1000])
def test_the_caret_stands_under_the_character(column: int) -> None:
    excerpt = "".join(chr(ord("a") + index % 26) for index in range(150))
    shown, caret = _shown(excerpt, Position(1, column))[2:]
    if column <= len(excerpt):
        assert shown[caret.index("^")] == excerpt[column - 1]
    else:
        assert caret.index("^") == len(shown)


def test_hostile_names_messages_and_help_cannot_drive_a_terminal() -> None:
    text = "\n".join(
        _shown("x", Position(1, 1), file="a\x1b[2J\nb", message="m\x1b\n", help="h\x07\u202e")
    )
    assert text.split("\n")[0] == r"a\x1b[2J\x0ab:1:1: error[c]: m\x1b\x0a"
    assert text.split("\n")[-1] == r"help: h\x07\u202e"


def test_a_long_name_is_cut() -> None:
    assert _shown("x", Position(1, 1), file="n" * 300)[0].startswith("n" * 200 + "…:1:1: ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 日", "plain ü 日"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("\u2028\udcff\U000e0001", r"\u2028\udcff\U000e0001"),
        ("a\tb", "a b"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_visible_cuts() -> None:
    assert visible("abcdef", 3) == "abc…"
    assert visible("abc", 3) == "abc"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "`null`"),
        (True, "`true`"),
        (False, "`false`"),
        ("None", "`None`"),
        ("True", "`True`"),
        (1, "`1`"),
        (1.5, "`1.5`"),
        ("\x1b", r"`\x1b`"),
        ("x" * 61, "`" + "x" * 60 + "…`"),
    ],
)
def test_quoted_writes_values_as_yaml_does(value: object, shown: str) -> None:
    assert quoted(value) == shown


def test_order_is_by_place_with_the_cut_note_last() -> None:
    def at(position: Position | None, code: str = "c") -> Diagnostic:
        return Diagnostic(code=code, message="m", file="f", position=position)

    wanted = [
        at(None),
        at(Position(2, 9)),
        at(Position(10, 1)),
        at(Position(10, 1), "d"),
        at(Position(10, 2)),
        at(None, TOO_MANY),
    ]
    assert sorted([*wanted[3:], *wanted[:3]], key=order) == wanted
