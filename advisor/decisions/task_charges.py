"""What running tasks costs: vCPUs, memory, storage, and an address for each."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from advisor.cost import fargate, network
from advisor.cost.bill import total
from advisor.decisions.path_bill import PathBill
from advisor.units import MB_PER_GB

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from advisor.cost.bill import LineItem
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook


def task_charges(
    option: str,
    book: PriceBook,
    region: str,
    sizing: Mapping[str, Any],
    *,
    ephemeral_storage_mb: float,
    windows: bool,
    addressed: bool,
) -> list[Callable[[], list[LineItem]]]:
    """Return the charges for the task-hours of a size, each to be asked for its line items.

    ``option`` is fargate or fargate-spot; ``addressed`` tasks have a public IPv4 address each.
    """
    task_hours = book.number(sizing["task_hours"])
    tasks = (
        fargate.windows_tasks
        if windows
        else partial(
            fargate.tasks,
            architecture=sizing["architecture"],
            capacity="spot" if option == "fargate-spot" else "on-demand",
        )
    )
    charges: list[Callable[[], list[LineItem]]] = [
        partial(
            tasks,
            book,
            region,
            vcpu=book.number(sizing["task_vcpu"]),
            memory_gb=book.number(sizing["task_memory_mb"]) / MB_PER_GB,
            task_hours=task_hours,
            ephemeral_storage_gb=book.number(ephemeral_storage_mb) / MB_PER_GB,
        )
    ]
    if addressed:
        charges.append(
            partial(network.public_ipv4, book, region, address_hours=task_hours, of="tasks")
        )
    return charges


def has_address(situation: Situation) -> bool:
    """Return whether each task has a public IPv4 address."""
    return situation.outbound == "public-ipv4"


def cost_of(
    option: str, book: PriceBook, situation: Situation, running: Running
) -> Callable[[Mapping[str, Any]], float]:
    """Return what the tasks of a size cost a month, in USD, by the prices that are known."""

    def cost(sizing: Mapping[str, Any]) -> float:
        hourly = _hourly_usd(
            option,
            book.in_floats(),
            situation.region,
            sizing["architecture"],
            sizing["task_vcpu"],
            sizing["task_memory_mb"],
            running.ephemeral_storage_mb,
            running.windows,
            has_address(situation),
        )
        usd: float = sizing["task_hours"] * hourly
        return usd

    return cost


@lru_cache(maxsize=4096)
def _hourly_usd(
    option: str,
    book: PriceBook,
    region: str,
    architecture: str,
    vcpu: float,
    memory_mb: float,
    ephemeral_storage_mb: float,
    windows: bool,  # noqa: FBT001 - a key of the cache
    addressed: bool,  # noqa: FBT001 - a key of the cache
) -> float:
    """Remember what an hour of a task costs: none of its charges has tiers."""
    bill = PathBill()
    hour = {
        "architecture": architecture,
        "task_vcpu": vcpu,
        "task_memory_mb": memory_mb,
        "task_hours": 1.0,
    }
    for charge in task_charges(
        option,
        book,
        region,
        hour,
        ephemeral_storage_mb=ephemeral_storage_mb,
        windows=windows,
        addressed=addressed,
    ):
        bill.add(charge)
    return float(total(bill.line_items))
