"""The explanation that a path asks for, by where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.explain.explanation import Explanation
from advisor.explain.matching import NoSuchName
from advisor.explain.numbers import cold_shares, costs, flips, latency, others, sizing
from advisor.explain.numbers.places import Place, find, numbers

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Candidate
    from advisor.explain.case import Case

_MOST_LISTED = 40


def number(case: Case, answer: Any, path: str) -> Explanation:
    """Explain a number of the JSON answer.

    ``answer`` is the answer's tree as ``compare --format json`` prints it. A path to a part of it
    lists the numbers in that part. Raises NoSuchName for a path that leads nowhere, and for one
    to something without a number.
    """
    place = find(answer, path)
    below = list(numbers(place.value, place.steps))
    if below == [place]:
        return explained(case, place)
    if not below:
        raise NoSuchName(
            f"{place.path} is not a number\n"
            "  help: --decision, --option and --rule explain choices and verdicts"
        )
    more = len(below) - _MOST_LISTED
    return Explanation(
        title=f"{len(below)} numbers stand in {place.path or 'the answer'}",
        sentences=("Ask for one of them by its path.",),
        children=(
            *(Explanation(title=f"{each.path} = {each.value}") for each in below[:_MOST_LISTED]),
            *((Explanation(title=f"and {more:,} more"),) if more > 0 else ()),
        ),
    )


def explained(case: Case, place: Place) -> Explanation:
    """Explain the number at a place of the answer."""
    answer = case.answer
    match place.steps:
        case ("recommendation", *rest):
            return costs.of_recommendation(case, tuple(rest))
        case ("decisions", int(index), "options", int(option), *rest):
            candidate = answer.decisions[index].options[option].candidate
            if candidate is not None:
                return _of_design(case, candidate, tuple(rest), place)
        case ("current", *rest) if answer.current is not None:
            return _of_design(case, answer.current, tuple(rest), place)
        case ("decisions", int(index), "flip_points", int(point), *rest):
            decision = answer.decisions[index]
            return flips.flip(case, decision, decision.flip_points[point], rest)
        case ("objective", *rest):
            return latency.objective(case, tuple(rest))
    return others.other(case, place)


def _of_design(
    case: Case, candidate: Candidate, steps: tuple[str | int, ...], place: Place
) -> Explanation:
    """Explain a number of a design: of an option's cheapest one, or of the one of today."""
    match steps:
        case ("monthly_usd",):
            return costs.of_design(candidate)
        case ("line_items", int(line), str(part)):
            return costs.of_line(candidate, line, part)
        case ("latency_ms", str(name)):
            return latency.percentile(case, candidate, name)
        case ("cold_start_share", int(end)):
            return cold_shares.cold_share(case, candidate, end)
        case ("sizing", *keys):
            return sizing.sized(case, candidate, tuple(keys), place.value)
    return others.other(case, place)
