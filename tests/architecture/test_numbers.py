"""No number of AWS's stands in the code that makes a bill."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

COST = Path(__file__).parents[2] / "advisor" / "cost"
# 0 and 1 are shapes (nothing, at least one); a unit factor has a name and lives in units.py.
ALLOWED = {0, 1}


def numbers(source: str) -> list[tuple[int, object]]:
    """Return the numeric literals that are neither 0 nor 1, with their lines.

    Numbers written as text count too, as Decimal("0.20") is one.
    """
    found: list[tuple[int, object]] = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Constant):
            continue
        value = node.value
        if isinstance(value, (int, float)) and value not in ALLOWED:
            found.append((node.lineno, value))
        if isinstance(value, str) and _is_number(value):
            found.append((node.lineno, value))
    return found


def _is_number(text: str) -> bool:
    try:
        return float(text) not in ALLOWED
    except ValueError:
        return False


MODULES = sorted(path.name for path in COST.rglob("*.py") if path.name != "units.py")


@pytest.mark.parametrize("module", MODULES)
def test_a_cost_module_has_no_number_of_its_own(module: str) -> None:
    # A number of digits is about the formula's text, not about the bill.
    wording = ("in_words(",)
    source = (COST / module).read_text()
    lines = source.splitlines()

    found = [
        (line, value)
        for line, value in numbers(source)
        if not any(word in lines[line - 1] for word in wording)
    ]

    assert found == []


def test_the_search_finds_numbers_however_they_are_written() -> None:
    source = 'a = 0\nb = 1\nc = 730\nd = 0.2\ne = Decimal("0.20")\nf = "v2"\ng = -3\nh = [True]\n'

    assert numbers(source) == [(3, 730), (4, 0.2), (5, "0.20"), (7, 3)]


def test_every_cost_module_is_searched() -> None:
    assert {"aws_lambda.py", "fargate.py", "bill.py"} <= set(MODULES)
