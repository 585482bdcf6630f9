"""An answer with everything that it was made of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from advisor.decisions.answering import Field
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.context import RuleContext
from advisor.decisions.search import compare
from advisor.decisions.situation import resolve
from advisor.explain.matching import no_such
from advisor.limits import limits
from advisor.rulebook.rulebook import built_in_rulebook
from advisor.tariff import open_book

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from advisor.decisions.flips import Flips
    from advisor.decisions.recommendation import (
        Candidate,
        Decision,
        OptionAnswer,
        Recommendation,
    )
    from advisor.decisions.situation import Situation
    from advisor.rulebook import Rule, Rulebook
    from advisor.tariff import PriceBook
    from advisor.workload import Workload


def billed(option: OptionAnswer) -> Candidate | None:
    """Return the design whose bill an option shows, None where that is not complete."""
    return option.candidate if option.status in ("recommended", "feasible") else None


class Case:
    """A workload, its answer, and the values behind the answer.

    The arguments are those of ``compare``.
    """

    def __init__(
        self,
        workload: Workload,
        *,
        as_of: date | None = None,
        file: str | None = None,
        prices: str | None = None,
        rules: Rulebook | None = None,
        flips: Flips = "traffic",
    ) -> None:
        self.workload = workload
        self.as_of = as_of
        self.prices = prices
        self.rulebook = built_in_rulebook() if rules is None else rules
        self.answer: Recommendation = compare(
            workload, as_of=as_of, file=file, prices=prices, rules=self.rulebook, flips=flips
        )

    @cached_property
    def situation(self) -> Situation:
        return resolve(self.workload, Assumptions())

    @cached_property
    def book(self) -> PriceBook:
        return open_book(self.as_of, prices=self.prices)

    @cached_property
    def field(self) -> Field:
        return self.field_of(self.situation)

    @property
    def day(self) -> date:
        return self.as_of or limits().known_on()

    def field_of(self, situation: Situation) -> Field:
        """Return the candidates of another situation at the same prices and rules."""
        return Field(situation, self.book, self.rulebook, day=self.day)

    def context(self, choices: Mapping[str, str], rule: Rule) -> RuleContext:
        """Return the values that a rule sees of a design, its architecture where it asks for it."""
        if "option.architecture" in rule.reads:
            choices = {**choices, **self._architecture(choices)}
        if any(field.startswith("cost.") for field in rule.reads):
            return self.field.context.of(choices)
        return RuleContext(self.situation, choices, day=self.day)

    def _architecture(self, choices: Mapping[str, str]) -> dict[str, str]:
        """Return the architecture that a design is sized for, nothing for one that is not sized."""
        for block in self.field.blocks:
            for candidate in block:
                sized = candidate.sizing.get("architecture")
                if sized is not None and choices.items() <= candidate.design.choices().items():
                    return {"architecture": sized}
        return {}

    def field_value(self, path: str) -> Any:
        """Return a field as stated, derived or defaulted, or None."""
        return RuleContext(self.situation, {}, day=self.day).value(path)

    def decision(self, name: str) -> Decision:
        """Return a decision of the answer; raise NoSuchName for one that is not asked."""
        found = {each.decision: each for each in self.answer.decisions}
        if name not in found:
            raise no_such("decision", name, found)
        return found[name]

    def options(self, name: str) -> list[tuple[Decision, OptionAnswer]]:
        """Return an option with its decision, for each decision that has an option of the name."""
        known = [(each, option) for each in self.answer.decisions for option in each.options]
        found = [(each, option) for each, option in known if option.option == name]
        if not found:
            raise no_such("option", name, (option.option for _, option in known))
        return found

    def candidates(self) -> list[Candidate]:
        """Return every design that the answer shows, the recommended one first, each once."""
        shown = [self.answer.best, self.answer.runner_up]
        shown += [o.candidate for d in self.answer.decisions for o in d.options]
        found: list[Candidate] = []
        for each in shown:
            if each is not None and not any(each is other for other in found):
                found.append(each)
        return found
