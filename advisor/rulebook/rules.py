"""Rules as data, and their verdict on an option: true, false or unknown.

A rule's ``when`` is a list of tests that must all hold. A test compares one field with a quota
(``above``), a value (``is``) or a list (``among``, ``has_any``). A field whose value is not known
makes the test unknown, and the verdict names the field that would settle it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from advisor.data import read_data
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable

Effect: TypeAlias = Literal["exclude", "warn"]
Lookup: TypeAlias = "Callable[[str], Any]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A limit or an advice about options of one decision."""

    id: str
    options: tuple[str, ...]
    effect: Effect
    when: tuple[Test, ...]
    because: str
    source: str
    evidence: str
    examples: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
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
    return tuple(
        Rule(
            id=entry["id"],
            options=tuple(entry["options"]),
            effect=entry["effect"],
            when=tuple(_test(entry["id"], test) for test in entry["when"]),
            because=entry["because"],
            source=entry["source"],
            evidence=entry["evidence"],
            examples=entry["examples"],
        )
        for entry in read_data(f"rules/{decision}.yaml")["rules"]
    )


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


def _test(rule: str, tree: Any) -> Test:
    (kind,) = set(tree) - {"field"}
    if kind not in ("above", "is", "among", "has_any"):
        raise ValueError(f"{rule}: {kind!r} is not a test")
    return Test(field=tree["field"], kind=kind, operand=tree[kind])


def _filled(rule: Rule, lookup: Lookup) -> str:
    """Put the numbers into a rule's reason: {value} and {limit} of its first comparison."""
    for test in rule.when:
        if test.kind == "above":
            limit = limits().limit(test.operand)
            value = lookup(test.field)
            shown = "an unknown value" if value is None else f"{value:,g}"
            return rule.because.replace("{value}", shown).replace("{limit}", f"{limit.value:,g}")
    return rule.because
