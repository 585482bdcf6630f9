"""How figures are written for people: one format for money, one for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.cost.bill import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.arithmetic import Number
    from advisor.decisions.recommendation import Candidate, Recommendation

CENT = 0.005
"""Amounts that differ by less look the same."""
WHOLE = 100_000
"""Figures from here are told in whole numbers, as `g` would round them or write an exponent."""


def money(amount: Number | None) -> str:
    """Return an amount to the cent; something below half a cent is not called zero."""
    if amount is None:
        return "unknown"
    if amount != 0 and abs(amount) < CENT:
        return "< 0.01" if amount > 0 else "> -0.01"
    return f"{amount:,.2f}"


def percent_more(percent: Number | None) -> str:
    """Return a surplus in percent, or as a multiple where percents stop meaning anything."""
    if percent is None:
        return ""
    if percent >= 1000:
        return f" ({percent / 100 + 1:,.0f} times as much)"
    return f" (+{percent:,.0f} %)"


def unit_price(price: Number) -> str:
    """Return a unit price exactly, without the zeros that end a price list's figures."""
    text = f"{price:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: Number) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{float(value):,.4g}"


def units(value: Number, unit: str) -> str:
    """Return a unit in the number that its quantity asks for."""
    return unit if unit == "GB" or abs(value) == 1 else f"{unit}s"


def per_million(candidate: Candidate, monthly_requests: float) -> Number | None:
    """Return the cost of a million requests, or None without requests or a total."""
    amount = candidate.monthly_usd
    if amount is None or not monthly_requests:
        return None
    if not amount:
        # What has no line items costs a whole 0, which is of no arithmetic.
        return amount
    return amount * 1_000_000 / type(amount)(str(monthly_requests))


def sum_of(answers: Sequence[Recommendation]) -> tuple[Number, int]:
    """Return the sum of the recommended designs, and how many there are."""
    bests = [answer.best for answer in answers if answer.best is not None]
    return total(item for best in bests for item in best.line_items), len(bests)


def margin(answer: Recommendation) -> tuple[Number, Number | None] | None:
    """Return how much the runner-up costs more: USD a month, and percent of the recommended.

    A recommended design that costs nothing has no percentage.
    """
    if answer.best is None or answer.runner_up is None:
        return None
    best, other = answer.best.monthly_usd, answer.runner_up.monthly_usd
    if best is None or other is None:
        return None
    difference = other - best
    return difference, (difference / best * 100 if best else None)


def rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def plain(value: Any) -> str:
    """Return a value of an assumption as it would stand in a workload file."""
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return f"{value:,.0f}" if abs(value) >= WHOLE else f"{value:,.6g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value)


def safe(text: str) -> str:
    """Make control characters of hostile input visible, so that they cannot drive a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == " " else f"\\x{ord(character):02x}"
        for character in text
    )
