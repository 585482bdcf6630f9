"""Quotes for AWS Fargate."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from advisor.arithmetic import in_words, to_decimal
from advisor.cost import fargate
from advisor.limits import limits
from advisor.quote.meter import ZERO, Meter, Refused, key
from advisor.units import MB_PER_GB

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

_MOST_LISTED = 8


class FargateTasks(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "fargate"
    about: ClassVar[str] = "Fargate tasks: vCPU, memory and storage by the hour"

    architecture: Annotated[Literal["x86_64", "arm64"], key("Processor")] = "x86_64"
    os: Annotated[Literal["linux", "windows"], key("Operating system")] = "linux"
    capacity: Annotated[Literal["on-demand", "spot"], key("How the capacity is bought")] = (
        "on-demand"
    )
    vcpu: Annotated[Decimal | None, key("Size of a task", "vCPU")] = None
    memory_gb: Annotated[Decimal | None, key("Memory of a task", "GB")] = None
    task_hours: Annotated[
        Decimal,
        key("Hours of all tasks together, of each 1 minute at least (Windows: 5)", "hours"),
    ] = ZERO
    ephemeral_storage_gb: Annotated[Decimal, key("Storage of a task; 20 GB are included", "GB")] = (
        Decimal(20)
    )

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        self._check_combination()
        self._check_storage()
        vcpu, memory_gb = self._size()
        if not self.task_hours:
            return []
        if self.os == "windows":
            return fargate.windows_tasks(
                book,
                region,
                vcpu=vcpu,
                memory_gb=memory_gb,
                task_hours=self.task_hours,
                ephemeral_storage_gb=self.ephemeral_storage_gb,
            )
        return fargate.tasks(
            book,
            region,
            architecture=self.architecture,
            capacity=self.capacity,
            vcpu=vcpu,
            memory_gb=memory_gb,
            task_hours=self.task_hours,
            ephemeral_storage_gb=self.ephemeral_storage_gb,
        )

    def _check_combination(self) -> None:
        if self.os != "windows":
            return
        if self.architecture != "x86_64":
            raise Refused(
                "architecture",
                f"Fargate runs no Windows tasks on {self.architecture}",
                "Windows tasks run on x86_64.",
            )
        if self.capacity != "on-demand":
            raise Refused(
                "capacity",
                f"Fargate runs no Windows tasks on {self.capacity} capacity",
                "Windows tasks run on demand.",
            )

    def _check_storage(self) -> None:
        least = limits().number("fargate.ephemeral_storage_included_gb")
        most = limits().number("fargate.ephemeral_storage_max_mb") // MB_PER_GB
        if not least <= self.ephemeral_storage_gb <= most:
            raise Refused(
                "ephemeral_storage_gb",
                f"Fargate offers no tasks with {self.ephemeral_storage_gb} GB of storage",
                f"It offers {least} to {most} GB.",
            )

    def _size(self) -> tuple[Decimal, Decimal]:
        """Return the size of a task, zeros where neither it nor any hours are stated."""
        sizes = self._sizes()
        offered = f"Fargate offers {', '.join(in_words(vcpu) for vcpu in sizes)} vCPU."
        if self.vcpu is None:
            if self.task_hours or self.memory_gb is not None:
                raise Refused("vcpu", "the size of a task is not stated", offered)
            return ZERO, ZERO
        if self.vcpu not in sizes:
            raise Refused("vcpu", f"Fargate offers no {self.os} tasks of {self.vcpu} vCPU", offered)
        memories = sizes[self.vcpu]
        offered = f"With {in_words(self.vcpu)} vCPU Fargate offers {_listed(memories)} GB."
        if self.memory_gb is None:
            raise Refused("memory_gb", "the memory of a task is not stated", offered)
        if self.memory_gb not in memories:
            raise Refused(
                "memory_gb", f"Fargate offers no tasks of {self.memory_gb} GB here", offered
            )
        return self.vcpu, self.memory_gb

    def _sizes(self) -> dict[Decimal, list[Decimal]]:
        sizes = {
            to_decimal(vcpu): [to_decimal(megabytes) / MB_PER_GB for megabytes in memories]
            for vcpu, memories in limits().fargate_sizes()
        }
        if self.os == "linux":
            return sizes
        least = limits().number("fargate.windows_vcpu_min")
        most = limits().number("fargate.windows_vcpu_max")
        return {vcpu: memories for vcpu, memories in sizes.items() if least <= vcpu <= most}


def _listed(sizes: list[Decimal]) -> str:
    if len(sizes) <= _MOST_LISTED:
        return ", ".join(in_words(size) for size in sizes)
    step = sizes[1] - sizes[0]
    return f"{in_words(sizes[0])} to {in_words(sizes[-1])} in steps of {in_words(step)}"
