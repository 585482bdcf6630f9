"""What is wrong with a condition, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class ConditionError(Struct, frozen=True, kw_only=True):
    """One mistake: the text from ``start`` to ``end`` (counted from 0), and what to do about it."""

    start: int
    end: int
    message: str
    help: str


class ConditionErrors(ValueError):
    """A condition that is not accepted; ``errors`` has every mistake found, in order of place."""

    def __init__(self, errors: Iterable[ConditionError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.start, error.end)))
        super().__init__(
            "\n".join(
                f"{error.start}-{error.end}: {error.message}; {error.help}" for error in self.errors
            )
        )
