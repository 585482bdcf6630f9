"""Lambda Managed Instances. https://aws.amazon.com/lambda/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.arithmetic import in_words, is_zero
from advisor.cost.bill import LineItem, charge, charge_stated
from advisor.units import PERCENT

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def managed_instances(
    book: PriceBook,
    region: str,
    *,
    instance_type: str,
    instance_hours: Number,
    requests: Number,
    ec2_discount_percent: Number = 0,
) -> list[LineItem]:
    """Charge the instances that Lambda runs in the account, its fee for them, and the requests.

    A discount (Savings Plan, reservation) lowers what EC2 charges but not the fee, which is 15 % of
    the on-demand price. Duration is not charged, and the free tier covers none of it.
    """
    items = charge_stated(
        book,
        "lambda",
        region,
        ("lmi-requests", requests, "Requests", f"{in_words(requests)} requests"),
    )
    if not is_zero(instance_hours):
        items += instances(book, region, instance_type, instance_hours, ec2_discount_percent)
        items += management_fee(book, region, instance_type, instance_hours)
    return items


def instances(
    book: PriceBook, region: str, instance_type: str, hours: Number, discount_percent: Number = 0
) -> list[LineItem]:
    """Charge the instances as EC2 does, less a discount."""
    ec2 = book.price("ec2", f"ondemand-linux-{instance_type}", region)
    lines = charge(
        ec2,
        hours,
        f"EC2 instances, {instance_type}",
        f"{in_words(hours)} instance-hours on demand",
    )
    items = list(lines)
    if not is_zero(discount_percent):
        items += [
            replace(
                line,
                item=f"EC2 discount, {instance_type}",
                quantity=-line.quantity * discount_percent / PERCENT,
                formula=f"{in_words(discount_percent)} % of {in_words(hours)} instance-hours",
            )
            for line in lines
        ]
    return items


def management_fee(
    book: PriceBook, region: str, instance_type: str, hours: Number
) -> list[LineItem]:
    """Charge what Lambda takes for running the instances, by their price on demand."""
    ec2 = book.price("ec2", f"ondemand-linux-{instance_type}", region)
    fee = book.price("lambda", "lmi-management-fee-fraction", region)
    # AWS lists the fee by instance type too, but every one of those is this fraction of EC2's
    # on-demand price, which is known for more types.
    hourly = ec2.known(ec2.tiers[0])
    fees = charge(
        fee,
        hours * hourly,
        "Management fee",
        f"{in_words(hours)} instance-hours × {in_words(hourly)} USD on demand, not discounted",
    )
    return [replace(line, unit="EC2 on-demand dollar") for line in fees]
