"""Verdicts: what a rule says of each option, and the value of every part of its condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.explain.explanation import Explanation, Figure
from advisor.explain.matching import NoSuchName, no_such, shortened
from advisor.limits import limits
from advisor.rulebook.language.nearest import did_you_mean
from advisor.rulebook.language.syntax import Call, Constant, children
from advisor.rulebook.language.templates import worded
from advisor.rulebook.language.tracing import trace
from advisor.rulebook.rulebook import DECISIONS
from advisor.rulebook.rules import BUILT_IN
from advisor.wording import naming, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.decisions.recommendation import OptionAnswer
    from advisor.explain.case import Case
    from advisor.rulebook import Rule, Rulebook, Verdict
    from advisor.rulebook.language.syntax import Expression
    from advisor.rulebook.language.tracing import Trace

EVIDENCE = {
    "A": "A: current AWS documentation or API model",
    "B": "B: an AWS page seen in part, or AWS's own tools",
    "C": "C: one secondary source, or a model",
    "D": "D: background knowledge or a planning figure",
}
EFFECTS = {
    "exclude": "takes the option out",
    "require": "adds a duty to the design",
    "prefer": "speaks for the option",
    "warn": "warns",
}
_SAID = {
    ("exclude", "true"): "excluded",
    ("exclude", "false"): "not excluded",
    ("require", "true"): "required",
    ("require", "false"): "not required",
    ("prefer", "true"): "preferred",
    ("prefer", "false"): "not preferred",
    ("warn", "true"): "warned",
    ("warn", "false"): "no warning",
}


def said(verdict: Verdict) -> str:
    """Return a verdict in a word or two."""
    return _SAID.get((verdict.effect, verdict.result), "cannot know")


def verdict(case: Case, given: Verdict, choices: Mapping[str, str]) -> Explanation:
    """Explain a verdict on a design: the reason, and the condition with the value of each part."""
    rule = case.rulebook.rule(given.rule)
    sentences = []
    if given.result == "true":
        sentences.append(given.because)
        if given.advice:
            sentences.append(given.advice)
    elif given.result == "unknown" and given.needs:
        sentences.append(f"To be settled by {', '.join(given.needs)}.")
    elif rule is None:
        sentences.append(given.because)
    if given.evidence == "D" and given.result != "false":
        sentences.append("Evidence D: background knowledge or a planning figure.")
    parts: tuple[Explanation, ...] = ()
    if rule is not None:
        parts = (_traced(trace(rule.condition, case.context(choices, rule))),)
    return Explanation(
        title=f"{given.rule}: {said(given)}",
        sentences=tuple(sentences),
        figures=_values(case, given) if rule is None else (),
        children=parts,
    )


def _values(case: Case, given: Verdict) -> tuple[Figure, ...]:
    """Return what decided the verdict of a model, which has no condition to trace."""
    return (
        *(Figure(name=field, value=stated(case, field)) for field in (*given.fields, *given.needs)),
        Figure(name="worked out in", value=given.source),
    )


def stated(case: Case, field: str) -> str:
    """Return a field's value as the workload file, its default or the model has it."""
    value = case.field_value(field)
    return "not stated" if value is None else worded(_plain(value))


def _plain(value: object) -> bool | float | str | tuple[object, ...]:
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(map(_plain, value))
    return float(value) if isinstance(value, (int, float)) else str(value)


def _traced(part: Trace) -> Explanation:
    value = "not known" if part.value is None else worded(part.value)
    return Explanation(title=f"{part.text} = {value}", children=tuple(map(_traced, part.children)))


def about(case: Case, id_: str) -> Explanation:
    """Explain a rule for this workload: its verdict on every option that it is about.

    Raises NoSuchName for an id that is neither a rule's nor a verdict's in the answer.
    """
    rule = case.rulebook.rule(id_)
    found = list(_verdicts(case, id_))
    if rule is None and not found:
        off = next((reason for off, reason in case.answer.switched_off if off == id_), None)
        if off is not None:
            raise NoSuchName(f"the rule {id_} is switched off: {off}")
        raise no_such("rule", id_, sorted({*_ids(case.rulebook), *_ids_said(case)}))
    parts = tuple(
        Explanation(
            title=f"{naming.name(option.option, decision)}: {said(given)}",
            sentences=inner.sentences,
            figures=inner.figures,
            children=inner.children,
        )
        for decision, option, given, choices in found
        for inner in (verdict(case, given, choices),)
    )
    if rule is None:
        return Explanation(title=id_, sentences=(_MODEL,), children=parts)
    sentences = () if parts else (_not_asked(case, rule),)
    return Explanation(
        title=f"{rule.id}: {EFFECTS[rule.effect]}",
        sentences=(f"Holds when {rule.text}", *sentences),
        figures=_origin(rule),
        children=parts,
    )


