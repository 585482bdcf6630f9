"""The list of everything that the user did not say and the answer used."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from advisor.assumption import Assumption
from advisor.data import read_data
from advisor.workload.defaults import default, meaning

Value = TypeVar("Value")


class Assumptions:
    """Collects assumptions while an answer is worked out, each once, in order of first use."""

    def __init__(self) -> None:
        self._taken: dict[str, Assumption] = {}

    def use(self, stated: Value | None, field: str) -> Value:
        """Return what the user stated, or the field's documented default, which is then listed."""
        if stated is not None:
            return stated
        value: Value = default(field)
        if value is None:
            raise LookupError(f"{field} has no default")
        self.take(field, value, _lower_first(meaning(field)))
        return value

    def take(self, field: str, value: Any, why: str) -> None:
        self._taken.setdefault(field, Assumption(field=field, value=value, why=why))

    def listed(self) -> tuple[Assumption, ...]:
        return tuple(self._taken.values())


def house_assumption(name: str) -> dict[str, Any]:
    """Return an entry of ``rules/assumptions.yaml``: its value or table, and the reason."""
    entry: dict[str, Any] = _house()[name]
    return entry


@cache
def _house() -> dict[str, Any]:
    entries: dict[str, Any] = read_data("rules/assumptions.yaml")["assumptions"]
    return entries


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
