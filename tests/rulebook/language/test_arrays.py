"""Columns give, element by element, what one workload after the other gives."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

from advisor.rulebook.language.arrays import evaluate_columns
from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.parsing import parse
from tests.rulebook.language.generating import Arithmetic, Generator
from tests.rulebook.language.names import Values


class Rows:
    """Columns made of the contexts of one workload after the other."""

    def __init__(self, contexts: list[Values]) -> None:
        self.contexts = contexts
        self.size = len(contexts)

    def value(self, path: str) -> Any:
        return [context.value(path) for context in self.contexts]

    def quota(self, key: str) -> Any:
        return [context.quota(key) for context in self.contexts]

    def region_supports(self, service: str) -> Any:
        return [context.region_supports(service) for context in self.contexts]

    def deprecated_on(self, runtime: str) -> str | None:
        return Values().deprecated_on(runtime)


def agree(text: str, contexts: list[Values]) -> list[Any]:
    node = parse(text)
    one_by_one = [evaluate(node, context).value for context in contexts]
    at_once = evaluate_columns(node, Rows(contexts)).listed()
    assert list(map(repr, at_once)) == list(map(repr, one_by_one)), text
    return at_once


@pytest.mark.parametrize("arithmetic", ["double", "int"])
def test_columns_agree_with_single_workloads(arithmetic: Arithmetic) -> None:
    generator = Generator(Random(arithmetic), arithmetic)  # noqa: S311 - a seed
    seen: set[Any] = set()
    for _ in range(600):
        contexts = [Values(generator.values(unknown)) for unknown in (0.0, 0.2, 0.2, 0.5, 1.0)]
        seen.update(agree(generator.condition(3).ours, contexts))
    assert seen == {True, False, None}


@pytest.mark.parametrize(
    "text",
    [
        "load.a / load.b",
        "load.a % load.b",
        "load.a * load.b",
        "load.a - load.b > 0 ? load.a : load.b",
        "-ceil(load.a / 3)",
        "min(load.a, load.b) + max(load.a, load.b)",
        "load.a in [0, 1e308]",
        "has(load.a) && !has(load.b)",
        "load.c ? load.kind : 'none'",
        "load.c ? load.auth : ['x']",
        "load.kind",
        "load.auth",
        "load.kind in load.auth",
        "load.since < date",
        "load.since == load.kind",
        "any_in(load.auth, ['jwt']) || all_in(load.auth, ['jwt', 'iam'])",
        "load.a > quota('function.memory_mb')",
        "quota('function.timeout_s') * 2",
        "region_supports('custom-bus') && load.c",
        "runtime_at_least(load.runtime, ['python3.12', 'nodejs22'])",
        "runtime_deprecated(load.runtime, load.b)",
    ],
)
def test_every_function_and_kind_agrees(text: str) -> None:
    agree(text, CONTEXTS)
    agree(text, CONTEXTS[:1])
    agree(text, [Values()] * 3)


CONTEXTS = [
    Values(
        {"region": region, "date": day},
        a=a,
        b=b,
        c=c,
        kind=kind,
        auth=auth,
        since=since,
        runtime=runtime,
    )
    for region, day, a, b, c, kind, auth, since, runtime in [
        ("eu-west-1", "2027-06-30", 5, 0, True, "web", ["jwt"], "2026-01-01", "python3.11"),
        ("eu-west-2", None, 1e308, 10, False, "jwt", [], None, "python3"),
        (None, "2026-11-24", None, -3.5, None, None, None, "2026-11-25", "nodejs18"),
        ("eu-west-1", "2026-11-24", float("nan"), 2, True, "iam", ["iam", "x"], "web", "go1.x"),
        ("us-east-1", "2026-11-24", 0, float("inf"), False, "x", ["jwt", None], "x", None),
    ]
]


class Given:
    """Columns as a sweep gives them: arrays, lists, and single values that hold for all."""

    size = 3

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def value(self, path: str) -> Any:
        return self.fields.get(path)

    def quota(self, key: str) -> Any:
        return {"function.timeout_s": 900}[key]

    def region_supports(self, service: str) -> Any:
        return None if service else False

    def deprecated_on(self, runtime: str) -> str | None:
        return None if runtime else ""


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        ("a > 2", {"a": np.array([1.0, np.nan, 3.0])}, [False, None, True]),
        ("a > 2", {"a": np.array([1, 2, 3])}, [False, False, True]),
        ("a > 2", {"a": np.array([1, None, 3], dtype=object)}, [False, None, True]),
        ("a", {"a": np.array([True, False, True])}, [True, False, True]),
        ("a == 'x'", {"a": np.array(["x", "y", "x"])}, [True, False, True]),
        ("a && b", {"a": [True, None, False], "b": True}, [True, None, False]),
        ("a && b", {"a": [True, None, False]}, [None, None, False]),
        ("'x' in a", {"a": ("x", "y")}, [True, True, True]),
        ("'x' in a", {"a": [["x"], [], None]}, [True, False, None]),
        ("a <= quota('function.timeout_s')", {"a": [900, 901, None]}, [True, False, None]),
        ("region_supports('x')", {}, [None, None, None]),
    ],
)
def test_columns_are_given_as_arrays_lists_or_one_value(
    text: str, fields: dict[str, Any], expected: list[bool | None]
) -> None:
    found = evaluate_columns(parse(text), Given(**fields))
    assert found.listed() == expected
    assert found.known.tolist() == [value is not None for value in expected]


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a column has 2 values, not 3"):
        evaluate_columns(parse("a > 1"), Given(a=[1, 2]))


def test_arithmetic_on_columns_warns_of_nothing() -> None:
    found = evaluate_columns(parse("a / b > 1"), Given(a=[1.0, 1e308, 0.0], b=[0.0, 1e-10, 0.0]))
    assert found.listed() == [None, None, None]
