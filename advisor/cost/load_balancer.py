"""Application and Network Load Balancer.

https://aws.amazon.com/elasticloadbalancing/pricing/ (2026-08).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import alike, highest, in_words
from advisor.cost.bill import charge_stated
from advisor.limits import limits
from advisor.units import MB_PER_GB

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
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


def capacity_unit_hours(
    *,
    hours: Number,
    new_connections_per_s: Number,
    active_connections: Number,
    processed_gb: Number,
    rule_evaluations_per_s: Number,
    lambda_target: bool,
) -> Number:
    """Return the LCU-hours of a load that is the same in every hour.

    ``processed_gb`` is what passes in all the hours together; the rates and connections are those
    of each hour.
    """
    # Every dimension grows in proportion, so the hours go in before the largest is taken: the data
    # of an hour, which a division would have to round, is never needed.
    return capacity_units(
        new_connections_per_s=new_connections_per_s * hours,
        active_connections=active_connections * hours,
        processed_mb_per_hour=processed_gb * MB_PER_GB,
        rule_evaluations_per_s=rule_evaluations_per_s * hours,
        lambda_target=lambda_target,
    )


def network_capacity_unit_hours(
    *,
    hours: Number,
    new_connections_per_s: Number,
    active_connections: Number,
    processed_gb: Number,
) -> Number:
    """Return the NLCU-hours of TCP traffic that is the same in every hour.

    The largest of three dimensions counts, as on an Application Load Balancer. ``processed_gb`` is
    what passes in all the hours together. UDP and TLS have units of their own and are not meant.
    """
    quota = limits()
    return highest(
        highest(
            new_connections_per_s * hours / quota.number("nlb.nlcu_tcp_new_connections_per_s"),
            active_connections * hours / quota.number("nlb.nlcu_tcp_active_connections"),
        ),
        processed_gb * MB_PER_GB / quota.number("nlb.nlcu_processed_mb_per_hour"),
    )


def application_load_balancer(
    book: PriceBook, region: str, *, hours: Number, lcu_hours: Number
) -> list[LineItem]:
    """Charge a load balancer's hours and its capacity units, which are metered every hour."""
    return charge_stated(
        book,
        "load-balancer",
        region,
        ("alb-hour", hours, "Load balancer", f"{in_words(hours)} hours"),
        (
            "alb-lcu-hour",
            lcu_hours,
            "Capacity units",
            f"{in_words(lcu_hours)} LCU-hours: each hour the largest of new connections, active"
            " connections, processed bytes and rule evaluations",
        ),
    )


def network_load_balancer(
    book: PriceBook, region: str, *, hours: Number, nlcu_hours: Number
) -> list[LineItem]:
    """Charge a Network Load Balancer's hours and its capacity units, metered every hour."""
    return charge_stated(
        book,
        "load-balancer",
        region,
        ("nlb-hour", hours, "Load balancer", f"{in_words(hours)} hours"),
        (
            "nlb-nlcu-hour",
            nlcu_hours,
            "Capacity units",
            f"{in_words(nlcu_hours)} NLCU-hours: each hour the largest of new connections, active"
            " connections and processed bytes",
        ),
    )
