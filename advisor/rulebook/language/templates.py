"""Reasons with numbers in them: text in which ``{expression}`` stands for its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.rulebook.language.evaluating import compiled
from advisor.rulebook.language.syntax import Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.rulebook.language.errors import ConditionError
    from advisor.rulebook.language.syntax import Expression
    from advisor.rulebook.language.values import Context, Value

UNKNOWN = "an unknown value"
_DIGITS = 2
"""Digits behind the point; a number that would vanish keeps three of its own."""


def fill(template: Template, context: Context) -> str:
    """Return a reason with the values of its expressions; an unknown one is called so."""
    return filler(template)(context)


def filler(template: Template) -> Callable[[Context], str]:
    """Return ``fill`` for one template, to be asked often."""
    parts = [part if isinstance(part, str) else compiled(part) for part in template.parts]
    return lambda context: "".join(
        part if isinstance(part, str) else worded(part(context).value) for part in parts
    )


def worded(value: Value) -> str:
    """Return a value as a sentence has it.

    >>> worded(1200.0), worded(("http", "grpc")), worded(None), worded(True)
    ('1,200', 'http, grpc', 'an unknown value', 'true')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ", ".join(map(worded, value)) or "none"
    return in_words(value, _DIGITS)


def parse_template(text: str) -> Template:
    """Return a reason with its expressions read; ``{{`` and ``}}`` are braces of the text.

    Raises ConditionErrors for the first mistake of every expression; places count from the start
    of the whole text, and so do those of the nodes.
    """
    # Filling a reason that was read before does not load the parser.
    from advisor.rulebook.language.errors import ConditionErrors
    from advisor.rulebook.language.parsing import parse
    from advisor.rulebook.language.tokens import MAX_TEXT, fail

    if len(text) > MAX_TEXT:
        fail(
            MAX_TEXT,
            len(text),
            f"the text has {len(text):,} characters, {MAX_TEXT:,} are allowed",
            "shorten it",
        )
    parts: list[str | Expression] = []
    errors: list[ConditionError] = []
    plain: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character not in "{}":
            plain.append(character)
            at += 1
        elif text.startswith(character * 2, at):
            plain.append(character)
            at += 2
        elif character == "}":
            fail(at, at + 1, "nothing is open for this `}`", "write `}}` for a brace in the text")
        else:
            end = _closing(text, at)
            if plain:
                parts.append("".join(plain))
                plain = []
            try:
                parts.append(parse(text[:end], at + 1))
            except ConditionErrors as found:
                errors.extend(found.errors)
            at = end + 1
    if errors:
        raise ConditionErrors(errors)
    if plain:
        parts.append("".join(plain))
    return Template(parts=tuple(parts))


def _closing(text: str, start: int) -> int:
    """Return where the brace closes that opens at ``start``; one in a string does not count."""
    from advisor.rulebook.language.tokens import fail

    quote = ""
    at = start + 1
    while at < len(text):
        character = text[at]
        if quote and character == "\\":
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "}":
            return at
        at += 1
    return fail(
        start, start + 1, "the brace is not closed", "write `}`, or `{{` for a brace in the text"
    )
