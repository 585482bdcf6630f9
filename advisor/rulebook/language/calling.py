"""What the functions of the language give; ``functions`` says what they take."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from advisor.rulebook.language.values import at_least, days_between, of_two, plain, union

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.rulebook.language.values import Asked, Context, Names, Result


def _quota(key: Any) -> Asked:
    def found(context: Context) -> Result:
        value = context.quota(key.value)
        return (None, ("region",)) if value is None else (float(value), ())

    return found


def _region_supports(service: Any) -> Asked:
    return lambda context: (context.region_supports(service.value), ("region",))


def _has(field: Any) -> Asked:
    path, names = field.path, (field.path,)
    return lambda context: (plain(context.value(path)) is not None, names)


def _runtime_at_least(runtime: Asked, versions: Asked) -> Asked:
    return of_two(runtime, versions, at_least)


def _runtime_deprecated(runtime_of: Asked, days_of: Asked) -> Asked:
    def found(context: Context) -> Result:
        runtime, runtime_names = runtime_of(context)
        day = None if runtime is None else context.deprecated_on(runtime)
        if runtime is not None and day is None:
            return False, runtime_names
        days, days_names = days_of(context)
        today = context.value("date")
        parts = ((runtime, runtime_names), (days, days_names), (today, ("date",)))
        needs: Names = ()
        names: Names = ()
        for value, its_names in parts:
            names = union(names, its_names)
            if value is None:
                needs = union(needs, its_names)
        if day is None or days is None or today is None:
            return None, needs
        return days_between(today, day) <= days, names

    return found


def _any_in(first: Asked, second: Asked) -> Asked:
    return of_two(first, second, lambda some, among: any(item in among for item in some))


def _all_in(first: Asked, second: Asked) -> Asked:
    return of_two(first, second, lambda some, among: all(item in among for item in some))


def _min(first: Asked, second: Asked) -> Asked:
    return of_two(first, second, min)


def _max(first: Asked, second: Asked) -> Asked:
    return of_two(first, second, max)


def _ceil(number: Asked) -> Asked:
    def found(context: Context) -> Result:
        value, names = number(context)
        return (None if value is None else float(ceil(value))), names

    return found


OF_NAMES: dict[str, Callable[[Any], Asked]] = {
    "quota": _quota,
    "region_supports": _region_supports,
    "has": _has,
}
"""The functions of a name: a literal, or a field and not its value."""

OF_VALUES: dict[str, Callable[..., Asked]] = {
    "runtime_at_least": _runtime_at_least,
    "runtime_deprecated": _runtime_deprecated,
    "any_in": _any_in,
    "all_in": _all_in,
    "min": _min,
    "max": _max,
    "ceil": _ceil,
}
