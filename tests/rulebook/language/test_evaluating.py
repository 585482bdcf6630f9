"""True, false and unknown, and the fields that settle or decide a value."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from advisor.rulebook.language.evaluating import Outcome, evaluate
from advisor.rulebook.language.parsing import parse
from tests.rulebook.language.names import Values

TRUTH = (True, False, None)


def value(text: str, context: Values | None = None, **fields: Any) -> Any:
    return evaluate(parse(text), context or Values(**fields)).value


def outcome(text: str, **fields: Any) -> Outcome:
    return evaluate(parse(text), Values(**fields))


@pytest.mark.parametrize(("a", "b"), list(product(TRUTH, TRUTH)))
def test_logic_is_kleenes(a: bool | None, b: bool | None) -> None:  # noqa: FBT001 - a table's cells
    """Kleene's strong logic is the minimum and maximum where unknown lies between the two."""
    order = {False: 0, None: 1, True: 2}
    back = {rank: truth for truth, rank in order.items()}
    assert value("load.a && load.b", a=a, b=b) is back[min(order[a], order[b])]
    assert value("load.a || load.b", a=a, b=b) is back[max(order[a], order[b])]
    assert value("!load.a", a=a) is back[2 - order[a]]


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        ("load.a + 2 * 3", {"a": 1}, 7.0),
        ("load.a - 2 - 3", {"a": 1}, -4.0),
        ("7 / load.a", {"a": 2}, 3.5),  # never the whole part only
        ("-7 % load.a", {"a": 4}, -3.0),  # the sign of what is divided
        ("7 % load.a", {"a": -4}, 3.0),
        ("-load.a", {"a": 2}, -2.0),
        ("load.a == 1", {"a": 1.0}, True),
        ("load.a == 1", {"a": Decimal(1)}, True),
        ("load.a != 'x'", {"a": "y"}, True),
        ("load.a <= 1", {"a": 1}, True),
        ("load.a < '2026-11-24'", {"a": "2026-02-01"}, True),
        ("load.a in ['x', 'y']", {"a": "y"}, True),
        ("'x' in load.a", {"a": ["y"]}, False),
        ("'x' in load.a", {"a": []}, False),
        ("2 in load.a", {"a": (1, 2)}, True),
        ("load.a ? 1 : load.b", {"a": True}, 1.0),
        ("load.a ? load.b : 'x'", {"a": False}, "x"),
        ("any_in(load.a, ['x', 'y'])", {"a": ["z", "y"]}, True),
        ("any_in(load.a, ['x'])", {"a": []}, False),
        ("all_in(load.a, ['x', 'y'])", {"a": ["y", "x", "y"]}, True),
        ("all_in(load.a, ['x'])", {"a": ["x", "z"]}, False),
        ("all_in(load.a, ['x'])", {"a": []}, True),
        ("min(load.a, 3)", {"a": 5}, 3.0),
        ("max(load.a, 3)", {"a": 5}, 5.0),
        ("ceil(load.a)", {"a": 1.2}, 2.0),
        ("ceil(load.a)", {"a": -1.2}, -1.0),
        ("has(load.a)", {"a": False}, True),
        ("has(load.a)", {}, False),
        ("quota('function.timeout_s')", {}, 900.0),
    ],
)
def test_values(text: str, fields: dict[str, Any], expected: object) -> None:
    found = value(text, **fields)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("1 / load.a", {"a": 0}),
        ("1 % load.a", {"a": -0.0}),
        ("load.a * 10", {"a": 1e308}),
        ("load.a - load.b", {"a": 1e308, "b": -1e308}),
        ("load.a + 1", {"a": float("inf")}),
        ("load.a + 1", {"a": float("nan")}),
        ("load.a + 1", {"a": 10**400}),
        ("'x' in load.a", {"a": ["x", None]}),
        ("load.a < 1", {}),
        ("load.a + load.b == 1", {"a": 1}),
        ("min(load.a, 1)", {}),
        ("ceil(load.a)", {}),
        ("load.a in ['x']", {}),
        ("any_in(load.a, ['x'])", {}),
        ("load.c ? 1 : 1", {}),
        ("-load.a", {}),
    ],
)
def test_without_a_value_or_a_result_nothing_is_known(text: str, fields: dict[str, Any]) -> None:
    assert value(text, **fields) is None


