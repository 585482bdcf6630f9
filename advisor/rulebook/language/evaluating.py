"""The value of an expression: known, or unknown with the fields that would settle it.

Three-valued logic after Kleene: ``false && unknown`` is false, ``true || unknown`` is true, and
everything else spreads the unknown. Arithmetic without a result (a division by zero, a number too
large) is unknown as well, and needs another value of the fields that it was made from.
"""

from __future__ import annotations

from math import ceil, fmod, isfinite
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from msgspec import Struct

from advisor.rulebook.language.runtimes import family_and_version
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.rulebook.language.syntax import Expression

Value: TypeAlias = bool | float | str | tuple[Any, ...] | None
"""None is unknown; a tuple is a list."""

_Names: TypeAlias = tuple[str, ...]
_Result: TypeAlias = tuple[Any, _Names]
"""A value with the fields that decide it; of an unknown value, those that would settle it."""


class Context(Protocol):
    """Where an evaluation gets what it does not know itself."""

    def value(self, path: str) -> Any:
        """Return a field's value, or None when it is not known. ``date`` is an ISO date."""

    def quota(self, key: str) -> float | None:
        """Return a quota in the workload's Region, or None when it depends on an unknown one."""

    def region_supports(self, service: str) -> bool | None:
        """Return whether the workload's Region has a service, or None when it is not known."""

    def deprecated_on(self, runtime: str) -> str | None:
        """Return the ISO date from which a runtime is deprecated, or None without such a date."""


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
    value, names = _VALUES[type(expression)](expression, context)
    if value is None:
        return Outcome(value=None, needs=names, fields=())
    return Outcome(value=value, needs=(), fields=names)


def _union(first: _Names, second: _Names) -> _Names:
    if not first or first == second:
        return second
    if not second:
        return first
    return first + tuple(name for name in second if name not in first)


def _constant(node: Constant, _context: Context) -> _Result:
    return node.value, ()


def _list(node: ListLiteral, _context: Context) -> _Result:
    return node.items, ()


def _field(node: Field, context: Context) -> _Result:
    path = node.path
    value = context.value(path)
    if type(value) is not str and type(value) is not bool and value is not None:
        value = plain(value)
    return value, (path,)


def plain(value: Any) -> Value:
    """Return a value as the language has it: every number a finite float, every list a tuple.

    An infinite number, or one that is none, is unknown. Raises TypeError for other objects.
    """
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        items = tuple(plain(item) for item in value)
        return None if None in items else items
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _not(node: Not, context: Context) -> _Result:
    operand = node.operand
    value, names = _VALUES[type(operand)](operand, context)
    return (None if value is None else not value), names


def _negative(node: Negative, context: Context) -> _Result:
    operand = node.operand
    value, names = _VALUES[type(operand)](operand, context)
    return (None if value is None else -value), names


def _and(node: And, context: Context) -> _Result:
    return _joined(node.operands, context, settles=False)


def _or(node: Or, context: Context) -> _Result:
    return _joined(node.operands, context, settles=True)


def _joined(operands: Sequence[Expression], context: Context, *, settles: bool) -> _Result:
    """Return ``settles`` if one operand is that, whatever the others are; else unknown wins."""
    needs: _Names = ()
    fields: _Names = ()
    unknown = False
    for operand in operands:
        value, names = _VALUES[type(operand)](operand, context)
        if value is settles:
            return value, names
        if value is None:
            unknown = True
            needs = _union(needs, names)
        elif not unknown:
            fields = _union(fields, names)
    return (None, needs) if unknown else (not settles, fields)


def _both(first: Expression, second: Expression, context: Context) -> tuple[Any, Any, _Names]:
    """Return two values, and the fields of both; of only the unknown ones if there are such."""
    left, left_names = _VALUES[type(first)](first, context)
    right, right_names = _VALUES[type(second)](second, context)
    if left is None and right is not None:
        return None, right, left_names
    if right is None and left is not None:
        return left, None, right_names
    return left, right, _union(left_names, right_names)


_COMPARE = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def _comparison(node: Comparison, context: Context) -> _Result:
    left, right, names = _both(node.left, node.right, context)
    if left is None or right is None:
        return None, names
    return _COMPARE[node.operator](left, right), names


def _membership(node: Membership, context: Context) -> _Result:
    element, container, names = _both(node.element, node.container, context)
    if element is None or container is None:
        return None, names
    return element in container, names


