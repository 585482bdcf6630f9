"""What each memory size of a function costs and how fast it is: the curve, and what to pick.

Every size is resolved, judged, priced and timed as ``compare`` does it for the stated memory; only
the duration is another, as ``advisor.capacity.memory`` says. Cold starts are borne: what SnapStart
and provisioned concurrency are worth is the matter of ``compare``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions import unknowns
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.candidates import designs
from advisor.decisions.curves import Curve, by_architecture, explain
from advisor.decisions.latency import latency_of, objective_percentile
from advisor.decisions.pricing import Pricer
from advisor.decisions.situation import resolve
from advisor.decisions.sizing import sizes
from advisor.errors import AdvisorError
from advisor.limits import limits
from advisor.rulebook import judge
from advisor.tariff import open_book
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.arithmetic import Number
    from advisor.assumption import Assumption
    from advisor.cost.bill import LineItem
    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Situation
    from advisor.errors import PriceMissing
    from advisor.tariff import PriceBook
    from advisor.workload import Compute, Workload

Verdict: TypeAlias = Literal["holds", "missed", "unknown"]

# Sizes that people deploy, and those with whole vCPUs: 1769 MB each (AWS Lambda developer guide).
_MENU = (
    *(128, 256, 512, 768, 1024, 1536, 2048, 3008, 4096, 6144, 8192, 10240),
    *(1769, 5308, 7076, 8845),
)
_MOST_SIZES = 200
"""Sizes that may be asked for, so that an answer takes seconds at most."""

# What `resolve` assumes of containers has no part in this answer.
_OF_TASKS = frozenset(
    f"compute.{name}"
    for name in (
        *("autoscaling", "concurrency_per_task", "cpu_bound_fraction", "min_tasks"),
        *("target_utilisation", "thread_safe"),
    )
)


class Row(Struct, frozen=True, kw_only=True):
    """One memory size on one architecture.

    ``duration_ms`` is the mean of a warm request; ``measured`` says that it was stated for this
    size. ``reached_ms`` is the latency at the objective's percentile, None where nobody waits or
    the front door's latency is not known; ``slo`` the objective's verdict, None without one.
    ``missing`` names prices that are not known, ``excluded_by`` the limits that the size breaks.
    """

    memory_mb: float
    architecture: str
    measured: bool
    duration_ms: float
    latency_ms: Mapping[str, float] | None = None
    reached_ms: float | None = None
    slo: Verdict | None = None
    cold_start_share: tuple[float, float] | None = None
    line_items: tuple[LineItem, ...] = ()
    missing: tuple[PriceMissing, ...] = ()
    excluded_by: tuple[str, ...] = ()

    @property
    def monthly_usd(self) -> Number | None:
        """The whole path: function, front door, queue, logs, transfer."""
        return None if self.missing or self.excluded_by else total(self.line_items)

    @property
    def lambda_usd(self) -> Number | None:
        """The function alone: requests, duration, INIT and storage."""
        if self.monthly_usd is None:
            return None
        return total(item for item in self.line_items if item.service == "lambda")

    @property
    def speed_ms(self) -> float:
        """What sizes are compared by: the latency at the percentile, else the mean duration."""
        return self.duration_ms if self.reached_ms is None else self.reached_ms


class Tuning(Struct, frozen=True, kw_only=True):
    """The curve of one workload, by architecture and memory.

    ``cheapest`` is the cheapest that does not miss the objective, ``fastest`` the fastest of all,
    ``today`` the memory of today, and ``front`` the sizes that no other beats in both. ``api`` is
    the front door in every bill.
    """

    workload: str
    region: str
    file: str | None
    prices_as_of: str | None
    prices_origin: str
    prices_digest: str
    monthly_requests: float
    api: str | None
    percentile: float
    objective_ms: float | None
    rows: tuple[Row, ...]
    cheapest: Row | None
    fastest: Row | None
    today: Row | None
    front: tuple[Row, ...]
    assumptions: tuple[Assumption, ...]
    missing: tuple[str, ...] = ()
    excluded_by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 answered, 3 no size meets the objective and the limits, 4 a price is not known."""
        if self.missing:
            return 4
        return 0 if self.cheapest is not None else 3


def tune(
    workload: Workload,
    *,
    as_of: date | None = None,
    prices: str | None = None,
    memory_mb: Sequence[int] | None = None,
    file: str | None = None,
) -> Tuning:
    """Return cost and latency of a workload's function at each memory size and architecture.

    ``memory_mb`` are the sizes to look at, besides today's; without them a menu of sizes from the
    stated memory up, and those measured. ``as_of``, ``prices`` and ``file`` are those of
    ``compare``. The workload must have passed ``advisor.workload.checks``. Raises AdvisorError for
    a workload without ``compute`` and for sizes that no function can have.
    """
    compute = workload.compute
    if compute is None:
        raise AdvisorError("tune needs the section `compute`: what a request does, and how long")
    book = open_book(as_of, prices=prices)
    assumptions = Assumptions()
    situation = resolve(workload, assumptions)
    if situation.running is None:
        raise AdvisorError("tune needs the section `compute`: what a request does, and how long")
    stated_mb = default("compute.memory_mb") if compute.memory_mb is None else compute.memory_mb
    mean_ms = situation.running.duration.mean_ms
    curves = by_architecture(compute, stated_mb, mean_ms, situation.running.architectures)
    today_mb = _today_mb(workload, stated_mb)
    wanted = _sizes(memory_mb, today_mb, stated_mb, curves)
    chosen, found = _cheapest_path(_Room(workload, stated_mb, curves, Pricer(situation, book)), wanted)
    explain(compute, stated_mb, curves, assumptions)
    complete = [row for row in found if row.monthly_usd is not None]
    slo = workload.slo
    objective_ms = None if slo is None else slo.latency_p99_ms
    return Tuning(
        workload=workload.name,
        region=situation.region,
        file=file,
        prices_as_of=_day(as_of, complete),
        prices_origin=book.table.origin,
        prices_digest=book.table.digest(),
        monthly_requests=situation.arrivals.monthly_requests,
        api=None if chosen is None else chosen.api,
        percentile=objective_percentile(situation),
        objective_ms=objective_ms,
        rows=tuple(found),
        cheapest=_cheapest(found),
        fastest=min(complete, key=lambda row: (row.speed_ms, *_cost(row)), default=None),
        today=_today(workload, complete, today_mb),
        front=tuple(row for row in complete if not _beaten(row, complete)),
        assumptions=tuple(
            taken for taken in assumptions.listed() if taken.field not in _OF_TASKS
        ),
        missing=tuple(dict.fromkeys(str(error) for row in found for error in row.missing)),
        excluded_by=() if complete else _reasons(found),
        notes=(*_notes(stated_mb, wanted, found, objective_ms), *_unread(workload)),
    )
