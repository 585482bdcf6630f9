"""The options of each decision, and what stands beside the recommended design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.decisions.joining import joined
from advisor.decisions.recommendation import Decision, OptionAnswer, monthly_usd_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.decisions.joining import Whole
    from advisor.decisions.recommendation import Candidate, Status
    from advisor.rulebook import Verdict

NOT_PRICED = {
    "compute": (
        "lambda-web-function",
        "ecs-express-mode",
        "ecs-managed-instances",
        "app-runner",
    ),
    "messaging": ("eventbridge-custom-bus",),
}
"""Options that AWS offers and that no price is known of; they are never recommended."""
WITHOUT_PRICE = "AWS publishes no price that is known here, so it is never recommended"
_ORDER = {"recommended": 0, "feasible": 1, "unknown": 2, "excluded": 3}


def decision_of(
    name: str,
    block: Sequence[Candidate],
    ranked: Sequence[Whole],
    judge: Callable[[str, str], tuple[Verdict, ...]],
) -> Decision:
    """Return a decision with each of its options, as the cheapest design that contains it.

    ``block`` are the candidates of the decision's block, ``ranked`` the feasible whole designs, the
    recommended one first. ``judge`` gives the verdicts on an option that has no price.
    """
    best = ranked[0] if ranked else None
    options = dict.fromkeys(each.design.choices()[name] for each in block if _has(each, name))
    answers = [
        _option(name, option, [each for each in block if _is(each, name, option)], ranked)
        for option in options
    ]
    answers += [_not_priced(name, option, judge) for option in NOT_PRICED.get(name, ())]
    answers.sort(
        key=lambda answer: (
            _ORDER[answer.status],
            monthly_usd_of(answer.candidate) if answer.candidate else 0,
        )
    )
    recommended = None if best is None else best.design.choices().get(name)
    return Decision(decision=name, recommended=recommended, options=tuple(answers))


def _has(candidate: Candidate, decision: str) -> bool:
    return decision in candidate.design.choices()


def _is(candidate: Candidate, decision: str, option: str) -> bool:
    return candidate.design.choices().get(decision) == option


def _option(
    decision: str, option: str, parts: Sequence[Candidate], ranked: Sequence[Whole]
) -> OptionAnswer:
    whole = next((each for each in ranked if any(map(each.has, parts))), None)
    if whole is not None:
        status: Status = "recommended" if whole is ranked[0] else "feasible"
        chosen = joined(whole)
        return OptionAnswer(
            option=option,
            status=status,
            candidate=chosen,
            verdicts=chosen.verdicts[decision],
            why="",
        )
    open_ = [part for part in parts if not part.excluded_by]
    if open_:
        chosen = min(open_, key=lambda part: (bool(part.unstated), part.known_usd))
        status, why = "unknown", _why_unknown(chosen)
    else:
        chosen = min(parts, key=lambda part: len(part.excluded_by))
        own = [v for v in chosen.excluded_by if v in chosen.verdicts[decision]]
        status, why = "excluded", " ".join(v.said for v in own or chosen.excluded_by)
    return OptionAnswer(
        option=option,
        status=status,
        candidate=chosen,
        verdicts=chosen.verdicts[decision],
        why=why,
    )


def _why_unknown(candidate: Candidate) -> str:
    missing = dict.fromkeys(f"{error.service}/{error.component}" for error in candidate.missing)
    reasons = []
    if missing:
        if candidate.known_usd:
            reasons.append(f"{candidate.known_usd:,.2f} USD a month at least")
        reasons.append(f"no price known for {', '.join(missing)}")
    if candidate.unstated:
        reasons.append(f"{', '.join(candidate.unstated)} must be stated")
    return "; ".join(reasons) or "a part of the design that it needs has no answer"


def _not_priced(
    decision: str, option: str, judge: Callable[[str, str], tuple[Verdict, ...]]
) -> OptionAnswer:
    verdicts = judge(decision, option)
    against = [v for v in verdicts if v.effect == "exclude" and v.result == "true"]
    return OptionAnswer(
        option=option,
        status="excluded" if against else "unknown",
        candidate=None,
        verdicts=verdicts,
        why=" ".join(verdict.said for verdict in against) or WITHOUT_PRICE,
    )


def runner_up_of(ranked: Sequence[Whole]) -> Whole | None:
    """Return the cheapest design that differs in the first decision, else the next cheapest."""
    if len(ranked) < 2:
        return None
    best, *others = ranked
    first = next(iter(best.design.choices()))
    kind = best.design.choices()[first]
    return next((each for each in others if each.design.choices()[first] != kind), others[0])
