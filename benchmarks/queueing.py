"""Event simulations of container tasks, and what the formulas of ``advisor.capacity`` make of them.

``--waiting`` compares the M/G/c formulas with a first-come queue, ``--balancing`` the round-robin
formula, ``--tasks`` whole tasks with slots, vCPUs and waiting; ``--sharing`` prints the table of
``rules/measurements/task-queueing.yaml``; ``--speed`` times the public functions. Every case has a
fixed seed. Times are in units of the mean service time, unless they say otherwise.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from math import exp, inf, log, log1p, sqrt
from multiprocessing import Pool
from typing import TYPE_CHECKING

import numpy as np

from advisor.capacity.duration import DurationDistribution
from advisor.capacity.fargate import TaskSize, TaskWork, response_percentiles, tasks_meeting
from advisor.capacity.response import balanced_quantile, mean_wait, response_quantile
from advisor.capacity.sharing import sharing_quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SHARES = (0.5, 0.9, 0.95, 0.99, 0.999)
BATCHES = 20
CHUNK = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Mean and quantiles of the response with their standard errors, and the mean wait."""

    mean: float
    mean_error: float
    quantiles: tuple[float, ...]
    errors: tuple[float, ...]
    wait: float = 0.0


def sizes(cv2: float, seed: int) -> Iterator[float]:
    """Yield lognormal sizes of mean 1 and this squared coefficient of variation."""
    generator = np.random.default_rng([seed, 1])
    sigma = sqrt(log(1 + cv2))
    while True:
        yield from np.exp(sigma * generator.standard_normal(CHUNK) - sigma**2 / 2).tolist()


def gaps(rate: float, stages: int, seed: int) -> Iterator[float]:
    """Yield the times between arrivals: of every ``stages``-th request of a random stream."""
    generator = np.random.default_rng([seed, 2])
    while True:
        yield from generator.gamma(stages, 1 / (rate * stages), CHUNK).tolist()


def first_come(
    servers: int, utilisation: float, cv2: float, requests: int, seed: int, stages: int = 1
) -> Measured:
    """Simulate requests that wait for the first of several servers to be free."""
    free = [0.0] * servers
    now = waited = 0.0
    responses = []
    pairs = zip(gaps(utilisation * servers, stages, seed), sizes(cv2, seed), range(requests))  # noqa: B905 - endless
    for gap, size, _ in pairs:
        now += gap
        start = max(now, free[0])
        waited += start - now
        heapreplace(free, start + size)
        responses.append(start + size - now)
    return summary(responses, waited / requests)


