"""The bill of log groups, metrics and alarms: tiers, classes and what the free tier covers."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.cloudwatch import log_group, metrics_and_alarms
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()
INFREQUENT: Literal["infrequent-access"] = "infrequent-access"


def bill(
    *,
    from_lambda: bool = True,
    log_class: Literal["standard", "infrequent-access"] = "standard",
    ingested: int | str = 0,
    stored: int = 0,
    scanned: int = 0,
    free_tier: bool = False,
    region: str = "us-east-1",
) -> list[LineItem]:
    return log_group(
        BOOK,
        region,
        from_lambda=from_lambda,
        log_class=log_class,
        ingested_gb=Decimal(ingested),
        stored_gb=Decimal(stored),
        scanned_gb=Decimal(scanned),
        free_tier=free_tier,
    )


def alarms(
    metrics: int = 0,
    standard: int = 0,
    high: int = 0,
    composite: int = 0,
    *,
    free_tier: bool = False,
) -> list[LineItem]:
    return metrics_and_alarms(
        BOOK,
        "us-east-1",
        custom_metrics=Decimal(metrics),
        standard_alarms=Decimal(standard),
        high_resolution_alarms=Decimal(high),
        composite_alarms=Decimal(composite),
        free_tier=free_tier,
    )


def test_logs_of_functions_in_all_their_tiers() -> None:
    # 60,000 GB: 10,240 x 0.50 = 5,120; 20,480 x 0.25 = 5,120; 20,480 x 0.10 = 2,048;
    # 8,800 x 0.05 = 440.
    items = bill(ingested=60_000)
    assert [(item.quantity, item.monthly_usd) for item in items] == [
        (10_240, 5120),
        (20_480, 5120),
        (20_480, 2048),
        (8800, 440),
    ]


def test_logs_of_functions_with_infrequent_access_in_all_their_tiers() -> None:
    # 10,240 x 0.25 = 2,560; 20,480 x 0.15 = 3,072; 20,480 x 0.075 = 1,536; 8,800 x 0.05 = 440.
    items = bill(ingested=60_000, log_class=INFREQUENT)
    assert [item.monthly_usd for item in items] == [2560, 3072, 1536, 440]


def test_the_last_gb_of_a_tier_and_the_first_of_the_next() -> None:
    assert [item.item for item in bill(ingested=10_240)] == ["Log ingestion"]
    assert [(item.item, item.quantity) for item in bill(ingested=10_241)] == [
        ("Log ingestion, first 10,240 GB", 10_240),
        ("Log ingestion, next 20,480 GB", 1),
    ]


def test_other_logs_have_one_price_in_each_class() -> None:
    # 60,000 GB x 0.50 = 30,000 and x 0.25 = 15,000.
    assert total(bill(from_lambda=False, ingested=60_000)) == 30_000
    assert total(bill(from_lambda=False, ingested=60_000, log_class=INFREQUENT)) == 15_000


def test_storage_and_scans() -> None:
    # 100 GB-months x 0.03 = 3, 200 GB x 0.005 = 1; infrequent access 100 x 0.018 = 1.80.
    assert [(item.item, item.monthly_usd) for item in bill(stored=100, scanned=200)] == [
        ("Log storage", 3),
        ("Logs Insights scans", 1),
    ]
    (storage,) = bill(stored=100, log_class=INFREQUENT)
    assert (storage.item, storage.monthly_usd) == (
        "Log storage, infrequent access",
        Decimal("1.8"),
    )


def test_five_free_gb_of_ingestion() -> None:
    # 8 GB: 4.00 less 5 x 0.50 = 2.50. 3 GB are free and no more.
    for from_lambda in (True, False):
        items = bill(from_lambda=from_lambda, ingested=8, stored=8, scanned=8, free_tier=True)
        assert [(item.item, item.monthly_usd) for item in items] == [
            ("Log ingestion", 4),
            ("Log storage", Decimal("0.24")),
            ("Logs Insights scans", Decimal("0.04")),
            ("Free tier, GB", Decimal("-2.5")),
        ]
    assert total(bill(ingested=3, free_tier=True)) == 0


def test_no_gb_is_free_without_standard_ingestion() -> None:
    assert total(bill(ingested=8, log_class=INFREQUENT, free_tier=True)) == 2
    assert [item.item for item in bill(stored=8, free_tier=True)] == ["Log storage"]


def test_only_what_is_asked_for_needs_a_price() -> None:
    # Ireland: 100 GB x 0.285 = 28.50; storage of that class is not known there.
    items = bill(from_lambda=False, log_class=INFREQUENT, ingested=100, region="eu-west-1")
    assert total(items) == Decimal("28.5")
    with pytest.raises(PriceMissing) as missing:
        bill(log_class=INFREQUENT, ingested=1, stored=1, region="eu-west-1")
    assert missing.value.component == "lambda-logs-ia"
    assert [error.component for error in missing.value.others] == ["logs-storage-ia"]


def test_custom_metrics_in_all_their_tiers() -> None:
    # 1,500,000: 10,000 x 0.30 = 3,000; 240,000 x 0.10 = 24,000; 750,000 x 0.05 = 37,500;
    # 500,000 x 0.02 = 10,000.
    assert [item.monthly_usd for item in alarms(1_500_000)] == [3000, 24_000, 37_500, 10_000]
    assert [item.quantity for item in alarms(10_001)] == [10_000, 1]
    assert [item.quantity for item in alarms(10_000)] == [10_000]


def test_alarms_of_each_kind() -> None:
    # 20 x 0.10 = 2, 10 x 0.30 = 3, 4 x 0.50 = 2.
    assert [(item.item, item.monthly_usd) for item in alarms(0, 20, 10, 4)] == [
        ("Standard alarms", 2),
        ("High-resolution alarms", 3),
        ("Composite alarms", 2),
    ]


def test_ten_metrics_and_ten_standard_alarms_are_free() -> None:
    # Metrics 12 x 0.30 less 10 x 0.30; alarms 15 x 0.10 less 10 x 0.10.
    items = alarms(12, 15, 10, 4, free_tier=True)
    assert {item.item: item.monthly_usd for item in items} == {
        "Custom metrics": Decimal("3.6"),
        "Standard alarms": Decimal("1.5"),
        "High-resolution alarms": 3,
        "Composite alarms": 2,
        "Free tier, custom metrics": -3,
        "Free tier, standard alarms": -1,
    }
    assert total(alarms(7, 7, free_tier=True)) == 0
    assert [item.item for item in alarms(high=1, free_tier=True)] == ["High-resolution alarms"]
