"""The built-in rules of a decision, asked about a workload that states a few of its needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from advisor.document.tree import parse, read_bytes
from advisor.rulebook.examples import ExampleContext
from advisor.rulebook.files import MAX_BYTES, read_rules
from advisor.rulebook.names import OPTIONS
from advisor.rulebook.rules import BUILT_IN, Rule, Verdict
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

NOT_OF_THE_FILE = ("option", "derived", "cost", "date", "region")


class Needs(ExampleContext):
    """What a workload states, with the documented default of all that it does not."""

    def value(self, path: str) -> Any:
        stated = super().value(path)
        if stated is not None or path.partition(".")[0] in NOT_OF_THE_FILE:
            return stated
        return default(path)


class Judged:
    """What the rules of a decision say about each of its options."""

    def __init__(self, decision: str, rules: tuple[Rule, ...], needs: Mapping[str, Any]) -> None:
        self.verdicts: dict[str, list[Verdict]] = {}
        for option in OPTIONS[decision]:
            context = Needs({**needs, f"option.{decision}": option})
            self.verdicts[option] = [r.verdict(context) for r in rules if r.is_about(option)]

    def left(self) -> set[str]:
        """Return the options that no rule excludes."""
        return {option for option in self.verdicts if not self.fired(option, "exclude")}

    def fired(self, option: str, effect: str) -> set[str]:
        """Return the rules of an effect that are true of an option."""
        return {
            verdict.rule
            for verdict in self.verdicts[option]
            if verdict.effect == effect and verdict.result == "true"
        }

    def companions(self, option: str) -> set[str]:
        """Return what the rules add to the design beside an option."""
        return {verdict.companion for verdict in self.verdicts[option] if verdict.companion}

    def verdict(self, option: str, rule: str) -> Verdict:
        (found,) = (each for each in self.verdicts[option] if each.rule == rule)
        return found


@pytest.fixture
def judged(repository: Path) -> Callable[[str, Mapping[str, Any]], Judged]:
    """Judge the options of a decision by its rule file, which is checked as it is read."""

    def judge(decision: str, needs: Mapping[str, Any]) -> Judged:
        rules = checked_rules(str(repository / "rules" / f"{decision}.yaml"))
        return Judged(decision, rules, {"region": "eu-west-1", **needs})

    return judge


@cache
def checked_rules(name: str) -> tuple[Rule, ...]:
    """Return the rules of a built-in file; InputError names what is wrong in it."""
    rules, _ = read_rules(parse(read_bytes(name, max_bytes=MAX_BYTES), name), origin=BUILT_IN)
    return rules