def sharing(vcpus: int, utilisation: float, cv2: float, requests: int, seed: int) -> Measured:
    """Simulate requests that share vCPUs: with n in progress each has the speed min(1, v / n).

    ``virtual`` is the work that a request has got that was there all the time, so that a request of
    size s that comes at virtual time w leaves at w + s.
    """
    heap: list[tuple[float, float]] = []
    now = virtual = 0.0
    responses = []
    pairs = zip(gaps(utilisation * vcpus, 1, seed), sizes(cv2, seed), range(requests))  # noqa: B905 - endless
    for gap, size, _ in pairs:
        end = now + gap
        while heap:
            running = len(heap)
            speed = 1.0 if running <= vcpus else vcpus / running
            finish = now + (heap[0][0] - virtual) / speed
            if finish > end:
                virtual += (end - now) * speed
                break
            now = finish
            virtual, came = heappop(heap)
            responses.append(now - came)
        now = end
        heappush(heap, (virtual + size, now))
    return summary(responses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task: requests wait for a slot, then wait for others, then use the CPU.

    ``cpu`` is work on one vCPU, ``waiting`` time without CPU; both are the same share of each
    request. ``stages`` is the number of tasks that a load balancer serves in turn.
    """

    vcpus: int
    slots: int
    cpu: float
    waiting: float
    cv2: float
    rate: float
    stages: int = 1


def task(case: Task, requests: int, seed: int) -> Measured:
    """Simulate one task."""
    arrivals, draws = gaps(case.rate, case.stages, seed), sizes(case.cv2, seed)
    arrival = next(arrivals)
    now = virtual = 0.0
    queue: list[float] = []
    head = 0
    idle: list[tuple[float, float, float]] = []
    running: list[tuple[float, float]] = []
    responses: list[float] = []
    while len(responses) < requests:
        speed = 1.0 if len(running) <= case.vcpus else case.vcpus / len(running)
        finish = now + (running[0][0] - virtual) / speed if running else inf
        wake = idle[0][0] if idle else inf
        then = min(arrival, finish, wake)
        virtual += (then - now) * speed
        now = then
        if then == arrival:
            queue.append(now)
            arrival = now + next(arrivals)
        elif then == wake:
            _, came, size = heappop(idle)
            heappush(running, (virtual + size * case.cpu, came))
        else:
            virtual, came = heappop(running)
            responses.append(now - came)
        while head < len(queue) and len(idle) + len(running) < case.slots:
            size = next(draws)
            heappush(idle, (now + size * case.waiting, queue[head], size))
            head += 1
        if head > CHUNK:
            queue, head = queue[head:], 0
    return summary(responses)


def summary(responses: Sequence[float], wait: float = 0.0) -> Measured:
    """Return mean and quantiles, with standard errors from the spread over batches in time."""
    kept = np.array(responses[len(responses) // BATCHES :])
    batches = np.array_split(kept, BATCHES)
    parts = np.array([np.quantile(batch, SHARES) for batch in batches])
    means = [float(batch.mean()) for batch in batches]
    return Measured(
        mean=float(kept.mean()),
        mean_error=statistics.stdev(means) / sqrt(BATCHES),
        quantiles=tuple(np.quantile(kept, SHARES).tolist()),
        errors=tuple((parts.std(axis=0, ddof=1) / sqrt(BATCHES)).tolist()),
        wait=wait,
    )


WAITING = (
    # servers, utilisation, cv2
    (1, 0.5, 1),
    (1, 0.8, 0),
    (1, 0.9, 0.25),
    (2, 0.5, 0.25),
    (2, 0.7, 4),
    (4, 0.7, 1),
    (4, 0.8, 0.25),
    (4, 0.9, 1),
    (8, 0.7, 0),
    (8, 0.8, 4),
    (16, 0.8, 1),
    (16, 0.9, 0.25),
)
BALANCING = (
    # tasks, slots, utilisation, cv2
    (4, 1, 0.7, 1),
    (10, 1, 0.85, 1),
    (4, 4, 0.85, 1),
    (10, 2, 0.7, 1),
    (2, 8, 0.85, 1),
    (4, 4, 0.85, 0.25),
    (10, 2, 0.7, 0.25),
)
TASKS = {
    "CPU only, a thread each, 1 vCPU": Task(vcpus=1, slots=64, cpu=0.02, waiting=0, cv2=1, rate=35),
    "CPU only, a thread each, 4 vCPU": Task(
        vcpus=4, slots=64, cpu=0.02, waiting=0, cv2=0.25, rate=160
    ),
    "CPU only, a process each, 2 vCPU": Task(vcpus=2, slots=2, cpu=0.02, waiting=0, cv2=1, rate=70),
    "CPU only, 4 slots on 2 vCPU": Task(vcpus=2, slots=4, cpu=0.02, waiting=0, cv2=1, rate=80),
    "CPU only, 16 slots on 1 vCPU": Task(vcpus=1, slots=16, cpu=0.02, waiting=0, cv2=1, rate=42.5),
    "waiting, 4 slots": Task(vcpus=1, slots=4, cpu=0.002, waiting=0.098, cv2=1, rate=28),
    "waiting, 16 slots": Task(vcpus=1, slots=16, cpu=0.002, waiting=0.098, cv2=0.25, rate=136),
    "half the CPU, 5 slots": Task(vcpus=1, slots=5, cpu=0.02, waiting=0.08, cv2=0.25, rate=30),
    "half the CPU, 5 slots, cv2 1": Task(vcpus=1, slots=5, cpu=0.02, waiting=0.08, cv2=1, rate=30),
    "mixed, 16 slots": Task(vcpus=1, slots=16, cpu=0.02, waiting=0.08, cv2=1, rate=35),
    "mixed, 64 slots on 4 vCPU": Task(vcpus=4, slots=64, cpu=0.05, waiting=0.2, cv2=0.25, rate=64),
    "CPU only, 1 vCPU, constant": Task(vcpus=1, slots=64, cpu=0.02, waiting=0, cv2=0, rate=35),
    "mixed, 16 slots, cv2 4": Task(vcpus=1, slots=16, cpu=0.02, waiting=0.08, cv2=4, rate=35),
    "CPU only, 1 vCPU, 10 in turn": Task(
        vcpus=1, slots=64, cpu=0.02, waiting=0, cv2=1, rate=35, stages=10
    ),
    "CPU only, 1 vCPU, constant, 4 in turn": Task(
        vcpus=1, slots=64, cpu=0.02, waiting=0, cv2=0, rate=35, stages=4
    ),
    "CPU only, 4 vCPU, 10 in turn": Task(
        vcpus=4, slots=64, cpu=0.02, waiting=0, cv2=0.25, rate=160, stages=10
    ),
    "mixed, 16 slots, 4 in turn": Task(
        vcpus=1, slots=16, cpu=0.02, waiting=0.08, cv2=1, rate=35, stages=4
    ),
    "waiting, 16 slots, 8 in turn": Task(
        vcpus=1, slots=16, cpu=0.002, waiting=0.098, cv2=0.25, rate=136, stages=8
    ),
    "half the CPU, 5 slots, 4 in turn": Task(
        vcpus=1, slots=5, cpu=0.02, waiting=0.08, cv2=1, rate=30, stages=4
    ),
}
SPREADS = (0, 0.25, 1, 4)
VCPUS = (1, 2, 4, 8, 16, 32)
TABLE_REQUESTS = {
    0.3: 1_000_000,
    0.5: 1_000_000,
    0.7: 1_500_000,
    0.8: 2_000_000,
    0.9: 4_000_000,
    0.95: 6_000_000,
}


def shape(cv2: float, mean_ms: float = 1000) -> DurationDistribution:
    """Return a lognormal duration of this mean and squared coefficient of variation."""
    sigma = sqrt(log1p(cv2))
    return DurationDistribution(
        mean_ms=mean_ms, median_ms=mean_ms * exp(-sigma * sigma / 2), sigma=sigma
    )


def formula(case: Task, percentiles: Sequence[float]) -> tuple[float, ...] | None:
    """Return what ``advisor.capacity`` says of a task, in s."""
    work = TaskWork(
        cpu_seconds=case.cpu,
        waiting_seconds=case.waiting,
        parallelism=1,
        process_mb=1,
        slots_per_vcpu=None,
        slots_per_task=case.slots,
    )
    found = response_percentiles(
        case.rate * case.stages,
        case.stages,
        TaskSize(vcpu=case.vcpus, memory_mb=8192),
        work,
        shape(case.cv2),
        percentiles,
    )
    return found and tuple(value / 1000 for value in found)


def waiting_case(case: tuple[int, float, float]) -> str:
    servers, utilisation, cv2 = case
    found = first_come(servers, utilisation, cv2, 4_000_000, seed=3)
    mean = mean_wait(servers, servers * utilisation, 1, cv2)
    p99 = response_quantile(0.99, servers, servers * utilisation, shape(cv2))
    return (
        f"{case!s:16} wait {found.wait:8.4f} (se {found.mean_error:.4f})"
        f" {mean / found.wait - 1:+6.1%}"
        f"   p99 {found.quantiles[3]:8.3f} (se {found.errors[3]:.3f})"
        f" {p99 / found.quantiles[3] - 1:+6.1%}"
    )


def balancing_case(case: tuple[int, int, float, float]) -> str:
    tasks, slots, utilisation, cv2 = case
    found = first_come(slots, utilisation, cv2, 3_000_000, 4, stages=tasks)
    rate = tasks * slots * utilisation
    p99 = balanced_quantile(0.99, tasks, slots, rate, shape(cv2), "round-robin")
    return (
        f"{case!s:18} p99 {found.quantiles[3]:7.2f} (se {found.errors[3]:.2f})"
        f" {p99 / found.quantiles[3] - 1:+6.1%}"
    )


def task_case(name: str) -> str:
    found = task(TASKS[name], 1_500_000, seed=5)
    said = formula(TASKS[name], [100 * share for share in SHARES])
    if said is None:
        return f"{name:40} overloaded"
    errors = " ".join(
        f"{own / true - 1:+6.1%}" for own, true in zip(said, found.quantiles, strict=True)
    )
    se = found.errors[3] / found.quantiles[3]
    return f"{name:40} p99 {found.quantiles[3] * 1000:8.1f} ms (se {se:.1%})   {errors}"


def table_cell(case: tuple[int, float, float]) -> str:
    vcpus, cv2, utilisation = case
    found = sharing(vcpus, utilisation, cv2, TABLE_REQUESTS[utilisation], seed=1)
    values = " ".join(f"{value:.4g}" for value in found.quantiles)
    errors = " ".join(f"{error:.2g}" for error in found.errors)
    return f"vcpus {vcpus} cv2 {cv2} utilisation {utilisation}: {values} (se {errors})"


def between_case(case: tuple[int, float, float]) -> str:
    vcpus, cv2, utilisation = case
    found = sharing(vcpus, utilisation, cv2, 2_000_000, seed=2)
    errors = " ".join(
        f"{sharing_quantile(share, vcpus, utilisation, 1, cv2) / true - 1:+6.1%}"
        for share, true in zip(SHARES, found.quantiles, strict=True)
    )
    return f"{case!s:16} {errors}   (se of p99 {found.errors[3] / found.quantiles[3]:.1%})"


def speed() -> None:
    """Print the median of 21 timings of calls, each the mean of 20 calls."""
    size = TaskSize(vcpu=1, memory_mb=2048)
    work = TaskWork(
        cpu_seconds=0.02, waiting_seconds=0.08, parallelism=1, process_mb=512, slots_per_vcpu=16
    )
    calls: dict[str, Callable[[], object]] = {
        "response_quantile, 4 servers": lambda: response_quantile(0.99, 4, 2.8, shape(1)),
        "response_quantile, 1000 servers": lambda: response_quantile(0.99, 1000, 990, shape(1)),
        "sharing_quantile": lambda: sharing_quantile(0.99, 4, 0.7, 1, 1),
        "response_percentiles, three": lambda: response_percentiles(
            350, 10, size, work, shape(1), (50, 90, 99)
        ),
        "tasks_meeting, 10,000/s": lambda: tasks_meeting(
            10_000,
            size,
            work,
            shape(1, 100),
            percentile=99,
            slo_ms=600,
            target_utilisation=0.7,
            zones=3,
            survive_zone=True,
            min_tasks=2,
        ),
    }
    for name, call in calls.items():
        call()
        times = []
        for _ in range(21):
            start = time.perf_counter()
            for _ in range(20):
                call()
            times.append((time.perf_counter() - start) / 20)
        print(f"{name:34} {statistics.median(times) * 1000:7.3f} ms")


BETWEEN = (
    *((vcpus, cv2, used) for cv2 in (0.1, 0.5, 2, 9) for vcpus, used in ((1, 0.7), (4, 0.5))),
    (2, 0.25, 0.6),
    (1, 1, 0.85),
    (4, 0, 0.85),
    (2, 0.25, 0.15),
)
CELLS = tuple((v, cv2, used) for v in VCPUS for cv2 in SPREADS for used in TABLE_REQUESTS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("waiting", "balancing", "tasks", "sharing", "between", "speed"):
        parser.add_argument(f"--{name}", action="store_true")
    chosen = parser.parse_args()
    with Pool() as pool:
        if chosen.waiting:
            print(*pool.imap(waiting_case, WAITING), sep="\n")
        if chosen.balancing:
            print(*pool.imap(balancing_case, BALANCING), sep="\n")
        if chosen.tasks:
            print("errors of p50, p90, p95, p99, p99.9")
            print(*pool.imap(task_case, TASKS), sep="\n")
        if chosen.sharing:
            print(*pool.imap(table_cell, CELLS), sep="\n")
        if chosen.between:
            print("errors of p50, p90, p95, p99, p99.9 between the entries of the table")
            print(*pool.imap(between_case, BETWEEN), sep="\n")
    if chosen.speed:
        speed()


if __name__ == "__main__":
    main()
