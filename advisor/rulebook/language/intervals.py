"""Between which bounds a calculated number lies.

Rounding keeps order, so the bounds hold for floats too, once they are closed.
"""

from __future__ import annotations

from math import ceil, inf, isfinite, isnan
from typing import TYPE_CHECKING

from advisor.rulebook.language.types import NUMBER, Type

if TYPE_CHECKING:
    from advisor.rulebook.language.syntax import Comparator, Operator


def negated(number: Type) -> Type:
    """Return the type of ``-number``."""
    return Type(
        kind="number",
        # A zero stays without a sign.
        low=0.0 - number.high,
        high=0.0 - number.low,
        low_open=number.high_open,
        high_open=number.low_open,
    )


def calculated(operator: Operator, left: Type, right: Type) -> Type:
    """Return the type of ``left operator right``; without bounds where they are not simple."""
    if operator == "+":
        return _between(left.low + right.low, left.high + right.high)
    if operator == "-":
        return _between(left.low - right.high, left.high - right.low)
    if operator == "%" or (operator == "/" and right.low <= 0 <= right.high):
        return NUMBER
    corners = [
        a * b if operator == "*" else a / b
        for a in (left.low, left.high)
        for b in (right.low, right.high)
    ]
    if any(map(isnan, corners)):
        return NUMBER
    return _between(min(corners), max(corners))


def smaller(left: Type, right: Type) -> Type:
    """Return the type of ``min(left, right)``."""
    return _between(min(left.low, right.low), min(left.high, right.high))


def larger(left: Type, right: Type) -> Type:
    """Return the type of ``max(left, right)``."""
    return _between(max(left.low, right.low), max(left.high, right.high))


def rounded_up(number: Type) -> Type:
    """Return the type of ``ceil(number)``."""
    low, high = number.low, number.high
    return _between(
        ceil(low) if isfinite(low) else low,
        ceil(high) if isfinite(high) else high,
    )


def _between(low: float, high: float) -> Type:
    if isnan(low) or isnan(high) or low == inf or high == -inf:
        return NUMBER
    return Type(kind="number", low=float(low), high=float(high))


def settled(operator: Comparator, left: Type, right: Type) -> bool | None:
    """Return what a comparison of two numbers always is, or None if it can be true and false."""
    if operator in (">", ">="):
        return settled("<" if operator == ">" else "<=", right, left)
    touching_below = left.high == right.low and (left.high_open or right.low_open)
    touching_above = left.low == right.high and (left.low_open or right.high_open)
    below = left.high < right.low or touching_below
    above = left.low > right.high or touching_above
    if operator == "<":
        return True if below else (False if left.low >= right.high else None)
    if operator == "<=":
        return True if left.high <= right.low else (False if above else None)
    if below or above:
        return operator == "!="
    return None


def in_bounds(number: Type) -> str:
    """Return a number's bounds in words: "between 0 and 1", "at least 0", "below 100"."""
    from advisor.arithmetic import in_words

    low = in_words(number.low) if isfinite(number.low) else None
    high = in_words(number.high) if isfinite(number.high) else None
    if low is not None and low == high:
        return low
    if low is not None and high is not None and not (number.low_open or number.high_open):
        return f"between {low} and {high}"
    parts = []
    if low is not None:
        parts.append(f"{'above' if number.low_open else 'at least'} {low}")
    if high is not None:
        parts.append(f"{'below' if number.high_open else 'at most'} {high}")
    return " and ".join(parts) or "any number"
