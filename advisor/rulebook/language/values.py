"""What the language counts with: values, the fields behind them, and where these come from."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from advisor.rulebook.language.runtimes import family_and_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Value: TypeAlias = bool | float | str | tuple[Any, ...] | None
"""None is unknown; a tuple is a list."""

Names: TypeAlias = tuple[str, ...]
Result: TypeAlias = tuple[Any, Names]
"""A value with the fields that decide it; of an unknown value, those that would settle it."""

Asked: TypeAlias = "Callable[[Context], Result]"
"""An expression, taken apart: it gives a result for a context."""


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


def union(first: Names, second: Names) -> Names:
    """Return the names of both, each once, in order of appearance."""
    if not first or first == second:
        return second
    if not second:
        return first
    return first + tuple(name for name in second if name not in first)


def of_two(left_of: Asked, right_of: Asked, combine: Callable[[Any, Any], Any]) -> Asked:
    """Give what two known values make, with the fields of both; else those of the unknown ones."""

    def found(context: Context) -> Result:
        left, left_names = left_of(context)
        right, right_names = right_of(context)
        if left is None:
            return None, (left_names if right is not None else union(left_names, right_names))
        if right is None:
            return None, right_names
        return combine(left, right), union(left_names, right_names)

    return found


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


def days_between(first: str, second: str) -> int:
    """Return the days from one ISO date to another; ValueError if one is no date."""
    from datetime import date

    return (date.fromisoformat(second) - date.fromisoformat(first)).days
