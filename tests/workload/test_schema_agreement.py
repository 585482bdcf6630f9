"""The reader and the exported JSON Schema accept and refuse the same workload files.

An editor checks a file with the schema, the command with msgspec. The documents are the shipped
examples, changed at random; the schema sees the plain JSON value, the reader its text.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.document.reader import read
from advisor.document.tree import parse
from advisor.errors import InputError
from advisor.workload import Workload
from advisor.workload.loading import schema

EXAMPLES = [
    parse(path.read_bytes(), path.name).value
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
]
SCHEMA = schema()
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")

_SCALARS: list[Any] = [
    *(None, True, False, 0, 1, -1, 2, 23, 24, 99, 100, 1.0, 1000.0, 0.5, 1.5, -0.5, 1e-9, 1e300),
    *(10**9, 10**9 + 1, 1e9, 10**12, 10**12 + 1, 10**15, 10**15 + 1, 2**53 + 1, 2**63, 2**64, 1e17),
    *("", "x", "none", "NO", "1", "1.5", "true", "null", "python", "fargate", "steady", "jwt"),
    *("us-east-1", "us-east-1\n", "\nus-east-1", "us-gov-west-1", "US-EAST-1", "eu-west-123"),
    *("a\n", "\x00", "a\x7f", "é", "😀", "x" * 64, "x" * 65, "😀" * 64, "😀" * 65, "x" * 129),
]


def _bounds(node: Any) -> set[float]:
    """Return every bound that the schema names, and its neighbours."""
    found: set[float] = set()
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
                found |= {value, value + 1, value - 1, value * (1 + 1e-9), value - 1e-9}
            else:
                found |= _bounds(value)
    elif isinstance(node, list):
        for item in node:
            found |= _bounds(item)
    return found


def _sections() -> dict[str, list[str]]:
    names = SCHEMA["$defs"]["Workload"]["properties"]
    owners = {name: re.search(r"#/\$defs/(\w+)", json.dumps(node)) for name, node in names.items()}
    return {
        name: list(SCHEMA["$defs"][owner.group(1)]["properties"]) if owner else []
        for name, owner in owners.items()
    }


_SECTIONS = _sections()
_PLACES = [(name,) for name in _SECTIONS] + [
    (name, field) for name, fields in _SECTIONS.items() for field in fields
]
_ANY: st.SearchStrategy[Any] = st.sampled_from([*_SCALARS, *sorted(_bounds(SCHEMA))])
_VALUES: st.SearchStrategy[Any] = (
    _ANY | st.lists(_ANY, max_size=3) | st.just({}) | st.just({"needed": True})
)
_LISTS = st.sampled_from([0, 1, 5, 6, 7, 8, 23, 24, 25, 50, 51]).flatmap(
    lambda size: st.sampled_from([1, 0, 0.5, "none", "http", "x", None]).map(lambda x: [x] * size)
)


@st.composite
def _documents(draw: st.DrawFn) -> Any:
    document = copy.deepcopy(draw(st.sampled_from(EXAMPLES)))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.sampled_from(_PLACES))
        section = document if len(place) == 1 else document.setdefault(place[0], {})
        if not isinstance(section, dict):
            continue
        action = draw(st.sampled_from(["set", "set", "set", "list", "delete", "extra"]))
        if action == "delete":
            section.pop(draw(st.sampled_from([*sorted(section), place[-1]])), None)
        elif action == "extra":
            section[draw(st.sampled_from(["", "x", "Memory_mb", "memory_mb", "needed", "3"]))] = 1
        else:
            section[place[-1]] = draw(_VALUES if action == "set" else _LISTS)
    return document


def _text(document: Any) -> bytes:
    # JSON is YAML but for characters that a YAML file may hold only as escapes.
    text = json.dumps(document, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text).encode()


def _reads(document: Any) -> bool:
    try:
        read(parse(_text(document), "w.yaml"), Workload)
    except InputError as error:
        codes = {found.code for found in error.diagnostics}
    else:
        return True
    # "invalid" is the fallback for what only one of the two refuses.
    assert codes
    assert "invalid" not in codes
    return False


def test_the_examples_are_accepted_by_both() -> None:
    assert len(EXAMPLES) == 5
    for document in EXAMPLES:
        assert VALIDATOR.is_valid(document)
        assert _reads(document)


def test_changed_examples_are_accepted_by_both_or_by_neither() -> None:
    outcomes: Counter[bool] = Counter()

    @settings(max_examples=500, derandomize=True, deadline=None, database=None)
    @given(_documents())
    def agree(document: Any) -> None:
        accepted = _reads(document)
        outcomes[accepted] += 1
        assert VALIDATOR.is_valid(document) is accepted

    agree()
    # A test of agreement that saw one side only would prove nothing.
    assert min(outcomes[True], outcomes[False]) > 50


def test_every_field_agrees_on_every_bound_and_kind_of_value() -> None:
    """One at a time, in a file that is right otherwise; refused files are not explained here."""
    import msgspec

    values = [*_SCALARS, *sorted(_bounds(SCHEMA)), [], {}, [1] * 24, ["none"], ["http"], [None]]
    accepted = refused = 0
    for place in _PLACES:
        for value in values:
            document: Any = {"name": "x", "region": "us-east-1", "traffic": {}}
            section = document if len(place) == 1 else document.setdefault(place[0], {})
            section[place[-1]] = value
            tree = parse(_text(document), "w.yaml").value
            try:
                msgspec.convert(tree, Workload)
                reads = True
            except msgspec.ValidationError:
                reads = False
            assert VALIDATOR.is_valid(document) is reads, (place, value)
            accepted, refused = accepted + reads, refused + (not reads)
    assert min(accepted, refused) > 1000
