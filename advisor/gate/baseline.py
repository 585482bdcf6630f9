"""The baseline file: snapshots of workloads as sorted JSON that a reviewer can read.

It holds what a comparison needs and nothing that changes by itself: designs, quantities, unit
prices, margins, digests. Paths are from the file's own folder, so that it can be read from
anywhere. A digest over the rest tells an edit by hand from what `advisor baseline` wrote.
"""

from __future__ import annotations

import hashlib
import os
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from advisor.document.diagnostics import Diagnostic
from advisor.errors import InputError
from advisor.gate.outcome import Prices  # noqa: TC001 - msgspec reads the annotations - read when a baseline is decoded
from advisor.gate.policy import Policy  # noqa: TC001 - msgspec reads the annotations
from advisor.gate.snapshot import Snapshot

SCHEMA_VERSION = 1
MAX_BYTES = 64 * 1024 * 1024
_FIRST = (
    "file",
    "name",
    "region",
    "monthly_usd",
    "usd_per_million_requests",
    "margin_usd",
    "monthly_requests",
    "design",
    "sizing",
)


class Entry(Snapshot, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A snapshot with its file, and the sums that follow from it, for the reader."""

    file: str
    monthly: Decimal | None = msgspec.field(default=None, name="monthly_usd")
    per_million: Decimal | None = msgspec.field(default=None, name="usd_per_million_requests")
    margin: Decimal | None = msgspec.field(default=None, name="margin_usd")


class Baseline(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Workloads as they were priced, with the policy of that time, sorted by file."""

    schema_version: int = SCHEMA_VERSION
    prices: Prices
    policy: Policy | None = None
    workloads: tuple[Entry, ...]


def write(baseline: Baseline) -> str:
    """Return a baseline as text."""
    tree = _plain(msgspec.to_builtins(baseline, builtin_types=(Decimal,)))
    tree["workloads"] = [
        {**{key: each[key] for key in _FIRST if key in each}, **each} for each in tree["workloads"]
    ]
    return _formatted({**tree, "digest": _digest(tree)})


def entry(file: str, snapshot: Snapshot) -> Entry:
    """Return a snapshot as an entry of a baseline; ``file`` is from the baseline's folder."""
    kept = {name: getattr(snapshot, name) for name in snapshot.__struct_fields__}
    return Entry(
        **kept,
        file=file,
        monthly=snapshot.monthly_usd,
        per_million=snapshot.usd_per_million,
        margin=snapshot.margin_usd,
    )


def read(content: bytes, name: str) -> Baseline:
    """Read a baseline; raise InputError when it is none, is of another version, or was edited."""
    if len(content) > MAX_BYTES:
        raise _refusal(name, f"this holds more than {MAX_BYTES:,} bytes")
    try:
        tree = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        raise _refusal(name, "this is not JSON") from None
    if not isinstance(tree, dict) or "schema_version" not in tree:
        raise _refusal(name, "this is not a baseline")
    if tree["schema_version"] != SCHEMA_VERSION:
        raise _refusal(name, f"version {tree['schema_version']!r} of the format is not known here")
    digest = tree.pop("digest", None)
    try:
        found = msgspec.convert(tree, Baseline, strict=True)
    except (msgspec.ValidationError, ArithmeticError) as error:
        raise _refusal(name, f"this is not a baseline: {error}") from None
    if digest != _digest(tree):
        raise _refusal(name, "this was edited by hand: its digest is not that of its content")
    for each in found.workloads:
        if any(not _finite(value) for value in _figures(each)):
            raise _refusal(name, f"an amount of {each.file} is not a number")
    return found


def key(baseline_folder: str, file: str) -> str:
    """Return the absolute path of a workload that a baseline names."""
    return os.path.normpath(os.path.join(baseline_folder, file))


def _figures(each: Entry) -> list[Decimal]:
    lines = [v for line in each.line_items for v in (line.quantity, line.unit_price_usd)]
    return lines if each.recommended_usd is None else [*lines, each.recommended_usd]


def _finite(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < Decimal(10) ** 30


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _digest(tree: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(tree, order="deterministic")).hexdigest()


def _formatted(tree: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(tree), indent=2).decode() + "\n"


def _refusal(name: str, message: str) -> InputError:
    advice = "write it again with `advisor baseline`"
    return InputError([Diagnostic(code="bad-baseline", message=message, help=advice, file=name)])
