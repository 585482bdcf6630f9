"""The gate's outcome for a terminal: the answer first, then what was found, then the workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.report import gate_words, text
from advisor.report.outline import Table
from advisor.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.gate.outcome import Finding, Outcome, PolicyChange, WorkloadChange

_MOST = 20
"""How many findings of a kind, and workloads, are shown; the rest is counted."""
_WHOLE = ("new", "deleted")
_LONGEST_NAME = 60
_LONGEST_TEXT = 400
_SEE_ALL = "--format json has all"


def render(outcome: Outcome, *, colour: bool = False) -> str:
    """Return the outcome as text of 80 columns."""
    lines = [*_summary(outcome)]
    for group in gate_words.groups(outcome):
        lines += ["", group.title.capitalize()]
        told: set[str] = set()
        for finding in group.findings[:_MOST]:
            lines += _finding(finding, told)
        lines += _rest(len(group.findings))
    lines += _changes(outcome.policy_changes)
    moved = gate_words.moved(outcome)
    if moved:
        lines += ["", *text.table(_costs(moved[:_MOST]))]
        split = [each for each in moved[:_MOST] if _is_split(each)]
        if split:
            lines += ["", *text.table(_splits(split))]
        lines += _rest(len(moved))
    lines += ["", *_basis(outcome)]
    answer, *rest = gate_words.inert("\n".join(line.rstrip() for line in lines)).split("\n")
    return "\n".join([text.heading(answer, colour=colour), *rest]) + "\n"


def _summary(outcome: Outcome) -> list[str]:
    totals = outcome.totals
    lines = [gate_words.answer(outcome)]
    if len(totals.left_out) < len(outcome.workloads):
        lines += text.wrapped(
            f"{gate_words.amount(totals.before_usd)} before,"
            f" {gate_words.amount(totals.after_usd)} now"
            f"{gate_words.unit_cost(outcome)}{gate_words.parts(totals.split)}"
        )
    if totals.left_out:
        names = ", ".join(_name(file) for file in totals.left_out[:_MOST])
        more = len(totals.left_out) - _MOST
        lines += text.wrapped(
            f"Not in the sum, as the cost before or now is not known: {names}"
            + (f" and {more:,} more" if more > 0 else "")
        )
    for group in outcome.groups:
        over = group.over_usd
        state = "unknown" if over is None else f"{gate_words.amount(abs(over))} USD"
        if over is not None:
            state += " over" if over > 0 else " left"
        lines += text.wrapped(
            f"Budget {_name(group.name)}: {gate_words.amount(group.after_usd)} of"
            f" {gate_words.amount(group.budget_usd)} USD, {state}"
        )
    return lines


def _finding(finding: Finding, told: set[str]) -> list[str]:
    """Return the lines of a finding; what to do is ``told`` once for each kind."""
    where = words.safe(gate_words.where(finding.place))
    title = ": ".join(each for each in (where, finding.code) if each)
    size = gate_words.size_of(finding)
    lines = text.wrapped(f"{title}, {size}" if size else title)
    if finding.state == "existing":
        return lines
    lines += text.wrapped(_text(gate_words.sentence(finding)), "    ")
    if finding.waiver is not None and finding.state == "waived":
        lines += text.wrapped(_text(f"waived by {gate_words.accepted(finding.waiver)}"), "    ")
    elif finding.help and finding.blocks and finding.help not in told:
        told.add(finding.help)
        lines += text.wrapped(_text(f"help: {finding.help}"), "    ")
    return lines


def _changes(changes: Sequence[PolicyChange]) -> list[str]:
    if not changes:
        return []
    lines = ["", "What judges it changes"]
    for change in changes[:_MOST]:
        effect = {True: "lets more pass", False: "lets less pass", None: "effect unknown"}
        old, new = (_text(each or "not stated") for each in (change.before, change.after))
        where = words.safe(gate_words.where(change.place))
        lines += text.wrapped(f"{where}: {_name(change.field)} ({effect[change.loosens]})")
        lines += text.wrapped(f"{old} -> {new}", "    ")
    return lines + _rest(len(changes))


def _costs(moved: Sequence[WorkloadChange]) -> Table:
    return Table(
        title="Workloads that differ, USD a month and per million requests",
        headers=("Workload", "Status", "Before", "Now", "Change", "%", "Per million"),
        rows=tuple(
            (
                _name(each.name),
                each.status,
                gate_words.amount(each.before_usd),
                gate_words.amount(each.after_usd),
                gate_words.signed(each.delta_usd),
                gate_words.percent(each.delta_percent).removesuffix(" %"),
                "" if each.delta_per_million is None else gate_words.signed(each.delta_per_million),
            )
            for each in moved
        ),
        numbers=(2, 3, 4, 5, 6),
    )


def _splits(moved: Sequence[WorkloadChange]) -> Table:
    return Table(
        title="What the changes are made of",
        headers=("Workload", "Price", "Usage", "Design"),
        rows=tuple(
            (
                _name(each.name),
                gate_words.signed(each.split.price_usd),
                gate_words.signed(each.split.usage_usd),
                gate_words.signed(each.split.design_usd),
            )
            for each in moved
            if each.split is not None
        ),
        numbers=(1, 2, 3),
    )


def _is_split(each: WorkloadChange) -> bool:
    """Return whether there is a difference to split: a new or deleted workload is all design."""
    return each.split is not None and bool(each.delta_usd) and each.status not in _WHOLE


def _basis(outcome: Outcome) -> list[str]:
    return [line for each in gate_words.basis(outcome) for line in text.wrapped(_text(each), "")]


def _rest(count: int) -> list[str]:
    return [f"  … and {count - _MOST:,} more; {_SEE_ALL}"] if count > _MOST else []


def _name(name: str) -> str:
    return gate_words.clipped(name, _LONGEST_NAME)


def _text(written: str) -> str:
    return gate_words.clipped(written, _LONGEST_TEXT)
