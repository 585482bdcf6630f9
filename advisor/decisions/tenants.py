"""Tenant isolation: no two tenants share an environment, so each has cold starts of its own.

https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation.html (read 2026-11-25).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.cost import lambda_capacity
from advisor.decisions.running import cold_shares
from advisor.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook


def isolated_tenants(situation: Situation) -> int | None:
    """Return how many tenants have environments of their own, None where it is one for all.

    None too where their number is not stated; then it is named among what is not priced.
    """
    compute = situation.workload.compute
    return compute.tenants if compute is not None and compute.tenant_isolation else None


def new_environments(
    situation: Situation, book: PriceBook, *, architecture: str, memory_mb: Number, starts: Number
) -> list[LineItem]:
    """Charge the environments that cold starts give to tenants; nothing where tenants share them.

    Every environment that is started for a tenant is charged by its memory, once.
    """
    if isolated_tenants(situation) is None:
        return []
    return lambda_capacity.tenant_environments(
        book,
        situation.region,
        architecture=architecture,
        memory_mb=memory_mb,
        environments=starts,
    )


def apart(situation: Situation, running: Running) -> Running:
    """Return the work with the share of cold requests that tenants have who share nothing.

    Each is taken to have an equal part of the traffic, which gives the fewest cold starts.
    """
    tenants = isolated_tenants(situation)
    if tenants is None:
        return running
    each = situation.arrivals.scaled(1 / tenants)
    deployments = situation.lookup("compute.deployments_per_month")
    deployments_per_day = deployments * HOURS_PER_DAY / each.month_hours
    shares = cold_shares(
        each, running.duration.mean_ms, running.init_mean_ms, deployments_per_day, running.spread
    )
    return replace(running, cold_start_share=shares)
