"""What each memory size of a function costs and how fast it is: the curve, and what to pick.

Every size is resolved, judged, priced and timed as ``compare`` does it for the stated memory; only
the duration is another, as ``advisor.capacity.memory`` says. Cold starts are borne: what SnapStart
and provisioned concurrency are worth is the matter of ``compare``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.decisions import unknowns
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.curves import by_architecture, explain
from advisor.decisions.latency import objective_percentile
from advisor.decisions.memory_rows import Room, by_front_door, cheapest, cost_of
from advisor.decisions.pricing import Pricer
from advisor.decisions.situation import resolve
from advisor.errors import AdvisorError
from advisor.limits import limits
from advisor.rulebook import Rulebook
from advisor.tariff import open_book
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from advisor.assumption import Assumption
    from advisor.decisions.curves import Curve
    from advisor.decisions.memory_rows import Row
    from advisor.workload import Workload

# Sizes that people deploy, and those with whole vCPUs: 1769 MB each (AWS Lambda developer guide).
_MENU = (
    *(128, 256, 512, 768, 1024, 1536, 2048, 3008, 4096, 6144, 8192, 10240),
    *(1769, 5308, 7076, 8845),
)
_AS_FAST = 1.001
"""Latencies that differ by a thousandth are the same: the models are not that exact."""

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
    rules: Rulebook | None = None,
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
    chosen, found = by_front_door(
        Room(workload, compute, stated_mb, curves, Pricer(situation, book), rules or Rulebook()),
        wanted,
    )
    of_memory = Assumptions()
    explain(compute, stated_mb, curves, of_memory)
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
        cheapest=cheapest(found),
        fastest=_fastest(complete),
        today=_today(workload, complete, today_mb),
        front=tuple(row for row in complete if not _beaten(row, complete)),
        assumptions=(
            *(taken for taken in assumptions.listed() if taken.field not in _OF_TASKS),
            *of_memory.listed(),
        ),
        missing=tuple(dict.fromkeys(str(error) for row in found for error in row.missing)),
        excluded_by=() if complete else _reasons(found),
        notes=(*_notes(stated_mb, wanted, complete, objective_ms), *_unread(workload)),
    )


def _fastest(rows: Sequence[Row]) -> Row | None:
    """Return the cheapest of those that are as fast as any."""
    least = min((row.speed_ms for row in rows), default=0.0)
    return min((row for row in rows if row.speed_ms <= least * _AS_FAST), key=cost_of, default=None)


def _beaten(row: Row, others: Sequence[Row]) -> bool:
    """Whether another is cheaper and as fast, or costs no more and is faster."""
    cost, speed_ms = cost_of(row)[0], row.speed_ms
    for other in others:
        other_cost = cost_of(other)[0]
        if other_cost < cost and other.speed_ms <= speed_ms * _AS_FAST:
            return True
        if other_cost == cost and other.speed_ms * _AS_FAST < speed_ms:
            return True
    return False


def _sizes(
    asked: Sequence[int] | None, today_mb: float, stated_mb: float, curves: Mapping[str, Curve]
) -> list[float]:
    """Return the sizes to look at, ascending: those asked for, or the menu; and today's."""
    quota = limits()
    least, most = quota.number("lambda.memory_min_mb"), quota.number("lambda.memory_max_mb")
    for size in asked or ():
        if not least <= size <= most:
            raise AdvisorError(f"{size} MB is not a memory size of a function: {least} to {most}")
    if asked is not None and not 0 < len(set(asked)) <= _MOST_SIZES:
        raise AdvisorError(f"tune takes 1 to {_MOST_SIZES} memory sizes, not {len(set(asked))}")
    measured = [memory for curve in curves.values() for memory, _ in curve.by_memory.points]
    floor = min([stated_mb, today_mb, *measured])
    menu = [size for size in (*_MENU, *measured) if size >= floor] if asked is None else asked
    found = {float(size) for size in (*menu, today_mb) if least <= size <= most}
    # A function of more memory than there is, or of less, is judged by what it states.
    return sorted(found) or [stated_mb]


def _today_mb(workload: Workload, stated_mb: float) -> float:
    current = workload.current
    if current is None or not current.memory_mb or current.compute not in (None, "lambda"):
        return stated_mb
    return current.memory_mb


def _today(workload: Workload, rows: Sequence[Row], today_mb: float) -> Row | None:
    """Return today's row; where the architecture is not stated, the cheaper of the two."""
    current = workload.current
    architecture = None if current is None else current.architecture
    here = [
        row
        for row in rows
        if row.memory_mb == today_mb and architecture in (None, row.architecture)
    ]
    return min(here, key=cost_of, default=None)


def _day(as_of: date | None, rows: Sequence[Row]) -> str | None:
    days = [item.price.valid_from for row in rows for item in row.line_items]
    day = as_of or max(days, default=None)
    return None if day is None else day.isoformat()


def _reasons(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason for row in rows for reason in row.excluded_by))


def _notes(
    stated_mb: float, wanted: Sequence[float], rows: Sequence[Row], objective_ms: float | None
) -> tuple[str, ...]:
    """Say what bounds the answer; ``rows`` are those with a bill."""
    if not rows:
        return ()
    found = []
    if wanted[0] < stated_mb:
        below = f"Below {stated_mb:,g} MB, which the code is given"
        found.append(f"{below}, nothing says that it fits, save where it was measured.")
    else:
        found.append(
            f"Nothing below {stated_mb:,g} MB, which the code is given: less may not hold it."
            " --memory looks at other sizes."
        )
    if objective_ms is not None and all(row.reached_ms is None for row in rows):
        found.append("The objective was not judged: nobody waits for the function's answer.")
    found.append("Cold starts are borne; `advisor compare` weighs what else can be done.")
    return tuple(found)


def _unread(workload: Workload) -> tuple[str, ...]:
    return tuple(notice.message for notice in unknowns.unread(workload))
