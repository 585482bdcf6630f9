"""From a document to a typed value: every reason for a refusal at once, with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema_rs
import pytest
import yaml
from msgspec import Meta, Struct

from advisor.document.reader import json_schema, read
from advisor.document.tree import parse
from advisor.errors import InputError
from advisor.workload import Workload

GOLDEN = Path(__file__).parent / "golden"
_CASES = yaml.safe_load((GOLDEN / "refusals.yaml").read_text(encoding="utf-8"))


_LABEL = Meta(
    min_length=1,
    max_length=4,
    pattern=r"^[a-z]*$(?!\n)",
    extra_json_schema={"examples": ["ab"]},
)


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    size_mb: Annotated[float, Meta(gt=0, lt=10, description="How large.")]
    kind: Literal["small", "large"] | None = None


class Thing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    count: Annotated[int, Meta(ge=1, le=1000)] | None = None
    wait_ms: Annotated[float, Meta(ge=0, description="How long.")] | None = None
    ready: bool | None = None
    label: Annotated[str, _LABEL] | None = None
    weights: Annotated[list[float], Meta(min_length=2, max_length=3)] | None = None
    part: Part | None = None
    parts: list[Part] | None = None


def _told(text: str, type_: Any = Thing) -> list[tuple[str, tuple[int, int], str, str | None]]:
    with pytest.raises(InputError) as caught:
        read(parse(text.encode(), "w"), type_)
    found = []
    for one in caught.value.diagnostics:
        assert one.position is not None
        found.append((one.code, one.position[:2], one.message, one.help))
    return found


def test_what_fits_is_read() -> None:
    text = "count: 1e3\nwait_ms: 5\nlabel: 'on'\nweights: [1, .5]\npart: {size_mb: 2.0}\n"
    thing = read(parse(text.encode(), "w"), Thing)
    assert thing == Thing(
        count=1000, wait_ms=5.0, label="on", weights=[1.0, 0.5], part=Part(size_mb=2.0)
    )
    assert type(thing.wait_ms) is float


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["text"]) for case in _CASES],
)
def test_each_refusal(case: dict[str, Any]) -> None:
    assert _told(case["text"]) == [(case["code"], tuple(case["at"]), case["message"], case["help"])]


def test_a_required_section_that_is_null_asks_for_its_keys() -> None:
    text = "name: x\nregion: us-east-1\ntraffic:\n"
    assert _told(text, Workload) == [
        (
            "wrong-type",
            (3, 9),
            "`traffic` must be a section with keys, not nothing",
            "write its keys on the lines below it, indented",
        )
    ]


def test_lengths_count_characters_not_bytes() -> None:
    class Named(Struct, forbid_unknown_fields=True):
        name: Annotated[str, Meta(max_length=2)]

    assert read(parse("name: 😀日\n".encode(), "w"), Named).name == "😀日"
    assert _told("name: 😀日é\n", Named)[0][0] == "too-long"


def test_errors_stand_in_the_order_of_the_file() -> None:
    told = _told("weights: [x, y, 1, z]\npart: {kind: big}\ncount: 0\n")
    assert [(code, place) for code, place, _, _ in told] == [
        ("too-long", (1, 10)),
        ("wrong-type", (1, 11)),
        ("wrong-type", (1, 14)),
        ("wrong-type", (1, 20)),
        ("missing-key", (2, 1)),
        ("not-one-of", (2, 14)),
        ("too-small", (3, 8)),
    ]


@pytest.mark.parametrize("text", ["k{0}: 1", "parts: [{1}]"])
def test_no_more_than_a_hundred_errors_are_told(text: str) -> None:
    text = "\n".join(text.format(n, "{}, " * 300) for n in range(300 if "{0}" in text else 1))
    with pytest.raises(InputError) as caught:
        read(parse(text.encode(), "w"), Thing)
    codes = [found.code for found in caught.value.diagnostics]
    assert len(codes) == 101
    assert codes[100] == "too-many-errors"
    assert "too-many-errors" not in codes[:100]


def test_a_refusal_that_the_schema_does_not_know_is_not_lost() -> None:
    class Odd(Struct):
        value: int

        def __post_init__(self) -> None:
            if self.value == 13:
                raise ValueError("thirteen")

    assert _told("value: 13\n", Odd) == [("invalid", (1, 1), "thirteen", None)]


def test_the_exported_schema_is_a_schema() -> None:
    schema = json_schema(Thing, title="A thing", id="https://example.com/thing")
    assert list(schema)[:3] == ["$schema", "$id", "title"]
    assert schema["title"] == "A thing"
    assert jsonschema_rs.meta.is_valid(schema)


def test_hostile_keys_and_values_are_shown_harmlessly() -> None:
    text = '"\\e[31m\\n": 1\nlabel: "\\e]0;x\\a"\npart: {size_mb: "\\e[2J", "\\x9b": 1}\n'
    with pytest.raises(InputError) as caught:
        read(parse(text.encode(), "w\x1b"), Thing)
    assert len(caught.value.diagnostics) >= 4
    assert all(line.isprintable() for line in str(caught.value).split("\n"))


def test_golden(request: pytest.FixtureRequest) -> None:
    with pytest.raises(InputError) as caught:
        read(parse((GOLDEN / "bad.yaml").read_bytes(), "bad.yaml"), Workload)
    text = str(caught.value) + "\n"
    path = GOLDEN / "bad.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")
