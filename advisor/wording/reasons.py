"""The lines under the headline: what the answer is, what it costs more or less than, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.cost.bill import total
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.decisions.recommendation import (
        Candidate,
        Decision,
        FlipPoint,
        Objective,
        Preference,
        Question,
        Recommendation,
    )


def headline(answer: Recommendation) -> str:
    """Return the answer in one line."""
    if answer.best is None:
        return "No recommendation" if answer.unknowns else "No option meets the limits and the SLO"
    amount = words.money(answer.best.monthly_usd)
    return f"{naming.design(answer.best)}   {amount} USD a month"


def reasons(answer: Recommendation) -> tuple[str, ...]:
    """Return the lines under the headline: size, margin, latency, flip points, today's design."""
    best = answer.best
    if best is None:
        return _without_answer(answer)
    lines = [f"{phrase}." for phrase in naming.sizes(best.sizing)]
    if "provisioned_concurrency" in best.sizing:
        lines.append(naming.kept_ready(best.sizing["provisioned_concurrency"]))
    margin = words.margin(answer)
    if margin is not None and answer.runner_up is not None:
        dearer = "less" if margin[0] < 0 else "more"
        percent = "" if margin[0] < 0 else words.percent_more(margin[1])
        lines.append(
            f"{naming.design(answer.runner_up)} costs {words.money(abs(margin[0]))} USD"
            f" {dearer}{percent}."
        )
    if answer.preference is not None:
        lines.append(_preferred(answer.preference))
    unit = words.per_million(best, answer.monthly_requests)
    if unit is not None:
        lines.append(f"{words.money(unit)} USD per million requests.")
    if answer.monthly_requests:
        lines += _latency(best)
    if answer.objective is not None:
        lines += _objective(answer.objective)
    lines += _flips(answer.decisions)
    if answer.current is not None:
        lines.append(_today(answer.current, best))
    return tuple(lines)


def questions(answer: Recommendation) -> tuple[str, ...]:
    """Return what is not known and could change the answer, with the answer either way."""
    return tuple(_question(each, answer) for each in answer.questions)


def duties(answer: Recommendation) -> tuple[str, ...]:
    """Return what the recommended design must have, as the rules require it."""
    if answer.best is None:
        return ()
    said = {verdict.rule: verdict for verdict in answer.best.said("require")}
    return tuple(f"{each.said} {each.advice}".strip() for each in said.values())


def flip(point: FlipPoint, decision: str) -> str:
    """Say where the answer changes: "Fargate becomes cheaper above 36 requests/s; …"."""
    above = point.at > point.now
    times = point.factor if above else 1 / point.factor
    where = f"{'above' if above else 'below'} {_value(point.at, point.unit)}"
    what = _FIGURES.get(point.field, "")
    if point.to is None:
        told = f"No design is left {where}{what}"
    else:
        told = f"{naming.name(point.to, decision)} {_BECOMES[point.because]} {where}{what}"
    return f"{told}; you are {times:,.1f} times {'below' if above else 'above'} it."


_MOST_NAMES = 3
_BECOMES = {
    "cost": "becomes cheaper",
    "limits": "is what is left",
    "preference": "is preferred",
}
_FIGURES = {
    "traffic.average_rps": "",
    "compute.request_duration_ms": " a request",
    "compute.memory_mb": " of memory",
    "api.average_payload_kb": " of payload",
    "messaging.message_kb": " a message",
    "workflow.transitions_per_execution": " an execution",
    "cold start share": " that start cold",
    "slo.latency_p99_ms": " of latency objective",
}


def _value(value: float, unit: str) -> str:
    if unit == "of requests":
        return f"{value:.3%} of requests"
    return f"{words.rate(value)} {unit}"


def _flips(decisions: tuple[Decision, ...]) -> list[str]:
    """Return each flip point once: where compute changes, its cold starts do as well."""
    told: list[str] = []
    seen: set[tuple[str, float]] = set()
    for decision in decisions:
        for point in decision.flip_points:
            if (point.field, point.at) not in seen:
                seen.add((point.field, point.at))
                told.append(flip(point, decision.decision))
    return told


def _without_answer(answer: Recommendation) -> tuple[str, ...]:
    if answer.unknowns:
        missing = naming.counted(len(answer.unknowns), "figure")
        return (f"{missing} not known; see “Not known” below.",)
    reopened: dict[tuple[str, ...], list[str]] = {}
    for design, fields in answer.reopen:
        reopened.setdefault(fields, []).append(naming.choices(design))
    return tuple(
        f"A change of {' and '.join(fields)} would reopen {_few(names)}."
        for fields, names in reopened.items()
    )


def _few(names: list[str]) -> str:
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more designs"


def _preferred(preference: Preference) -> str:
    why = " ".join(verdict.because for verdict in preference.verdicts)
    return (
        f"Preferred over {naming.choices(preference.over)}, which costs"
        f" {words.money(preference.price_usd)} USD less (within {preference.margin_percent:g} %):"
        f" {why}"
    )


def _question(question: Question, answer: Recommendation) -> str:
    told = [bound.words for bound in question.bounds]
    told += [
        _UNBOUND.get(verdict.rule, f"{verdict.rule} applies")
        for verdict in question.verdicts
        if not any(bound.field in verdict.needs for bound in question.bounds)
    ]
    asked = f"Not stated: {', '.join(question.fields)}. If {' or '.join(dict.fromkeys(told))},"
    if question.otherwise is None:
        return f"{asked} no design is left; else the answer stays."
    best = answer.best
    more = total(question.otherwise.line_items) - (0 if best is None else total(best.line_items))
    return (
        f"{asked} the answer is {naming.design(question.otherwise)},"
        f" {words.money(more)} USD more; else it stays."
    )


_UNBOUND = {"slo.latency": "requests then miss the objective"}
"""What is asked where no rule of the rule files asks it."""


def _latency(best: Candidate) -> list[str]:
    lines = []
    if best.latency_ms is not None:
        shown = ", ".join(f"{name} {value:,.0f} ms" for name, value in best.latency_ms.items())
        lines.append(f"Latency {shown}.")
    if best.cold_start_share is not None:
        low, high = best.cold_start_share
        lines.append(f"Cold starts {low:.3%} to {high:.3%} of requests.")
    return lines


def _objective(objective: Objective) -> list[str]:
    spare = objective.objective_ms - objective.reached_ms
    lines = [
        f"Holds the objective of p{objective.percentile:g} at {objective.objective_ms:,.0f} ms with"
        f" {spare:,.0f} ms to spare."
    ]
    if objective.price_usd > 0:
        lines.append(
            f"That costs {words.money(objective.price_usd)} USD more than"
            f" {naming.choices(objective.without)}, which would reach"
            f" {objective.without_ms:,.0f} ms."
        )
    return lines


def _today(current: Candidate, best: Candidate) -> str:
    name = f"Today's {naming.design(current)} ({'; '.join(naming.sizes(current.sizing))})"
    if current.missing or current.unstated:
        return f"{name} cannot be priced."
    difference = total(current.line_items) - total(best.line_items)
    if current.excluded_by:
        reason = current.excluded_by[0].because
        return (
            f"{name} costs {words.money(total(current.line_items))} USD and is excluded: {reason}"
        )
    if current.design == best.design and abs(difference) < words.CENT:
        return "That is the design you declare as current."
    if difference < 0:
        return f"{name} costs {words.money(-difference)} USD a month less."
    return f"{name} costs {words.money(difference)} USD a month more."
