"""SARIF and JUnit are what their makers' schemas say, with anything in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import xmlschema

from advisor.gate.outcome import CODES
from advisor.report.gate_formats import render
from advisor.report.gate_help import HELP
from tests.report.outcomes import OUTCOMES, many
from tests.report.test_gate_hostile import HOSTILE, poisoned

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(scope="module")
def sarif() -> Any:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema, validate_formats=True)


@pytest.fixture(scope="module")
def junit() -> Any:
    return xmlschema.XMLSchema10(str(SCHEMAS / "junit-10.xsd"), allow="local")


@pytest.mark.parametrize("name", OUTCOMES)
def test_sarif_is_valid(sarif: Any, name: str) -> None:
    sarif.validate(json.loads(render("sarif", OUTCOMES[name])))


@pytest.mark.parametrize("name", OUTCOMES)
def test_junit_is_valid(junit: Any, name: str) -> None:
    junit.validate(render("junit", OUTCOMES[name]))


def test_the_schemas_refuse_what_is_wrong(sarif: Any, junit: Any) -> None:
    log = json.loads(render("sarif", OUTCOMES["fails"]))
    log["runs"][0]["results"][0]["level"] = "high"
    assert not sarif.is_valid(log)
    assert not junit.is_valid(
        render("junit", OUTCOMES["fails"]).replace("<testcase ", '<testcase age="1" ', 1)
    )


def test_every_rule_says_what_to_do() -> None:
    assert list(HELP) == list(CODES)
    rules = json.loads(render("sarif", OUTCOMES["passes"]))["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    assert all(rule["help"]["text"].endswith(".") for rule in rules)


def test_what_is_waived_is_suppressed_and_what_was_there_is_unchanged() -> None:
    results = json.loads(render("sarif", OUTCOMES["fails"]))["runs"][0]["results"]
    by_rule = {result["ruleId"]: result for result in results}
    assert by_rule["budget"]["suppressions"][0]["kind"] == "inSource"
    assert "sale in December" in by_rule["budget"]["suppressions"][0]["justification"]
    assert by_rule["rule-violated"]["baselineState"] == "unchanged"
    assert by_rule["cost-increase"]["baselineState"] == "new"
    assert by_rule["cost-increase"]["suppressions"] == []


def test_junit_counts_its_tests() -> None:
    import xml.etree.ElementTree as ElementTree

    root = ElementTree.fromstring(render("junit", many(3)))  # noqa: S314 - our own
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("5", "3", "0")
    assert len(root.findall(".//testcase")) == 5
    assert len(root.findall(".//failure")) == 3


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_names_are_valid_too(sarif: Any, junit: Any, text: str) -> None:
    sarif.validate(json.loads(render("sarif", poisoned(text))))
    junit.validate(render("junit", poisoned(text)))
