"""Duration by memory: I/O and CPU time, against sums by hand, brute force and measurements."""

from __future__ import annotations

from math import inf, nan
from random import Random
from typing import TYPE_CHECKING

import pytest

from advisor.capacity.memory import DurationByMemory, cores_used

if TYPE_CHECKING:
    from collections.abc import Iterable

# Median warm durations in ms at 512, 1024 and 1769 MB, 25 to 50 runs each, of a request of 1 MB and
# of smaller ones that fall by more than a quarter (k-i-soft/lambda-coldstart-bench, MIT,
# results/summary.csv of 2026-04).
MEASURED = {
    "java-jvm 1m": (98.5, 53, 39),
    "java-native 1m": (58.5, 37, 27),
    "java-jvm-snapstart 1m": (88, 41, 31),
    "java-jvm-snapstart-primed 1m": (102, 45, 31),
    "node 1m": (35.5, 20, 24),
    "java-jvm 1k": (23, 14, 15),
    "java-jvm 100k": (29, 16, 15.5),
    "java-jvm-snapstart 1k": (51, 21, 17),
    "java-jvm-snapstart 100k": (57, 27, 20),
    "java-jvm-snapstart-primed 1k": (51, 22, 20),
    "java-jvm-snapstart-primed 100k": (50, 27, 19),
}
SIZES = (512.0, 1024.0, 1769.0)
# Means in ms of a thousand sieves of primes below a million, one thread that never waits
# (jconning/lambda-cpu-cost, README, 2017).
PRIMES = {128.0: 11722.965, 256.0: 6678.945, 512.0: 3194.954, 1024.0: 1465.984}


def test_two_points_determine_io_and_cpu() -> None:
    # 1769 / 512 = 3.455078; cpu = (98.5 - 39) / (3.455078 - 1) = 24.23548; io = 39 - cpu.
    curve = DurationByMemory.from_points([(1769, 39), (512, 98.5)])
    assert curve.cpu_ms == pytest.approx(24.23548, rel=1e-6)
    assert curve.io_ms == pytest.approx(14.76452, rel=1e-6)
    # 14.76452 + 24.23548 x 1769 / 1024 = 56.63226; 53 were measured.
    assert curve.duration_ms(1024) == pytest.approx(56.63226, rel=1e-6)
    # Beyond the points: 14.76452 + 24.23548 x 1769 / 256 = 182.2355.
    assert curve.duration_ms(256) == pytest.approx(182.2355, rel=1e-6)
    assert (curve.duration_ms(512), curve.duration_ms(1769)) == (98.5, 39)


def test_a_fraction_splits_one_duration() -> None:
    # A quarter of 120 ms at 512 MB is 30 ms on 512/1769 vCPU: 8.682872 ms of CPU time.
    curve = DurationByMemory.from_fraction(120, 512, 0.25)
    assert curve.io_ms == 90
    assert curve.cpu_ms == pytest.approx(8.682872, rel=1e-6)
    assert curve.duration_ms(512) == 120
    # 90 + 30 / 2, 90 + 30 x 2, and a whole vCPU: 90 + 8.682872.
    assert (curve.duration_ms(1024), curve.duration_ms(256)) == (105, 150)
    assert curve.duration_ms(1769) == pytest.approx(98.68287, rel=1e-6)
    assert (curve.scale(512), curve.scale(1024)) == (1, 0.875)


def test_pure_cpu_costs_the_same_up_to_a_vcpu_and_more_beyond() -> None:
    curve = DurationByMemory.from_fraction(1000, 512, 1)
    gigabyte_seconds = {mb: mb * curve.duration_ms(mb) for mb in (128, 512, 1000, 1769, 3538)}
    assert gigabyte_seconds[128] == pytest.approx(512_000, rel=1e-6)
    assert gigabyte_seconds[1000] == pytest.approx(512_000, rel=1e-6)
    assert gigabyte_seconds[1769] == pytest.approx(512_000, rel=1e-6)
    # A second vCPU that nobody uses doubles the bill.
    assert gigabyte_seconds[3538] == pytest.approx(2 * 512_000, rel=1e-6)


def test_waiting_takes_as_long_at_any_memory() -> None:
    curve = DurationByMemory.from_fraction(80, 256, 0)
    assert {curve.duration_ms(mb) for mb in (128, 256, 1769, 10240)} == {80}


def test_a_single_thread_gains_nothing_beyond_a_vcpu_and_two_do() -> None:
    one = DurationByMemory.from_fraction(100, 1769, 1)
    assert (one.duration_ms(1769), one.duration_ms(3538), one.duration_ms(10240)) == (100, 100, 100)
    # Both vCPUs of 3538 MB are busy for 100 ms: 200 ms of CPU time.
    two = DurationByMemory.from_fraction(100, 3538, 1, cores=2)
    assert two.cpu_ms == 200
    assert (two.duration_ms(1769), two.duration_ms(7076)) == (200, 100)


