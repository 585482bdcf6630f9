"""The policy's JSON Schema and its reader accept and refuse the same files."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from advisor.gate.policy import Policy, schema

VALIDATOR = jsonschema_rs.validator_for(schema())
WAIVER = {"check": "slo-missed", "because": "x", "decided_by": "y", "until": "2026-12-31"}
VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 1e6, 1e6 + 1, 1e12, 1e13, "", "x", "x" * 200, "x" * 201, "a\n"),
    *("fail", "warn", "ignore", "both", "2026-12-31", "2026-1-1", "2026-12-31\n", [], {}),
    *([WAIVER], [{**WAIVER, "x": 1}], [{"name": "a", "monthly_usd": 1}], [{"name": "a"}]),
    *({"a": "b"}, {"": "b"}, {"a": 1}, {"x" * 129: "a"}, {"workload": {}}, {"total": None}),
    *({"percent": 5}, {"monthly_usd": 1, "when": "both"}, {"workload": {"percent": -1}}),
]


def _places() -> list[tuple[str, ...]]:
    sections = {
        "cost_increase": ("workload", "total"),
        "unit_cost_increase": ("workload",),
        "not_recommended": ("monthly_usd", "percent", "when"),
        "severity": ("cost-increase", "rule-warned", "data-missing"),
    }
    nested: list[tuple[str, ...]] = [(name, key) for name, keys in sections.items() for key in keys]
    return [*((name,) for name in (*Policy.__struct_fields__, "x")), *nested]


@pytest.mark.parametrize("place", _places(), ids=".".join)
def test_schema_and_reader_agree(place: tuple[str, ...]) -> None:
    for value in VALUES:
        document: Any = {place[0]: value} if len(place) == 1 else {place[0]: {place[1]: value}}
        document = json.loads(json.dumps(document))
        try:
            msgspec.convert(document, Policy)
        except msgspec.ValidationError:
            reads = False
        else:
            reads = True
        assert VALIDATOR.is_valid(document) is reads, value


@pytest.mark.parametrize(
    "key", ["rule", "up_to_usd", "because", "until", "workload", "budget", "x"]
)
def test_waivers_agree(key: str) -> None:
    accepted = 0
    for value in VALUES:
        document = json.loads(json.dumps({"waivers": [{**WAIVER, key: value}]}))
        try:
            msgspec.convert(document, Policy)
        except msgspec.ValidationError:
            reads = False
        else:
            reads = True
        assert VALIDATOR.is_valid(document) is reads, value
        accepted += reads
    assert key == "x" or 0 < accepted < len(VALUES)
