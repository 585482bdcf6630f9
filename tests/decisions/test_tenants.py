"""Tenants that share no environment have cold starts of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from advisor.decisions.assumptions import Assumptions
from advisor.decisions.situation import Situation, resolve
from advisor.decisions.tenants import isolated_tenants, new_environments
from advisor.tariff import PriceBook
from advisor.workload import Workload

BOOK = PriceBook()


def situation(monthly: float = 1_000_000, **compute: Any) -> Situation:
    tree = {
        "name": "x",
        "region": "us-east-1",
        "traffic": {"monthly_requests": monthly, "peak_rps": 3},
        "compute": {"request_duration_ms": 100, "memory_mb": 1024, **compute},
    }
    return resolve(msgspec.convert(tree, Workload), Assumptions())


def cold(situation: Situation) -> tuple[float, float]:
    assert situation.running is not None
    return situation.running.cold_start_share["x86_64"]


def apart(tenants: int, monthly: float = 1_000_000) -> Situation:
    return situation(monthly, tenant_isolation=True, tenants=tenants)


def test_each_tenant_is_as_cold_as_a_workload_of_its_own() -> None:
    assert cold(apart(1)) == cold(situation())
    # A tenth of the traffic each, and ten times as much of the same.
    assert cold(apart(10)) == cold(apart(1, 100_000)) == cold(apart(100, 10_000_000))
    assert cold(apart(1000))[0] > cold(apart(10))[0] > cold(apart(1))[0]


def test_tenants_that_share_environments_change_nothing() -> None:
    together = situation(tenants=1000)

    assert isolated_tenants(together) is None
    assert cold(together) == cold(situation())
    assert isolated_tenants(apart(40)) == 40


def test_every_environment_that_is_started_for_a_tenant_is_charged() -> None:
    # 100,000 × 1 GB × 0.000166667; on arm64 × 0.000133333.
    def usd(situation: Situation, architecture: str) -> list[Decimal]:
        items = new_environments(
            situation,
            BOOK,
            architecture=architecture,
            memory_mb=Decimal(1024),
            starts=Decimal(100_000),
        )
        return [item.monthly_usd for item in items]

    assert usd(apart(40), "x86_64") == [Decimal("16.6667")]
    assert usd(apart(40), "arm64") == [Decimal("13.3333")]
    assert usd(situation(), "x86_64") == []


def test_a_thousand_million_tenants_are_cold_each_time() -> None:
    assert cold(apart(1_000_000_000))[1] <= 1
    assert cold(apart(1_000_000_000))[0] > 0.99
