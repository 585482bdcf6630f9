"""How many requests the simulation engines run in a second, beside SimFaaS in the same run.

Loads of 1, 50 and 500 requests in progress (exponential durations, INIT 0.5 s, keep-alive 300 s):
both engines on arrays that are given, the same with their random numbers and all that is counted,
and SimFaaS 0.2.2 where it is installed. The runs of all variants take turns, so that a slow minute
is shared. ``--long`` runs 100 million requests and prints the memory that it took. ``--accuracy``
compares simulation and formula with what SimFaaS counted, ``--peer`` has SimFaaS count it again.
"""

from __future__ import annotations

import argparse
import csv
import resource
import statistics
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.capacity.coldstart import cold_starts
from advisor.simulation import blocks, loop
from advisor.simulation.load import Load
from advisor.simulation.pool import Pool
from advisor.simulation.simulate import Function, simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from advisor.simulation.simulate import Engine

KEEP_ALIVE_S, INIT_S = 300.0, 0.5
AT_ONCE = 32_768
# Rate per s, mean duration in s, and the requests that SimFaaS is given: it is slow where the pool
# is large, and its speed does not depend on their number.
LOADS = ((10.0, 0.1, 60_000), (100.0, 0.5, 30_000), (1000.0, 0.5, 10_000))
# What SimFaaS 0.2.2 counted of 19 loads, and of how many requests, where that is known.
COUNTED = Path(__file__).parents[1] / "tests" / "capacity" / "data" / "simfaas-0.2.2.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each variant (5)")
    parser.add_argument("--requests", type=int, default=4_000_000, help="of each run (4 million)")
    parser.add_argument(
        "--long", action="store_true", help="100 million requests, and their memory"
    )
    parser.add_argument("--accuracy", action="store_true", help="simulation against the formula")
    parser.add_argument("--peer", action="store_true", help="let SimFaaS count again (3 minutes)")
    options = parser.parse_args()
    if options.peer:
        count_again()
    elif options.long:
        long_run()
    elif options.accuracy:
        accuracy()
    else:
        speed(options.runs, options.requests)


def speed(runs: int, requests: int) -> None:
    """Print the median speed of each variant in million requests a second."""
    peer = simfaas()
    if peer is None:
        print("simfaas is not installed: no comparison with it (pip install -e '.[benchmarks]').")
    for rate, duration_s, fewer in LOADS:
        arrivals, ends = arrays(rate, duration_s, requests)
        given = (arrivals.tolist(), ends.tolist())
        variants: dict[str, tuple[int, Callable[[], object]]] = {
            "loop, given": (requests, partial(by_loop, *given)),
            "blocks, given": (requests, partial(by_blocks, arrivals, ends)),
        }
        load = Load(hourly_rps=(rate,), duration_s=duration_s)
        engines: tuple[Engine, ...] = ("loop", "blocks", "auto")
        for engine in engines:
            variants[f"{engine}, with numbers"] = (
                requests,
                partial(with_numbers, load, requests, engine),
            )
        if peer is not None:
            variants["SimFaaS, with numbers"] = (fewer, partial(peer, rate, duration_s, fewer))
        times: dict[str, list[float]] = {name: [] for name in variants}
        for _ in range(runs):
            for name, (count, timed) in variants.items():
                start = time.perf_counter()
                timed()
                times[name].append((time.perf_counter() - start) / count)
        print(f"\n{rate * duration_s:g} in progress: M requests/s, median of {runs} (least, most)")
        slowest = statistics.median(times[list(times)[-1]])
        for name, taken in times.items():
            median = statistics.median(taken)
            ratio = f"  {slowest / median:7.0f} x SimFaaS" if peer is not None else ""
            print(
                f"  {name:22} {1e-6 / median:7.3f}"
                f" ({1e-6 / max(taken):.3f}, {1e-6 / min(taken):.3f}){ratio}"
            )


