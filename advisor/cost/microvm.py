"""Lambda MicroVMs. https://aws.amazon.com/lambda/pricing/ (2026-09).

AWS: the baseline is paid while a MicroVM runs, and above it only what is used, by the second; a
suspended one pays for the storage of its snapshot alone. MicroVMs run on arm64 only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, in_words
from advisor.cost.bill import charge_stated
from advisor.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def billed_s(running_s: Number) -> Number:
    """Return the seconds that a session is charged for: rounded up to 1 s."""
    return ceil_to(running_s, 1)


def microvms(
    book: PriceBook,
    region: str,
    *,
    sessions: Number,
    billed_s: Number,
    vcpu: Number,
    memory_gb: Number,
    snapshot_read_gb: Number = 0,
    snapshot_written_gb: Number = 0,
    snapshot_gb_hours: Number = 0,
) -> list[LineItem]:
    """Charge the sessions of a month for the time that they run, and the snapshots.

    ``billed_s`` is the mean time of a session after each was rounded up to 1 s, suspensions left
    out. ``vcpu`` and ``memory_gb`` are the baseline, or the mean use where that is more. A snapshot
    is read by each start and each resumption and written by each suspension; images and suspended
    sessions are stored as snapshots.
    """
    seconds = sessions * billed_s
    length = f"{in_words(sessions)} sessions × {in_words(billed_s)} s"
    return charge_stated(
        book,
        "lambda",
        region,
        (
            *_by_time(book, region, "vcpu", seconds * vcpu),
            "MicroVM vCPU",
            f"{length} × {in_words(vcpu)} vCPU",
        ),
        (
            *_by_time(book, region, "memory", seconds * memory_gb),
            "MicroVM memory",
            f"{length} × {in_words(memory_gb)} GB",
        ),
        (
            "microvm-snapshot-read",
            snapshot_read_gb,
            "MicroVM snapshots read",
            f"{in_words(snapshot_read_gb)} GB read to start and resume sessions",
        ),
        (
            "microvm-snapshot-write",
            snapshot_written_gb,
            "MicroVM snapshots written",
            f"{in_words(snapshot_written_gb)} GB written to suspend sessions",
        ),
        (
            "microvm-snapshot-storage",
            snapshot_gb_hours,
            "MicroVM snapshots stored",
            f"{in_words(snapshot_gb_hours)} GB-hours of images and suspended sessions",
        ),
    )


def _by_time(book: PriceBook, region: str, what: str, seconds: Number) -> tuple[str, Number]:
    """Return the price of running time and its quantity, in hours where AWS's is known so only."""
    by_second, by_hour = f"microvm-{what}-arm64", f"microvm-{what}-hour-arm64"
    if region in book.regions("lambda", by_second) or region not in book.regions("lambda", by_hour):
        return by_second, seconds
    return by_hour, seconds / SECONDS_PER_HOUR
