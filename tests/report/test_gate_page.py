"""The page on the gate's formats has every format, with a sample that is what is written."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from advisor.report.gate_formats import FORMATS, render
from tests.report.outcomes import increase

if TYPE_CHECKING:
    from pathlib import Path


def _sections(repository: Path) -> dict[str, str]:
    page = (repository / "docs/gate-formats.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))


def test_the_samples_are_real(repository: Path) -> None:
    sections = _sections(repository)
    assert set(sections) == set(FORMATS)
    del sections["github-summary"]
    for format_, section in sections.items():
        sample = re.search(r"```\w+\n(.*?)```", section, re.DOTALL)
        assert sample is not None
        written, at = render(format_, increase()), 0
        # A line with three dots stands for lines that are left out.
        for piece in re.split(r"^…\n", sample[1], flags=re.MULTILINE):
            assert piece in written[at:], format_
            at = written.index(piece, at) + len(piece)
        assert at > 200


def test_every_key_of_the_json_is_on_the_page(repository: Path) -> None:
    rows = re.findall(r"^\| (`.*?) \|", _sections(repository)["json"], re.MULTILINE)
    listed = re.findall(r"`(\w+)`", " ".join(rows))
    assert listed == list(json.loads(render("json", increase())))