def arrays(
    rate: float, duration_s: float, requests: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    taken = Load(hourly_rps=(rate,), duration_s=duration_s).source(1).take(requests)
    if taken is None:
        raise AssertionError("a random load does not end")
    return taken.arrivals, taken.arrivals + taken.durations


def by_loop(arrivals: list[float], ends: list[float]) -> None:
    loop.on_demand(Pool(keep_alive_s=KEEP_ALIVE_S, init_s=INIT_S), arrivals, ends)


def by_blocks(arrivals: NDArray[np.float64], ends: NDArray[np.float64]) -> None:
    pool = Pool(keep_alive_s=KEEP_ALIVE_S, init_s=INIT_S)
    for since in range(0, len(arrivals), AT_ONCE):
        part = slice(since, since + AT_ONCE)
        blocks.on_demand(pool, arrivals[part], ends[part])


def with_numbers(load: Load, requests: int, engine: Engine) -> object:
    function = Function(keep_alive_s=KEEP_ALIVE_S, init_s=INIT_S)
    return simulate(load.source(1), function, requests=requests, engine=engine)


def simfaas() -> Callable[..., Any] | None:
    """Return a run of SimFaaS, which takes as many requests as asked on average."""
    try:
        simulator = import_module("simfaas.ServerlessSimulator").ServerlessSimulator
    except ImportError:
        return None

    def run(
        rate: float,
        duration_s: float,
        requests: int,
        *,
        init_s: float = INIT_S,
        keep_alive_s: float = KEEP_ALIVE_S,
    ) -> Any:
        made = simulator(
            arrival_rate=rate,
            warm_service_rate=1 / duration_s,
            cold_service_rate=1 / (duration_s + init_s),
            expiration_threshold=keep_alive_s,
            max_time=requests / rate,
            maximum_concurrency=100_000,
        )
        made.generate_trace(debug_print=False, progress=False)
        return made

    return run


def counted() -> Iterator[dict[str, str]]:
    with COUNTED.open(newline="") as file:
        yield from csv.DictReader(file)


def count_again() -> None:
    """Let SimFaaS count the loads of which it is known how many requests it takes; without INIT."""
    peer = simfaas()
    if peer is None:
        raise SystemExit("simfaas is not installed (pip install -e '.[benchmarks]')")
    print("rate  duration  keep-alive: share of SimFaaS, formula; environments likewise")
    for row in counted():
        if row["requests"]:
            rate, duration_s, keep_alive_s = _load_of(row)
            made = peer(
                rate, duration_s, int(row["requests"]), init_s=0.0, keep_alive_s=keep_alive_s
            )
            share, mean = made.get_cold_start_prob(), made.get_average_server_count()
            model = cold_starts(rate, duration_s, 0, keep_alive_s)
            print(
                f"{rate:6g} {duration_s:6g} {keep_alive_s:4g}: {share:.3e}"
                f" {100 * (model.probability / share - 1):+5.1f} %; {mean:8.4g}"
                f" {100 * (model.warm_environments / mean - 1):+5.2f} %",
                flush=True,
            )


def _load_of(row: dict[str, str]) -> tuple[float, float, float]:
    return (
        float(row["arrival_rate_per_s"]),
        float(row["service_mean_s"]),
        float(row["keep_alive_s"]),
    )


def long_run() -> None:
    """Run 100 million requests at a load of 50 and print time and memory."""
    requests = 100_000_000
    before = peak_mb()
    start = time.perf_counter()
    load = Load(hourly_rps=(100.0,), duration_s=0.5)
    outcome = simulate(
        load.source(1, warm_up_s=400.0),
        Function(keep_alive_s=KEEP_ALIVE_S, init_s=INIT_S),
        requests=requests,
    )
    seconds = time.perf_counter() - start
    print(
        f"{requests:,} requests in {seconds:.1f} s, {requests / seconds / 1e6:.1f} M/s; memory"
        f" {peak_mb():.0f} MB at the most, {before:.0f} MB before; {outcome.cold_starts:,} cold"
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def accuracy() -> None:
    """Print simulation against formula and SimFaaS, 20 million requests each."""
    print("rate  duration  keep-alive: share simulated, formula, SimFaaS; environments likewise")
    for row in counted():
        rate, duration_s, keep_alive_s = _load_of(row)
        share, environments = float(row["cold_start_probability"]), float(row["instances_avg"])
        load = Load(hourly_rps=(rate,), duration_s=duration_s)
        function = Function(keep_alive_s=keep_alive_s)
        requests = 20_000_000
        outcome = simulate(
            load.source(1, warm_up_s=load.warm_up_s(function, requests)),
            function,
            requests=requests,
        )
        model = load.closed_form(function)
        found, mean = outcome.cold_start_probability or 0.0, outcome.mean_environments or 0.0
        formula, formula_mean = model.cold_start_probability or 0.0, model.mean_environments or 0.0
        print(
            f"{rate:6g} {duration_s:6g} {keep_alive_s:4g}: {found:.4e}"
            f" {100 * (formula / found - 1):+5.1f} % {100 * (share / found - 1):+5.1f} %;"
            f" {mean:8.3f} {100 * (formula_mean / mean - 1):+5.2f} %"
            f" {100 * (environments / mean - 1):+5.2f} %   {outcome.cold_starts:,} cold"
        )


if __name__ == "__main__":
    main()
