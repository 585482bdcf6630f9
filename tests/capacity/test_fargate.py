"""Task counts against calculations by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from advisor.capacity.fargate import TaskSize, TaskWork, requests_per_second, tasks_by_hour

# 20 ms of CPU and 80 ms of waiting; 16 requests at once on each vCPU; processes of 512 MB.
WORK = TaskWork(
    cpu_seconds=0.02,
    waiting_seconds=0.08,
    parallelism=1,
    process_mb=512,
    slots_per_vcpu=16,
)


def count(rate: float, size: TaskSize, work: TaskWork = WORK, *, utilisation: float = 1) -> int:
    counts = tasks_by_hour(
        [rate], size, work, target_utilisation=utilisation, min_tasks=1, autoscaling=True
    )
    return counts[0]


def test_cpu_is_the_bound() -> None:
    # 1 vCPU / 0.02 s = 50/s; the 16 slots would hold 16 / 0.1 s = 160/s.
    size = TaskSize(vcpu=1, memory_mb=2048)
    assert requests_per_second(size, WORK, 1) == pytest.approx(50)
    assert (count(50, size), count(50.1, size)) == (1, 2)
    assert count(50, size, utilisation=0.7) == 2


def test_slots_are_the_bound() -> None:
    # 4 slots / 0.1 s = 40/s, below the 50/s of the vCPU.
    work = replace(WORK, slots_per_vcpu=None, slots_per_task=4)
    assert requests_per_second(TaskSize(vcpu=1, memory_mb=2048), work, 1) == pytest.approx(40)


def test_code_that_is_not_thread_safe_needs_memory_for_each_request() -> None:
    work = replace(WORK, slots_per_vcpu=None)
    # 2,048 / 512 = 4 processes, so 4 / 0.1 s = 40/s.
    assert requests_per_second(TaskSize(vcpu=1, memory_mb=2048), work, 1) == pytest.approx(40)


def test_half_a_vcpu_makes_the_cpu_part_twice_as_long() -> None:
    size = TaskSize(vcpu=0.5, memory_mb=1024)
    assert WORK.seconds(size) == pytest.approx(0.08 + 0.04)
    assert requests_per_second(size, WORK, 1) == pytest.approx(25)


def test_vcpus_without_memory_for_a_process_stay_idle() -> None:
    # 4,096 MB hold two processes of 2,048 MB, so two of the four vCPUs work.
    work = TaskWork(
        cpu_seconds=0.02, waiting_seconds=0, parallelism=1, process_mb=2048, slots_per_vcpu=16
    )
    assert work.busy_vcpus(TaskSize(vcpu=4, memory_mb=4096)) == 2


def test_tasks_follow_the_hours_only_when_they_may() -> None:
    size = TaskSize(vcpu=1, memory_mb=2048)
    rates = [10.0, 100.0, 240.0]
    scaled = tasks_by_hour(rates, size, WORK, target_utilisation=1, min_tasks=2, autoscaling=True)
    fixed = tasks_by_hour(rates, size, WORK, target_utilisation=1, min_tasks=2, autoscaling=False)
    assert scaled == (2, 2, 5)
    assert fixed == (5, 5, 5)


def test_work_that_takes_no_time_needs_the_minimum() -> None:
    work = TaskWork(
        cpu_seconds=0, waiting_seconds=0, parallelism=1, process_mb=512, slots_per_vcpu=16
    )
    counts = tasks_by_hour(
        [1e9],
        TaskSize(vcpu=1, memory_mb=2048),
        work,
        target_utilisation=0.7,
        min_tasks=2,
        autoscaling=True,
    )
    assert counts == (2,)
