"""The options of advisor simulate, and the load that they and a workload file describe."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import click

from advisor.units import MS_PER_SECOND, SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.capacity.bursts import Burst
    from advisor.simulation.load import Load
    from advisor.simulation.simulate import Engine
    from advisor.workload.traffic import TrafficBurst


class Number(click.ParamType[float]):
    """A number from 0 on."""

    name = "NUMBER"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            number = float(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a number.", param, ctx)
        if not (isfinite(number) and number >= 0):
            self.fail(f"{value} is not a number from 0 on.", param, ctx)
        return number


class BurstOption(click.ParamType["Burst"]):
    """RPS:SECONDS:EVERY_SECONDS."""

    name = "RPS:SECONDS:EVERY_SECONDS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Burst:
        from advisor.capacity.bursts import Burst

        try:
            rps, duration_s, every_s = map(float, str(value).split(":"))
        except ValueError:
            self.fail(f"{value!r} is not {self.name}, such as 200:10:3600.", param, ctx)
        try:
            return Burst(rate_per_s=rps, duration_s=duration_s, every_s=every_s)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class Given(NamedTuple):
    """What the options say, before a file fills in the rest."""

    workload: str | None
    trace: str | None
    rps: float | None
    bursts: tuple[Burst, ...]
    duration_ms: float | None
    init_ms: float | None
    cv: float | None


def check(given: Given, provisioned: int, limit: int | None, engine: Engine) -> None:
    """Refuse options that do not go together, before anything is read."""
    if given.workload is not None and (given.rps is not None or given.bursts):
        raise click.UsageError("--workload brings its own load; leave --rps and --burst out.")
    if given.trace is not None and (given.rps is not None or given.bursts):
        raise click.UsageError("--trace brings its own load; leave --rps and --burst out.")
    if given.workload is None and given.trace is None:
        if given.rps is None and not given.bursts:
            raise click.UsageError("Give a load: --rps, --burst, --workload or --trace.")
        if given.duration_ms is None:
            raise click.UsageError("Give --duration-ms, the mean warm duration.")
    if engine == "blocks" and (provisioned or limit is not None):
        raise click.UsageError("--engine blocks goes with neither --provisioned nor --limit.")
    if limit is not None and limit < provisioned:
        raise click.UsageError("--limit is below --provisioned, which it includes.")


def load_of(given: Given) -> tuple[Load, float]:
    """Return the load as far as options and workload file say, and the file's INIT in seconds."""
    from advisor.simulation.load import Load

    if given.workload is not None:
        return _from_workload(given.workload, given)
    return (
        Load(
            hourly_rps=(given.rps or 0.0,),
            duration_s=(given.duration_ms or 0.0) / MS_PER_SECOND,
            cv=1.0 if given.cv is None else given.cv,
            bursts=given.bursts,
        ),
        0.0,
    )


def _from_workload(file: str, given: Given) -> tuple[Load, float]:
    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.situation import resolve
    from advisor.errors import DataMissing
    from advisor.simulation.arrivals import lognormal_cv
    from advisor.simulation.load import Load
    from advisor.workload.loading import load

    loaded = load(file)
    for warning in loaded.warnings:
        click.echo(str(warning), err=True)
    situation = resolve(loaded.workload, Assumptions())
    running = situation.running
    if running is None:
        raise DataMissing(f"{file}: without compute nothing is run, and nothing can be simulated")
    duration = running.duration
    mean_ms = duration.mean_ms if given.duration_ms is None else given.duration_ms
    rates, bursts = _between(
        situation.arrivals.hourly_rps, getattr(loaded.workload.traffic, "bursts", None) or ()
    )
    return (
        Load(
            hourly_rps=rates[:1] if len(set(rates)) == 1 else rates,
            duration_s=mean_ms / MS_PER_SECOND,
            cv=lognormal_cv(duration.sigma) if given.cv is None else given.cv,
            bursts=bursts,
        ),
        running.init_mean_ms[running.architectures[0]] / MS_PER_SECOND,
    )


def _between(
    hourly_rps: Sequence[float], declared: Sequence[TrafficBurst]
) -> tuple[tuple[float, ...], tuple[Burst, ...]]:
    """Return the rates between a workload's bursts, whose requests are part of its means."""
    from advisor.capacity.bursts import Burst

    bursts = tuple(
        Burst(
            rate_per_s=each.rps, duration_s=each.duration_s, every_s=SECONDS_PER_DAY / each.per_day
        )
        for each in declared
    )
    taken = sum(burst.rate_per_s * burst.duration_s / burst.every_s for burst in bursts)
    free = 1 - sum(burst.duration_s / burst.every_s for burst in bursts)
    if free <= 0:
        return (0.0,) * len(hourly_rps), bursts
    return tuple(max(0.0, rate - taken) / free for rate in hourly_rps), bursts
