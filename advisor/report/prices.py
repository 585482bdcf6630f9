"""The price table itself, as text and as JSON: what is in it, what fails, what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import json, outline, text
from advisor.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.tariff import Price, PriceTable
    from advisor.tariff.checking import Finding, TableCheck
    from advisor.tariff.difference import Moved

_MOST_SHOWN = 40
_KINDS = {"stale": "Too old", "confidence": "Not sure enough", "missing": "Missing"}


def services_text(check: TableCheck) -> str:
    """Return what a table holds, service by service."""
    shown = outline.Table(
        title="",
        headers=("Service", "Components", "Regions", "A", "B", "C", "Newest", "Checked"),
        rows=tuple(
            (
                each.service,
                str(each.components),
                str(each.regions),
                *(str(each.by_confidence.get(letter, "")) for letter in "ABC"),
                each.newest_price.isoformat(),
                each.oldest_check.isoformat(),
            )
            for each in check.services
        ),
        numbers=(1, 2, 3, 4, 5),
    )
    total = sum(each.prices for each in check.services)
    lines = [
        f"{words.safe(check.origin)}: {total:,} prices of {len(check.services)} services,"
        f" digest {check.digest[:12]}",
        "",
        *text.table(shown)[1:],
        "",
        *text.wrapped(
            "A: two sources or AWS's own Price List, B: one source, C: inferred. Checked: the"
            " day of the oldest comparison with AWS."
        ),
    ]
    return _joined(lines)


def prices_text(table: PriceTable, service: str, prices: Sequence[Price]) -> str:
    """Return the prices of a service in one Region, or how each varies over all Regions."""
    rows = []
    for price in prices:
        for index, tier in enumerate(price.tiers):
            rows.append(
                (
                    price.component if index == 0 else "",
                    "not known" if tier.price is None else words.unit_price(tier.price),
                    tier.label(price.unit) if len(price.tiers) > 1 or tier.up_to else price.unit,
                    price.valid_from.isoformat() if index == 0 else "",
                    tier.confidence,
                )
            )
    regions = sorted({price.region for price in prices} - {"global"}) or ["global"]
    shown = outline.Table(
        title="",
        headers=("Component", "USD", "per", "From", ""),
        rows=tuple(rows),
        numbers=(1,),
    )
    lines = [
        f"{service} in {', '.join(regions)}   {words.safe(table.origin)}, digest"
        f" {table.digest()[:12]}",
        "",
        *text.table(shown)[1:],
    ]
    notes = dict.fromkeys(f"{p.component}: {p.note}" for p in prices if p.note)
    sources = dict.fromkeys(p.source for p in prices)
    lines += text.sections(
        (
            outline.Section(title="Notes", lines=tuple(notes)),
            outline.Section(title="Sources", lines=tuple(sources)),
        )
    )
    return _joined(lines)


def components_text(table: PriceTable, service: str, by_component: dict[str, list[Price]]) -> str:
    """Return the components of a service with the range of the first tier over all Regions."""
    rows = []
    for component, prices in by_component.items():
        firsts = [each.tiers[0].price for each in prices if each.tiers[0].price is not None]
        low, high = words.unit_price(min(firsts)), words.unit_price(max(firsts))
        free = prices[0].region == "global"
        rows.append(
            (
                component,
                "" if free else str(len(prices)),
                words.quantity(prices[0].tiers[0].up_to) + " free" if free else low,
                "" if low == high else high,
                prices[0].unit,
            )
        )
    shown = outline.Table(
        title="",
        headers=("Component", "Regions", "USD from", "to", "per"),
        rows=tuple(rows),
        numbers=(1, 2, 3),
    )
    lines = [
        f"{service}   {words.safe(table.origin)}, digest {table.digest()[:12]}",
        "",
        *text.table(shown)[1:],
        "",
        *text.wrapped("First tiers. --region REGION shows the prices of a Region in full."),
    ]
    return _joined(lines)


def check_text(check: TableCheck) -> str:
    """Return what a check found: the verdict first, then each finding, then the gaps."""
    total = sum(each.prices for each in check.services)
    verdict = f"{len(check.findings):,} findings" if check.findings else "passes"
    lines = [
        f"{words.safe(check.origin)}: {verdict}   {total:,} prices of {len(check.services)}"
        f" services, digest {check.digest[:12]}"
    ]
    by_kind: dict[str, list[Finding]] = {}
    for finding in check.findings:
        by_kind.setdefault(finding.kind, []).append(finding)
    shown = []
    for kind, found in by_kind.items():
        listed = [
            f"{each.service}/{each.component} in {each.region}: {each.message}"
            for each in found[:_MOST_SHOWN]
        ]
        if len(found) > _MOST_SHOWN:
            listed.append(f"and {len(found) - _MOST_SHOWN:,} more; --format json has all")
        shown.append(outline.Section(title=f"{_KINDS[kind]} ({len(found):,})", lines=tuple(listed)))
    letters = {
        letter: sum(each.by_confidence.get(letter, 0) for each in check.services)
        for letter in "ABC"
    }
    shown.append(
        outline.Section(
            title="Confidence",
            lines=(", ".join(f"{letter} {count:,}" for letter, count in letters.items()),),
        )
    )
    gaps = [
        f"{each.service}: {len(each.gaps)} of {each.components} components are not priced in all of"
        f" its {each.regions} Regions"
        for each in check.services
        if each.gaps
    ]
    shown.append(outline.Section(title="Gaps", lines=tuple(gaps)))
    return _joined([*lines, *text.sections(shown)])


def check_json(check: TableCheck) -> str:
    """Return a check as JSON, with every finding and every gap."""
    return json.encoded(
        {
            "origin": check.origin,
            "digest": check.digest,
            "services": check.services,
            "findings": check.findings,
        }
    )


def price_tree(price: Price) -> dict[str, Any]:
    """Return a price as plain values."""
    return {
        "id": price.id,
        "service": price.service,
        "component": price.component,
        "region": price.region,
        "unit": price.unit,
        "tiers": [
            {
                "above": json.money(tier.above),
                "up_to": json.money(tier.up_to),
                "usd": json.money(tier.price),
                "confidence": tier.confidence,
            }
            for tier in price.tiers
        ],
        "valid_from": price.valid_from,
        "checked": price.checked,
        "confidence": price.confidence,
        "source": price.source,
        "evidence": price.evidence,
        "note": price.note,
    }


def prices_json(table: PriceTable, prices: Sequence[Price]) -> str:
    """Return prices as JSON."""
    return json.encoded(
        {
            "origin": table.origin,
            "digest": table.digest(),
            "prices": [price_tree(price) for price in prices],
        }
    )


def moved_lines(moved: Sequence[Moved]) -> list[str]:
    """Return each price that moved in a line."""
    return [
        f"{each.service}/{each.component} in {each.region}: {_movement(each)}" for each in moved
    ]


def moved_tree(moved: Moved) -> dict[str, Any]:
    """Return a movement as plain values."""
    return {
        "service": moved.service,
        "component": moved.component,
        "region": moved.region,
        "movement": moved.movement,
        "percent": None if moved.percent is None else float(round(moved.percent, 6)),
        "before": None if moved.before is None else price_tree(moved.before),
        "after": None if moved.after is None else price_tree(moved.after),
    }


def _movement(moved: Moved) -> str:
    before, after = moved.before, moved.after
    if after is None:
        return "gone" if before is None else f"gone, was {_ladder(before)} USD per {before.unit}"
    if before is None:
        return f"new, {_ladder(after)} USD per {after.unit}"
    percent = "" if moved.percent is None else f" ({moved.percent:+,.3g} %)"
    return f"{_ladder(before)} -> {_ladder(after)} USD per {after.unit}{percent}"


def _ladder(price: Price) -> str:
    if price.region == "global":
        return f"{words.quantity(price.tiers[0].up_to)} free"
    return " / ".join(
        "not known" if tier.price is None else words.unit_price(tier.price) for tier in price.tiers
    )


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"
