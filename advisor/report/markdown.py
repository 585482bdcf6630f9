"""The report as Markdown, for a pull request, a wiki or a decision record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.report import outline, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.recommendation import Candidate, Recommendation

_SPECIAL = re.compile(r"([\\`*_\[\]<>#!|~&])")
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
        f"## {_escaped(answer.workload)}: {_escaped(outline.headline(answer))}",
        "",
        f"{answer.region}, {words.quantity(answer.monthly_requests)} requests a month.",
        "",
        *(f"- {_escaped(reason)}" for reason in outline.reasons(answer)),
    ]
    for decision in answer.decisions:
        lines += ["", *_table(outline.options(answer, decision)), ""]
        lines += [f"- {_escaped(line)}" for line in outline.why_not(decision).lines]
    for candidate in bills:
        lines += ["", *_table(outline.bill(candidate))]
    for section in outline.notes(answer):
        lines += ["", f"### {section.title}", ""]
        lines += [f"- {_escaped(line)}" for line in section.lines]
    return "\n".join(lines)


def _table(table: outline.Table) -> list[str]:
    marks = ["---:" if c in table.numbers else "---" for c in range(len(table.headers))]
    rows = [table.headers, tuple(marks)]
    lines = [f"### {_escaped(table.title)}", ""]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines += ["| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in table.rows]
    return lines


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", words.safe(text)).replace("@", _NO_MENTION)
