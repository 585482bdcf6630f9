"""A simulation as text and as JSON, with the formulas' answer beside it."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.report import json, outline, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.simulation.load import ClosedForm
    from advisor.simulation.outcome import Outcome

_QUANTILE_NAMES = {
    "mean": "mean",
    "p50": "p50",
    "p90": "p90",
    "p95": "p95",
    "p99": "p99",
    "p999": "p99.9",
}


class TraceRead(Struct, frozen=True, kw_only=True):
    """What was read of a trace: rows, how many were left out, and the first of these with lines."""

    file: str
    rows: int
    bad_rows: int
    first_bad: tuple[tuple[int, str], ...]


class Simulated(Struct, frozen=True, kw_only=True):
    """A simulation as it is reported. ``notes`` say what to know before comparing its figures;
    ``comparable`` is False where a difference from the formulas would say nothing.
    """

    outcome: Outcome
    model: ClosedForm
    seed: int
    engine: str
    warm_up_seconds: float
    provisioned: int
    trace: TraceRead | None
    comparable: bool
    notes: tuple[str, ...]


def as_json(answer: Simulated) -> str:
    """Return a simulation as JSON; its keys are a contract with other people's scripts."""
    outcome, model, trace = answer.outcome, answer.model, answer.trace
    document: dict[str, Any] = {
        "cold_start_probability": outcome.cold_start_probability,
        "mean_environments": outcome.mean_environments,
        "peak_environments": outcome.peak_environments,
        "spill_probability": outcome.spill_probability,
        "throttled": outcome.throttled,
        "latency_ms": outcome.latency_ms,
        "model": {
            "cold_start_probability": model.cold_start_probability,
            "mean_environments": model.mean_environments,
            "spill_probability": model.spill_probability,
            "basis": model.basis,
        },
        "requests": outcome.requests,
        "cold_starts": outcome.cold_starts,
        "seed": answer.seed,
        "engine": answer.engine,
        "simulated_seconds": outcome.simulated_seconds,
        "warm_up_seconds": answer.warm_up_seconds,
        "notes": list(answer.notes),
    }
    if trace is not None:
        document["trace"] = {
            "rows": trace.rows,
            "bad_rows": trace.bad_rows,
            "first_bad": [{"line": line, "reason": reason} for line, reason in trace.first_bad],
        }
    return json.encoded(document)


def as_text(answer: Simulated, *, colour: bool = False) -> str:
    """Return a simulation for a terminal: the share of cold requests first, then the figures."""
    outcome = answer.outcome
    share = _percent(outcome.cold_start_probability)
    lines = [
        text.heading(f"{share} of {outcome.requests:,} requests are cold", colour=colour),
        "",
        *text.table(_figures(answer)),
    ]
    if outcome.latency_ms:
        lines += ["", *text.table(_latencies(outcome))]
    lines += text.sections((_bad_rows(answer.trace), _notes(answer)))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _figures(answer: Simulated) -> outline.Table:
    outcome, model = answer.outcome, answer.model
    rows = [
        _row(
            "Cold-start share",
            _percent,
            outcome.cold_start_probability,
            model.cold_start_probability,
        ),
        _row("Environments, mean", _number, outcome.mean_environments, model.mean_environments),
        ("Environments, peak", f"{outcome.peak_environments:,}", "", ""),
    ]
    if answer.provisioned:
        rows.append(_row("Spill", _percent, outcome.spill_probability, model.spill_probability))
    rows += [
        ("Cold starts", f"{outcome.cold_starts:,}", "", ""),
        ("Throttled", f"{outcome.throttled:,}", "", ""),
    ]
    if not answer.comparable:
        rows = [(*row[:3], "") for row in rows]
    return outline.Table(
        title="Figures",
        headers=("", "simulated", "closed form", "difference"),
        rows=tuple(rows),
        numbers=(1, 2, 3),
    )


def _row(
    name: str, shown: Any, simulated: float | None, formula: float | None
) -> tuple[str, str, str, str]:
    difference = ""
    if simulated is not None and formula:
        difference = f"{(simulated / formula - 1) * 100:+,.1f} %"
    return name, shown(simulated), "" if formula is None else shown(formula), difference


def _percent(share: float | None) -> str:
    return "none served" if share is None else f"{share * 100:.4g} %"


def _number(value: float | None) -> str:
    if value is None:
        return "no time passed"
    return f"{value:.4g}" if value < 1 else f"{value:,.4f}".rstrip("0").rstrip(".")


def _latencies(outcome: Outcome) -> outline.Table:
    return outline.Table(
        title="Latency in the function, ms",
        headers=tuple(_QUANTILE_NAMES[name] for name in outcome.latency_ms),
        rows=(tuple(f"{value:,.4g}" for value in outcome.latency_ms.values()),),
        numbers=tuple(range(len(outcome.latency_ms))),
    )


def _bad_rows(trace: TraceRead | None) -> outline.Section:
    if trace is None or not trace.bad_rows:
        return outline.Section(title="", lines=())
    lines = [f"line {line}: {reason}" for line, reason in trace.first_bad]
    if trace.bad_rows > len(lines):
        lines.append(f"and {trace.bad_rows - len(lines):,} more")
    title = f"Left out: {trace.bad_rows:,} of {trace.rows:,} rows of the trace"
    return outline.Section(title=title, lines=tuple(lines))


def _notes(answer: Simulated) -> outline.Section:
    outcome = answer.outcome
    lines: Sequence[str] = (
        f"{_time(outcome.simulated_seconds)} simulated, after {_time(answer.warm_up_seconds)} that"
        " do not count",
        f"closed form: {answer.model.basis}",
        f"seed {answer.seed}, engine {answer.engine}",
        *([_chance(outcome)] if outcome.cold_starts else []),
        *answer.notes,
    )
    return outline.Section(title="Simulation", lines=tuple(lines))


def _chance(outcome: Outcome) -> str:
    # Two standard errors of a count; cold starts come in groups, so that it is more than that.
    percent = 200 / sqrt(outcome.cold_starts)
    return (
        f"with {outcome.cold_starts:,} cold starts chance moves their share by {percent:.2g} % or"
        " more"
    )


def _time(seconds: float) -> str:
    for unit, length_s in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length_s:
            return f"{seconds / length_s:,.4g} {unit}"
    return f"{seconds:,.4g} s"
