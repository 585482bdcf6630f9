"""The field of candidates that a workload's answer is chosen from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.decisions.beside import beside_of
from advisor.decisions.candidates import candidates_of, designs
from advisor.decisions.contenders import Narrowed, competing
from advisor.decisions.context import RuleContext
from advisor.decisions.joining import wholes
from advisor.decisions.pricing import Pricer

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import date

    from advisor.decisions.joining import Whole
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.decisions.situation import Situation
    from advisor.rulebook import Rulebook, Verdict
    from advisor.tariff import PriceBook


class Field:
    """Every candidate of a situation, block by block, and the whole designs made of them.

    ``rivals`` are the feasible whole designs that may be recommended, the cheapest first;
    ``others`` the feasible ones that may not: remedies for cold starts that save too little.
    ``only`` leaves out designs of compute, cold starts and front door that cannot win.
    """

    def __init__(
        self,
        situation: Situation,
        book: PriceBook,
        rulebook: Rulebook,
        *,
        day: date,
        thorough: bool = False,
        only: Narrowed | None = None,
    ) -> None:
        self.situation = situation
        self.book = book
        self.rulebook = rulebook
        self.day = day
        self.only = only
        self.pricer = Pricer(situation, book)
        self.context = RuleContext(situation, {}, day=day)
        self._beside = beside_of(self.pricer, rulebook, self.context, thorough=thorough)
        self.blocks = self._blocks(only, thorough=thorough)
        self.rivals, self.others = self._ranked(self.blocks)
        self._costs: dict[str, float | None] = {}
        self.context = self.context.with_costs(self._cost_of)

    @property
    def candidates(self) -> list[Candidate]:
        """Return the candidates of every block."""
        return [candidate for block in self.blocks for candidate in block]

    def elsewhere(self, situation: Situation, only: Container[Design]) -> Field:
        """Return the field of another situation, of these designs of compute and front door."""
        # A search is in floats; what it finds is priced in the bill's arithmetic.
        return Field(
            situation,
            self.book.in_floats(),
            self.rulebook,
            day=self.day,
            only=Narrowed(designs=only),
        )

    def thorough(self) -> Field:
        """Return the same field with excluded designs sized and priced too."""
        return Field(self.situation, self.book, self.rulebook, day=self.day, thorough=True)

    def judge_alone(self, decision: str, option: str) -> tuple[Verdict, ...]:
        """Return the verdicts on one option, whatever stands beside it."""
        return self.rulebook.judge(decision, option, self.context.of({decision: option}))

    def late(self, whole: Whole) -> Whole:
        """Return a whole design with what rules about costs say of it."""
        design = whole.design
        said = self.rulebook.judge_whole(
            design.choices().items(), self.context.of(design.choices()), costs=True
        )
        return replace(whole, verdicts=(*whole.verdicts, *said))

    def _cost_of(self, option: str) -> float | None:
        """Return what the cheapest design with an option costs, in USD a month.

        Of those that may be recommended, if any may.
        """
        if option not in self._costs:
            self._costs[option] = self._least_with(option)
        return self._costs[option]

    def _least_with(self, option: str) -> float | None:
        cheapest = _first_with(option, self.rivals, self.others)
        if self.only is not None and (cheapest is None or cheapest is not self.rivals[0]):
            # A cheaper one may have been given up for costing more than the cheapest of all.
            having = self.only.given_up(designs(self.situation.workload), option)
            if having:
                blocks = self._blocks(Narrowed(designs=having, only_best=True))
                cheapest = _first_with(option, *self._ranked(blocks))
        return None if cheapest is None else cheapest.monthly_usd

    def _blocks(self, only: Narrowed | None, *, thorough: bool = False) -> list[list[Candidate]]:
        """Return the candidates of each block that the workload asks about."""
        first = candidates_of(
            self.pricer,
            self.rulebook,
            self.context,
            beside=self._beside,
            thorough=thorough,
            only=only,
        )
        # A block of which no design is open is still asked, and then nothing is feasible.
        asked = [first] if designs(self.situation.workload) else []
        return [*asked, *self._beside.values()]

    def _ranked(self, blocks: list[list[Candidate]]) -> tuple[list[Whole], list[Whole]]:
        """Return the whole designs that may be recommended, and the others, the cheapest first."""
        feasible = [[each for each in block if each.feasible] for block in blocks]
        found = wholes(feasible, self._across) if feasible and all(feasible) else []
        allowed = {id(candidate) for block in feasible for candidate in competing(block)}
        rivals: list[Whole] = []
        others: list[Whole] = []
        for each in found:
            may_win = all(id(part) in allowed for part in each.parts)
            (rivals if may_win else others).append(each)
        return rivals, others

    def _across(self, design: Design) -> Iterable[tuple[str, Verdict]]:
        choices = design.choices()
        if not self.rulebook.speaks_of_wholes(choices):
            return ()
        return self.rulebook.judge_whole(choices.items(), self.context.of(choices), costs=False)


def _first_with(option: str, rivals: list[Whole], others: list[Whole]) -> Whole | None:
    """Return the first whole design that has an option."""
    return next((each for each in (*rivals, *others) if each.design.has(option)), None)
