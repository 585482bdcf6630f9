"""The words of the gate: its codes, and what severities, states and verdicts there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTRIBUTION = (
    "price first (the quantities of before at the prices of now), then usage (the usage of now with"
    " the design of before), then design (what is left)"
)
"""In which order a difference is split, for the formats that say so."""

Severity: TypeAlias = Literal["fail", "warn", "info"]
State: TypeAlias = Literal["new", "existing", "waived"]
Status: TypeAlias = Literal["new", "renamed", "deleted", "changed", "unchanged"]
Verdict: TypeAlias = Literal["pass", "fail", "unknown"]
WaiverStanding: TypeAlias = Literal["used", "unused", "expired", "too-small", "pending"]
Code: TypeAlias = Literal[
    "cost-increase",
    "price-increase",
    "budget",
    "unit-cost-increase",
    "not-recommended",
    "infeasible",
    "slo-missed",
    "rule-violated",
    "data-missing",
    "base-unreadable",
    "policy-changed",
    "waiver-expired",
    "waiver-too-small",
    "waiver-unused",
    "recommendation-changed",
]
CODES: Mapping[Code, str] = {
    "cost-increase": "The monthly cost rises by more than the policy allows",
    "price-increase": "Prices alone raise the monthly cost by more than the policy allows",
    "budget": "A workload or a group of workloads is over its budget",
    "unit-cost-increase": "The cost per million requests rises by more than the policy allows",
    "not-recommended": "The declared design costs more than the recommended one, beyond the margin",
    "infeasible": "No design meets the limits and the latency objective any more",
    "slo-missed": "The declared design misses the latency objective",
    "rule-violated": "The design breaks a rule that it kept before",
    "data-missing": "A price or a fact that the answer needs is not known",
    "base-unreadable": "The file cannot be read or priced as it was before",
    "policy-changed": "The policy, a waiver, the baseline or the price table changes",
    "waiver-expired": "A waiver that would be needed has expired",
    "waiver-too-small": "A waiver does not reach as far as what it should cover",
    "waiver-unused": "A waiver covers nothing",
    "recommendation-changed": "Another design is recommended than before",
}
"""Every code that a finding can have, with a title; codes are a contract and never change."""
UNKNOWN_CODES: frozenset[Code] = frozenset({"data-missing", "base-unreadable"})
"""Codes that mean "nobody can tell": alone they end with exit code 4, whatever else passes."""
MOVING_CODES: frozenset[Code] = frozenset({"cost-increase", "unit-cost-increase"})
"""Codes shown at the field that was edited last, which another edit moves."""
