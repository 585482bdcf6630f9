"""The value of an expression for many workloads at once: a column for each field.

The answers are those of ``evaluating``, element by element; the fields that decide them are not
kept. Numbers and logic are worked out on whole columns, strings and lists one by one. This module
imports numpy, so it is imported only where columns are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

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
from advisor.rulebook.language.values import at_least, days_between, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from advisor.rulebook.language.syntax import Expression
    from advisor.rulebook.language.values import Value


class Columns(Protocol):
    """Where an evaluation gets what it does not know itself, for ``size`` workloads.

    Each answer is a list or an array of that many values, or one value that holds for all. None is
    unknown, and what is a list in the language is a tuple here.
    """

    size: int

    def value(self, path: str) -> Any:
        """Return a field's values. ``date`` is an ISO date."""

    def quota(self, key: str) -> Any:
        """Return a quota in each workload's Region."""

    def region_supports(self, service: str) -> Any:
        """Return whether each workload's Region has a service."""

    def deprecated_on(self, runtime: str) -> str | None:
        """Return the ISO date from which a runtime is deprecated, or None without such a date."""


class Column(NamedTuple):
    """Values by workload, and which of them are known; what stands for an unknown one is moot.

    Both arrays have one dimension, of one length. Numbers are floats, truth is bool, strings and
    lists are objects.
    """

    values: NDArray[Any]
    known: NDArray[np.bool_]

    def listed(self) -> list[Value]:
        """Return the values as ``evaluate`` gives them, None where unknown."""
        pairs = zip(self.values.tolist(), self.known.tolist(), strict=True)
        return [value if known else None for value, known in pairs]


def evaluate_columns(expression: Expression, columns: Columns) -> Column:
    """Return the values of a checked expression, one for each workload.

    Raises ValueError when a column has another length than ``columns.size``, TypeError when it
    holds something that is no value of the language.
    """
    with np.errstate(all="ignore"):
        return _VALUES[type(expression)](expression, columns)


def _column(values: Sequence[Value]) -> Column:
    """Return plain values, None where unknown, as a column."""
    known = np.array([value is not None for value in values], dtype=np.bool_)
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bool):
        return Column(np.array([value is True for value in values], dtype=np.bool_), known)
    if isinstance(first, (str, tuple)):
        filler: str | tuple[()] = "" if isinstance(first, str) else ()
        objects = np.empty(len(values), dtype=object)
        for index, value in enumerate(values):
            objects[index] = filler if value is None else value
        return Column(objects, known)
    numbers = [0.0 if value is None else value for value in values]
    return Column(np.array(numbers, dtype=np.float64), known)


def _given(values: Any, size: int) -> Column:
    """Return what a context gave as a column."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        numbers = values.astype(np.float64)
        found = Column(numbers, np.isfinite(numbers))
    elif isinstance(values, (list, np.ndarray)):
        listed = values.tolist() if isinstance(values, np.ndarray) else values
        found = _column([plain(value) for value in listed])
    else:
        found = _all(plain(values), size)
    if len(found.values) != size:
        raise ValueError(f"a column has {len(found.values)} values, not {size}")
    return found


def _all(value: Value, size: int) -> Column:
    """Return one value for every workload."""
    one = _column([value])
    return Column(np.repeat(one.values, size), np.repeat(one.known, size))


def _constant(node: Constant, columns: Columns) -> Column:
    return _all(node.value, columns.size)


def _list(node: ListLiteral, columns: Columns) -> Column:
    return _all(node.items, columns.size)


def _field(node: Field, columns: Columns) -> Column:
    return _given(columns.value(node.path), columns.size)


def _of(node: Expression, columns: Columns) -> Column:
    return _VALUES[type(node)](node, columns)


def _both(first: Expression, second: Expression, columns: Columns) -> tuple[Any, Any, Any]:
    """Return two columns of values, and where both are known."""
    left, right = _of(first, columns), _of(second, columns)
    return left.values, right.values, left.known & right.known


def _not(node: Not, columns: Columns) -> Column:
    values, known = _of(node.operand, columns)
    return Column(~_truth(values), known)


def _negative(node: Negative, columns: Columns) -> Column:
    values, known = _of(node.operand, columns)
    return Column(-values, known)


def _truth(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return values as true or false; a column without a known value has the type of numbers."""
    return values.astype(np.bool_)


def _and(node: And, columns: Columns) -> Column:
    return _joined(node.operands, columns, settles=False)


def _or(node: Or, columns: Columns) -> Column:
    return _joined(node.operands, columns, settles=True)


