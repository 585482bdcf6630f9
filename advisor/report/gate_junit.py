"""The gate's outcome as JUnit XML: a test for each workload, each budget and the sum of all.

The dialect is Jenkins's, whose schema other readers of JUnit's XML take as well:
https://github.com/jenkinsci/xunit-plugin, junit-10.xsd. There are no times: nothing reads a clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from advisor.gate.outcome import UNKNOWN_CODES
from advisor.report import gate_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.gate.outcome import Finding, Outcome

_SUITE = "advisor gate"
_SUM = "sum of all workloads"
_LONGEST = 1_000


def render(outcome: Outcome, *, colour: bool = False) -> str:  # noqa: ARG001 - all formats' signature
    """Return the outcome as an XML document."""
    tests = _tests(outcome)
    verdicts = [_verdict(findings) for _, findings in tests]
    counts = {
        "tests": str(len(tests)),
        "failures": str(verdicts.count("failure")),
        "errors": str(verdicts.count("error")),
    }
    root = ElementTree.Element("testsuites", {"name": _SUITE, **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": _SUITE, "skipped": "0", **counts})
    for ((place, name), findings), verdict in zip(tests, verdicts, strict=True):
        _test(suite, place, name, findings, verdict)
    output = [gate_words.answer(outcome), *gate_words.basis(outcome)]
    ElementTree.SubElement(suite, "system-out").text = "\n".join(map(_shown, output))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _tests(outcome: Outcome) -> list[tuple[tuple[str, str], list[Finding]]]:
    """Return class and name of each test, which stay from run to run, with its findings."""
    tests: dict[tuple[str, str], list[Finding]] = {
        (each.file, each.name): [] for each in outcome.workloads
    }
    by_name = {name: (file, name) for file, name in tests}
    for group in outcome.groups:
        tests["budget", group.name] = []
    if outcome.judged:
        tests["policy", _SUM] = []
    for finding in outcome.findings:
        file = "" if finding.place is None else finding.place.file
        if finding.budget is not None:
            key = ("budget", finding.budget)
        elif finding.workload is not None:
            own = (file, finding.workload)
            key = own if own in tests else by_name.get(finding.workload, own)
        elif finding.code == "policy-changed":
            key = ("policy", "changes of what judges")
        else:
            key = ("policy", _SUM)
        tests.setdefault(key, []).append(finding)
    return list(tests.items())


def _verdict(findings: Sequence[Finding]) -> str:
    blocking = [finding for finding in findings if finding.blocks]
    if any(finding.code in UNKNOWN_CODES for finding in blocking):
        return "error"
    return "failure" if blocking else ""


def _test(
    suite: ElementTree.Element, place: str, name: str, findings: Sequence[Finding], verdict: str
) -> None:
    test = ElementTree.SubElement(suite, "testcase", classname=_shown(place), name=_shown(name))
    blocking = [finding for finding in findings if finding.blocks]
    others = [finding for finding in findings if not finding.blocks]
    if verdict:
        # An unknown decides before a failure, so it is what the test is reported with.
        first = min(blocking, key=lambda each: each.code not in UNKNOWN_CODES)
        failed = ElementTree.SubElement(
            test, verdict, type=first.code, message=_shown(first.message)
        )
        failed.text = "\n".join(_line(finding) for finding in blocking)
    if others:
        output = ElementTree.SubElement(test, "system-out")
        output.text = "\n".join(_line(finding) for finding in others)


def _line(finding: Finding) -> str:
    state = finding.severity if finding.state == "new" else finding.state
    size = gate_words.size_of(finding)
    head = " ".join(each for each in (_shown(gate_words.where(finding.place)), state) if each)
    line = f"{head} {finding.code}{', ' + size if size else ''}: {_shown(finding.message)}"
    if finding.waiver is not None and finding.state == "waived":
        line += f"; waived by {_shown(gate_words.accepted(finding.waiver))}"
    elif finding.help and finding.blocks:
        line += f"\n  help: {_shown(finding.help)}"
    return line


def _shown(text: str) -> str:
    """Return a text without control characters, of which XML cannot hold most in any way."""
    return gate_words.inert(gate_words.clipped(text, _LONGEST))
