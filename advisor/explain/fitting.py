"""What a story leaves out so that it fits one screen."""

from __future__ import annotations

from textwrap import shorten, wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES = 36
"""Lines of the sections together; with a title of up to three lines that is one screen of 40."""
LINE = 68
"""Characters of a line beside the name of its section."""
_LONGEST = 4 * LINE
"""Characters of a sentence: a hostile or a wordy one does not take the screen."""
_LEAST = {"Decided": 2, "Ruled out": 2, "Reopens": 2, "Would flip": 1, "How sure": 4, "Do next": 2}
"""Sentences that a section keeps where the screen is short; the others are kept whole."""
_REST = {
    "Ruled out": "--decision NAME",
    "Would flip": "--decision NAME",
    "Do next": "--decision NAME",
}


def fitted(sections: dict[str, list[str]]) -> dict[str, list[str]]:
    """Shorten the sections that have the most to say until all of them fit a screen."""
    kept = {
        name: [shorten(sentence, _LONGEST, placeholder=" …") for sentence in said]
        for name, said in sections.items()
    }
    count = {name: len(said) for name, said in kept.items()}
    for least in (_LEAST, {}):
        while _height(kept, count) > MOST_LINES:
            long = [name for name in kept if len(kept[name]) > least.get(name, len(kept[name]))]
            if not least:
                long = [name for name in kept if len(kept[name]) > 1]
            if not long:
                break
            kept[max(long, key=lambda name: _lines(kept[name]))].pop()
    return {name: [*said, *_more(name, count[name] - len(said))] for name, said in kept.items()}


def _height(kept: dict[str, list[str]], count: dict[str, int]) -> int:
    return sum(_lines(said) + (len(said) < count[name]) for name, said in kept.items())


def _lines(said: Sequence[str]) -> int:
    return sum(len(wrap(sentence, LINE, break_on_hyphens=False)) for sentence in said)


def _more(name: str, count: int) -> tuple[str, ...]:
    if not count:
        return ()
    where = f": {_REST[name]}" if name in _REST else ""
    return (f"And {count} more{where}.",)
