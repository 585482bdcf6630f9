"""Every number of an answer has an explanation, and the explanation holds the number."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pytest

from advisor.explain.matching import NoSuchName
from advisor.explain.numbers import number
from advisor.explain.numbers.explaining import explained
from advisor.explain.numbers.places import Place, find, numbers
from advisor.report import explanations
from advisor.report.json import answer_tree
from advisor.wording import naming
from tests.explain.cases import EXAMPLES, NOTHING_LEFT, TODAY, WIDE, case_of, example

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from advisor.explain.case import Case
    from advisor.explain.explanation import Explanation


def texts(of: Explanation) -> Iterator[str]:
    yield of.title
    yield from of.sentences
    for figure in of.figures:
        yield from (figure.name, figure.formula, figure.source)
    for child in of.children:
        yield from texts(child)


def values(of: Explanation) -> Iterator[Any]:
    yield from (figure.value for figure in of.figures)
    for child in of.children:
        yield from values(child)


def written_as_numbers(value: Any) -> Iterator[Any]:
    """Yield what a reader of the JSON takes for a number: one, or a string that is a decimal."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from written_as_numbers(each) if key not in ("workload", "prices") else ()
    elif isinstance(value, list):
        for each in value:
            yield from written_as_numbers(each)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value
    elif isinstance(value, str):
        try:
            Decimal(value)
        except InvalidOperation:
            return
        yield value


def check_every_number(case: Case) -> int:
    """Explain each number by its path; return how many there are."""
    answer = answer_tree(case.answer)
    places = list(numbers(answer))
    assert [place.value for place in places] == list(written_as_numbers(answer))
    for place in places:
        assert find(answer, place.path) == place
        of = explained(case, place)
        assert of.figures or of.sentences, place.path
        assert len(" ".join(texts(of))) > 40, place.path
        assert explanations.as_text(of)
        # The version of the format is told in words; everything else is one of the figures.
        if place.steps != ("schema_version",):
            assert holds(of, place.value), (place.path, place.value, list(values(of)))
    return len(places)


def holds(of: Explanation, wanted: Any) -> bool:
    """Return whether a figure has the value, as money, as a share of a percentage, or in words."""
    exact = float(wanted)
    for value in values(of):
        try:
            found = float(str(value).replace(",", ""))
        except ValueError:
            continue
        if any(abs(found * scale - exact) <= 1e-5 * max(1, abs(exact)) for scale in (1, 100)):
            return True
    return f"{exact:g}" in of.title


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_an_example_is_explained(name: str) -> None:
    assert check_every_number(example(name)) > 70


@pytest.mark.parametrize("text", [WIDE, TODAY, NOTHING_LEFT], ids=["wide", "today", "nothing left"])
def test_every_number_of_other_answers_is_explained(text: str, tmp_path: Path) -> None:
    assert check_every_number(case_of(text, tmp_path)) > 100


def test_a_number_that_nobody_thought_of_is_an_error() -> None:
    case = example("webhook")
    with pytest.raises(NoSuchName, match="novelty"):
        explained(case, Place(steps=("novelty",), value=1.0))


def test_a_total_is_the_sum_of_the_lines_that_explain_it() -> None:
    case = example("checkout-api")
    of = number(case, answer_tree(case.answer), "total")
    *lines, total = of.figures
    assert case.answer.best is not None
    assert total.value == sum(line.value for line in lines) == case.answer.best.monthly_usd


def test_elements_go_by_name_or_by_index() -> None:
    answer = answer_tree(example("checkout-api").answer)
    by_index = find(answer, "decisions[0].options[0].line_items[1].quantity")
    assert by_index == find(answer, "decisions.0.options.0.line_items.1.quantity")
    assert by_index == find(answer, "decisions.compute.options.lambda.line_items.Duration.quantity")


def test_the_requests_that_exceed_a_percentile_are_the_rest() -> None:
    case = example("checkout-api")
    path = "decisions.compute.options.lambda.latency_ms.p99"
    figures = {f.name: f.value for f in number(case, answer_tree(case.answer), path).figures}
    cold = float(figures["requests that are cold"])
    mixed = (1 - cold) * figures["warm requests that take longer"]
    mixed += cold * figures["cold requests that take longer"]
    assert mixed == pytest.approx(0.01, rel=1e-3)
    assert figures["requests that take longer"] == pytest.approx(mixed)


def test_a_part_of_the_answer_lists_its_numbers() -> None:
    case = example("webhook")
    of = number(case, answer_tree(case.answer), "recommendation")
    titles = [child.title for child in of.children]
    assert titles[0].startswith("recommendation.monthly_usd = 0.00")
    assert len(titles) == 6
    assert of.title == "6 numbers stand in recommendation"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("decisions.compute.options.lamda", "did you mean lambda"),
        ("recommendation.monthly", "did you mean monthly_usd"),
        ("recommendation.design.compute", "is not a number"),
        ("recommendation.monthly_usd.more", "it holds nothing"),
        (".", "there are schema_version"),
        ("[" * 50, "there are schema_version"),
        ("decisions[99]", "there are compute"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_there_is(path: str, told: str) -> None:
    case = example("webhook")
    with pytest.raises(NoSuchName, match=told):
        number(case, answer_tree(case.answer), path)


def test_the_answers_on_both_sides_of_a_flip_point_are_worked_out_anew() -> None:
    case = example("internal-service")
    (point,) = case.answer.decisions[0].flip_points
    of = number(case, answer_tree(case.answer), "decisions[0].flip_points[0].at")
    below, above = of.children
    here, there = (below, above) if point.at > point.now else (above, below)
    assert case.answer.best is not None
    assert here.figures[0].name == naming.design(case.answer.best)
    assert here.figures[0].formula == "the answer there"
    assert point.to is not None
    assert there.figures[0].name.startswith(naming.name(point.to))
    # There it is the cheaper of the two.
    assert there.figures[0].value < there.figures[1].value
