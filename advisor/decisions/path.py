"""What stands around the code on the way of a request: the front door, and NAT gateways.

Every piece is priced on its own, so that one missing price names itself and hides no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.cost import network
from advisor.decisions.front_door import add_front_door
from advisor.decisions.path_bill import FARGATE, PathBill, gigabytes_of

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

__all__ = ["FARGATE", "PathBill", "add_front_door", "nat_gateways"]


def nat_gateways(situation: Situation, book: PriceBook, kb_per_request: float) -> list[LineItem]:
    """Charge a NAT gateway in every zone, and the data that passes them."""
    return network.nat_gateways(
        book,
        situation.region,
        gateways=book.number(situation.zones),
        hours=book.number(situation.arrivals.month_hours),
        gigabytes=gigabytes_of(situation, book, kb_per_request),
    )
