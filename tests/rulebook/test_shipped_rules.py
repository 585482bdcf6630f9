"""Every shipped rule is there, is checked, and proves itself by its examples."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from advisor.data import data_root, read_bytes, read_data
from advisor.document.tree import parse
from advisor.limits import limits
from advisor.rulebook.examples import ExampleContext
from advisor.rulebook.files import read_rules
from advisor.rulebook.language.fields import SECTIONS, workload_names
from advisor.rulebook.language.syntax import Constant, children
from advisor.rulebook.rulebook import DECISIONS, built_in
from advisor.rulebook.rules import BUILT_IN, Rule
from advisor.workload.defaults import section_type

TABLE = parse(Path(__file__).with_name("table.yaml").read_bytes(), "table.yaml").value["rules"]
SHIPPED = {rule.id: rule for decision in DECISIONS for rule in built_in(decision)}
RULES = pytest.mark.parametrize("rule", SHIPPED.values(), ids=SHIPPED.keys())
PREFIXES = {
    "compute": ("compute.", "net."),
    "cold_start": ("coldstart.",),
    "api": ("api.",),
    "workflow": ("wf.",),
    "messaging": ("msg.",),
}

UNITS = {0, 1, 100, 1000, 1024, 3600}
"""Nothing, one, percent, milli- or kilo-, binary kilo-, seconds in an hour."""

THRESHOLDS = {
    # Advice, which nobody at AWS enforces.
    "compute.durable.waits": {0.5},
    "compute.express-mode": {12},
    "compute.express-mode.idle": {12},
    "compute.fargate.reactive-start": {2},
    "compute.fargate.sustained": {0.8},
    "compute.lambda.idle": {12},
    "compute.lambda.runtime-soon": {180},
    "compute.lmi.scale-to-zero": {8},
    "compute.lmi.steady": {50_000_000},
    "compute.webfn": {4},
    "coldstart.pc.breakeven": {0.6},
    "coldstart.pc.strict": {200},
    "coldstart.pc.waste": {0.3},
    "coldstart.snapstart.prefer": {200},
    "coldstart.snapstart.rare": {10_000},
    "msg.esm.backlog": {10_000},
    "msg.fanout.sns": {5},
    "msg.replay.kinesis": {5000},
    "wf.durable.audience": {3},
    "wf.durable.code-first": {3},
    "wf.pipes": {3},
    "wf.pipes.states": {3},
}
"""The numbers that conditions hold besides units; quotas stand in limits.yaml."""


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_shipped_file_passes_the_checks_of_a_users_file(decision: str) -> None:
    name = f"rules/{decision}.yaml"
    rules, switched_off = read_rules(parse(read_bytes(name), name), origin=BUILT_IN)
    assert not switched_off
    # What the program reads without checking is the same.
    assert rules == built_in(decision)
    assert {rule.decision for rule in rules} == {decision}
    assert all(rule.id.startswith(PREFIXES[decision]) for rule in rules)


def test_every_rule_file_is_read() -> None:
    files = {path.stem for path in Path(data_root(), "rules").glob("*.yaml")}
    assert files - {"advice", "assumptions", "claims", "limits"} == set(DECISIONS)
    assert len(SHIPPED) == sum(len(built_in(decision)) for decision in DECISIONS)


def test_the_table_is_complete() -> None:
    assert len({entry["id"] for entry in TABLE}) == len(TABLE) == 173


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: str(entry["id"]))
def test_every_rule_of_the_table_ships(entry: dict[str, Any]) -> None:
    rule = SHIPPED[entry["id"]]
    assert rule.decision == entry["decision"]
    assert rule.effect == entry.get("ships_as", entry["effect"])
    assert ("ships_as" in entry) == ("why" in entry)


@RULES
def test_an_unknown_verdict_names_the_fields_that_settle_it(rule: Rule) -> None:
    example = rule.examples["unknown"]
    needs = rule.verdict(ExampleContext(example)).needs
    assert needs
    assert all(example.get(field) is None for field in needs)
    settled = {**example, **{field: rule.examples["fires"][field] for field in needs}}
    assert rule.verdict(ExampleContext(settled)).result != "unknown"


@RULES
def test_a_true_verdict_rests_on_the_fields_that_it_names(rule: Rule) -> None:
    fires = rule.examples["fires"]
    fields = rule.verdict(ExampleContext(fires)).fields
    assert fields
    without = {**fires, **dict.fromkeys(fields)}
    assert rule.verdict(ExampleContext(without)).result != "true"


@RULES
def test_examples_give_values_that_a_workload_can_have(rule: Rule) -> None:
    for example in rule.examples.values():
        for path, value in example.items():
            assert path in rule.reads or path in ("region", "date"), path
            kind = workload_names().field(path)
            section, _, name = path.partition(".")
            if value is None:
                continue
            if section in SECTIONS:
                hints = get_type_hints(section_type(section), include_extras=True)
                msgspec.convert(value, hints[name])
            elif kind is not None and kind.values is not None:
                assert value in kind.values


@RULES
def test_every_rule_is_sourced_and_speaks_in_sentences(rule: Rule) -> None:
    assert rule.source.startswith("https://")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", rule.checked)
    assert len(set(rule.options)) == len(rule.options)
    because = rule.verdict(ExampleContext(rule.examples["fires"])).because
    for sentence in (because, rule.advice):
        assert sentence.endswith(".")
        assert not sentence.startswith(" ")
        assert "{" not in sentence
    assert "unknown" not in because


@RULES
def test_a_condition_holds_no_quota_of_its_own(rule: Rule) -> None:
    found = set(_numbers(rule.condition))
    assert found - UNITS == THRESHOLDS.get(rule.id, set())


def _numbers(node: Any) -> list[float]:
    if isinstance(node, Constant) and isinstance(node.value, float):
        return [node.value]
    return [number for child in children(node) for number in _numbers(child)]


def test_thresholds_are_of_rules() -> None:
    assert set(THRESHOLDS) <= set(SHIPPED)


@RULES
def test_a_rule_is_no_surer_than_the_figures_that_it_compares_with(rule: Rule) -> None:
    grades = [limits().limit(key).evidence for key in _quotas(rule)]
    assert all(rule.confidence >= grade for grade in grades), grades


def _quotas(rule: Rule) -> list[str]:
    return re.findall(r'quota\("([^"]+)"\)', rule.text)


@pytest.mark.parametrize("key", read_data("rules/limits.yaml")["limits"])
def test_every_quota_is_sourced(key: str) -> None:
    limit = limits().limit(key)
    assert limit.value > 0
    assert all(value > 0 for value in limit.regions.values())
    assert limit.unit
    assert limit.source.startswith("https://")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", limit.read)
    assert limit.evidence in ("A", "B", "C", "D")


def test_a_reason_carries_the_numbers() -> None:
    verdict = SHIPPED["compute.lambda.max-duration"].verdict(
        ExampleContext({"compute.max_duration_s": 1_200_000})
    )
    assert verdict.because == "Runs last up to 1,200,000 s; Lambda stops an invocation at 900 s."
    assert verdict.fields == ("compute.max_duration_s",)


def test_the_examples_of_the_readme_are_rules() -> None:
    text = read_bytes("rules/README.md").decode()
    shown, policy = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    (rule,), _ = read_rules(parse(f"rules:\n{shown}".encode(), "README.md"), origin=BUILT_IN)
    assert rule == SHIPPED[rule.id]
    rules, switched_off = read_rules(parse(policy.encode(), "README.md"), origin="policy.yaml")
    assert len(rules) == len(switched_off) == 1
