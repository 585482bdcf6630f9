"""Task counts and response times against calculations by hand and simulations of whole tasks."""

from __future__ import annotations

from math import exp, factorial, inf, log1p, nan, sqrt

import pytest
from msgspec.structs import replace

from advisor.capacity.duration import DurationDistribution
from advisor.capacity.fargate import (
    TaskSize,
    TaskWork,
    requests_per_second,
    response_percentiles,
    tasks_by_hour,
    tasks_meeting,
)
from advisor.capacity.queueing import erlang_c
from advisor.capacity.slots import slots_taken
from advisor.capacity.task_scaling import headroom, scaling_lag_s, step_utilisation

# 20 ms of CPU and 80 ms of waiting; 16 requests at once on each vCPU; processes of 512 MB.
WORK = TaskWork(
    cpu_seconds=0.02,
    waiting_seconds=0.08,
    parallelism=1,
    process_mb=512,
    slots_per_vcpu=16,
)


def count(rate: float, size: TaskSize, work: TaskWork = WORK, *, utilisation: float = 1) -> int:
    counts = tasks_by_hour(
        [rate], size, work, target_utilisation=utilisation, min_tasks=1, autoscaling=True
    )
    return counts[0]


def test_cpu_is_the_bound() -> None:
    # 1 vCPU / 0.02 s = 50/s; the 16 slots would hold 16 / 0.1 s = 160/s.
    size = TaskSize(vcpu=1, memory_mb=2048)
    assert requests_per_second(size, WORK, 1) == pytest.approx(50)
    assert (count(50, size), count(50.1, size)) == (1, 2)
    assert count(50, size, utilisation=0.7) == 2


def test_slots_are_the_bound() -> None:
    # 4 slots / 0.1 s = 40/s, below the 50/s of the vCPU.
    work = replace(WORK, slots_per_vcpu=None, slots_per_task=4)
    assert requests_per_second(TaskSize(vcpu=1, memory_mb=2048), work, 1) == pytest.approx(40)


def test_code_that_is_not_thread_safe_needs_memory_for_each_request() -> None:
    work = replace(WORK, slots_per_vcpu=None)
    # 2,048 / 512 = 4 processes, so 4 / 0.1 s = 40/s.
    assert requests_per_second(TaskSize(vcpu=1, memory_mb=2048), work, 1) == pytest.approx(40)


def test_half_a_vcpu_makes_the_cpu_part_twice_as_long() -> None:
    size = TaskSize(vcpu=0.5, memory_mb=1024)
    assert WORK.seconds(size) == pytest.approx(0.08 + 0.04)
    assert requests_per_second(size, WORK, 1) == pytest.approx(25)


def test_vcpus_without_memory_for_a_process_stay_idle() -> None:
    # 4,096 MB hold two processes of 2,048 MB, so two of the four vCPUs work.
    work = TaskWork(
        cpu_seconds=0.02, waiting_seconds=0, parallelism=1, process_mb=2048, slots_per_vcpu=16
    )
    assert work.busy_vcpus(TaskSize(vcpu=4, memory_mb=4096)) == 2


def test_tasks_follow_the_hours_only_when_they_may() -> None:
    size = TaskSize(vcpu=1, memory_mb=2048)
    rates = [10.0, 100.0, 240.0]
    scaled = tasks_by_hour(rates, size, WORK, target_utilisation=1, min_tasks=2, autoscaling=True)
    fixed = tasks_by_hour(rates, size, WORK, target_utilisation=1, min_tasks=2, autoscaling=False)
    assert scaled == (2, 2, 5)
    assert fixed == (5, 5, 5)


def test_work_that_takes_no_time_needs_the_minimum() -> None:
    work = TaskWork(
        cpu_seconds=0, waiting_seconds=0, parallelism=1, process_mb=512, slots_per_vcpu=16
    )
    counts = tasks_by_hour(
        [1e9],
        TaskSize(vcpu=1, memory_mb=2048),
        work,
        target_utilisation=0.7,
        min_tasks=2,
        autoscaling=True,
    )
    assert counts == (2,)


