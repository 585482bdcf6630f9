"""What balancers, data transfer, gateways, addresses and endpoints are quoted at."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.errors import PriceMissing
from advisor.quote.meter import Meter, Refused
from advisor.quote.network import (
    ApplicationLoadBalancer,
    DataTransfer,
    InterfaceEndpoint,
    NatGateway,
    NetworkLoadBalancer,
    PublicIpv4,
)
from advisor.tariff import PriceBook

BOOK = PriceBook()


def quote(
    meter: Meter, region: str = "us-east-1", *, free_tier: bool = False
) -> list[tuple[str, Decimal]]:
    items = meter.line_items(BOOK, region, free_tier=free_tier)
    for item in items:
        assert item.monthly_usd == item.quantity * item.unit_price_usd
    return [(item.item, item.monthly_usd) for item in items]


def refusal(meter: Meter) -> Refused:
    with pytest.raises(Refused) as refused:
        meter.line_items(BOOK, "us-east-1", free_tier=False)
    return refused.value


def test_a_balancer_by_its_lcu_hours() -> None:
    # 730 h x 0.0225, and 1,000 x 0.008.
    meter = ApplicationLoadBalancer(hours=Decimal(730), lcu_hours=Decimal(1000))
    assert quote(meter) == [("Load balancer", Decimal("16.425")), ("Capacity units", Decimal(8))]


def test_a_balancer_by_its_connections_and_data() -> None:
    # The pricing page's: 777.6 GB in 720 h are 1.08 units, above 1/25, 120/3,000 and 250/1,000.
    # 720 h x 0.0225, and 777.6 x 0.008.
    meter = ApplicationLoadBalancer(
        hours=Decimal(720),
        new_connections_per_s=Decimal(1),
        active_connections=Decimal(120),
        processed_gb=Decimal("777.6"),
        rule_evaluations_per_s=Decimal(250),
    )
    assert quote(meter) == [
        ("Load balancer", Decimal("16.2")),
        ("Capacity units", Decimal("6.2208")),
    ]


def test_a_balancer_before_functions() -> None:
    # 400 GB at 0.4 GB a unit are 1,000 LCU-hours x 0.008, above 1 x 100 h of connections.
    meter = ApplicationLoadBalancer(
        hours=Decimal(100),
        new_connections_per_s=Decimal(25),
        processed_gb=Decimal(400),
        lambda_target=True,
    )
    assert quote(meter) == [("Load balancer", Decimal("2.25")), ("Capacity units", Decimal(8))]


def test_a_network_balancer_by_its_nlcu_hours_or_its_traffic() -> None:
    # 720 h x 0.0225, and 259.2 x 0.006: given, and 259.2 GB in 720 h as on the pricing page.
    charged = [("Load balancer", Decimal("16.2")), ("Capacity units", Decimal("1.5552"))]
    given = NetworkLoadBalancer(hours=Decimal(720), nlcu_hours=Decimal("259.2"))
    assert quote(given) == charged
    followed = NetworkLoadBalancer(
        hours=Decimal(720),
        new_connections_per_s=Decimal(100),
        active_connections=Decimal(18_000),
        processed_gb=Decimal("259.2"),
    )
    assert quote(followed) == charged


@pytest.mark.parametrize(
    ("meter", "message"),
    [
        (
            ApplicationLoadBalancer(
                hours=Decimal(1), lcu_hours=Decimal(1), processed_gb=Decimal(0)
            ),
            "lcu_hours is given, and so is processed_gb",
        ),
        (
            ApplicationLoadBalancer(hours=Decimal(1), lcu_hours=Decimal(1), lambda_target=True),
            "lcu_hours is given, and so is lambda_target",
        ),
        (
            NetworkLoadBalancer(
                hours=Decimal(1), nlcu_hours=Decimal(0), active_connections=Decimal(5)
            ),
            "nlcu_hours is given, and so is active_connections",
        ),
    ],
)
def test_units_and_what_they_follow_from_are_not_both_taken(meter: Meter, message: str) -> None:
    refused = refusal(meter)
    assert refused.key in ("lcu_hours", "nlcu_hours")
    assert str(refused) == message


@pytest.mark.parametrize(
    "meter",
    [
        ApplicationLoadBalancer(new_connections_per_s=Decimal(1)),
        NetworkLoadBalancer(processed_gb=Decimal(1)),
    ],
)
def test_traffic_without_hours_is_refused(meter: Meter) -> None:
    assert refusal(meter).key == "hours"


def test_a_balancer_without_traffic_is_charged_its_hours_only() -> None:
    assert quote(NetworkLoadBalancer(hours=Decimal(2))) == [("Load balancer", Decimal("0.045"))]


def test_data_out_and_between_zones() -> None:
    # 150 x 0.09; 1,000 GB in two directions x 0.01.
    meter = DataTransfer(internet_gb=Decimal(150), inter_az_gb=Decimal(1000))
    assert quote(meter) == [
        ("Data transfer out to the internet", Decimal("13.5")),
        ("Data transfer between Availability Zones", Decimal(20)),
    ]


def test_the_free_gigabytes_go_out_to_the_internet_only() -> None:
    # 60 of the 100 GB that are free are used.
    meter = DataTransfer(internet_gb=Decimal(60), inter_az_gb=Decimal(1))
    assert quote(meter, free_tier=True) == [
        ("Data transfer out to the internet", Decimal("5.4")),
        ("Free tier, GB", Decimal("-5.4")),
        ("Data transfer between Availability Zones", Decimal("0.02")),
    ]
    assert quote(DataTransfer(inter_az_gb=Decimal(1)), free_tier=True) == [
        ("Data transfer between Availability Zones", Decimal("0.02")),
    ]


def test_a_nat_gateway_an_address_and_an_endpoint() -> None:
    # 730 h and 100 GB: 0.045 each; 0.005 an hour; 1,460 h and 100 GB: 0.01 each.
    assert quote(NatGateway(hours=Decimal(730), gb=Decimal(100))) == [
        ("NAT gateways", Decimal("32.85")),
        ("NAT data processing", Decimal("4.5")),
    ]
    assert quote(PublicIpv4(hours=Decimal(730))) == [("Public IPv4 addresses", Decimal("3.65"))]
    assert quote(InterfaceEndpoint(hours=Decimal(1460), gb=Decimal(100))) == [
        ("Interface endpoint", Decimal("14.6")),
        ("Interface endpoint data processing", Decimal(1)),
    ]


@pytest.mark.parametrize(
    "meter",
    [
        ApplicationLoadBalancer(),
        NetworkLoadBalancer(),
        DataTransfer(),
        NatGateway(),
        PublicIpv4(),
        InterfaceEndpoint(),
    ],
)
def test_nothing_asked_is_nothing_charged_and_needs_no_price(meter: Meter) -> None:
    assert quote(meter, "xx-nowhere-1", free_tier=True) == []


def test_only_what_is_asked_needs_a_price() -> None:
    # Ireland: 100 h x 0.011, while the price of the data is not known.
    assert quote(InterfaceEndpoint(hours=Decimal(100)), "eu-west-1") == [
        ("Interface endpoint", Decimal("1.1"))
    ]
    with pytest.raises(PriceMissing) as missing:
        quote(InterfaceEndpoint(hours=Decimal(100), gb=Decimal(1)), "eu-west-1")
    assert missing.value.component == "interface-endpoint-data"
