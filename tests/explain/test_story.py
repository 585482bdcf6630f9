"""The story fits one screen, whatever the workload, and tells what an architect would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from advisor.explain.explanation import Explanation, Figure
from advisor.explain.fitting import fitted
from advisor.explain.story import story
from advisor.report.explanations import as_json, as_markdown, as_text
from advisor.wording import words
from tests.explain.cases import EXAMPLES, NOTHING_LEFT, WIDE, case_of, example

if TYPE_CHECKING:
    from pathlib import Path

NO_PRICES = """
name: elsewhere
region: eu-wst-1
traffic: {monthly_requests: 1000000, peak_rps: 5}
compute: {request_duration_ms: 100}
api: {style: request_response}
"""

NARROW = """
name: narrow
region: us-east-1
traffic: {monthly_requests: 18000000, peak_rps: 20}
compute: {request_duration_ms: 120}
api: {style: request_response}
"""


def check_screen(text: str) -> None:
    lines = text.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_fits_a_screen(name: str) -> None:
    check_screen(as_text(story(example(name))))


@pytest.mark.parametrize("text", [WIDE, NOTHING_LEFT, NO_PRICES])
def test_a_long_story_fits_a_screen(text: str, tmp_path: Path) -> None:
    check_screen(as_text(story(case_of(text, tmp_path))))


def test_the_story_of_an_answer() -> None:
    case = example("checkout-api")
    sections = {section.title: " ".join(section.sentences) for section in story(case).children}
    best, margin = case.answer.best, words.margin(case.answer)
    assert best is not None
    assert margin is not None
    assert list(sections)[:4] == ["Question", "Answer", "Decided", "Ruled out"]
    # Little's law: 12,000,000 requests ÷ 2,628,000 s × 0.12 s, and 220 requests/s × 0.12 s.
    assert "so 0.55 are in progress on average and 26 at the peak" in sections["Question"]
    assert f"{words.money(best.monthly_usd)} USD a month" in sections["Answer"]
    assert f"{words.money(margin[0])} USD more" in sections["Decided"]


@pytest.mark.parametrize(
    ("duration_ms", "told"),
    [
        (0.5, "0.5"),
        (99_999.5, "99,999.5"),
        (1_200_000.0, "1,200,000"),
        (10**15, "1,000,000,000,000,000"),
    ],
)
def test_a_figure_is_told_without_an_exponent(duration_ms: float, told: str) -> None:
    assert words.plain(duration_ms) == told


def test_how_sure_a_narrow_answer_is(tmp_path: Path) -> None:
    case = case_of(NARROW, tmp_path)
    margin = words.margin(case.answer)
    assert margin is not None
    assert margin[1] is not None
    assert 0 < margin[1] < 100
    sections = {section.title: " ".join(section.sentences) for section in story(case).children}
    assert f"until its bill is {margin[1]:,.0f} % above what is estimated" in sections["How sure"]


def test_without_a_recommendation_it_says_what_reopens_one(tmp_path: Path) -> None:
    told = {section.title for section in story(case_of(NOTHING_LEFT, tmp_path)).children}
    assert "Reopens" in told
    assert "Answer" not in told


def test_sections_are_shortened_and_say_by_how_much() -> None:
    long = ["word " * 200] * 30
    kept = fitted({"Question": ["What?"], "Ruled out": [*long], "Do next": [*long]})
    assert kept["Question"] == ["What?"]
    assert kept["Ruled out"][-1].startswith("And ")
    assert sum(len(said) for said in kept.values()) < 20


HOSTILE = Explanation(
    title="a\x1b[31m title | `x`",
    sentences=("@team <script>\u202e",),
    figures=(Figure(name="n\x07", value="v\x1b]0;", formula="f|", source="s\r"),),
    children=(Explanation(title="\x1b[2J"),),
)


def test_what_drives_a_terminal_is_made_visible() -> None:
    text = as_text(HOSTILE)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\x07" not in text
    assert "\\x1b[31m" in text


def test_markdown_shows_text_as_it_is() -> None:
    text = as_markdown(HOSTILE)
    assert "\x1b" not in text
    assert "<script>" not in text
    assert "@team" not in text
    assert "f\\|" in text


def test_json_has_exact_values() -> None:
    case = example("checkout-api")
    assert case.answer.best is not None
    from advisor.explain.numbers.costs import of_design

    text = as_json(of_design(case.answer.best))
    assert f'"value": "{case.answer.best.monthly_usd:f}"' in text
