"""Rules as data, and their verdict on an option: true, false or unknown.

A rule's ``when`` is a list of tests that must all hold. A test compares one field with a quota
(``above``), a value (``is``) or a list (``among``, ``has_any``). A field whose value is not known
makes the test unknown, and the verdict names the field that would settle it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from msgspec import Struct

from advisor.arithmetic import in_words
from advisor.data import read_data
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable

Effect: TypeAlias = Literal["exclude", "warn"]
Lookup: TypeAlias = "Callable[[str], Any]"
_KEYS = ("id", "options", "effect", "when", "because", "source", "read", "evidence", "examples")


class MalformedRule(ValueError):
    """A rule breaks the form that ``rules/README.md`` describes; the message begins with its id."""


class Test(Struct, frozen=True, kw_only=True):
    """One comparison of a field."""

    field: str
    kind: Literal["above", "is", "among", "has_any"]
    operand: Any

    def holds(self, value: Any) -> bool | None:
        """Return whether the test holds for a value, or None when the value is not known."""
        if value is None:
            return None
        if self.kind == "above":
            return bool(value > limits().number(self.operand))
        if self.kind == "is":
            return bool(value == self.operand)
        if self.kind == "among":
            return value in self.operand
        return any(item in self.operand for item in value)


class Rule(Struct, frozen=True, kw_only=True):
    """A limit or an advice about options of one decision."""

    id: str
    options: tuple[str, ...]
    effect: Effect
    when: tuple[Test, ...]
    because: str
    source: str
    evidence: str
    examples: Any


class Verdict(Struct, frozen=True, kw_only=True):
    """What a rule says about an option.

    ``needs`` names the fields that would settle an unknown verdict; ``fields`` those that made a
    true one, so that changing any of them reopens the option.
    """

    rule: str
    effect: Effect
    result: Literal["true", "false", "unknown"]
    because: str
    source: str
    evidence: str
    needs: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@cache
def rules_of(decision: str) -> tuple[Rule, ...]:
    """Return the rules about a decision's options."""
    return read_rules(read_data(f"rules/{decision}.yaml"))


def read_rules(tree: Any) -> tuple[Rule, ...]:
    """Return the rules of a file's tree; raise MalformedRule for one that is not as it should be.

    A rule without a source, or without one example each that fires, stays silent and cannot know,
    is refused: it could not be checked.
    """
    rules = tuple(_rule(entry) for entry in tree["rules"])
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise MalformedRule(f"{rule.id}: the id is given twice")
        seen.add(rule.id)
    return rules


def judge(decision: str, option: str, lookup: Lookup) -> tuple[Verdict, ...]:
    """Return the verdict of every rule that is about an option.

    ``lookup`` gives a field's value, or None when it is not known.
    """
    return tuple(verdict(rule, lookup) for rule in rules_of(decision) if option in rule.options)


def verdict(rule: Rule, lookup: Lookup) -> Verdict:
    """Return a rule's verdict; one test that fails settles it whatever is unknown besides."""
    results = [(test, test.holds(lookup(test.field))) for test in rule.when]
    unknown = tuple(test.field for test, holds in results if holds is None)
    failed = any(holds is False for _, holds in results)
    result: Literal["true", "false", "unknown"] = (
        "false" if failed else "unknown" if unknown else "true"
    )
    return Verdict(
        rule=rule.id,
        effect=rule.effect,
        result=result,
        because=_filled(rule, lookup),
        source=rule.source,
        evidence=rule.evidence,
        needs=unknown if result == "unknown" else (),
        fields=tuple(test.field for test in rule.when) if result == "true" else (),
    )


def _rule(entry: Any) -> Rule:
    name = entry.get("id", "a rule without id")
    missing = [key for key in _KEYS if not entry.get(key)]
    if missing:
        raise MalformedRule(f"{name}: {', '.join(missing)} is missing")
    if entry["effect"] not in get_args(Effect):
        raise MalformedRule(f"{name}: {entry['effect']!r} is not an effect (exclude or warn)")
    lacking = [key for key in ("fires", "silent", "unknown") if key not in entry["examples"]]
    if lacking:
        raise MalformedRule(f"{name}: no example for {', '.join(lacking)}")
    return Rule(
        id=name,
        options=tuple(entry["options"]),
        effect=entry["effect"],
        when=tuple(_test(name, test) for test in entry["when"]),
        because=entry["because"],
        source=entry["source"],
        evidence=entry["evidence"],
        examples=entry["examples"],
    )


def _test(rule: str, tree: Any) -> Test:
    kinds = sorted(set(tree) - {"field"})
    if "field" not in tree or len(kinds) != 1:
        raise MalformedRule(f"{rule}: a test is one field and one comparison, not {tree!r}")
    kind = kinds[0]
    if kind not in ("above", "is", "among", "has_any"):
        raise MalformedRule(f"{rule}: {kind!r} is not a test")
    if kind in ("among", "has_any") and not isinstance(tree[kind], list):
        raise MalformedRule(f"{rule}: {kind} needs a list")
    if kind == "above" and not limits().knows(tree[kind]):
        raise MalformedRule(f"{rule}: {tree[kind]!r} is not a quota of rules/limits.yaml")
    return Test(field=tree["field"], kind=kind, operand=tree[kind])


def _filled(rule: Rule, lookup: Lookup) -> str:
    """Put the numbers into a rule's reason: {value} and {limit} of its first comparison."""
    for test in rule.when:
        if test.kind == "above":
            limit = limits().limit(test.operand)
            value = lookup(test.field)
            shown = "an unknown value" if value is None else in_words(value, 2)
            return rule.because.replace("{value}", shown).replace("{limit}", in_words(limit.value))
    return rule.because
