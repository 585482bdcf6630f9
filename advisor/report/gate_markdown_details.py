"""The folded parts of the gate's Markdown: waivers, what differs in a workload, what judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.gate.outcome import ATTRIBUTION
from advisor.report import gate_words
from advisor.report.gate_markdown_page import Page, code, escaped, table
from advisor.wording import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from advisor.gate.outcome import LineChange, Outcome, PolicyChange, Waiver, WorkloadChange

_MOST_LINES = 30
"""How many line items and edited fields of one workload are shown."""


def changes(page: Page, found: Sequence[PolicyChange]) -> None:
    """Add changes to the policy, the waivers, the baseline or the price table."""
    page.rows(("What", "Before", "Now", "Where"), found, _change, texts=range(4))


def _change(change: PolicyChange) -> tuple[str, ...]:
    return (
        f"{change.kind}: {code(change.field)}",
        _value(change.before),
        _value(change.after),
        code(gate_words.where(change.place)),
    )


def waivers(page: Page, outcome: Outcome) -> None:
    """Add every waiver and what it came to."""
    if not outcome.waivers:
        return
    count = len(outcome.waivers)
    page.fold(f"{count:,} {'waiver' if count == 1 else 'waivers'}")
    page.bullets(outcome.waivers, _waiver)
    page.unfold()


def _waiver(waiver: Waiver) -> str:
    reach = "" if waiver.up_to is None else f", up to {gate_words.amount(waiver.up_to)} USD"
    accepted = escaped(gate_words.clipped(gate_words.accepted(waiver), 400))
    where = code(gate_words.where(waiver.place))
    about = code(gate_words.about(waiver))
    return f"{about} is **{waiver.standing}**{reach} at {where}<br>Decided by {accepted}"


def details(page: Page, outcome: Outcome) -> None:
    """Add for each workload that differs its design, the edited fields and the line items."""
    moved = [each for each in gate_words.moved(outcome) if each.lines or each.fields]
    shown = page.detailed(moved)
    if not shown:
        return
    page.fold("What differs, workload by workload")
    for each in shown:
        page.add(f"**{code(each.name)}** in {code(each.file)}")
        _workload(page, each)
    page.unfold()


def basis(page: Page, outcome: Outcome) -> None:
    """Add what was compared and what judged."""
    page.fold("How this was worked out")
    order = f"Differences are split in this order: {ATTRIBUTION}."
    page.add("\n".join(f"- {_sentence(line)}" for line in (*gate_words.basis(outcome), order)))
    page.unfold()


def _workload(page: Page, each: WorkloadChange) -> None:
    facts = [f"Renamed from {code(each.renamed_from)}"] if each.renamed_from else []
    before, after = each.before, each.after
    old = None if before is None else gate_words.design(before)
    new = None if after is None else gate_words.design(after)
    if old is not None and new is not None and old != new:
        facts.append(f"Design: {escaped(old)} → {escaped(new)}")
    elif new is not None:
        facts.append(f"Design: {escaped(new)}")
    facts += [
        f"{code(field.field)}: {_value(field.before)} → {_value(field.after)}"
        for field in each.fields[:_MOST_LINES]
    ]
    if len(each.fields) > _MOST_LINES:
        facts.append(f"… and {len(each.fields) - _MOST_LINES:,} more fields")
    if each.split is not None and each.split.note:
        facts.append(escaped(gate_words.clipped(each.split.note, 300)))
    page.add("\n".join(f"- {fact}" for fact in facts))
    lines = each.lines[:_MOST_LINES]
    if lines:
        page.add(_bill(lines))
    if len(each.lines) > len(lines):
        page.add(f"… and {len(each.lines) - len(lines):,} more line items.")


def _bill(lines: Sequence[LineChange]) -> str:
    headers = ("Line item", "Quantity", "Unit price, USD", "Before", "Now, USD", "Change")
    return table(
        headers,
        [
            (
                f"{escaped(line.service)}, {escaped(line.item)}",
                _both(line.before_quantity, line.after_quantity, words.quantity)
                + f" {escaped(_unit(line))}",
                _both(line.before_unit_price_usd, line.after_unit_price_usd, words.unit_price),
                "" if line.before_usd is None else gate_words.amount(line.before_usd),
                "" if line.after_usd is None else gate_words.amount(line.after_usd),
                gate_words.signed(line.delta_usd),
            )
            for line in lines
        ],
    )


def _unit(line: LineChange) -> str:
    quantity = line.before_quantity if line.after_quantity is None else line.after_quantity
    return line.unit if quantity is None else words.units(quantity, line.unit)


def _both(before: Decimal | None, after: Decimal | None, written: Callable[[Decimal], str]) -> str:
    """Return a figure on both sides, once where it is the same or missing on one."""
    figures = [written(each) for each in (before, after) if each is not None]
    return " → ".join(dict.fromkeys(figures))


def _sentence(text: str) -> str:
    return escaped(gate_words.clipped(text, 400))


def _value(value: str | None) -> str:
    return "not stated" if value is None else code(value, most=120)
