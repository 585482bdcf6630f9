"""Amazon Kinesis Data Streams. https://aws.amazon.com/kinesis/data-streams/pricing/ (2026-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import charge_stated

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def on_demand(
    book: PriceBook,
    region: str,
    *,
    stream_hours: Number,
    in_gb: Number,
    out_gb: Number,
    fan_out_gb: Number = 0,
) -> list[LineItem]:
    """Charge on-demand streams by the hour, and the data written to and read from them.

    ``in_gb`` is the data as AWS meters it: each record rounded up to the next KB (pricing page).
    ``out_gb`` counts once for every consumer that reads it, ``fan_out_gb`` for every consumer that
    reads it by enhanced fan-out.
    """
    return charge_stated(
        book,
        "kinesis",
        region,
        (
            "ondemand-stream-hour",
            stream_hours,
            "On-demand streams",
            f"{in_words(stream_hours)} stream-hours",
        ),
        ("ondemand-ingest", in_gb, "Data written", f"{in_words(in_gb)} GB"),
        ("ondemand-retrieval", out_gb, "Data read", f"{in_words(out_gb)} GB"),
        (
            "ondemand-efo-retrieval",
            fan_out_gb,
            "Data read by enhanced fan-out",
            f"{in_words(fan_out_gb)} GB",
        ),
    )


def provisioned(
    book: PriceBook,
    region: str,
    *,
    shard_hours: Number,
    put_units: Number,
    fan_out_shard_hours: Number = 0,
    fan_out_gb: Number = 0,
) -> list[LineItem]:
    """Charge shards by the hour and the PUT payload units written to them.

    A record counts a unit for every 25 KB begun (pricing page). Reading what a shard includes, 2 MB
    a second shared by its consumers, is not charged. Enhanced fan-out is, for each consumer of each
    shard by the hour, and by the GB that it reads.
    """
    return charge_stated(
        book,
        "kinesis",
        region,
        (
            "provisioned-shard-hour",
            shard_hours,
            "Shards",
            f"{in_words(shard_hours)} shard-hours",
        ),
        (
            "provisioned-put-unit",
            put_units,
            "PUT payload units",
            f"{in_words(put_units)} units",
        ),
        (
            "provisioned-efo-shard-hour",
            fan_out_shard_hours,
            "Enhanced fan-out",
            f"{in_words(fan_out_shard_hours)} consumer-shard-hours",
        ),
        (
            "provisioned-efo-retrieval",
            fan_out_gb,
            "Data read by enhanced fan-out",
            f"{in_words(fan_out_gb)} GB",
        ),
    )
