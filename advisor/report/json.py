"""The JSON report. Its keys and their order are a contract with other people's scripts.

Money and unit prices are decimal strings, not rounded; everything else is a JSON number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from advisor.cost.bill import total
from advisor.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.assumption import Assumption
    from advisor.cost.bill import LineItem
    from advisor.decisions.recommendation import (
        Candidate,
        Decision,
        Notice,
        Objective,
        OptionAnswer,
        Preference,
        Question,
        Recommendation,
    )
    from advisor.quote.quoting import Quote
    from advisor.rulebook import Verdict

SCHEMA_VERSION = 1
_MONTHS = 12


def render(answers: Sequence[Recommendation]) -> str:
    """Return one answer as an object; several as an object with a list and their sum."""
    if len(answers) == 1:
        document = answer_tree(answers[0])
    else:
        complete = all(answer.best is not None for answer in answers)
        document = {
            "schema_version": SCHEMA_VERSION,
            "answers": [answer_tree(answer) for answer in answers],
            "total_monthly_usd": money(words.sum_of(answers)[0]) if complete else None,
        }
    return encoded(document)


def encoded(document: Any) -> str:
    """Return plain values as JSON text."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def prices(answer: Recommendation | Quote) -> dict[str, str | None]:
    """Return which prices an answer used."""
    return {
        "as_of": answer.prices_as_of,
        "origin": answer.prices_origin,
        "digest": answer.prices_digest,
    }


def assumption(taken: Assumption) -> dict[str, Any]:
    """Return an assumption as plain values."""
    return {"field": taken.field, "value": taken.value, "why": taken.why}


def answer_tree(answer: Recommendation) -> dict[str, Any]:
    """Return an answer as plain values in the order of the contract."""
    return {
        "schema_version": SCHEMA_VERSION,
        "workload": {"name": answer.workload, "region": answer.region, "file": answer.file},
        "prices": prices(answer),
        "recommendation": recommendation(answer),
        "decisions": [_decision(decision) for decision in answer.decisions],
        "assumptions": [assumption(taken) for taken in answer.assumptions],
        "warnings": [notice(each) for each in answer.warnings],
        "unknowns": [notice(each) for each in answer.unknowns],
        "objective": _objective(answer.objective),
        "current": _current(answer),
        "preference": _preference(answer.preference),
        "questions": [_question(each) for each in answer.questions],
        "switched_off": [{"rule": rule, "reason": reason} for rule, reason in answer.switched_off],
        "not_priced": list(answer.not_priced),
        "reopen": [
            {"design": design.choices(), "fields": list(fields)} for design, fields in answer.reopen
        ],
    }


def recommendation(answer: Recommendation) -> dict[str, Any] | None:
    """Return the recommended design as plain values, or None without one."""
    best = answer.best
    if best is None:
        return None
    amount = total(best.line_items)
    margin = words.margin(answer)
    runner_up = answer.runner_up
    return {
        "design": best.design.choices(),
        "monthly_usd": money(amount),
        "annual_usd": money(amount * _MONTHS),
        "usd_per_million_requests": money(words.per_million(best, answer.monthly_requests)),
        "runner_up": None
        if runner_up is None
        else {
            "design": runner_up.design.choices(),
            "monthly_usd": money(runner_up.monthly_usd),
        },
        "margin_usd": None if margin is None else money(margin[0]),
        "margin_percent": (
            None if margin is None or margin[1] is None else round(float(margin[1]), 6)
        ),
    }


def _objective(objective: Objective | None) -> dict[str, Any] | None:
    if objective is None:
        return None
    return {
        "percentile": objective.percentile,
        "latency_ms": objective.objective_ms,
        "reached_ms": objective.reached_ms,
        "margin_ms": round(objective.objective_ms - objective.reached_ms, 6),
        "price_usd": money(objective.price_usd),
        "without": {
            "design": objective.without.choices(),
            "latency_ms": objective.without_ms,
        },
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.decision,
        "recommended": decision.recommended,
        "options": [_option(option) for option in decision.options],
        "flip_points": [
            {
                "field": point.field,
                "now": point.now,
                "at": point.at,
                "factor": float(f"{point.factor:.6g}"),
                "to": point.to,
                "unit": point.unit,
                "because": point.because,
            }
            for point in decision.flip_points
        ],
    }


def _option(answer: OptionAnswer) -> dict[str, Any]:
    candidate = answer.candidate
    shown: Candidate | None = candidate if answer.status in ("recommended", "feasible") else None
    return {
        "option": answer.option,
        "status": answer.status,
        "monthly_usd": None if shown is None else money(shown.monthly_usd),
        "line_items": [] if shown is None else [line_item(item) for item in shown.line_items],
        "sizing": {} if candidate is None else dict(candidate.sizing),
        "latency_ms": None if candidate is None else candidate.latency_ms,
        "cold_start_share": None
        if candidate is None or candidate.cold_start_share is None
        else list(candidate.cold_start_share),
        "verdicts": [_verdict(verdict) for verdict in answer.verdicts],
        "why": answer.why,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "rule": verdict.rule,
        "effect": verdict.effect,
        "result": verdict.result,
        "because": verdict.because,
        "needs": list(verdict.needs),
        "source": verdict.source,
        "evidence": verdict.evidence,
        "advice": verdict.advice if verdict.result == "true" else "",
        "companion": verdict.companion,
    }


def _current(answer: Recommendation) -> dict[str, Any] | None:
    current = answer.current
    if current is None:
        return None
    priced = not (current.missing or current.unstated)
    return {
        "design": current.design.choices(),
        "monthly_usd": money(total(current.line_items)) if priced else None,
        "sizing": dict(current.sizing),
        "latency_ms": current.latency_ms,
        "line_items": [line_item(item) for item in current.line_items],
        "excluded_by": [_verdict(verdict) for verdict in current.excluded_by],
    }


def _preference(preference: Preference | None) -> dict[str, Any] | None:
    if preference is None:
        return None
    return {
        "over": preference.over.choices(),
        "price_usd": money(preference.price_usd),
        "margin_percent": preference.margin_percent,
        "rules": [verdict.rule for verdict in preference.verdicts],
    }


def _question(question: Question) -> dict[str, Any]:
    otherwise = question.otherwise
    return {
        "fields": list(question.fields),
        "rules": [verdict.rule for verdict in question.verdicts],
        "if": [bound.words for bound in question.bounds],
        "otherwise": None
        if otherwise is None
        else {
            "design": otherwise.design.choices(),
            "monthly_usd": money(otherwise.monthly_usd),
        },
    }


def line_item(item: LineItem) -> dict[str, Any]:
    """Return a line item as plain values."""
    return {
        "service": item.ladder.service_name,
        "item": item.item,
        "unit": item.unit,
        "quantity": float(item.quantity),
        "unit_price_usd": money(item.unit_price_usd),
        "monthly_usd": money(item.monthly_usd),
        "price_id": item.price.id,
        "price_as_of": item.price.valid_from.isoformat(),
        "source": item.price.source,
        "formula": item.formula,
    }


def notice(given: Notice) -> dict[str, Any]:
    """Return a warning or an unknown as plain values."""
    return {"code": given.code, "message": given.message, "field": given.field}


def money(amount: Any) -> str | None:
    return None if amount is None else f"{amount:f}"
