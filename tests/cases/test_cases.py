"""Whole workloads against the answers and bills of architects (see ``why`` in each case).

A case beside this file is about an example, one in ``lines`` about one side of a decision's line,
both with a bill that was calculated by hand; one in ``designs`` about the design that an architect
would build and the rules that exclude what looks better.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from advisor.decisions.search import compare
from advisor.document.tree import parse
from advisor.workload.loading import load

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Recommendation
    from advisor.rulebook import Verdict

FOLDER = Path(__file__).parent
EXAMPLES = sorted(path.name for path in FOLDER.glob("*.yaml"))
LINES = sorted(f"lines/{path.name}" for path in FOLDER.glob("lines/*.yaml"))
DESIGNS = sorted(f"designs/{path.name}" for path in FOLDER.glob("designs/*.yaml"))
CENT = Decimal("0.01")
SIDES = {"compute": 3, "api": 3, "workflow": 3, "messaging": 3, "cold_start": 3}
"""How many cases stand around the line of a decision."""


def case(name: str) -> Any:
    return parse((FOLDER / name).read_bytes(), name).value


def answer(expected: Any, repository: Path, folder: Path) -> Recommendation:
    """Answer the file that a case names, or the workload that it gives."""
    if "workload" in expected:
        return compare(load(str(repository / expected["workload"])).workload)
    given = folder / "workload.yaml"
    given.write_text(json.dumps(expected["given"]), encoding="utf-8")
    return compare(load(str(given)).workload, flips="none")


@pytest.mark.parametrize("name", [*EXAMPLES, *LINES])
def test_the_answer_and_the_bill_are_those_calculated_by_hand(
    name: str, repository: Path, tmp_path: Path
) -> None:
    expected = case(name)
    found = answer(expected, repository, tmp_path)
    assert found.exit_code == 0
    best = found.best
    assert best is not None
    assert best.design.choices() == expected["recommended"]
    bill = {f"{i.price.service_name}: {i.item}": i.monthly_usd for i in best.line_items}
    for item, amount in expected["line_items"].items():
        assert bill[item].quantize(CENT) == Decimal(amount), item
    assert sum(bill.values()).quantize(CENT) == Decimal(expected["monthly_usd"])
    assert best.monthly_usd == sum(bill.values())
    for key, value in expected.get("sizing", {}).items():
        assert best.sizing[key] == value, key


@pytest.mark.parametrize("name", DESIGNS)
def test_the_design_is_the_one_that_an_architect_would_build(
    name: str, repository: Path, tmp_path: Path
) -> None:
    expected = case(name)
    found = answer(expected, repository, tmp_path)
    assert found.exit_code == expected.get("exit_code", 0)
    built = None if found.best is None else found.best.design.choices()
    assert built == expected.get("recommended")


@pytest.mark.parametrize("name", [*LINES, *DESIGNS])
def test_what_looks_better_is_excluded_by_a_limit(
    name: str, repository: Path, tmp_path: Path
) -> None:
    expected = case(name)
    options = {
        option.option: option
        for decision in answer(expected, repository, tmp_path).decisions
        for option in decision.options
    }
    for name_of_option, rule in expected.get("excluded", {}).items():
        option = options[name_of_option]
        against = {verdict.rule for verdict in option.verdicts if excludes(verdict)}
        if option.candidate is not None:
            against |= {verdict.rule for verdict in option.candidate.excluded_by}
        assert option.status == "excluded"
        assert rule in against, name_of_option


def excludes(verdict: Verdict) -> bool:
    return verdict.effect == "exclude" and verdict.result == "true"


def test_every_example_has_a_case(repository: Path) -> None:
    examples = {path.name for path in (repository / "examples").glob("*.yaml")}
    assert {Path(case(name)["workload"]).name for name in EXAMPLES} == examples


@pytest.mark.parametrize(("decision", "sides"), list(SIDES.items()))
def test_every_decision_has_cases_on_both_sides_of_its_line(decision: str, sides: int) -> None:
    prefix = f"lines/{decision.replace('_', '-')}-"
    answers = [case(name)["recommended"][decision] for name in LINES if name.startswith(prefix)]
    assert len(answers) == sides
    assert len(set(answers)) > 1
