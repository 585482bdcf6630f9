"""A MicroVM's bill: vCPU and memory by the second, snapshots read, written and stored."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.microvm import billed_s, microvms
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def sessions(count: int, seconds: str = "60", region: str = "us-east-1") -> list[LineItem]:
    return microvms(
        BOOK,
        region,
        sessions=Decimal(count),
        billed_s=Decimal(seconds),
        vcpu=Decimal("0.5"),
        memory_gb=Decimal(1),
    )


def test_time_is_charged_by_vcpu_and_memory() -> None:
    # 100,000 × 60 s = 6,000,000 s: × 0.5 vCPU × 0.0000276944 = 83.0832; × 1 GB × 0.0000036667 =
    # 22.0002.
    assert [(item.item, item.monthly_usd) for item in sessions(100_000)] == [
        ("MicroVM vCPU", Decimal("83.0832")),
        ("MicroVM memory", Decimal("22.0002")),
    ]


def test_snapshots_are_read_written_and_stored() -> None:
    # 2,000 GB × 0.0015467699; 500 GB × 0.0037977138; 730 GB-hours × 0.0001111111.
    items = microvms(
        BOOK,
        "us-east-1",
        sessions=Decimal(0),
        billed_s=Decimal(0),
        vcpu=Decimal(1),
        memory_gb=Decimal(2),
        snapshot_read_gb=Decimal(2000),
        snapshot_written_gb=Decimal(500),
        snapshot_gb_hours=Decimal(730),
    )

    assert [(item.item, item.monthly_usd) for item in items] == [
        ("MicroVM snapshots read", Decimal("3.0935398")),
        ("MicroVM snapshots written", Decimal("1.8988569")),
        ("MicroVM snapshots stored", Decimal("0.081111103")),
    ]


def test_where_aws_lists_hours_hours_are_charged() -> None:
    # 1,667 h of 6,000,000 s ÷ 3,600: × 0.5 × 0.10497 and × 1 × 0.013897.
    vcpu, memory = sessions(100_000, region="eu-west-1")

    assert (vcpu.unit, memory.unit) == ("vCPU-hour", "GB-hour")
    assert abs(vcpu.monthly_usd - Decimal("87.475")) < Decimal("1e-12")
    assert abs(memory.monthly_usd - Decimal("23.16166667")) < Decimal("1e-8")


@pytest.mark.parametrize(("seconds", "billed"), [("0", 0), ("0.2", 1), ("1", 1), ("60.1", 61)])
def test_a_session_is_rounded_up_to_a_second(seconds: str, billed: int) -> None:
    assert billed_s(Decimal(seconds)) == billed


def test_a_region_without_a_price_is_named() -> None:
    with pytest.raises(PriceMissing, match="lambda/microvm-vcpu-arm64 in sa-east-1") as missing:
        sessions(1, region="sa-east-1")
    assert [error.component for error in missing.value.others] == ["microvm-memory-arm64"]
    assert total(sessions(0, region="sa-east-1")) == 0
