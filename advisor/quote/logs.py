"""Quotes for logs, metrics and alarms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from msgspec import field

from advisor.cost import cloudwatch
from advisor.quote.meter import ZERO, Meter, key

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class CloudWatchLogs(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "cloudwatch-logs"
    about: ClassVar[str] = "Log groups: ingestion, storage and Logs Insights scans"

    source: Annotated[Literal["lambda", "other"], key("What writes the logs")] = "lambda"
    class_: Annotated[Literal["standard", "infrequent-access"], key("Class of the log groups")] = (
        field(default="standard", name="class")
    )
    ingested_gb: Annotated[Decimal, key("Log text ingested", "GB")] = ZERO
    stored_gb: Annotated[Decimal, key("Log text kept, after compression", "GB-months")] = ZERO
    scanned_gb: Annotated[Decimal, key("Log text that Logs Insights scans", "GB")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        return cloudwatch.log_group(
            book,
            region,
            from_lambda=self.source == "lambda",
            log_class=self.class_,
            ingested_gb=self.ingested_gb,
            stored_gb=self.stored_gb,
            scanned_gb=self.scanned_gb,
            free_tier=free_tier,
        )


class CloudWatch(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "cloudwatch"
    about: ClassVar[str] = "Custom metrics and alarms that exist for the month"

    custom_metrics: Annotated[Decimal, key("Custom metrics", "metric-months")] = ZERO
    standard_alarms: Annotated[
        Decimal, key("Metrics that standard alarms watch", "alarm-months")
    ] = ZERO
    high_resolution_alarms: Annotated[
        Decimal, key("Metrics that high-resolution alarms watch", "alarm-months")
    ] = ZERO
    composite_alarms: Annotated[Decimal, key("Composite alarms", "alarm-months")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        return cloudwatch.metrics_and_alarms(
            book,
            region,
            custom_metrics=self.custom_metrics,
            standard_alarms=self.standard_alarms,
            high_resolution_alarms=self.high_resolution_alarms,
            composite_alarms=self.composite_alarms,
            free_tier=free_tier,
        )
