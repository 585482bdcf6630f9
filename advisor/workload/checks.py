"""Contradictions inside a workload: figures that cannot all be true.

Each finding says the smallest change that would settle it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.workload.compute_checks import check_compute
from advisor.workload.findings import Findings
from advisor.workload.load_checks import check_concurrency, check_load
from advisor.workload.waivers import check_waivers

if TYPE_CHECKING:
    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document
    from advisor.workload import Workload


def check(workload: Workload, document: Document) -> list[Diagnostic]:
    """Return every contradiction, in the order of the sections."""
    findings = Findings(document)
    check_load(workload, findings)
    check_compute(workload, findings)
    check_concurrency(workload, findings)
    _api(workload, findings)
    _workflow(workload, findings)
    _sections(workload, findings)
    return [*findings.found, *check_waivers(workload.waivers or (), document, ("waivers",))]


def _api(workload: Workload, findings: Findings) -> None:
    api = workload.api
    if api is None:
        return
    request, both = api.average_request_size_kb, api.average_payload_kb
    if request is not None and both is not None and request > both:
        findings.add(
            "api.average_request_size_kb",
            "payload-disagrees",
            f"a request of {request:g} KB is larger than request and response together"
            f" ({both:g} KB)",
            f"write `average_payload_kb: {request:g}` or more",
        )


def _workflow(workload: Workload, findings: Findings) -> None:
    workflow = workload.workflow
    if workflow is None:
        return
    mean, p99 = workflow.duration_mean_s, workflow.duration_p99_s
    if mean is not None and p99 is not None and p99 < mean:
        findings.add(
            "workflow.duration_p99_s",
            "percentile-below-mean",
            f"the 99th percentile of {p99:g} s is below the mean of {mean:g} s",
            "correct one, or leave the percentile out",
        )
    states, inside = workflow.states, workflow.branch_states
    if states is not None and inside is not None and inside > states:
        findings.add(
            "workflow.branch_states",
            "branch-above-workflow",
            f"a branch of {inside:,} states is in a definition of {states:,}",
            f"write `states: {inside + 1}` or more: it counts those of a branch, once",
        )


def _sections(workload: Workload, findings: Findings) -> None:
    fronts = (workload.api, workload.workflow, workload.messaging)
    asked = [each for each in fronts if each is not None and each.needed is not False]
    if workload.api is not None and workload.api.style == "none":
        asked = [each for each in asked if each is not workload.api]
    if workload.compute is None and not asked:
        findings.add(
            "traffic",
            "nothing-asked",
            "no section asks for a decision",
            "add `compute:` or `api:`; `advisor init` writes a starter file",
        )
