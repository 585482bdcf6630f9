"""The same expressions, with the same values, in Google's runtime of CEL.

Where the two differ on purpose stands in docs/condition-language.md, and in the last tests here.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.parsing import parse
from advisor.rulebook.language.rendering import render
from tests.rulebook.language.generating import KINDS, Arithmetic, Generator, Pair
from tests.rulebook.language.names import Values

cel = pytest.importorskip("cel_expr_python.cel", reason="no wheel for this Python and machine")
ext_math = pytest.importorskip("cel_expr_python.ext.ext_math")

CONDITIONS = 1_500
SETS_OF_VALUES = 4


def environment(arithmetic: Arithmetic) -> Any:
    """Return CEL with a map for each kind of field, so that ``has`` asks for a key of it."""
    kinds = {
        "number": cel.Type.DOUBLE if arithmetic == "double" else cel.Type.INT,
        "bool": cel.Type.BOOL,
        "string": cel.Type.STRING,
        "date": cel.Type.STRING,
        "list": cel.Type.List(cel.Type.STRING),
    }
    return cel.NewEnv(
        variables={
            letter: cel.Type.Map(cel.Type.STRING, kinds[kind]) for letter, kind in KINDS.items()
        },
        extensions=[ext_math.ExtMath()],
    )


def by_letter(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    maps: dict[str, dict[str, Any]] = {letter: {} for letter in KINDS}
    for field, value in values.items():
        letter, _, name = field.partition(".")
        maps[letter][name] = value
    return maps


def theirs(expression: Any, values: dict[str, Any]) -> bool | None:
    """Return what CEL says; an error, as of a missing key, is what is unknown here."""
    result = expression.eval(data=by_letter(values))
    if result.type() == cel.Type.BOOL:
        return bool(result.value())
    assert result.type() == cel.Type.ERROR
    return None


@pytest.mark.parametrize("arithmetic", ["double", "int"])
@pytest.mark.parametrize("unknown", [0.0, 0.3], ids=["all-known", "some-unknown"])
def test_thousands_of_conditions_come_to_the_same(arithmetic: Arithmetic, unknown: float) -> None:
    generator = Generator(Random(f"{arithmetic} {unknown}"), arithmetic)  # noqa: S311 - a seed
    their_environment = environment(arithmetic)
    seen = {True: 0, False: 0, None: 0}
    for _ in range(CONDITIONS):
        pair = generator.condition(3)
        expression = their_environment.compile(pair.cel)
        node = parse(pair.ours)
        rendered = parse(render(node))
        for _ in range(SETS_OF_VALUES):
            values = generator.values(unknown)
            expected = theirs(expression, values)
            assert evaluate(node, Values(values)).value is expected, (pair, values)
            assert evaluate(rendered, Values(values)).value is expected, (pair, values)
            seen[expected] += 1
    # The comparison is worth something only where all answers come up.
    assert min(seen[True], seen[False]) > CONDITIONS
    if unknown:
        assert seen[None] > CONDITIONS


@pytest.mark.parametrize(
    ("pair", "values", "ours", "cels"),
    [
        # Every number is a double, so a quotient keeps its fraction.
        (Pair("n.a / 2 == 3", "n.a / 2 == 3"), {"n.a": 7}, False, True),
        # What has no finite result is unknown, where CEL goes on with infinity.
        (Pair("n.a / n.b > 1", "n.a / n.b > 1.0"), {"n.a": 1.0, "n.b": 0.0}, None, True),
        (Pair("n.a * 10 > 1", "n.a * 10.0 > 1.0"), {"n.a": 1e308}, None, True),
    ],
)
def test_where_the_two_differ(
    pair: Pair,
    values: dict[str, Any],
    ours: bool | None,  # noqa: FBT001 - a parameter - a table's cell
    cels: bool | None,  # noqa: FBT001 - a parameter
) -> None:
    kind: Arithmetic = "int" if isinstance(values["n.a"], int) else "double"
    assert theirs(environment(kind).compile(pair.cel), values) is cels
    assert evaluate(parse(pair.ours), Values(values)).value is ours


def test_the_comparison_would_show_a_difference() -> None:
    expression = environment("double").compile("n.a > 1.0 || b.a")
    assert theirs(expression, {"n.a": 2.0}) is True
    assert theirs(expression, {"n.a": 1.0}) is None
    assert evaluate(parse("n.a >= 1.0 || b.a"), Values({"n.a": 1.0})).value is True
