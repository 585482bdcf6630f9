"""The one writer of price files: shipped files are what it writes, and nothing is lost in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.document.tree import parse
from advisor.tariff import open_table
from advisor.tariff.reading import read_service
from advisor.tariff.writing import text_of

TABLE = open_table()


@pytest.mark.parametrize("service", TABLE.services())
def test_a_shipped_file_is_what_the_writer_writes(service: str) -> None:
    assert text_of(TABLE.tree(service)).encode() == TABLE.contents()[service]


def _decimals() -> st.SearchStrategy[str]:
    digits = st.integers(0, 10**15)
    return st.builds("{}.{:020}".format, digits, digits) | st.builds("{}.{}".format, digits, digits)


def _texts(*, least: int = 1) -> st.SearchStrategy[str]:
    printable = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
    return st.text(printable, min_size=least, max_size=20)


def _days() -> st.SearchStrategy[str]:
    return st.dates().map(lambda day: day.isoformat())


LETTERS = st.sampled_from("ABC")
REGIONS = [
    f"{area}-{side}-{n}"
    for area in ("us-gov", "eu", "mx")
    for side in ("x", "central")
    for n in range(20)
]
# Words as they stand in price files; what is quoted in every file is any text.
WORDS = st.sampled_from(
    [
        "GB-second",
        "request",
        "Amazon: SNS",
        "1 GB",
        "a #b",
        "50 %",
        "- x",
        "[x]",
        "ß",
        "x ",
        '"',
        "true",
        "null",
        "a:",
    ]
)


@st.composite
def ladders(draw: st.DrawFn) -> dict[str, Any]:
    bounds = sorted(draw(st.sets(st.integers(1, 10**15), max_size=4)))
    tiers: list[dict[str, Any]] = [{"up_to": str(bound)} for bound in bounds] + [{}]
    for tier in tiers:
        tier["price"] = draw(_decimals())
        if draw(st.booleans()):
            tier["confidence"] = draw(LETTERS)
    if draw(st.booleans()) and bounds:
        tiers[-1]["price"] = None
    return {"tiers": tiers}


def _flat() -> st.SearchStrategy[dict[str, Any]]:
    return _decimals().map(lambda price: {"price": price})


def _allowances() -> st.SearchStrategy[dict[str, Any]]:
    return _decimals().map(lambda quantity: {"allowance": quantity})


@st.composite
def groups(draw: st.DrawFn, regions: list[str]) -> dict[str, Any]:
    group = {
        "regions": regions,
        "from": draw(_days()),
        "confidence": draw(LETTERS),
        "evidence": draw(_texts()),
        **draw(_allowances() if regions == ["global"] else _flat() | ladders()),
    }
    if draw(st.booleans()):
        group["checked"] = draw(_days())
    if draw(st.booleans()):
        group["note"] = draw(_texts())
    return group


@st.composite
def components(draw: st.DrawFn) -> dict[str, Any]:
    # No Region stands twice, so that no price does.
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(REGIONS) - 1)] * 2)))
    regions = REGIONS[first : last + 1]
    cut = draw(st.integers(1, len(regions)))
    entry = {
        "unit": draw(WORDS),
        "source": "https://aws.amazon.com/lambda/pricing/",
        "checked": draw(_days()),
        "prices": [draw(groups(each)) for each in (regions[:cut], regions[cut:]) if each],
    }
    return {"about": draw(_texts(least=0)), **entry} if draw(st.booleans()) else entry


TREES = st.fixed_dictionaries(
    {
        "service": st.just("lambda"),
        "name": WORDS,
        "components": st.dictionaries(
            st.sampled_from(["requests", "cache-hour-0.5gb", "ondemand-linux-m7g.large", "x86-1"]),
            components(),
            min_size=1,
            max_size=3,
        ),
    }
)


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_any_tree_is_read_back_as_it_was_written(tree: dict[str, Any]) -> None:
    text = text_of(tree)
    again = parse(text.encode(), "lambda.yaml").value
    assert again == tree
    assert read_service(again) == read_service(tree)
    assert text_of(again) == text


def test_lists_of_regions_are_broken_before_column_100() -> None:
    regions = [f"us-east-{number}" for number in range(40)]
    group = {"regions": regions, "from": "x", "confidence": "A", "evidence": "", "price": None}
    entry = {"unit": "GB", "source": "x", "checked": "x", "prices": [group]}
    lines = text_of({"service": "x", "name": "x", "components": {"a": entry}}).split("\n")
    assert max(map(len, lines)) <= 99
    assert lines[8].startswith("      - regions: [us-east-0, us-east-1, ")
    assert lines[9].startswith("                  us-east-")
