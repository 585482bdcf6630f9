"""The story of an answer as it is told at a whiteboard: one screen, in plain words."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from advisor.decisions.varying import DECADES
from advisor.explain.bills import changes, label
from advisor.explain.explanation import Explanation
from advisor.explain.fitting import fitted
from advisor.explain.remedies import worth_it
from advisor.explain.rules import stated
from advisor.units import MS_PER_SECOND
from advisor.wording import naming, reasons, words

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.decisions.recommendation import Candidate, OptionAnswer
    from advisor.explain.case import Case
    from advisor.rulebook import Verdict

_LONGEST_NAME = 60
_MOST_NAMED = 3
_HEAVY = ("traffic.", "compute.duration", "compute.cpu", "compute.init", "compute.memory", "slo.")
"""The assumptions that move most bills and latencies, so that they are named first."""


def story(case: Case) -> Explanation:
    """Tell why the answer is what it is, in sections that fit one screen."""
    answer = case.answer
    best = answer.best
    if best is None:
        title = "no recommendation" if answer.unknowns else "nothing meets the limits and the SLO"
    else:
        title = f"{naming.design(best)}, {words.money(best.monthly_usd)} USD a month"
    sections = {
        "Question": _question(case),
        "Answer": () if best is None else _answered(case, best),
        "Decided": () if best is None else _decided(case, best),
        "Cold starts": worth_it(case),
        "Ruled out": _ruled_out(case),
        "Reopens": _reopens(case),
        "Would flip": () if best is None else _flips(case),
        "How sure": _sure(case, best),
        "Do next": _next(best),
        "Ask on": ("--option NAME, --decision NAME, --line-item TEXT, --rule ID, --number PATH",),
    }
    kept = fitted({name: list(said) for name, said in sections.items() if said})
    return Explanation(
        title=f"{shorten(answer.workload, _LONGEST_NAME)} in {answer.region}: {title}",
        children=tuple(
            Explanation(title=name, sentences=tuple(said)) for name, said in kept.items()
        ),
    )


def _question(case: Case) -> tuple[str, ...]:
    situation = case.situation
    arrivals, running = situation.arrivals, situation.running
    said = [
        f"{words.quantity(arrivals.monthly_requests)} requests a month:"
        f" {words.rate(arrivals.average_rps)} a second on average,"
        f" {words.rate(arrivals.peak_rps)} at the peak."
    ]
    if running is not None:
        mean_s = running.duration.mean_ms / MS_PER_SECOND
        longest = running.duration.quantile(0.99)
        late = f" (p99 {longest:,.0f} ms)" if longest > running.duration.mean_ms else ""
        said.append(
            f"Each takes {words.quantity(running.duration.mean_ms)} ms{late} with"
            f" {running.memory_mb:,g} MB, so {_count(arrivals.average_rps * mean_s)} are in"
            f" progress on average and {_count(arrivals.peak_rps * mean_s)} at the peak"
            " (Little's law: rate × duration)."
        )
    if situation.executions is not None:
        runs = situation.executions
        steps = "" if runs.transitions is None else f", {runs.transitions:,.4g} transitions each"
        said.append(f"{words.quantity(runs.monthly)} executions of a workflow a month{steps}.")
    if situation.messages is not None:
        flow = situation.messages
        said.append(
            f"{words.quantity(flow.monthly)} messages of {flow.message_kb:g} KB a month to"
            f" {flow.consumers:,} consumer{'' if flow.consumers == 1 else 's'}."
        )
    slo = case.workload.slo
    if slo is not None and slo.latency_p99_ms is not None:
        percentile = slo.latency_percentile or 99
        said.append(f"p{percentile:g} must stay within {slo.latency_p99_ms:,.0f} ms.")
    return tuple(said)


def _count(value: float) -> str:
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value >= 0.001 or not value else "less than 0.001"


def _short(name: str) -> str:
    """Return the name of a bill's line without what a reader of the story knows anyway."""
    service, _, item = name.partition(": ")
    if len(item.split()) > 2:
        return item
    plain = item if " " in item or not item.istitle() else item.lower()
    return f"{service.removeprefix('AWS ').removeprefix('Amazon ')} {plain}"