_MODEL = "A model says this, not a rule of the rules folder."


def _not_asked(case: Case, rule: Rule) -> str:
    if rule.decision not in {each.decision for each in case.answer.decisions}:
        return f"This workload does not ask the decision {rule.decision}."
    return f"None of the options {', '.join(rule.options)} is in this answer."


def _verdicts(case: Case, id_: str) -> Iterator[tuple[str, OptionAnswer, Verdict, dict[str, str]]]:
    for decision in case.answer.decisions:
        for option in decision.options:
            choices = choices_of(option, decision.decision)
            for given in option.verdicts:
                if given.rule == id_:
                    yield decision.decision, option, given, choices


def choices_of(option: OptionAnswer, decision: str) -> dict[str, str]:
    """Return the options of the design that an option's verdicts are about."""
    if option.candidate is None:
        return {decision: option.option}
    return option.candidate.design.choices()


def page(id_: str, rulebook: Rulebook) -> Explanation:
    """Explain a rule by itself: condition, reason, quotas, source and examples.

    Raises NoSuchName for an id that there is no rule of.
    """
    rule = rulebook.rule(id_)
    if rule is None:
        listed = did_you_mean(id_, _ids(rulebook), "`advisor rules list` lists them")
        raise NoSuchName(f"there is no file and no rule {shortened(id_)!r}\n  help: {listed}")
    quotas = tuple(_quotas(rule.condition))
    return Explanation(
        title=f"{rule.id}: {EFFECTS[rule.effect]}",
        sentences=(f"Holds when {rule.text}", _reason(rule), *_advice(rule)),
        figures=(
            Figure(name="decision", value=rule.decision),
            Figure(name="options", value=", ".join(rule.options)),
            *_origin(rule),
        ),
        children=(
            *((Explanation(title="Quotas", figures=quotas),) if quotas else ()),
            *(
                Explanation(
                    title=_EXAMPLES.get(kind, kind),
                    figures=tuple(
                        Figure(name=field, value=words.plain(value))
                        for field, value in values.items()
                    ),
                )
                for kind, values in rule.examples.items()
            ),
        ),
    )


_EXAMPLES = {"fires": "It holds on", "silent": "It does not on", "unknown": "It cannot know on"}


def _reason(rule: Rule) -> str:
    from advisor.rulebook.language.rendering import render

    return "".join(
        part if isinstance(part, str) else f"{{{render(part)}}}" for part in rule.reason.parts
    )


def _advice(rule: Rule) -> tuple[str, ...]:
    return (rule.advice,) if rule.advice else ()


def _origin(rule: Rule) -> tuple[Figure, ...]:
    own = () if rule.origin == BUILT_IN else (Figure(name="file", value=rule.origin),)
    return (
        *own,
        Figure(name="source", value=rule.source),
        Figure(name="read on", value=rule.checked),
        Figure(name="evidence", value=EVIDENCE.get(rule.confidence, rule.confidence)),
    )


def _quotas(node: Expression) -> Iterator[Figure]:
    if isinstance(node, Call) and node.function == "quota":
        for argument in node.arguments:
            if isinstance(argument, Constant) and limits().knows(str(argument.value)):
                found = limits().limit(str(argument.value))
                other = f"; {len(found.regions)} Regions differ" if found.regions else ""
                yield Figure(
                    name=found.key,
                    value=found.value,
                    unit=found.unit,
                    formula=f"evidence {found.evidence}, read on {found.read}{other}",
                    source=found.source,
                )
    for child in children(node):
        yield from _quotas(child)


def _ids(rulebook: Rulebook) -> list[str]:
    return [rule.id for decision in DECISIONS for rule in rulebook.rules(decision)]


def _ids_said(case: Case) -> set[str]:
    return {
        given.rule
        for decision in case.answer.decisions
        for option in decision.options
        for given in option.verdicts
    }
