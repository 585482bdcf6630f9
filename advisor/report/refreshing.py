"""What a refresh of the price table did, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import json, outline, text
from advisor.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.aws.refresh import Kept, Refreshed
    from advisor.tariff.offered import Offered
    from advisor.tariff.renewal import Renewed

_SAID = {
    "changed": "changed",
    "new": "new",
    "confirmed": "confirmed",
    "same": "as they were",
}


def as_text(done: Refreshed) -> str:
    """Return what changed, the count first; prices that stayed are only counted."""
    by_outcome = {name: [each for each in done.renewed if each.outcome == name] for name in _SAID}
    counts = ", ".join(
        f"{len(found):,} {_SAID[name]}" for name, found in by_outcome.items() if found
    )
    lines = [f"{len(done.renewed):,} prices read: {counts}"]
    if done.written:
        files = ", ".join(f"{each}.yaml" for each in done.files) or "no file"
        lines.append(f"Changed in {words.safe(done.to)}: {files}")
    else:
        lines.append("Nothing was written (--dry-run)")
    lines.append(f"Digest {done.digest_before[:12]} -> {done.digest_after[:12]}")
    sections = [
        outline.Section(title="Changed", lines=tuple(map(_line, by_outcome["changed"]))),
        outline.Section(title="New", lines=tuple(map(_line, by_outcome["new"]))),
        outline.Section(
            title=f"Not in AWS's answer, kept as they were ({len(done.kept):,})",
            lines=_grouped(done.kept),
        ),
    ]
    return "\n".join([*lines, *text.sections(sections)]) + "\n"


def as_json(done: Refreshed) -> str:
    """Return what a refresh did, price by price."""
    return json.encoded(
        {
            "to": done.to,
            "written": done.written,
            "files": done.files,
            "digest_before": done.digest_before,
            "digest_after": done.digest_after,
            "prices": [_tree(each) for each in done.renewed],
            "kept": done.kept,
        }
    )


def _grouped(kept: Sequence[Kept]) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for each in kept:
        found.setdefault(f"{each.service} in {each.region}", []).append(each.component)
    return tuple(f"{place}: {', '.join(components)}" for place, components in found.items())


def _line(renewed: Renewed) -> str:
    offered, before = renewed.offered, renewed.before
    was = "" if before is None else " -> ".join((_prices(*(t.price for t in before.tiers)), ""))
    return f"{offered.service}/{offered.component} in {offered.region}: {was}{_offered(offered)}"


def _offered(offered: Offered) -> str:
    if offered.allowance is not None:
        return f"{words.quantity(offered.allowance)} free"
    return f"{_prices(*(price for _, _, price in offered.tiers))} USD"


def _prices(*prices: Any) -> str:
    return " / ".join("not known" if p is None else words.unit_price(p) for p in prices)


def _tree(renewed: Renewed) -> dict[str, Any]:
    offered = renewed.offered
    return {
        "outcome": renewed.outcome,
        "service": offered.service,
        "component": offered.component,
        "region": offered.region,
        "tiers": [
            {"above": json.money(above), "up_to": json.money(up_to), "usd": json.money(price)}
            for above, up_to, price in offered.tiers
        ],
        "allowance": json.money(offered.allowance),
        "valid_from": offered.valid_from,
        "checked": offered.checked,
        "evidence": offered.evidence,
    }
