"""Managed Instances: which types, how many, and what they cost, by AWS's sizing rules and by hand.

1,000 requests a second of 100 ms at the peak, a quarter of it on one vCPU: AWS's example of 100
requests at once that keep 25 % of a vCPU busy.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from advisor.cost.bill import total
from advisor.decisions.assumptions import Assumptions
from advisor.decisions.managed_instances import (
    add_instances,
    environments_of,
    fleets,
    meeting,
)
from advisor.decisions.path_bill import PathBill
from advisor.decisions.situation import Situation, resolve
from advisor.tariff import PriceBook
from advisor.workload import Workload

BOOK = PriceBook()
WORK: dict[str, Any] = {
    "request_duration_ms": 100,
    "memory_mb": 512,
    "vcpu": 1,
    "cpu_bound_fraction": 0.25,
    "runtime": "python3.13",
}


def situation(
    *, region: str = "us-east-1", constraints: dict[str, Any] | None = None, **compute: Any
) -> Situation:
    tree = {
        "name": "x",
        "region": region,
        "traffic": {"monthly_requests": 10_000_000, "peak_rps": 1000},
        "compute": {**WORK, **compute},
        "constraints": constraints or {},
    }
    return resolve(msgspec.convert(tree, Workload), Assumptions())


def found(situation: Situation, architecture: str = "arm64") -> dict[str, dict[str, Any]]:
    assert situation.running is not None
    sizings = fleets(situation, situation.running, architecture, BOOK)
    return {sizing["instance_type"]: sizing for sizing in sizings}


def test_the_example_of_aws_s_sample_calculator() -> None:
    # 4 at once on a vCPU, 25 environments of 2,048 MB, 3 on an instance of 4 vCPUs: 9, half more.
    assert found(situation())["c7g.xlarge"] == {
        "architecture": "arm64",
        "memory_mb": 2048,
        "environment_vcpu": 1,
        "concurrency_per_environment": 4,
        "instance_type": "c7g.xlarge",
        "environments_per_instance": 3,
        "instances": 14,
        "instance_hours": 14 * 730,
    }


def test_the_cheapest_comes_first_and_of_equals_the_fewest() -> None:
    # 25 environments: 15 on 16 vCPUs, so 2 and half more: 3 × 0.58 = 1.74 an hour. 7 on 8 vCPUs,
    # so 4 and 6: 6 × 0.29 = 1.74. 14 × 0.145 = 2.03. One on 2 vCPUs, 38 × 0.0725 = 2.755.
    compute = [name for name in found(situation()) if name.startswith("c7g")]

    assert compute == ["c7g.4xlarge", "c7g.2xlarge", "c7g.xlarge", "c7g.large"]


@pytest.mark.parametrize(
    ("compute", "at_once", "instances"),
    [
        ({}, 4, 14),
        # Without a lock for shared data one request has an environment: 100, 34 and 51.
        ({"runtime": "nodejs22.x", "thread_safe": False}, 1, 51),
        ({"runtime": "nodejs22.x", "thread_safe": True}, 4, 14),
        # 2 vCPUs that are busy all the time have 4,096 MB and an instance alone: 100, and 150.
        ({"vcpu": 2, "memory_mb": 3000, "cpu_bound_fraction": 1}, 1, 150),
        # Only waiting: 16 processes of 128 MB on a vCPU: 7 environments, 3, and 5.
        ({"cpu_bound_fraction": 0, "memory_mb": 128}, 16, 5),
    ],
)
def test_what_an_environment_serves_at_once(
    compute: dict[str, Any], at_once: int, instances: int
) -> None:
    sizing = found(situation(**compute))["c7g.xlarge"]

    assert (sizing["concurrency_per_environment"], sizing["instances"]) == (at_once, instances)


def test_types_that_hold_no_environment_are_left_out() -> None:
    # 7,000 MB on an instance of 8,192 MB, of which Lambda keeps 1,024.
    names = found(situation(memory_mb=7500))

    assert "c7g.xlarge" not in names
    assert "m7g.xlarge" in names
    # Burstable types and single vCPUs are not what Lambda runs.
    assert not any(name.startswith("t4g") or name.endswith("medium") for name in names)


def test_types_are_of_the_architecture_and_of_the_region() -> None:
    assert set(found(situation(), "x86_64")) == {"c7i.xlarge"}
    assert set(found(situation(region="eu-west-1"))) == {
        "c7g.large",
        "c7g.xlarge",
        "m7g.large",
        "m7g.xlarge",
    }


def test_where_no_type_has_a_price_one_is_named() -> None:
    tokyo = situation(region="ap-northeast-1")
    assert tokyo.running is not None
    sizing = fleets(tokyo, tokyo.running, "arm64", BOOK)[0]
    bill = PathBill()

    add_instances(bill, tokyo, tokyo.running, BOOK, sizing)

    assert any(error.component.startswith("ondemand-linux-") for error in bill.missing)


def test_a_missing_fee_does_not_hide_what_the_instances_cost() -> None:
    ireland = situation(region="eu-west-1")
    assert ireland.running is not None
    bill = PathBill()

    add_instances(bill, ireland, ireland.running, BOOK, found(ireland)["c7g.xlarge"])

    assert "EC2 instances, c7g.xlarge" in {item.item for item in bill.line_items}
    assert [error.component for error in bill.missing] == [
        "lmi-requests",
        "lmi-management-fee-fraction",
    ]


@pytest.mark.parametrize(
    ("outbound", "more"),
    [
        ("existing", "0"),
        ("public-ipv4", "51.1"),  # 10,220 address-hours × $0.005
        # Two gateways × 730 h × $0.045; 10 million × 3 KB ÷ 1,048,576 = 28.61 GB × $0.045.
        ("nat", "66.98746"),
    ],
)
def test_the_bill_of_a_fleet(outbound: str, more: str) -> None:
    # 10,220 h × 0.145 = 1,481.90; 15 % of it = 222.285; 10 million requests × $0.20 = 2.
    constraints = {"outbound": outbound, "zones": 2}
    here = situation(constraints=constraints, log_kb_per_request=1, outbound_kb_per_request=2)
    assert here.running is not None
    bill = PathBill()

    add_instances(bill, here, here.running, BOOK, found(here)["c7g.xlarge"])

    assert bill.missing == []
    assert [item.monthly_usd for item in bill.line_items[:3]] == [
        2,
        Decimal("1481.9"),
        Decimal("222.285"),
    ]
    assert float(total(bill.line_items[3:])) == pytest.approx(float(more), abs=1e-4)


def meet(here: Situation, slo_ms: float) -> list[dict[str, Any]]:
    assert here.running is not None
    by_load = list(found(here).values())
    return list(
        meeting(here, here.running, by_load, BOOK, percentile=99.0, slo_ms=slo_ms, fixed_ms=0.0)
    )


def test_an_objective_asks_for_more_instances_and_never_for_fewer() -> None:
    here = situation(thread_safe=False, runtime="nodejs22.x")
    least = found(here)

    (easy,) = meet(here, 5000)
    assert easy["instances"] == least[easy["instance_type"]]["instances"]
    # A request takes 100 ms when nothing is in its way.
    assert meet(here, 99) == []
    (tight,) = meet(here, 101)
    assert tight["instances"] >= least[tight["instance_type"]]["instances"]


def test_an_environment_is_a_task_of_its_size() -> None:
    here = situation()
    assert here.running is not None

    size, work, balancing = environments_of(here.running, found(here)["c7g.xlarge"])
    assert (size.vcpu, size.memory_mb, work.slots_per_task) == (1, 2048, 4)
    assert balancing == "round-robin"

    alone = found(situation(runtime="nodejs22.x", thread_safe=False))["c7g.xlarge"]
    assert environments_of(here.running, alone)[2] == "central"