def shape(cv2: float) -> DurationDistribution:
    sigma = sqrt(log1p(cv2))
    return DurationDistribution(mean_ms=100, median_ms=100 * exp(-sigma * sigma / 2), sigma=sigma)


# The 99th percentile in ms of one task, from ``benchmarks/queueing.py --tasks``: 1.5 million
# requests, standard errors at most 1.3 %. ``stages`` is the number of tasks served in turn.
# vcpus, slots, cpu_s, waiting_s, cv2, rate, stages; p99; lowest and highest error allowed
SIMULATED = {
    "a thread each, 1 vCPU": (1, 64, 0.02, 0, 1, 35, 1, 453.9, -0.02, 0.02),
    "a thread each, 4 vCPU": (4, 64, 0.02, 0, 0.25, 160, 1, 142.0, -0.02, 0.02),
    "constant work": (1, 64, 0.02, 0, 0, 35, 1, 254.9, -0.02, 0.02),
    "a process each, 2 vCPU": (2, 2, 0.02, 0, 1, 70, 1, 175.1, -0.02, 0.02),
    "4 slots on 2 vCPU": (2, 4, 0.02, 0, 1, 80, 1, 267.1, -0.03, 0.04),
    "16 slots on 1 vCPU": (1, 16, 0.02, 0, 1, 42.5, 1, 901.1, -0.03, 0.04),
    "waiting, 4 slots": (1, 4, 0.002, 0.098, 1, 28, 1, 576.7, -0.02, 0.02),
    "waiting, 16 slots": (1, 16, 0.002, 0.098, 0.25, 136, 1, 293.7, -0.02, 0.02),
    "CPU and slots short": (1, 5, 0.02, 0.08, 0.25, 30, 1, 421.0, -0.02, 0.07),
    "CPU and slots short, cv2 1": (1, 5, 0.02, 0.08, 1, 30, 1, 706.0, -0.02, 0.04),
    "mixed, 16 slots": (1, 16, 0.02, 0.08, 1, 35, 1, 783.3, -0.02, 0.09),
    "mixed, 4 vCPU": (4, 64, 0.05, 0.2, 0.25, 64, 1, 817.7, -0.02, 0.11),
    "mixed, cv2 4": (1, 16, 0.02, 0.08, 4, 35, 1, 1309.1, -0.03, 0.06),
    "10 in turn, 1 vCPU": (1, 64, 0.02, 0, 1, 35, 10, 288.4, -0.03, 0.03),
    "10 in turn, 4 vCPU": (4, 64, 0.02, 0, 0.25, 160, 10, 69.2, -0.02, 0.14),
    "4 in turn, constant work": (1, 64, 0.02, 0, 0, 35, 4, 73.4, -0.02, 0.30),
    "4 in turn, mixed": (1, 16, 0.02, 0.08, 1, 35, 4, 723.3, -0.04, 0.02),
    "8 in turn, waiting": (1, 16, 0.002, 0.098, 0.25, 136, 8, 273.1, -0.02, 0.02),
    "4 in turn, CPU and slots short": (1, 5, 0.02, 0.08, 1, 30, 4, 635.3, -0.04, 0.02),
}


@pytest.mark.parametrize("case", SIMULATED.values(), ids=SIMULATED)
def test_the_99th_percentile_is_that_of_a_simulated_task(
    case: tuple[int, int, float, float, float, float, int, float, float, float],
) -> None:
    vcpus, slots, cpu, waiting, cv2, rate, stages, p99, lowest, highest = case
    work = replace(WORK, cpu_seconds=cpu, waiting_seconds=waiting, slots_per_task=slots)
    size = TaskSize(vcpu=vcpus, memory_mb=8192)
    found = response_percentiles(rate * stages, stages, size, work, shape(cv2), [99])
    assert found is not None
    assert lowest <= found[0] / p99 - 1 <= highest


def test_slots_that_are_servers_are_erlang_s() -> None:
    # As many vCPUs as slots, or nothing but waiting: M/M/3 with C = 4/9 at 2 Erlangs.
    for vcpus, cpu, waiting in ((8, 2, 0), (1, 0, 2), (3, 1, 1)):
        taken = slots_taken(3, vcpus, cpu, waiting)
        assert taken is not None
        assert taken.probability == pytest.approx(4 / 9)
        assert taken.ratio == pytest.approx(2 / 3)
        assert taken.decay == pytest.approx(0.5)
        assert taken.longer == pytest.approx(0, abs=1e-12)


