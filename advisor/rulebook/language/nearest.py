"""What somebody who wrote an unknown name may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 100
"""Characters up to which a name is looked for: the search takes the square of its length."""


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return "did you mean ...?" with the nearest known name, or ``otherwise`` if none is near.

    A field that another section has under the same name is the nearest.
    """
    from difflib import get_close_matches

    candidates = list(known)
    if len(name) > _LONGEST:
        return otherwise
    last = name.rpartition(".")[2]
    same = [each for each in candidates if "." in each and each.rpartition(".")[2] == last]
    near = get_close_matches(name, candidates, n=1) or get_close_matches(
        name.lower(), candidates, n=1
    )
    best = same if len(same) == 1 else near or same[:1]
    return f"did you mean {best[0]}?" if best else otherwise
