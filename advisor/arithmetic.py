"""The few operations that every charge is made of, in three arithmetics.

A bill is computed in ``decimal.Decimal``, a search in ``float`` and a sweep in numpy arrays, by the
same formulas. They use ``+ - * /`` and the helpers below, which give the same answer for all three.
numpy is never imported here: an array brings it along.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from math import ceil
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Number: TypeAlias = Any
"""A Decimal, a float, or a numpy array of floats; the type system has no name for the three."""


def _is_scalar(value: Number) -> bool:
    return isinstance(value, (Decimal, float, int))


def lowest(first: Number, second: Number) -> Number:
    """Return the smaller of two numbers, element by element for arrays."""
    if _is_scalar(first) and _is_scalar(second):
        return first if first <= second else second
    return _numpy().minimum(first, second)


def highest(first: Number, second: Number) -> Number:
    """Return the larger of two numbers, element by element for arrays."""
    if _is_scalar(first) and _is_scalar(second):
        return first if first >= second else second
    return _numpy().maximum(first, second)


def ceil_to(value: Number, step: Number) -> Number:
    """Round up to the next multiple of ``step``, as AWS meters in chunks of 64 KB or one minute.

    >>> ceil_to(Decimal("1.2"), 1), ceil_to(130.0, 64)
    (Decimal('2'), 192)
    """
    units = value / step
    if isinstance(units, Decimal):
        return units.to_integral_value(rounding=ROUND_CEILING) * step
    if _is_scalar(units):
        return ceil(units) * step
    return _numpy().ceil(units) * step


def split_by_tiers(quantity: Number, bounds: Sequence[Number | None]) -> list[Number]:
    """Split a quantity over graduated tiers; ``bounds`` are their upper ends, the last is None.

    >>> split_by_tiers(Decimal(25), [Decimal(10), None])
    [Decimal('10'), Decimal('15')]
    """
    parts: list[Number] = []
    start: Number = 0
    for bound in bounds:
        above = highest(quantity - start, 0 * quantity)
        parts.append(above if bound is None else lowest(above, bound - start))
        start = bound
    return parts


def is_zero(value: Number) -> bool:
    """Return whether a number is zero; an array only when it is zero everywhere."""
    return bool(value == 0) if _is_scalar(value) else not value.any()


def to_decimal(value: float | int | str | Decimal) -> Decimal:
    """Return the decimal that a person would read: 0.1 is 0.1, not its binary neighbour."""
    if isinstance(value, float) and value.is_integer():
        return Decimal(int(value))
    return value if isinstance(value, Decimal) else Decimal(str(value))


def alike(value: float | int, other: Number) -> Number:
    """Return a constant in the arithmetic of the number that it will meet."""
    return to_decimal(value) if isinstance(other, Decimal) else value


def significant(value: float, digits: int = 7) -> float:
    """Return a figure with the digits on which machines agree, or with fewer or more of them.

    >>> significant(1 / 3), significant(123456.0, 3)
    (0.3333333, 123000.0)
    """
    return float(f"{value:.{digits}g}")


NumberMaker: TypeAlias = "Callable[[float | int | str | Decimal], Number]"


def _numpy() -> Any:
    import numpy as np

    return np


def in_words(value: Number, digits: int = 9) -> str:
    """Return a number as it is written in a formula: thousands separated, no float noise.

    >>> in_words(Decimal("42000000")), in_words(0.1 + 0.2), in_words(99.6, 0)
    ('42,000,000', '0.3', '100')
    """
    if not _is_scalar(value):
        return "each value"
    text = f"{float(value):,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if text not in ("0", "-0") or value == 0 else f"{float(value):.3g}"
