"""The public API: what `advisor` exports, and that it works as its docstring says."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import advisor

if TYPE_CHECKING:
    from pathlib import Path


def test_the_docstring_example_works(repository: Path) -> None:
    loaded = advisor.load(str(repository / "examples" / "internal-service.yaml"))
    answer = advisor.compare(loaded.workload)
    assert answer.best is not None
    assert round(Decimal(answer.best.monthly_usd or 0), 2) == Decimal("603.52")


def test_every_name_that_is_listed_exists() -> None:
    for name in advisor.__all__:
        assert getattr(advisor, name) is not None
        assert name in dir(advisor)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_here"):
        advisor.nothing_here  # noqa: B018 - the access is what is tested


def test_the_story_of_a_workload_names_its_answer(repository: Path) -> None:
    workload = advisor.load(str(repository / "examples" / "internal-service.yaml")).workload
    told = advisor.story(advisor.Case(workload))
    assert "603.52 USD" in told.title