def test_measured_points_are_kept_and_joined_in_between() -> None:
    points = [(256.0, 410.0), (512.0, 190.0), (1024.0, 120.0), (1769.0, 100.0), (3008.0, 101.0)]
    curve = DurationByMemory.from_points(points)
    for memory_mb, duration_ms in points:
        assert curve.duration_ms(memory_mb) == duration_ms
    # Straight over 1 / vCPUs: at 341.333 MB it is half way between that of 256 and of 512.
    assert curve.duration_ms(1024 / 3) == pytest.approx((410 + 190) / 2, rel=1e-6)
    # Beyond a vCPU nothing changes but noise: half way in MB.
    assert curve.duration_ms((1769 + 3008) / 2) == pytest.approx(100.5)
    for memory_mb, _ in points:
        assert curve.duration_ms(memory_mb * (1 + 1e-9)) == pytest.approx(
            curve.duration_ms(memory_mb), rel=1e-6
        )


def test_the_fit_is_the_best_that_brute_force_finds() -> None:
    # 40 noisy series; a grid of 0.5 % steps of both parts finds no smaller relative error.
    random = Random(7)  # noqa: S311 - not for secrets
    for _ in range(40):
        io, cpu = random.choice([0, 5, 50, 300]), random.choice([0, 2, 20, 200]) + 1
        points = [
            (float(mb), (io + cpu / min(mb / 1769, 1)) * random.uniform(0.8, 1.25))
            for mb in random.sample([128, 256, 512, 1024, 1769, 3008], random.choice([2, 3, 5]))
        ]
        curve = DurationByMemory.from_points(points)
        assert curve.io_ms >= 0
        assert curve.cpu_ms >= 0
        best = _error(points, curve.io_ms, curve.cpu_ms)
        for step in range(-40, 41):
            for other in range(-40, 41):
                parts = curve.io_ms + step * io / 200, curve.cpu_ms + other * cpu / 200
                if min(parts) >= 0:
                    assert _error(points, *parts) >= best - 1e-6


def _error(points: list[tuple[float, float]], io_ms: float, cpu_ms: float) -> float:
    return sum(((io_ms + cpu_ms / min(mb / 1769, 1)) / ms - 1) ** 2 for mb, ms in points)


def test_noise_of_a_few_percent_moves_the_curve_by_as_much() -> None:
    # 2 % either way at five sizes: the fit stays within 4 % of the truth at every size (seed 3).
    random = Random(3)  # noqa: S311 - not for secrets
    for _ in range(200):
        points = [
            (float(mb), (30 + 25 * 1769 / mb) * random.uniform(0.98, 1.02))
            for mb in (256, 512, 768, 1024, 1769)
        ]
        curve = DurationByMemory.from_points(points)
        for mb in (128, 400, 1500, 1769):
            assert curve.duration_ms(mb) == pytest.approx(30 + 25 * 1769 / mb, rel=0.04)


def test_neither_part_is_negative() -> None:
    # Longer with more memory is noise: all of it waits. 1/d weighted: (1/100 + 1/110) / (1/100^2 +
    # 1/110^2) = 104.5249.
    rising = DurationByMemory.from_points([(512, 100), (1024, 110)])
    assert rising.io_ms == pytest.approx(104.5249, rel=1e-6)
    assert rising.cpu_ms == 0
    assert (rising.duration_ms(128), rising.duration_ms(10240)) == (100, 110)
    # A third of the time with twice the memory is more than all of it computing.
    steep = DurationByMemory.from_points([(512, 300), (1024, 100)])
    assert steep.io_ms == 0
    assert steep.duration_ms(256) == 600
    assert steep.duration_ms(512) == 300


def test_points_of_the_same_vcpus_are_split_by_the_fraction() -> None:
    alone = DurationByMemory.from_points([(512, 120)], cpu_bound_fraction=0.25)
    assert alone.duration_ms(1024) == 105
    beyond = DurationByMemory.from_points([(2048, 100), (3008, 100)], cpu_bound_fraction=0.5)
    # 50 ms wait and 50 ms of CPU at one vCPU: 50 + 50 x 2 at half of it.
    assert beyond.duration_ms(1769 / 2) == pytest.approx(150, rel=1e-6)


@pytest.mark.parametrize(
    ("points", "cores"),
    [
        ([(512.0, 345.5078), (1769.0, 100.0)], 1),
        ([(1769.0, 100.0), (3538.0, 100.0)], 1),
        ([(1769.0, 100.0), (3538.0, 50.0)], 2),
        ([(1769.0, 120.0), (3538.0, 70.0), (5307.0, 53.3333), (7076.0, 53.3333)], 3),
        ([(1769.0, 600.0), (10240.0, 600 / (10240 / 1769))], 6),
        ([(512.0, 100.0)], 1),
    ],
)
def test_measurements_show_how_many_vcpus_are_used(
    points: list[tuple[float, float]], cores: int
) -> None:
    assert cores_used(points) == cores


