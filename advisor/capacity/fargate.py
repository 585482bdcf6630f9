"""How many Fargate tasks a load needs, by CPU and by concurrency.

A task carries the smaller of two rates: what its vCPUs can work off, and what its slots for
concurrent requests can hold by Little's law (rate = slots / time in the task). Both are held at a
target utilisation, which stands for the queueing that is not modelled here.
"""

from __future__ import annotations

from math import ceil, floor, inf
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence


class TaskSize(Struct, frozen=True, kw_only=True):
    """A valid pair of Fargate CPU and memory."""

    vcpu: float
    memory_mb: float


class TaskWork(Struct, frozen=True, kw_only=True):
    """What one request asks of a task.

    ``cpu_seconds`` is CPU time at one full vCPU, ``waiting_seconds`` the rest of the duration.
    ``parallelism`` is how many vCPUs one request can use at once. ``process_mb`` is the memory of
    one process; ``slots_per_vcpu`` the requests that a vCPU serves at once, or None when each
    request needs a process of its own; ``slots_per_task`` overrides both.
    """

    cpu_seconds: float
    waiting_seconds: float
    parallelism: float
    process_mb: float
    slots_per_vcpu: float | None
    slots_per_task: float | None = None

    def seconds(self, size: TaskSize) -> float:
        """Return the time that one request spends in a task of this size when it never queues."""
        return self.waiting_seconds + self.cpu_seconds / min(size.vcpu, self.parallelism)

    def slots(self, size: TaskSize) -> float:
        """Return the number of requests that a task of this size serves at once."""
        if self.slots_per_task is not None:
            return self.slots_per_task
        if self.slots_per_vcpu is None:
            return floor(size.memory_mb / self.process_mb)
        return max(1, floor(self.slots_per_vcpu * size.vcpu))

    def busy_vcpus(self, size: TaskSize) -> float:
        """Return the vCPUs that the processes which fit the memory can keep busy."""
        processes = max(1, floor(size.memory_mb / self.process_mb))
        return min(size.vcpu, processes * self.parallelism)


def requests_per_second(size: TaskSize, work: TaskWork, target_utilisation: float) -> float:
    """Return the rate that one task carries at the target utilisation, in requests per second."""
    by_cpu = work.busy_vcpus(size) / work.cpu_seconds if work.cpu_seconds else inf
    seconds = work.seconds(size)
    by_slots = work.slots(size) / seconds if seconds else inf
    return target_utilisation * min(by_cpu, by_slots)


def tasks_for(rate_per_s: float, per_task: float, min_tasks: int) -> int:
    """Return the smallest number of tasks that carries a rate, never fewer than ``min_tasks``.

    ``per_task`` is the rate that one task carries.
    """
    # A rate that is an exact multiple must not need one task more for the sake of float noise.
    return max(min_tasks, ceil(round(rate_per_s / per_task, 9)))


def tasks_by_hour(
    peak_rates_per_s: Sequence[float],
    size: TaskSize,
    work: TaskWork,
    *,
    target_utilisation: float,
    min_tasks: int,
    autoscaling: bool,
) -> tuple[int, ...]:
    """Return the tasks of each hour of the day; without auto scaling the busiest hour's in all."""
    per_task = requests_per_second(size, work, target_utilisation)
    rates = peak_rates_per_s if autoscaling else [max(peak_rates_per_s)] * len(peak_rates_per_s)
    return tuple(tasks_for(rate, per_task, min_tasks) for rate in rates)
