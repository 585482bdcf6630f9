"""What every report for people says, in the order in which it is said.

The text and the Markdown report render the same outline: the answer, the options, the bill, and
what was assumed and left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.cost.bill import total
from advisor.report import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.assumption import Assumption
    from advisor.cost.bill import LineItem
    from advisor.decisions.recommendation import (
        Candidate,
        Decision,
        Objective,
        OptionAnswer,
        Recommendation,
    )
    from advisor.quote.quoting import Quote

_TITLES = {"compute": "Compute", "cold_start": "Cold start", "api": "API"}


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


def headline(answer: Recommendation) -> str:
    """Return the answer in one line."""
    if answer.best is None:
        return "No recommendation" if answer.unknowns else "No option meets the limits and the SLO"
    amount = words.money(answer.best.monthly_usd)
    return f"{words.design(answer.best)}   {amount} USD a month"


def reasons(answer: Recommendation) -> tuple[str, ...]:
    """Return the lines under the headline: size, margin, latency, flip points, today's design."""
    best = answer.best
    if best is None:
        if answer.unknowns:
            return (f"{len(answer.unknowns)} figures are missing; see “Not known” below.",)
        reopened: dict[tuple[str, ...], list[str]] = {}
        for design, fields in answer.reopen:
            reopened.setdefault(fields, []).append(words.choices(design))
        return tuple(
            f"A change of {' and '.join(fields)} would reopen {', '.join(names)}."
            for fields, names in reopened.items()
        )
    lines = []
    size = words.sizing(best.sizing)
    unit = words.per_million(best, answer.monthly_requests)
    if size:
        lines.append(f"{size}.")
    if "provisioned_concurrency" in best.sizing:
        lines.append(words.kept_ready(best.sizing["provisioned_concurrency"]))
    margin = words.margin(answer)
    if margin is not None and answer.runner_up is not None:
        lines.append(
            f"{words.design(answer.runner_up)} costs {words.money(margin[0])} USD more"
            f"{words.percent_more(margin[1])}."
        )
    if unit is not None:
        lines.append(f"{words.money(unit)} USD per million requests.")
    if answer.monthly_requests:
        lines += _latency_lines(best)
    if answer.objective is not None:
        lines += _objective_lines(answer.objective)
    for decision in answer.decisions:
        lines += [words.flip(point) for point in decision.flip_points]
    if answer.current is not None:
        lines.append(_today(answer.current, best))
    return tuple(lines)


def options(answer: Recommendation, decision: Decision) -> Table:
    """Return the table of a decision's options."""
    return Table(
        title=f"{_TITLES[decision.decision]} options",
        headers=("Option", "USD a month", "USD per million", "Status"),
        rows=tuple(_option_row(answer, option) for option in decision.options),
        numbers=(1, 2),
    )


def why_not(decision: Decision) -> Section:
    """Return the reason for each option that is excluded or unknown."""
    return Section(
        title="",
        lines=tuple(
            f"{words.name(option.option)}: {option.why}"
            for option in decision.options
            if option.why and option.candidate is not None
        ),
    )


def bill(candidate: Candidate) -> Table:
    """Return a design's bill, line by line, with the total."""
    return line_items(f"Bill of {words.design(candidate)}", candidate.line_items)


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
    """Return the lists at the end: unknowns, warnings, assumptions, what is not priced."""
    sections = (
        Section(title="Not known", lines=tuple(n.message for n in answer.unknowns)),
        Section(title="Warnings", lines=tuple(n.message for n in answer.warnings)),
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


def _option_row(answer: Recommendation, option: OptionAnswer) -> tuple[str, ...]:
    candidate = option.candidate
    if candidate is None:
        return (words.name(option.option), "", "", "not priced yet")
    if option.status in ("excluded", "unknown"):
        return (words.name(option.option), "", "", option.status)
    unit = words.per_million(candidate, answer.monthly_requests)
    return (
        words.design(candidate),
        words.money(candidate.monthly_usd),
        "" if unit is None else words.money(unit),
        option.status,
    )


def _latency_lines(best: Candidate) -> list[str]:
    lines = []
    if best.latency_ms is not None:
        shown = ", ".join(f"{name} {value:,.0f} ms" for name, value in best.latency_ms.items())
        lines.append(f"Latency {shown}.")
    if best.cold_start_share is not None:
        low, high = best.cold_start_share
        lines.append(f"Cold starts {low:.3%} to {high:.3%} of requests.")
    return lines


def _objective_lines(objective: Objective) -> list[str]:
    spare = objective.objective_ms - objective.reached_ms
    lines = [
        f"Holds the objective of p{objective.percentile:g} at {objective.objective_ms:,.0f} ms with"
        f" {spare:,.0f} ms to spare."
    ]
    if objective.price_usd > 0:
        lines.append(
            f"That costs {words.money(objective.price_usd)} USD more than"
            f" {words.choices(objective.without)}, which would reach"
            f" {objective.without_ms:,.0f} ms."
        )
    return lines


def _today(current: Candidate, best: Candidate) -> str:
    if current.design == best.design:
        return "That is the design you declare as current."
    if current.excluded_by:
        return f"Today's {words.design(current)} is excluded: {current.excluded_by[0].because}"
    difference = total(current.line_items) - total(best.line_items)
    return (
        f"Today's {words.design(current)}, sized for this load, costs"
        f" {words.money(difference)} USD a month more."
    )
