"""What MicroVMs are quoted at, what is taken for granted, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.quote.catalogue import meter_of
from advisor.quote.meter import Refused
from advisor.quote.microvm import LambdaMicrovm
from advisor.tariff import PriceBook

BOOK = PriceBook()


def amounts(meter: LambdaMicrovm) -> dict[str, Decimal]:
    items = meter.line_items(BOOK, "us-east-1", free_tier=True)
    return {item.item: item.monthly_usd for item in items}


def test_every_key() -> None:
    # 1,000 sessions of 600 s: 600,000 s × 2 vCPU × 0.0000276944 = 33.23328; × 4 GB ×
    # 0.0000036667 = 8.80008; 5,000 GB × 0.0015467699; 100 GB × 0.0037977138; 7,300 × 0.0001111111.
    meter = LambdaMicrovm(
        sessions=Decimal(1000),
        session_duration_s=Decimal("599.5"),
        vcpu=Decimal(2),
        memory_gb=Decimal(4),
        snapshot_read_gb=Decimal(5000),
        snapshot_written_gb=Decimal(100),
        snapshot_gb_hours=Decimal(7300),
    )

    assert amounts(meter) == {
        "MicroVM vCPU": Decimal("33.23328"),
        "MicroVM memory": Decimal("8.80008"),
        "MicroVM snapshots read": Decimal("7.7338495"),
        "MicroVM snapshots written": Decimal("0.37977138"),
        "MicroVM snapshots stored": Decimal("0.81111103"),
    }
    assert meter.assumed() == {}


def test_what_is_not_stated_is_said_to_be_left_out() -> None:
    assert set(LambdaMicrovm(sessions=Decimal(1)).assumed()) == {
        "session_duration_s",
        "snapshot_read_gb",
    }
    assert LambdaMicrovm().assumed() == {}
    assert amounts(LambdaMicrovm()) == {}


@pytest.mark.parametrize(
    ("key", "least", "most"), [("vcpu", "0.25", "16"), ("memory_gb", "0.5", "32")]
)
def test_only_sizes_that_a_microvm_may_use(key: str, least: str, most: str) -> None:
    for good in (least, most):
        amounts(LambdaMicrovm(**{key: Decimal(good)}))
    for bad in (Decimal(least) - Decimal("0.01"), Decimal(most) + Decimal("0.01")):
        with pytest.raises(Refused) as refused:
            amounts(LambdaMicrovm(**{key: bad}))
        assert refused.value.key == key
        assert f"{Decimal(most):g}" in str(refused.value.help)


def test_it_can_be_asked_for_by_name() -> None:
    assert meter_of("lambda-microvm") is LambdaMicrovm
