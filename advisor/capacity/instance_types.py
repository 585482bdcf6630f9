"""EC2 instance types by their names: what they have, and on which processor.

What a name means is in ``rules/sizes/ec2-instances.yaml``.
"""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from typing import Any

from advisor.capacity.managed_instances import Instance
from advisor.data import read_data


def instance_of(instance_type: str) -> Instance | None:
    """Return an instance type's vCPUs and memory, None for one that Lambda does not run.

    >>> instance_of("m7g.xlarge")
    Instance(instance_type='m7g.xlarge', vcpu=4, memory_mb=16384)
    """
    family, _, size = instance_type.partition(".")
    mb_per_vcpu = _names()["memory_mb_per_vcpu"].get(_letters(family))
    vcpu = _names()["vcpu_by_size"].get(size)
    if mb_per_vcpu is None or vcpu is None:
        return None
    return Instance(instance_type=instance_type, vcpu=vcpu, memory_mb=vcpu * mb_per_vcpu)


def architecture_of(instance_type: str) -> str:
    """Return the instruction set of an instance type, ``arm64`` for Graviton processors."""
    family = instance_type.partition(".")[0]
    attributes = family[len(_letters(family)) :].lstrip("0123456789")
    return "arm64" if attributes.startswith(_names()["arm64_letter"]) else "x86_64"


def _letters(family: str) -> str:
    return "".join(takewhile(str.isalpha, family))


@cache
def _names() -> dict[str, Any]:
    entries: dict[str, Any] = read_data("rules/sizes/ec2-instances.yaml")
    return entries
