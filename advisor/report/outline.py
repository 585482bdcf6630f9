"""What every report for people says, in the order in which it is said.

The text and the Markdown report render the same outline: the answer, the options, the bill, and
what was assumed and left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.cost.bill import total
from advisor.wording import naming, words
from advisor.wording.reasons import duties, questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.assumption import Assumption
    from advisor.cost.bill import LineItem
    from advisor.decisions.recommendation import (
        Candidate,
        Decision,
        OptionAnswer,
        Recommendation,
    )
    from advisor.quote.quoting import Quote


class Table(Struct, frozen=True, kw_only=True):
    """A table: a title, headers, rows, and which columns hold numbers."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


class Section(Struct, frozen=True, kw_only=True):
    """A titled list of lines."""

    title: str
    lines: tuple[str, ...]


def options(answer: Recommendation, decision: Decision) -> Table:
    """Return the table of a decision's options; ``why_not`` has those that are excluded."""
    return Table(
        title=f"{naming.DECISIONS[decision.decision]} options",
        headers=("Option", "USD a month", "USD per million", "Status"),
        rows=tuple(
            _option_row(answer, decision.decision, option)
            for option in decision.options
            if option.status != "excluded"
        ),
        numbers=(1, 2),
    )


def why_not(decision: Decision) -> Section:
    """Return the reason for each option that is excluded or unknown."""
    return Section(
        title="",
        lines=tuple(
            f"{naming.name(option.option, decision.decision)}"
            f"{' excluded' if option.status == 'excluded' else ''}: {option.why}"
            for option in decision.options
            if option.why and (option.candidate is not None or option.status == "excluded")
        ),
    )


def bill(candidate: Candidate) -> Table:
    """Return a design's bill, line by line, with the total."""
    return line_items(f"Bill of {naming.design(candidate)}", candidate.line_items)


def line_items(title: str, items: Sequence[LineItem]) -> Table:
    """Return line items as a table, with their total."""
    rows = [
        (
            f"{item.ladder.service_name}: {item.item}",
            f"{words.quantity(item.quantity)} {words.units(item.quantity, item.unit)}",
            words.unit_price(item.unit_price_usd),
            words.money(item.monthly_usd),
        )
        for item in items
    ]
    rows.append(("Total", "", "", words.money(total(items))))
    return Table(
        title=title,
        headers=("Line item", "Quantity", "USD per unit", "USD a month"),
        rows=tuple(rows),
        numbers=(1, 2, 3),
    )


def notes(answer: Recommendation) -> tuple[Section, ...]:
    """Return the lists at the end: what is not known, what to do, what was taken for granted."""
    sections = (
        Section(title="Not known", lines=tuple(n.message for n in answer.unknowns)),
        Section(title="Would change the answer", lines=questions(answer)),
        Section(title="To do", lines=duties(answer)),
        Section(title="Warnings", lines=tuple(n.message for n in answer.warnings)),
        Section(
            title="Rules switched off",
            lines=tuple(f"{rule}: {reason}" for rule, reason in answer.switched_off),
        ),
        assumed(answer.assumptions),
        Section(title="Not priced", lines=answer.not_priced),
        table_used(answer),
    )
    return tuple(section for section in sections if section.lines)


def assumed(assumptions: Sequence[Assumption]) -> Section:
    """Return the list of what was taken for granted."""
    return Section(
        title="Assumed, because not stated",
        lines=tuple(
            f"{taken.field} = {words.plain(taken.value)}: {taken.why}" for taken in assumptions
        ),
    )


def assumed_elsewhere(answers: Iterable[Recommendation]) -> Section:
    """Return how much the answers took for granted, where there is no room to list it."""
    count = len({(each.workload, taken.field) for each in answers for taken in each.assumptions})
    lines = (f"{count} values; `advisor compare FILE` lists them.",) if count else ()
    return Section(title="Assumed, because not stated", lines=lines)


def table_used(answer: Recommendation | Quote) -> Section:
    """Return which prices an answer used."""
    day = f" as of {answer.prices_as_of}" if answer.prices_as_of else ""
    return Section(
        title="Prices",
        lines=(
            f"{answer.prices_origin}, {answer.region}{day}, USD without tax,"
            f" digest {answer.prices_digest[:12]}",
        ),
    )


def _option_row(answer: Recommendation, decision: str, option: OptionAnswer) -> tuple[str, ...]:
    candidate = option.candidate
    if candidate is None:
        return (naming.name(option.option, decision), "", "", "not priced")
    if option.status == "unknown":
        return (naming.name(option.option, decision), "", "", option.status)
    unit = words.per_million(candidate, answer.monthly_requests)
    return (
        naming.in_table(decision, option.option, candidate.design),
        words.money(candidate.monthly_usd),
        "" if unit is None else words.money(unit),
        option.status,
    )
