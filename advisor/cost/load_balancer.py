"""Application Load Balancer. https://aws.amazon.com/elasticloadbalancing/pricing/ (2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import alike, highest, in_words
from advisor.cost.bill import LineItem, charge
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def capacity_units(
    *,
    new_connections_per_s: Number,
    active_connections: Number,
    processed_mb_per_hour: Number,
    rule_evaluations_per_s: Number,
    lambda_target: bool,
) -> Number:
    """Return the Load Balancer Capacity Units of an hour: the largest of the four dimensions.

    ``rule_evaluations_per_s`` counts only rules beyond the free ones. A Lambda target
    carries less data per unit than other targets.
    """
    quota = limits()
    data = quota.number(
        "alb.lcu_processed_mb_per_hour_lambda" if lambda_target else "alb.lcu_processed_mb_per_hour"
    )
    return highest(
        highest(
            new_connections_per_s / quota.number("alb.lcu_new_connections_per_s"),
            active_connections / quota.number("alb.lcu_active_connections"),
        ),
        highest(
            processed_mb_per_hour / alike(data, processed_mb_per_hour),
            rule_evaluations_per_s / quota.number("alb.lcu_rule_evaluations_per_s"),
        ),
    )


def application_load_balancer(
    book: PriceBook, region: str, *, hours: Number, lcu_hours: Number
) -> list[LineItem]:
    """Charge a load balancer's hours and its capacity units, which are metered every hour."""
    hour_price, lcu_price = book.prices("load-balancer", ("alb-hour", "alb-lcu-hour"), region)
    return [
        *charge(
            hour_price,
            hours,
            "Load balancer",
            f"{in_words(hours)} hours",
        ),
        *charge(
            lcu_price,
            lcu_hours,
            "Capacity units",
            f"{in_words(lcu_hours)} LCU-hours: each hour the largest of new connections, active"
            " connections, processed bytes and rule evaluations",
        ),
    ]
