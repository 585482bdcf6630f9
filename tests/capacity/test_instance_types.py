"""What the name of an EC2 instance type says; the sizes of a MicroVM."""

from __future__ import annotations

import pytest

from advisor.capacity.instance_types import architecture_of, instance_of
from advisor.capacity.managed_instances import fleet
from advisor.capacity.microvm import size_for, sizes


@pytest.mark.parametrize(
    ("name", "vcpu", "memory_mb"),
    [
        # https://aws.amazon.com/ec2/instance-types/
        ("c7g.large", 2, 4096),
        ("c7g.xlarge", 4, 8192),
        ("m7g.2xlarge", 8, 32_768),
        ("m6i.large", 2, 8192),
        ("r7g.4xlarge", 16, 131_072),
        ("c7gn.12xlarge", 48, 98_304),
        ("m7i-flex.large", 2, 8192),
        ("r8g.48xlarge", 192, 1_572_864),
    ],
)
def test_vcpus_and_memory_of_a_type(name: str, vcpu: int, memory_mb: int) -> None:
    found = instance_of(name)

    assert found is not None
    assert (found.vcpu, found.memory_mb) == (vcpu, memory_mb)


@pytest.mark.parametrize(
    "name",
    ["t4g.large", "c7g.medium", "c7g.metal", "g5.xlarge", "x2gd.large", "im4gn.large", "c7g", ""],
)
def test_types_that_lambda_does_not_run(name: str) -> None:
    assert instance_of(name) is None


@pytest.mark.parametrize(
    ("name", "architecture"),
    [
        ("c7g.large", "arm64"),
        ("m6gd.large", "arm64"),
        ("c7gn.large", "arm64"),
        ("c7i.large", "x86_64"),
        ("m7a.large", "x86_64"),
        ("m5.large", "x86_64"),
        ("m7i-flex.large", "x86_64"),
    ],
)
def test_graviton_by_its_letter(name: str, architecture: str) -> None:
    assert architecture_of(name) == architecture


def test_an_environment_has_32_gb_at_most() -> None:
    # On r7g.4xlarge a vCPU comes with 8 GB: 4 vCPUs have 32 GB, 5 would have 40.
    large = instance_of("r7g.4xlarge")
    assert large is not None

    assert fleet(1, 512, "python", large, vcpu_per_environment=4) is not None
    assert fleet(1, 512, "python", large, vcpu_per_environment=5) is None
    assert fleet(1, 32_769, "python", large) is None


def test_every_microvm_may_use_four_times_its_baseline() -> None:
    for size in sizes():
        assert size.memory_mb == 2048 * size.vcpu
        assert (size.peak_vcpu, size.peak_memory_mb) == (4 * size.vcpu, 4 * size.memory_mb)
    assert size_for(0, 0) == sizes()[0]
    assert size_for(16, 32_768) == sizes()[-1]
    assert size_for(16.1, 0) is None
