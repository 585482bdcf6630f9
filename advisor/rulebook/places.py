"""Where in a file a part of a scalar stands, when the scalar may go over several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.document.diagnostics import Position

if TYPE_CHECKING:
    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document, Path

_BLOCK = ("|", ">")


def placed(document: Document, path: Path, found: Diagnostic, start: int, end: int) -> Diagnostic:
    """Return a diagnostic moved from a scalar to the characters ``start`` to ``end`` of its text.

    Where the text does not stand in the file as it reads, because of an escape or an empty line, it
    stays at the scalar.
    """
    written = document.written.get(path)
    if found.position is None or written is None:
        return found
    block = written.style[:1] in _BLOCK
    line = found.position.line + block
    column = 1 if block else found.position.column + (not written.plain)
    passed = 0
    while passed <= len(written.text) and line <= len(document.lines):
        whole = document.lines[line - 1]
        begins = column - 1 + _blanks(whole[column - 1 :])
        part = written.text[passed:].split("\n", 1)[0]
        here = _common(whole[begins:], part)
        if here == 0:
            break
        if start < passed + here or (start == passed + here and here == len(part)):
            width = max(min(end, passed + here) - start, 1)
            at = Position(line, begins + 1 + max(start - passed, 0), width)
            return replace(found, position=at, excerpt=whole)
        # The line break was read as a blank, or stands in the text as it is.
        passed, line, column = passed + here + 1, line + 1, 1
    return found


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def _common(line: str, text: str) -> int:
    """Return how many characters of a text stand on a line, up to its last one."""
    line = line.rstrip(" \t")
    if text.startswith(line):
        return len(line)
    return len(text) if line.startswith(text) else 0
