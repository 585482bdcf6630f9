"""AWS Fargate. https://aws.amazon.com/fargate/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from advisor.arithmetic import highest, in_words, is_zero
from advisor.cost.aws_lambda import ARCHITECTURE_SUFFIX
from advisor.cost.bill import LineItem, charge
from advisor.limits import limits
from advisor.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.tariff import PriceBook


def tasks(
    book: PriceBook,
    region: str,
    *,
    architecture: str,
    capacity: Literal["on-demand", "spot"],
    vcpu: Number,
    memory_gb: Number,
    task_hours: Number,
    ephemeral_storage_gb: Number = 0,
) -> list[LineItem]:
    """Charge the vCPUs, memory and ephemeral storage of tasks for their hours of a month.

    A task is billed from the start of its image pull until it ends, by the second.
    Storage is billed above the 20 GB that every task includes.
    """
    suffix = ARCHITECTURE_SUFFIX[architecture]
    kind = "spot-" if capacity == "spot" else ""
    name = "Spot " if capacity == "spot" else ""
    hours = f"{in_words(task_hours)} task-hours"
    vcpu_price, memory_price = book.prices(
        "fargate", (f"{kind}vcpu-{suffix}", f"{kind}memory-{suffix}"), region
    )
    items = charge(
        vcpu_price,
        task_hours * vcpu,
        f"{name}vCPU",
        f"{hours} × {in_words(vcpu)} vCPU",
    )
    items += charge(
        memory_price,
        task_hours * memory_gb,
        f"{name}memory",
        f"{hours} × {in_words(memory_gb)} GB",
    )
    return items + _ephemeral_storage(book, region, task_hours, ephemeral_storage_gb)


def windows_tasks(
    book: PriceBook,
    region: str,
    *,
    vcpu: Number,
    memory_gb: Number,
    task_hours: Number,
    ephemeral_storage_gb: Number = 0,
) -> list[LineItem]:
    """Charge tasks of Windows containers: vCPUs, the licence of Windows for each, and memory.

    They run on x86 and on demand only. Storage is charged as it is for Linux.
    """
    hours = f"{in_words(task_hours)} task-hours"
    vcpu_price, licence_price, memory_price = book.prices(
        "fargate", ("windows-vcpu", "windows-os-license", "windows-memory"), region
    )
    per_vcpu = f"{hours} × {in_words(vcpu)} vCPU"
    return [
        *charge(vcpu_price, task_hours * vcpu, "Windows vCPU", per_vcpu),
        *charge(licence_price, task_hours * vcpu, "Windows licence", per_vcpu),
        *charge(
            memory_price,
            task_hours * memory_gb,
            "Windows memory",
            f"{hours} × {in_words(memory_gb)} GB",
        ),
        *_ephemeral_storage(book, region, task_hours, ephemeral_storage_gb),
    ]


def _ephemeral_storage(
    book: PriceBook, region: str, task_hours: Number, storage_gb: Number
) -> list[LineItem]:
    included = limits().number("fargate.ephemeral_storage_included_gb")
    above_gb = highest(storage_gb - included, 0)
    if is_zero(above_gb):
        return []
    return charge(
        book.price("fargate", "ephemeral-storage", region),
        task_hours * above_gb,
        "Ephemeral storage",
        f"{in_words(task_hours)} task-hours × {in_words(above_gb)} GB above the {included} GB"
        " included",
    )


def run_hours(runs: Number, seconds: Number, *, windows: bool = False) -> Number:
    """Return the task-hours of runs that each start a task.

    Each is billed for one minute at least, for five with Windows.
    """
    minimum = limits().number(
        "fargate.windows_billing_minimum_s" if windows else "fargate.billing_minimum_s"
    )
    return runs * highest(seconds, minimum) / SECONDS_PER_HOUR
