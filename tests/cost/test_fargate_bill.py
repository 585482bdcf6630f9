"""Fargate's bill against AWS's worked example and against calculations by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.fargate import run_hours, tasks, windows_tasks
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

if TYPE_CHECKING:
    from advisor.arithmetic import Number

BOOK = PriceBook()


def bill(
    *,
    architecture: str = "x86_64",
    capacity: Literal["on-demand", "spot"] = "on-demand",
    vcpu: int = 1,
    memory_gb: int = 2,
    task_hours: Number = Decimal(100),
    storage_gb: int = 0,
) -> list[LineItem]:
    return tasks(
        BOOK,
        "us-east-1",
        architecture=architecture,
        capacity=capacity,
        vcpu=Decimal(vcpu),
        memory_gb=Decimal(memory_gb),
        task_hours=task_hours,
        ephemeral_storage_gb=Decimal(storage_gb),
    )


def test_five_tasks_a_day_of_the_pricing_page() -> None:
    # https://aws.amazon.com/fargate/pricing/: 5 tasks x 10 min x 30 days with 30 GB; 1.26 USD.
    # 150 x 600 s = 25 h. 25 x 0.04048 = 1.012; 25 x 2 GB x 0.004445 = 0.22225;
    # 25 x 10 GB above 20 x 0.000111 = 0.02775. Sum 1.262.
    hours = run_hours(Decimal(150), Decimal(600))
    items = bill(task_hours=hours, storage_gb=30)
    assert {item.item: item.monthly_usd for item in items} == {
        "vCPU": Decimal("1.012"),
        "memory": Decimal("0.22225"),
        "Ephemeral storage": Decimal("0.02775"),
    }
    assert total(items).quantize(Decimal("0.01")) == Decimal("1.26")


def test_spot_has_its_own_prices() -> None:
    # 100 h x 2 vCPU x 0.01288871 = 2.577742; 100 h x 4 GB x 0.00141527 = 0.566108.
    items = bill(capacity="spot", vcpu=2, memory_gb=4)
    assert {item.item: item.monthly_usd for item in items} == {
        "Spot vCPU": Decimal("2.577742"),
        "Spot memory": Decimal("0.566108"),
    }


def test_arm64_has_its_own_prices() -> None:
    # 100 h x 0.03238 = 3.238; 100 h x 2 GB x 0.00356 = 0.712.
    assert [item.monthly_usd for item in bill(architecture="arm64")] == [
        Decimal("3.238"),
        Decimal("0.712"),
    ]


def test_the_storage_that_every_task_has_is_not_charged() -> None:
    assert len(bill(storage_gb=20)) == 2
    # 100 h x 1 GB above 20.
    assert bill(storage_gb=21)[2].quantity == 100


def test_arrays_of_storage_are_charged_where_they_exceed_what_is_included() -> None:
    items = tasks(
        BOOK.in_floats(),
        "us-east-1",
        architecture="x86_64",
        capacity="on-demand",
        vcpu=1.0,
        memory_gb=2.0,
        task_hours=10.0,
        ephemeral_storage_gb=np.array([20.0, 30.0]),
    )
    np.testing.assert_allclose(items[2].quantity, [0.0, 100.0])


def test_a_run_is_billed_for_at_least_one_minute() -> None:
    assert run_hours(Decimal(60), Decimal(10)) == 1  # 60 runs x 60 s, not x 10 s
    assert run_hours(Decimal(60), Decimal(60)) == 1
    assert run_hours(Decimal(120), Decimal(90)) == 3  # 10,800 s
    assert run_hours(Decimal(12), Decimal(60), windows=True) == 1  # 12 runs x 300 s
    assert run_hours(Decimal(12), Decimal(600), windows=True) == 2


def test_windows_pays_for_its_licence_by_the_vcpu() -> None:
    # 100 h x 2 vCPU = 200 vCPU-hours: x 0.046552 = 9.3104 and x 0.046 = 9.2; 100 h x 4 GB x
    # 0.00511175 = 2.0447; 100 h x 5 GB above 20 x 0.000111 = 0.0555.
    items = windows_tasks(
        BOOK,
        "us-east-1",
        vcpu=Decimal(2),
        memory_gb=Decimal(4),
        task_hours=Decimal(100),
        ephemeral_storage_gb=Decimal(25),
    )
    assert {item.item: item.monthly_usd for item in items} == {
        "Windows vCPU": Decimal("9.3104"),
        "Windows licence": Decimal("9.2"),
        "Windows memory": Decimal("2.0447"),
        "Ephemeral storage": Decimal("0.0555"),
    }


def test_windows_prices_that_are_missing_are_named_together() -> None:
    with pytest.raises(PriceMissing) as missing:
        windows_tasks(
            BOOK, "eu-west-1", vcpu=Decimal(1), memory_gb=Decimal(2), task_hours=Decimal(1)
        )
    names = [error.component for error in (missing.value, *missing.value.others)]
    assert names == ["windows-vcpu", "windows-os-license", "windows-memory"]
