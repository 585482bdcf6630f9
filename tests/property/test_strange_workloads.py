"""No workload that fits the types brings the commands down, or makes them answer nonsense.

The workloads are random with fixed seeds. Longer runs are made by hand with other seeds.
"""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from advisor.cli.simulate import command as simulate
from advisor.decisions.search import compare
from advisor.decisions.tuning import tune
from advisor.errors import AdvisorError
from advisor.report import json as report
from advisor.report import text
from advisor.report import tuning as tuning_report
from advisor.workload.loading import loaded
from tests.fakes.workloads import workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from advisor.workload import Workload

_DUST = Decimal("1e-12")
"""What is left of a cent where an allowance takes all of a charge, in 28 digits."""

# Each brought a command down once.
_KNOWN = (27, 37, 63, 80, 91, 106, 150, 155, 250, 310, 404, 1322, 1480, 10394, 20126)


def _values(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _values(value, f"{path}.{key}")
    elif isinstance(tree, list):
        for value in tree:
            yield from _values(value, path)
    else:
        yield path, tree


def _percentiles(tree: Any) -> Iterator[list[float]]:
    if isinstance(tree, dict):
        shares = {key: tree[key] for key in tree if key[:1] == "p" and key[1:2].isdigit()}
        yield [shares[key] for key in sorted(shares, key=lambda each: float(each[1:]))]
        for value in tree.values():
            yield from _percentiles(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _percentiles(value)


def _sound(tree: Any) -> bool:
    for path, value in _values(tree):
        if isinstance(value, float) and not isfinite(value):
            return False
        # A margin can be negative, and so can an allowance or a discount of a bill.
        if path.endswith("_usd") and isinstance(value, str) and "margin" not in path:
            amount = Decimal(value)
            if not amount.is_finite() or (amount < -_DUST and "line_items" not in path):
                return False
    return all(each == sorted(each) for each in _percentiles(tree))


def _compared(asked: Workload) -> Any:
    answer = compare(asked)
    text.render([answer], bills=[[answer.best] if answer.best else []], colour=False)
    return json.loads(report.render([answer]))


def _tuned(asked: Workload) -> Any:
    if asked.compute is None:
        return {}
    answer = tune(asked)
    tuning_report.as_text(answer, colour=False)
    return json.loads(tuning_report.as_json(answer))


@pytest.mark.parametrize("ask", [_compared, _tuned])
def test_compare_and_tune_answer_or_refuse(ask: Callable[[Workload], Any]) -> None:
    answered = 0
    for seed in (*_KNOWN, *range(2000, 2025)):
        try:
            asked = loaded(json.dumps(workload(seed)).encode(), "x.yaml").workload
            found = ask(asked)
        except AdvisorError:
            continue
        assert _sound(found), f"seed {seed}"
        answered += 1
    assert answered > 20


def test_simulate_answers_or_refuses(tmp_path: Path) -> None:
    answered = 0
    for seed in (*_KNOWN, *range(2000, 2006)):
        file = tmp_path / "workload.yaml"
        file.write_text(json.dumps(workload(seed)), encoding="utf-8")
        done = CliRunner().invoke(
            simulate, ["--workload", str(file), "--requests", "500", "--format", "json"]
        )
        assert done.exception is None or isinstance(done.exception, SystemExit | AdvisorError)
        if done.exit_code == 0:
            assert _sound(json.loads(done.stdout)), f"seed {seed}"
            answered += 1
    assert answered > 3
