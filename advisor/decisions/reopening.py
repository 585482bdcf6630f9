"""What would have to change for a design to be possible, when none is."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.decisions.derived import SETTLED_BY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.context import RuleContext
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.rulebook import Rulebook, Verdict

MOST_CHANGES = 3
_NOT_THE_USERS = ("option.", "region", "date")


class WithoutFields:
    """A context in which some fields are not known, as if the user could still choose them."""

    def __init__(self, context: RuleContext, fields: Sequence[str]) -> None:
        self.context = context
        self.fields = frozenset(fields)

    def value(self, path: str) -> Any:
        if path in self.fields or SETTLED_BY.get(path) in self.fields:
            return None
        return self.context.value(path)

    def quota(self, key: str) -> float:
        return self.context.quota(key)

    def region_supports(self, service: str) -> bool | None:
        return self.context.region_supports(service)

    def deprecated_on(self, runtime: str) -> str | None:
        return self.context.deprecated_on(runtime)


def reopen(
    block: Sequence[Candidate], rulebook: Rulebook, context: RuleContext
) -> tuple[tuple[Design, tuple[str, ...]], ...]:
    """Return the smallest sets of fields whose change reopens a design, with each such design.

    A set reopens a design when no rule that excludes it still does so whatever the set's fields
    are. A remedy for cold starts is named only where the same design without it is not.
    """
    found: list[tuple[Design, tuple[str, ...]]] = []
    fewest = MOST_CHANGES
    for candidate in block:
        for fields in _smallest(candidate, rulebook, context, fewest):
            if len(fields) < fewest:
                found.clear()
            fewest = len(fields)
            found.append((candidate.design, fields))
    plain = {(design, fields) for design, fields in found}
    return tuple(
        (design, fields)
        for design, fields in found
        if design.cold_start in (None, "none")
        or (replace(design, cold_start="none"), fields) not in plain
    )


def _smallest(
    candidate: Candidate, rulebook: Rulebook, context: RuleContext, most: int
) -> list[tuple[str, ...]]:
    """Return every smallest set, of at most ``most`` fields, that reopens a candidate."""
    against = candidate.excluded_by
    resting = [_changeable(verdict, rulebook) for verdict in against]
    if not all(resting):
        return []
    own = context.of(candidate.design.choices())
    pool = list(dict.fromkeys(field for fields in resting for field in fields))
    for size in range(1, min(most, len(pool)) + 1):
        found = [
            fields
            for fields in combinations(pool, size)
            if not any(_still(verdict, fields, rulebook, own) for verdict in against)
        ]
        if found:
            return found
    return []


def _changeable(verdict: Verdict, rulebook: Rulebook) -> tuple[str, ...]:
    rule = rulebook.rule(verdict.rule)
    reads = verdict.fields if rule is None else rule.reads
    fields = (SETTLED_BY.get(field, field) for field in reads)
    return tuple(dict.fromkeys(f for f in fields if not f.startswith(_NOT_THE_USERS)))


def _still(
    verdict: Verdict, fields: Sequence[str], rulebook: Rulebook, context: RuleContext
) -> bool:
    """Return whether a verdict excludes whatever the fields are."""
    rule = rulebook.rule(verdict.rule)
    if rule is None:
        return not any(field in fields for field in verdict.fields)
    return rule.verdict(WithoutFields(context, fields)).result == "true"
