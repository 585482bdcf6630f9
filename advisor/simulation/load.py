"""A random load, its simulation, and what the formulas say about it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity import bursts as formulas
from advisor.capacity import provisioned, provisioned_slot
from advisor.capacity.bursts import Burst  # noqa: TC001 - msgspec reads the annotation
from advisor.capacity.coldstart import cold_starts
from advisor.capacity.queueing import erlang_b
from advisor.simulation.arrivals import (
    Durations,
    Poisson,
    check_load,
    check_time,
    warm_up_s,
    with_bursts,
)
from advisor.simulation.simulate import MOST_IN_PROGRESS, too_many

if TYPE_CHECKING:
    from advisor.simulation.simulate import Function

_MOST_WARM_UP = 20_000_000
"""Requests that a warm-up may take, or as many as are counted: some seconds of work."""


class ClosedForm(Struct, frozen=True, kw_only=True):
    """The formulas' answer, None where they have none, and which load it is of."""

    cold_start_probability: float | None
    mean_environments: float | None
    spill_probability: float | None
    basis: str


NO_FORMULA = ClosedForm(
    cold_start_probability=None,
    mean_environments=None,
    spill_probability=None,
    basis="no formula without a rate",
)


class Load(Struct, frozen=True, kw_only=True):
    """A load as numbers.

    ``hourly_rps`` are the rates between bursts in equal slots of a day; one rate is a steady load.
    ``duration_s`` is the mean warm duration, ``cv`` its coefficient of variation.
    """

    hourly_rps: tuple[float, ...]
    duration_s: float
    cv: float = 1.0
    bursts: tuple[Burst, ...] = ()

    @property
    def steady(self) -> bool:
        """Whether the rate is always the same."""
        return not self.bursts and len(set(self.hourly_rps)) == 1

    @property
    def mean_rps(self) -> float:
        """The mean rate over a day, bursts included."""
        return sum(with_bursts(self.hourly_rps, self.bursts)) / len(self.hourly_rps)

    def check(self, requests: int) -> None:
        """Raise ValueError for figures that make no sense, no requests, or too many at once."""
        check_load(self.hourly_rps, self.bursts)
        check_time("duration", self.duration_s)
        if min(self.mean_rps * self.duration_s, requests) > MOST_IN_PROGRESS:
            raise ValueError(too_many())

    def warm_up_s(self, function: Function, requests: int) -> float:
        """Return the time before counting, in seconds; 0 where it would take too many requests.

        Then the simulation shows how an empty pool begins, which no formula is about.
        """
        fastest = max((*self.hourly_rps, *(burst.rate_per_s for burst in self.bursts)))
        needed_s = warm_up_s(fastest, self.duration_s, function.init_s, function.keep_alive_s)
        busiest = max(with_bursts(self.hourly_rps, self.bursts))
        return needed_s if busiest * needed_s <= max(requests, _MOST_WARM_UP) else 0.0

    def source(self, seed: int, *, warm_up_s: float = 0.0, ends_s: float = inf) -> Poisson:
        """Return the requests of this load. Raises ValueError for a load that makes no sense."""
        return Poisson(
            self.hourly_rps,
            Durations(self.duration_s, self.cv, seed),
            seed,
            bursts=self.bursts,
            warm_up_s=warm_up_s,
            ends_s=ends_s,
        )

    def closed_form(self, function: Function) -> ClosedForm:
        """Return what ``advisor.capacity`` says about this load, without a concurrency limit."""
        rates = with_bursts(self.hourly_rps, self.bursts)
        basis = "steady load" if self.steady else "each hour steady"
        if self.bursts:
            basis = "steady load with bursts" if len(rates) == 1 else "each hour steady, and bursts"
        if function.provisioned and not self.bursts:
            calls = provisioned_slot.Load(self.duration_s, function.init_s, function.keep_alive_s)
            plan = provisioned.static(rates, calls, function.provisioned)
            return ClosedForm(
                cold_start_probability=plan.cold_share,
                mean_environments=provisioned_slot.mean_environments(
                    rates, calls, function.provisioned
                ),
                spill_probability=self._spill(function.provisioned),
                basis=basis,
            )
        calls_s = (self.duration_s, function.init_s, function.keep_alive_s)
        if self.steady:
            found = cold_starts(rates[0], *calls_s)
        else:
            found = formulas.with_bursts(
                rates, self.bursts, *calls_s, provisioned=function.provisioned
            )
        return ClosedForm(
            cold_start_probability=found.probability,
            mean_environments=found.warm_environments,
            spill_probability=self._spill(function.provisioned) if function.provisioned else 1.0,
            basis=basis,
        )

    def _spill(self, number: int) -> float:
        """Return the share of requests that find all provisioned environments busy.

        In a burst as in a steady load; of work that is longer than it, the burst sees no more.
        """
        shares = [burst.duration_s / burst.every_s for burst in self.bursts]
        free = max(0.0, 1 - sum(shares)) / len(self.hourly_rps)
        parts = [(free, rate, self.duration_s) for rate in self.hourly_rps]
        parts += [
            (share, burst.rate_per_s, min(self.duration_s, burst.duration_s))
            for share, burst in zip(shares, self.bursts, strict=True)
        ]
        spilled = sum(
            part * rate * erlang_b(number, rate * seconds) for part, rate, seconds in parts
        )
        return significant(spilled / sum(part * rate for part, rate, _ in parts))
