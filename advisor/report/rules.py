"""Rules as people read them: a list, a page for each, and the outcome of their examples."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from advisor.report import json, outline, text
from advisor.report.rule_pages import EVIDENCE, page_of
from advisor.wording import words

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from advisor.rulebook import Rule, Rulebook, SwitchedOff
    from advisor.rulebook.examples import Ran

_NARROWEST = 24
_TITLES = {"compute": "Compute", "cold_start": "Cold start", "api": "API"}


def list_text(rules: Sequence[Rule], rulebook: Rulebook, *, of: str, colour: bool) -> str:
    """Return a table of rules for each decision; ``of`` says which rules were asked for."""
    own = {rule.id for rule in rulebook.own}
    count = f"{len(rules):,} rule{'' if len(rules) == 1 else 's'}"
    lines = [text.heading(f"{count}{of}", colour=colour)]
    by_decision: dict[str, list[Rule]] = {}
    for rule in rules:
        by_decision.setdefault(rule.decision, []).append(rule)
    for decision, found in by_decision.items():
        lines += ["", f"{_title(decision)} ({len(found):,})", *_table(found, own)]
    letters = sorted({rule.confidence for rule in rules})
    yours = [f"{rule.id}: {rule.origin}" for rule in rules if rule.id in own]
    lines += text.sections(
        (
            outline.Section(title="* Yours", lines=tuple(yours)),
            _switched_off(rulebook.switched_off),
            outline.Section(
                title="Grades of evidence",
                lines=tuple(f"{each}: {EVIDENCE[each]}" for each in letters),
            ),
        )
    )
    return _joined(lines)


def _table(rules: Sequence[Rule], own: Container[str]) -> list[str]:
    """Return a line for each rule; only its options go on to the next, as an id is copied whole."""
    rows = [
        (f"{rule.id}{' *' if rule.id in own else ''}", rule.effect, rule.confidence, rule.options)
        for rule in rules
    ]
    columns = [("Rule", "Effect", "Grade"), *(row[:3] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    start = "  " + "".join(f"{{:<{width}}}  " for width in widths)
    left = max(text.WIDTH - len(start.format("", "", "")), _NARROWEST)
    lines = [
        start.format(*columns[0]) + "Options",
        start.format(*("-" * width for width in widths)) + "-" * left,
    ]
    for *first, options in rows:
        wrapped = wrap(", ".join(options), left, break_on_hyphens=False, break_long_words=False)
        lines.append(start.format(*first) + wrapped[0])
        lines += [start.format("", "", "") + line for line in wrapped[1:]]
    return lines


def page_text(rule: Rule, off: SwitchedOff | None, *, colour: bool) -> str:
    """Return the page of a rule; ``off`` says who switched it off, and why."""
    page = page_of(rule)
    lines = [text.heading(words.safe(page.title), colour=colour), *text.wrapped(page.about)]
    if off is not None:
        lines += text.wrapped(words.safe(f"Switched off by {off.origin}: {off.reason}"))
    sections = [
        outline.Section(title="Looks at", lines=page.looks_at),
        outline.Section(title="Why it matters", lines=(page.why,)),
        outline.Section(title="Advice", lines=(page.advice,)),
        outline.Section(title="Condition", lines=(page.condition,)),
        *(
            outline.Section(title=title, lines=(values, f"-> {said}"))
            for title, values, said in page.examples
        ),
    ]
    # An address that is cut in two leads nowhere.
    references = ["", "References", *(f"  {words.safe(each)}" for each in page.references)]
    return _joined([*lines, *text.sections(sections), *references])


def list_json(rules: Sequence[Rule], rulebook: Rulebook) -> str:
    """Return rules as JSON, each in full, and what is switched off."""
    off = {each.rule: each for each in rulebook.switched_off}
    return json.encoded(
        {
            "rules": [_tree(rule, off) for rule in rules],
            "switched_off": [_off_tree(each) for each in rulebook.switched_off],
        }
    )


def page_json(rule: Rule, off: SwitchedOff | None) -> str:
    """Return one rule as JSON."""
    return json.encoded(_tree(rule, {} if off is None else {off.rule: off}))


def checked_text(rules: Sequence[Rule], off: Sequence[SwitchedOff], files: int) -> str:
    """Return that files of rules are as they must be."""
    parts = [_count(len(rules), "rule")]
    if off:
        parts.append(f"{_count(len(off), 'built-in rule')} switched off")
    lines = [f"{', '.join(parts)} in {_count(files, 'file')}: all is well"]
    return _joined([*lines, *text.sections((_switched_off(off),))])


def checked_json(rules: Sequence[Rule], off: Sequence[SwitchedOff], files: Sequence[str]) -> str:
    """Return as JSON what files of rules hold."""
    return json.encoded(
        {
            "files": files,
            "rules": [rule.id for rule in rules],
            "switched_off": [_off_tree(each) for each in off],
        }
    )


def tested_text(tested: Sequence[tuple[Rule, Sequence[Ran]]], *, colour: bool) -> str:
    """Return each example of each rule with what came of it, the failures counted first."""
    total = sum(len(ran) for _, ran in tested)
    failed = sum(not each.does_as_it_says for _, ran in tested for each in ran)
    verdict = f"{failed:,} of {total:,} examples fail" if failed else f"{total:,} examples pass"
    lines = [text.heading(f"{_count(len(tested), 'rule')}: {verdict}", colour=colour)]
    for rule, ran in tested:
        page = page_of(rule)
        lines += ["", rule.id]
        for each, (_, values, said) in zip(ran, page.examples, strict=True):
            mark = "pass" if each.does_as_it_says else "FAIL"
            lines += text.wrapped(words.safe(f"{mark}  {each.name:<7}  {values}"))
            lines += text.wrapped(words.safe(f"-> {said}"), " " * 17)
    return _joined(lines)


def tested_json(tested: Sequence[tuple[Rule, Sequence[Ran]]]) -> str:
    """Return as JSON what came of each example."""
    return json.encoded(
        {
            "failed": sum(not each.does_as_it_says for _, ran in tested for each in ran),
            "rules": [
                {
                    "rule": rule.id,
                    "origin": rule.origin,
                    "examples": [
                        {
                            "example": each.name,
                            "passes": each.does_as_it_says,
                            "expected": each.expected,
                            "result": each.verdict.result,
                            "values": rule.examples[each.name],
                            "because": each.verdict.because,
                            "needs": each.verdict.needs,
                        }
                        for each in ran
                    ],
                }
                for rule, ran in tested
            ],
        }
    )


def _tree(rule: Rule, off: Mapping[str, SwitchedOff]) -> dict[str, Any]:
    page = page_of(rule)
    switched = off.get(rule.id)
    return {
        "rule": rule.id,
        "decision": rule.decision,
        "options": rule.options,
        "effect": rule.effect,
        "condition": rule.text,
        "fields": rule.reads,
        "reason": page.reason,
        "advice": rule.advice,
        "companion": rule.companion,
        "source": rule.source,
        "checked": rule.checked,
        "evidence": rule.confidence,
        "origin": rule.origin,
        "switched_off": None if switched is None else _off_tree(switched),
        "examples": rule.examples,
    }


def _off_tree(off: SwitchedOff) -> dict[str, str]:
    return {"rule": off.rule, "reason": off.reason, "origin": off.origin}


def _switched_off(off: Iterable[SwitchedOff]) -> outline.Section:
    return outline.Section(
        title="Switched off",
        lines=tuple(f"{each.rule} by {each.origin}: {each.reason}" for each in off),
    )


def _title(decision: str) -> str:
    return _TITLES.get(decision, decision.capitalize())


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"
