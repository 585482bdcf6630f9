"""Every shipped rule proves itself: examples, quota, source, fields and options."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from advisor import workload
from advisor.data import data_root, read_data
from advisor.limits import limits
from advisor.rulebook import judge, rules_of
from advisor.rulebook.rules import Rule, verdict

OPTIONS = {
    "compute": {"lambda", "fargate", "fargate-spot"},
    "cold_start": {"none", "snapstart", "provisioned"},
    "api": {"http-api", "rest-api", "function-url", "alb", "websocket-api"},
}
SECTIONS = {
    "api": workload.Api,
    "commitments": workload.Commitments,
    "compute": workload.Compute,
    "constraints": workload.Constraints,
    "messaging": workload.Messaging,
    "traffic": workload.Traffic,
}
# What is not stated but worked out: an option of the design, and the peak that follows.
WORKED_OUT = {"option.compute", "derived.peak_concurrency"}
CASES = [(decision, rule) for decision in OPTIONS for rule in rules_of(decision)]
ENTRIES = [entry for decision in OPTIONS for entry in read_data(f"rules/{decision}.yaml")["rules"]]
RULES = pytest.mark.parametrize(("decision", "rule"), CASES, ids=[rule.id for _, rule in CASES])


def test_every_rule_file_is_checked_here() -> None:
    others = {"assumptions", "limits"}
    files = {path.stem for path in Path(data_root(), "rules").glob("*.yaml")}
    assert files - others == set(OPTIONS)
    assert len(CASES) > 40


@RULES
@pytest.mark.parametrize(
    ("example", "result"), [("fires", "true"), ("silent", "false"), ("unknown", "unknown")]
)
def test_the_examples_do_as_they_say(decision: str, rule: Rule, example: str, result: str) -> None:
    answer = verdict(rule, rule.examples[example].get)
    assert answer.result == result, decision
    # {value} and {limit} are filled where the rule compares with a quota.
    assert "{" not in answer.because


@RULES
def test_an_unknown_verdict_names_the_field_that_settles_it(decision: str, rule: Rule) -> None:
    example = rule.examples["unknown"]
    answer = verdict(rule, example.get)
    assert answer.needs, decision
    assert all(example.get(field) is None for field in answer.needs)
    # Stating what fires settles it.
    settled = {**example, **{field: rule.examples["fires"][field] for field in answer.needs}}
    assert verdict(rule, settled.get).result == "true"


@RULES
def test_a_true_verdict_names_the_fields_that_made_it(decision: str, rule: Rule) -> None:
    answer = verdict(rule, rule.examples["fires"].get)
    assert set(answer.fields) == {test.field for test in rule.when}, decision
    # Any of them taken back reopens the option.
    for field in answer.fields:
        without = {**rule.examples["fires"], field: None}
        assert verdict(rule, without.get).result == "unknown"


@RULES
def test_a_rule_is_of_its_decision(decision: str, rule: Rule) -> None:
    assert set(rule.options) <= OPTIONS[decision]
    assert len(set(rule.options)) == len(rule.options)
    assert rule.id.startswith(f"{decision.replace('_', '')}.")


@RULES
def test_the_bound_itself_is_still_allowed(decision: str, rule: Rule) -> None:
    for test in rule.when:
        if test.kind == "above":
            bound = limits().number(test.operand)
            at = {**rule.examples["fires"], test.field: bound}
            over = {**rule.examples["fires"], test.field: bound * 1.0001}
            assert verdict(rule, at.get).result == "false", decision
            assert verdict(rule, over.get).result == "true", decision


@RULES
def test_fields_and_values_are_of_the_workload(decision: str, rule: Rule) -> None:
    for test in rule.when:
        if test.field in WORKED_OUT:
            continue
        section, _, field = test.field.partition(".")
        hints = get_type_hints(SECTIONS[section], include_extras=True)
        assert field in hints, f"{decision}: no field {test.field}"
        values: list[Any] = [
            value
            for example in rule.examples.values()
            if (value := example.get(test.field)) is not None
        ]
        if test.kind == "is":
            values.append(test.operand)
        elif test.kind == "among":
            values.extend(test.operand)
        elif test.kind == "has_any":
            values.append(test.operand)
        for value in values:
            # Refuses a value that the field of the workload can never have.
            msgspec.convert(value, hints[field])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["id"]))
def test_every_rule_is_sourced(entry: dict[str, Any]) -> None:
    assert entry["source"].startswith("https://")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", entry["read"])
    assert entry["evidence"] in ("A", "B", "C", "D")
    assert entry["because"].endswith(".")


@pytest.mark.parametrize("key", read_data("rules/limits.yaml")["limits"])
def test_every_quota_is_sourced(key: str) -> None:
    limit = limits().limit(key)
    assert limit.value > 0
    assert limit.unit
    assert limit.source.startswith("https://")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", limit.read)
    assert limit.evidence in ("A", "B", "C", "D")


def test_a_rule_of_another_option_is_not_asked() -> None:
    asked = {answer.rule for answer in judge("compute", "fargate", lambda _field: None)}
    assert "compute.fargate.vcpu" in asked
    assert "compute.lambda.max-duration" not in asked


def test_a_reason_carries_the_numbers() -> None:
    (answer,) = (
        answer
        for answer in judge("compute", "lambda", {"compute.max_duration_s": 1_200_000}.get)
        if answer.rule == "compute.lambda.max-duration"
    )
    assert answer.because == ("Runs last up to 1,200,000 s; Lambda stops an invocation at 900 s.")
