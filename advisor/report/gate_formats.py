"""The formats of the gate: a module each, imported when it is asked for.

A module has ``render(outcome, *, colour=False) -> str``. Only a terminal ever gets colour.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.gate.outcome import Outcome

FORMATS: Mapping[str, str] = {
    "table": "advisor.report.gate_table",
    "json": "advisor.report.gate_json",
    "markdown": "advisor.report.gate_markdown",
    "github": "advisor.report.gate_github",
    "github-summary": "advisor.report.gate_summary",
    "gitlab": "advisor.report.gate_gitlab",
    "junit": "advisor.report.gate_junit",
    "sarif": "advisor.report.gate_sarif",
}
"""The module of each format, by the word that ``--format`` takes."""


def render(format_: str, outcome: Outcome, *, colour: bool = False) -> str:
    """Return an outcome in a format of ``FORMATS``."""
    text: str = import_module(FORMATS[format_]).render(outcome, colour=colour)
    return text
