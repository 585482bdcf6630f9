"""Names that a user types and that stand for nothing: which was meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from advisor.errors import AdvisorError
from advisor.rulebook.language.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MOST_LISTED = 12
_LONGEST = 100


class NoSuchName(AdvisorError):
    """A name on the command line that stands for nothing in the answer."""


def no_such(
    kind: str, name: str, known: Iterable[str], also: Mapping[str, str] | None = None
) -> NoSuchName:
    """Return the error for a name that is not known, with the nearest one or a list.

    ``also`` gives further spellings, in small letters, with the name that each stands for.
    """
    names = list(dict.fromkeys(known))
    listed = "there are none"
    if names:
        more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
        listed = f"there are {', '.join(names[:_MOST_LISTED])}{more}"
    help_ = _spelt(name, also or {}) or did_you_mean(name, names, listed)
    return NoSuchName(f"no {kind} {shortened(name)!r} in this answer\n  help: {help_}")


def _spelt(name: str, also: Mapping[str, str]) -> str | None:
    near = get_close_matches(name[:_LONGEST].lower(), also, n=1)
    return f"did you mean {also[near[0]]}?" if near else None


def shortened(name: str) -> str:
    """Return a name as an error shows it, whatever its length."""
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
