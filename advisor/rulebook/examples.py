"""Running a rule's examples: one that fires, one that does not, one where it cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.limits import limits
from advisor.rulebook.language.templates import worded
from advisor.rulebook.language.values import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.rulebook.rules import Result, Rule, Verdict

EXPECTED: dict[str, Result] = {"fires": "true", "silent": "false", "unknown": "unknown"}


class ExampleContext:
    """The values of an example; what it does not give is not known."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def verdict(self, rule: Rule) -> Verdict:
        return rule.verdict(self)

    def value(self, path: str) -> Any:
        return self.values.get(path)

    def quota(self, key: str) -> float:
        return limits().number(key, self.values.get("region"))

    def region_supports(self, service: str) -> bool | None:
        region, regions = self.values.get("region"), limits().supported_regions(service)
        return None if region is None or regions is None else region in regions

    def deprecated_on(self, runtime: str) -> str | None:
        return limits().runtime_deprecated_on(runtime)


class Ran(Struct, frozen=True, kw_only=True):
    """One example that was run: what was expected of it, and what the rule said."""

    name: str
    expected: Result
    verdict: Verdict

    @property
    def does_as_it_says(self) -> bool:
        return self.verdict.result == self.expected


def run_examples(rule: Rule) -> Iterator[Ran]:
    """Run the examples of a rule, one after the other."""
    for name, expected in EXPECTED.items():
        verdict = rule.verdict(ExampleContext(rule.examples[name]))
        yield Ran(name=name, expected=expected, verdict=verdict)


def example_faults(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each example that does not do as it says, what it does, and why."""
    for ran in run_examples(rule):
        if ran.does_as_it_says:
            continue
        verdict = ran.verdict
        if verdict.result == "unknown":
            why = f"it needs {' and '.join(verdict.needs)}"
        else:
            values = rule.examples[ran.name]
            why = "that comes of " + " and ".join(
                f"{field} = {worded(plain(values.get(field)))}" for field in verdict.fields
            )
        message = f"with these values the condition is {verdict.result}, not {ran.expected}"
        yield ran.name, message, why
