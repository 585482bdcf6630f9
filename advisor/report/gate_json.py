"""The gate's outcome as JSON. Its keys and their order are a contract with other people's scripts.

Money, unit prices, quantities and percentages are decimal strings; everything else that is a number
is a JSON number.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from advisor.report import gate_words
from advisor.report.json import encoded

if TYPE_CHECKING:
    from advisor.gate.outcome import Outcome, Split, WorkloadChange

SCHEMA_VERSION = 1


def render(outcome: Outcome, *, colour: bool = False) -> str:  # noqa: ARG001 - all formats' signature
    """Return the outcome as JSON text."""
    return gate_words.inert_json(encoded(well_formed(tree(outcome))))


def tree(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as plain values in the order of the contract."""
    totals = outcome.totals
    verdict = {"verdict": outcome.verdict, "exit_code": outcome.exit_code} if outcome.judged else {}
    return {
        "schema_version": SCHEMA_VERSION,
        **verdict,
        "as_of": outcome.as_of,
        "against": _plain(outcome.base),
        "policy": {"file": outcome.policy, "from": outcome.policy_from},
        "prices": {
            "before": _plain(outcome.prices_before),
            "after": _plain(outcome.prices_after),
        },
        "totals": {
            "before_usd": text(totals.before_usd),
            "after_usd": text(totals.after_usd),
            "delta_usd": text(totals.delta_usd),
            "delta_percent": text(totals.delta_percent),
            "split": _split(totals.split),
            "left_out": list(totals.left_out),
        },
        "counts": {
            "failures": len(outcome.failures),
            "unknowns": len(outcome.unknowns),
            "warnings": len(outcome.warnings),
            "existing": len(outcome.existing),
            "waived": len(outcome.waived),
        },
        "findings": [_plain(finding) for finding in outcome.findings],
        "workloads": [_workload(workload) for workload in outcome.workloads],
        "groups": [{**_plain(group), "over_usd": text(group.over_usd)} for group in outcome.groups],
        "policy_changes": [_plain(change) for change in outcome.policy_changes],
        "waivers": [_plain(waiver) for waiver in outcome.waivers],
    }


def well_formed(value: Any) -> Any:
    """Return plain values whose texts UTF-8 can hold."""
    if isinstance(value, str):
        return gate_words.well_formed(value)
    if isinstance(value, dict):
        return {well_formed(key): well_formed(each) for key, each in value.items()}
    return [well_formed(each) for each in value] if isinstance(value, list) else value


def text(amount: Decimal | None) -> str | None:
    """Return an exact amount without the zeros that end it."""
    if amount is None:
        return None
    written = f"{amount:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _workload(workload: WorkloadChange) -> dict[str, Any]:
    return {
        "name": workload.name,
        "file": workload.file,
        "region": workload.region,
        "tags": dict(workload.tags),
        "status": workload.status,
        "renamed_from": workload.renamed_from,
        "before_usd": text(workload.before_usd),
        "after_usd": text(workload.after_usd),
        "delta_usd": text(workload.delta_usd),
        "delta_percent": text(workload.delta_percent),
        "delta_usd_per_million": text(workload.delta_per_million),
        "split": _split(workload.split),
        "before": _plain(workload.before),
        "after": _plain(workload.after),
        "line_items": [
            {**_plain(line), "delta_usd": text(line.delta_usd)} for line in workload.lines
        ],
        "fields": [_plain(field) for field in workload.fields],
    }


def _split(split: Split | None) -> dict[str, Any] | None:
    return None if split is None else _plain(split)


def _plain(value: Any) -> Any:
    """Return a value with its structs as objects and its decimals as strings."""
    if isinstance(value, Decimal):
        return text(value)
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value
