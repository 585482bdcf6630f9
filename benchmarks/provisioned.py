"""Event simulations of provisioned concurrency, and what ``advisor.capacity.provisioned`` says.

``--steady`` compares the cold share and the spill of steady loads, ``--days`` those of plans over a
day, ``--large`` loads too large to be summed with the sums themselves, ``--speed`` times the
public functions. Every case has a fixed seed; durations are exponential. A request takes a
provisioned environment when one is free, else the environment on demand that was used last, else a
new one, which takes INIT longer. Provisioned environments that a plan releases are gone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from heapq import heappop, heappush
from math import pi, sin, sqrt
from multiprocessing import Pool
from random import Random
from typing import TYPE_CHECKING

from advisor.capacity.first_passage import LARGEST_LOAD, cold_from
from advisor.capacity.provisioned import scheduled, smallest_static, static, tracking
from advisor.capacity.provisioned_slot import Load, cold_share_with
from advisor.capacity.queueing import erlang_b

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.capacity.provisioned import ProvisionedPlan

BATCHES = 20
HOUR_S = 3600.0
KEEP_ALIVE_S = 300.0
# Rate, duration, INIT, provisioned.
STEADY = (
    *((10.0, 0.5, 0.0, number) for number in (0, 10, 14, 16, 18)),
    *((100.0, 0.5, 0.4, number) for number in (65, 80)),
    *((0.01, 0.1, 5.0, number) for number in (0, 1)),
    *((0.1, 0.2, 5.0, number) for number in (0, 1, 2)),
    *((1.0, 0.1, 3.0, number) for number in (0, 2, 3)),
    *((20.0, 0.5, 8.0, number) for number in (0, 22)),
)
DAY = [50 * (1 + 0.8 * sin(2 * pi * hour / 24)) for hour in range(24)]
DAYS_LOAD = Load(0.5, 0.4, KEEP_ALIVE_S)


class Simulation:
    """Environments and their requests; counts are kept by the caller."""

    def __init__(self, duration_s: float, init_s: float, seed: int) -> None:
        self.exponential = Random(seed).expovariate  # noqa: S311 - a simulation, no secret
        self.duration_s, self.init_s = duration_s, init_s
        self.leaving: list[tuple[float, bool]] = []
        self.idle: list[float] = []
        self.busy = 0

    def run(self, rate: float, start_s: float, end_s: float, provisioned: int) -> list[int]:
        """Return requests, spilled and cold ones of an interval."""
        leaving, idle, exponential = self.leaving, self.idle, self.exponential
        mean_rate, now, busy = 1 / self.duration_s, start_s, self.busy
        requests = spilled = cold = 0
        while (now := now + exponential(rate)) < end_s:
            while leaving and leaving[0][0] <= now:
                left, inside = heappop(leaving)
                if inside:
                    busy -= 1
                else:
                    idle.append(left)
            requests += 1
            takes = exponential(mean_rate)
            inside = busy < provisioned
            if inside:
                busy += 1
            else:
                spilled += 1
                if idle and now - idle[-1] <= KEEP_ALIVE_S:
                    idle.pop()
                else:
                    # The one used last is gone, and with it all others.
                    idle.clear()
                    cold += 1
                    takes += self.init_s
            heappush(leaving, (now + takes, inside))
        self.busy = busy
        return [requests, spilled, cold]


def shares(batches: Sequence[Sequence[int]]) -> tuple[float, float, float]:
    """Return spill, cold share and the standard error of the latter from equal batches."""
    requests, spilled, cold = (sum(column) for column in zip(*batches, strict=True))
    spread = statistics.stdev(batch[2] for batch in batches) * sqrt(len(batches))
    return spilled / requests, cold / requests, spread / requests


def steady_case(case: tuple[float, float, float, int, int]) -> str:
    rate, duration, init, number, requests = case
    simulation = Simulation(duration, init, seed=7)
    settled = 5 * KEEP_ALIVE_S
    simulation.run(rate, 0, settled, number)
    length = requests / rate / BATCHES
    spill, cold, error = shares(
        [
            simulation.run(rate, settled + b * length, settled + (b + 1) * length, number)
            for b in range(BATCHES)
        ]
    )
    said = cold_share_with(rate, duration, init, KEEP_ALIVE_S, number)
    return (
        f"{rate:6g}/s {duration:4g} s INIT {init:3g} s P {number:3d}:"
        f" spill {spill:.4g}, Erlang B {erlang_b(number, rate * duration):.4g};"
        f" cold {cold:.4g} +- {error:.1g}, formula {said:.4g} ({said / cold - 1:+.1%})"
    )


def plans() -> list[tuple[str, ProvisionedPlan]]:
    found = [(f"static {number}", static(DAY, DAYS_LOAD, number)) for number in (0, 60)]
    for target in (2e-4, 1e-4, 5e-5):
        plan = scheduled(DAY, DAYS_LOAD, cold_share_target=target)
        if plan is not None:
            found.append((f"scheduled for {target:g}", plan))
    average = tracking(DAY, DAYS_LOAD, target=0.7, statistic="average", minimum=1)
    return [*found, ("average at 0.7", average)]


def day_case(case: tuple[str, ProvisionedPlan, int]) -> str:
    name, plan, days = case
    simulation = Simulation(DAYS_LOAD.duration_s, DAYS_LOAD.init_s, seed=11)
    batches = []
    for day in range(days + 1):
        hours = [
            simulation.run(rate, (24 * day + h) * HOUR_S, (24 * day + h + 1) * HOUR_S, number)
            for h, (rate, number) in enumerate(zip(DAY, plan.by_hour, strict=True))
        ]
        batches.append([sum(column) for column in zip(*hours, strict=True)])
    # The first day starts without an environment.
    spill, cold, error = shares(batches[1:])
    return (
        f"{name}: mean P {plan.mean_provisioned:.1f}; spill {spill:.4g},"
        f" formula {1 - plan.inside_share:.4g}; cold {cold:.4g} +- {error:.1g},"
        f" formula {plan.cold_share:.4g} ({plan.cold_share / cold - 1:+.1%})"
    )


def large() -> None:
    """Compare the scaled share with the sum itself, at steps of the standard deviation."""
    for load in (4 * LARGEST_LOAD, 40 * LARGEST_LOAD):
        for window in (60.0, 600.0, 3000.0):
            first, exact = cold_from(load, window)
            for score in (0.0, 3.0, 3.5, 4.0, 4.5, 5.0):
                number = round(load + score * sqrt(load))
                said = cold_share_with(load, 1.0, 0.0, window, number)
                sums = exact[number - first]
                print(
                    f"load {load:g}, T/S {window:g}, +{score} sd: {sums:.3g} {said / sums - 1:+.1%}"
                )


def speed() -> None:
    for load in (100.0, 10_000.0):
        for place, (name, work) in enumerate(timed().items()):
            times = []
            for run in range(11):
                # Another load each time, so that nothing is found in a cache.
                factor = load / 25 * (1 + (11 * place + run) / 1e4)
                rates = [rate * factor + hour / 1e3 for hour, rate in enumerate(DAY)]
                start = time.perf_counter()
                work(rates)
                times.append(1000 * (time.perf_counter() - start))
            print(f"{name}, load {load:g}: {statistics.median(times):.0f} ms (median of 11)")


def timed() -> dict[str, Callable[[list[float]], object]]:
    return {
        "smallest_static": lambda r: smallest_static(r, DAYS_LOAD, cold_share_target=1e-6),
        "scheduled": lambda r: scheduled(r, DAYS_LOAD, cold_share_target=1e-6),
        "tracking": lambda r: tracking(r, DAYS_LOAD, target=0.7, statistic="average", minimum=1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steady", action="store_true")
    parser.add_argument("--days", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--requests", type=int, default=10_000_000, help="requests of each case")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    with Pool(chosen.processes) as pool:
        if chosen.steady:
            for line in pool.imap(steady_case, [(*c, chosen.requests) for c in STEADY]):
                print(line, flush=True)
        if chosen.days:
            days = max(2, round(chosen.requests / (sum(DAY) * HOUR_S)))
            for line in pool.imap(day_case, [(*plan, days) for plan in plans()]):
                print(line, flush=True)
    if chosen.large:
        large()
    if chosen.speed:
        speed()


if __name__ == "__main__":
    main()
