"""What is too long for GitHub is cut and counted; fingerprints stay; each finding has a place."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from msgspec.structs import replace

from advisor.gate.outcome import Place
from advisor.report import gate_words
from advisor.report.gate_formats import render
from advisor.report.gate_markdown import MOST_BYTES
from tests.report.outcomes import OUTCOMES, finding, increase, many


def test_a_comment_is_cut_to_what_github_takes_and_says_how_much() -> None:
    text = render("markdown", many(1_000))
    assert 60_000 < len(text.encode()) <= MOST_BYTES < 65_536
    found = re.search(r"^([\d,]+) rows are cut", text, re.MULTILINE)
    assert found is not None
    hidden = int(found[1].replace(",", ""))
    said = [int(each.replace(",", "")) for each in re.findall(r"^… and ([\d,]+) more", text, re.M)]
    # What is not shown of each workload has no line of its own.
    assert hidden == sum(said) + 1_000
    assert text.startswith("<!-- advisor gate -->\n### ❌ Failed")
    assert text.count("<details>") == text.count("</details>")


def test_details_are_cut_before_anything_else() -> None:
    text = render("markdown", many(60))
    assert len(text.encode()) <= MOST_BYTES
    assert text.count("cost-increase at") == 60
    assert "rows are cut" in text


def test_a_comment_fits_even_when_every_character_takes_four_bytes() -> None:
    text = render("markdown", many(500, name="\U0001d54f" * 100))
    assert len(text.encode()) <= MOST_BYTES


def test_the_summary_takes_a_megabyte() -> None:
    text = render("github-summary", many(2_000))
    assert 900_000 < len(text.encode()) <= 1_000_000


def test_at_most_ten_annotations_of_a_kind_the_most_money_first() -> None:
    lines = render("github", many(12)).splitlines()
    errors = [line for line in lines if line.startswith("::error ")]
    assert len(errors) == 10
    assert "+11.00 USD a month" in errors[0]
    assert "+3.00 USD a month" in errors[8]
    assert errors[9] == "::error title=advisor gate::3 more are in the report of the gate"
    assert len(render("github", many(10)).split("::error ")) == 11


def test_what_nobody_can_tell_is_annotated_before_any_money() -> None:
    whole = many(20)
    unknown = OUTCOMES["missing"].findings
    lines = render("github", replace(whole, findings=(*whole.findings, *unknown))).splitlines()
    assert "title=data-missing::" in lines[1]


def test_a_fingerprint_outlives_lines_amounts_and_other_findings() -> None:
    first = finding(amount=Decimal(5), place=Place(file="a.yaml", line=3, column=1))
    later = finding(amount=Decimal(9), place=Place(file="a.yaml", line=30), message="other")
    other = finding(place=Place(file="b.yaml", line=3, column=1))
    before = gate_words.fingerprints(replace(increase(), findings=(first,)))
    after = gate_words.fingerprints(replace(increase(), findings=(other, later)))
    assert before == after[1:]
    assert after[0] != after[1]


def test_two_findings_of_one_identity_have_two_fingerprints() -> None:
    report = json.loads(render("gitlab", replace(increase(), findings=(finding(), finding()))))
    assert report[0]["fingerprint"] != report[1]["fingerprint"]


@pytest.mark.parametrize("policy", ["advisor.yaml", None])
def test_a_finding_without_a_place_is_shown_somewhere(policy: str | None) -> None:
    outcome = replace(increase(), policy=policy, findings=(finding(place=None, workload=None),))
    expected = policy or "workloads/checkout.yaml"
    result = json.loads(render("sarif", outcome))["runs"][0]["results"][0]
    where = result["locations"][0]["physicalLocation"]
    assert where == {"artifactLocation": {"uri": expected}}
    assert json.loads(render("gitlab", outcome))[0]["location"]["path"] == expected
    assert "::error title=cost-increase" in render("github", outcome)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "unknown"),
        ("0", "0.00"),
        ("0.31", "+0.31"),
        ("-1234.5", "-1,234.50"),
        ("0.00312", "+0.0031"),
        ("-0.000000000001", "-0.000000000001"),
    ],
)
def test_cents_are_shown_and_what_is_less_is_not_called_zero(value: str | None, shown: str) -> None:
    assert gate_words.signed(None if value is None else Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0 %"), ("28.35", "+28 %"), ("-9.96", "-10.0 %"), ("0.031", "+0.031 %")],
)
def test_percentages(value: str, shown: str) -> None:
    assert gate_words.percent(Decimal(value)) == shown
