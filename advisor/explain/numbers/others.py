"""Numbers that are no result: assumptions, the format's version, and what is new in the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.explain.explanation import Explanation, Figure
from advisor.explain.matching import NoSuchName
from advisor.explain.numbers.costs import of_design
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.assumption import Assumption
    from advisor.explain.case import Case
    from advisor.explain.numbers.places import Place


def other(case: Case, place: Place) -> Explanation:
    """Explain a number that belongs to no option; raise NoSuchName for one that nothing knows."""
    match place.steps:
        case ("schema_version",):
            return Explanation(
                title=f"Version {place.value} of the JSON answer",
                sentences=(
                    "It changes when a key is renamed, removed or gets another meaning; new keys"
                    " do not change it.",
                ),
            )
        case ("assumptions", int(index), *_):
            return assumed(case.answer.assumptions[index])
        case ("preference", *rest):
            return _preferred(case, rest)
        case ("questions", int(index), *_):
            otherwise = case.answer.questions[index].otherwise
            if otherwise is not None:
                return of_design(otherwise)
    raise NoSuchName(f"{place.path} is a number that has no explanation")


def assumed(taken: Assumption) -> Explanation:
    """Explain a value that the workload file does not state."""
    inferred = taken.field.startswith("price ")
    return Explanation(
        title=f"{taken.field} = {words.plain(taken.value)}",
        sentences=(
            f"Taken because nothing is stated: {taken.why}.",
            "The price is inferred (confidence C); another price table replaces it."
            if inferred
            else _replaced(taken.field),
        ),
        figures=(Figure(name="value", value=words.plain(taken.value)),),
    )


def _replaced(field: str) -> str:
    if "." in field and " " not in field:
        return f"State {field} in the workload file to replace it."
    return "It follows from how the model works, not from a field of its own."


def _preferred(case: Case, rest: list[str | int]) -> Explanation:
    preference = case.answer.preference
    if preference is None:
        raise LookupError("the answer rests on no preference")
    if rest == ["margin_percent"]:
        return Explanation(
            title=f"Preferences break ties within {preference.margin_percent:g} %",
            sentences=(
                "Among the designs that cost at most so much more than the cheapest, the one that"
                " most rules prefer wins.",
                "State preferences.tie_margin_percent in the workload file to change it.",
            ),
        )
    return Explanation(
        title=f"The preferred design costs {words.money(preference.price_usd)} USD a month more",
        sentences=(
            f"{naming.choices(preference.over)} would be cheaper; it is passed over for"
            f" {', '.join(v.rule for v in preference.verdicts)}.",
        ),
        figures=(
            Figure(name="the preference costs", value=preference.price_usd, unit="USD"),
            Figure(name="at most", value=preference.margin_percent / 100, unit="share"),
        ),
        children=tuple(Explanation(title=f"{v.rule}: {v.because}") for v in preference.verdicts),
    )
