"""What an expression can be: its type, with the values that it can take."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind: TypeAlias = Literal["bool", "number", "string", "list"]


class Type(Struct, frozen=True, kw_only=True):
    """A type of the language.

    ``values`` are the strings that a string, or an element of a list, can be; None is any string.
    ``low`` and ``high`` bound a number, without the bound itself where it is open. ``element`` is
    the kind of a list's elements. A ``date`` is a string such as 2026-11-24, which has an order.
    """

    kind: Kind
    values: tuple[str, ...] | None = None
    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    element: Literal["number", "string", "bool"] | None = None
    date: bool = False

    def admits(self, value: Any) -> bool:
        """Return whether a plain value, as read from YAML or JSON, is of this type."""
        if self.kind == "list":
            item = Type(kind=self.element or "string", values=self.values)
            return isinstance(value, (list, tuple)) and all(item.admits(each) for each in value)
        if self.kind == "string":
            known = self.values is None or value in self.values
            return isinstance(value, str) and known and (is_date(value) or not self.date)
        if self.kind == "bool":
            return isinstance(value, bool)
        return (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and -inf < value < inf
            and (self.low < value if self.low_open else self.low <= value)
            and (value < self.high if self.high_open else value <= self.high)
        )


def is_date(text: str) -> bool:
    """Return whether a text is a date such as 2026-11-24."""
    from datetime import date

    if len(text) != len("2026-11-24") or not text.isascii():
        return False
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def a_kind(kind: Kind) -> str:
    """Return a kind as a message names it."""
    return {
        "bool": "true or false",
        "number": "a number",
        "string": "a string",
        "list": "a list",
    }[kind]


BOOL = Type(kind="bool")
NUMBER = Type(kind="number")
STRING = Type(kind="string")


class Names(Protocol):
    """What a condition may speak of."""

    def field(self, path: str) -> Type | None:
        """Return a field's type, or None when conditions cannot use it."""

    def why_not(self, path: str) -> str | None:
        """Return why a field that exists cannot be used, or None when there is no such field."""

    def known_paths(self) -> Iterable[str]:
        """Return the paths of all fields that can be used."""

    def quota(self, key: str) -> bool:
        """Return whether there is such a quota."""

    def known_quotas(self) -> Iterable[str]:
        """Return the keys of all quotas."""

    def service(self, name: str) -> bool:
        """Return whether the Regions of this service are listed."""

    def known_services(self) -> Iterable[str]:
        """Return the services whose Regions are listed."""

    def runtime(self, name: str) -> bool:
        """Return whether there is a runtime of this name, such as nodejs22 or python3.13."""

    def known_runtimes(self) -> Iterable[str]:
        """Return the names of all runtimes."""
