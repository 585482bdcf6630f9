"""What rules see of a workload and a design: stated, derived and defaulted values, and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from advisor.decisions.derived import DERIVED
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from advisor.decisions.situation import Situation
    from advisor.rulebook import Rule, Verdict

_MOST_KEPT = 32
"""Verdicts of one rule by the values that it was asked with."""


class _Memory(Struct):
    """What is the same in every design of a situation: values of fields, verdicts of rules."""

    values: dict[str, Any] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)


class RuleContext:
    """The values of one design of a situation; None stands for what is not known.

    ``cost_of`` gives what the cheapest design with an option costs, in USD a month, or None.
    ``day`` is the day that the answer stands for.
    """

    def __init__(
        self,
        situation: Situation,
        choices: Mapping[str, str],
        *,
        day: date | None = None,
        cost_of: Callable[[str], float | None] | None = None,
        memory: _Memory | None = None,
    ) -> None:
        self.situation = situation
        self.choices = choices
        self.day = day
        self.cost_of = cost_of
        self._memory = memory or _Memory()

    def of(self, choices: Mapping[str, str]) -> RuleContext:
        """Return the same situation with another design."""
        return RuleContext(
            self.situation, choices, day=self.day, cost_of=self.cost_of, memory=self._memory
        )

    def with_costs(self, cost_of: Callable[[str], float | None]) -> RuleContext:
        """Return the same with what designs cost."""
        return RuleContext(
            self.situation, self.choices, day=self.day, cost_of=cost_of, memory=self._memory
        )

    def verdict(self, rule: Rule) -> Verdict:
        """Return what a rule says that speaks of no option and no cost; ask it once."""
        verdicts = self._memory.verdicts
        if rule.id not in verdicts:
            verdicts[rule.id] = self._like_others(rule)
        return verdicts[rule.id]

    def _like_others(self, rule: Rule) -> Verdict:
        """Return what a rule says, the same as of another workload with the same values.

        A rule knows nothing else: quotas and services go by the Region, deprecation by the day.
        """
        values = tuple(map(self.value, rule.asks))
        key = (self.situation.region, self.day, values)
        known = rule.known
        if key not in known:
            if len(known) >= _MOST_KEPT:
                known.clear()
            known[key] = rule.verdict(self)
        return known[key]

    def value(self, path: str) -> Any:
        """Return a field's value, or None."""
        values = self._memory.values
        if path in values:
            return values[path]
        section, _, name = path.partition(".")
        if section == "option":
            return self.choices.get(name)
        if section == "cost":
            option = name.removesuffix("_monthly_usd").replace("_", "-")
            return None if self.cost_of is None else self.cost_of(option)
        value = self._same(path)
        values[path] = tuple(value) if isinstance(value, list) else value
        return values[path]

    def _same(self, path: str) -> Any:
        """Return a value that no choice of an option changes."""
        if path == "region":
            return self.situation.region
        if path == "date":
            return None if self.day is None else self.day.isoformat()
        derive = DERIVED.get(path)
        if derive is not None:
            derived = derive(self.situation)
            if derived is not None or path.startswith("derived."):
                return derived
        return self.situation.lookup(path)

    def quota(self, key: str) -> float:
        return limits().number(key, self.situation.region)

    def region_supports(self, service: str) -> bool | None:
        regions = limits().supported_regions(service)
        return None if regions is None else self.situation.region in regions

    def deprecated_on(self, runtime: str) -> str | None:
        return limits().runtime_deprecated_on(runtime)
