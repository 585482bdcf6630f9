"""The report for a terminal: 80 columns, the answer first, no colour unless asked."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from advisor.report import outline
from advisor.wording import words
from advisor.wording.reasons import headline, reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.recommendation import Candidate, Recommendation

WIDTH = 80
_NARROWEST = 12
_HEADER_PADDING = 2  # tabulate keeps this much beside a header
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def render(
    answers: Sequence[Recommendation],
    *,
    bills: Sequence[Sequence[Candidate]],
    colour: bool = False,
) -> str:
    """Return all answers as text, and the sum of the recommended designs when there are several.

    ``bills`` holds for each answer the designs whose bills are shown.
    """
    parts = [
        _answer(answer, shown, colour=colour) for answer, shown in zip(answers, bills, strict=True)
    ]
    if len(answers) > 1:
        parts.append(_sum(answers))
    return "\n\n".join(parts) + "\n"


def _answer(answer: Recommendation, bills: Sequence[Candidate], *, colour: bool) -> str:
    lines = [
        f"{words.safe(answer.workload)}, {answer.region},"
        f" {words.quantity(answer.monthly_requests)} requests a month",
        "",
        heading(headline(answer), colour=colour),
    ]
    for reason in reasons(answer):
        lines += wrapped(reason)
    for decision in answer.decisions:
        lines += ["", *table(outline.options(answer, decision))]
        for line in outline.why_not(decision).lines:
            lines += wrapped(line)
    for candidate in bills:
        lines += ["", *table(outline.bill(candidate))]
    lines += sections(outline.notes(answer))
    return "\n".join(line.rstrip() for line in lines)


def heading(text: str, *, colour: bool) -> str:
    """Return the line that holds the answer, bold where colour is allowed."""
    return f"{_BOLD}{text}{_PLAIN}" if colour else text


def sections(shown: Sequence[outline.Section]) -> list[str]:
    """Return titled lists, each after an empty line; a list without lines is left out."""
    lines: list[str] = []
    for section in shown:
        if section.lines:
            lines += ["", section.title]
            for line in section.lines:
                lines += wrapped(words.safe(line))
    return lines


def table(shown: outline.Table) -> list[str]:
    """Return a table's title and its lines, the first column wrapped to the width."""
    from tabulate import tabulate

    if not shown.rows:
        return [shown.title]
    widths = _widths(shown)
    text = tabulate(
        [
            ["\n".join(wrap(cell, width)) for cell, width in zip(row, widths, strict=True)]
            for row in shown.rows
        ],
        headers=shown.headers,
        tablefmt="simple",
        disable_numparse=True,
        colalign=["right" if c in shown.numbers else "left" for c in range(len(shown.headers))],
    )
    return [shown.title, *(f"  {line}" for line in text.splitlines())]


def _widths(shown: outline.Table) -> list[int]:
    """Return the width of each column: where they do not fit, the widest texts are wrapped."""
    columns = list(zip(*shown.rows, strict=True)) or [()] * len(shown.headers)
    widths = [
        max([max(map(len, header.split("\n"))) + _HEADER_PADDING, *map(len, cells)])
        for header, cells in zip(shown.headers, columns, strict=True)
    ]
    texts = [column for column in range(len(widths)) if column not in shown.numbers]
    while texts and sum(widths) + 2 * len(widths) > WIDTH:
        widest = max(texts, key=lambda column: widths[column])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """Return a text in lines of the width, indented."""
    return wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
    )


def _sum(answers: Sequence[Recommendation]) -> str:
    amount, count = words.sum_of(answers)
    lines = [f"Sum of {count} recommended designs: {words.money(amount)} USD a month"]
    if count < len(answers):
        lines.append(f"{len(answers) - count} without a recommendation, not in the sum")
    return "\n".join(lines)
