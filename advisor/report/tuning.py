"""The cost-latency curve of a function's memory, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import json, outline, text
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.decisions.memory_rows import Row
    from advisor.decisions.tuning import Tuning

_LEGEND = "* no other size is both cheaper and faster."


def as_text(tuning: Tuning, *, colour: bool = False) -> str:
    """Return the curve for a terminal: the answer, the sizes, what was assumed, which prices."""
    requests = f"{words.quantity(tuning.monthly_requests)} requests a month"
    lines = [
        f"{words.safe(tuning.workload)}, {tuning.region}, {requests}",
        "",
        text.heading(_headline(tuning), colour=colour),
    ]
    for reason in _reasons(tuning):
        lines += text.wrapped(reason)
    for architecture in dict.fromkeys(row.architecture for row in tuning.rows):
        rows = [row for row in tuning.rows if row.architecture == architecture]
        lines += ["", *text.table(_table(tuning, architecture, rows))]
    if tuning.front:
        lines += text.wrapped(_LEGEND)
    lines += text.sections(
        (
            outline.Section(title="Not known", lines=tuning.missing),
            outline.Section(title="Limits of this answer", lines=tuning.notes),
            outline.assumed(tuning.assumptions),
            _prices(tuning),
        )
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_json(tuning: Tuning) -> str:
    """Return the curve as JSON; its keys and their order are a contract with scripts."""
    return json.encoded(
        {
            "schema_version": json.SCHEMA_VERSION,
            "workload": {
                "name": tuning.workload,
                "region": tuning.region,
                "file": tuning.file,
            },
            "prices": {
                "as_of": tuning.prices_as_of,
                "origin": tuning.prices_origin,
                "digest": tuning.prices_digest,
            },
            "objective": None
            if tuning.objective_ms is None
            else {"percentile": tuning.percentile, "latency_ms": tuning.objective_ms},
            "api": tuning.api,
            "cheapest": _size(tuning.cheapest),
            "fastest": _size(tuning.fastest),
            "today": _size(tuning.today),
            "rows": [_row(tuning, row) for row in tuning.rows],
            "assumptions": [json.assumption(taken) for taken in tuning.assumptions],
            "missing": list(tuning.missing),
            "excluded_by": list(tuning.excluded_by),
            "notes": list(tuning.notes),
        }
    )


def _headline(tuning: Tuning) -> str:
    best = tuning.cheapest
    if best is None:
        if tuning.missing:
            return "No answer: a price is missing"
        if tuning.excluded_by:
            return "No memory size keeps the limits"
        return f"No memory size holds {_objective(tuning)}"
    said = f"{_name(best)} is the cheapest"
    if best.slo is not None:
        said += f" that {'holds' if best.slo == 'holds' else 'may hold'} {_objective(tuning)}"
    return f"{said}   {words.money(best.monthly_usd)} USD a month"


def _reasons(tuning: Tuning) -> list[str]:
    lines = list(tuning.excluded_by)
    best, today, fastest = tuning.cheapest, tuning.today, tuning.fastest
    if best is not None:
        lines.append(f"{_speed(tuning, best)}{_spare(tuning, best)}.")
        if best.cold_start_share is not None and tuning.monthly_requests:
            low, high = best.cold_start_share
            lines.append(f"Cold starts {low:.3%} to {high:.3%} of requests.")
        if best.slo == "unknown":
            lines.append("That rests on what is not stated; see the assumptions below.")
    if best is not None and today is not None:
        lines.append(_against_today(tuning, today, best))
    if fastest is not None and fastest is not best:
        lines.append(
            f"The fastest is {_name(fastest)}: {_speed(tuning, fastest)},"
            f" {words.money(fastest.monthly_usd)} USD a month."
        )
    if tuning.api is not None:
        lines.append(f"Every bill has the front door: {naming.name(tuning.api)}.")
    return lines


def _against_today(tuning: Tuning, today: Row, best: Row) -> str:
    if today is best:
        return f"That is the memory of today, {today.memory_mb:g} MB."
    costs, least = today.monthly_usd, best.monthly_usd
    if costs is None or least is None:
        return ""
    missed = f" and misses {_objective(tuning)}" if today.slo == "missed" else ""
    difference = costs - least
    more = "more" if difference >= 0 else "less"
    return (
        f"Today's {_name(today)} costs {words.money(abs(difference))} USD {more}{missed}:"
        f" {_speed(tuning, today)}."
    )


def _table(tuning: Tuning, architecture: str, rows: list[Row]) -> outline.Table:
    """Return the curve of an architecture; a column that nothing is known for is left out."""
    headers = ("MB", "Mean", f"p{tuning.percentile:g}", "Spare", "USD a month", "per million", "")
    cells = [_cells(tuning, row) for row in rows]
    last = len(headers) - 1
    shown = [at for at in range(last + 1) if at == last or any(each[at] for each in cells)]
    return outline.Table(
        title=f"{architecture}, times in ms",
        headers=tuple(headers[at] for at in shown),
        rows=tuple(tuple(each[at] for at in shown) for each in cells),
        numbers=tuple(range(len(shown) - 1)),
    )


def _cells(tuning: Tuning, row: Row) -> tuple[str, ...]:
    spare = _margin(tuning, row)
    per_million = _per_million(tuning, row.monthly_usd)
    return (
        f"{row.memory_mb:g}",
        words.rate(row.duration_ms),
        "" if row.reached_ms is None else words.rate(row.reached_ms),
        "" if spare is None else f"{spare:+,.0f}",
        "" if row.monthly_usd is None else words.money(row.monthly_usd),
        "" if per_million is None else words.money(per_million),
        _marks(tuning, row),
    )


def _marks(tuning: Tuning, row: Row) -> str:
    if row.excluded_by:
        return "excluded"
    if row.missing:
        return "no price"
    told = [
        word
        for word, chosen in (
            ("cheapest", tuning.cheapest),
            ("fastest", tuning.fastest),
            ("today", tuning.today),
        )
        if row is chosen
    ]
    if row.slo == "missed":
        told.insert(0, "too slow")
    star = "* " if any(row is each for each in tuning.front) else ""
    return (star + ", ".join(told)).rstrip()


def _row(tuning: Tuning, row: Row) -> dict[str, Any]:
    amount = row.monthly_usd
    return {
        "memory_mb": row.memory_mb,
        "architecture": row.architecture,
        "measured": row.measured,
        "duration_ms": row.duration_ms,
        "latency_ms": row.latency_ms,
        "reached_ms": row.reached_ms,
        "slo": row.slo,
        "margin_ms": _margin(tuning, row),
        "cold_start_share": None if row.cold_start_share is None else list(row.cold_start_share),
        "lambda_usd": json.money(row.lambda_usd),
        "monthly_usd": json.money(amount),
        "usd_per_million_requests": json.money(_per_million(tuning, amount)),
        "pareto": any(row is each for each in tuning.front),
        "missing": [f"{error.service}/{error.component}" for error in row.missing],
        "excluded_by": list(row.excluded_by),
    }


def _size(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "memory_mb": row.memory_mb,
        "architecture": row.architecture,
        "reached_ms": row.reached_ms,
        "monthly_usd": json.money(row.monthly_usd),
    }


def _prices(tuning: Tuning) -> outline.Section:
    day = f" as of {tuning.prices_as_of}" if tuning.prices_as_of else ""
    return outline.Section(
        title="Prices",
        lines=(
            f"{tuning.prices_origin}, {tuning.region}{day}, USD without tax,"
            f" digest {tuning.prices_digest[:12]}",
        ),
    )


def _name(row: Row) -> str:
    return f"{row.memory_mb:g} MB {row.architecture}"


def _objective(tuning: Tuning) -> str:
    """Name the objective; only where rows were judged by one."""
    return f"p{tuning.percentile:g} at {tuning.objective_ms or 0:,.0f} ms"


def _speed(tuning: Tuning, row: Row) -> str:
    if row.reached_ms is None:
        return f"mean duration {words.rate(row.duration_ms)} ms"
    return f"p{tuning.percentile:g} {words.rate(row.reached_ms)} ms"


def _spare(tuning: Tuning, row: Row) -> str:
    spare = _margin(tuning, row)
    return "" if spare is None else f", {spare:,.0f} ms to spare"


def _margin(tuning: Tuning, row: Row) -> float | None:
    """Return how far below the objective a size stays, in ms; above it is negative."""
    if tuning.objective_ms is None or row.reached_ms is None:
        return None
    return round(tuning.objective_ms - row.reached_ms, 6)


def _per_million(tuning: Tuning, amount: Number | None) -> Number | None:
    if amount is None or not tuning.monthly_requests:
        return None
    return amount * 1_000_000 / type(amount)(str(tuning.monthly_requests))
