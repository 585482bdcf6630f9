"""The remedies for cold starts as `explain --decision cold_start` and the story tell them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from advisor.data import read_data
from advisor.explain import options
from advisor.explain.remedies import remedies, remedies_for
from advisor.explain.story import story
from advisor.report.explanations import as_json, as_markdown, as_text
from tests.explain.cases import WIDE, case_of, example

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.explain.case import Case

JAVA = """
name: quiet
region: us-east-1
traffic: {monthly_requests: 200000, peak_rps: 3}
compute: {runtime: java21, memory_mb: 2048, duration_p50_ms: 60, duration_p99_ms: 180,
  init_p50_ms: 2500, init_p99_ms: 4500}
slo: {latency_p99_ms: 1500, latency_percentile: 99.5}
api: {style: request_response}
"""


def told(case: Case) -> dict[str, str]:
    return {section.title: " ".join(section.sentences) for section in story(case).children}


def test_the_table_stands_before_the_rules_in_every_format(tmp_path: Path) -> None:
    case = case_of(JAVA, tmp_path)
    of = options.decision(case, "cold_start")
    text = as_text(of)
    assert text.index("they matter") < text.index("Remedy ") < text.index("coldstart.snapstart.")
    assert max(map(len, text.splitlines())) <= 80
    marked = as_markdown(of)
    assert "| Remedy | USD more | p99.5 ms | cold ms | cold % | ms per USD | fewer per USD |" in (
        marked
    )
    found = remedies_for(case)
    assert found is not None
    tree = json.loads(as_json(of))["explanation"]["children"][0]
    shown = {row[0]["value"]: row for row in tree["table"]}
    assert len(shown) == 1 + sum(each.after is not None for each in found.remedies)
    (restored,) = [each for each in found.remedies if each.kind == "snapstart"]
    assert restored.more_usd is not None
    assert shown["SnapStart"][1]["value"] == f"{restored.more_usd:f}"


def test_it_says_whether_cold_starts_matter_and_what_is_left_out(tmp_path: Path) -> None:
    held = " ".join(remedies(example("checkout-api")).sentences)
    assert "The objective is held with them." in held
    assert "without cold starts" in held
    assert "No remedy is worth its money here." in held
    left_out = [child.title for child in remedies(case_of(WIDE, tmp_path)).children]
    assert any("arm64, excluded" in title for title in left_out)
    assert any("more memory, not known: state" in title for title in left_out)
    unpriced = [child.title for child in remedies(example("checkout-api")).children]
    assert any("SnapStart, no price: no price for lambda/" in title for title in unpriced)


def test_beside_another_answer_it_is_the_cheapest_function_or_why_there_is_none() -> None:
    beside = remedies(example("internal-service"))
    assert any("The answer is Fargate" in sentence for sentence in beside.sentences)
    none = remedies(example("nightly-batch"))
    assert "no design with Lambda is left" in none.title
    assert none.sentences


def test_the_story_has_a_remedy_only_where_one_is_worth_it(tmp_path: Path) -> None:
    assert "takes p99.5 from" in told(case_of(JAVA, tmp_path))["Cold starts"]
    for name in ("checkout-api", "internal-service", "image-pipeline"):
        assert "Cold starts" not in told(example(name))


def test_advice_has_its_measured_effect_or_says_that_there_is_none() -> None:
    entries = {each["what"]: each for each in read_data("rules/advice.yaml")["cold_start"]}
    assert {"package size", "layers", "lazy loading", "clients at module scope"} <= set(entries)
    for entry in entries.values():
        assert list(entry) == ["what", "advice", "measured", "source", "checked", "evidence"]
    given = options.decision(example("checkout-api"), "cold_start").children[-1]
    shown = {each.title: each.sentences for each in given.children}
    assert shown["layers"][1] == "No figure is known."
    assert "3,110 ms" in shown["loaded code"][1]
    assert all(entry["source"] in shown[what][2] for what, entry in entries.items())
