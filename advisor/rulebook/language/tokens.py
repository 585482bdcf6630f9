"""A condition's text as words, numbers, strings and signs.

The text is read once from left to right, a character at a time: its length bounds the work.
"""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

from msgspec import Struct

from advisor.rulebook.language.errors import ConditionError, ConditionErrors

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT = 2_000
MAX_STRING = 500

Kind: TypeAlias = Literal["number", "string", "name", "sign", "end"]

_SIGNS = ("||", "&&", "==", "!=", "<=", ">=", *"<>!+-*/%()[],?:")
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_BLANK = frozenset(" \t\r\n")
_ESCAPES = {"\\": "\\", '"': '"', "'": "'", "n": "\n"}
_INSTEAD = {
    "=": "write `==` to compare",
    "&": "write `&&`",
    "|": "write `||`",
    "{": "only a reason has braces, a condition has none",
    "}": "only a reason has braces, a condition has none",
    ".": "a number begins with a digit, as in 0.5, and a field with a letter",
}
_QUOTES = frozenset("“”„‟‘’‚‛«»`´′″＂＇")


class Token(Struct, frozen=True, kw_only=True):
    """One word, number, string or sign; ``value`` is a string's content or a number."""

    kind: Kind
    text: str
    value: float | str
    start: int
    end: int


def tokens(text: str, start: int = 0) -> list[Token]:
    """Return the tokens of a text from ``start`` on, the last of kind ``end``.

    Raises ConditionErrors for the first character that does not belong.
    """
    if len(text) > MAX_TEXT:
        fail(
            MAX_TEXT,
            len(text),
            f"the text has {len(text):,} characters, {MAX_TEXT:,} are allowed",
            "write two rules",
        )
    return [
        *_scan(text, start),
        Token(kind="end", text="", value="", start=len(text), end=len(text)),
    ]


def fail(start: int, end: int, message: str, help: str) -> NoReturn:  # noqa: A002 - the field's name
    """Raise ConditionErrors with one mistake."""
    raise ConditionErrors([ConditionError(start=start, end=end, message=message, help=help)])


def _scan(text: str, start: int) -> Iterator[Token]:
    at = start
    while at < len(text):
        first = text[at]
        if first in _BLANK:
            at += 1
            continue
        if first in _LETTERS:
            token = _name(text, at)
        elif first in _DIGITS:
            token = _number(text, at)
        elif first in "\"'":
            token = _string(text, at)
        else:
            token = _sign(text, at)
        yield token
        at = token.end


def _sign(text: str, start: int) -> Token:
    for sign in _SIGNS:
        if text.startswith(sign, start):
            end = start + len(sign)
            return Token(kind="sign", text=sign, value="", start=start, end=end)
    character = text[start]
    if character in _QUOTES:
        help_ = "a string stands between straight quotes, \" or '"
    elif not character.isascii() or not character.isprintable():
        help_ = "outside strings only ASCII characters are used"
    else:
        help_ = _INSTEAD.get(character, "see docs/condition-language.md for what may be written")
    fail(start, start + 1, f"{shown(character)} does not belong here", help_)


def shown(character: str) -> str:
    """Return a character as a message may print it.

    >>> shown("="), shown(chr(0))
    ('`=`', 'the character U+0000')
    """
    plain = character.isprintable() and character.isascii() and character != " "
    return f"`{character}`" if plain else f"the character U+{ord(character):04X}"


def _name(text: str, start: int) -> Token:
    at = start
    while True:
        while at < len(text) and (text[at] in _LETTERS or text[at] in _DIGITS):
            at += 1
        if at + 1 < len(text) and text[at] == "." and text[at + 1] in _LETTERS:
            at += 1
            continue
        name = text[start:at]
        return Token(kind="name", text=name, value=name, start=start, end=at)


def _number(text: str, start: int) -> Token:
    at = _digits(text, start)
    whole = at
    if text[at : at + 1] == "." and text[at + 1 : at + 2] in _DIGITS:
        at = _digits(text, at + 1)
    if text[at : at + 1] in ("e", "E"):
        sign = at + 1 + (text[at + 1 : at + 2] in ("+", "-"))
        if text[sign : sign + 1] in _DIGITS:
            at = _digits(text, sign)
    following = text[at : at + 1]
    if following and (following in _LETTERS or following in "._" or following in _DIGITS):
        fail(
            start,
            at + 1,
            f"{shown(following)} does not belong to a number",
            "numbers are written as 900, 0.5 or 1e6, without separators or units",
        )
    written = text[start:at]
    value = float(written)
    if isinf(value):
        fail(start, at, "the number is too large", "the largest number is about 1.8e308")
    if whole - start > 1 and text[start] == "0":
        fail(start, at, "the number begins with 0", f"write {written.lstrip('0') or '0'}")
    if written.isdigit() and int(written) != int(value):
        fail(start, at, "the number has more digits than are kept", f"write {value!r}")
    return Token(kind="number", text=written, value=value, start=start, end=at)


def _digits(text: str, at: int) -> int:
    while at < len(text) and text[at] in _DIGITS:
        at += 1
    return at


def _string(text: str, start: int) -> Token:
    quote, at, parts = text[start], start + 1, []
    while at < len(text) and text[at] != quote:
        character = text[at]
        if character == "\\":
            escaped = text[at + 1 : at + 2]
            if escaped not in _ESCAPES:
                fail(
                    at,
                    min(at + 2, len(text)),
                    "this escape is not known",
                    "the escapes are \\\\, \\\", \\' and \\n",
                )
            character = _ESCAPES[escaped]
            at += 1
        elif not character.isprintable():
            fail(
                at,
                at + 1,
                f"{shown(character)} may not stand in a string",
                "write \\n for a new line, and no other control character",
            )
        parts.append(character)
        at += 1
    if at >= len(text):
        fail(start, len(text), "the string does not end", f"close it with {quote}")
    if len(parts) > MAX_STRING:
        fail(
            start,
            at + 1,
            f"the string has {len(parts):,} characters, {MAX_STRING} are allowed",
            "shorten it",
        )
    return Token(
        kind="string", text=text[start : at + 1], value="".join(parts), start=start, end=at + 1
    )
