"""How many Fargate tasks a load needs, by CPU, by concurrency and by response time.

A task carries the smaller of two rates: what its vCPUs can work off, and what its slots for
concurrent requests can hold by Little's law (rate = slots / time in the task), both at a target
utilisation. What a request then takes follows from the queue for a slot and the sharing of the
vCPUs; the composition and its errors are in ``docs/how-we-know/tasks.md``.
"""

from __future__ import annotations

from math import ceil, exp, floor, inf, isnan
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.response import arrivals_cv2
from advisor.capacity.sharing import Ladder, scores, slowed, utilisation_of
from advisor.capacity.slots import slots_taken
from advisor.capacity.waiting import (
    Lognormal,
    Waiting,
    check,
    cv2_of,
    quantile,
    waits,
    within,
)
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.capacity.duration import DurationDistribution
    from advisor.capacity.response import Balancing
    from advisor.capacity.waiting import Curve

_MOST = 2**16
"""Factor above the tasks that the utilisation asks for, beyond which more do not help."""

_NOISE = 1e-9


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
    needed = {rate: tasks_for(rate, per_task, min_tasks) for rate in set(rates)}
    return tuple(needed[rate] for rate in rates)


def tasks_meeting(
    rate_rps: float,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
    *,
    percentile: float,
    slo_ms: float | None,
    fixed_ms: float = 0,
    target_utilisation: float,
    zones: int,
    survive_zone: bool,
    min_tasks: int,
    balancing: Balancing = "round-robin",
) -> int | None:
    """Return the smallest number of tasks that carries a rate and answers in time.

    CPU and slots of the tasks stay within ``target_utilisation``, and the ``percentile`` (in
    percent, 1 to below 100) of the response plus ``fixed_ms`` of the front doors within ``slo_ms``
    (None: no objective). With ``survive_zone`` this holds of the tasks that are left when one of
    ``zones`` is lost. None when no number of tasks does it. ``duration`` is as for
    ``response_percentiles``. Raises ValueError for nonsense arguments.
    """
    check(rate_rps, fixed_ms, min_tasks)
    share = _share(percentile)
    if not 0 < target_utilisation <= 1:
        raise ValueError(f"a utilisation of {target_utilisation} is not above 0 and at most 1")
    if zones < 1 or (survive_zone and zones < 2):
        raise ValueError(f"tasks in {zones} zones do not survive the loss of one")
    if slo_ms is not None and isnan(slo_ms):
        raise ValueError("the objective is not a number")
    if rate_rps == 0:
        return min_tasks
    per_task = requests_per_second(size, work, target_utilisation)
    if per_task <= 0:
        return None
    needed = tasks_for(rate_rps, per_task, 1)
    if slo_ms is not None:
        within_s = (slo_ms - fixed_ms) / MS_PER_SECOND
        found = _least(
            lambda tasks: _meets(rate_rps, tasks, size, work, duration, share, within_s, balancing),
            needed,
        )
        if found is None:
            return None
        needed = found
    if survive_zone:
        needed = -(-needed * zones // (zones - 1))
    return max(min_tasks, needed)


def response_percentiles(
    rate_rps: float,
    tasks: int,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
    percentiles: Sequence[float],
    *,
    balancing: Balancing = "round-robin",
) -> tuple[float, ...] | None:
    """Return percentiles, in ms, of the time that requests spend in and before that many tasks.

    ``percentiles`` are in percent, 1 to below 100. Of ``duration`` only the shape counts: it is
    laid around ``work.seconds(size)``, of which CPU and waiting are the same share of every
    request. Front doors are not in it. None when the tasks are overloaded, or share their vCPUs
    more than was measured (a utilisation of 0.95, unless few slots keep requests waiting).

    Raises ValueError for nonsense arguments.
    """
    check(rate_rps)
    shares = [_share(percentile) for percentile in percentiles]
    if tasks < 1:
        raise ValueError(f"{tasks} tasks serve nothing")
    found = _response(rate_rps, tasks, size, work, duration, balancing)
    if found is None:
        return None
    own, waiting = found
    return tuple(significant(quantile(share, own, waiting) * MS_PER_SECOND) for share in shares)


def _share(percentile: float) -> float:
    # 0.99 is surely meant as a share; as a percentile it would promise next to nothing.
    if not 1 <= percentile < 100:
        raise ValueError(f"a percentile of {percentile} is not between 1 and 100")
    return percentile / 100


def _least(holds: Callable[[int], bool], start: int) -> int | None:
    """Return the least number from ``start`` for which it holds, as it does from there on."""
    low, high = start - 1, start
    while not holds(high):
        low, high = high, high * 2
        if high > start * _MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _meets(
    rate_rps: float,
    tasks: int,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
    share: float,
    within_s: float,
    balancing: Balancing,
) -> bool:
    found = _response(rate_rps, tasks, size, work, duration, balancing)
    if found is None:
        return False
    own, waiting = found
    return within(within_s, own, waiting, (1 - share) * (1 + _NOISE))


def _response(
    rate_rps: float,
    tasks: int,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
    balancing: Balancing,
) -> tuple[Curve, Waiting] | None:
    """Return what a request takes once it has a slot, and its wait for one; None if overloaded.

    A slot is held while the request waits for others and while it shares the CPU. How often all
    slots are taken follows from the numbers in progress without a limit (``slots_taken``), and so
    does how many share the CPU with it at most.
    """
    alone = Lognormal(0.0, duration.sigma)
    seconds = work.seconds(size)
    if seconds == 0 or duration.mean_ms == 0:
        return alone, Waiting()
    scale = seconds / duration.mean_ms
    alone = Lognormal(scale * duration.median_ms, duration.sigma)
    # One queue for all: a single task as large as all of them.
    pooled = tasks if balancing == "central" else 1
    rate = rate_rps / tasks * pooled
    at_once = min(size.vcpu, work.parallelism)
    cpu_s = work.cpu_seconds / at_once
    servers = max(1, floor(work.busy_vcpus(size) / at_once)) * pooled
    utilisation = rate / pooled * work.cpu_seconds / work.busy_vcpus(size)
    slots = floor(work.slots(size)) * pooled
    spread = arrivals_cv2(tasks, balancing)
    taken = slots_taken(slots, servers, servers * utilisation, rate * work.waiting_seconds)
    if taken is None:
        return None
    cv2 = cv2_of(duration)
    waiting = waits(taken.probability, taken.decay * rate, slots, taken.ratio, cv2, spread)
    # Regular arrivals shorten sharing as they shorten a queue, by the ratio in heavy traffic.
    longer = taken.longer * (spread + cv2) / (1 + cv2)
    shared = utilisation_of(servers, longer, utilisation)
    if shared == 0 or cpu_s == 0:
        return alone, waiting
    ratios = slowed(servers, shared, duration.sigma)
    if ratios is None:
        return None
    part = cpu_s / seconds
    mean_s = alone.median_s * exp(duration.sigma**2 / 2)
    times = tuple(
        (1 - part) * alone.at(score) + part * mean_s * ratio
        for score, ratio in zip(scores(), ratios, strict=True)
    )
    return Ladder.through(scores(), times, duration.sigma), waiting
