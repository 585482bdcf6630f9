"""What moved between two price tables, and what that does to answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import json, outline, prices, text
from advisor.wording import naming, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.repricing import Repriced
    from advisor.tariff import PriceTable
    from advisor.tariff.difference import Moved


def as_text(
    moved: Sequence[Moved], answers: Sequence[Repriced], tables: tuple[PriceTable, PriceTable]
) -> str:
    """Return the movements and the answers as text, the count first."""
    names = " -> ".join(f"{words.safe(each.origin)} ({each.digest()[:12]})" for each in tables)
    lines = [_headline(moved), *text.wrapped(names)]
    if answers:
        lines.append("")
        for answer in answers:
            lines += text.wrapped(words.safe(_answer(answer)))
    by_movement: dict[str, list[Moved]] = {}
    for each in moved:
        by_movement.setdefault(each.movement, []).append(each)
    sections = [
        outline.Section(title=title, lines=tuple(prices.moved_lines(by_movement.get(name, []))))
        for name, title in (("changed", "Changed"), ("removed", "Gone"), ("added", "New"))
    ]
    return "\n".join([*lines, *text.sections(sections)]) + "\n"


def as_json(
    moved: Sequence[Moved], answers: Sequence[Repriced], tables: tuple[PriceTable, PriceTable]
) -> str:
    """Return the movements and the answers as JSON."""
    old, new = ({"origin": each.origin, "digest": each.digest()} for each in tables)
    return json.encoded(
        {
            "old": old,
            "new": new,
            "moved": [prices.moved_tree(each) for each in moved],
            "answers": [_answer_tree(each) for each in answers],
        }
    )


def _headline(moved: Sequence[Moved]) -> str:
    if not moved:
        return "No price moved"
    counts = {
        name: sum(m.movement == name for m in moved) for name in ("changed", "removed", "added")
    }
    said = {"changed": "changed", "removed": "gone", "added": "new"}
    return ", ".join(f"{count:,} {said[name]}" for name, count in counts.items() if count)


def _answer(answer: Repriced) -> str:
    before, after = answer.monthly_usd
    name = answer.after.workload
    if answer.before.best is None or answer.after.best is None:
        which = "new" if answer.after.best is None else "old"
        return f"{name}: no recommendation with the {which} prices"
    was, is_ = naming.design(answer.before.best), naming.design(answer.after.best)
    amounts = f"{words.money(before)} -> {words.money(after)} USD a month"
    if answer.flips:
        return f"{name}: {was} becomes {is_}, {amounts}"
    return f"{name}: {is_} stays, {amounts}"


def _answer_tree(answer: Repriced) -> dict[str, Any]:
    before, after = answer.monthly_usd
    old, new = answer.before.best, answer.after.best
    return {
        "workload": answer.after.workload,
        "file": answer.after.file,
        "flips": answer.flips,
        "before": {
            "design": None if old is None else old.design.choices(),
            "monthly_usd": json.money(before),
            "prices": json.prices(answer.before),
        },
        "after": {
            "design": None if new is None else new.design.choices(),
            "monthly_usd": json.money(after),
            "prices": json.prices(answer.after),
        },
    }
