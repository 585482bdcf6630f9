"""Rule files: the form that they have, and the way from a user's files to a rulebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta, Struct

from advisor.data import data_root
from advisor.document.diagnostics import Diagnostic, quoted
from advisor.document.reader import read
from advisor.document.tree import parse, read_bytes
from advisor.errors import InputError
from advisor.rulebook.folders import rule_files
from advisor.rulebook.rulebook import Rulebook, SwitchedOff
from advisor.rulebook.rules import BUILT_IN, Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.document.tree import Document
    from advisor.rulebook.rules import Rule

MAX_BYTES = 1024 * 1024
MAX_RULES = 1_000
"""Rules that a user's files may hold together."""

_Text = Annotated[str, Meta(min_length=1, max_length=2000)]
_Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$(?!\n)", max_length=100)]


class Examples(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Values by field with which a rule fires, stays silent, and cannot know."""

    fires: dict[str, Any]
    silent: dict[str, Any]
    unknown: dict[str, Any]


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule as its file states it."""

    id: _Id
    decision: Literal["compute", "cold_start", "api", "workflow", "messaging"]
    options: Annotated[list[str], Meta(min_length=1, max_length=50)]
    effect: Effect
    condition: _Text
    reason: _Text
    advice: _Text
    companion: str | None = None
    source: _Text
    checked: Annotated[str, Meta(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$(?!\n)")]
    confidence: Literal["A", "B", "C", "D"]
    examples: Examples


class SwitchOff(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The name of a built-in rule that shall not count, and why."""

    rule: Annotated[str, Meta(max_length=100)]
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class RuleFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule file: rules, and for a user's file the built-in rules that it switches off."""

    rules: Annotated[list[Entry], Meta(max_length=MAX_RULES)] = []
    switch_off: Annotated[list[SwitchOff], Meta(max_length=MAX_RULES)] = []


def open_rulebook(places: Sequence[str] = ()) -> Rulebook:
    """Return the rulebook with the rules of a user's folders or files added.

    Raises InputError with everything that is wrong in any of their files.
    """
    return Rulebook(*read_files([file for place in places for file in rule_files(place)]))


def read_files(
    names: Sequence[str], *, examples: bool = True, shipped: bool = False
) -> tuple[tuple[Rule, ...], tuple[SwitchedOff, ...]]:
    """Return the rules of files, and what they switch off.

    Raises InputError with everything that is wrong in any of them; without ``examples``, what is
    wrong with these is not looked for. ``shipped`` lets the advisor's own files be checked too.
    """
    rules: list[Rule] = []
    off: list[SwitchedOff] = []
    wrong: list[Diagnostic] = []
    for name in dict.fromkeys(names):
        origin = BUILT_IN if shipped and _is_shipped(name) else name
        try:
            document = parse(read_bytes(name, max_bytes=MAX_BYTES), name)
            found, switched = read_rules(document, origin=origin, examples=examples)
        except InputError as error:
            wrong += error.diagnostics
            continue
        taken = {rule.id: rule.origin for rule in rules}
        for rule in found:
            if rule.id in taken:
                message = f"{quoted(rule.id)} is a rule of {taken[rule.id]} already"
                wrong.append(Diagnostic(code="rule-twice", message=message, file=name))
        rules += found
        off += switched
        if len(rules) > MAX_RULES:
            message = f"with this file there are more than {MAX_RULES:,} rules"
            wrong.append(Diagnostic(code="too-many-rules", message=message, file=name))
            break
    if wrong:
        raise InputError(wrong)
    return tuple(rules), tuple(off)


def _is_shipped(name: str) -> bool:
    return Path(name).resolve().is_relative_to(Path(data_root(), "rules").resolve())


def read_rules(
    document: Document, *, origin: str, examples: bool = True
) -> tuple[tuple[Rule, ...], tuple[SwitchedOff, ...]]:
    """Return the checked rules of a document; raise InputError with all that is wrong in it.

    A document of another origin than ``BUILT_IN`` must leave the built-in ids alone.
    """
    from advisor.rulebook.reading import Reading

    file = read(document, RuleFile)
    if not file.rules and not file.switch_off:
        message = "this file has neither `rules` nor `switch_off`"
        raise InputError([document.diagnostic((), code="no-rules", message=message)])
    reading = Reading(document, origin, examples=examples)
    rules = [reading.rule(entry, ("rules", index)) for index, entry in enumerate(file.rules)]
    off = [
        reading.switched_off(entry, ("switch_off", index))
        for index, entry in enumerate(file.switch_off)
    ]
    reading.finish()
    return tuple(rule for rule in rules if rule is not None), tuple(off)