# The remainder has the sign of what is divided, as in CEL.
_CALCULATE = {"+": add, "-": sub, "*": mul, "/": truediv, "%": fmod}


def _arithmetic(node: Arithmetic, context: Context) -> _Result:
    left, right, names = _both(node.left, node.right, context)
    operator = node.operator
    if left is None or right is None or (right == 0 and operator in "/%"):
        return None, names
    value = _CALCULATE[operator](left, right)
    return (value if isfinite(value) else None), names


def _conditional(node: Conditional, context: Context) -> _Result:
    """Return the branch that is chosen; the other one does not count."""
    condition = node.condition
    chosen, names = _VALUES[type(condition)](condition, context)
    if chosen is None:
        return None, names
    branch = node.chosen if chosen else node.otherwise
    value, branch_names = _VALUES[type(branch)](branch, context)
    return value, branch_names if value is None else _union(names, branch_names)


def _call(node: Call, context: Context) -> _Result:
    return _FUNCTIONS[node.function](node.arguments, context)


def _quota(arguments: Any, context: Context) -> _Result:
    value = context.quota(arguments[0].value)
    return (None, ("region",)) if value is None else (float(value), ())


def _region_supports(arguments: Any, context: Context) -> _Result:
    return context.region_supports(arguments[0].value), ("region",)


def _has(arguments: Any, context: Context) -> _Result:
    path = arguments[0].path
    return plain(context.value(path)) is not None, (path,)


def _runtime_at_least(arguments: Any, context: Context) -> _Result:
    runtime, versions, names = _both(arguments[0], arguments[1], context)
    if runtime is None or versions is None:
        return None, names
    return at_least(runtime, versions), names


def at_least(runtime: str, versions: Sequence[str]) -> bool | None:
    """Return whether a runtime is of the family of one of ``versions`` and at least that version.

    None when it is of the family, but names too little of its version, as ``python3`` does.
    """
    family, version = family_and_version(runtime)
    lowest = [other for name, other in map(family_and_version, versions) if name == family]
    if not lowest:
        return False
    least = min(lowest)
    if len(version) < len(least) and version == least[: len(version)]:
        return None
    return version >= least


def _runtime_deprecated(arguments: Any, context: Context) -> _Result:
    runtime, runtime_names = _VALUES[type(arguments[0])](arguments[0], context)
    day = None if runtime is None else context.deprecated_on(runtime)
    if runtime is not None and day is None:
        return False, runtime_names
    days, days_names = _VALUES[type(arguments[1])](arguments[1], context)
    today = context.value("date")
    parts = ((runtime, runtime_names), (days, days_names), (today, ("date",)))
    needs: _Names = ()
    names: _Names = ()
    for value, its_names in parts:
        names = _union(names, its_names)
        if value is None:
            needs = _union(needs, its_names)
    if day is None or days is None or today is None:
        return None, needs
    return days_between(today, day) <= days, names


def days_between(first: str, second: str) -> int:
    """Return the days from one ISO date to another; ValueError if one is no date."""
    from datetime import date

    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def _any_in(arguments: Any, context: Context) -> _Result:
    first, second, names = _both(arguments[0], arguments[1], context)
    if first is None or second is None:
        return None, names
    return any(item in second for item in first), names


def _all_in(arguments: Any, context: Context) -> _Result:
    first, second, names = _both(arguments[0], arguments[1], context)
    if first is None or second is None:
        return None, names
    return all(item in second for item in first), names


def _min(arguments: Any, context: Context) -> _Result:
    first, second, names = _both(arguments[0], arguments[1], context)
    return (None if first is None or second is None else min(first, second)), names


def _max(arguments: Any, context: Context) -> _Result:
    first, second, names = _both(arguments[0], arguments[1], context)
    return (None if first is None or second is None else max(first, second)), names


def _ceil(arguments: Any, context: Context) -> _Result:
    argument = arguments[0]
    value, names = _VALUES[type(argument)](argument, context)
    return (None if value is None else float(ceil(value))), names


_FUNCTIONS: dict[str, Callable[[Any, Context], _Result]] = {
    "quota": _quota,
    "region_supports": _region_supports,
    "runtime_at_least": _runtime_at_least,
    "runtime_deprecated": _runtime_deprecated,
    "any_in": _any_in,
    "all_in": _all_in,
    "has": _has,
    "min": _min,
    "max": _max,
    "ceil": _ceil,
}

_VALUES: dict[type, Callable[[Any, Context], _Result]] = {
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
