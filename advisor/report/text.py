"""The report for a terminal: 80 columns, the answer first, no colour unless asked."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from advisor.report import outline, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.recommendation import Candidate, Recommendation

WIDTH = 80
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
        f"{_BOLD}{outline.headline(answer)}{_PLAIN}" if colour else outline.headline(answer),
    ]
    for reason in outline.reasons(answer):
        lines += _wrapped(reason, "  ")
    for decision in answer.decisions:
        lines += ["", *_table(outline.options(answer, decision))]
        for line in outline.why_not(decision).lines:
            lines += _wrapped(line, "  ")
    for candidate in bills:
        lines += ["", *_table(outline.bill(candidate))]
    for section in outline.notes(answer):
        lines += ["", section.title]
        for line in section.lines:
            lines += _wrapped(words.safe(line), "  ")
    return "\n".join(line.rstrip() for line in lines)


def _table(table: outline.Table) -> list[str]:
    from tabulate import tabulate

    width = WIDTH - 2
    others = [
        max(len(table.headers[column]) + _HEADER_PADDING, *(len(row[column]) for row in table.rows))
        for column in range(1, len(table.headers))
    ]
    first = max(width - sum(others) - 2 * len(others), 20)
    text = tabulate(
        [["\n".join(wrap(row[0], first)), *row[1:]] for row in table.rows],
        headers=table.headers,
        tablefmt="simple",
        disable_numparse=True,
        colalign=["right" if c in table.numbers else "left" for c in range(len(table.headers))],
    )
    return [table.title, *(f"  {line}" for line in text.splitlines())]


def _wrapped(text: str, indent: str) -> list[str]:
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
