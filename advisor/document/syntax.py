"""PyYAML's complaints, turned into one sentence with the place that has to be looked at.

The C parser and the pure Python parser word their errors differently; what they share is matched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from advisor.document.diagnostics import Diagnostic, Position, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_INDENT_HELP = "indent the keys of one section by the same number of spaces"
_QUOTE_HELP = "put the text in quotes"

# Part of the parser's problem or context -> sentence, help, and whether the place to look at is
# where the construct began instead of where the parser gave up.
_SENTENCES: tuple[tuple[str, str, str, bool], ...] = (
    (
        "mapping values are not allowed",
        "a `:` cannot stand here",
        f"{_INDENT_HELP}, and put text that holds `: ` in quotes",
        False,
    ),
    (
        "while scanning a simple key",
        "a `:` is missing after this key",
        "write `key: value`",
        True,
    ),
    (
        "while parsing a flow sequence",
        "this `[` is not closed, or a comma is missing after one of its items",
        "write lists as `[first, second]`",
        True,
    ),
    (
        "while parsing a flow mapping",
        "this `{` is not closed, or a comma is missing after one of its values",
        "write `{key: value, other: value}`",
        True,
    ),
    (
        "unknown escape character",
        "a backslash inside double quotes begins an escape, and this is none",
        "write `\\\\` for a backslash, or use single quotes",
        False,
    ),
    (
        "expected hex",  # libyaml misspells what comes after
        "this escape needs hexadecimal digits",
        "write `\\\\` for a backslash, or use single quotes",
        False,
    ),
    ("scanning a quoted scalar", "this quote is never closed", "close the quote", True),
    (
        "parsing a quoted scalar",
        "this escape stands for no character",
        "write the character itself",
        False,
    ),
    ("scanning a double-quoted scalar", "this quote is never closed", "close the quote", True),
    ("did not find expected '-' indicator", "this does not belong to the list above it", "", False),
    (
        "while parsing a block collection",
        "this does not belong to the list above it",
        _INDENT_HELP,
        False,
    ),
    (
        "while parsing a block mapping",
        "this does not line up with the keys above it",
        _INDENT_HELP,
        False,
    ),
    ("block sequence entries are not allowed", "a list cannot begin here", _INDENT_HELP, False),
    (
        "scanning a block scalar",
        "the text block that begins here is not indented as it should be",
        "indent every line of the block by the same number of spaces",
        True,
    ),
    (
        "scanning a directive",
        "lines that begin with `%` are not read",
        "delete the line, or put the text in quotes",
        False,
    ),
    (
        "scanning an alias",
        "text cannot begin with `*`",
        _QUOTE_HELP,
        False,
    ),
    ("scanning an anchor", "text cannot begin with `&`", _QUOTE_HELP, False),
    ("tag", "text cannot begin with `!`", _QUOTE_HELP, False),
    ("node content", "a value is missing here", "write a value, or delete the key", False),
    ("expected <document start>", "this does not belong to what stands above it", "", False),
    ("document start", "this does not belong to what stands above it", _INDENT_HELP, False),
)


def explain(error: Any, name: str, lines: Sequence[str]) -> Diagnostic:
    """Return the diagnostic for a ``yaml.YAMLError`` raised while the lines were parsed."""
    problem = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    began = getattr(error, "context_mark", None)
    ended = getattr(error, "problem_mark", None) or began
    place = _position(ended, lines)
    line = lines[place.line - 1]
    if "\t" in _indentation(line, place.column):
        return _diagnostic(
            "tab-indentation",
            "a tab stands where YAML wants spaces",
            "indent with spaces; most editors can convert tabs",
            name,
            Position(place.line, line.index("\t") + 1),
            line,
        )
    rest = line[place.column - 1 :]
    if "cannot start any token" in problem and rest:
        sentence = f"text cannot begin with {quoted(rest[0])}"
        return _diagnostic("syntax", sentence, _QUOTE_HELP, name, place, line)
    special = _special(problem, context, ended, lines)
    if special is not None:
        return _diagnostic("syntax", *special, name, place, line)
    for part, sentence, advice, at_start in _SENTENCES:
        if part in problem or part in context:
            if at_start and began is not None:
                place = _position(began, lines)
            excerpt = lines[place.line - 1]
            return _diagnostic("syntax", sentence, advice or None, name, place, excerpt)
    return _diagnostic("syntax", f"this is not YAML: {_clean(problem)}", None, name, place, line)


def _special(problem: str, context: str, mark: Any, lines: Sequence[str]) -> tuple[str, str] | None:
    """Return sentence and help where the parser's words alone would mislead."""
    at_end = mark is not None and not any(line.strip() for line in lines[mark.line :])
    if "node content" in problem and at_end:
        return "the file ends inside a list or mapping in brackets", "close the `[` or `{`"
    misplaced = "expected key" in problem or "expected <block end>" in problem
    if misplaced and "while parsing a block" in context and mark is not None and not at_end:
        line = lines[mark.line]
        if line[mark.column : mark.column + 1] == ":":
            return "a key is missing before this `:`", "write `key: value`"
        if line[: mark.column].strip():
            return "the value ends before this", "put the whole value in quotes"
    return None


def _position(mark: Any, lines: Sequence[str]) -> Position:
    """Return a mark's place, drawn back to the last written line when it lies past the end."""
    if mark is None:
        return Position(1, 1)
    if mark.line < len(lines) and (lines[mark.line].strip() or mark.line == 0):
        return Position(mark.line + 1, mark.column + 1)
    last = min(mark.line, len(lines) - 1)
    while last > 0 and not lines[last].strip():
        last -= 1
    return Position(last + 1, max(1, len(lines[last].rstrip())))


def _indentation(line: str, column: int) -> str:
    return line[: min(column, len(line) - len(line.lstrip()))]


def _clean(problem: str) -> str:
    return re.sub(r"\s+", " ", problem).strip()


def _diagnostic(
    code: str, message: str, advice: str | None, name: str, place: Position, excerpt: str
) -> Diagnostic:
    return Diagnostic(
        code=code, message=message, help=advice, file=name, position=place, excerpt=excerpt
    )
