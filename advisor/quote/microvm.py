"""Quotes for Lambda MicroVMs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from advisor.capacity.microvm import sizes
from advisor.cost import microvm
from advisor.quote.meter import ZERO, Meter, Refused, key
from advisor.units import MB_PER_GB

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

NO_DURATION = "no duration is stated, so the time that these sessions run is not priced"
NO_SNAPSHOT = "no snapshot is stated, so what the starts of these sessions read is not priced"


class LambdaMicrovm(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "lambda-microvm"
    about: ClassVar[str] = "MicroVMs: vCPU and memory by the second, snapshots"

    sessions: Annotated[Decimal, key("Sessions, each in a MicroVM of its own", "sessions")] = ZERO
    session_duration_s: Annotated[
        Decimal | None,
        key("Mean time that a session runs, suspensions left out; rounded up to 1 s", "s"),
    ] = None
    vcpu: Annotated[Decimal, key("vCPUs of the baseline, or the mean use if more", "vCPU")] = (
        Decimal(1)
    )
    memory_gb: Annotated[Decimal, key("Memory of the baseline, or the mean use if more", "GB")] = (
        Decimal(2)
    )
    snapshot_read_gb: Annotated[
        Decimal | None, key("Snapshot data read, by each start and resumption", "GB")
    ] = None
    snapshot_written_gb: Annotated[
        Decimal, key("Snapshot data written, by each suspension", "GB")
    ] = ZERO
    snapshot_gb_hours: Annotated[
        Decimal, key("Snapshots stored: images (a week at least), suspended sessions", "GB-hours")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        self._check()
        return microvm.microvms(
            book,
            region,
            sessions=self.sessions,
            billed_s=microvm.billed_s(self.session_duration_s or ZERO),
            vcpu=self.vcpu,
            memory_gb=self.memory_gb,
            snapshot_read_gb=self.snapshot_read_gb or ZERO,
            snapshot_written_gb=self.snapshot_written_gb,
            snapshot_gb_hours=self.snapshot_gb_hours,
        )

    def assumed(self) -> dict[str, str]:
        assumed = {}
        if self.sessions and self.session_duration_s is None:
            assumed["session_duration_s"] = NO_DURATION
        if self.sessions and self.snapshot_read_gb is None:
            assumed["snapshot_read_gb"] = NO_SNAPSHOT
        return assumed

    def _check(self) -> None:
        smallest, largest = sizes()[0], sizes()[-1]
        least_gb, most_gb = smallest.memory_mb / MB_PER_GB, largest.peak_memory_mb / MB_PER_GB
        for name, value, least, most, unit in (
            ("vcpu", self.vcpu, smallest.vcpu, largest.peak_vcpu, "vCPU"),
            ("memory_gb", self.memory_gb, least_gb, most_gb, "GB"),
        ):
            if not least <= value <= most:
                raise Refused(
                    name,
                    f"a MicroVM is not charged for {value} {unit}",
                    f"It has {least:g} to {most:g} {unit}.",
                )
