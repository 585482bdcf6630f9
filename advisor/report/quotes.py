"""A quote as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.cost.bill import total
from advisor.report import json, outline, text
from advisor.wording import words

if TYPE_CHECKING:
    from advisor.quote.quoting import Quote


def as_text(quote: Quote, *, colour: bool = False) -> str:
    """Return a quote for a terminal: the amount, its lines, what was assumed, which prices."""
    amount = words.money(total(quote.line_items))
    lines = [
        text.heading(f"{quote.service} in {quote.region}   {amount} USD a month", colour=colour),
        "",
        *text.table(outline.line_items("", quote.line_items))[1:],
        *text.sections((outline.assumed(quote.assumptions), outline.table_used(quote))),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_json(quote: Quote) -> str:
    """Return a quote as JSON; its first three keys are a contract with other people's scripts."""
    return json.encoded(
        {
            "monthly_usd": json.money(total(quote.line_items)),
            "line_items": [json.line_item(item) for item in quote.line_items],
            "assumptions": [json.assumption(taken) for taken in quote.assumptions],
            "service": quote.service,
            "region": quote.region,
            "prices": json.prices(quote),
        }
    )
