"""The rules in force: those that are built in, and those that the user adds or switches off."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from advisor.data import names
from advisor.rulebook.language.values import Context
from advisor.rulebook.names import SIZING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.rulebook.rules import Rule, Verdict

DECISIONS = ("compute", "cold_start", "api", "workflow", "messaging")
_BLOCKS = (("compute", "cold_start", "api"), ("workflow",), ("messaging",))
_OPTION, _ELSEWHERE, _SIZE, _COST = "option.", "elsewhere", "size", "cost."
_SIZES = frozenset(f"option.{size}" for size in SIZING)


class SwitchedOff(Struct, frozen=True, kw_only=True):
    """A built-in rule that a user's file switches off, and why."""

    rule: str
    reason: str
    origin: str


class Remembering(Context, Protocol):
    """A context that keeps the verdicts which do not depend on the rest of the design."""

    def verdict(self, rule: Rule) -> Verdict:
        """Return what a rule says that speaks of no option and no cost, asking it once."""


class _Asked(Struct, frozen=True, kw_only=True):
    """The rules about an option: ``alone`` ask for nothing else, ``beside`` for its block."""

    alone: tuple[Rule, ...]
    beside: tuple[Rule, ...]
    excluding_alone: tuple[Rule, ...]
    excluding_beside: tuple[Rule, ...]


class Rulebook:
    """Rules by decision; built-in ones of a decision are read when it is first asked about."""

    def __init__(self, own: Sequence[Rule] = (), switched_off: Sequence[SwitchedOff] = ()) -> None:
        self.own = tuple(own)
        self.switched_off = tuple(switched_off)
        self._off = frozenset(each.rule for each in switched_off)
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._about: dict[tuple[str, str], tuple[tuple[Rule, frozenset[str]], ...]] = {}
        self._speaks: dict[str, bool] = {}
        self._asked: dict[tuple[str, str], _Asked] = {}
        self._crossed: dict[tuple[str, ...], frozenset[str]] = {}

    def rules(self, decision: str) -> tuple[Rule, ...]:
        """Return the rules in force about a decision's options."""
        if decision not in self._rules:
            self._rules[decision] = (
                *(rule for rule in built_in(decision) if rule.id not in self._off),
                *(rule for rule in self.own if rule.decision == decision),
            )
        return self._rules[decision]

    def rule(self, id: str) -> Rule | None:  # noqa: A002 - a rule's own word
        """Return the rule of an id, None when there is none in force."""
        return next(
            (rule for decision in DECISIONS for rule in self.rules(decision) if rule.id == id),
            None,
        )

    def judge(self, decision: str, option: str, context: Remembering) -> tuple[Verdict, ...]:
        """Return what every rule says about an option that needs no other block, size or cost.

        First comes what is the same whatever stands beside the option, which ``context`` keeps.
        """
        asked = self._asked_of(decision, option)
        return (
            *map(context.verdict, asked.alone),
            *(rule.verdict(context) for rule in asked.beside),
        )

    def rules_out(self, decision: str, option: str, context: Remembering) -> bool:
        """Return whether an exclusion holds that asks for nothing beside the option."""
        rules = self._asked_of(decision, option).excluding_alone
        return any(context.verdict(rule).result == "true" for rule in rules)

    def rules_out_beside(self, decision: str, option: str, context: Context) -> bool:
        """Return whether an exclusion holds that asks for what stands beside the option."""
        rules = self._asked_of(decision, option).excluding_beside
        return any(rule.verdict(context).result == "true" for rule in rules)

    def _asked_of(self, decision: str, option: str) -> _Asked:
        """Return the rules about an option that need no other block, size or cost."""
        key = (decision, option)
        if key not in self._asked:
            asked = [
                # A reason that names an option is another sentence beside another one.
                (rule, any(path.startswith(_OPTION) for path in rule.asks))
                for rule, needs in self._of_option(decision, option)
                if not needs
            ]
            alone = tuple(rule for rule, beside in asked if not beside)
            beside = tuple(rule for rule, beside in asked if beside)
            self._asked[key] = _Asked(
                alone=alone,
                beside=beside,
                excluding_alone=tuple(rule for rule in alone if rule.effect == "exclude"),
                excluding_beside=tuple(rule for rule in beside if rule.effect == "exclude"),
            )
        return self._asked[key]

    def judge_sized(
        self, choices: Iterable[tuple[str, str]], context: Context
    ) -> Iterable[tuple[str, Verdict]]:
        """Yield with its decision what rules say that speak of a size, such as the architecture.

        ``context`` knows the size, as ``option.architecture``, and the options of the block.
        """
        for decision, option in choices:
            for rule, needs in self._of_option(decision, option):
                if needs == {_SIZE}:
                    yield decision, rule.verdict(context)

    def judge_whole(
        self, choices: Iterable[tuple[str, str]], context: Context, *, costs: bool
    ) -> Iterable[tuple[str, Verdict]]:
        """Yield with its decision what rules say that speak about several blocks of a design.

        ``costs`` asks the rules that compare costs instead. ``context`` knows the design's sizes.
        """
        wanted = _COST if costs else _ELSEWHERE
        for decision, option in choices:
            for rule, needs in self._of_option(decision, option):
                if wanted in needs and (costs or _COST not in needs):
                    yield decision, rule.verdict(context)

    def speaks_of_sizes(self, decisions: Iterable[str]) -> bool:
        """Return whether ``judge_sized`` has anything to say about these decisions' options."""
        return self._any(_SIZE, decisions)

    def speaks_of_wholes(self, decisions: Iterable[str]) -> bool:
        """Return whether a rule about these decisions names the option of another block."""
        return self._any(_ELSEWHERE, decisions)

    def crossed(self, decisions: Iterable[str]) -> frozenset[str]:
        """Return the decisions whose options exclude each other from block to block.

        Of the rules about ``decisions``. An option of one of these may be out although it is the
        best of its block, and another be wanted in its place.
        """
        asked = tuple(decisions)
        if asked not in self._crossed:
            rules = [rule for each in asked for rule in self.rules(each)]
            excluding = [r for r in rules if r.effect == "exclude" and _ELSEWHERE in _needs(r)]
            self._crossed[asked] = frozenset(
                name
                for rule in excluding
                for name in (rule.decision, *_options_in(rule))
                if name in DECISIONS
            )
        return self._crossed[asked]

    def _any(self, need: str, decisions: Iterable[str]) -> bool:
        asked = tuple(decisions)
        key = " ".join((need, *asked))
        if key not in self._speaks:
            self._speaks[key] = any(
                need in _needs(rule) for decision in asked for rule in self.rules(decision)
            )
        return self._speaks[key]

    def _of_option(self, decision: str, option: str) -> tuple[tuple[Rule, frozenset[str]], ...]:
        key = (decision, option)
        if key not in self._about:
            self._about[key] = tuple(
                (rule, _needs(rule)) for rule in self.rules(decision) if rule.is_about(option)
            )
        return self._about[key]


