"""A decision with all of its options, and one option: why it is not the answer, or why it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.explain import remedies, rules
from advisor.explain.bills import bill_figures, change_figures
from advisor.explain.case import billed
from advisor.explain.explanation import Explanation, Figure
from advisor.explain.numbers import latency
from advisor.wording import naming, reasons, words

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Decision, OptionAnswer
    from advisor.explain.case import Case
    from advisor.rulebook import Verdict

_WEIGHT = {"exclude": 0, "require": 1, "warn": 2, "prefer": 3}
_CERTAINTY = {"true": 0, "unknown": 1, "false": 2}


def decision(case: Case, name: str) -> Explanation:
    """Explain a decision: each option with its money, its reason, and every verdict on it."""
    asked = case.decision(name)
    chosen = "nothing" if asked.recommended is None else naming.name(asked.recommended, name)
    return Explanation(
        title=f"{_spoken(name)}: {chosen}",
        sentences=tuple(reasons.flip(point, name) for point in asked.flip_points),
        figures=tuple(_amount(case, name, option) for option in asked.options),
        children=(
            *((remedies.remedies(case),) if name == "cold_start" else ()),
            *(_judged(case, asked, option) for option in asked.options),
            *((remedies.advice(),) if name == "cold_start" else ()),
        ),
    )


def _amount(case: Case, decision: str, option: OptionAnswer) -> Figure:
    candidate = billed(option)
    return Figure(
        name=naming.name(option.option, decision),
        value=option.status if candidate is None else candidate.monthly_usd,
        unit="" if candidate is None else "USD",
        formula=option.why if candidate is None else _against(case, option),
    )


def _against(case: Case, option: OptionAnswer) -> str:
    best, candidate = case.answer.best, billed(option)
    if candidate is None or best is None:
        return option.why
    named = naming.design(candidate)
    if candidate.design == best.design:
        return f"{named}, recommended"
    more = (candidate.monthly_usd or 0) - (best.monthly_usd or 0)
    return f"{named}, {words.money(abs(more))} {'more' if more >= 0 else 'less'}"


def _judged(case: Case, asked: Decision, option: OptionAnswer) -> Explanation:
    choices = rules.choices_of(option, asked.decision)
    return Explanation(
        title=f"{naming.name(option.option, asked.decision)}: {option.status}",
        sentences=(option.why,) if option.why else (),
        children=tuple(rules.verdict(case, given, choices) for given in _ordered(option.verdicts)),
    )


def _ordered(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    """Return verdicts with those that say something first, by what they do."""
    return sorted(verdicts, key=lambda given: (_CERTAINTY[given.result], _WEIGHT[given.effect]))


def option(case: Case, name: str) -> Explanation:
    """Explain why an option is not the answer, or why it is.

    Raises NoSuchName for an option that no decision of the answer has.
    """
    asked = case.options(name)
    parts = tuple(_why(case, decision, found) for decision, found in asked)
    if len(parts) == 1:
        return parts[0]
    return Explanation(
        title=f"{name} is an option of {len(parts)} decisions",
        children=tuple(
            replace(part, title=f"{_spoken(decision.decision)}: {part.title}")
            for (decision, _), part in zip(asked, parts, strict=True)
        ),
    )


def _why(case: Case, asked: Decision, option: OptionAnswer) -> Explanation:
    best, candidate = case.answer.best, billed(option)
    what = naming.name(option.option, asked.decision)
    choices = rules.choices_of(option, asked.decision)
    told = tuple(
        rules.verdict(case, given, choices)
        for given in _ordered(option.verdicts)
        if given.result != "false"
    )
    if candidate is None or best is None:
        others = _elsewhere(case, option)
        return Explanation(
            title=f"{what}: {option.status}",
            sentences=(option.why,) if option.why and not _told(option) else (),
            children=(*told, *others, *_too_slow(case, option)),
        )
    if candidate.design == best.design:
        return Explanation(
            title=f"{what}: recommended, {words.money(candidate.monthly_usd)} USD a month",
            sentences=_margin(case),
            figures=bill_figures(candidate.line_items),
            children=told,
        )
    more = (candidate.monthly_usd or 0) - (best.monthly_usd or 0)
    amount = words.money(abs(more))
    side = "more" if more >= 0 else "less"
    return Explanation(
        title=f"{what}: {amount} USD a month {side} than the recommended design",
        sentences=(
            f"The cheapest design with it is {naming.design(candidate)},"
            f" {words.money(candidate.monthly_usd)} USD a month"
            f"{_sized('; '.join(naming.sizes(candidate.sizing)))};"
            f" recommended is {naming.design(best)}, {words.money(best.monthly_usd)}.",
            *_why_not_although_cheaper(case, more < 0),
            *(
                reasons.flip(point, asked.decision)
                for point in asked.flip_points
                if point.to == option.option
            ),
        ),
        figures=change_figures(best.line_items, candidate.line_items),
        children=told,
    )


def _told(option: OptionAnswer) -> bool:
    """Return whether the verdicts of the decision itself say why an option is out."""
    return any(v.effect == "exclude" and v.result == "true" for v in option.verdicts)


def _too_slow(case: Case, option: OptionAnswer) -> tuple[Explanation, ...]:
    """Return how the latency came about that a design is excluded for."""
    candidate = option.candidate
    if candidate is None or all(v.rule != "slo.latency" for v in candidate.excluded_by):
        return ()
    reached = latency.at_objective(case, candidate)
    return () if reached is None else (reached,)


def _elsewhere(case: Case, option: OptionAnswer) -> tuple[Explanation, ...]:
    """Return what excludes an option's design through a decision beside its own."""
    if option.candidate is None:
        return ()
    own = {given.rule for given in option.verdicts}
    choices = option.candidate.design.choices()
    return (
        *(
            rules.verdict(case, given, choices)
            for given in option.candidate.excluded_by
            if given.rule not in own
        ),
        *(Explanation(title=str(missing)) for missing in option.candidate.missing),
        *(
            Explanation(title=f"{field} must be stated before it can be priced")
            for field in option.candidate.unstated
        ),
    )


def _why_not_although_cheaper(case: Case, cheaper: bool) -> tuple[str, ...]:  # noqa: FBT001 - a fact
    if not cheaper:
        return ()
    preference = case.answer.preference
    if preference is not None:
        return (
            f"Within {preference.margin_percent:g} % of each other, the design that more rules"
            f" prefer wins: {', '.join(v.rule for v in preference.verdicts)}.",
        )
    return (
        "It is not recommended because a remedy for cold starts that the objective does not need"
        " must save a stated part of the bill (rules/assumptions.yaml, cold_start_remedy).",
    )


def _margin(case: Case) -> tuple[str, ...]:
    runner_up, margin = case.answer.runner_up, words.margin(case.answer)
    if runner_up is None or margin is None:
        return ("Nothing else is feasible.",)
    return (
        f"The next best, {naming.design(runner_up)}, costs {words.money(margin[0])} USD more"
        f"{words.percent_more(margin[1])}.",
    )


def _sized(size: str) -> str:
    return f" ({size})" if size else ""


def _spoken(decision: str) -> str:
    return naming.DECISIONS[decision]
