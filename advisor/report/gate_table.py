"""The gate's outcome for a terminal: the answer first, then what was found, then the workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.report import text, words
from advisor.report.outline import Table

if TYPE_CHECKING:
    from decimal import Decimal

    from advisor.gate.outcome import Finding, Outcome, WorkloadChange

_WORDS = {"pass": "Passed", "fail": "Failed", "unknown": "Cannot tell"}


def render(outcome: Outcome, *, colour: bool = False) -> str:
    """Return the outcome as text of 80 columns."""
    totals = outcome.totals
    answer = f"{signed(totals.delta_usd)} USD a month{percent(totals.delta_percent)}"
    if outcome.judged:
        answer = f"{_WORDS[outcome.verdict]}: {answer}"
    lines = [text.heading(answer, colour=colour)]
    split = totals.split
    lines += text.wrapped(
        f"price {signed(split.price_usd)}, usage {signed(split.usage_usd)},"
        f" design {signed(split.design_usd)}"
    )
    if totals.left_out:
        lines += text.wrapped(f"Not in the sum: {words.safe(', '.join(totals.left_out))}")
    for finding in outcome.findings:
        lines += text.wrapped(words.safe(_finding(finding)))
    shown = [each for each in outcome.workloads if each.status != "unchanged"]
    if shown:
        lines += ["", *text.table(_workloads(shown))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def signed(amount: Decimal | None) -> str:
    """Return a difference to the cent, with its sign."""
    if amount is None:
        return "unknown"
    return f"+{words.money(amount)}" if amount > 0 else words.money(amount)


def percent(value: Decimal | None) -> str:
    """Return a difference in percent, in brackets."""
    return "" if value is None else f" ({value:+,.0f} %)"


def _finding(finding: Finding) -> str:
    place = finding.place
    where = "" if place is None else place.file + (f":{place.line}" if place.line else "")
    mark = finding.severity if finding.state == "new" else finding.state
    return f"{mark} {finding.code} {where}: {finding.message}"


def _workloads(shown: list[WorkloadChange]) -> Table:
    return Table(
        title="Workloads that differ",
        headers=("Workload", "Status", "Before", "After", "Difference"),
        rows=tuple(
            (
                words.safe(each.name),
                each.status,
                words.money(each.before_usd),
                words.money(each.after_usd),
                signed(each.delta_usd),
            )
            for each in shown
        ),
        numbers=(2, 3, 4),
    )