def _options_in(rule: Rule) -> list[str]:
    """Return the decisions whose options a rule names."""
    return [each.removeprefix(_OPTION) for each in rule.reads if each.startswith(_OPTION)]


def _needs(rule: Rule) -> frozenset[str]:
    """Return what a rule asks of the design that is not known while a block's options are judged.

    ``_ELSEWHERE`` is an option of another block, ``_SIZE`` a size, ``_COST`` the cost of a design.
    """
    own = next(block for block in _BLOCKS if rule.decision in block)
    needs = set()
    for field in rule.reads:
        if field.startswith(_COST):
            needs.add(_COST)
        elif field in _SIZES:
            needs.add(_SIZE)
        elif field.startswith(_OPTION) and field.removeprefix(_OPTION) not in own:
            needs.add(_ELSEWHERE)
    return frozenset(needs)


@cache
def built_in_rulebook() -> Rulebook:
    """Return the rulebook without rules of the user's, the same for every answer."""
    return Rulebook()


@cache
def built_in(decision: str) -> tuple[Rule, ...]:
    """Return the rules that ship with the advisor about a decision."""
    from advisor.rulebook.shipped import read_shipped

    return read_shipped(decision) if decision in _files() else ()


@cache
def built_in_ids() -> frozenset[str]:
    """Return the ids of all rules that ship with the advisor."""
    return frozenset(rule.id for decision in DECISIONS for rule in built_in(decision))


@cache
def _files() -> frozenset[str]:
    return frozenset(names("rules"))
