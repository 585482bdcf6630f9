"""What a workload's answer settles: the design to take, the one declared, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.decisions import unknowns
from advisor.decisions.answering import Field
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.candidates import designs
from advisor.decisions.contenders import Narrowed
from advisor.decisions.declared import current_of
from advisor.decisions.joining import joined
from advisor.decisions.preferring import preferred
from advisor.decisions.situation import resolve
from advisor.limits import limits
from advisor.rulebook.rulebook import built_in_rulebook
from advisor.tariff import open_book

if TYPE_CHECKING:
    from datetime import date

    from advisor.decisions.joining import Whole
    from advisor.decisions.recommendation import Candidate, Notice, Preference
    from advisor.rulebook import Rulebook
    from advisor.workload import Workload


class Settled(Struct, frozen=True, kw_only=True):
    """The answer to a workload, before anything is shown of it.

    ``best`` is the recommended design, None without a feasible one; ``current`` the declared one.
    ``rivals`` are the whole designs that may be recommended, the recommended one first, and
    ``preference`` says why it is not the cheapest. ``undecided`` are the unknowns that keep it
    open which designs are feasible.
    """

    field: Field
    assumptions: Assumptions
    rivals: list[Whole]
    preference: Preference | None
    best: Candidate | None
    current: Candidate | None
    undecided: tuple[Notice, ...]
    unknowns: tuple[Notice, ...]
    prices_as_of: date

    @property
    def monthly_requests(self) -> float:
        return self.field.situation.arrivals.monthly_requests


def settle(
    workload: Workload,
    *,
    as_of: date | None = None,
    prices: str | None = None,
    rules: Rulebook | None = None,
    every_option: bool = False,
) -> Settled:
    """Return the recommended design of a workload, and the one that it declares.

    ``as_of`` takes the prices of that day; None the newest known. ``prices`` is the folder of
    another price table than the shipped one, ``rules`` a rulebook with rules of the user's.
    ``every_option`` sizes and prices the designs too that cannot win. The workload must have
    passed ``advisor.workload.checks``.
    """
    book = open_book(as_of, prices=prices)
    assumptions = Assumptions()
    situation = resolve(workload, assumptions)
    field = Field(
        situation,
        book,
        built_in_rulebook() if rules is None else rules,
        day=as_of or limits().known_on(),
        only=None if every_option else Narrowed(designs=designs(workload), only_best=True),
    )
    rivals, preference = preferred(field)
    best = joined(field.late(rivals[0])) if rivals else None
    if best is None:
        # What would reopen a design can only be said when everything against it is known.
        field = field.thorough()
    current, insisted = current_of(field)
    undecided = (
        *unknowns.unstated(field.candidates),
        *unknowns.missing_prices(field.blocks, best, book),
    )
    return Settled(
        field=field,
        assumptions=assumptions,
        rivals=rivals,
        preference=preference,
        best=best,
        current=current,
        undecided=undecided,
        unknowns=(*unknowns.unread(workload), *undecided, *insisted),
        prices_as_of=as_of or unknowns.newest(field.candidates),
    )
