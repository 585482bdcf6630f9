"""A finding in an input file: where, what, and what to do about it."""

from __future__ import annotations

import unicodedata
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

Severity: TypeAlias = Literal["error", "warning"]

TOO_MANY = "too-many-errors"
"""The code of the note that ends a list which was cut short."""
MOST_ERRORS = 100
"""How many errors of one file are worth telling."""

_EXCERPT_WIDTH = 100
_NAME_WIDTH = 200
_QUOTED_WIDTH = 60
_CONSTANTS = {"None": "null", "True": "true", "False": "false"}


class Position(NamedTuple):
    """A place in a file; line and column count from 1, columns and width in characters."""

    line: int
    column: int
    width: int = 1


class Diagnostic(Struct, frozen=True, kw_only=True):
    """One error or warning about an input.

    ``excerpt`` is the offending line as it stands in the file. ``str`` gives the text for people:
    whatever came from the file is made harmless and short in it.
    """

    code: str
    message: str
    file: str
    help: str | None = None
    position: Position | None = None
    excerpt: str | None = None
    severity: Severity = "error"
    field: str | None = None

    def __str__(self) -> str:
        place = visible(self.file, _NAME_WIDTH)
        if self.position is not None:
            place += f":{self.position.line}:{self.position.column}"
        lines = [f"{place}: {self.severity}[{self.code}]: {visible(self.message)}"]
        if self.position is not None and self.excerpt is not None:
            number = str(self.position.line)
            margin = " " * len(number)
            before, marked, after = _window(self.excerpt, self.position)
            carets = "^" * max(1, _cells(marked))
            lines += [
                f"{margin} |",
                f"{number} | {before}{marked}{after}".rstrip(),
                f"{margin} | {' ' * _cells(before)}{carets}",
            ]
        if self.help is not None:
            lines.append(f"help: {visible(self.help)}")
        return "\n".join(lines)


def order(diagnostic: Diagnostic) -> tuple[bool, int, int, str, str]:
    """Sort diagnostics by their place in the file; the note that there are more comes last."""
    line, column = (diagnostic.position or (0, 0))[:2]
    return diagnostic.code == TOO_MANY, line, column, diagnostic.code, diagnostic.message


def visible(text: str, width: int | None = None) -> str:
    """Return text with control characters written out, so that it cannot drive a terminal.

    >>> visible("red \\x1b[31m")
    'red \\\\x1b[31m'
    """
    if width is not None and len(text) > width:
        text = text[:width] + "…"
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else _written_out(character) for character in text
    )


def quoted(value: object) -> str:
    """Return a value from a file, as a YAML file writes it, for use inside a sentence."""
    text = str(value)
    if not isinstance(value, str):
        text = _CONSTANTS.get(text, text)
    return f"`{visible(text, _QUOTED_WIDTH)}`"


def _written_out(character: str) -> str:
    if character == "\t":
        return " "
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _cells(text: str) -> int:
    """Return how many columns of a terminal a printable text fills."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def _window(line: str, position: Position) -> tuple[str, str, str]:
    """Return the visible part of a line before, at and after a place, an ellipsis at each cut."""
    column = min(position.column - 1, len(line))
    start = 0 if column < _EXCERPT_WIDTH - 20 else column - _EXCERPT_WIDTH // 2
    end = min(start + _EXCERPT_WIDTH, len(line))
    last = min(column + position.width, end)
    before, marked, after = line[start:column], line[column:last], line[last:end]
    return (
        ("…" if start else "") + visible(before),
        visible(marked),
        visible(after) + ("…" if end < len(line) else ""),
    )
