"""A finding in an input file: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]

_EXCERPT_WIDTH = 100
_NAME_WIDTH = 200


class Position(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One error or warning about an input.

    ``excerpt`` is the offending line as it stands in the file; ``width`` how many of its characters
    are underlined. Everything that comes from the file is made harmless when it is rendered.
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
        lines = [f"{place}: {self.severity}[{self.code}]: {self.message}"]
        if self.position is not None and self.excerpt is not None:
            number = str(self.position.line)
            margin = " " * len(number)
            shown, column = _window(self.excerpt, self.position.column - 1)
            width = max(1, min(self.position.width, len(shown) - column))
            lines += [
                f"{margin} |",
                f"{number} | {shown}".rstrip(),
                f"{margin} | {' ' * column}{'^' * width}",
            ]
        if self.help is not None:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)


def order(diagnostic: Diagnostic) -> tuple[int, int, str, str]:
    """Sort diagnostics by their place in the file."""
    line, column = (diagnostic.position or (0, 0))[:2]
    return line, column, diagnostic.code, diagnostic.message


def visible(text: str, width: int | None = None) -> str:
    """Return text with control characters written out, so that it cannot drive a terminal."""
    if width is not None and len(text) > width:
        text = text[:width] + "…"
    return "".join(
        character if character.isprintable() else _written_out(character) for character in text
    )


def quoted(value: object) -> str:
    """Return a value from a file for use inside a sentence."""
    text = {None: "null", True: "true", False: "false"}.get(value) if _is_constant(value) else None
    return f"`{visible(text if text is not None else str(value), 60)}`"


def _is_constant(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _written_out(character: str) -> str:
    if character == "\t":
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _window(line: str, column: int) -> tuple[str, int]:
    """Return the part of a line around a column, and the column inside it."""
    column = min(column, len(line))
    start = 0 if column < _EXCERPT_WIDTH - 20 else column - _EXCERPT_WIDTH // 2
    part = line[start : start + _EXCERPT_WIDTH]
    before = visible(part[: column - start])
    return before + visible(part[column - start :]), len(before)
