"""A rule, and its verdict on an option: true, false or unknown."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from advisor.rulebook.language.evaluating import compiled
from advisor.rulebook.language.syntax import (
    Expression,
    Template,
    paths,
)
from advisor.rulebook.language.templates import filler

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.rulebook.language.evaluating import Outcome
    from advisor.rulebook.language.values import Context

Effect: TypeAlias = Literal["exclude", "require", "prefer", "warn"]
Result: TypeAlias = Literal["true", "false", "unknown"]
ANY = "any"
"""Stands for every option of a decision."""
BUILT_IN = "built in"


class Verdict(Struct, frozen=True, kw_only=True):
    """What a rule says about an option.

    ``because`` is the reason with the numbers in it, ``advice`` what to do. ``needs`` names the
    fields that would settle an unknown verdict; ``fields`` those that made a true or false one.
    ``companion`` is what a true requirement adds to the design.
    """

    rule: str
    effect: Effect
    result: Result
    because: str
    source: str
    evidence: str
    advice: str = ""
    companion: str | None = None
    needs: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Return the reason, marked where it rests on background knowledge only."""
        return f"{self.because} (evidence D)" if self.evidence == "D" else self.because


class Rule(Struct, frozen=True, kw_only=True, dict=True):
    """A limit, a duty, a leaning or a warning about options of one decision.

    ``text`` is the condition as it is written; ``origin`` the file of a user's rule, or
    ``BUILT_IN``. ``examples`` holds values by field under ``fires``, ``silent`` and ``unknown``.
    """

    id: str
    decision: str
    options: tuple[str, ...]
    effect: Effect
    condition: Expression
    reason: Template
    text: str
    advice: str
    source: str
    checked: str
    confidence: str
    examples: dict[str, dict[str, Any]]
    reads: tuple[str, ...]
    """The fields that the condition names, in order."""
    companion: str | None = None
    origin: str = BUILT_IN

    def is_about(self, option: str) -> bool:
        return option in self.options or ANY in self.options

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """Return every field that the condition or the reason names, each once."""
        parts = (part for part in self.reason.parts if not isinstance(part, str))
        return tuple(
            dict.fromkeys((*self.reads, *(path for part in parts for path in paths(part))))
        )

    @cached_property
    def known(self) -> dict[Any, Verdict]:
        """Verdicts that a context keeps, by what decides them."""
        return {}

    @cached_property
    def _outcome(self) -> Callable[[Context], Outcome]:
        return compiled(self.condition)

    @cached_property
    def _because(self) -> Callable[[Context], str]:
        return filler(self.reason)

    def verdict(self, context: Context) -> Verdict:
        """Return what the rule says where ``context`` gives the values."""
        outcome = self._outcome(context)
        value = outcome.value
        result: Result = "unknown" if value is None else "true" if value else "false"
        return Verdict(
            rule=self.id,
            effect=self.effect,
            result=result,
            because="" if result == "false" else self._because(context),
            source=self.source,
            evidence=self.confidence,
            advice=self.advice,
            companion=self.companion if result == "true" else None,
            needs=outcome.needs if result == "unknown" else (),
            fields=outcome.fields if result != "unknown" else (),
        )
