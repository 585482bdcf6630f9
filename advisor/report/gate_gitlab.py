"""The gate's outcome as GitLab's code quality report, which a merge request shows.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format (2026-11-27).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.gate.outcome import UNKNOWN_CODES
from advisor.report import gate_words
from advisor.report.json import encoded

if TYPE_CHECKING:
    from advisor.gate.outcome import Finding, Outcome

_LONGEST = 1_000
_SEVERITIES = {"fail": "critical", "warn": "minor", "info": "info"}


def render(outcome: Outcome, *, colour: bool = False) -> str:  # noqa: ARG001 - all formats' signature
    """Return a JSON list of the findings, heaviest first."""
    prints = gate_words.fingerprints(outcome)
    found = [
        _finding(outcome, finding, print_)
        for finding, print_ in zip(outcome.findings, prints, strict=True)
    ]
    return gate_words.inert_json(encoded(found))


def _finding(outcome: Outcome, finding: Finding, fingerprint: str) -> dict[str, Any]:
    place = gate_words.shown_at(outcome, finding)
    text = gate_words.sentence(finding)
    if finding.waiver is not None and finding.state == "waived":
        text = f"waived by {gate_words.accepted(finding.waiver)}; {text}"
    elif finding.state == "existing":
        text = f"was there before; {text}"
    return {
        "description": gate_words.clipped(text, _LONGEST),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _severity(finding),
        "location": {
            "path": gate_words.well_formed(place.file),
            "lines": {"begin": place.line or 1},
        },
    }


def _severity(finding: Finding) -> str:
    """Return GitLab's severity; what is waived or was there before weighs nothing."""
    if finding.state != "new":
        return "info"
    if finding.blocks and finding.code in UNKNOWN_CODES:
        return "blocker"
    return _SEVERITIES[finding.severity]
