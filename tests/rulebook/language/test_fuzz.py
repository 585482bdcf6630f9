"""Whatever is written where a condition belongs: it is read, or refused with ConditionErrors.

``corpus/`` holds conditions and reasons: valid ones and broken ones, one a line, and hostile ones,
each a file. All are tried as they are, and cut, doubled and spliced by a seed.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from time import process_time

import pytest

from advisor.rulebook.language.arrays import evaluate_columns
from advisor.rulebook.language.checking import check, check_template
from advisor.rulebook.language.errors import ConditionErrors
from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.fields import workload_names
from advisor.rulebook.language.parsing import parse
from advisor.rulebook.language.rendering import render
from advisor.rulebook.language.syntax import paths
from advisor.rulebook.language.templates import fill, parse_template
from advisor.rulebook.language.tokens import MAX_TEXT
from advisor.rulebook.language.tracing import trace
from tests.rulebook.language.names import Values
from tests.rulebook.language.test_arrays import Rows

CORPUS = Path(__file__).parent / "corpus"
VALID = (CORPUS / "valid.txt").read_text(encoding="utf-8").splitlines()
BROKEN = (CORPUS / "broken.txt").read_text(encoding="utf-8").splitlines()
HOSTILE = {
    path.stem.removeprefix("hostile-"): path.read_bytes().decode("utf-8")
    for path in sorted(CORPUS.glob("hostile-*.txt"))
}
MUTATIONS = 3_000
LIMIT_S = 2.0
"""Some ten times what the slowest text takes, of the processor's time, not of a clock's."""
PIECES = (
    *"()[]{}<>=!&|?:,.+-*/%'\"\\ \n0a_é\x00",
    "&&",
    "||",
    "in ",
    "has(",
    "1e309",
    "true",
    "{{",
)


def accepted(text: str) -> bool:
    """Try a text as a condition and as a reason; return whether it is a condition."""
    started = process_time()
    good = _as_condition(text)
    _as_reason(text)
    assert process_time() - started < LIMIT_S, text[:200]
    return good


def _as_condition(text: str) -> bool:
    try:
        node = parse(text)
    except ConditionErrors as refused:
        _well_placed(refused, text)
        return False
    if len(render(node)) <= MAX_TEXT:  # blanks are added between operands
        assert render(parse(render(node))) == render(node)
    try:
        check(node, workload_names())
    except ConditionErrors as refused:
        _well_placed(refused, text)
        return False
    # Nothing is known of an empty context but what `has` asks.
    assert evaluate(node, Values()).value in (True, False, None)
    trace(node, Values())
    assert set(evaluate(node, Values()).needs) <= {*paths(node), "region", "date"}
    assert evaluate_columns(node, Rows([Values()])).listed() == [evaluate(node, Values()).value]
    return True


def _as_reason(text: str) -> None:
    try:
        template = parse_template(text)
        check_template(template, workload_names())
    except ConditionErrors as refused:
        _well_placed(refused, text)
    else:
        fill(template, Values())


def _well_placed(refused: ConditionErrors, text: str) -> None:
    assert refused.errors
    for error in refused.errors:
        assert 0 <= error.start <= error.end <= len(text)
        assert 0 < len(error.message) <= 300
        assert 0 < len(error.help) <= 300


@pytest.mark.parametrize("text", [text for text in VALID if "{" not in text])
def test_valid_conditions_are_accepted(text: str) -> None:
    assert accepted(text)


@pytest.mark.parametrize("text", [text for text in VALID if "{" in text])
def test_valid_reasons_are_accepted(text: str) -> None:
    check_template(parse_template(text), workload_names())


@pytest.mark.parametrize("text", BROKEN)
def test_broken_conditions_are_refused(text: str) -> None:
    assert not accepted(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_refused(name: str) -> None:
    assert not accepted(HOSTILE[name])


def test_cut_doubled_and_spliced_texts_are_read_or_refused() -> None:
    random = Random(20261124)  # noqa: S311 - a seed
    seeds = [*VALID * 8, *BROKEN, *HOSTILE.values()]
    good = 0
    for _ in range(MUTATIONS):
        good += accepted(_mutated(random, random.choice(seeds), random.choice(seeds)))
    # Some must get past the parser and the checker, or the rest would never be tried.
    assert good > MUTATIONS / 50


def _mutated(random: Random, text: str, other: str) -> str:
    text, other = text[:3000], other[:3000]
    for _ in range(random.choice((1, 1, 2, 3))):
        start = random.randrange(len(text) + 1)
        end = min(len(text), start + random.randrange(12))
        way = random.randrange(7)
        if way == 0:
            text = text[:start] + text[end:]
        elif way == 1:
            text = text[:start] + random.choice(PIECES) + text[start:]
        elif way == 2:
            text = text[:end] + text[start:end] * random.randrange(1, 20) + text[end:]
        elif way == 3:
            cut = random.randrange(len(other) + 1)
            text = text[:start] + other[cut : cut + 40] + text[end:]
        elif way == 4:
            words, others = text.split(" "), other.split(" ")
            words[random.randrange(len(words))] = random.choice(others)
            text = " ".join(words)
        elif way == 5:
            text = f"{text}{random.choice((' && ', ' || ', ' == ', ' ? ', ' : '))}{other}"
        else:
            text = text.replace(text[start:end] or " ", random.choice(PIECES), 1)
    return text
