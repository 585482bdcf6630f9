"""One row of the cost-latency curve: a function at one memory, on one architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.candidates import designs
from advisor.decisions.context import RuleContext
from advisor.decisions.curves import at_memory
from advisor.decisions.latency import latency_of
from advisor.decisions.situation import resolve
from advisor.decisions.sizing import ladders
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.curves import Curve
    from advisor.decisions.pricing import Pricer
    from advisor.decisions.recommendation import Design
    from advisor.errors import PriceMissing
    from advisor.rulebook import Rulebook
    from advisor.workload import Compute, Workload

Verdict: TypeAlias = Literal["holds", "missed", "unknown"]
_SAID: dict[str, Verdict] = {"true": "missed", "false": "holds", "unknown": "unknown"}


class Row(Struct, frozen=True, kw_only=True):
    """One memory size on one architecture.

    ``duration_ms`` is the mean of a warm request; ``measured`` says that it was stated for this
    size. ``reached_ms`` is the latency at the objective's percentile, None where nobody waits or
    the front door's latency is not known; ``slo`` the objective's verdict, None without one, and
    "unknown" where it holds only if what nobody stated is as assumed.
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


class Room(NamedTuple):
    """What every row is made from."""

    workload: Workload
    compute: Compute
    stated_mb: float
    curves: dict[str, Curve]
    pricer: Pricer
    rulebook: Rulebook

    def row(self, design: Design, memory_mb: float, architecture: str) -> Row:
        """Resolve, judge, price and time one size; limits first, as they spare the rest."""
        curve = self.curves[architecture]
        compute = at_memory(self.compute, self.stated_mb, memory_mb, curve)
        situation = resolve(replace(self.workload, compute=compute), Assumptions())
        situation = situation.on(architecture)

        choices = design.choices()
        context = RuleContext(situation, choices, day=limits().known_on())
        broken = tuple(
            verdict.because
            for decision, option in choices.items()
            for verdict in self.rulebook.judge(decision, option, context)
            if verdict.effect == "exclude" and verdict.result == "true"
        )
        running = situation.running
        bare = Row(
            memory_mb=memory_mb,
            architecture=architecture,
            measured=curve.measured(memory_mb),
            duration_ms=0.0 if running is None else _figure(running.duration.mean_ms),
        )
        if broken:
            return replace(bare, excluded_by=broken)
        # A function of one memory, architecture and way to meet cold starts has one size.
        ((sized,),) = ladders(situation, design, self.pricer.book)
        priced = self.pricer.price(design, sized)
        latency = latency_of(situation, design, sized)
        said = None if latency.verdict is None else _SAID[latency.verdict.result]
        if said == "holds" and not curve.known and curve.factor(memory_mb) < 1:
            said = "unknown"
        return replace(
            bare,
            latency_ms=latency.percentiles,
            reached_ms=latency.reached_ms,
            slo=said,
            cold_start_share=latency.cold_start_share,
            line_items=priced.line_items,
            missing=priced.missing,
        )


def by_front_door(room: Room, wanted: Sequence[float]) -> tuple[Design | None, list[Row]]:
    """Return the rows behind the front door with which the objective is held at the least cost.

    Without one that holds it, behind the one whose fastest size is the fastest.
    """
    answers = []
    for design in designs(room.workload):
        if design.compute != "lambda" or design.cold_start not in (None, "none"):
            continue
        rows = [
            room.row(design, memory_mb, architecture)
            for architecture in room.curves
            for memory_mb in wanted
        ]
        best = cheapest(rows)
        open_ = [row for row in rows if not row.excluded_by]
        rank: tuple[float, ...]
        if best is not None:
            rank = (0, *cost_of(best))
        elif open_:
            rank = (1, min(row.speed_ms for row in open_))
        else:
            # None is left: the one with the fewest reasons against it says most.
            rank = (2, sum(len(row.excluded_by) for row in rows))
        answers.append((rank, design, rows))
    _, design, rows = min(answers, key=lambda each: each[0])
    return (None if all(row.excluded_by for row in rows) else design), rows


def cheapest(rows: Sequence[Row]) -> Row | None:
    fit = [row for row in rows if row.monthly_usd is not None and row.slo != "missed"]
    return min(fit, key=lambda row: (*cost_of(row)[:1], row.speed_ms, row.memory_mb), default=None)


def cost_of(row: Row) -> tuple[float, float]:
    return float(row.monthly_usd or 0), row.memory_mb


def _figure(value: float) -> float:
    return float(f"{value:.7g}")
