"""A page of Markdown that can be cut: paragraphs, lists, tables, and what is folded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from advisor.report import gate_words, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LONGEST_NAME = 160
T = TypeVar("T")
# Hosts link these after Markdown is done, where a backslash says nothing: references to issues and
# merge requests ("#1", "!1", "GH-1", "%1"), addresses, and emoji by name; "$" may start a formula.
_LINKED = re.compile(
    r"[#!~&$%](?=[\w\"])|\bGH-(?=\d)|:(?=//)|\bwww(?=\.)|:(?=[\w+\\-]*[A-Za-z][\w+\\-]*:)",
    re.IGNORECASE,
)
_ZERO_WIDTH_SPACE = "\u200b"


class Page:
    """Blocks of a page; each list is cut to ``rows`` (None: not at all), and the rest counted.

    ``details`` is the same for what is shown of each workload.
    """

    def __init__(self, *, rows: int | None = None, details: int | None = None) -> None:
        self._rows = rows
        self._details = details
        self._blocks: list[str] = []
        self.hidden = 0

    def text(self) -> str:
        """Return the page, with an empty line between its blocks."""
        return "\n\n".join(self._blocks) + "\n"

    def add(self, block: str) -> None:
        """Add a paragraph or a heading."""
        self._blocks.append(block)

    def fold(self, title: str) -> None:
        """Start what is shown at a click on its title, which is HTML."""
        self._blocks.append(f"<details><summary>{title}</summary>")

    def unfold(self) -> None:
        """End what ``fold`` started."""
        self._blocks.append("</details>")

    def bullets(
        self, items: Sequence[T], written: Callable[[T], str], *, visible: int | None = None
    ) -> None:
        """Add a list, of which so many items are visible and the rest is folded."""
        self._listed(
            items, lambda shown: "\n".join(f"- {written(item)}" for item in shown), visible, "more"
        )

    def rows(
        self,
        headers: Sequence[str],
        items: Sequence[T],
        written: Callable[[T], Sequence[str]],
        *,
        texts: Sequence[int] = (0,),
        visible: int | None = None,
        folded: str = "more",
    ) -> None:
        """Add a table whose columns are numbers except ``texts``; so many rows are visible."""
        self._listed(
            items, lambda shown: table(headers, [*map(written, shown)], texts), visible, folded
        )

    def _listed(
        self,
        items: Sequence[T],
        written: Callable[[Sequence[T]], str],
        visible: int | None,
        folded: str,
    ) -> None:
        # Cut before anything is written: a report is written several times to find its length.
        shown = items if self._rows is None else items[: self._rows]
        first = shown if visible is None else shown[:visible]
        if first:
            self.add(written(first))
        if len(shown) > len(first):
            self.fold(f"{len(shown) - len(first):,} {folded}")
            self.add(written(shown[len(first) :]))
            self.unfold()
        if len(items) > len(shown):
            self.hidden += len(items) - len(shown)
            self.add(f"… and {len(items) - len(shown):,} more.")

    def detailed(self, items: Sequence[T]) -> Sequence[T]:
        """Return the items that are shown in detail, and count the others."""
        shown = items if self._details is None else items[: self._details]
        self.hidden += len(items) - len(shown)
        return shown


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], texts: Sequence[int] = (0,)
) -> str:
    """Return a table; the columns of ``texts`` stand to the left, the others to the right."""
    marks = ["---" if column in texts else "---:" for column in range(len(headers))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (headers, marks, *rows))


def code(text: str, *, most: int = _LONGEST_NAME) -> str:
    """Return a name as code, or escaped where code cannot hold it in a list and in a table alike.

    Nothing is marked up, linked or mentioned in code. A backslash before a bar would still end a
    table's cell there, and a backtick the code; build servers look for commands after ``##``.
    """
    shown = gate_words.clipped(text, most).strip()
    if not shown:
        return "–"
    return escaped(shown) if "##" in shown or set(shown) & set("`|\\") else f"`{shown}`"


def escaped(text: str) -> str:
    """Return a text that is shown as it is, and that mentions and links nothing."""
    shown = markdown.escaped(text).replace("$", "\\$")
    return _LINKED.sub(lambda found: found.group() + _ZERO_WIDTH_SPACE, shown)
