"""One outcome with something of everything, for the tests of the formats."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from advisor.gate.outcome import (
    Base,
    FieldChange,
    Finding,
    GroupSum,
    LineChange,
    Outcome,
    Place,
    PolicyChange,
    Prices,
    Side,
    Split,
    Totals,
    Waiver,
    WorkloadChange,
)

_HOSTILE = "evil`|<img src=x>\x1b[31m::error::%0A]]>"
_PRICES = Prices(
    as_of="2026-09-25",
    origin="shipped price book",
    digest="30d1e4c3643c0000000000000000000000000000000000000000000000000000",
)


def _side(usd: str | None, **others: Any) -> Side:
    values: dict[str, Any] = {
        "design": {"compute": "lambda", "cold_start": "none", "api": "http-api"},
        "declared": False,
        "sizing": {"architecture": "arm64", "memory_mb": 512.0},
        "feasible": True,
        "monthly_requests": 1_000_000.0,
        "monthly_usd": None if usd is None else Decimal(usd),
        "usd_per_million": None if usd is None else Decimal(usd),
        **others,
    }
    return Side(**values)


def outcome() -> Outcome:
    """Return an outcome that fails: each status, state, severity and standing occurs."""
    waiver = Waiver(
        check="budget",
        workload=None,
        budget="shop",
        rule=None,
        up_to=Decimal(20),
        because="sale in December",
        decided_by="maria@example.com",
        until="2026-12-31",
        place=Place(file="advisor.yaml", line=12, column=5),
        standing="used",
    )
    expired = Waiver(
        check="slo-missed",
        workload="orders",
        budget=None,
        rule=None,
        up_to=None,
        because=_HOSTILE,
        decided_by="nobody",
        until="2026-01-31",
        place=Place(file="workloads/orders.yaml", line=30, column=5),
        standing="expired",
    )
    checkout = WorkloadChange(
        name="checkout",
        file="workloads/checkout.yaml",
        region="eu-west-1",
        tags={"team": "shop"},
        status="changed",
        renamed_from=None,
        before=_side("44.26"),
        after=_side("57.31", monthly_requests=1_300_000.0, usd_per_million=Decimal("44.084615")),
        split=Split(
            price_usd=Decimal("0.50"), usage_usd=Decimal("11.35"), design_usd=Decimal("1.20")
        ),
        lines=(
            LineChange(
                service="Amazon API Gateway",
                item="HTTP API requests",
                unit="request",
                before_quantity=Decimal(1_000_000),
                after_quantity=Decimal(1_300_000),
                before_unit_price_usd=Decimal("0.00000111"),
                after_unit_price_usd=Decimal("0.00000111"),
                before_usd=Decimal("1.11"),
                after_usd=Decimal("1.443"),
            ),
        ),
        fields=(
            FieldChange(field="traffic.monthly_requests", before="1000000", after="1300000"),
            FieldChange(field="compute.memory_mb", before="512", after="640"),
        ),
    )
    orders = WorkloadChange(
        name="orders",
        file="workloads/orders.yaml",
        region="us-east-1",
        tags={},
        status="renamed",
        renamed_from="workloads/order.yaml",
        before=_side("10", declared=True, recommended_usd=Decimal(10), margin_usd=Decimal(0)),
        after=_side(
            "9.90",
            declared=True,
            feasible=False,
            recommended={"compute": "fargate", "api": "alb"},
            recommended_usd=Decimal("8.00"),
            margin_usd=Decimal("1.90"),
            percentile=99.0,
            objective_ms=300.0,
            latency_ms=412.0,
        ),
        split=Split(price_usd=Decimal(0), usage_usd=Decimal("-0.10"), design_usd=Decimal(0)),
        lines=(),
    )
    new = WorkloadChange(
        name=_HOSTILE,
        file=f"workloads/{_HOSTILE}.yaml",
        region="us-east-1",
        tags={"team": "shop"},
        status="new",
        renamed_from=None,
        before=None,
        after=_side("0.003"),
        split=Split(price_usd=Decimal(0), usage_usd=Decimal(0), design_usd=Decimal("0.003")),
        lines=(),
    )
    gone = WorkloadChange(
        name="report",
        file="workloads/report.yaml",
        region="us-east-1",
        tags={},
        status="deleted",
        renamed_from=None,
        before=_side("3"),
        after=None,
        split=Split(price_usd=Decimal(0), usage_usd=Decimal(0), design_usd=Decimal(-3)),
        lines=(),
    )
    same = WorkloadChange(
        name="webhook",
        file="workloads/webhook.yaml",
        region="us-east-1",
        tags={},
        status="unchanged",
        renamed_from=None,
        before=_side("5"),
        after=_side("5"),
        split=Split(price_usd=Decimal(0), usage_usd=Decimal(0), design_usd=Decimal(0)),
        lines=(),
    )
    unpriced = WorkloadChange(
        name="frankfurt",
        file="workloads/frankfurt.yaml",
        region="eu-central-1",
        tags={},
        status="changed",
        renamed_from=None,
        before=_side("7"),
        after=_side(None),
        split=None,
        lines=(),
    )
    findings = (
        Finding(
            code="data-missing",
            severity="fail",
            state="new",
            message="no price for api-gateway/http-requests in eu-central-1: known for eu-west-1",
            place=Place(file="workloads/frankfurt.yaml", line=3, column=9),
            workload="frankfurt",
            field="region",
        ),
        Finding(
            code="cost-increase",
            severity="fail",
            state="new",
            message="usage and design cost 12.55 USD more a month (+28 %); 5.00 USD are allowed",
            place=Place(file="workloads/checkout.yaml", line=5, column=3),
            workload="checkout",
            field="traffic.monthly_requests",
            amount=Decimal("12.55"),
            limit=Decimal(5),
            percent=Decimal("28.355174"),
            help="lower the cost, raise the limit in advisor.yaml, or add a waiver",
        ),
        Finding(
            code="slo-missed",
            severity="fail",
            state="new",
            message="p99 is 412 ms, the objective is 300 ms",
            place=Place(file="workloads/orders.yaml", line=20, column=3),
            workload="orders",
            rule="slo.latency",
            field="slo.latency_p99_ms",
        ),
        Finding(
            code="budget",
            severity="fail",
            state="waived",
            message="shop costs 57.313 USD a month, 7.31 USD over its budget of 50.00 USD",
            place=Place(file="advisor.yaml", line=8, column=5),
            budget="shop",
            amount=Decimal("7.313"),
            limit=Decimal(50),
            waiver=waiver,
        ),
        Finding(
            code="rule-violated",
            severity="fail",
            state="existing",
            message="A task keeps one connection for each client.",
            place=Place(file="workloads/webhook.yaml", line=9, column=3),
            workload="webhook",
            rule="compute.connections",
        ),
        Finding(
            code="price-increase",
            severity="warn",
            state="new",
            message="prices alone cost 0.50 USD more a month (+1 %)",
            place=Place(file="workloads/checkout.yaml", line=1, column=1),
            workload="checkout",
            amount=Decimal("0.50"),
            limit=Decimal(0),
            percent=Decimal("1.129688"),
        ),
        Finding(
            code="policy-changed",
            severity="warn",
            state="new",
            message="budgets.shop.monthly_usd is raised from 40 to 50",
            place=Place(file="advisor.yaml", line=8, column=5),
            field="budgets.shop.monthly_usd",
        ),
    )
    return Outcome(
        judged=True,
        as_of="2026-11-27",
        base=Base(
            kind="revision",
            name="origin/main",
            commit="1f0e2d3c4b5a69788796a5b4c3d2e1f001234567",
            point="merge-base",
        ),
        policy="advisor.yaml",
        policy_from="head",
        prices_before=_PRICES,
        prices_after=_PRICES,
        workloads=(checkout, new, unpriced, orders, gone, same),
        totals=Totals(
            before_usd=Decimal("62.26"),
            after_usd=Decimal("72.213"),
            split=Split(
                price_usd=Decimal("0.50"),
                usage_usd=Decimal("11.25"),
                design_usd=Decimal("-1.797"),
            ),
            left_out=("workloads/frankfurt.yaml",),
        ),
        groups=(
            GroupSum(
                name="shop",
                tags={"team": "shop"},
                workload=None,
                files=(checkout.file, new.file),
                budget_usd=Decimal(50),
                before_usd=Decimal("44.26"),
                after_usd=Decimal("57.313"),
                place=Place(file="advisor.yaml", line=8, column=5),
            ),
        ),
        findings=findings,
        policy_changes=(
            PolicyChange(
                kind="policy",
                field="budgets.shop.monthly_usd",
                before="40",
                after="50",
                loosens=True,
                place=Place(file="advisor.yaml", line=8, column=5),
            ),
        ),
        waivers=(waiver, expired),
    )
