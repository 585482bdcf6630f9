"""Data transfer, NAT gateways, interface endpoints and public IPv4 addresses.

https://aws.amazon.com/ec2/pricing/on-demand/ and https://aws.amazon.com/vpc/pricing/ (2026-08).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import LineItem, allowance, charge
from advisor.cost.units import KB_PER_GB

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def internet_out(
    book: PriceBook, region: str, *, requests: Number, kb_per_request: Number, free_tier: bool
) -> list[LineItem]:
    """Charge data sent to the internet. 100 GB a month are free for all Regions of an account."""
    price = book.price("data-transfer", "internet-out", region)
    gigabytes = requests * kb_per_request / KB_PER_GB
    items = charge(
        price,
        gigabytes,
        "Data transfer out to the internet",
        f"{in_words(requests)} responses × {in_words(kb_per_request)} KB",
    )
    if free_tier:
        items += allowance(book, price, "free-internet-out", gigabytes, "GB")
    return items


def nat_gateways(
    book: PriceBook, region: str, *, gateways: Number, hours: Number, gigabytes: Number
) -> list[LineItem]:
    """Charge NAT gateways by the hour, and the data that passes them in either direction."""
    return _by_hour_and_data(
        book,
        region,
        ("nat-gateway", "nat-hour", "nat-data"),
        "NAT gateways",
        "NAT data processing",
        places=gateways,
        hours=hours,
        gigabytes=gigabytes,
    )


def public_ipv4(book: PriceBook, region: str, *, address_hours: Number, of: str) -> list[LineItem]:
    """Charge public IPv4 addresses, in use or idle, by the hour."""
    return charge(
        book.price("vpc", "public-ipv4-hour", region),
        address_hours,
        f"Public IPv4 addresses of {of}",
        f"{in_words(address_hours)} address-hours",
    )


def interface_endpoints(
    book: PriceBook, region: str, *, zones: Number, hours: Number, gigabytes: Number
) -> list[LineItem]:
    """Charge an interface endpoint by the hour in every zone, and the data that passes it."""
    return _by_hour_and_data(
        book,
        region,
        ("vpc", "interface-endpoint-hour", "interface-endpoint-data"),
        "Interface endpoint",
        "Interface endpoint data processing",
        places=zones,
        hours=hours,
        gigabytes=gigabytes,
    )


def _by_hour_and_data(
    book: PriceBook,
    region: str,
    components: tuple[str, str, str],
    item: str,
    data_item: str,
    *,
    places: Number,
    hours: Number,
    gigabytes: Number,
) -> list[LineItem]:
    """Charge hours in each of several places, and data; ``components`` is service, hour, data."""
    service, hourly, data = components
    hour_price, data_price = book.prices(service, (hourly, data), region)
    return [
        *charge(
            hour_price,
            places * hours,
            item,
            f"{in_words(places)} zones × {in_words(hours)} hours",
        ),
        *charge(data_price, gigabytes, data_item, f"{in_words(gigabytes)} GB"),
    ]