def _joined(operands: Sequence[Expression], columns: Columns, *, settles: bool) -> Column:
    """Return ``settles`` where one operand is that, whatever the others are; else unknown wins."""
    settled = np.zeros(columns.size, dtype=np.bool_)
    all_known = np.ones(columns.size, dtype=np.bool_)
    for operand in operands:
        values, known = _of(operand, columns)
        settled |= known & (_truth(values) == settles)
        all_known &= known
    return Column(settled if settles else ~settled, settled | all_known)


_COMPARE = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _comparison(node: Comparison, columns: Columns) -> Column:
    left, right, known = _both(node.left, node.right, columns)
    if not known.any():
        return _all(None, columns.size)
    if left.dtype != object:
        return Column(_COMPARE[node.operator](left, right), known)
    values = np.zeros(columns.size, dtype=np.bool_)
    values[known] = _COMPARE[node.operator](left[known], right[known]).astype(np.bool_)
    return Column(values, known)


def _membership(node: Membership, columns: Columns) -> Column:
    return _one_by_one(
        (node.element, node.container), columns, lambda element, items: element in items
    )


def _one_by_one(
    arguments: tuple[Expression, ...], columns: Columns, decide: Callable[..., bool | None]
) -> Column:
    """Return what is decided of the values of each workload of which all are known."""
    given = [_of(argument, columns).listed() for argument in arguments]
    return _column(
        [None if None in each else decide(*each) for each in zip(*given, strict=True)],
    )


_CALCULATE = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "%": np.fmod,
}


def _arithmetic(node: Arithmetic, columns: Columns) -> Column:
    left, right, known = _both(node.left, node.right, columns)
    values = _CALCULATE[node.operator](left, right)
    # A division or a remainder by zero is no finite number here.
    return Column(values, known & np.isfinite(values))


def _conditional(node: Conditional, columns: Columns) -> Column:
    condition = _of(node.condition, columns)
    chosen, otherwise = _of(node.chosen, columns), _of(node.otherwise, columns)
    which = _truth(condition.values)
    known = condition.known & np.where(which, chosen.known, otherwise.known)
    if not chosen.known.any():
        return Column(otherwise.values, known)
    if not otherwise.known.any():
        return Column(chosen.values, known)
    return Column(np.where(which, chosen.values, otherwise.values), known)


def _call(node: Call, columns: Columns) -> Column:
    return _FUNCTIONS[node.function](node.arguments, columns)


def _quota(arguments: Any, columns: Columns) -> Column:
    return _given(columns.quota(arguments[0].value), columns.size)


def _region_supports(arguments: Any, columns: Columns) -> Column:
    return _given(columns.region_supports(arguments[0].value), columns.size)


def _has(arguments: Any, columns: Columns) -> Column:
    known = _of(arguments[0], columns).known
    return Column(known, np.ones(columns.size, dtype=np.bool_))


def _runtime_at_least(arguments: Any, columns: Columns) -> Column:
    return _one_by_one(arguments, columns, at_least)


def _runtime_deprecated(arguments: Any, columns: Columns) -> Column:
    runtimes, days = (_of(argument, columns).listed() for argument in arguments)
    today = _given(columns.value("date"), columns.size).listed()

    def decide(runtime: Any, within: Any, day: Any) -> bool | None:
        until = None if runtime is None else columns.deprecated_on(runtime)
        if until is None:
            return None if runtime is None else False
        return None if within is None or day is None else days_between(day, until) <= within

    return _column([decide(*each) for each in zip(runtimes, days, today, strict=True)])


def _any_in(arguments: Any, columns: Columns) -> Column:
    return _one_by_one(
        arguments, columns, lambda first, second: any(item in second for item in first)
    )


def _all_in(arguments: Any, columns: Columns) -> Column:
    return _one_by_one(
        arguments, columns, lambda first, second: all(item in second for item in first)
    )


def _min(arguments: Any, columns: Columns) -> Column:
    first, second = arguments
    left, right, known = _both(first, second, columns)
    return Column(np.minimum(left, right), known)


def _max(arguments: Any, columns: Columns) -> Column:
    first, second = arguments
    left, right, known = _both(first, second, columns)
    return Column(np.maximum(left, right), known)


def _ceil(arguments: Any, columns: Columns) -> Column:
    values, known = _of(arguments[0], columns)
    return Column(np.ceil(values), known)


_FUNCTIONS: dict[str, Callable[[Any, Columns], Column]] = {
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

_VALUES: dict[type, Callable[[Any, Columns], Column]] = {
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
