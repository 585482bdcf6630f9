"""The pages of docs/rules are those of the rules; --update-golden writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.report.rule_pages import markdown_of
from advisor.rulebook.rulebook import DECISIONS, built_in

PAGES = Path(__file__).parents[2] / "docs" / "rules"
WITH_RULES = [decision for decision in DECISIONS if built_in(decision)]


@pytest.mark.parametrize("decision", WITH_RULES)
def test_the_page_of_a_decision_is_current(decision: str, pytestconfig: pytest.Config) -> None:
    page, path = markdown_of(decision, built_in(decision)), PAGES / f"{decision}.md"
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")
    assert page == path.read_text(encoding="utf-8")


def test_there_is_a_page_for_every_decision_with_rules_and_no_other() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {*WITH_RULES}


def test_a_page_marks_what_is_only_a_planning_figure() -> None:
    doubtful = [rule for rule in built_in("api") if rule.confidence == "D"]
    page = markdown_of("api", built_in("api"))
    assert doubtful
    assert page.count("**Evidence D: background knowledge or a planning figure.**") == len(doubtful)


def test_a_page_is_in_the_order_in_which_it_is_read() -> None:
    rule = next(rule for rule in built_in("api") if rule.id == "api.ws.duration")
    page = markdown_of("api", [rule])
    order = [
        "## api.ws.duration",
        "**Looks at**",
        "**Why it matters.**",
        "**Advice.**",
        "**Fires on**",
        "**Silent on**",
        "**Cannot know on**",
        "**References.**",
    ]
    places = [page.index(title) for title in order]
    assert places == sorted(places)
    # The quota is told with its value, the field by its name.
    assert "a WebSocket API ends them at 7,200 s" in page
    assert "Connections last up to `api.websocket_session_s` s" in page
