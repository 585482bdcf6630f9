"""The same workload in several Regions, as text, Markdown and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import json, markdown, outline, text
from advisor.wording import naming, words
from advisor.wording.reasons import headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.regions import RegionalAnswer

_LATENCY = "How far callers and data are from a Region is not part of a workload and not compared."


def as_text(ranked: Sequence[RegionalAnswer], *, colour: bool = False) -> str:
    """Return the Regions for a terminal, the cheapest first, and why others cannot be priced."""
    lines = [text.heading(_headline(ranked), colour=colour)]
    if any(each.answer.best is not None for each in ranked):
        lines += ["", *text.table(_table(ranked))[1:]]
    lines += text.sections((_incomplete(ranked), _unpriced(ranked), *_notes(ranked)))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_markdown(ranked: Sequence[RegionalAnswer]) -> str:
    """Return the Regions as Markdown."""
    lines = [f"## {markdown.escaped(_headline(ranked))}"]
    if any(each.answer.best is not None for each in ranked):
        lines += ["", *markdown.table(_table(ranked))[2:]]
    for section in (_incomplete(ranked), _unpriced(ranked), *_notes(ranked)):
        if section.lines:
            lines += ["", f"### {section.title}", ""]
            lines += [f"- {markdown.escaped(line)}" for line in section.lines]
    return "\n".join(lines) + "\n"


def tree(ranked: Sequence[RegionalAnswer]) -> dict[str, Any]:
    """Return the Regions as plain values."""
    first = ranked[0].answer
    return {
        "schema_version": json.SCHEMA_VERSION,
        "workload": {"name": first.workload, "file": first.file},
        "regions": [
            {
                "region": each.region,
                "recommendation": json.recommendation(each.answer),
                "complete": each.complete,
                "missing": each.missing,
                "unknowns": [json.notice(unknown) for unknown in each.answer.unknowns],
                "prices": json.prices(each.answer),
            }
            for each in ranked
        ],
    }


def _headline(ranked: Sequence[RegionalAnswer]) -> str:
    name = words.safe(ranked[0].answer.workload)
    best = ranked[0].answer.best
    if best is None:
        return f"{name}: no answer in any of {len(ranked)} Regions"
    amount = words.money(best.monthly_usd)
    return f"{name} is cheapest in {ranked[0].region}   {amount} USD a month"


def _table(ranked: Sequence[RegionalAnswer]) -> outline.Table:
    cheapest = ranked[0].answer.best
    rows = []
    for each in ranked:
        best = each.answer.best
        if best is None or cheapest is None:
            continue
        amount, least = best.monthly_usd, cheapest.monthly_usd
        more = "" if not least or amount == least else f"{(amount - least) / least * 100:+,.1f} %"
        rows.append(
            (
                each.region,
                naming.design(best),
                words.money(amount),
                more,
                "" if each.complete else "at most",
            )
        )
    return outline.Table(
        title="",
        headers=("Region", "Design", "USD a month", "", ""),
        rows=tuple(rows),
        numbers=(2, 3),
    )


def _incomplete(ranked: Sequence[RegionalAnswer]) -> outline.Section:
    return outline.Section(
        title="At most, since a design that could be cheaper cannot be priced",
        lines=tuple(
            f"{each.region}: no price of {', '.join(each.missing)}"
            for each in ranked
            if each.answer.best is not None and not each.complete
        ),
    )


def _unpriced(ranked: Sequence[RegionalAnswer]) -> outline.Section:
    lines = []
    for each in ranked:
        if each.answer.best is not None:
            continue
        if each.missing:
            lines.append(f"{each.region}: no price of {', '.join(each.missing)}")
        else:
            lines.append(f"{each.region}: {headline(each.answer)}")
    return outline.Section(title=f"Not answered ({len(lines)})", lines=tuple(lines))


def _notes(ranked: Sequence[RegionalAnswer]) -> tuple[outline.Section, ...]:
    others = dict.fromkeys(
        notice.message
        for each in ranked
        for notice in each.answer.unknowns
        if notice.price is None and notice.code != "region-unknown"
    )
    first = ranked[0].answer
    return (
        outline.Section(title="Not known", lines=tuple(others)),
        outline.assumed_elsewhere(each.answer for each in ranked),
        outline.Section(title="Not compared", lines=(_LATENCY,)),
        outline.Section(
            title="Prices",
            lines=(f"{first.prices_origin}, USD without tax, digest {first.prices_digest[:12]}",),
        ),
    )
