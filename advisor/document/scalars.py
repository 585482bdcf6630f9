"""Plain scalars by the core schema of YAML 1.2, narrowed to what nobody can misread.

Source of the forms: YAML 1.2.2, section 10.3.2 (https://yaml.org/spec/1.2.2/#1032-tag-resolution,
read 2026-11-24). Narrowed: a number with a leading zero, octal and hexadecimal are text, so that a
typed field refuses them; infinity, "not a number" and what a float cannot hold are errors.
"""

from __future__ import annotations

import re
from math import isinf
from typing import TypeAlias

from msgspec import Struct

Scalar: TypeAlias = "str | int | float | bool | None"

_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NUMBER_START = frozenset("+-.0123456789")
_LONGEST_NUMBER = 100
_LARGEST_WHOLE = 2**53


class Written(Struct, frozen=True):
    """How a scalar stands in the file: its text, and the quote or block sign before it if any."""

    text: str
    style: str

    @property
    def plain(self) -> bool:
        return not self.style


class ScalarError(ValueError):
    """A plain scalar that means a number but has no value: code, sentence and help."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        self.code = code
        self.advice = advice
        super().__init__(message)


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar.

    Raises ScalarError for infinity and "not a number" and for numbers that no float can hold.

    >>> [resolve(text) for text in ("NO", "010", "1:30", "1_000", "1e3", ".5", "12")]
    ['NO', '010', '1:30', '1_000', 1000, 0.5, 12]
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return int(_short(text))
    if _FLOAT.fullmatch(text):
        return _finite(_short(text))
    if _NOT_FINITE.fullmatch(text):
        raise ScalarError(
            "number-not-finite", "infinity and `.nan` are not numbers to count with", _ADVICE
        )
    return text


_ADVICE = "write a plain number, or put text in quotes"


def _short(text: str) -> str:
    # Python refuses to convert very long digit strings, and no quantity here needs them.
    if len(text) > _LONGEST_NUMBER:
        raise ScalarError(
            "number-too-long", f"a number may have {_LONGEST_NUMBER} characters at most", _ADVICE
        )
    return text


def _finite(text: str) -> int | float:
    value = float(text)
    if isinf(value):
        raise ScalarError("number-too-large", "this number is too large to count with", _ADVICE)
    if value == 0 and any(digit in "123456789" for digit in re.split("[eE]", text)[0]):
        raise ScalarError("number-too-small", "this number is too small to count with", _ADVICE)
    # 1e3 is a whole number to JSON Schema, and so to everybody who reads the file.
    return int(value) if value.is_integer() and abs(value) <= _LARGEST_WHOLE else value
