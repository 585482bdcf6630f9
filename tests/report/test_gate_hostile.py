"""Names and texts that somebody chose break out of no format: each is read back, and holds them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from advisor.gate.outcome import FieldChange, Outcome, Place
from advisor.report.gate_formats import FORMATS, render
from tests.gate.examples import outcome as everything

HOSTILE = [
    "a\n::error::x",
    "\r\n::add-mask::x",
    "::stop-commands::x",
    "##[add-matcher]x.json",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[buildStatus text='ok']",
    "%0A::error::x",
    "a,line=1,title=x::y",
    "]]>",
    "--> <!-- advisor gate -->",
    "<script>alert(1)</script>",
    "</details></summary><h1>Passed</h1>",
    "<img src=x onerror=alert(1)>",
    '"/><failure message="x',
    "&lt;b&gt; &#60;",
    "- a|b",
    "+ a|b",
    "1. a|b",
    "- - - |",
    "    a|b",
    "a|b|c",
    "a\\|b",
    "\\",
    "a\\",
    "`",
    "``` ` ``",
    "`a` **b**",
    "**b** _i_ ~~s~~",
    "[x](https://example.com)",
    "![x](https://example.com/x.png)",
    "https://example.com www.example.com a@example.com",
    "@everyone #1 !1 GH-1 :white_check_mark: $1 ~bug %1 &1",
    "# h",
    "- a",
    "1. a",
    "> q",
    "| a |\n| - |",
    "a\n===",
    "---",
    "{0} {1}",
    "[x](1)",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "\x07",
    "\x00",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\u2028::error::x",
    "\u200b",
    "\ufeff",
    "\ufffe",
    "\ud800",
    "a\udcffb",
    "x" * 10_000,
    "x " * 5_000,
    "",
    " ",
]
FRAGMENTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), max_size=4).map("".join)


def poisoned(text: str) -> Outcome:
    """Return an outcome that has a text in every place where a file or a user chooses one."""
    whole = everything()
    waiver = replace(
        whole.waivers[0], because=text, decided_by=text, workload=text, budget=text, rule=text
    )
    waiver = replace(waiver, place=Place(file=text or "x", line=1, column=1))
    place = Place(file=text or "x", line=2, column=3)
    return replace(
        whole,
        base=replace(whole.base, name=text),
        policy=text,
        workloads=tuple(
            replace(
                each,
                name=text,
                file=text,
                tags={text: text},
                renamed_from=text,
                fields=(FieldChange(field=text, before=text, after=text),),
            )
            for each in whole.workloads
        ),
        totals=replace(whole.totals, left_out=(text,)),
        groups=tuple(replace(each, name=text, tags={text: text}) for each in whole.groups),
        findings=tuple(
            replace(
                each,
                message=text,
                help=text,
                place=place,
                workload=text,
                budget=text,
                rule=text,
                field=text,
                waiver=each.waiver and waiver,
            )
            for each in whole.findings
        ),
        policy_changes=tuple(
            replace(each, field=text, before=text, after=text, place=place)
            for each in whole.policy_changes
        ),
        waivers=(waiver, waiver),
    )


def structure(format_: str, text: str) -> Any:
    """Return what a reader of a format sees, without its texts."""
    written = render(format_, poisoned(text))
    written.encode("utf-8")
    return READERS[format_](written)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list) else type(value).__name__


def _json(text: str) -> Any:
    assert "##" not in text
    tree = json.loads(text)
    for workload in tree.get("workloads", []) if isinstance(tree, dict) else []:
        workload["tags"] = {}
    for group in tree.get("groups", []) if isinstance(tree, dict) else []:
        group["tags"] = {}
    return _shape(tree)


def _xml(text: str) -> Any:
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    return [(element.tag, sorted(element.attrib)) for element in root.iter()]


def _annotations(text: str) -> Any:
    """Read commands as GitHub's runner does: split, then decode."""
    found = []
    for line in text.removesuffix("\n").split("\n"):
        assert "\r" not in line
        start, command, _ = line.split("::", 2)
        assert start == ""
        kind, _, properties = command.partition(" ")
        found.append((kind, [each.partition("=")[0] for each in properties.split(",")]))
    return found


def _table(text: str) -> Any:
    for line in text.split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##" not in line
        assert line.isprintable()
    return None


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, [name for name, _ in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(tag)

    def handle_comment(self, data: str) -> None:
        self.seen.append(data)


def _markdown(text: str) -> Any:
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    assert "##[" not in text
    # A mention needs a name right behind its sign, outside of code.
    assert not re.search(r"@\w", re.sub(r"`[^`\n]*`", "", text))
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    tags = _Tags()
    tags.feed(page)
    # Names are shown as code where they can be, else escaped.
    return [each for each in tags.seen if each not in (("code", []), "code")]


READERS: dict[str, Any] = {
    "table": _table,
    "json": _json,
    "gitlab": _json,
    "sarif": _json,
    "junit": _xml,
    "github": _annotations,
    "markdown": _markdown,
    "github-summary": _markdown,
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_nothing_breaks_out(format_: str, text: str) -> None:
    plain = "plain" if text else ""
    assert structure(format_, text) == structure(format_, plain)


@settings(max_examples=40, deadline=None)
@given(text=FRAGMENTS)
def test_nothing_put_together_breaks_out(text: str) -> None:
    plain = "plain" if text else ""
    for format_ in FORMATS:
        assert structure(format_, text) == structure(format_, plain)


def test_what_is_written_is_what_was_meant() -> None:
    """Escaping loses nothing that a reader needs."""
    name = "a&<b>\"'|`{0}[x](y)::,%0A##[x]"
    outcome = poisoned(name)
    assert json.loads(render("json", outcome))["workloads"][0]["name"] == name
    assert json.loads(render("gitlab", outcome))[0]["description"] == f"{name}: {name}"
    message = json.loads(render("sarif", outcome))["runs"][0]["results"][0]["message"]["text"]
    assert message == f"{name}: {name}".replace("[", "\\[").replace("]", "\\]").replace(
        "{", "{{"
    ).replace("}", "}}")
    found = re.search(r"^::error file=([^,]*),", render("github", outcome), re.MULTILINE)
    assert found is not None
    decoded = found[1]
    for escaped, character in (("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        decoded = decoded.replace(escaped, character)
    assert decoded == name


def test_absurd_amounts_are_written_in_every_format() -> None:
    whole = everything()
    huge = tuple(replace(each, amount=Decimal("1e40")) for each in whole.findings)
    for format_ in FORMATS:
        assert render(format_, replace(whole, findings=huge))
