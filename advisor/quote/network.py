"""Quotes for network paths: balancers, data transfer, NAT gateways, addresses, endpoints."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from advisor.arithmetic import is_zero
from advisor.cost import load_balancer, network
from advisor.quote.meter import ZERO, Meter, Refused, key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

_ALL_THE_DATA = "Data that passes in all the hours together, spread evenly over them"


class ApplicationLoadBalancer(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "alb"
    about: ClassVar[str] = "Application Load Balancer: hours and LCU-hours"

    hours: Annotated[
        Decimal, key("Hours of all balancers together, a started one whole", "hours")
    ] = ZERO
    lcu_hours: Annotated[
        Decimal | None, key("Capacity units of every hour, added up", "LCU-hours")
    ] = None
    new_connections_per_s: Annotated[
        Decimal | None, key("New connections of one balancer, in every hour", "connections/s")
    ] = None
    active_connections: Annotated[
        Decimal | None, key("Connections open at once on one balancer", "connections")
    ] = None
    processed_gb: Annotated[Decimal | None, key(_ALL_THE_DATA, "GB")] = None
    rule_evaluations_per_s: Annotated[
        Decimal | None,
        key("Requests a second × rules beyond the ten free ones, on one balancer", "evaluations/s"),
    ] = None
    lambda_target: Annotated[
        bool, key("Whether the targets are functions, for which a unit carries less data")
    ] = False

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - only new accounts have one, for a year
        dimensions = {
            "new_connections_per_s": self.new_connections_per_s,
            "active_connections": self.active_connections,
            "processed_gb": self.processed_gb,
            "rule_evaluations_per_s": self.rule_evaluations_per_s,
            "lambda_target": self.lambda_target or None,
        }
        _refuse_unless_one_way("lcu_hours", self.lcu_hours, dimensions, self.hours)
        units = self.lcu_hours
        if units is None:
            units = load_balancer.capacity_unit_hours(
                hours=self.hours,
                new_connections_per_s=self.new_connections_per_s or ZERO,
                active_connections=self.active_connections or ZERO,
                processed_gb=self.processed_gb or ZERO,
                rule_evaluations_per_s=self.rule_evaluations_per_s or ZERO,
                lambda_target=self.lambda_target,
            )
        return load_balancer.application_load_balancer(
            book, region, hours=self.hours, lcu_hours=units
        )


class NetworkLoadBalancer(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "nlb"
    about: ClassVar[str] = "Network Load Balancer: hours and NLCU-hours"

    hours: Annotated[
        Decimal, key("Hours of all balancers together, a started one whole", "hours")
    ] = ZERO
    nlcu_hours: Annotated[
        Decimal | None, key("Capacity units of every hour, added up", "NLCU-hours")
    ] = None
    new_connections_per_s: Annotated[
        Decimal | None, key("New TCP connections of one balancer, in every hour", "connections/s")
    ] = None
    active_connections: Annotated[
        Decimal | None, key("TCP connections open at once on one balancer", "connections")
    ] = None
    processed_gb: Annotated[Decimal | None, key(_ALL_THE_DATA, "GB")] = None

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        dimensions = {
            "new_connections_per_s": self.new_connections_per_s,
            "active_connections": self.active_connections,
            "processed_gb": self.processed_gb,
        }
        _refuse_unless_one_way("nlcu_hours", self.nlcu_hours, dimensions, self.hours)
        units = self.nlcu_hours
        if units is None:
            units = load_balancer.network_capacity_unit_hours(
                hours=self.hours,
                new_connections_per_s=self.new_connections_per_s or ZERO,
                active_connections=self.active_connections or ZERO,
                processed_gb=self.processed_gb or ZERO,
            )
        return load_balancer.network_load_balancer(book, region, hours=self.hours, nlcu_hours=units)


class DataTransfer(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "data-transfer"
    about: ClassVar[str] = "Data to the internet and between Availability Zones"

    internet_gb: Annotated[Decimal, key("Data sent to the internet", "GB")] = ZERO
    inter_az_gb: Annotated[
        Decimal, key("Data that crosses zones; charged twice, out of one and into the other", "GB")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        items = []
        if not is_zero(self.internet_gb):
            items += network.internet_out_gigabytes(
                book, region, gigabytes=self.internet_gb, free_tier=free_tier
            )
        if not is_zero(self.inter_az_gb):
            items += network.between_zones(book, region, gigabytes=self.inter_az_gb)
        return items


class NatGateway(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "nat-gateway"
    about: ClassVar[str] = "NAT gateways: hours, and data in either direction"

    hours: Annotated[Decimal, key("Hours of all gateways together", "hours")] = ZERO
    gb: Annotated[Decimal, key("Data that passes them", "GB")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        return network.nat_gateways(book, region, hours=self.hours, gigabytes=self.gb)


class PublicIpv4(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "public-ipv4"
    about: ClassVar[str] = "Public IPv4 addresses, in use or idle: hours"

    hours: Annotated[Decimal, key("Hours of all addresses together", "hours")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        if is_zero(self.hours):
            return []
        return network.public_ipv4(book, region, address_hours=self.hours)


class InterfaceEndpoint(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "interface-endpoint"
    about: ClassVar[str] = "Interface endpoints: hours in each zone, and data"

    hours: Annotated[Decimal, key("Endpoint-hours: hours × endpoints × zones of each", "hours")] = (
        ZERO
    )
    gb: Annotated[Decimal, key("Data that passes them", "GB")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        return network.interface_endpoints(book, region, hours=self.hours, gigabytes=self.gb)


def _refuse_unless_one_way(
    units_key: str,
    units: Decimal | None,
    dimensions: Mapping[str, Decimal | bool | None],
    hours: Decimal,
) -> None:
    """Refuse units together with what they would follow from, and that without hours."""
    stated = [name for name, value in dimensions.items() if value is not None]
    if not stated:
        return
    if units is not None:
        raise Refused(
            units_key,
            f"{units_key} is given, and so is {', '.join(stated)}",
            f"give either {units_key} or what it follows from",
        )
    if is_zero(hours):
        raise Refused(
            "hours",
            f"{', '.join(stated)} without hours",
            "capacity units are counted every hour; give the hours too",
        )
