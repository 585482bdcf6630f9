"""advisor simulate: a load, request by request."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from advisor.cli import options
from advisor.cli.simulate_load import BurstOption, Given, Number, check, load_of
from advisor.units import MS_PER_SECOND, SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from advisor.capacity.bursts import Burst
    from advisor.report.simulations import Simulated, TraceRead
    from advisor.simulation.load import Load
    from advisor.simulation.simulate import Engine, Function
    from advisor.simulation.trace import Trace

_DEFAULT_REQUESTS = 1_000_000
_MOST_REQUESTS = 1_000_000_000
_MOST_BY_DEFAULT = 20_000_000
_MOST_ENVIRONMENTS = 1_000_000
_LARGEST_SEED = (1 << 63) - 1
_BAD_ROWS = 4
_PATIENCE_S = 1.0


@click.command()
@click.option("--workload", metavar="FILE", help="Take load, duration and INIT from this file.")
@click.option("--rps", type=Number(), help="Mean requests per second, at random (Poisson).")
@click.option(
    "--burst",
    "bursts",
    type=BurstOption(),
    multiple=True,
    help="A rate that holds for some seconds of each period; may be given again.",
)
@click.option(
    "--trace",
    metavar="FILE",
    help="Take arrivals from a CSV file, plain or gzip: timestamp[,duration_ms], or a line"
    " that names the columns minute,count[,duration_ms].",
)
@click.option("--duration-ms", type=Number(), help="Mean warm duration.")
@click.option(
    "--cv",
    type=Number(),
    help="Coefficient of variation of the duration: 1 exponential, 0 constant, else lognormal."
    "  [default: 1, or the workload's]",
)
@click.option("--init-ms", type=Number(), help="What a cold request takes longer.  [default: 0]")
@click.option(
    "--keep-alive-s",
    type=Number(),
    help="How long an idle environment lives.  [default: 300, the shortest measured]",
)
@click.option(
    "--provisioned",
    type=click.IntRange(0, _MOST_ENVIRONMENTS),
    default=0,
    help="Provisioned concurrency.",
)
@click.option(
    "--limit", type=click.IntRange(1), help="Concurrency limit; what is above it is throttled."
)
@click.option(
    "--requests",
    type=click.IntRange(1, _MOST_REQUESTS),
    help="Requests that count, after the warm-up.  [default: 1000000; of a profile a day, of a"
    " trace all]",
)
@click.option(
    "--seed",
    type=click.IntRange(0, _LARGEST_SEED),
    default=1,
    show_default=True,
    help="The same seed gives the same requests.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "loop", "blocks"]),
    default="auto",
    show_default=True,
    help="The algorithm; the answer is the same.",
)
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def command(
    workload: str | None,
    rps: float | None,
    bursts: tuple[Burst, ...],
    trace: str | None,
    duration_ms: float | None,
    cv: float | None,
    init_ms: float | None,
    keep_alive_s: float | None,
    provisioned: int,
    limit: int | None,
    requests: int | None,
    seed: int,
    engine: Engine,
    format_: str,
    output: str | None,
) -> None:
    """Simulate a function request by request: cold starts, environments, latency.

    \b
      advisor simulate --rps 20 --duration-ms 120 --init-ms 400
      advisor simulate --rps 5 --burst 200:10:3600 --duration-ms 100
      advisor simulate --workload workload.yaml --provisioned 10
      advisor simulate --trace arrivals.csv.gz

    Beside the simulation stands what the formulas say about the same load.
    """
    given = Given(
        workload=workload,
        trace=trace,
        rps=rps,
        bursts=bursts,
        duration_ms=duration_ms,
        init_ms=init_ms,
        cv=cv,
    )
    check(given, provisioned, limit, engine)
    from advisor.report import simulations
    from advisor.simulation.simulate import Function

    load, file_init_s = load_of(given)
    function = Function(
        keep_alive_s=_shortest_keep_alive_s() if keep_alive_s is None else keep_alive_s,
        init_s=file_init_s if init_ms is None else init_ms / MS_PER_SECOND,
        provisioned=provisioned,
        limit=limit,
    )
    try:
        if trace is None:
            answer = _simulated(load, function, requests, seed, engine)
        else:
            answer = _simulated_trace(given, load, function, requests, seed, engine)
    except ValueError as error:
        raise click.UsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    if format_ == "json":
        text = simulations.as_json(answer)
    else:
        text = simulations.as_text(answer, colour=options.coloured(output))
    options.write(text, output)
    if answer.trace is not None and answer.trace.bad_rows:
        sys.exit(_BAD_ROWS)


def _simulated(
    load: Load, function: Function, requests: int | None, seed: int, engine: Engine
) -> Simulated:
    from math import inf

    from advisor.arithmetic import significant
    from advisor.report.simulations import Simulated
    from advisor.simulation.simulate import simulate

    by_day = len(set(load.hourly_rps)) > 1
    day = load.mean_rps * SECONDS_PER_DAY
    whole_day = by_day and requests is None and day <= _MOST_BY_DEFAULT
    wanted = _DEFAULT_REQUESTS if requests is None else requests
    load.check(wanted)
    # A day's requests are random in number too: the day ends it, not the count.
    most = _MOST_REQUESTS if whole_day else wanted
    warm_up_s = load.warm_up_s(function, wanted)
    source = load.source(seed, warm_up_s=warm_up_s, ends_s=SECONDS_PER_DAY if whole_day else inf)
    expected = day if whole_day else wanted
    with _bar(expected + warm_up_s * load.mean_rps) as tell:
        outcome = simulate(source, function, requests=most, engine=engine, progress=tell)
    notes = []
    if not warm_up_s:
        notes.append(
            "no warm-up: the keep-alive is longer than the simulation, which shows how an empty"
            " function begins; the closed form is of one that has been running"
        )
    if by_day and not whole_day:
        notes.append(
            "the simulation begins at midnight and does not end with a day; the closed form is of"
            " whole days"
        )
    notes += _unmodelled(function)
    return Simulated(
        outcome=outcome,
        model=load.closed_form(function),
        seed=seed,
        engine=engine,
        warm_up_seconds=significant(warm_up_s),
        provisioned=function.provisioned,
        trace=None,
        comparable=warm_up_s > 0,
        notes=tuple(notes),
    )


def _simulated_trace(
    given: Given,
    load: Load,
    function: Function,
    requests: int | None,
    seed: int,
    engine: Engine,
) -> Simulated:
    from advisor.report.simulations import Simulated
    from advisor.simulation.arrivals import Durations
    from advisor.simulation.load import Load
    from advisor.simulation.simulate import simulate
    from advisor.simulation.trace import Trace

    known = given.duration_ms is not None or given.workload is not None
    # Where the trace says the mean durations, their spread is still drawn.
    durations = Durations(load.duration_s, load.cv, seed)
    with Trace(given.trace or "", durations, seed) as trace:
        if not known and not trace.has_durations:
            raise click.UsageError(
                "The trace has no column duration_ms; give --duration-ms, the mean warm duration."
            )
        if given.duration_ms is not None and trace.has_durations:
            raise click.UsageError("The trace has durations of its own; leave --duration-ms out.")
        with _bar(trace.size) as tell:
            seen = 0

            def progress(_: int) -> None:
                nonlocal seen
                seen, before = trace.bytes_done, seen
                tell(seen - before)

            outcome = simulate(
                trace,
                function,
                requests=_MOST_REQUESTS if requests is None else requests,
                engine=engine,
                progress=progress,
            )
        read = _read(trace)
    notes = [
        "the trace begins with an empty function, and everything counts",
        *_unmodelled(function),
    ]
    seconds, mean_s = outcome.simulated_seconds, outcome.mean_duration_s
    if seconds > 0 and mean_s is not None:
        steady = Load(hourly_rps=(outcome.requests / seconds,), duration_s=mean_s)
        model = steady.closed_form(function)
        notes.append("the closed form is of a steady load at the trace's mean rate")
    else:
        from advisor.simulation.load import NO_FORMULA

        model = NO_FORMULA
    return Simulated(
        outcome=outcome,
        model=model,
        seed=seed,
        engine=engine,
        warm_up_seconds=0.0,
        provisioned=function.provisioned,
        trace=read,
        comparable=True,
        notes=tuple(notes),
    )


def _unmodelled(function: Function) -> list[str]:
    return [] if function.limit is None else ["the closed form knows no concurrency limit"]


def _read(trace: Trace) -> TraceRead:
    from advisor.report.simulations import TraceRead

    return TraceRead(
        file=trace.path,
        rows=trace.rows,
        bad_rows=trace.bad_rows,
        first_bad=tuple((row.line, row.reason) for row in trace.first_bad),
    )


def _shortest_keep_alive_s() -> float:
    from advisor.capacity.coldstart import model

    return float(model()["keep_alive_s"]["shortest"])


@contextmanager
def _bar(length: float) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal, from the moment on at which the work has taken a second."""
    hidden = not sys.stderr.isatty()
    began = time.monotonic()
    bar = click.progressbar(
        length=max(1, round(length)), label="Simulating", file=sys.stderr, hidden=hidden
    )
    waiting = 0
    shown = False

    def tell(done: int) -> None:
        nonlocal waiting, shown
        waiting += done
        if hidden or (not shown and time.monotonic() - began < _PATIENCE_S):
            return
        if not shown:
            shown = True
            bar.render_progress()
        bar.update(waiting)
        waiting = 0

    try:
        yield tell
    finally:
        if shown:
            bar.render_finish()
