"""Quotes for logs, metrics and alarms: which price each combination of keys takes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest
from msgspec import ValidationError, convert

from advisor.errors import PriceMissing
from advisor.quote.logs import CloudWatch, CloudWatchLogs
from advisor.tariff import PriceBook

if TYPE_CHECKING:
    from advisor.quote.meter import Meter

BOOK = PriceBook()


def amounts(
    meter: Meter, *, free_tier: bool = False, region: str = "us-east-1"
) -> dict[str, Decimal]:
    items = meter.line_items(BOOK, region, free_tier=free_tier)
    for item in items:
        assert item.monthly_usd == item.quantity * item.unit_price_usd
    return {item.item: item.monthly_usd for item in items}


@pytest.mark.parametrize(
    ("source", "class_", "usd"),
    [
        # 20,480 GB: of functions 10,240 at each of two prices, 0.50 and 0.25 or 0.25 and 0.15;
        # of others 0.50 or 0.25 for all of them.
        ("lambda", "standard", 7680),
        ("lambda", "infrequent-access", 4096),
        ("other", "standard", 10_240),
        ("other", "infrequent-access", 5120),
    ],
)
def test_ingestion_by_source_and_class(
    source: Literal["lambda", "other"],
    class_: Literal["standard", "infrequent-access"],
    usd: int,
) -> None:
    meter = CloudWatchLogs(source=source, class_=class_, ingested_gb=Decimal(20_480))
    assert sum(amounts(meter).values()) == usd


def test_storage_scans_and_the_free_tier() -> None:
    # 10 GB x 0.50 = 5, less 5 GB; 50 GB-months x 0.03 = 1.50; 200 GB x 0.005 = 1.
    meter = CloudWatchLogs(ingested_gb=Decimal(10), stored_gb=Decimal(50), scanned_gb=Decimal(200))
    charged = {"Log ingestion": 5, "Log storage": Decimal("1.5"), "Logs Insights scans": 1}
    assert amounts(meter) == charged
    assert amounts(meter, free_tier=True) == {**charged, "Free tier, GB": Decimal("-2.5")}


def test_the_class_is_stated_as_class() -> None:
    meter = convert({"class": "infrequent-access", "stored_gb": Decimal(10)}, CloudWatchLogs)
    assert amounts(meter) == {"Log storage, infrequent access": Decimal("0.18")}
    with pytest.raises(ValidationError, match="class"):
        convert({"class": "glacier"}, CloudWatchLogs)


def test_metrics_and_alarms() -> None:
    # 10,100 metrics: 10,000 x 0.30 = 3,000 and 100 x 0.10 = 10. 12 x 0.10, 2 x 0.30, 1 x 0.50.
    meter = CloudWatch(
        custom_metrics=Decimal(10_100),
        standard_alarms=Decimal(12),
        high_resolution_alarms=Decimal(2),
        composite_alarms=Decimal(1),
    )
    charged = {
        "Custom metrics, first 10,000 metric-months": 3000,
        "Custom metrics, next 240,000 metric-months": 10,
        "Standard alarms": Decimal("1.2"),
        "High-resolution alarms": Decimal("0.6"),
        "Composite alarms": Decimal("0.5"),
    }
    assert amounts(meter) == charged
    assert amounts(meter, free_tier=True) == {
        **charged,
        "Free tier, custom metrics": -3,
        "Free tier, standard alarms": -1,
    }


@pytest.mark.parametrize("meter", [CloudWatchLogs(), CloudWatch()])
def test_nothing_asked_for_is_nothing_charged(meter: Meter) -> None:
    assert amounts(meter, free_tier=True, region="xx-nowhere-1") == {}


def test_a_price_that_is_not_known_stops_the_quote() -> None:
    with pytest.raises(PriceMissing, match='"above 10,240 GB"'):
        amounts(CloudWatchLogs(ingested_gb=Decimal(10_241)), region="eu-central-1")
