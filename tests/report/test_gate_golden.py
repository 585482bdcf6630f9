"""Each format of the gate, as it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from advisor import __version__
from advisor.report.gate_formats import FORMATS, render
from tests.report.outcomes import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable

ENDINGS = {
    "table": "txt",
    "json": "json",
    "markdown": "md",
    "github": "annotations",
    "gitlab": "gitlab.json",
    "junit": "xml",
    "sarif": "sarif",
}


@pytest.mark.parametrize("format_", ENDINGS)
@pytest.mark.parametrize("name", OUTCOMES)
def test_looks_as_it_should(name: str, format_: str, golden: Callable[[str, str], None]) -> None:
    text = render(format_, OUTCOMES[name])
    # A release changes no format.
    text = text.replace(f'"semanticVersion": "{__version__}"', '"semanticVersion": "0"')
    golden(f"gate-{name}.{ENDINGS[format_]}", text)


def test_the_summary_is_the_comment_without_its_marker() -> None:
    for outcome in OUTCOMES.values():
        marker, _, rest = render("markdown", outcome).partition("\n")
        assert marker == "<!-- advisor gate -->"
        assert render("github-summary", outcome) == rest


def test_only_the_answer_is_bold_and_only_in_a_terminal() -> None:
    for format_ in FORMATS:
        coloured = render(format_, OUTCOMES["fails"], colour=True)
        assert ("\x1b" in coloured) == (format_ == "table")
    answer, *rest = render("table", OUTCOMES["fails"], colour=True).split("\n")
    assert answer.startswith("\x1b[1mFailed: ")
    assert answer.endswith("\x1b[0m")
    assert not any("\x1b" in line for line in rest)


def test_the_table_is_80_columns_wide() -> None:
    for outcome in OUTCOMES.values():
        assert max(map(len, render("table", outcome).splitlines())) <= 80