def test_a_size_left_out_is_predicted_as_the_page_says() -> None:
    """The first lines of the table in docs/how-we-know/memory.md."""
    errors: dict[float, list[float]] = {size: [] for size in SIZES}
    for durations in MEASURED.values():
        known = dict(zip(SIZES, durations, strict=True))
        for left_out in SIZES:
            rest = [(mb, ms) for mb, ms in known.items() if mb != left_out]
            guess = DurationByMemory.from_points(rest).duration_ms(left_out)
            errors[left_out].append(guess / known[left_out] - 1)
    shown = {mb: (_mean(map(abs, each)), min(each), max(each)) for mb, each in errors.items()}
    assert shown[1024] == pytest.approx((0.186, -0.018, 0.370), abs=6e-4)
    assert shown[512] == pytest.approx((0.281, -0.476, 0.038), abs=6e-4)
    assert shown[1769] == pytest.approx((0.236, -0.439, 0.035), abs=6e-4)


def test_published_cpu_work_goes_with_the_vcpu_share() -> None:
    # 11722.965 x 128 / 1024 = 1465.371, 0.04 % off; at 256 and 512 MB it is 12 % and 8 % too low.
    curve = DurationByMemory.from_points([(128, PRIMES[128])])
    errors = [curve.duration_ms(mb) / ms - 1 for mb, ms in PRIMES.items()]
    assert errors == pytest.approx([0, -0.1224, -0.0827, -0.0004], abs=1e-4)
    inside = [
        DurationByMemory.from_points(
            [(other, ms) for other, ms in PRIMES.items() if other != mb]
        ).duration_ms(mb)
        / PRIMES[mb]
        - 1
        for mb in (256.0, 512.0)
    ]
    assert max(map(abs, inside)) < 0.12


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known)


def test_what_scale_compares_with() -> None:
    curve = DurationByMemory.from_points([(512, 100), (1024, 60)], reference_mb=1024)
    assert curve.scale(1024) == 1
    assert curve.scale(512) == pytest.approx(100 / 60, rel=1e-6)
    assert DurationByMemory.from_points([(1024, 60), (512, 100)]).scale(1024) == 0.6
    nothing = DurationByMemory.from_fraction(0, 512, 1)
    assert (nothing.scale(128), nothing.duration_ms(128)) == (1, 0)


@pytest.mark.parametrize("bad", [-1, nan, inf, -inf, 0, 1e-300, 1e300])
def test_what_is_no_memory_is_refused(bad: float) -> None:
    curve = DurationByMemory.from_fraction(100, 512, 1)
    for refused in (
        lambda: curve.duration_ms(bad),
        lambda: curve.scale(bad),
        lambda: DurationByMemory.from_fraction(100, bad, 1),
        lambda: DurationByMemory.from_points([(bad, 100)]),
        lambda: DurationByMemory.from_points([(512, 100)], reference_mb=bad),
        lambda: DurationByMemory.from_points([(512, bad)]),
        lambda: cores_used([(512, bad)]),
    ):
        with pytest.raises(ValueError, match="is not a"):
            refused()


@pytest.mark.parametrize(
    "bad",
    [
        lambda: DurationByMemory.from_fraction(-1, 512, 1),
        lambda: DurationByMemory.from_fraction(nan, 512, 1),
        lambda: DurationByMemory.from_fraction(100, 512, 1.01),
        lambda: DurationByMemory.from_fraction(100, 512, nan),
        lambda: DurationByMemory.from_fraction(100, 512, 1, cores=0.5),
        lambda: DurationByMemory.from_fraction(100, 512, 1, cores=inf),
        lambda: DurationByMemory.from_points([]),
        lambda: DurationByMemory.from_points([(512, 100), (512, 101)]),
        lambda: DurationByMemory.from_points([(512, 100)], cpu_bound_fraction=-0.1),
    ],
)
def test_nonsense_is_refused(bad: object) -> None:
    assert callable(bad)
    with pytest.raises(ValueError, match=r"\w"):
        bad()


def test_extremes_stay_finite() -> None:
    curve = DurationByMemory.from_points([(1, 1e15), (1e9, 1e-6)])
    for memory_mb in (1, 2, 1e3, 1e6, 1e9):
        assert 0 < curve.duration_ms(memory_mb) <= 1e15
    near = DurationByMemory.from_points([(512, 100), (512.000001, 99.99999)])
    assert near.duration_ms(512) == 100
    assert 0 < near.duration_ms(10240) <= 100
