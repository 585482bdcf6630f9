"""How often all slots of a task are taken by requests that wait for others or share its vCPUs.

Without a limit of slots the number that waits for others is Poisson and, independent of it, the
number at the vCPUs that of an M/M/v queue, whatever the spread of both (product form). With k slots
the states below k keep their proportions; from k on the task works as with k requests, and the
queue before it falls by the same factor from one state to the next (the flow-equivalent server of
Chandy, Herzog and Woo, 1975). Exact for exponential work.
"""

from __future__ import annotations

from itertools import accumulate
from math import exp, inf, log, sqrt

from msgspec import Struct

from advisor.capacity.sharing import excess
from advisor.capacity.waiting import check, wait_probability

_MOST = 256
"""Slots above which a task of this many, at the same utilisations, is taken: it waits more."""

_RARE = 1e-9
_FAR = 8


class Taken(Struct, frozen=True):
    """``probability`` that a request waits for a slot, and how fast longer waits get rare.

    The wait falls off at the rate ``decay`` times the arrival rate, for exponential work.
    ``ratio`` is the arrival rate over the throughput with all slots taken, ``decay`` 1 / ratio - 1.
    ``longer`` is by what share the CPU part takes longer, on average, than alone.
    """

    probability: float
    ratio: float
    longer: float

    @property
    def decay(self) -> float:
        return 1 / self.ratio - 1 if self.ratio else inf


def slots_taken(slots: int, vcpus: int, cpu_load: float, waiting_load: float) -> Taken | None:
    """Return how often all slots are taken, or None when they cannot carry the load.

    ``cpu_load`` and ``waiting_load`` are the arrival rate times the time that a request needs a
    vCPU and waits for others. Raises ValueError for negative or infinite arguments.
    """
    check(slots, vcpus, cpu_load, waiting_load)
    if slots < 1 or cpu_load >= vcpus or cpu_load + waiting_load >= slots:
        return None
    unlimited = excess(vcpus, cpu_load / vcpus)
    free = slots - waiting_load - _FAR * sqrt(waiting_load) - _FAR - vcpus
    if free > 0 and _waiting_longer(vcpus, cpu_load, free) < _RARE:
        return Taken(0.0, 0.0, unlimited)
    if slots > _MOST:
        smaller = max(1, vcpus * _MOST // slots)
        cpu_load *= smaller / vcpus
        waiting_load *= _MOST / slots
        slots, vcpus = _MOST, smaller
    if cpu_load + waiting_load >= slots:
        return None
    return _limited(slots, vcpus, cpu_load, waiting_load)


def _waiting_longer(vcpus: int, load: float, number: float) -> float:
    """Return the probability that more than this number waits for a vCPU."""
    if load == 0:
        return 0.0
    return wait_probability(vcpus, load) * exp(number * log(load / vcpus))


def _limited(slots: int, vcpus: int, cpu_load: float, waiting_load: float) -> Taken | None:
    at_cpu = _weights(cpu_load, slots, vcpus)
    elsewhere = _weights(waiting_load, slots, slots)
    up_to = list(accumulate(elsewhere))
    full = running_full = before = below = running_below = 0.0
    for running, weight in enumerate(at_cpu):
        here = weight * elsewhere[slots - running]
        full += here
        running_full += running * here
        if running < slots:
            before += weight * elsewhere[slots - 1 - running]
            here = weight * up_to[slots - 1 - running]
            below += here
            running_below += running * here
    if full >= before > 0:
        return None
    # The states above k are a geometric series of this ratio, arrival rate over throughput. Next
    # to no load they are too rare for a number.
    ratio = full / before if before else 0.0
    beyond = full / (1 - ratio)
    running_mean = (running_below + running_full / (1 - ratio)) / (below + beyond)
    return Taken(
        beyond / (below + beyond),
        ratio,
        max(0.0, running_mean / cpu_load - 1) if cpu_load else 0.0,
    )


def _weights(load: float, most: int, servers: int) -> list[float]:
    """Return the proportions of 0 to ``most`` requests at these servers, the largest being 1."""
    if load == 0:
        return [1.0] + [0.0] * most
    logs = [0.0]
    for number in range(1, most + 1):
        logs.append(logs[-1] + log(load / min(number, servers)))
    highest = max(logs)
    return [exp(value - highest) for value in logs]
