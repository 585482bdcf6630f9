"""From bytes to lines: UTF-8 only, without the characters that YAML forbids or editors hide."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NoReturn

from advisor.document.diagnostics import Diagnostic, Position
from advisor.errors import InputError

# Everything outside c-printable (YAML 1.2.2, section 5.1, https://yaml.org/spec/1.2.2/), and the
# three line breaks that YAML 1.1 knows and editors do not show: line numbers would drift apart.
# A set of two patterns, because one over both ranges takes 7 ms to compile at every start.
_FORBIDDEN_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORBIDDEN_WIDE = re.compile(
    "[\x80-\x9f]|\u2028|\u2029|\ufeff|\ufffe|\uffff",
)
_LINE_BREAK = re.compile("\r\n|\r|\n")
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_MOST_REPORTED = 20


def decode(content: bytes, name: str) -> str:
    """Return the text of a UTF-8 file without its byte order mark.

    Raises InputError for another encoding, for a binary file and for control characters.
    """
    for mark, encoding in _WIDE_MARKS:
        if content.startswith(mark):
            _refuse(name, "not-utf-8", f"this file is in {encoding}", "save it as UTF-8")
    if b"\x00" in content:
        line, column = _place(content, content.index(b"\x00"))
        _refuse(
            name,
            "binary-file",
            "this is a binary file: it holds a NUL byte",
            "name the YAML file instead, saved as UTF-8",
            Position(line, column),
        )
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        skipped = len(content) - len(content.removeprefix(codecs.BOM_UTF8))
        line, column = _place(content, skipped + error.start)
        _refuse(
            name,
            "not-utf-8",
            f"the byte 0x{error.object[error.start]:02x} is no part of UTF-8 text",
            "save the file as UTF-8",
            Position(line, column),
        )
    _check_characters(text, name)
    return text


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text as YAML counts them, without their line breaks."""
    return tuple(_LINE_BREAK.split(text))


def _check_characters(text: str, name: str) -> None:
    if _forbidden(text) is None:
        return
    found = []
    for number, line in enumerate(split_lines(text), start=1):
        match = _forbidden(line)
        if match is None:
            continue
        character = match.group()
        label = unicodedata.name(character, "control character").lower()
        found.append(
            Diagnostic(
                code="control-character",
                message=f"U+{ord(character):04X} ({label}) may not stand in a YAML file",
                help="delete it; inside double quotes an escape such as \\u2028 can stand for it",
                file=name,
                position=Position(number, match.start() + 1),
                excerpt=line,
            )
        )
        if len(found) == _MOST_REPORTED:
            break
    raise InputError(found)


def _forbidden(text: str) -> re.Match[str] | None:
    """Return the first character that may not stand in a text."""
    found = _FORBIDDEN_ASCII.search(text)
    if text.isascii():
        return found
    wide = _FORBIDDEN_WIDE.search(text)
    if found is None or wide is None:
        return found or wide
    return min(found, wide, key=re.Match.start)


def _place(content: bytes, offset: int) -> tuple[int, int]:
    """Return line and column of a byte, reading what stands before it as well as possible."""
    before = content[:offset].removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")
    lines = split_lines(before)
    return len(lines), len(lines[-1]) + 1


def _refuse(
    name: str, code: str, message: str, advice: str, position: Position | None = None
) -> NoReturn:
    diagnostic = Diagnostic(code=code, message=message, help=advice, file=name, position=position)
    raise InputError([diagnostic]) from None
