"""What a private API adds, and the free logs of an account."""

from __future__ import annotations

from decimal import Decimal

from advisor.cost.bill import total
from advisor.cost.cloudwatch import logs
from advisor.cost.network import interface_endpoints
from advisor.tariff import open_book


def test_an_interface_endpoint_is_charged_in_every_zone_and_for_its_data() -> None:
    # 2 zones x 730 h x 0.01 = 14.60, and 100 GB x 0.01 = 1.00.
    items = interface_endpoints(
        open_book(), "us-east-1", zones=Decimal(2), hours=Decimal(730), gigabytes=Decimal(100)
    )
    assert [item.monthly_usd for item in items] == [Decimal("14.60"), Decimal("1.00")]


def test_five_gigabytes_of_logs_are_free_once() -> None:
    # 1024^2 requests x 8 KB = 8 GB x 0.50 = 4.00, less 5 GB x 0.50.
    items = logs(
        open_book(),
        "us-east-1",
        requests=Decimal(1024 * 1024),
        kb_per_request=Decimal(8),
        from_lambda=True,
        free_tier=True,
    )
    assert [item.monthly_usd for item in items] == [Decimal(4), Decimal("-2.5")]
    assert total(items) == Decimal("1.5")
