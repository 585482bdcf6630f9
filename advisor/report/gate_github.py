"""The gate's outcome as GitHub's annotations: workflow commands, a line each, on standard output.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands (2026-11-27).
GitHub shows ten annotations of a kind and step; the heaviest are written and the rest is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from advisor.gate.outcome import UNKNOWN_CODES
from advisor.report import gate_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.gate.outcome import Finding, Outcome

_MOST = 10
_LONGEST = 1_000
_TITLE = "advisor gate"


def render(outcome: Outcome, *, colour: bool = False) -> str:  # noqa: ARG001 - all formats' signature
    """Return the annotations: the answer as a notice, then errors, warnings and notices."""
    errors = [finding for finding in outcome.findings if finding.blocks]
    remarks = [f for f in outcome.findings if f.severity == "info" and f.state == "new"]
    lines = [_command("notice", _told(outcome), title=_TITLE)]
    lines += _annotations("error", errors, _MOST)
    lines += _annotations("warning", outcome.warnings, _MOST)
    lines += _annotations("notice", remarks, _MOST - 1)
    return "\n".join(lines) + "\n"


def _told(outcome: Outcome) -> str:
    """Return the answer, with what is not annotated."""
    counts = [
        group.title for group in gate_words.groups(outcome) if group.findings[0].state != "new"
    ]
    return "; ".join([gate_words.answer(outcome), *counts])


def _annotations(
    kind: Literal["error", "warning", "notice"], findings: Sequence[Finding], most: int
) -> Iterator[str]:
    """Yield at most so many annotations; when there are more findings, the last counts them.

    What nobody can tell comes first, since the verdict hangs on it, then the most money.
    """
    ordered = sorted(
        findings, key=lambda each: (each.code not in UNKNOWN_CODES, -(each.amount or 0))
    )
    shown = ordered if len(ordered) <= most else ordered[: most - 1]
    for finding in shown:
        place, size = finding.place, gate_words.size_of(finding)
        yield _command(
            kind,
            gate_words.sentence(finding),
            finding.help if finding.blocks else None,
            file="" if place is None else gate_words.well_formed(place.file),
            line="" if place is None else str(place.line or ""),
            col="" if place is None or place.line is None else str(place.column or ""),
            title=f"{finding.code}, {size}" if size else finding.code,
        )
    if len(ordered) > len(shown):
        rest = len(ordered) - len(shown)
        yield _command(kind, f"{rest:,} more are in the report of the gate", title=_TITLE)


def _command(kind: str, message: str, advice: str | None = None, **properties: str) -> str:
    """Return one workflow command, its data and properties escaped as GitHub reads them."""
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    text = gate_words.clipped(message, _LONGEST)
    if advice:
        text += f"\nhelp: {gate_words.clipped(advice, _LONGEST)}"
    return f"::{kind} {given}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
