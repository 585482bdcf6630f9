"""A remedy for cold starts as it is answered: what it costs, leaves and buys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from advisor.cost.bill import total
from advisor.decisions.assumptions import house_assumption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.recommendation import Design
    from advisor.errors import PriceMissing
    from advisor.rulebook import Verdict

Kind: TypeAlias = Literal["architecture", "memory", "snapstart", "provisioned"]
Outcome: TypeAlias = Literal["saves", "buys", "nothing", "unpriced", "unknown", "excluded"]
Reason: TypeAlias = Literal[
    "nobody-waits", "unknown", "warm-misses", "missed", "held", "tolerated", "too-few", "reached"
]
LEAST = 0.5
"""Milliseconds, or cold starts a month, below which a difference is shown as none."""
_MATTERS: tuple[Reason, ...] = ("missed", "reached")


class State(Struct, frozen=True, kw_only=True):
    """A function as it would run.

    ``cold_start_share`` is low and high; ``reached_ms`` the latency at the percentile in question,
    ``cold_request_ms`` the median of a cold request, and ``warm_ms`` the percentile without cold
    starts, all None where nobody waits or nothing is known. ``missed`` is the objective's verdict.
    """

    sizing: Mapping[str, Any]
    line_items: tuple[LineItem, ...]
    missing: tuple[PriceMissing, ...]
    cold_start_share: tuple[float, float]
    reached_ms: float | None
    cold_request_ms: float | None
    warm_ms: float | None
    missed: bool

    @property
    def monthly_usd(self) -> Number | None:
        return None if self.missing else total(self.line_items)


class Remedy(Struct, frozen=True, kw_only=True):
    """A function changed in one thing, against the function as it is.

    ``after`` is None for what is excluded (``excluded_by``) or not known (``needs`` are the fields
    that would tell).
    """

    kind: Kind
    name: str
    """The architecture, the memory in MB, the option, or how provisioned concurrency is sized."""
    outcome: Outcome
    before: State
    after: State | None = None
    excluded_by: tuple[Verdict, ...] = ()
    needs: tuple[str, ...] = ()
    removed: float | None = None
    """Cold starts a month that it removes, by the high end of the range."""

    @property
    def more_usd(self) -> Number | None:
        """What it costs more a month, below zero what it saves; None without the prices."""
        after = None if self.after is None else self.after.monthly_usd
        before = self.before.monthly_usd
        return None if after is None or before is None else after - before

    @property
    def gained_ms(self) -> float | None:
        """How much shorter the latency at the percentile is."""
        if self.after is None or self.after.reached_ms is None or self.before.reached_ms is None:
            return None
        return self.before.reached_ms - self.after.reached_ms

    @property
    def ms_per_usd(self) -> float | None:
        """What a dollar buys of the percentile, None where it costs nothing or buys none."""
        return self._per_usd(self.gained_ms)

    @property
    def removed_per_usd(self) -> float | None:
        """How many cold starts a dollar removes, None where it costs nothing or removes none."""
        return self._per_usd(self.removed)

    def _per_usd(self, bought: float | None) -> float | None:
        more = self.more_usd
        if self.outcome != "buys" or bought is None or bought < LEAST or not more:
            return None
        return bought / float(more)


class Remedies(Struct, frozen=True, kw_only=True):
    """A design without a remedy, whether its cold starts matter, and what each remedy buys.

    ``remedies`` come in the order of what they buy: what saves money first, then by what a dollar
    buys; then what buys nothing, what has no price, what is not known, what is excluded.
    """

    design: Design
    percentile: float
    objective_ms: float | None
    reason: Reason
    now: State
    remedies: tuple[Remedy, ...]
    unsized: bool
    """Whether nothing asks for a number of provisioned environments, all day or by the hour."""

    @property
    def matter(self) -> bool | None:
        """Whether cold starts matter, None where it is not known."""
        return None if self.reason == "unknown" else self.reason in _MATTERS

    @property
    def worth_it(self) -> Remedy | None:
        """Return the remedy to take: it holds the objective, shortens what is late, or saves.

        Without a need a remedy must save a stated part of the bill, as in the search, and
        SnapStart must be needed.
        """
        open_ = [each for each in self.remedies if each.outcome in ("saves", "buys")]
        if self.reason == "missed":
            held = [each for each in open_ if each.after is not None and not each.after.missed]
            return min(held, key=lambda each: float(each.more_usd or 0), default=None)
        if self.reason == "reached":
            return next((each for each in open_ if (each.gained_ms or 0) >= LEAST), None)
        least = house_assumption("cold_start_remedy")["must_save"] * float(
            self.now.monthly_usd or 0
        )
        return next(
            (
                each
                for each in open_
                if each.kind == "provisioned" and -float(each.more_usd or 0) > least
            ),
            None,
        )
