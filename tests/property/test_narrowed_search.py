"""A search that gives up what cannot win answers as the one that judges every design."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from advisor.cost.bill import total
from advisor.decisions.answering import Field
from advisor.decisions.candidates import designs
from advisor.decisions.contenders import Narrowed
from advisor.decisions.joining import joined
from advisor.decisions.preferring import preferred
from advisor.decisions.settling import settle
from advisor.errors import AdvisorError
from advisor.workload.loading import loaded
from tests.fakes.workloads import plausible, workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from advisor.decisions.recommendation import Candidate
    from advisor.workload import Workload

# Each has another answer without one of the precautions: a block of which no design is open is not
# taken for one that nobody asks; rules that set options of two blocks apart; costs that a
# preference compares; a tie of whole designs.
_KNOWN_STRANGE = (3023, 3074, 3198)
_KNOWN = (73, 98, 115, 243, 3, 7, 28, 47, 50, 70, 108)


def _workloads(make: Callable[[int], dict[str, Any]], seeds: tuple[int, ...]) -> Iterator[Workload]:
    for seed in seeds:
        try:
            yield loaded(json.dumps(make(seed)).encode(), f"{seed}.json").workload
        except AdvisorError:
            # What contradicts itself is refused before any search.
            continue


def _told(best: Candidate | None) -> Any:
    if best is None:
        return None
    true = [
        (v.rule, v.effect) for said in best.verdicts.values() for v in said if v.result == "true"
    ]
    return best.design, str(total(best.line_items)), str(best.sizing), true


@pytest.mark.parametrize(
    ("make", "seeds", "least"),
    [(plausible, (*_KNOWN, *range(500, 530)), 25), (workload, (*_KNOWN_STRANGE, *range(20)), 3)],
)
def test_only_the_best_is_the_best_of_all(
    make: Callable[[int], dict[str, Any]], seeds: tuple[int, ...], least: int
) -> None:
    answered = 0
    for asked in _workloads(make, seeds):
        try:
            whole = settle(asked, every_option=True)
        except AdvisorError as error:
            with pytest.raises(type(error)):
                settle(asked)
            continue
        narrow = settle(asked)
        assert _told(narrow.best) == _told(whole.best)
        assert {(u.code, u.message) for u in narrow.unknowns} == {
            (u.code, u.message) for u in whole.unknowns
        }
        answered += whole.best is not None
    assert answered >= least


def test_a_field_elsewhere_has_the_best_of_all() -> None:
    """Flip points look at such fields: tasks are given up for their cost there, and no function."""
    answered = 0
    for asked in _workloads(plausible, (*_KNOWN, *range(530, 545))):
        whole = settle(asked, every_option=True).field
        narrowed = Field(
            whole.situation,
            whole.book,
            whole.rulebook,
            day=whole.day,
            only=Narrowed(designs=designs(asked)),
        )
        bests = [
            [joined(each.late(one)) for one in preferred(each)[0][:1]] for each in (whole, narrowed)
        ]
        assert [_told(best) for best in bests[0]] == [_told(best) for best in bests[1]]
        answered += len(bests[0])
    assert answered > 10
