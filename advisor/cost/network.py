"""Data transfer, NAT gateways, interface endpoints and public IPv4 addresses.

https://aws.amazon.com/ec2/pricing/on-demand/ and https://aws.amazon.com/vpc/pricing/ (2026-08).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import LineItem, allowance, charge, charge_stated
from advisor.units import KB_PER_GB

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def internet_out(
    book: PriceBook, region: str, *, requests: Number, kb_per_request: Number, free_tier: bool
) -> list[LineItem]:
    """Charge the responses sent to the internet, by their size in KB."""
    return internet_out_gigabytes(
        book,
        region,
        gigabytes=requests * kb_per_request / KB_PER_GB,
        free_tier=free_tier,
        formula=f"{in_words(requests)} responses × {in_words(kb_per_request)} KB",
    )


def internet_out_gigabytes(
    book: PriceBook,
    region: str,
    *,
    gigabytes: Number,
    free_tier: bool,
    formula: str | None = None,
) -> list[LineItem]:
    """Charge data sent to the internet. 100 GB a month are free for all Regions of an account.

    ``formula`` says where the gigabytes come from; by default they are as given.
    """
    price = book.price("data-transfer", "internet-out", region)
    items = charge(
        price,
        gigabytes,
        "Data transfer out to the internet",
        formula or f"{in_words(gigabytes)} GB",
    )
    if free_tier:
        items += allowance(book, price, "free-internet-out", gigabytes, "GB")
    return items


def between_zones(book: PriceBook, region: str, *, gigabytes: Number) -> list[LineItem]:
    """Charge data that crosses from one Availability Zone to another.

    The sender pays for it going out and the receiver for it coming in, at the same price each
    (https://aws.amazon.com/ec2/pricing/on-demand/), so every GB is charged in both directions.
    """
    return charge(
        book.price("data-transfer", "inter-az-per-direction", region),
        gigabytes + gigabytes,
        "Data transfer between Availability Zones",
        f"{in_words(gigabytes)} GB sent + the same {in_words(gigabytes)} GB received",
    )


def nat_gateways(
    book: PriceBook, region: str, *, hours: Number, gigabytes: Number, gateways: Number = None
) -> list[LineItem]:
    """Charge NAT gateways by the hour, and the data that passes them in either direction.

    ``hours`` are those of each of the ``gateways``, or of all together where no number is given.
    """
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


def public_ipv4(
    book: PriceBook, region: str, *, address_hours: Number, of: str | None = None
) -> list[LineItem]:
    """Charge public IPv4 addresses, in use or idle, by the hour."""
    return charge(
        book.price("vpc", "public-ipv4-hour", region),
        address_hours,
        f"Public IPv4 addresses of {of}" if of else "Public IPv4 addresses",
        f"{in_words(address_hours)} address-hours",
    )


def interface_endpoints(
    book: PriceBook, region: str, *, hours: Number, gigabytes: Number, zones: Number = None
) -> list[LineItem]:
    """Charge an interface endpoint by the hour in every zone, and the data that passes it.

    ``hours`` are those in each of the ``zones``, or in all together where no number is given.
    """
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
    together = places is None
    return charge_stated(
        book,
        service,
        region,
        (
            hourly,
            hours if together else places * hours,
            item,
            f"{in_words(hours)} hours in all"
            if together
            else f"{in_words(places)} zones × {in_words(hours)} hours",
        ),
        (data, gigabytes, data_item, f"{in_words(gigabytes)} GB"),
    )