@pytest.mark.parametrize(
    ("text", "fields", "needs"),
    [
        ("load.a && load.b", {"a": True}, ("load.b",)),
        ("load.a && load.b", {}, ("load.a", "load.b")),
        ("load.a || load.b", {"b": False}, ("load.a",)),
        ("load.a > load.b", {"a": 1}, ("load.b",)),
        ("load.a > load.b", {}, ("load.a", "load.b")),
        ("load.a + load.a > 1", {}, ("load.a",)),
        ("1 / load.a > load.b", {"a": 0, "b": 1}, ("load.a",)),
        ("load.a ? load.b : load.c", {}, ("load.a",)),
        ("load.a ? load.b : load.c", {"a": False}, ("load.c",)),
        ("load.a < quota('function.memory_mb')", {"a": 1}, ("region",)),
        ("region_supports('custom-bus')", {}, ("region",)),
        ("runtime_at_least(load.a, ['python3.11'])", {}, ("load.a",)),
        ("runtime_deprecated(load.a, load.b)", {"a": "nodejs18"}, ("load.b", "date")),
    ],
)
def test_an_unknown_value_names_what_would_settle_it(
    text: str, fields: dict[str, Any], needs: tuple[str, ...]
) -> None:
    assert outcome(text, **fields) == Outcome(value=None, needs=needs, fields=())


@pytest.mark.parametrize(
    ("text", "fields", "decided_by"),
    [
        ("load.a && load.b", {"a": False}, ("load.a",)),  # whatever the other one is
        ("load.a && load.b", {"b": False}, ("load.b",)),
        ("load.a && load.b", {"a": True, "b": True}, ("load.a", "load.b")),
        ("load.a || load.b", {"b": True}, ("load.b",)),
        ("load.a || load.b", {"a": False, "b": False}, ("load.a", "load.b")),
        ("load.a > load.b", {"a": 1, "b": 2}, ("load.a", "load.b")),
        ("load.a ? load.b : load.c", {"a": True, "b": 1, "c": 1}, ("load.a", "load.b")),
        ("has(load.a)", {}, ("load.a",)),
        ("quota('function.timeout_s') > 5", {}, ()),
        ("runtime_deprecated(load.a, load.b)", {"a": "go1"}, ("load.a",)),
    ],
)
def test_a_known_value_names_what_decides_it(
    text: str, fields: dict[str, Any], decided_by: tuple[str, ...]
) -> None:
    found = outcome(text, **fields)
    assert (found.needs, found.fields) == ((), decided_by)


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [
        ("python3.13", True),
        ("python3.14", True),
        ("python3.9", False),  # 9 is below 13, whatever the order of the letters
        ("python4", True),
        ("python3", None),
        ("python", None),
        ("nodejs22.x", True),
        ("nodejs20.x", False),
        ("ruby3.4", False),  # of another family
    ],
)
def test_a_runtime_is_compared_with_the_version_of_its_family(
    runtime: str,
    expected: bool | None,  # noqa: FBT001 - a table's cell
) -> None:
    text = "runtime_at_least(load.a, ['python3.13', 'nodejs22', 'python3.12'])"
    lowest = text.replace(", 'python3.12'", "")
    assert value(lowest, a=runtime) is expected
    assert value(text, a="python3.12") is True


@pytest.mark.parametrize(
    ("date", "days", "expected"),
    [
        ("2027-06-30", 0, True),  # on the day itself
        ("2027-06-29", 0, False),
        ("2027-06-20", 10, True),
        ("2027-06-19", 10, False),
        ("2028-01-01", 0, True),
        (None, 0, None),
        ("2027-06-30", None, None),
    ],
)
def test_a_runtime_is_deprecated_from_a_day_on(
    date: str | None,
    days: float | None,
    expected: bool | None,  # noqa: FBT001 - a table's cell
) -> None:
    context = Values({"date": date}, runtime="python3.11", days=days)
    assert value("runtime_deprecated(load.runtime, load.days)", context) is expected


def test_a_quota_is_that_of_the_region() -> None:
    text = "load.a > quota('function.memory_mb')"
    assert value(text, Values({"region": "eu-west-1"}, a=4000)) is False
    assert value(text, Values({"region": "eu-west-2"}, a=4000)) is True


def test_whether_a_region_has_a_service() -> None:
    text = "region_supports('custom-bus')"
    assert value(text, Values({"region": "eu-west-1"})) is True
    assert value(text, Values({"region": "eu-west-2"})) is False


def test_a_value_that_the_language_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError):
        value("load.a > 1", a={"b": 1})