def test_the_throughput_of_full_slots_is_that_of_mean_value_analysis() -> None:
    # 20 ms at one vCPU, 80 ms elsewhere. Response at the vCPU 20 (1 + queue), throughput
    # n / (response + 80 ms): 10, 19.2, 27.5, 34.5 and, with five, 5 / 124.85 ms = 40.05 a second.
    queue = throughput = 0.0
    for number in range(1, 6):
        response = 0.02 * (1 + queue)
        throughput = number / (response + 0.08)
        queue = throughput * response
    taken = slots_taken(5, 1, 35 * 0.02, 35 * 0.08)
    assert taken is not None
    assert taken.ratio == pytest.approx(35 / throughput, rel=1e-12)
    assert slots_taken(5, 1, 40.04 * 0.02, 40.04 * 0.08) is not None
    assert slots_taken(5, 1, 40.06 * 0.02, 40.06 * 0.08) is None


def test_limited_slots_are_the_chain_of_their_states() -> None:
    """The stationary states of a task with 4 slots, up to 400 requests, one by one."""
    slots, vcpus, cpu, waiting = 4, 2, 1.2, 1.5
    # Weights of n requests in the task: sum over j at the CPU of both product forms.
    at_cpu = [1.0, cpu, cpu**2 / 2, cpu**3 / 4, cpu**4 / 8]
    weights = [
        sum(at_cpu[j] * waiting ** (n - j) / factorial(n - j) for j in range(n + 1))
        for n in range(slots + 1)
    ]
    running = [
        sum(j * at_cpu[j] * waiting ** (n - j) / factorial(n - j) for j in range(n + 1))
        / weights[n]
        for n in range(slots + 1)
    ]
    states = weights + [weights[4] * (weights[4] / weights[3]) ** n for n in range(1, 400)]
    whole = sum(states)
    taken = slots_taken(slots, vcpus, cpu, waiting)
    assert taken is not None
    assert taken.probability == pytest.approx(sum(states[slots:]) / whole)
    busy = sum(state * running[min(n, slots)] for n, state in enumerate(states)) / whole
    assert taken.longer == pytest.approx(busy / cpu - 1)


def test_many_slots_do_not_change_what_sharing_costs() -> None:
    # 0.7 of one vCPU: 1 / 0.3 of the time; nobody waits for one of 500 slots.
    taken = slots_taken(500, 1, 0.7, 100)
    assert taken is not None
    assert taken.probability == 0
    assert taken.longer == pytest.approx(7 / 3)
    nearly = slots_taken(150, 1, 0.7, 100)
    assert nearly is not None
    # All 150 are taken once in 100,000 times, which keeps that many from sharing.
    assert nearly.longer == pytest.approx(7 / 3, rel=1e-4)


def test_a_huge_task_is_taken_as_a_smaller_one() -> None:
    taken = slots_taken(10**9, 1, 0.5, 9.9e8)
    smaller = slots_taken(256, 1, 0.5, 9.9e8 / 1e9 * 256)
    assert taken is not None
    assert smaller is not None
    assert 0 <= taken.probability <= smaller.probability + 1e-12
    assert slots_taken(0, 1, 0.5, 0) is None
    assert slots_taken(5, 1, 1, 0) is None


SIZE = TaskSize(vcpu=1, memory_mb=2048)


def needed(
    rate: float,
    slo_ms: float | None,
    *,
    work: TaskWork = WORK,
    percentile: float = 99,
    fixed_ms: float = 0,
    utilisation: float = 0.7,
    zones: int = 3,
    survive_zone: bool = False,
    min_tasks: int = 1,
) -> int | None:
    return tasks_meeting(
        rate,
        SIZE,
        work,
        shape(0.25),
        percentile=percentile,
        slo_ms=slo_ms,
        fixed_ms=fixed_ms,
        target_utilisation=utilisation,
        zones=zones,
        survive_zone=survive_zone,
        min_tasks=min_tasks,
    )


