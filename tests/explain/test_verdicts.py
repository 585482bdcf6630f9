"""Verdicts as they are explained: the traced condition says what the answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from advisor.explain import options, rules
from advisor.explain.matching import NoSuchName
from advisor.explain.story import story
from advisor.report.explanations import as_text
from advisor.rulebook import Rulebook
from tests.explain.cases import WIDE, case_of, example

if TYPE_CHECKING:
    from pathlib import Path

_ENDS = {"true": " = true", "false": " = false", "unknown": " = not known"}


@pytest.mark.parametrize("name", ["checkout-api", "internal-service", "webhook"])
def test_the_trace_of_each_verdict_ends_in_its_result(name: str) -> None:
    case = example(name)
    traced = 0
    for decision in case.answer.decisions:
        for option in decision.options:
            choices = rules.choices_of(option, decision.decision)
            for given in option.verdicts:
                of = rules.verdict(case, given, choices)
                assert given.rule in of.title
                if case.rulebook.rule(given.rule) is not None:
                    assert of.children[0].title.endswith(_ENDS[given.result]), given.rule
                    traced += 1
    assert traced > 10


def test_a_decision_shows_every_option_with_every_verdict() -> None:
    case = example("checkout-api")
    of = options.decision(case, "api")
    asked = case.decision("api")
    assert [figure.value for figure in of.figures if figure.unit == "USD"] == [
        option.candidate.monthly_usd
        for option in asked.options
        if option.candidate is not None and option.status in ("recommended", "feasible")
    ]
    assert [len(child.children) for child in of.children] == [
        len(option.verdicts) for option in asked.options
    ]


def test_why_not_names_the_rule_its_reason_and_the_value_that_broke_it() -> None:
    text = as_text(options.option(example("internal-service"), "http-api"))
    assert text.startswith("HTTP API: excluded\n")
    assert "api.private: excluded" in text
    assert "api.private = true" in text


def test_why_not_for_money_is_the_difference_line_by_line() -> None:
    case = example("checkout-api")
    of = options.option(case, "rest-api")
    *lines, difference = of.figures
    ((_, option),) = case.options("rest-api")
    assert case.answer.best is not None
    assert option.candidate is not None
    expected = (option.candidate.monthly_usd or 0) - (case.answer.best.monthly_usd or 0)
    assert difference.value == sum(line.value for line in lines) == expected
    assert all(line.value != 0 for line in lines)


def test_an_option_of_two_decisions_is_explained_in_both(tmp_path: Path) -> None:
    of = options.option(case_of(WIDE, tmp_path), "none")
    assert of.title == "none is an option of 2 decisions"
    assert [child.title.partition(":")[0] for child in of.children] == ["Cold start", "Workflow"]


def test_a_rule_is_explained_on_each_option_that_it_is_about() -> None:
    of = rules.about(example("checkout-api"), "api.url.auth")
    assert [child.title for child in of.children] == ["function URL: excluded"]
    assert any("any_in(api.auth" in child.title for child in of.children[0].children)


def test_evidence_d_is_marked() -> None:
    text = as_text(rules.about(example("checkout-api"), "api.default-http"))
    assert "Evidence D: background knowledge or a planning figure." in text
    assert "evidence D" in as_text(story(example("checkout-api")))


def test_a_model_that_excludes_is_explained_by_its_page() -> None:
    text = as_text(rules.about(example("checkout-api"), "slo.latency"))
    assert "A model says this" in text
    assert "docs/how-we-know/" in text


def test_a_rule_has_a_page_of_its_own_with_its_examples_and_quotas() -> None:
    text = as_text(rules.page("api.timeout.http", Rulebook()))
    for part in ("Holds when", "It holds on", "It does not on", "It cannot know on", "evidence"):
        assert part in text
    assert "apigateway.http_timeout_s" in text
    assert "read on 20" in text


@pytest.mark.parametrize("id_", ["api.url.aut", "nothing", "x" * 5000])
def test_an_unknown_rule_is_refused_with_a_hint(id_: str) -> None:
    with pytest.raises(NoSuchName, match="help: ") as refused:
        rules.page(id_, Rulebook())
    assert len(str(refused.value)) < 400
    with pytest.raises(NoSuchName, match="help: "):
        rules.about(example("webhook"), id_)
