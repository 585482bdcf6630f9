"""Amounts of money: each is a sum of line items, or made of such sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.cost.bill import total
from advisor.explain import bills
from advisor.explain.explanation import Explanation, Figure
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Candidate
    from advisor.explain.case import Case

_MONTHS = 12
_PARTS = {
    "quantity": "The quantity",
    "unit_price_usd": "The unit price",
    "monthly_usd": "The cost",
}


def of_design(candidate: Candidate) -> Explanation:
    """Explain the total of a design: the sum of the lines of its bill."""
    return Explanation(
        title=(
            f"{naming.design(candidate)}: {words.money(total(candidate.line_items))} USD a month,"
            f" the sum of {len(candidate.line_items)} line items"
        ),
        sentences=("`--line-item NAME` explains each of them.",),
        figures=bills.bill_figures(candidate.line_items),
    )


def of_recommendation(case: Case, steps: tuple[str | int, ...]) -> Explanation:
    """Explain an amount of the recommendation."""
    answer = case.answer
    best, runner_up = answer.best, answer.runner_up
    if best is None:
        raise LookupError("an answer without a recommendation has no amount of one")
    amount = total(best.line_items)
    sum_of = Figure(name=naming.design(best), value=amount, unit="USD", formula=_lines(best))
    match steps:
        case ("annual_usd",):
            return Explanation(
                title=f"{words.money(amount * _MONTHS)} USD a year",
                figures=(
                    sum_of,
                    Figure(
                        name="a year",
                        value=amount * _MONTHS,
                        unit="USD",
                        formula=f"{words.money(amount)} × {_MONTHS} months",
                    ),
                ),
            )
        case ("usd_per_million_requests",):
            unit = words.per_million(best, answer.monthly_requests)
            return Explanation(
                title=f"{words.money(unit)} USD per million requests",
                figures=(
                    sum_of,
                    Figure(
                        name="requests a month",
                        value=answer.monthly_requests,
                        source="traffic.monthly_requests, or average_rps × the month's seconds",
                    ),
                    Figure(
                        name="per million",
                        value=unit,
                        unit="USD",
                        formula=(
                            f"{words.money(amount)} × 1,000,000 ÷"
                            f" {words.quantity(answer.monthly_requests)}"
                        ),
                    ),
                ),
            )
        case ("runner_up", "monthly_usd") if runner_up is not None:
            return of_design(runner_up)
        case ("margin_usd" | "margin_percent",) if runner_up is not None:
            return _margin(best, runner_up)
    return of_design(best)


def _margin(best: Candidate, runner_up: Candidate) -> Explanation:
    here, there = total(best.line_items), total(runner_up.line_items)
    share = Figure(
        name="of the recommended",
        value=(there - here) / here if here else None,
        unit="share",
        formula=f"{words.money(there - here)} ÷ {words.money(here)}",
    )
    return Explanation(
        title=(
            f"{naming.design(runner_up)} costs {words.money(there - here)} USD a month more than"
            f" {naming.design(best)}"
        ),
        sentences=(
            "The runner-up is the cheapest feasible design whose first decision is another.",
        ),
        figures=(*bills.change_figures(best.line_items, runner_up.line_items), share),
    )


def of_line(candidate: Candidate, line: int, part: str) -> Explanation:
    """Explain a number of a line of a design's bill."""
    found = bills.line_item(candidate.line_items[line])
    return Explanation(
        title=found.title,
        sentences=(
            f"{_PARTS.get(part, 'A number')} of a line of the bill of {naming.design(candidate)}.",
        ),
        figures=found.figures,
        children=found.children,
    )


def _lines(candidate: Candidate) -> str:
    return f"the sum of {len(candidate.line_items)} line items"
