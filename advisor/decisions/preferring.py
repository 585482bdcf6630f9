"""Ties that preferences break, and what is not known and could change the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.cost.bill import total
from advisor.decisions.joining import joined
from advisor.decisions.recommendation import Preference, Question
from advisor.decisions.situation import margin_percent
from advisor.rulebook.language.bounds import bounds, widest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.arithmetic import Number
    from advisor.decisions.answering import Field
    from advisor.decisions.context import RuleContext
    from advisor.decisions.joining import Whole
    from advisor.decisions.recommendation import Candidate
    from advisor.rulebook import Verdict
    from advisor.rulebook.language.bounds import Bound


def preferred(field: Field) -> tuple[list[Whole], Preference | None]:
    """Return the rivals, the recommended one first, and why it is not the cheapest.

    Among the designs within a margin of the cheapest, the one that most rules prefer wins; of
    equals, the cheapest.
    """
    rivals = list(field.rivals)
    if len(rivals) < 2:
        return rivals, None
    cheapest = rivals[0]
    margin = margin_percent(field.situation)
    bound = cheapest.monthly_usd * (1 + margin / 100)
    close = [each for each in rivals if each.monthly_usd <= bound]
    # A decision that not all of them ask, such as that of cold starts, would favour those that do.
    asked = set.intersection(*(set(each.design.choices()) for each in close))
    said = {id(each): votes(field.late(each), asked) for each in close}
    best = max(close, key=lambda each: (len(said[id(each)]), -each.monthly_usd))
    if best is cheapest:
        return rivals, None
    others = [each for each in rivals if each is not best]
    own = {verdict.rule for verdict in said[id(cheapest)]}
    return [best, *others], Preference(
        over=cheapest.design,
        price_usd=_difference(best, cheapest),
        margin_percent=margin,
        verdicts=tuple(each for each in said[id(best)] if each.rule not in own),
    )


def votes(whole: Whole, decisions: set[str]) -> list[Verdict]:
    """Return the rules about these decisions that prefer a design, each once."""
    found = {
        verdict.rule: verdict
        for decision, verdicts in joined(whole).verdicts.items()
        if decision in decisions
        for verdict in verdicts
        if verdict.effect == "prefer" and verdict.result == "true"
    }
    return list(found.values())


def _difference(best: Whole, cheapest: Whole) -> Number:
    return total(joined(best).line_items) - total(joined(cheapest).line_items)


def questions(
    field: Field, best: Candidate | None, ranked: Sequence[Whole]
) -> tuple[Question, ...]:
    """Return the unknown exclusions of the recommended design, by the answer that they lead to."""
    if best is None:
        return ()
    context = field.context.of(best.design.choices())
    found: dict[object, Question] = {}
    for verdict in best.said("exclude", "unknown"):
        other = next((w for w in ranked[1:] if not _has_unknown(w, verdict.rule)), None)
        key = None if other is None else other.design
        held = found.get(key)
        if held is None:
            otherwise = None if other is None else joined(other)
            held = Question(fields=(), verdicts=(), otherwise=otherwise)
        found[key] = replace(
            held,
            fields=tuple(dict.fromkeys((*held.fields, *verdict.needs))),
            verdicts=(*held.verdicts, verdict),
            bounds=widest((*held.bounds, *_bounds(field, context, verdict))),
        )
    return tuple(found.values())


def _bounds(field: Field, context: RuleContext, verdict: Verdict) -> tuple[Bound, ...]:
    rule = field.rulebook.rule(verdict.rule)
    return () if rule is None else bounds(rule.condition, context, verdict.needs)


def _has_unknown(whole: Whole, rule: str) -> bool:
    return any(v.rule == rule for part in whole.parts for v in part.said("exclude", "unknown"))
