"""The gate's outcome as SARIF 2.1.0, for code scanning and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
(2026-11-27). What a waiver covers is suppressed, what the base had is ``unchanged``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from advisor import __version__
from advisor.gate.outcome import CODES
from advisor.report import gate_words
from advisor.report.gate_help import HELP
from advisor.report.gate_json import text
from advisor.report.json import encoded

if TYPE_CHECKING:
    from advisor.gate.outcome import Code, Finding, Outcome, Place, Waiver

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "advisorFinding/v1"
_LEVELS = {"fail": "error", "warn": "warning", "info": "note"}
_WARNINGS: frozenset[Code] = frozenset({"price-increase", "policy-changed", "waiver-unused"})
_LONGEST = 1_000
_RULES = list(CODES)
# In a message text these would be placeholders (3.11.5) and embedded links (3.11.6).
_BRACES = re.compile(r"([{}])")
_BRACKETS = re.compile(r"([\\\[\]])")


def render(outcome: Outcome, *, colour: bool = False) -> str:  # noqa: ARG001 - all formats' signature
    """Return a SARIF log with one run."""
    prints = gate_words.fingerprints(outcome)
    run = {
        "tool": {"driver": _driver()},
        "automationDetails": {"id": "advisor gate/"},
        "invocations": [
            {"executionSuccessful": not outcome.unknowns, "exitCode": outcome.exit_code},
        ],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(outcome, finding, fingerprint)
            for finding, fingerprint in zip(outcome.findings, prints, strict=True)
        ],
    }
    return gate_words.inert_json(encoded({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}))


def _driver() -> dict[str, Any]:
    return {
        "name": "advisor gate",
        "semanticVersion": __version__,
        "rules": [
            {
                "id": code,
                "shortDescription": {"text": f"{title}."},
                "fullDescription": {"text": f"{title}."},
                "help": {"text": HELP[code], "markdown": HELP[code]},
                "defaultConfiguration": {"level": _level_of(code)},
                "properties": {"tags": ["cost"], "precision": "very-high"},
            }
            for code, title in CODES.items()
        ],
    }


def _level_of(code: Code) -> str:
    if code == "recommendation-changed":
        return "note"
    return "warning" if code in _WARNINGS else "error"


def _result(outcome: Outcome, finding: Finding, fingerprint: str) -> dict[str, Any]:
    waiver = finding.waiver if finding.state == "waived" else None
    figures = {"amount": finding.amount, "limit": finding.limit, "percent": finding.percent}
    return {
        "ruleId": finding.code,
        "ruleIndex": _RULES.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(gate_words.sentence(finding))},
        "locations": [_location(gate_words.shown_at(outcome, finding))],
        "partialFingerprints": {FINGERPRINT: fingerprint},
        "baselineState": "unchanged" if finding.state == "existing" else "new",
        # An empty list says that suppressions were looked at (3.27.23).
        "suppressions": [] if waiver is None else [_suppression(finding, waiver)],
        "properties": {name: text(each) for name, each in figures.items() if each is not None},
    }


def _suppression(finding: Finding, waiver: Waiver) -> dict[str, Any]:
    own = finding.place is not None and finding.place.file == waiver.place.file
    return {
        "kind": "inSource" if own else "external",
        "status": "accepted",
        "justification": gate_words.clipped(gate_words.accepted(waiver), _LONGEST),
        "location": _location(waiver.place),
    }


def _location(place: Place) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": place.column}
    stated = {name: value for name, value in region.items() if value is not None}
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line is not None:
        where["region"] = stated
    return {"physicalLocation": where}


def _uri(path: str) -> str:
    """Return a path as a relative reference; a colon in its first segment is no scheme."""
    return quote(gate_words.well_formed(path), safe="/")


def _message(written: str) -> str:
    shown = gate_words.clipped(written, _LONGEST)
    return _BRACES.sub(r"\1\1", _BRACKETS.sub(r"\\\1", shown))