def p99(rate: float, tasks: int) -> float:
    found = response_percentiles(rate, tasks, SIZE, WORK, shape(0.25), [99])
    return inf if found is None else found[0]


def test_without_an_objective_the_utilisation_counts() -> None:
    # 50/s a task at full CPU, 35/s at 70 %.
    assert [needed(rate, None) for rate in (1, 35, 36, 350, 3501)] == [1, 1, 2, 10, 101]


@pytest.mark.parametrize("slo_ms", [280, 300, 340, 500])
@pytest.mark.parametrize("rate", [20, 333, 2000])
def test_the_number_is_the_smallest_that_meets_the_objective(rate: float, slo_ms: float) -> None:
    found = needed(rate, slo_ms)
    assert found is not None
    assert p99(rate, found) <= slo_ms
    by_utilisation = needed(rate, None)
    assert by_utilisation is not None
    assert found >= by_utilisation
    if found > by_utilisation:
        assert p99(rate, found - 1) > slo_ms


def test_front_doors_take_from_the_objective() -> None:
    assert needed(333, 300, fixed_ms=20) == needed(333, 280)


def test_an_objective_below_the_work_alone_is_never_met() -> None:
    # The lognormal of mean 100 and cv2 1/4 has its 99th percentile at 268 ms.
    assert shape(0.25).quantile(0.99) == pytest.approx(268.4, abs=0.1)
    assert needed(100, 268) is None
    assert needed(100, 50) is None
    assert needed(100, 100, fixed_ms=200) is None
    assert needed(100, 269) is not None


def test_the_loss_of_a_zone() -> None:
    # 10 tasks needed: 10 x 3 / 2 = 15; in two zones twice as many; 7 x 3 / 2 = 10.5, so 11.
    assert needed(350, None, survive_zone=True) == 15
    assert needed(350, None, survive_zone=True, zones=2) == 20
    assert needed(245, None, survive_zone=True) == 11
    assert needed(1, None, survive_zone=True, min_tasks=5) == 5
    with pytest.raises(ValueError, match="zones"):
        needed(1, None, survive_zone=True, zones=1)


def test_no_requests_and_no_memory() -> None:
    assert needed(0, 100, min_tasks=2) == 2
    # 2,048 MB hold no process of 4,096 MB.
    assert needed(1, None, work=replace(WORK, slots_per_vcpu=None, process_mb=4096)) is None
    idle = replace(WORK, cpu_seconds=0, waiting_seconds=0)
    assert needed(1e9, 10, work=idle) == 1
    assert response_percentiles(5, 1, SIZE, idle, shape(1), [50, 99]) == (0, 0)


def test_a_billion_requests_a_second() -> None:
    assert needed(1e9, None) == 28571429
    found = needed(1e9, 300)
    assert found is not None
    assert found >= 28571429


def test_few_large_tasks_answer_as_fast_as_many_small_ones_or_faster() -> None:
    work = replace(WORK, waiting_seconds=0)
    small = response_percentiles(280, 8, SIZE, work, shape(0.25), [99])
    large = response_percentiles(
        280, 2, TaskSize(vcpu=4, memory_mb=8192), work, shape(0.25), [99], balancing="random"
    )
    pooled = response_percentiles(280, 8, SIZE, work, shape(0.25), [99], balancing="central")
    assert small is not None
    assert large is not None
    assert pooled is not None
    assert pooled[0] <= large[0] <= small[0]


def test_one_process_for_each_request_is_a_queue() -> None:
    # Two processes on two vCPUs with constant work of 20 ms, 50/s of 100/s: C = 1/3,
    # P(R > x) = C exp(-(x - 20 ms) 2 (2 - 1) / 20 ms), so p99 = 20 + 10 ln(100 / 3).
    work = replace(WORK, waiting_seconds=0, slots_per_vcpu=None, process_mb=4096)
    size = TaskSize(vcpu=2, memory_mb=8192)
    found = response_percentiles(50, 1, size, work, shape(0), [50, 99])
    assert found == pytest.approx((20, 20 + 10 * 3.5065579), rel=1e-5)
    assert erlang_c(2, 1) == pytest.approx(1 / 3)


