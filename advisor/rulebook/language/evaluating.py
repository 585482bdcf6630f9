"""The value of an expression: known, or unknown with the fields that would settle it.

Three-valued logic after Kleene: ``false && unknown`` is false, ``true || unknown`` is true, and
everything else spreads the unknown. Arithmetic without a result (a division by zero, a number too
large) is unknown as well, and needs another value of the fields that it was made from.

A rule is asked for many designs of many workloads, so that an expression is turned into functions
of the context once, and these are what is called.
"""

from __future__ import annotations

from math import fmod, isfinite
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.rulebook.language.calling import OF_NAMES, OF_VALUES
from advisor.rulebook.language.syntax import (
    And,
    Arithmetic,
    Call,
    Comparison,
    Conditional,
    Constant,
    Field,
    ListLiteral,
    Membership,
    Negative,
    Not,
    Or,
)
from advisor.rulebook.language.values import of_two, plain, union

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.rulebook.language.syntax import Expression
    from advisor.rulebook.language.values import Asked, Context, Names, Result, Value


class Outcome(Struct, frozen=True, kw_only=True):
    """What an expression comes to.

    ``needs`` are the fields that keep an unknown value unknown, ``fields`` those that decide a
    known one; each once, in order of appearance. One of the two is always empty.
    """

    value: Value
    needs: tuple[str, ...]
    fields: tuple[str, ...]


def evaluate(expression: Expression, context: Context) -> Outcome:
    """Return the value of a checked expression.

    Raises TypeError when the context gives a value that is not of its field's type.
    """
    return compiled(expression)(context)


def compiled(expression: Expression) -> Callable[[Context], Outcome]:
    """Return ``evaluate`` for one checked expression, to be asked often."""
    asked = _asked(expression)

    def outcome(context: Context) -> Outcome:
        value, names = asked(context)
        if value is None:
            return Outcome(value=None, needs=names, fields=())
        return Outcome(value=value, needs=(), fields=names)

    return outcome


def _asked(expression: Expression) -> Asked:
    return _KINDS[type(expression)](expression)


def _constant(node: Constant) -> Asked:
    result = node.value, ()
    return lambda _context: result


def _list(node: ListLiteral) -> Asked:
    result = node.items, ()
    return lambda _context: result


def _field(node: Field) -> Asked:
    path, names = node.path, (node.path,)

    def found(context: Context) -> Result:
        value = context.value(path)
        if type(value) is not str and type(value) is not bool and value is not None:
            value = plain(value)
        return value, names

    return found


def _not(node: Not) -> Asked:
    operand = _asked(node.operand)

    def found(context: Context) -> Result:
        value, names = operand(context)
        return (None if value is None else not value), names

    return found


def _negative(node: Negative) -> Asked:
    operand = _asked(node.operand)

    def found(context: Context) -> Result:
        value, names = operand(context)
        return (None if value is None else -value), names

    return found


def _and(node: And) -> Asked:
    return _joined(node.operands, settles=False)


def _or(node: Or) -> Asked:
    return _joined(node.operands, settles=True)


def _joined(nodes: Sequence[Expression], *, settles: bool) -> Asked:
    """Give ``settles`` if one operand is that, whatever the others are; else unknown wins."""
    operands = tuple(map(_asked, nodes))

    def found(context: Context) -> Result:
        needs: Names = ()
        fields: Names = ()
        unknown = False
        for operand in operands:
            value, names = operand(context)
            if value is settles:
                return value, names
            if value is None:
                unknown = True
                needs = union(needs, names)
            elif not unknown:
                fields = union(fields, names)
        return (None, needs) if unknown else (not settles, fields)

    return found


_COMPARE = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def _comparison(node: Comparison) -> Asked:
    return of_two(_asked(node.left), _asked(node.right), _COMPARE[node.operator])


def _membership(node: Membership) -> Asked:
    return of_two(
        _asked(node.element),
        _asked(node.container),
        lambda element, container: element in container,
    )


# The remainder has the sign of what is divided, as in CEL.
_CALCULATE = {"+": add, "-": sub, "*": mul, "/": truediv, "%": fmod}


def _arithmetic(node: Arithmetic) -> Asked:
    calculate, divides = _CALCULATE[node.operator], node.operator in "/%"

    def combine(left: float, right: float) -> float | None:
        if divides and right == 0:
            return None
        value: float = calculate(left, right)
        return value if isfinite(value) else None

    return of_two(_asked(node.left), _asked(node.right), combine)


def _conditional(node: Conditional) -> Asked:
    """Give the branch that is chosen; the other one does not count."""
    condition, yes, no = map(_asked, (node.condition, node.chosen, node.otherwise))

    def found(context: Context) -> Result:
        chosen, names = condition(context)
        if chosen is None:
            return None, names
        value, branch_names = (yes if chosen else no)(context)
        return value, branch_names if value is None else union(names, branch_names)

    return found


def _call(node: Call) -> Asked:
    if node.function in OF_NAMES:
        return OF_NAMES[node.function](*node.arguments)
    return OF_VALUES[node.function](*map(_asked, node.arguments))


_KINDS: dict[type, Callable[[Any], Asked]] = {
    Constant: _constant,
    ListLiteral: _list,
    Field: _field,
    Call: _call,
    Not: _not,
    Negative: _negative,
    And: _and,
    Or: _or,
    Comparison: _comparison,
    Membership: _membership,
    Arithmetic: _arithmetic,
    Conditional: _conditional,
}