def _answered(case: Case, best: Candidate) -> tuple[str, ...]:
    answer = case.answer
    size = "; ".join(naming.sizes(best.sizing))
    unit = words.per_million(best, answer.monthly_requests)
    per = "" if unit is None else f", {words.money(unit)} per million requests"
    said = [
        f"{naming.design(best)}{f' ({size})' if size else ''}:"
        f" {words.money(best.monthly_usd)} USD a month{per}."
    ]
    dearest = sorted(best.line_items, key=lambda item: -item.monthly_usd)[:_MOST_NAMED]
    if dearest:
        listed = ", ".join(f"{_short(label(i))} {words.money(i.monthly_usd)}" for i in dearest)
        said.append(f"Most of it: {listed}.")
    if best.latency_ms is not None and answer.monthly_requests:
        shown = ", ".join(f"{name} {value:,.0f} ms" for name, value in best.latency_ms.items())
        said.append(f"Callers wait {shown}{_cold(best)}.")
    objective = answer.objective
    if objective is not None and objective.price_usd > 0:
        said.append(
            f"The objective costs {words.money(objective.price_usd)} USD of it:"
            f" {naming.choices(objective.without)} without it would reach"
            f" {objective.without_ms:,.0f} ms."
        )
    return tuple(said)


def _cold(best: Candidate) -> str:
    if best.cold_start_share is None:
        return ""
    low, high = best.cold_start_share
    return f"; {low:.2%} to {high:.2%} of requests are cold"


def _decided(case: Case, best: Candidate) -> tuple[str, ...]:
    answer = case.answer
    runner_up, margin = answer.runner_up, words.margin(answer)
    if runner_up is None or margin is None:
        return ("Nothing else is feasible, so there was no choice by cost.",)
    said = [
        f"Next best is {naming.design(runner_up)}, {words.money(abs(margin[0]))} USD"
        f" {'more' if margin[0] >= 0 else 'less'}{words.percent_more(margin[1])}."
    ]
    moved = changes(best.line_items, runner_up.line_items)
    for sign, verb in ((1, "It pays more for"), (-1, "It saves")):
        named = [change for change in moved if change.more * sign > 0][:_MOST_NAMED]
        if named:
            listed = ", ".join(
                f"{_short(change.label)} {words.money(abs(change.more))}" for change in named
            )
            said.append(f"{verb} {listed}.")
    if answer.preference is not None:
        preference = answer.preference
        said.append(
            f"{naming.choices(preference.over)} would save"
            f" {words.money(preference.price_usd)} USD; within"
            f" {preference.margin_percent:g} % the design that more rules prefer wins:"
            f" {', '.join(v.rule for v in preference.verdicts)}."
        )
    return tuple(said)


def _ruled_out(case: Case) -> tuple[str, ...]:
    """Return each reason once, with all options that it rules out; then what is not known."""
    out: dict[str, list[str]] = {}
    unknown: dict[str, list[str]] = {}
    for decision in case.answer.decisions:
        for option in decision.options:
            name = naming.name(option.option, decision.decision)
            if option.status == "excluded":
                out.setdefault(_broken(case, option), []).append(name)
            elif option.status == "unknown" and option.candidate is not None:
                unknown.setdefault(option.why, []).append(name)
    return (
        *(f"{', '.join(names)}: {why}" for why, names in out.items()),
        *(f"{', '.join(names)}, not known: {why}." for why, names in unknown.items()),
    )


def _broken(case: Case, option: OptionAnswer) -> str:
    """Return the limit that an option breaks, with the value that broke it."""
    against = [v for v in option.verdicts if v.effect == "exclude" and v.result == "true"]
    if not against and option.candidate is not None:
        against = list(option.candidate.excluded_by)
    if not against:
        return option.why
    more = f" And {len(against) - 1} more." if len(against) > 1 else ""
    return f"{against[0].because}{_values(case, against[0])}{more}"


