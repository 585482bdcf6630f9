"""How many EC2 instances Lambda Managed Instances need for a concurrency.

The rules are those of AWS's sample calculator (aws-samples/sample-aws-lambda-managed-instances,
``tools/pricing-calculator``, 2026-03); its figures are in ``rules/limits.yaml``.
"""

from __future__ import annotations

from math import ceil, floor, isfinite
from typing import Literal

from msgspec import Struct

from advisor.limits import limits

CpuPerCall = Literal["io-heavy", "balanced", "cpu-heavy"]

_MB_PER_GB = 1024
_PERCENT = 100
_NOISE = 9


class Instance(Struct, frozen=True, kw_only=True):
    """An EC2 instance type, such as c7g.xlarge with 4 vCPUs and 8,192 MB."""

    instance_type: str
    vcpu: float
    memory_mb: float


class InstanceFleet(Struct, frozen=True, kw_only=True):
    """Instances, with the buffer for scaling, and the environments that the load itself needs.

    Each environment has ``environment_vcpu`` and ``environment_memory_mb`` and serves
    ``concurrency_per_environment`` requests at once; ``base_instances`` is without the buffer.
    """

    instance_type: str
    instances: int
    environments: int
    environments_per_instance: int
    base_instances: int
    concurrency_per_environment: int
    environment_vcpu: int
    environment_memory_mb: float


def fleet(
    peak_concurrency: float,
    memory_mb: float,
    runtime_family: str | None,
    instance: Instance,
    cpu_per_call: CpuPerCall | float = "balanced",
    *,
    vcpu_per_environment: int | None = None,
) -> InstanceFleet | None:
    """Return the instances for this many requests at once, or None when no environment fits one.

    ``memory_mb`` is what one request needs, ``cpu_per_call`` the share of a vCPU that it keeps busy
    (above 0, at most 1) or one of the calculator's three kinds of work. An environment has the
    memory of the requests that one vCPU carries, at least AWS's minimum, and the vCPUs that come
    with it at the instance's proportion, or ``vcpu_per_environment`` if those are more; AWS bounds
    its memory.

    The calculator lets an environment serve more requests than fit its memory when they are large;
    here memory is a bound as well. Its code adds the buffer to AWS's least number of instances too
    (5 in place of 3), its description does not, and neither does this.

    Raises ValueError for nonsense arguments.
    """
    share = _cpu_share(cpu_per_call)
    for value in (peak_concurrency, memory_mb, instance.vcpu, instance.memory_mb):
        if not (isfinite(value) and value >= 0):
            raise ValueError(f"{value} is not a number of requests, vCPUs or MB")
    if memory_mb == 0 or instance.vcpu == 0 or instance.memory_mb == 0:
        raise ValueError("requests and instances have memory, and instances vCPUs")
    if vcpu_per_environment is not None and vcpu_per_environment < 1:
        raise ValueError("an environment has at least one vCPU")
    known = limits()
    mb_per_vcpu = instance.memory_mb / instance.vcpu
    by_cpu = min(floor(round(1 / share, _NOISE)), known.concurrency_per_vcpu(runtime_family))
    on_vcpu = max(1, min(by_cpu, floor(mb_per_vcpu / memory_mb)))
    own_mb = max(known.number("managedinstances.environment_memory_min_mb"), memory_mb * on_vcpu)
    vcpu = ceil(round(own_mb / mb_per_vcpu, _NOISE))
    if vcpu_per_environment is not None and vcpu_per_environment > vcpu:
        vcpu = vcpu_per_environment
        own_mb = vcpu * mb_per_vcpu
    if own_mb > known.number("managedinstances.environment_memory_max_mb"):
        return None
    at_once = max(1, min(floor(by_cpu * vcpu), floor(own_mb / memory_mb)))
    on_instance = min(
        floor((instance.vcpu - known.number("managedinstances.reserved_vcpu")) / vcpu),
        floor((instance.memory_mb - known.number("managedinstances.reserved_memory_mb")) / own_mb),
    )
    if on_instance < 1:
        return None
    environments = max(
        ceil(round(peak_concurrency / at_once, _NOISE)),
        int(known.number("managedinstances.environments_min")),
    )
    base = -(-environments // on_instance)
    least = int(known.number("managedinstances.instances_min"))
    buffer = 1 + known.number("managedinstances.scaling_buffer_percent") / _PERCENT
    return InstanceFleet(
        instance_type=instance.instance_type,
        instances=max(least, ceil(round(base * buffer, _NOISE))),
        environments=environments,
        environments_per_instance=on_instance,
        base_instances=base,
        concurrency_per_environment=at_once,
        environment_vcpu=vcpu,
        environment_memory_mb=own_mb,
    )


def _cpu_share(cpu_per_call: CpuPerCall | float) -> float:
    if isinstance(cpu_per_call, str):
        name = cpu_per_call.replace("-", "_")
        return limits().number(f"managedinstances.cpu_per_call_{name}_percent") / _PERCENT
    if not 0 < cpu_per_call <= 1:
        raise ValueError(f"a share of {cpu_per_call} of a vCPU is not above 0 and at most 1")
    return cpu_per_call
