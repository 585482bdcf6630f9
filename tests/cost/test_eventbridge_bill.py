"""An event bus's bill, and those of pipes and schedules, by calculations by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.eventbridge import bus, pipe_chunks, pipes, scheduler
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def bill(
    event_kb: int = 1, *, region: str = "us-east-1", **quantities: int | str
) -> list[LineItem]:
    return bus(
        BOOK,
        region,
        event_kb=Decimal(event_kb),
        **{name: Decimal(quantity) for name, quantity in quantities.items()},
    )


def test_every_charge_of_a_bus() -> None:
    # 5,000,000 custom x 0.000001 = 5; 2,000,000 partner x 0.000001 = 2; 5,000,000 cross-account
    # x 0.00000005 = 0.25 (an example of the pricing page); 10,000,000 API destination x 0.0000002
    # = 2; archive 10 GB x 0.10 = 1 and 30 GB-months x 0.023 = 0.69; 3,000,000 replayed x 0.000001
    # = 3.
    items = bill(
        events=5_000_000,
        partner_events=2_000_000,
        cross_account_deliveries=5_000_000,
        api_destination_invocations=10_000_000,
        archived_gb=10,
        archive_stored_gb=30,
        replayed_events=3_000_000,
    )
    assert {item.item: item.monthly_usd for item in items} == {
        "Custom events": 5,
        "Partner events": 2,
        "Cross-account deliveries": Decimal("0.25"),
        "API destination invocations": 2,
        "Archive processing": 1,
        "Archive storage": Decimal("0.69"),
        "Replayed events": 3,
    }


@pytest.mark.parametrize(
    ("event_kb", "chunks"), [(0, 1), (1, 1), (64, 1), (65, 2), (256, 4), (1024, 16)]
)
def test_every_64_kb_begun_is_an_event(event_kb: int, chunks: int) -> None:
    # The pricing page: an event with 256 KB of payload is billed as 4 events.
    items = bill(
        event_kb,
        events=1000,
        partner_events=1000,
        cross_account_deliveries=1000,
        api_destination_invocations=1000,
        replayed_events=1000,
        archived_gb=7,
        archive_stored_gb=7,
    )
    by_volume = [item.quantity for item in items if item.item.startswith("Archive")]
    by_event = [item.quantity for item in items if not item.item.startswith("Archive")]
    assert by_event == [1000 * chunks] * 5
    assert by_volume == [7, 7]


@pytest.mark.parametrize(("schema_event_kb", "chunks"), [(0, 1), (8, 1), (9, 2), (64, 8), (65, 9)])
def test_schema_discovery_counts_every_8_kb_begun(schema_event_kb: int, chunks: int) -> None:
    (item,) = bill(64, schema_discovery_events=1000, schema_event_kb=schema_event_kb)
    assert item.quantity == 1000 * chunks


def test_schema_discovery_is_free_up_to_five_million() -> None:
    assert total(bill(schema_discovery_events=5_000_000)) == 0
    assert total(bill(schema_discovery_events=5_000_001)) == Decimal("0.0000001")
    # 4,000,000 of 9 KB count as 8,000,000: 5,000,000 free, 3,000,000 x 0.0000001 = 0.30.
    items = bill(schema_discovery_events=4_000_000, schema_event_kb=9)
    assert [item.monthly_usd for item in items] == [0, Decimal("0.3")]


def test_only_what_is_asked_for_needs_a_price() -> None:
    # Ireland: 1,000,000 x 0.000001 = 1 and 10 GB x 0.11 = 1.10.
    items = bill(events=1_000_000, archived_gb=10, region="eu-west-1")
    assert [item.monthly_usd for item in items] == [1, Decimal("1.1")]
    with pytest.raises(PriceMissing) as missing:
        bill(events=1, partner_events=1, replayed_events=1, region="eu-west-1")
    assert missing.value.component == "partner-events"
    assert [error.component for error in missing.value.others] == ["replay-events"]
    assert bill(region="eu-west-1") == []


@pytest.mark.parametrize(
    ("request_kb", "requests"), [(0, 3_000_000), (64, 3_000_000), (65, 6_000_000)]
)
def test_pipes_count_every_64_kb_of_a_request(request_kb: int, requests: int) -> None:
    (item,) = pipes(
        BOOK,
        "us-east-1",
        requests=Decimal(3_000_000),
        chunks_each=pipe_chunks(Decimal(request_kb)),
    )
    # 3,000,000 x 0.0000004 = 1.20.
    assert item.quantity == requests
    assert item.monthly_usd == requests * Decimal("0.0000004")


def test_schedules_are_free_up_to_14_million_invocations() -> None:
    def amount(invocations: int, region: str = "us-east-1") -> Decimal:
        usd: Decimal = total(scheduler(BOOK, region, invocations=Decimal(invocations)))
        return usd

    assert amount(14_000_000) == 0
    assert amount(14_000_001) == Decimal("0.000001")
    # 6,000,000 above: x 0.000001 = 6; in Frankfurt x 0.00000115 = 6.90.
    assert amount(20_000_000) == 6
    assert amount(20_000_000, "eu-central-1") == Decimal("6.9")
