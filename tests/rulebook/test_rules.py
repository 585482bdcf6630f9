"""Three answers, and the refusal of rules that are not as they should be."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.rulebook import rules
from advisor.rulebook.rules import MalformedRule, read_rules, verdict

GOOD: dict[str, Any] = {
    "id": "compute.some",
    "options": ["lambda"],
    "effect": "exclude",
    "when": [
        {"field": "compute.os", "is": "windows"},
        {"field": "compute.memory_mb", "above": "lambda.memory_max_mb"},
    ],
    "because": "{value} MB is above {limit} MB.",
    "source": "https://docs.aws.amazon.com/",
    "read": "2026-11-23",
    "evidence": "A",
    "examples": {"fires": {}, "silent": {}, "unknown": {}},
}


def read(**changes: Any) -> rules.Rule:
    entry = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    (rule,) = read_rules({"rules": [entry]})
    return rule


@pytest.mark.parametrize(
    ("os", "memory", "result", "needs"),
    [
        ("windows", 10_241, "true", ()),
        ("windows", 10_240, "false", ()),
        ("linux", None, "false", ()),  # one test that fails settles it
        (None, 1, "false", ()),
        ("windows", None, "unknown", ("compute.memory_mb",)),
        (None, 10_241, "unknown", ("compute.os",)),
        (None, None, "unknown", ("compute.os", "compute.memory_mb")),
    ],
)
def test_all_tests_must_hold(
    os: str | None, memory: int | None, result: str, needs: tuple[str, ...]
) -> None:
    facts: dict[str, Any] = {"compute.os": os, "compute.memory_mb": memory}
    answer = verdict(read(), facts.get)
    assert (answer.result, answer.needs) == (result, needs)


@pytest.mark.parametrize(
    ("kind", "operand", "value", "holds"),
    [
        ("above", "lambda.timeout_s", 900.5, True),
        ("above", "lambda.timeout_s", 900, False),
        ("is", False, False, True),
        ("is", False, None, None),  # not stated is not the same as no
        ("among", ["a", "b"], "b", True),
        ("among", ["a", "b"], "c", False),
        ("has_any", ["a"], ["b", "a"], True),
        ("has_any", ["a"], [], False),
        ("has_any", ["a"], None, None),
    ],
)
def test_kinds_of_test(kind: Any, operand: Any, value: Any, holds: object) -> None:
    assert rules.Test(field="x", kind=kind, operand=operand).holds(value) is holds


def test_an_unknown_value_is_said_to_be_so() -> None:
    assert verdict(read(), lambda _field: None).because == "an unknown value MB is above 10,240 MB."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"when": [{"field": "compute.os", "equals": "windows"}]}, "'equals' is not a test"),
        ({"when": [{"field": "compute.os"}]}, "one field and one comparison"),
        ({"when": [{"is": "windows"}]}, "one field and one comparison"),
        ({"when": [{"field": "a", "is": 1, "above": "b"}]}, "one field and one comparison"),
        ({"when": [{"field": "a", "above": "lambda.nothing"}]}, "'lambda.nothing' is not a quota"),
        ({"when": [{"field": "a", "among": "text"}]}, "among needs a list"),
        ({"when": [{"field": "a", "has_any": "text"}]}, "has_any needs a list"),
        ({"when": []}, "when is missing"),
        ({"options": []}, "options is missing"),
        ({"effect": "prefer"}, "'prefer' is not an effect"),
        ({"source": None}, "source is missing"),
        ({"read": None}, "read is missing"),
        ({"evidence": None}, "evidence is missing"),
        ({"because": None}, "because is missing"),
        ({"examples": None}, "examples is missing"),
        ({"examples": {"fires": {}, "silent": {}}}, "no example for unknown"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_id(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(MalformedRule, match=words) as refused:
        read(**changes)
    assert str(refused.value).startswith("compute.some: ")


def test_an_id_is_given_once() -> None:
    with pytest.raises(MalformedRule, match=r"compute\.some: the id is given twice"):
        read_rules({"rules": [GOOD, GOOD]})


def test_a_rule_without_id_is_refused() -> None:
    with pytest.raises(MalformedRule, match="a rule without id: id is missing"):
        read(id=None)
