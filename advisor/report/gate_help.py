"""What to do about each finding of the gate, for formats that explain their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.gate.outcome import Code

HELP: Mapping[Code, str] = {
    "cost-increase": "Lower the cost, raise cost_increase in the policy, or add a waiver of"
    " cost-increase that says why and until when.",
    "price-increase": "AWS charges more for the same use; nothing in the workload file did this."
    " Look with advisor compare whether another design is cheaper now.",
    "budget": "Lower the cost of a workload that the budget covers, raise the budget in the policy,"
    " or add a waiver of budget.",
    "unit-cost-increase": "Each request costs more: look at memory, duration and payload, or add a"
    " waiver of unit-cost-increase.",
    "not-recommended": "Move to the recommended design, which advisor compare explains, or add a"
    " waiver of not-recommended.",
    "infeasible": "advisor compare names the smallest changes to the workload that make a design"
    " possible again.",
    "slo-missed": "Give the design more memory, tasks or provisioned concurrency, choose another"
    " design, or state the objective that users need.",
    "rule-violated": "Change what the rule names, or choose a design that it does not exclude.",
    "data-missing": "Nobody can tell what the workload costs. Change the field that is named, or"
    " add the price that is missing. No policy and no waiver changes this.",
    "base-unreadable": "There is nothing to compare with. Mend the file on the base branch, or add"
    " a waiver of base-unreadable for this change.",
    "policy-changed": "Review this like code: it decides what passes from now on.",
    "waiver-expired": "The exception has ended. Mend what it covered, or have it decided again.",
    "waiver-too-small": "The exception does not reach this far. Mend what it covers, or have it"
    " decided again.",
    "waiver-unused": "Remove the waiver.",
    "recommendation-changed": "Nothing needs to be done. advisor compare says why, and what moving"
    " would save.",
}
"""A sentence or two for each code."""