def test_quarter_vcpus_share_one_slow_processor() -> None:
    quarter = response_percentiles(
        8, 1, TaskSize(vcpu=0.25, memory_mb=512), replace(WORK, waiting_seconds=0), shape(0), [99]
    )
    # 0.64 of a quarter vCPU as 0.64 of a whole one, with all four times as long.
    whole = response_percentiles(32, 1, SIZE, replace(WORK, waiting_seconds=0), shape(0), [99])
    assert whole is not None
    # The four slots of the quarter hold some requests outside, which answers a little sooner.
    assert quarter == pytest.approx((4 * whole[0],), rel=0.15)


def test_overloaded_tasks_have_no_response_time() -> None:
    assert response_percentiles(50, 1, SIZE, WORK, shape(1), [50]) is None
    assert response_percentiles(1e9, 3, SIZE, WORK, shape(1), [50]) is None
    # Sharing above 95 % of the CPU was not measured; few slots keep requests from it.
    assert response_percentiles(48, 1, SIZE, WORK, shape(1), [50]) is not None
    many = replace(WORK, slots_per_task=1000)
    assert response_percentiles(48, 1, SIZE, many, shape(1), [50]) is None


@pytest.mark.parametrize("percentile", [0, 0.99, 100, 101, -1, nan])
def test_percentiles_outside_are_refused(percentile: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        response_percentiles(1, 1, SIZE, WORK, shape(1), [percentile])
    with pytest.raises(ValueError, match="percentile"):
        needed(1, 100, percentile=percentile)


@pytest.mark.parametrize("rate", [-1, inf, nan])
def test_rates_that_are_none_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        needed(rate, 100)
    with pytest.raises(ValueError, match="is not a number"):
        response_percentiles(rate, 1, SIZE, WORK, shape(1), [50])
    with pytest.raises(ValueError, match="is not a number"):
        headroom([1, rate], 60)


def test_other_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="objective"):
        needed(1, nan)
    with pytest.raises(ValueError, match="utilisation"):
        needed(1, 100, utilisation=0)
    with pytest.raises(ValueError, match="serve nothing"):
        response_percentiles(1, 0, SIZE, WORK, shape(1), [50])
    with pytest.raises(ValueError, match="at least one rate"):
        headroom([], 60)


def test_headroom_of_a_rise_between_two_hours() -> None:
    # From 100 to 200 in an hour, seen 360 s late: at the start of the rise 110 in place of 100.
    rates = [100.0] * 12 + [200.0] * 12
    assert headroom(rates, 360) == pytest.approx(1.1)
    # A whole hour late and later: the double.
    assert headroom(rates, 3600) == pytest.approx(2)
    assert headroom(rates, 1e9) == pytest.approx(2)
    assert headroom([5], 386) == headroom([0, 0], 386) == headroom(rates, 0) == 1
    assert headroom([0, 1], 60) == inf


def test_headroom_is_that_of_a_fine_search() -> None:
    rates = [1.0, 4, 2, 2, 9, 3]

    def at(place: float) -> float:
        before = int(place // 1) % 6
        part = place % 1
        return rates[before] * (1 - part) + rates[(before + 1) % 6] * part

    for lag_slots in (0.1, 0.7, 1.3, 2.6):
        fine = max(at(step / 1000) / at(step / 1000 - lag_slots) for step in range(6000))
        assert headroom(rates, lag_slots * 4 * 3600) == pytest.approx(fine, rel=1e-3)


def test_the_lag_of_target_tracking() -> None:
    assert (scaling_lag_s(), scaling_lag_s(twenty_second_metrics=True)) == (386, 109)


def test_a_step_needs_room() -> None:
    assert step_utilisation(3, 0.9) == pytest.approx(0.3)
    assert step_utilisation(1) == 1
    for factor, highest in ((0.5, 1), (inf, 1), (nan, 1), (2, 0), (2, 1.5)):
        with pytest.raises(ValueError, match="rise"):
            step_utilisation(factor, highest)
