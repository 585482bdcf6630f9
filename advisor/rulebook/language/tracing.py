"""How a value came about: an expression with the value of each of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.rendering import render
from advisor.rulebook.language.syntax import Call, Constant, ListLiteral, children
from advisor.rulebook.language.templates import worded

if TYPE_CHECKING:
    from advisor.rulebook.language.syntax import Expression
    from advisor.rulebook.language.values import Context, Value


class Trace(Struct, frozen=True, kw_only=True):
    """An expression with its value and those of its parts; literals are no parts of their own."""

    text: str
    value: Value
    children: tuple[Trace, ...]

    def __str__(self) -> str:
        return f"{self.text} = {worded(self.value)}"


def trace(expression: Expression, context: Context) -> Trace:
    """Return the value of an expression and of everything in it, in the order of the text.

    Both branches of a choice and all operands of ``&&`` and ``||`` are shown, even those that do
    not count.
    """
    return Trace(
        text=render(expression),
        value=evaluate(expression, context).value,
        children=tuple(
            trace(child, context)
            for child in _worth_showing(expression)
            if not isinstance(child, (Constant, ListLiteral))
        ),
    )


def _worth_showing(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, Call) and expression.function == "has":
        return ()
    return children(expression)
