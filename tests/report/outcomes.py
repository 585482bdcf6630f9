"""Outcomes of the gate for the tests of its formats."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.gate.outcome import Finding, Outcome, Place, Split, Totals
from tests.gate.examples import outcome as everything

if TYPE_CHECKING:
    from collections.abc import Mapping


def _totals(before: str, after: str) -> Totals:
    zero = Decimal(0)
    return Totals(
        before_usd=Decimal(before),
        after_usd=Decimal(after),
        split=Split(price_usd=zero, usage_usd=Decimal(after) - Decimal(before), design_usd=zero),
    )


def nothing() -> Outcome:
    """Return an outcome that passes: no workload differs, and there is nothing to say."""
    whole = everything()
    same = tuple(each for each in whole.workloads if each.status == "unchanged")
    return replace(
        whole,
        as_of=None,
        policy=None,
        workloads=same,
        totals=_totals("5", "5"),
        groups=(),
        findings=(),
        policy_changes=(),
        waivers=(),
    )


def missing() -> Outcome:
    """Return an outcome of which nobody can tell anything: the only workload has no price."""
    whole = everything()
    return replace(
        nothing(),
        workloads=tuple(each for each in whole.workloads if each.name == "frankfurt"),
        totals=replace(_totals("0", "0"), left_out=("workloads/frankfurt.yaml",)),
        findings=whole.unknowns,
    )


def increase() -> Outcome:
    """Return an outcome with one workload that costs more: the sample of the page on formats."""
    whole = everything()
    return replace(
        whole,
        as_of=None,
        workloads=tuple(each for each in whole.workloads if each.name in ("checkout", "webhook")),
        totals=Totals(
            before_usd=Decimal("49.26"),
            after_usd=Decimal("62.31"),
            split=Split(
                price_usd=Decimal("0.50"), usage_usd=Decimal("11.35"), design_usd=Decimal("1.20")
            ),
        ),
        groups=(),
        findings=tuple(
            each for each in whole.findings if each.code in ("cost-increase", "price-increase")
        ),
        policy_changes=(),
        waivers=(),
    )


def compared() -> Outcome:
    """Return the outcome of a comparison without a verdict."""
    return replace(everything(), judged=False, findings=everything().unknowns, waivers=())


OUTCOMES: Mapping[str, Outcome] = {
    "fails": replace(
        everything(),
        workloads=tuple(each for each in everything().workloads if each.name != "frankfurt"),
        totals=replace(everything().totals, left_out=()),
        findings=tuple(each for each in everything().findings if each.code != "data-missing"),
    ),
    "unknown": everything(),
    "missing": missing(),
    "passes": nothing(),
    "diff": compared(),
}
"""Outcomes by the name of their golden files."""


def many(count: int, name: str = "workload") -> Outcome:
    """Return an outcome with so many workloads that fail."""
    whole = everything()
    workload, finding = whole.workloads[0], whole.failures[0]
    files = [f"workloads/{name}-{index:05}.yaml" for index in range(count)]
    return replace(
        whole,
        workloads=tuple(replace(workload, name=file, file=file) for file in files),
        findings=tuple(
            replace(finding, place=Place(file=file, line=1), workload=file, amount=Decimal(index))
            for index, file in enumerate(files)
        ),
        waivers=whole.waivers * count,
        policy_changes=whole.policy_changes * count,
    )


def finding(**others: object) -> Finding:
    """Return a failure with some fields as given."""
    return replace(everything().failures[0], **others)
