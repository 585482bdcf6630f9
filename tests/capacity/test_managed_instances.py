"""Instance counts against AWS's own example and calculations by hand."""

from __future__ import annotations

import pytest

from advisor.capacity.managed_instances import Instance, InstanceFleet, fleet

C7G = Instance(instance_type="c7g.xlarge", vcpu=4, memory_mb=8192)
M7G = Instance(instance_type="m7g.xlarge", vcpu=4, memory_mb=16384)


def found(*arguments: object, **options: object) -> InstanceFleet:
    result = fleet(*arguments, **options)  # type: ignore[arg-type] # any of the test's
    assert result is not None
    return result


def test_the_example_of_aws_s_sample_calculator() -> None:
    # Its methodology: 100 % / 25 % = 4 a vCPU, environments of 2,048 MB and 1 vCPU, 100 / 4 = 25;
    # min(3 / 1, 7,168 / 2,048) = 3 an instance; 25 / 3 = 9, with the half more 14.
    assert found(100, 512, "python", C7G, "balanced") == InstanceFleet(
        instance_type="c7g.xlarge",
        instances=14,
        environments=25,
        environments_per_instance=3,
        base_instances=9,
        concurrency_per_environment=4,
        environment_vcpu=1,
        environment_memory_mb=2048,
    )


@pytest.mark.parametrize(
    ("cpu_per_call", "family", "at_once"),
    [
        ("io-heavy", "python", 8),  # 100 / 12.5
        ("balanced", "python", 4),
        ("cpu-heavy", "python", 2),
        (0.25, "python", 4),
        (0.01, "python", 16),  # 100 by CPU, 16 by the runtime
        (0.02, "nodejs", 16),  # 50 by CPU, 64 by the runtime, 2,048 / 128 by memory
        (0.3, "java", 3),
        (1, "java", 1),
    ],
)
def test_requests_at_once_by_cpu_runtime_and_memory(
    cpu_per_call: str | float, family: str, at_once: int
) -> None:
    assert found(10, 128, family, C7G, cpu_per_call).concurrency_per_environment == at_once


def test_large_requests_are_bound_by_memory() -> None:
    # 1,500 MB: one on a vCPU of 2,048 MB, although four would be by CPU.
    assert found(9, 1500, "java", C7G).environments == 9
    # 5,000 MB need 3 vCPUs at 2,048 MB each: one environment on 3 vCPUs and 7,168 MB.
    large = found(4, 5000, "java", C7G)
    assert (large.environment_vcpu, large.environments_per_instance) == (3, 1)
    # 4 base, half more: 6.
    assert (large.base_instances, large.instances) == (4, 6)


def test_more_memory_for_each_vcpu() -> None:
    # 8 requests of 512 MB on a vCPU of 4,096 MB; 3 by vCPU, 15,360 / 4,096 = 3 by memory.
    generous = found(100, 512, "python", M7G, "io-heavy")
    assert generous.environment_memory_mb == 4096
    assert generous.environments_per_instance == 3
    # 100 / 8 = 13; 13 / 3 = 5; 7.5, so 8.
    assert (generous.environments, generous.base_instances, generous.instances) == (13, 5, 8)


def test_stated_vcpus_of_an_environment() -> None:
    # 3 vCPUs with 6,144 MB: 12 at once by CPU and by memory, one on an instance.
    stated = found(100, 512, "python", C7G, vcpu_per_environment=3)
    assert (stated.concurrency_per_environment, stated.environments_per_instance) == (12, 1)
    assert stated.environments == 9


def test_there_are_always_three_instances() -> None:
    assert found(0, 512, "python", C7G).instances == 3
    assert found(0, 512, "python", C7G).environments == 3


def test_what_does_not_fit_an_instance() -> None:
    assert fleet(1, 8000, "python", C7G) is None
    # One vCPU is Lambda's own.
    single = Instance(instance_type="m7g.medium", vcpu=1, memory_mb=4096)
    assert fleet(1, 512, "python", single) is None


@pytest.mark.parametrize(
    ("concurrency", "memory_mb", "share"),
    [
        (-1, 512, 0.5),
        (float("nan"), 512, 0.5),
        (float("inf"), 512, 0.5),
        (1, 0, 0.5),
        (1, 512, 0),
        (1, 512, 1.5),
        (1, 512, float("nan")),
    ],
)
def test_nonsense_is_refused(concurrency: float, memory_mb: float, share: float) -> None:
    with pytest.raises(ValueError, match=r"not|memory"):
        fleet(concurrency, memory_mb, "python", C7G, share)
    with pytest.raises(ValueError, match="at least one vCPU"):
        fleet(1, 512, "python", C7G, vcpu_per_environment=0)
