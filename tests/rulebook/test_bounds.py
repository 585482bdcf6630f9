"""Every quota that a shipped rule compares with is tried at its bound and on both sides of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from advisor.rulebook.examples import ExampleContext
from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.fields import workload_names
from advisor.rulebook.language.syntax import Call, Comparison, Constant, children, paths
from advisor.rulebook.language.types import BOOL
from advisor.rulebook.rulebook import DECISIONS, built_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.rulebook.language.syntax import Expression
    from advisor.rulebook.language.types import Type
    from advisor.rulebook.rules import Rule

LEAST = {
    # What must be reached, where the other quotas must not be exceeded; and the largest cap that
    # can be set, which what bears as much does not need.
    "fargate.billing_minimum_s",
    "fargate.start_s",
    "fargate.windows_billing_minimum_s",
    "lambda.esm_maximum_concurrency_max",
    "managedinstances.doubling_minutes",
    "managedinstances.environment_memory_min_mb",
    "scheduler.granularity_s",
}
_STEP = 1e-6


def _comparisons(node: Expression) -> Iterator[Comparison]:
    if isinstance(node, Comparison):
        yield node
    for child in children(node):
        yield from _comparisons(child)


def _keys(node: Expression) -> Iterator[str]:
    if isinstance(node, Call) and node.function == "ceil":
        return  # What is rounded up has steps, and no bound.
    if isinstance(node, Call) and node.function == "quota":
        argument = node.arguments[0]
        assert isinstance(argument, Constant)
        yield str(argument.value)
    for child in children(node):
        yield from _keys(child)


CASES = [
    (rule, comparison, key)
    for decision in DECISIONS
    for rule in built_in(decision)
    for comparison in _comparisons(rule.condition)
    for key in dict.fromkeys(_keys(comparison))
]


class Raised(ExampleContext):
    """An example in which one quota has another value."""

    def __init__(self, values: Mapping[str, Any], key: str) -> None:
        super().__init__(values)
        self.key = key

    def quota(self, key: str) -> float:
        return super().quota(key) * (2 if key == self.key else 1)


def _situations(rule: Rule) -> Iterator[dict[str, Any]]:
    """Yield the examples, and each with one of its fields at another of the values it may have."""
    for example in rule.examples.values():
        yield example
        for path in example:
            kind = workload_names().field(path)
            for value in _values(kind):
                yield {**example, path: value}


def _values(kind: Type | None) -> tuple[bool | float | str, ...]:
    """Return what a field may be; of a number one, with which products come out even."""
    if kind is None or kind.kind == "list":
        return ()
    if kind == BOOL:
        return True, False
    return (1.0,) if kind.kind == "number" else kind.values or ()


def _crossing(node: Comparison, context: ExampleContext, field: str) -> float | None:
    """Return the value of a field at which both sides are equal to the last digit, or None."""

    def apart(value: float) -> float | None:
        inner = type(context)(**{**vars(context), "values": {**context.values, field: value}})
        left = evaluate(node.left, inner).value
        right = evaluate(node.right, inner).value
        if not isinstance(left, float) or not isinstance(right, float):
            return None
        return left - right

    first, second = apart(1), apart(2)
    if first is None or second is None or first == second:
        return None
    found = float(f"{1 - first / (second - first):.9g}")
    return found if apart(found) == 0 else None


def _sides(rule: Rule, node: Comparison, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield the verdicts below, at and above the bound wherever the quota sets the bound."""
    for values in _situations(rule):
        across = node.left if key in _keys(node.right) else node.right
        for field in paths(across) or paths(node):
            at = _crossing(node, ExampleContext(values), field)
            if at is None or at == _crossing(node, Raised(values, key), field):
                continue
            step = _STEP * max(1, abs(at))
            below, exactly, above = (
                rule.verdict(ExampleContext({**values, field: value})).result
                for value in (at - step, at, at + step)
            )
            if below != above:
                yield below, exactly, above


@pytest.mark.parametrize(
    ("rule", "comparison", "key"), CASES, ids=[f"{rule.id}-{key}" for rule, _, key in CASES]
)
def test_the_bound_itself_is_still_allowed(rule: Rule, comparison: Comparison, key: str) -> None:
    sides = list(_sides(rule, comparison, key))
    # An example must come near enough to the bound to show what lies behind it.
    assert sides
    for below, exactly, above in sides:
        assert exactly == (above if key in LEAST else below)


def test_quotas_are_compared_with() -> None:
    assert len(CASES) > 60
