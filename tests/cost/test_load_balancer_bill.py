"""Load balancers from connections and data: AWS's worked examples and the largest dimension."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from advisor.cost.bill import total
from advisor.cost.load_balancer import (
    application_load_balancer,
    capacity_unit_hours,
    network_capacity_unit_hours,
    network_load_balancer,
)
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def lcu_hours(
    *,
    hours: int = 730,
    connections: str = "0",
    active: int = 0,
    gigabytes: str = "0",
    rules: int = 0,
    lambda_target: bool = False,
) -> Decimal:
    units: Decimal = capacity_unit_hours(
        hours=Decimal(hours),
        new_connections_per_s=Decimal(connections),
        active_connections=Decimal(active),
        processed_gb=Decimal(gigabytes),
        rule_evaluations_per_s=Decimal(rules),
        lambda_target=lambda_target,
    )
    return units


def nlcu_hours(
    *, hours: int = 720, connections: str = "0", active: int = 0, gigabytes: str = "0"
) -> Decimal:
    units: Decimal = network_capacity_unit_hours(
        hours=Decimal(hours),
        new_connections_per_s=Decimal(connections),
        active_connections=Decimal(active),
        processed_gb=Decimal(gigabytes),
    )
    return units


def test_application_load_balancer_of_the_pricing_page() -> None:
    # https://aws.amazon.com/elasticloadbalancing/pricing/: 1 new connection a second of 2 minutes,
    # 5 requests a second, 300 KB/s (1.08 GB an hour) and 60 rules: 1/25 = 0.04, 120/3,000 = 0.04,
    # 1.08/1 = 1.08 and (60 - 10) x 5 / 1,000 = 0.25. 1.08 x 0.008 = 0.00864 and 0.0225 an hour, in
    # 720 h 22.4208; the page says 22.42.
    units = lcu_hours(hours=720, connections="1", active=120, gigabytes="777.6", rules=250)
    assert units == Decimal("777.6")
    items = application_load_balancer(BOOK, "us-east-1", hours=Decimal(720), lcu_hours=units)
    assert [item.monthly_usd for item in items] == [Decimal("16.2"), Decimal("6.2208")]


def test_network_load_balancer_of_the_pricing_page() -> None:
    # https://aws.amazon.com/elasticloadbalancing/pricing/: 100 new TCP connections a second of 3
    # minutes and 1,000 bytes each (0.36 GB an hour): 100/800 = 0.125, 18,000/100,000 = 0.18 and
    # 0.36. 0.36 x 0.006 = 0.00216 an hour, in 720 h 1.5552; the page says 1.55.
    units = nlcu_hours(connections="100", active=18_000, gigabytes="259.2")
    assert units == Decimal("259.2")
    items = network_load_balancer(BOOK, "us-east-1", hours=Decimal(720), nlcu_hours=units)
    # 720 h x 0.0225.
    assert [item.monthly_usd for item in items] == [Decimal("16.2"), Decimal("1.5552")]


def test_each_dimension_of_a_tcp_unit_may_be_the_largest() -> None:
    # 800 a second are 1 unit for 720 h, 300,000 open ones are 3, and 1,440 GB in 720 h are 2.
    assert nlcu_hours(connections="800") == 720
    assert nlcu_hours(connections="800", active=300_000, gigabytes="1440") == 2160
    assert nlcu_hours(connections="800", gigabytes="1440") == 1440


def test_each_dimension_of_a_unit_may_be_the_largest() -> None:
    # 50/25, 9,000/3,000 and 4,000/1,000 units in 730 h; 3,650 GB in 730 h are 5 units.
    assert lcu_hours(connections="50") == 2 * 730
    assert lcu_hours(connections="50", active=9000) == 3 * 730
    assert lcu_hours(connections="50", active=9000, rules=4000) == 4 * 730
    assert lcu_hours(connections="50", active=9000, rules=4000, gigabytes="3650") == 5 * 730


def test_the_data_of_a_function_fills_a_unit_sooner() -> None:
    # 100 GB at 0.4 GB a unit; no hour has a whole number of GB, and the sum is still exact.
    assert lcu_hours(gigabytes="100", lambda_target=True) == 250
    assert lcu_hours(gigabytes="100") == 100


def test_units_of_arrays_are_the_largest_of_each() -> None:
    units = capacity_unit_hours(
        hours=10.0,
        new_connections_per_s=np.array([25.0, 0.0]),
        active_connections=0.0,
        processed_gb=np.array([5.0, 8.0]),
        rule_evaluations_per_s=0.0,
        lambda_target=True,
    )
    # 1 unit x 10 h against 5/0.4 = 12.5, and 8/0.4 = 20.
    np.testing.assert_allclose(units, [12.5, 20.0], rtol=1e-12)


def test_a_balancer_without_traffic_is_charged_its_hours_only() -> None:
    (item,) = network_load_balancer(BOOK, "us-east-1", hours=Decimal(730), nlcu_hours=Decimal(0))
    assert item.monthly_usd == Decimal("16.425")


def test_only_the_part_that_is_used_needs_a_price() -> None:
    # Seoul has a price for the units of a Network Load Balancer and none for its hours.
    (item,) = network_load_balancer(
        BOOK, "ap-northeast-2", hours=Decimal(0), nlcu_hours=Decimal(1000)
    )
    assert item.monthly_usd == 6
    with pytest.raises(PriceMissing, match="load-balancer/nlb-hour in ap-northeast-2"):
        network_load_balancer(BOOK, "ap-northeast-2", hours=Decimal(1), nlcu_hours=Decimal(1))


def test_three_balancers_share_their_data() -> None:
    # 3 x 730 h x 0.0225 = 49.275, and 1,000 GB = 1,000 LCU-hours x 0.008 = 8.
    units = lcu_hours(hours=2190, gigabytes="1000")
    items = application_load_balancer(BOOK, "us-east-1", hours=Decimal(2190), lcu_hours=units)
    assert total(items) == Decimal("57.275")