def _values(case: Case, verdict: Verdict) -> str:
    fields = [field for field in verdict.fields if not field.startswith("option.")]
    if not fields:
        return f" ({verdict.rule})"
    listed = ", ".join(f"{field} = {stated(case, field)}" for field in fields[:2])
    return f" ({listed})"


def _reopens(case: Case) -> tuple[str, ...]:
    by_fields: dict[tuple[str, ...], list[str]] = {}
    for design, fields in case.answer.reopen:
        by_fields.setdefault(fields, []).append(naming.choices(design))
    return tuple(
        f"A change of {' and '.join(fields)} reopens {', '.join(names)}."
        for fields, names in by_fields.items()
    )


def _flips(case: Case) -> tuple[str, ...]:
    points = {
        (point.field, point.at): (point, decision.decision)
        for decision in reversed(case.answer.decisions)
        for point in decision.flip_points
    }
    nearest = sorted(points.values(), key=lambda each: max(each[0].factor, 1 / each[0].factor))
    told = tuple(reasons.flip(point, decision) for point, decision in nearest)
    times = 10**DECADES
    return told or (f"The answer stays from a {times}th to {times} times the traffic of now.",)


def _sure(case: Case, best: Candidate | None) -> tuple[str, ...]:
    answer = case.answer
    said = [_ended(f"Not known: {notice.message}") for notice in answer.unknowns]
    said += reasons.questions(answer)
    if best is not None:
        weak = [v.rule for v in _weak(best)]
        if weak:
            said.append(f"Planning figures (evidence D) behind it: {', '.join(weak)}.")
    weakly = _weakly_excluded(case)
    if weakly:
        said.append(f"Ruled out by planning figures (evidence D) alone: {', '.join(weakly)}.")
    inferred = [each for each in answer.assumptions if each.field.startswith("price ")]
    if inferred:
        listed = ", ".join(each.field.removeprefix("price ") for each in inferred)
        said.append(f"Inferred prices (confidence C) in it: {listed}.")
    margin = words.margin(answer)
    if margin is not None and margin[1] is not None and margin[1] > 0:
        said.append(
            f"It stays the cheapest until its bill is {_beyond(margin[1])} what is estimated here."
        )
    taken = [each for each in answer.assumptions if each not in inferred]
    if taken:
        heavy = [each for each in taken if each.field.startswith(_HEAVY)][:_MOST_NAMED]
        named = ", ".join(f"{each.field} = {words.plain(each.value)}" for each in heavy)
        said.append(
            f"{len(taken)} values were not stated and are assumed"
            f"{f', such as {named}' if named else ''}; `advisor compare` lists them."
        )
    return tuple(said)


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


def _beyond(percent: Number) -> str:
    """Return a surplus so that a small one still tells itself from none."""
    if percent < 100:
        return f"{percent:,.0f} % above" if percent >= 10 else f"{float(percent):.2g} % above"
    times = float(percent) / 100 + 1
    return f"{times:,.1f} times" if times < 100 else f"{times:,.0f} times"


def _weak(best: Candidate) -> list[Verdict]:
    return [
        verdict
        for effect in ("exclude", "require", "prefer", "warn")
        for result in ("true", "false")
        for verdict in best.said(effect, result)
        if verdict.evidence == "D" and (result == "true" or effect == "exclude")
    ]


def _weakly_excluded(case: Case) -> list[str]:
    """Return the options that nothing but rules of evidence D excludes."""
    found = []
    for decision in case.answer.decisions:
        for option in decision.options:
            against = [v for v in option.verdicts if v.effect == "exclude" and v.result == "true"]
            if option.status == "excluded" and against and all(v.evidence == "D" for v in against):
                found.append(naming.name(option.option, decision.decision))
    return found


def _next(best: Candidate | None) -> tuple[str, ...]:
    if best is None:
        return ()
    said = dict.fromkeys(
        f"{verdict.because} {verdict.advice}".strip() if effect == "warn" else verdict.advice
        for effect in ("require", "warn", "prefer")
        for verdict in best.said(effect)
        if verdict.advice or effect == "warn"
    )
    return tuple(said)
