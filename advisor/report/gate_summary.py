"""The gate's outcome for the summary of a GitHub job: the comment without its marker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.report.gate_markdown import report

if TYPE_CHECKING:
    from advisor.gate.outcome import Outcome

MOST_BYTES = 1_000_000
"""A step's summary may have 1 MiB, together with what else the step writes there."""


def render(outcome: Outcome, *, colour: bool = False) -> str:  # noqa: ARG001 - all formats' signature
    """Return the report as Markdown."""
    return report(outcome, MOST_BYTES)
