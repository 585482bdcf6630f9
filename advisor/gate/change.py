"""A workload on two sides, and what its difference is made of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.gate.amounts import percent_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.gate.codes import Status


class Split(Struct, frozen=True, kw_only=True):
    """What a difference is made of, in the order of ``ATTRIBUTION``; the parts add up exactly.

    ``note`` says why two parts could not be told apart, where that is so.
    """

    price_usd: Decimal
    usage_usd: Decimal
    design_usd: Decimal
    note: str | None = None

    @property
    def total_usd(self) -> Decimal:
        return self.price_usd + self.usage_usd + self.design_usd


class Side(Struct, frozen=True, kw_only=True):
    """A workload on one side of the comparison, with the design that is judged.

    That is the design which the file declares under ``current``, else the recommended one.
    ``design`` maps each decision to its option and is empty where no design is left; ``sizing``
    has what identifies a size, such as architecture and memory_mb. ``monthly_usd`` is None where
    the design cannot be priced. ``recommended_usd`` and ``margin_usd`` are the recommended
    design's cost and how much more the judged one costs: zero for the recommended one itself.
    ``latency_ms`` is reached, and ``objective_ms`` wanted, at the objective's ``percentile``.
    """

    design: Mapping[str, str]
    declared: bool
    sizing: Mapping[str, str | float]
    feasible: bool
    monthly_requests: float
    monthly_usd: Decimal | None
    usd_per_million: Decimal | None
    recommended: Mapping[str, str] | None = None
    recommended_usd: Decimal | None = None
    margin_usd: Decimal | None = None
    percentile: float | None = None
    objective_ms: float | None = None
    latency_ms: float | None = None


class LineChange(Struct, frozen=True, kw_only=True):
    """A line item of a bill that is not the same on both sides; None on the side without it."""

    service: str
    item: str
    unit: str
    before_quantity: Decimal | None
    after_quantity: Decimal | None
    before_unit_price_usd: Decimal | None
    after_unit_price_usd: Decimal | None
    before_usd: Decimal | None
    after_usd: Decimal | None

    @property
    def delta_usd(self) -> Decimal:
        return (self.after_usd or Decimal(0)) - (self.before_usd or Decimal(0))


class FieldChange(Struct, frozen=True, kw_only=True):
    """A field of the workload file that differs, as text; None where it is absent."""

    field: str
    before: str | None
    after: str | None


class WorkloadChange(Struct, frozen=True, kw_only=True):
    """A workload file now against before.

    ``file`` is the path from the working directory (that of before for a deleted one),
    ``renamed_from`` the path it had. ``before`` is None for a new workload and for one whose base
    cannot be read, ``after`` for a deleted one. ``split`` is None where a side has no price.
    ``lines`` are the line items that differ, the largest difference first; ``fields`` what was
    edited in the file, empty against a baseline file, which does not hold it.
    """

    name: str
    file: str
    region: str
    tags: Mapping[str, str]
    status: Status
    renamed_from: str | None
    before: Side | None
    after: Side | None
    split: Split | None
    lines: tuple[LineChange, ...]
    fields: tuple[FieldChange, ...] = ()

    @property
    def before_usd(self) -> Decimal | None:
        """Return the cost before; zero for a workload that was not there."""
        return _amount_of(self.before, self.status == "new")

    @property
    def after_usd(self) -> Decimal | None:
        """Return the cost now; zero for a workload that is gone."""
        return _amount_of(self.after, self.status == "deleted")

    @property
    def delta_usd(self) -> Decimal | None:
        """Return the difference a month; None where a side has no price."""
        before, after = self.before_usd, self.after_usd
        return None if before is None or after is None else after - before

    @property
    def delta_percent(self) -> Decimal | None:
        """Return the difference in percent of before; None where before is nothing or unknown."""
        return percent_of(self.delta_usd, self.before_usd)

    @property
    def delta_per_million(self) -> Decimal | None:
        """Return the difference of the cost of a million requests, where both sides have one."""
        before = None if self.before is None else self.before.usd_per_million
        after = None if self.after is None else self.after.usd_per_million
        return None if before is None or after is None else after - before


class Totals(Struct, frozen=True, kw_only=True):
    """The sum of the workloads whose price is known on both sides.

    ``left_out`` names the files that are not in the sum, because a side has no price.
    """

    before_usd: Decimal
    after_usd: Decimal
    split: Split
    left_out: tuple[str, ...] = ()

    @property
    def delta_usd(self) -> Decimal:
        return self.after_usd - self.before_usd

    @property
    def delta_percent(self) -> Decimal | None:
        return percent_of(self.delta_usd, self.before_usd)


def _amount_of(side: Side | None, absent: bool) -> Decimal | None:  # noqa: FBT001 - two words
    if side is None:
        return Decimal(0) if absent else None
    return side.monthly_usd
