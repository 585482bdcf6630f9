"""What another price table does to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.decisions.search import compare

if TYPE_CHECKING:
    from datetime import date

    from advisor.arithmetic import Number
    from advisor.decisions.recommendation import Recommendation
    from advisor.tariff import PriceTable
    from advisor.workload import Workload


class Repriced(Struct, frozen=True, kw_only=True):
    """One workload's answer with the prices of before and of after."""

    before: Recommendation
    after: Recommendation

    @property
    def flips(self) -> bool:
        """Whether another design is recommended."""
        old, new = self.before.best, self.after.best
        return (old and old.design) != (new and new.design)

    @property
    def monthly_usd(self) -> tuple[Number | None, Number | None]:
        """Return the recommended design's cost before and after."""
        old, new = self.before.best, self.after.best
        return (
            None if old is None else old.monthly_usd,
            None if new is None else new.monthly_usd,
        )


def reprice(
    workload: Workload,
    before: PriceTable,
    after: PriceTable,
    *,
    as_of: date | None = None,
    file: str | None = None,
) -> Repriced:
    """Return a workload's answers with two price tables."""
    return Repriced(
        before=compare(workload, as_of=as_of, file=file, prices=before.folder),
        after=compare(workload, as_of=as_of, file=file, prices=after.folder),
    )
