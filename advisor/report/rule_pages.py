"""A rule's page: what it looks at, why it matters, when it fires, stays silent or cannot know.

The text of ``advisor rules show`` and the Markdown of ``docs/rules`` are made from the same page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.limits import limits
from advisor.report import markdown
from advisor.rulebook.examples import ExampleContext, run_examples
from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.rendering import literal, render
from advisor.rulebook.language.syntax import Call, Constant, children, paths
from advisor.rulebook.language.templates import worded
from advisor.rulebook.rules import ANY, BUILT_IN
from advisor.wording import naming, words
from advisor.workload.defaults import meaning, section_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from advisor.rulebook import Rule, Verdict
    from advisor.rulebook.language.syntax import Expression

EVIDENCE = {
    "A": "current AWS documentation or API model",
    "B": "an AWS page seen in part, or AWS's own tools",
    "C": "one secondary source",
    "D": "background knowledge or a planning figure; please improve it",
}
_EFFECTS = {
    "exclude": "Excludes",
    "require": "Requires something of",
    "prefer": "Prefers",
    "warn": "Warns about",
}
_WORKED_OUT = {
    "option": "what the design has",
    "derived": "worked out from the workload",
    "cost": "what the cheapest design with that option costs a month",
    "region": "the workload's Region",
    "date": "the day that the answer stands for",
}
_TITLES = {"fires": "Fires on", "silent": "Silent on", "unknown": "Cannot know on"}


class Page(Struct, frozen=True, kw_only=True):
    """What people read about a rule, in the order in which they read it.

    ``reason`` has its expressions in braces; in ``why`` they are named, quotas with their values.
    ``examples`` has a title, the values, and what comes of them.
    """

    title: str
    about: str
    looks_at: tuple[str, ...]
    reason: str
    why: str
    advice: str
    condition: str
    examples: tuple[tuple[str, str, str], ...]
    references: tuple[str, ...]


def page_of(rule: Rule) -> Page:
    """Return the page of a rule."""
    own = "" if rule.origin == BUILT_IN else f"   {rule.origin}"
    grade = "   evidence D" if rule.confidence == "D" else ""
    return Page(
        title=f"{rule.id}{grade}{own}",
        about=_about(rule),
        looks_at=(*map(_field, rule.reads), *_quotas(rule)),
        reason="".join(
            part if isinstance(part, str) else f"{{{render(part)}}}" for part in rule.reason.parts
        ),
        why=_why(rule),
        advice=rule.advice,
        condition=" ".join(rule.text.split()),
        examples=tuple(
            (_TITLES[ran.name], _values(rule.examples[ran.name]), outcome(ran.verdict))
            for ran in run_examples(rule)
        ),
        references=(
            rule.source,
            f"checked {rule.checked}, evidence {rule.confidence}: {EVIDENCE[rule.confidence]}",
        ),
    )


def outcome(verdict: Verdict) -> str:
    """Say what a verdict is: the reason, nothing, or what it needs."""
    if verdict.result == "true":
        return verdict.because
    if verdict.result == "false":
        return "nothing is said"
    return f"needs {' and '.join(f'`{field}`' for field in verdict.needs)}"


def markdown_of(decision: str, rules: Sequence[Rule]) -> str:
    """Return the pages of a decision's built-in rules as one Markdown document."""
    doubtful = [rule for rule in rules if rule.confidence == "D"]
    lines = [
        f"# Rules of `{decision}`",
        "",
        f"Made from `rules/{decision}.yaml`; a test holds the two together.",
        "",
        f"{len(rules)} rules, {len(doubtful)} of them with evidence D: background knowledge or a"
        " planning figure.",
        "",
        "| Rule | Effect | Options | Evidence |",
        "| --- | --- | --- | --- |",
        *(
            f"| [{rule.id}](#{_anchor(rule.id)}) | {rule.effect} | {', '.join(rule.options)}"
            f" | {_grade(rule)} |"
            for rule in rules
        ),
    ]
    for rule in rules:
        lines += ["", *_markdown(rule)]
    return "\n".join(lines) + "\n"


def _markdown(rule: Rule) -> Iterator[str]:
    page = page_of(rule)
    yield f"## {rule.id}"
    yield ""
    doubt = " **Evidence D: background knowledge or a planning figure.**"
    yield f"{_marked(page.about)}{doubt if rule.confidence == 'D' else ''}"
    yield ""
    yield "**Looks at**"
    yield ""
    for line in page.looks_at:
        yield f"- {_marked(line)}"
    yield ""
    yield "```"
    yield page.condition
    yield "```"
    yield ""
    yield f"**Why it matters.** {_marked(page.why)}"
    yield ""
    yield f"**Advice.** {_marked(page.advice)}"
    for title, values, said in page.examples:
        yield ""
        yield f"**{title}** `{values}`: {_marked(said)}"
    yield ""
    yield f"**References.** <{rule.source}>, checked {rule.checked}, evidence {_grade(rule)}."


def _marked(sentence: str) -> str:
    """Return a sentence for Markdown: code between backticks as it is, the rest escaped."""
    parts = sentence.split("`")
    return "`".join(
        part if index % 2 else markdown.escaped(part) for index, part in enumerate(parts)
    )


def _anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading: letters, digits, hyphens and underscores."""
    return "".join(c for c in heading if c.isalnum() or c in "-_")


def _grade(rule: Rule) -> str:
    return "**D**" if rule.confidence == "D" else rule.confidence


def _about(rule: Rule) -> str:
    options = "every option" if ANY in rule.options else _listed(map(naming.name, rule.options))
    companion = f", and adds {rule.companion}" if rule.companion else ""
    return f"{_EFFECTS[rule.effect]} {options}{companion}. Decision: {rule.decision}."


def _listed(items: Any) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else str(last)


def _field(path: str) -> str:
    section = path.partition(".")[0]
    if section in _WORKED_OUT:
        return f"`{path}`: {_WORKED_OUT[section]}"
    about = meaning(path) if section_type(section) is not None else ""
    return f"`{path}`: {about[:1].lower()}{about[1:]}" if about else f"`{path}`"


def _quotas(rule: Rule) -> Iterator[str]:
    """Yield each quota of the condition with its value, and whether it depends on the Region."""
    for key in dict.fromkeys(_quota_keys(rule.condition)):
        limit = limits().limit(key)
        elsewhere = ", another one in some Regions" if limit.regions else ""
        yield f"quota `{key}`: {words.quantity(limit.value)} {limit.unit}{elsewhere}"


def _quota_keys(node: Expression) -> Iterator[str]:
    if isinstance(node, Call) and node.function == "quota":
        argument = node.arguments[0]
        if isinstance(argument, Constant):
            yield str(argument.value)
    for child in children(node):
        yield from _quota_keys(child)


def _why(rule: Rule) -> str:
    """Return the reason with quotas filled in, and fields by their names."""
    nothing = ExampleContext({})
    parts = []
    for part in rule.reason.parts:
        if isinstance(part, str):
            parts.append(part)
        elif paths(part):
            parts.append(f"`{render(part)}`")
        else:
            parts.append(worded(evaluate(part, nothing).value))
    return "".join(parts)


def _values(values: Mapping[str, Any]) -> str:
    if not values:
        return "nothing stated"
    return ", ".join(
        f"{field} not stated" if value is None else f"{field}: {_value(value)}"
        for field, value in values.items()
    )


def _value(value: Any) -> str:
    """Return a value as a rule file has it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, (str, bool)):
        return value if isinstance(value, str) else literal(value)
    return literal(float(value))
