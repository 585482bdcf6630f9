"""Quotes for buses, pipes, schedules and streams: what each key becomes, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest

from advisor.errors import PriceMissing
from advisor.quote.events import EventBridge, EventBridgePipes, EventBridgeScheduler, Kinesis
from advisor.quote.meter import Meter, Refused
from advisor.tariff import PriceBook

BOOK = PriceBook()


def amounts(meter: Meter, *, region: str = "us-east-1") -> dict[str, Decimal]:
    items = meter.line_items(BOOK, region, free_tier=False)
    for item in items:
        assert item.monthly_usd == item.quantity * item.unit_price_usd
    # What is free in these services is part of the price, and no allowance of the account.
    assert items == meter.line_items(BOOK, region, free_tier=True)
    return {item.item: item.monthly_usd for item in items}


def test_every_key_of_a_bus() -> None:
    # Events of 65 KB count twice: 2,000,000 x 0.000001 = 2, twice that for partners, 8,000,000 x
    # 0.00000005 = 0.40, 10,000,000 x 0.0000002 = 2, 12,000,000 replayed x 0.000001 = 12. Archive
    # 5 GB x 0.10 and 100 GB-months x 0.023. Discovery 7,000,000 of 8 KB, 2,000,000 above the free.
    meter = EventBridge(
        events=Decimal(1_000_000),
        event_kb=Decimal(65),
        partner_events=Decimal(2_000_000),
        cross_account_deliveries=Decimal(4_000_000),
        api_destination_invocations=Decimal(5_000_000),
        archived_gb=Decimal(5),
        archive_stored_gb=Decimal(100),
        replayed_events=Decimal(6_000_000),
        schema_discovery_events=Decimal(7_000_000),
        schema_event_kb=Decimal(8),
    )
    assert amounts(meter) == {
        "Custom events": 2,
        "Partner events": 4,
        "Cross-account deliveries": Decimal("0.4"),
        "API destination invocations": 2,
        "Archive processing": Decimal("0.5"),
        "Archive storage": Decimal("2.3"),
        "Replayed events": 12,
        "Schema discovery, first 5 million events": 0,
        "Schema discovery, above 5 million events": Decimal("0.2"),
    }


def test_schema_discovery_reads_the_events_of_the_bus_unless_told_otherwise() -> None:
    # 64 KB are eight chunks of 8 KB: 8,000,000, of which 3,000,000 are paid.
    meter = EventBridge(event_kb=Decimal(64), schema_discovery_events=Decimal(1_000_000))
    assert sum(amounts(meter).values()) == Decimal("0.3")
    assert set(meter.assumed()) == {"schema_event_kb"}
    empty = EventBridge(
        event_kb=Decimal(64),
        schema_event_kb=Decimal(0),
        schema_discovery_events=Decimal(6_000_000),
    )
    assert sum(amounts(empty).values()) == Decimal("0.1")
    assert empty.assumed() == {}
    assert set(EventBridge().assumed()) == {"event_kb"}


@pytest.mark.parametrize("name", ["event_kb", "schema_event_kb"])
def test_an_event_has_one_mb_at_most(name: str) -> None:
    amounts(EventBridge(**{name: Decimal(1024)}))
    with pytest.raises(Refused, match="1024 KB at most") as refused:
        amounts(EventBridge(**{name: Decimal(1025)}))
    assert refused.value.key == name


def test_pipes_and_schedules() -> None:
    # 1,000,000 of 128 KB count as 2,000,000 x 0.0000004; 15,000,000 less 14,000,000 x 0.000001.
    assert amounts(EventBridgePipes(requests=Decimal(1_000_000), request_kb=Decimal(128))) == {
        "Pipes requests": Decimal("0.8")
    }
    assert amounts(EventBridgeScheduler(invocations=Decimal(15_000_000))) == {
        "Scheduler invocations, first 14 million invocations": 0,
        "Scheduler invocations, above 14 million invocations": 1,
    }
    assert set(EventBridgePipes().assumed()) == {"request_kb"}
    assert EventBridgePipes(request_kb=Decimal(1)).assumed() == {}


def test_a_stream_on_demand_is_the_default() -> None:
    # 730 x 0.04 = 29.20, 10 x 0.08 = 0.80, 30 x 0.04 = 1.20.
    meter = Kinesis(stream_hours=Decimal(730), in_gb=Decimal(10), out_gb=Decimal(30))
    assert amounts(meter) == {
        "On-demand streams": Decimal("29.2"),
        "Data written": Decimal("0.8"),
        "Data read": Decimal("1.2"),
    }


def test_a_stream_of_shards() -> None:
    # 1,460 x 0.015 = 21.90 and 100,000,000 x 0.000000014 = 1.40.
    meter = Kinesis(mode="provisioned", shard_hours=Decimal(1460), put_units=Decimal(100_000_000))
    assert amounts(meter) == {"Shards": Decimal("21.9"), "PUT payload units": Decimal("1.4")}


@pytest.mark.parametrize(
    ("mode", "name", "other"),
    [
        ("on-demand", "shard_hours", "provisioned"),
        ("on-demand", "put_units", "provisioned"),
        ("provisioned", "stream_hours", "on-demand"),
        ("provisioned", "in_gb", "on-demand"),
        ("provisioned", "out_gb", "on-demand"),
    ],
)
def test_keys_of_the_other_mode_are_refused(
    mode: Literal["on-demand", "provisioned"], name: str, other: str
) -> None:
    with pytest.raises(Refused, match=f"not charged in mode={mode}") as refused:
        amounts(Kinesis(mode=mode, **{name: Decimal(1)}))
    assert refused.value.key == name
    assert f"mode={other}" in str(refused.value.help)


@pytest.mark.parametrize(
    "meter",
    [
        EventBridge(),
        EventBridgePipes(),
        EventBridgeScheduler(),
        Kinesis(),
        Kinesis(mode="provisioned"),
    ],
)
def test_nothing_asked_for_is_nothing_charged(meter: Meter) -> None:
    assert amounts(meter, region="xx-nowhere-1") == {}


def test_a_price_that_is_not_known_stops_the_quote() -> None:
    with pytest.raises(PriceMissing, match="kinesis/ondemand-ingest in eu-west-1"):
        amounts(Kinesis(in_gb=Decimal(1)), region="eu-west-1")
