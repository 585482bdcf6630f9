"""Amazon CloudWatch: logs, custom metrics and alarms.

https://aws.amazon.com/cloudwatch/pricing/ (2026-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from advisor.arithmetic import in_words, is_zero
from advisor.cost.bill import LineItem, allowance, charge, charge_stated
from advisor.units import KB_PER_GB

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def logs(
    book: PriceBook,
    region: str,
    *,
    requests: Number,
    kb_per_request: Number,
    from_lambda: bool,
    free_tier: bool = False,
) -> list[LineItem]:
    """Charge the ingestion of log text.

    Logs that Lambda writes are graduated by volume since May 2025; what a container writes is
    ingested at the standard price whatever its volume. 5 GB a month are free for an account.
    """
    component = "lambda-logs" if from_lambda else "logs-ingest"
    price = book.price("cloudwatch", component, region)
    gigabytes = requests * kb_per_request / KB_PER_GB
    items = charge(
        price,
        gigabytes,
        "Log ingestion",
        f"{in_words(requests)} requests × {in_words(kb_per_request)} KB",
    )
    if free_tier:
        items += allowance(book, price, "free-logs-ingest", gigabytes, "GB")
    return items


def log_group(
    book: PriceBook,
    region: str,
    *,
    from_lambda: bool,
    log_class: Literal["standard", "infrequent-access"],
    ingested_gb: Number,
    stored_gb: Number,
    scanned_gb: Number,
    free_tier: bool = False,
) -> list[LineItem]:
    """Charge what log groups ingest, keep (in GB-months) and have scanned by Logs Insights.

    Lambda's logs are graduated by volume in either class, all others have one price. The free 5 GB
    a month are given back on ingestion alone, and on the standard class alone: AWS's list of free
    usage types names none of the infrequent-access class.
    """
    standard = log_class == "standard"
    source = "lambda-logs" if from_lambda else "logs-ingest"
    suffix = "" if standard else "-ia"
    name = "" if standard else ", infrequent access"
    items = charge_stated(
        book,
        "cloudwatch",
        region,
        (
            source + suffix,
            ingested_gb,
            f"Log ingestion{name}",
            f"{in_words(ingested_gb)} GB",
        ),
        (
            f"logs-storage{suffix}",
            stored_gb,
            f"Log storage{name}",
            f"{in_words(stored_gb)} GB-months",
        ),
        (
            "logs-insights-scan",
            scanned_gb,
            "Logs Insights scans",
            f"{in_words(scanned_gb)} GB",
        ),
    )
    if free_tier and standard and not is_zero(ingested_gb):
        price = book.price("cloudwatch", source, region)
        items += allowance(book, price, "free-logs-ingest", ingested_gb, "GB")
    return items


def metrics_and_alarms(
    book: PriceBook,
    region: str,
    *,
    custom_metrics: Number,
    standard_alarms: Number,
    high_resolution_alarms: Number,
    composite_alarms: Number,
    free_tier: bool = False,
) -> list[LineItem]:
    """Charge custom metrics, graduated, and alarms, each for a whole month of existing.

    An alarm counts once for every metric that it watches. The account's free alarms are standard
    ones: AWS says that they do not apply to high resolution.
    """
    items = charge_stated(
        book,
        "cloudwatch",
        region,
        (
            "custom-metric-month",
            custom_metrics,
            "Custom metrics",
            f"{in_words(custom_metrics)} metrics",
        ),
        (
            "alarm-standard-month",
            standard_alarms,
            "Standard alarms",
            f"{in_words(standard_alarms)} alarms",
        ),
        (
            "alarm-highres-month",
            high_resolution_alarms,
            "High-resolution alarms",
            f"{in_words(high_resolution_alarms)} alarms",
        ),
        (
            "alarm-composite-month",
            composite_alarms,
            "Composite alarms",
            f"{in_words(composite_alarms)} alarms",
        ),
    )
    if free_tier:
        for component, free, quantity, what in (
            ("custom-metric-month", "free-custom-metrics", custom_metrics, "custom metrics"),
            ("alarm-standard-month", "free-alarms", standard_alarms, "standard alarms"),
        ):
            if not is_zero(quantity):
                price = book.price("cloudwatch", component, region)
                items += allowance(book, price, free, quantity, what)
    return items
