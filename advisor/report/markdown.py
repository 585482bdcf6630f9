"""The report as Markdown, for a pull request, a wiki or a decision record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.report import outline
from advisor.wording import words
from advisor.wording.reasons import headline, reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.recommendation import Candidate, Recommendation

_SPECIAL = re.compile(r"([\\`*_\[\]<>#!|~&])")
# What makes a list, a list in a list or a rule of a line that begins with it.
_BLOCK = re.compile(r"^(\s?)(?:(?=[-+](?:\s|$))|(?=-[-\s]*$)|(\d{1,9})(?=[.)](?:\s|$)))")
_INDENT = re.compile(r"^\s+")
_NO_MENTION = "@\u200b"


def render(answers: Sequence[Recommendation], *, bills: Sequence[Sequence[Candidate]]) -> str:
    """Return all answers as Markdown, and the sum when there are several."""
    parts = [_answer(answer, shown) for answer, shown in zip(answers, bills, strict=True)]
    if len(answers) > 1:
        amount, count = words.sum_of(answers)
        parts.append(f"**Sum of {count} recommended designs: {words.money(amount)} USD a month**")
        if count < len(answers):
            parts.append(f"{len(answers) - count} without a recommendation, not in the sum")
    return "\n\n".join(parts) + "\n"


def _answer(answer: Recommendation, bills: Sequence[Candidate]) -> str:
    lines = [
        f"## {escaped(answer.workload)}: {escaped(headline(answer))}",
        "",
        f"{answer.region}, {words.quantity(answer.monthly_requests)} requests a month.",
        "",
        *(f"- {escaped(reason)}" for reason in reasons(answer)),
    ]
    for decision in answer.decisions:
        lines += ["", *table(outline.options(answer, decision)), ""]
        lines += [f"- {escaped(line)}" for line in outline.why_not(decision).lines]
    for candidate in bills:
        lines += ["", *table(outline.bill(candidate))]
    for section in outline.notes(answer):
        lines += ["", f"### {section.title}", ""]
        lines += [f"- {escaped(line)}" for line in section.lines]
    return "\n".join(lines)


def table(shown: outline.Table) -> list[str]:
    """Return a table's heading, an empty line, and its lines."""
    marks = ["---:" if c in shown.numbers else "---" for c in range(len(shown.headers))]
    rows = [shown.headers, tuple(marks)]
    lines = [f"### {escaped(shown.title)}", ""]
    if not shown.rows:
        return lines[:1]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines += ["| " + " | ".join(escaped(cell) for cell in row) + " |" for row in shown.rows]
    return lines


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is wherever it stands, and that mentions nobody."""
    shown = _SPECIAL.sub(r"\\\1", _INDENT.sub(" ", words.safe(text))).replace("@", _NO_MENTION)
    return _BLOCK.sub(lambda found: f"{found[1]}{found[2] or ''}\\", shown)
