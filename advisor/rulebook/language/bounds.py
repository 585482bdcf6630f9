"""What an unknown field would have to be for a condition to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.syntax import And, Comparison, Field, Membership, Not, Or
from advisor.rulebook.language.templates import worded

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from advisor.rulebook.language.syntax import Expression
    from advisor.rulebook.language.values import Context, Value

_WORDS = {
    ">": "is above",
    ">=": "is at least",
    "<": "is below",
    "<=": "is at most",
    "==": "is",
    "!=": "is not",
    "in": "is one of",
    "not in": "is none of",
}
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_DENIED = {">": "<=", "<": ">=", "==": "!=", "in": "not in"}
_DENIED |= {denied: operator for operator, denied in _DENIED.items()}


class Bound(Struct, frozen=True, kw_only=True):
    """A value that a field is compared with, such as above 30."""

    field: str
    operator: str
    value: Value

    @property
    def words(self) -> str:
        """What the field must be, as a sentence has it."""
        return f"{self.field} {_WORDS[self.operator]} {worded(self.value)}"

    def covers(self, other: Bound) -> bool:
        """Whether all that the other bound allows is allowed by this one too."""
        if (self.field, self.operator) != (other.field, other.operator):
            return False
        mine, theirs = self.value, other.value
        if isinstance(mine, float) and isinstance(theirs, float):
            upwards: Literal[1, -1] = 1 if self.operator in (">", ">=") else -1
            if self.operator not in ("==", "!="):
                return mine * upwards <= theirs * upwards
        return mine == theirs


def bounds(condition: Expression, context: Context, fields: Container[str]) -> tuple[Bound, ...]:
    """Return what a condition asks of fields, where it compares them with something known."""
    found = _found(condition, context, denied=False)
    return tuple(bound for bound in found if bound.field in fields and bound.value is not None)


def widest(found: tuple[Bound, ...]) -> tuple[Bound, ...]:
    """Return the bounds without those that another one covers."""
    kept: list[Bound] = []
    for bound in found:
        if not any(each.covers(bound) for each in kept):
            kept = [*(each for each in kept if not bound.covers(each)), bound]
    return tuple(kept)


def _found(node: Expression, context: Context, *, denied: bool) -> Iterator[Bound]:
    if isinstance(node, (And, Or)):
        for operand in node.operands:
            yield from _found(operand, context, denied=denied)
    elif isinstance(node, Not):
        yield from _found(node.operand, context, denied=not denied)
    elif isinstance(node, Field):
        yield Bound(field=node.path, operator="==", value=not denied)
    elif isinstance(node, Comparison):
        operator = _DENIED[node.operator] if denied else node.operator
        if isinstance(node.left, Field):
            value = evaluate(node.right, context).value
            yield Bound(field=node.left.path, operator=operator, value=value)
        elif isinstance(node.right, Field):
            operator = _TURNED.get(operator, operator)
            value = evaluate(node.left, context).value
            yield Bound(field=node.right.path, operator=operator, value=value)
    elif isinstance(node, Membership) and isinstance(node.element, Field):
        value = evaluate(node.container, context).value
        yield Bound(field=node.element.path, operator="not in" if denied else "in", value=value)
