"""Remedies for cold starts as they are explained: whether any is needed, and what each buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.data import read_data
from advisor.decisions.assumptions import house_assumption
from advisor.decisions.context import RuleContext
from advisor.decisions.pricing import Pricer
from advisor.decisions.remedies import remedies_of
from advisor.explain.explanation import Explanation, Figure, Table
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Candidate, OptionAnswer
    from advisor.decisions.remedy import Remedies, Remedy, State
    from advisor.explain.case import Case

_KINDS = {
    "architecture": "{name}",
    "memory": "{name} MB",
    "snapstart": "SnapStart",
    "provisioned": "provisioned concurrency, {name}",
}
_SHORT = {**_KINDS, "provisioned": "provisioned, {name}"}
_VERDICTS = {
    "nobody-waits": (
        "they do not matter",
        "Nobody waits for the reply, so a remedy can save money and no time.",
    ),
    "unknown": (
        "whether they matter is not known",
        "No latency is known of what stands before the function, or of its INIT.",
    ),
    "warm-misses": (
        "no remedy for them is enough",
        "The objective is missed without any cold start too: the work itself is too slow for it.",
    ),
    "missed": ("they matter", "The objective is missed with them, and held without them."),
    "held": ("they do not matter", "The objective is held with them."),
    "tolerated": ("they do not matter", "slo.cold_start_tolerated says that they are borne."),
    "too-few": ("they do not matter", "Fewer requests are cold than the percentile leaves out."),
    "reached": ("they matter", "More requests are cold than the percentile leaves out."),
}
_MAYBE = (
    "they may matter",
    "At the high end of the range more requests are cold than the percentile leaves out.",
)


def remedies(case: Case) -> Explanation:
    """Explain what each remedy costs and buys for the function that the answer is about."""
    found = remedies_for(case)
    if found is None:
        return Explanation(
            title="Remedies for cold starts: none, as no design with Lambda is left",
            sentences=tuple(option.why for option in _functions(case) if option.why),
        )
    title, because = _MAYBE if _may_be(found) else _VERDICTS[found.reason]
    function = f"{naming.choices(found.design)}, {'; '.join(naming.sizes(found.now.sizing))}"
    return Explanation(
        title=f"Cold starts of {function}: {title}",
        sentences=(
            because,
            *_beside(case),
            *_figures(found),
            *_judged(found),
            *_legend(found),
        ),
        table=_table(found),
        children=_left_out(found),
    )


def remedies_for(case: Case) -> Remedies | None:
    """Return the remedies for the best design with Lambda, None where none is left."""
    candidate = _function(case)
    if candidate is None:
        return None
    context = RuleContext(case.situation, {}, day=case.day)
    return remedies_of(Pricer(case.situation, case.book), case.rulebook, context, candidate)


def _function(case: Case) -> Candidate | None:
    """Return the recommended design if it is a function, else the cheapest one that is."""
    best = case.answer.best
    if best is not None and best.design.compute == "lambda":
        return best
    candidate = next((option.candidate for option in _functions(case)), None)
    if candidate is None or any(v.rule != "slo.latency" for v in candidate.excluded_by):
        return None
    return candidate


def _functions(case: Case) -> list[OptionAnswer]:
    return [
        option
        for decision in case.answer.decisions
        if decision.decision == "compute"
        for option in decision.options
        if option.option == "lambda"
    ]


def worth_it(case: Case) -> tuple[str, ...]:
    """Return the remedy to take in a sentence, nothing where none is, or no function."""
    best = case.answer.best
    if best is None or best.design.compute != "lambda":
        return ()
    found = remedies_for(case)
    return () if found is None or found.worth_it is None else (_taken(found, found.worth_it),)


def _may_be(found: Remedies) -> bool:
    """Return whether only the high end of the range of cold starts reaches the percentile."""
    late = 1 - found.percentile / 100
    return found.reason == "reached" and found.now.cold_start_share[0] <= late


def _beside(case: Case) -> tuple[str, ...]:
    best = case.answer.best
    if best is None or best.design.compute == "lambda":
        return ()
    return (f"The answer is {naming.design(best)}; this is the cheapest design with Lambda.",)


def _figures(found: Remedies) -> tuple[str, ...]:
    now, percentile = found.now, f"p{found.percentile:g}"
    low, high = now.cold_start_share
    said = [
        f"{low * 100:.3g} % to {high * 100:.3g} % of requests are cold; {percentile} leaves out"
        f" {100 - found.percentile:.4g} %."
    ]
    if now.reached_ms is not None and now.warm_ms is not None:
        objective = (
            "" if found.objective_ms is None else f"; the objective is {found.objective_ms:,.0f} ms"
        )
        said.append(
            f"{percentile} is {now.reached_ms:,.0f} ms, and would be {now.warm_ms:,.0f} ms without"
            f" cold starts{objective}."
        )
    if now.monthly_usd is not None:
        said.append(f"Without a remedy that costs {words.money(now.monthly_usd)} USD a month.")
    return tuple(said)


def _judged(found: Remedies) -> tuple[str, ...]:
    worth = found.worth_it
    if worth is not None:
        return (f"Worth it: {_taken(found, worth)}",)
    if found.reason == "missed":
        return ("No remedy whose price is known holds the objective.",)
    said = ["No remedy is worth its money here."]
    if any(each.outcome == "saves" for each in found.remedies):
        least = house_assumption("cold_start_remedy")["must_save"]
        said.append(
            f"Without a need, provisioned concurrency must save {least:.0%} of the bill, and"
            " SnapStart is not taken: nobody has measured how long it takes to restore your code."
        )
    return tuple(said)


def _taken(found: Remedies, worth: Remedy) -> str:
    name = _KINDS[worth.kind].format(name=worth.name)
    before, after, more = worth.before, worth.after, worth.more_usd
    side = "less" if more is not None and more < 0 else "more"
    money = f"{words.money(None if more is None else abs(more))} USD a month {side}"
    if after is None or before.reached_ms is None or after.reached_ms is None:
        return f"{name}: {money}."
    return (
        f"{name} takes p{found.percentile:g} from {before.reached_ms:,.0f} to"
        f" {after.reached_ms:,.0f} ms: {money}."
    )


def _legend(found: Remedies) -> tuple[str, ...]:
    said = [
        "Below, what changes with one thing changed: USD a month more, the percentile, the median"
        " of a cold request, the share of cold requests (high end), and what a USD buys:"
        " milliseconds of the percentile, and cold starts fewer."
    ]
    if found.unsized:
        said.append(
            "Nothing here asks for a number of provisioned environments all day or by the hour, so"
            " none is sized."
        )
    return tuple(said)


def _table(found: Remedies) -> Table:
    percentile = f"p{found.percentile:g}"
    shown = [each for each in found.remedies if each.after is not None]
    return Table(
        columns=(
            "Remedy",
            "USD\nmore",
            f"{percentile}\nms",
            "cold\nms",
            "cold\n%",
            "ms per\nUSD",
            "fewer\nper USD",
        ),
        rows=(
            (
                Figure(name="remedy", value="none"),
                Figure(name="more", value=None, unit="USD"),
                *_measures(found.now, percentile),
                Figure(name="milliseconds per USD", value=None, unit="ms"),
                Figure(name="cold starts removed per USD", value=None),
            ),
            *(_row(each, percentile) for each in shown),
        ),
    )


def _measures(state: State, percentile: str) -> tuple[Figure, ...]:
    return (
        Figure(name=percentile, value=_rounded(state.reached_ms), unit="ms"),
        Figure(name="median of a cold request", value=_rounded(state.cold_request_ms), unit="ms"),
        Figure(name="requests that are cold", value=state.cold_start_share[1], unit="share"),
    )


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)


def _row(remedy: Remedy, percentile: str) -> tuple[Figure, ...]:
    # What buys nothing says so where the others say what a dollar buys.
    word = {"saves": "saves", "nothing": "nothing", "unpriced": "no price"}.get(remedy.outcome)
    after = remedy.after or remedy.before
    return (
        Figure(name="remedy", value=_SHORT[remedy.kind].format(name=remedy.name)),
        Figure(name="more", value=remedy.more_usd, unit="USD", signed=True),
        *_measures(after, percentile),
        Figure(name="milliseconds per USD", value=word or remedy.ms_per_usd, unit="ms"),
        Figure(name="cold starts removed per USD", value=remedy.removed_per_usd),
    )


def _left_out(found: Remedies) -> tuple[Explanation, ...]:
    """Return the remedies that are excluded, not known or without a price, each with its reason."""
    said = []
    for each in found.remedies:
        name = _KINDS[each.kind].format(name=each.name)
        if each.kind == "memory" and each.after is None:
            name = each.name
        said += [f"{name}, excluded: {v.because} ({v.rule})" for v in each.excluded_by]
        if each.needs:
            said.append(f"{name}, not known: state {' or '.join(each.needs)}.")
        if each.after is not None:
            said += [f"{name}, no price: {error}" for error in each.after.missing]
    return tuple(Explanation(title=title) for title in said)


def advice() -> Explanation:
    """Say what shortens a cold start in the code and its package, and what it was measured to do.

    What nobody has measured says so.
    """
    entries = read_data("rules/advice.yaml")["cold_start"]
    return Explanation(
        title="Advice, without a price",
        children=tuple(
            Explanation(
                title=entry["what"],
                sentences=(
                    entry["advice"],
                    "No figure is known."
                    if entry["measured"] is None
                    else f"Measured: {entry['measured']}",
                    f"{entry['source']} ({entry['checked']}, evidence {entry['evidence']})",
                ),
            )
            for entry in entries
        ),
    )
