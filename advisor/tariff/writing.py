"""The one writer of price files: the same tree always gives the same bytes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 99
# A word, words, a unit such as instance-hour, a URL.
_ORDINARY = re.compile(r"[A-Za-z]([A-Za-z0-9 ./-]|:(?=/))*[A-Za-z0-9/]")
_RESERVED = frozenset({"true", "false", "null"})
_INDENT = " " * 8


def text_of(tree: Any) -> str:
    """Return the YAML of a service's prices, in the form that ``pricing/README.md`` describes."""
    return "\n".join(_file(tree)) + "\n"


def _file(tree: Any) -> Iterator[str]:
    yield f"service: {tree['service']}"
    yield f"name: {_plain(tree['name'])}"
    yield "components:"
    for component in sorted(tree["components"]):
        entry = tree["components"][component]
        yield f"  {component}:"
        if "about" in entry:
            yield f"    about: {_quoted(entry['about'])}"
        yield f"    unit: {_plain(entry['unit'])}"
        yield f"    source: {_plain(entry['source'])}"
        yield f"    checked: {_quoted(entry['checked'])}"
        yield "    prices:"
        for group in entry["prices"]:
            yield from _group(group)


def _group(group: Any) -> Iterator[str]:
    yield from _regions(group["regions"])
    yield f"{_INDENT}from: {_quoted(group['from'])}"
    if "checked" in group:
        yield f"{_INDENT}checked: {_quoted(group['checked'])}"
    yield f"{_INDENT}confidence: {group['confidence']}"
    yield f"{_INDENT}evidence: {_quoted(group['evidence'])}"
    if group.get("note"):
        yield f"{_INDENT}note: {_quoted(group['note'])}"
    if "allowance" in group:
        yield f"{_INDENT}allowance: {_quoted(group['allowance'])}"
    elif "price" in group:
        yield f"{_INDENT}price: {_value(group['price'])}"
    else:
        yield f"{_INDENT}tiers:"
        for tier in group["tiers"]:
            yield f"{_INDENT}  - {{{', '.join(_tier(tier))}}}"


def _tier(tier: Any) -> Iterator[str]:
    if "up_to" in tier:
        yield f"up_to: {_quoted(tier['up_to'])}"
    yield f"price: {_value(tier['price'])}"
    if "confidence" in tier:
        yield f"confidence: {tier['confidence']}"


def _regions(regions: list[str]) -> Iterator[str]:
    line = "      - regions: ["
    for index, region in enumerate(regions):
        end = "]" if index == len(regions) - 1 else ", "
        if len(line) + len(region) + len(end.rstrip()) > _WIDTH:
            yield line.rstrip()
            line = " " * len("      - regions: [")
        line += region + end
    yield line


def _value(price: str | None) -> str:
    return "null" if price is None else _quoted(price)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """Return a text without quotes where YAML reads it as the same text."""
    return text if _ORDINARY.fullmatch(text) and text not in _RESERVED else _quoted(text)
