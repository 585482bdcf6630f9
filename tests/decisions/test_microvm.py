"""MicroVMs: the size, the sessions, and the bill; each amount is worked out by hand.

10 million requests a month, which is 3.805175 a second.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from advisor.decisions.assumptions import Assumptions
from advisor.decisions.microvm import add_microvms, has_sessions, sizing_of
from advisor.decisions.path_bill import PathBill
from advisor.decisions.situation import Situation, resolve
from advisor.tariff import PriceBook
from advisor.workload import Workload

BOOK = PriceBook()
SESSIONS: dict[str, Any] = {"untrusted_code": True, "session_duration_s": 599.5}


def situation(
    *, traffic: dict[str, Any] | None = None, region: str = "us-east-1", **compute: Any
) -> Situation:
    tree = {
        "name": "x",
        "region": region,
        "traffic": {"monthly_requests": 10_000_000, "peak_rps": 30, **(traffic or {})},
        "compute": {"request_duration_ms": 1500, "memory_mb": 2048, **compute},
        "constraints": {"outbound": "existing"},
    }
    return resolve(msgspec.convert(tree, Workload), Assumptions())


def sizing(situation: Situation) -> dict[str, Any] | None:
    assert situation.running is not None
    return sizing_of(situation, situation.running)


def amounts(situation: Situation) -> dict[str, Decimal]:
    found = sizing(situation)
    assert found is not None
    assert situation.running is not None
    bill = PathBill()
    add_microvms(bill, situation, situation.running, BOOK, found)
    assert bill.missing == []
    return {item.item: item.monthly_usd for item in bill.line_items}


def test_each_request_has_a_microvm_where_there_are_no_sessions() -> None:
    # 10 million × 2 s (1.5 rounded up) × 1 vCPU × 0.0000276944 = 553.888; × 2 GB × 0.0000036667 =
    # 146.668. Each start reads 2 GB × 0.0015467699; the image is kept 730 h × 2 GB × 0.0001111111.
    assert amounts(situation()) == {
        "MicroVM vCPU": Decimal("553.888"),
        "MicroVM memory": Decimal("146.668"),
        "MicroVM snapshots read": Decimal("30935.398"),
        "MicroVM snapshots stored": Decimal("0.162222206"),
    }


def test_sessions_that_start_less_often_than_requests_come() -> None:
    # 1 a second are 2,628,000 × 600 s (599.5 rounded up) × 1 vCPU × 0.0000276944.
    here = situation(**SESSIONS, traffic={"session_starts_per_s": 1})

    found = amounts(here)
    assert float(found["MicroVM vCPU"]) == pytest.approx(2_628_000 * 600 * 0.0000276944)
    assert float(found["MicroVM snapshots read"]) == pytest.approx(2_628_000 * 2 * 0.0015467699)


@pytest.mark.parametrize(
    ("compute", "sessions"),
    [
        ({}, False),
        ({"stateful_session": True}, True),
        ({"untrusted_code": True}, True),
    ],
)
def test_what_comes_in_sessions(compute: dict[str, Any], sessions: bool) -> None:  # noqa: FBT001 - a parameter
    assert has_sessions(situation(**compute)) is sessions


@pytest.mark.parametrize(
    ("compute", "size", "billed"),
    [
        ({"memory_mb": 128}, (0.25, 512), (0.25, 512)),
        ({"memory_mb": 513}, (0.5, 1024), (0.5, 1024)),
        ({"memory_mb": 512, "vcpu": 1}, (1, 2048), (1, 2048)),
        ({"memory_mb": 8192, "vcpu": 4}, (4, 8192), (4, 8192)),
        # Above the largest baseline: its memory all the time, 4 vCPUs more while they are busy.
        ({"memory_mb": 16_384, "vcpu": 8, "cpu_bound_fraction": 0.25}, (4, 8192), (5, 16_384)),
        ({"memory_mb": 32_768, "vcpu": 16, "cpu_bound_fraction": 1}, (4, 8192), (16, 32_768)),
    ],
)
def test_the_smallest_size_whose_baseline_is_enough(
    compute: dict[str, Any], size: tuple[float, float], billed: tuple[float, float]
) -> None:
    found = sizing(situation(**compute))

    assert found is not None
    assert (found["vcpu"], found["memory_mb"]) == size
    assert (found["billed_vcpu"], found["billed_memory_mb"]) == billed


@pytest.mark.parametrize("compute", [{"vcpu": 16.5}, {"memory_mb": 32_769}])
def test_no_size_is_larger_than_its_peak(compute: dict[str, Any]) -> None:
    assert sizing(situation(**compute)) is None


@pytest.mark.parametrize(
    ("compute", "gigabytes"),
    [({}, 2), ({"image_gb": 0.5}, 2.5), ({"microvm_snapshot_gb": 0.6, "image_gb": 3}, 0.6)],
)
def test_what_a_start_reads(compute: dict[str, Any], gigabytes: float) -> None:
    found = sizing(situation(**compute))

    assert found is not None
    assert found["snapshot_gb"] == gigabytes


def test_where_snapshots_have_no_price_it_is_named() -> None:
    here = situation(region="eu-west-1")
    found = sizing(here)
    assert found is not None
    assert here.running is not None
    bill = PathBill()

    add_microvms(bill, here, here.running, BOOK, found)

    assert [error.component for error in bill.missing] == [
        "microvm-snapshot-read",
        "microvm-snapshot-storage",
    ]
