"""Whole workloads against bills that were calculated by hand (see ``why`` in each case)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from advisor.decisions.search import compare
from advisor.document.tree import parse
from advisor.workload.loading import load

FOLDER = Path(__file__).parent
CASES = sorted(path.name for path in FOLDER.glob("*.yaml"))
CENT = Decimal("0.01")


def case(name: str) -> Any:
    return parse((FOLDER / name).read_bytes(), name).value


@pytest.mark.parametrize("name", CASES)
def test_the_answer_and_the_bill_are_those_calculated_by_hand(name: str, repository: Path) -> None:
    expected = case(name)
    answer = compare(load(str(repository / expected["workload"])).workload)
    assert answer.exit_code == 0
    best = answer.best
    assert best is not None
    assert best.design.choices() == expected["recommended"]
    bill = {f"{i.price.service_name}: {i.item}": i.monthly_usd for i in best.line_items}
    for item, amount in expected["line_items"].items():
        assert bill[item].quantize(CENT) == Decimal(amount), item
    assert sum(bill.values()).quantize(CENT) == Decimal(expected["monthly_usd"])
    assert best.monthly_usd == sum(bill.values())
    for key, value in expected.get("sizing", {}).items():
        assert best.sizing[key] == value, key


def test_every_example_has_a_case(repository: Path) -> None:
    examples = {path.name for path in (repository / "examples").glob("*.yaml")}
    assert {Path(case(name)["workload"]).name for name in CASES} == examples
