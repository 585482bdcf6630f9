"""The value of an expression: known, or unknown with the fields that would settle it.

Three-valued logic after Kleene: ``false && unknown`` is false, ``true || unknown`` is true, and
everything else spreads the unknown. Arithmetic without a result (a division by zero, a number too
large) is unknown as well, and needs another value of the fields that it was made from.

A rule is asked for many designs of many workloads, so that an expression is turned into functions
of the context once, and these are what is called.
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

_Asked: TypeAlias = "Callable[[Context], _Result]"


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


def _asked(expression: Expression) -> _Asked:
    return _KINDS[type(expression)](expression)


def _union(first: _Names, second: _Names) -> _Names:
    if not first or first == second:
        return second
    if not second:
        return first
    return first + tuple(name for name in second if name not in first)


def _constant(node: Constant) -> _Asked:
    result = node.value, ()
    return lambda _context: result


def _list(node: ListLiteral) -> _Asked:
    result = node.items, ()
    return lambda _context: result


def _field(node: Field) -> _Asked:
    path, names = node.path, (node.path,)

    def found(context: Context) -> _Result:
        value = context.value(path)
        if type(value) is not str and type(value) is not bool and value is not None:
            value = plain(value)
        return value, names

    return found


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


def _not(node: Not) -> _Asked:
    operand = _asked(node.operand)

    def found(context: Context) -> _Result:
        value, names = operand(context)
        return (None if value is None else not value), names

    return found


def _negative(node: Negative) -> _Asked:
    operand = _asked(node.operand)

    def found(context: Context) -> _Result:
        value, names = operand(context)
        return (None if value is None else -value), names

    return found


def _and(node: And) -> _Asked:
    return _joined(node.operands, settles=False)


def _or(node: Or) -> _Asked:
    return _joined(node.operands, settles=True)


def _joined(nodes: Sequence[Expression], *, settles: bool) -> _Asked:
    """Give ``settles`` if one operand is that, whatever the others are; else unknown wins."""
    operands = tuple(map(_asked, nodes))

    def found(context: Context) -> _Result:
        needs: _Names = ()
        fields: _Names = ()
        unknown = False
        for operand in operands:
            value, names = operand(context)
            if value is settles:
                return value, names
            if value is None:
                unknown = True
                needs = _union(needs, names)
            elif not unknown:
                fields = _union(fields, names)
        return (None, needs) if unknown else (not settles, fields)

    return found


def _of_two(first: Expression, second: Expression, combine: Callable[[Any, Any], Any]) -> _Asked:
    """Give what two known values make, with the fields of both; else those of the unknown ones."""
    left_of, right_of = _asked(first), _asked(second)

    def found(context: Context) -> _Result:
        left, left_names = left_of(context)
        right, right_names = right_of(context)
        if left is None:
            return None, (left_names if right is not None else _union(left_names, right_names))
        if right is None:
            return None, right_names
        return combine(left, right), _union(left_names, right_names)

    return found


_COMPARE = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def _comparison(node: Comparison) -> _Asked:
    return _of_two(node.left, node.right, _COMPARE[node.operator])


def _membership(node: Membership) -> _Asked:
    return _of_two(node.element, node.container, lambda element, container: element in container)


# The remainder has the sign of what is divided, as in CEL.
_CALCULATE = {"+": add, "-": sub, "*": mul, "/": truediv, "%": fmod}


def _arithmetic(node: Arithmetic) -> _Asked:
    calculate, divides = _CALCULATE[node.operator], node.operator in "/%"

    def combine(left: float, right: float) -> float | None:
        if divides and right == 0:
            return None
        value: float = calculate(left, right)
        return value if isfinite(value) else None

    return _of_two(node.left, node.right, combine)


def _conditional(node: Conditional) -> _Asked:
    """Give the branch that is chosen; the other one does not count."""
    condition, yes, no = map(_asked, (node.condition, node.chosen, node.otherwise))

    def found(context: Context) -> _Result:
        chosen, names = condition(context)
        if chosen is None:
            return None, names
        value, branch_names = (yes if chosen else no)(context)
        return value, branch_names if value is None else _union(names, branch_names)

    return found


def _call(node: Call) -> _Asked:
    return _FUNCTIONS[node.function](*node.arguments)


def _quota(key: Any) -> _Asked:
    def found(context: Context) -> _Result:
        value = context.quota(key.value)
        return (None, ("region",)) if value is None else (float(value), ())

    return found


def _region_supports(service: Any) -> _Asked:
    return lambda context: (context.region_supports(service.value), ("region",))


def _has(field: Any) -> _Asked:
    path, names = field.path, (field.path,)
    return lambda context: (plain(context.value(path)) is not None, names)


def _runtime_at_least(runtime: Expression, versions: Expression) -> _Asked:
    return _of_two(runtime, versions, at_least)


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


def _runtime_deprecated(first: Expression, second: Expression) -> _Asked:
    runtime_of, days_of = _asked(first), _asked(second)

    def found(context: Context) -> _Result:
        runtime, runtime_names = runtime_of(context)
        day = None if runtime is None else context.deprecated_on(runtime)
        if runtime is not None and day is None:
            return False, runtime_names
        days, days_names = days_of(context)
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

    return found


def days_between(first: str, second: str) -> int:
    """Return the days from one ISO date to another; ValueError if one is no date."""
    from datetime import date

    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def _any_in(first: Expression, second: Expression) -> _Asked:
    return _of_two(first, second, lambda some, among: any(item in among for item in some))


def _all_in(first: Expression, second: Expression) -> _Asked:
    return _of_two(first, second, lambda some, among: all(item in among for item in some))


def _min(first: Expression, second: Expression) -> _Asked:
    return _of_two(first, second, min)


def _max(first: Expression, second: Expression) -> _Asked:
    return _of_two(first, second, max)


def _ceil(number: Expression) -> _Asked:
    operand = _asked(number)

    def found(context: Context) -> _Result:
        value, names = operand(context)
        return (None if value is None else float(ceil(value))), names

    return found


_FUNCTIONS: dict[str, Callable[..., _Asked]] = {
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

_KINDS: dict[type, Callable[[Any], _Asked]] = {
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
