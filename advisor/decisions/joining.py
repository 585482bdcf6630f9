"""Whole designs: one candidate of each block, joined.

A block is a set of decisions whose options are sized and priced together: compute with its cold
starts and the front door; the workflow; the messaging. Blocks do not change each other's bills, so
the cheapest design of all is made of the cheapest of each, unless a rule speaks about several.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.decisions.recommendation import Candidate, Design, monthly_usd_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from advisor.rulebook import Verdict

MOST_DESIGNS = 20_000
"""More than every combination of all options; it bounds what a user's rules can make of it."""


class Whole(Struct, frozen=True, kw_only=True):
    """A combination of candidates, one of each block, before it is joined."""

    parts: tuple[Candidate, ...]
    monthly_usd: float
    verdicts: tuple[tuple[str, Verdict], ...] = ()
    """What rules that speak about several blocks say, with the decision that each is about."""

    @property
    def excluded(self) -> bool:
        return any(v.effect == "exclude" and v.result == "true" for _, v in self.verdicts)

    def has(self, part: Candidate) -> bool:
        return any(each is part for each in self.parts)

    @property
    def design(self) -> Design:
        return Design(**_choices(self.parts))


Judge = "Callable[[Design], Iterable[tuple[str, Verdict]]]"


def wholes(
    blocks: Sequence[Sequence[Candidate]],
    judge: Callable[[Design], Iterable[tuple[str, Verdict]]],
) -> list[Whole]:
    """Return every combination that no rule excludes, the cheapest first."""
    found = []
    for parts in product(*blocks):
        whole = Whole(
            parts=parts,
            monthly_usd=sum(map(monthly_usd_of, parts)),
            verdicts=tuple(judge(Design(**_choices(parts)))),
        )
        if not whole.excluded:
            found.append(whole)
    return sorted(found, key=lambda whole: whole.monthly_usd)


def joined(whole: Whole) -> Candidate:
    """Return a combination as one candidate: its bill is the sum of its parts' bills."""
    first = whole.parts[0]
    verdicts = {decision: said for part in whole.parts for decision, said in part.verdicts.items()}
    for decision, verdict in whole.verdicts:
        verdicts[decision] = (*verdicts[decision], verdict)
    if len(whole.parts) == 1 and not whole.verdicts:
        return first
    parts = whole.parts
    path = next((part for part in parts if part.latency is not None), first)
    return Candidate(
        design=whole.design,
        sizing={key: value for part in parts for key, value in part.sizing.items()},
        line_items=tuple(item for part in parts for item in part.line_items),
        missing=tuple(error for part in parts for error in part.missing),
        missing_variants=tuple(error for part in parts for error in part.missing_variants),
        verdicts=verdicts,
        sized=path.sized,
        latency=path.latency,
        unbound=path.unbound,
        unstated=tuple(field for part in parts for field in part.unstated),
        unpriced=tuple(dict.fromkeys(name for part in parts for name in part.unpriced)),
    )


def _choices(parts: Iterable[Candidate]) -> dict[str, str]:
    return {key: option for part in parts for key, option in part.design.choices().items()}
