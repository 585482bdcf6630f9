"""The same workload in several Regions, the cheapest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.decisions.recommendation import Recommendation
    from advisor.workload import Workload


class RegionalAnswer(Struct, frozen=True, kw_only=True):
    """A workload's answer in a Region, and the prices (``service/component``) not known there.

    With a recommendation in spite of missing prices, one of the designs that cannot be priced
    might be cheaper still.
    """

    region: str
    answer: Recommendation
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every design that nothing excludes could be priced."""
        return not self.missing


def rank(
    workload: Workload,
    regions: Sequence[str],
    compare: Callable[[Workload], Recommendation],
) -> tuple[RegionalAnswer, ...]:
    """Return a workload's answers by the cost of the recommended design; those without one last.

    ``compare`` answers one workload. Nothing but the Region changes: where the callers are, and how
    far away the data is, is not part of a workload.
    """
    found = []
    for region in dict.fromkeys(regions):
        answer = compare(replace(workload, region=region))
        missing = dict.fromkeys(each.price for each in answer.unknowns if each.price is not None)
        found.append(RegionalAnswer(region=region, answer=answer, missing=tuple(missing)))
    return tuple(sorted(found, key=_order))


def _order(each: RegionalAnswer) -> tuple[bool, float, str]:
    best = each.answer.best
    amount = None if best is None else best.monthly_usd
    return amount is None, float(amount or 0), each.region
