"""The sizes of a MicroVM: a baseline that is charged, and a peak of which what is used is charged.

AWS's table is in ``rules/sizes/microvms.yaml``.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct, convert

from advisor.data import read_data


class MicrovmSize(Struct, frozen=True, kw_only=True):
    """A size: its baseline, and the most that it may use."""

    vcpu: float
    memory_mb: float
    peak_vcpu: float
    peak_memory_mb: float


@cache
def sizes() -> tuple[MicrovmSize, ...]:
    """Return the sizes that AWS offers, the smallest first."""
    return convert(read_data("rules/sizes/microvms.yaml")["sizes"], tuple[MicrovmSize, ...])


def size_for(vcpu: float, memory_mb: float) -> MicrovmSize | None:
    """Return the smallest size whose baseline has these vCPUs and this memory.

    Above the largest baseline it is the largest size, as far as its peak reaches; else None.
    """
    for size in sizes():
        if vcpu <= size.vcpu and memory_mb <= size.memory_mb:
            return size
    largest = sizes()[-1]
    fits = vcpu <= largest.peak_vcpu and memory_mb <= largest.peak_memory_mb
    return largest if fits else None
