from itertools import pairwise

import pytest

from advisor.capacity.initialisation import Quantiles, init_quantiles
from advisor.data import read_data
from advisor.errors import AdvisorError

SHARES = [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999]
MEASURED = read_data("rules/measurements/init-durations.yaml")
ROWS = [
    (runtime, package, architecture, row)
    for runtime, packages in MEASURED["runtimes"].items()
    for package, architectures in packages.items()
    for architecture, row in architectures.items()
]


def known(
    runtime: str,
    package: str = "zip",
    architecture: str = "x86_64",
    *,
    p50_ms: float | None = None,
    p99_ms: float | None = None,
) -> Quantiles:
    found = init_quantiles(runtime, package, architecture, p50_ms, p99_ms)
    assert found is not None
    return found


@pytest.mark.parametrize(("runtime", "package", "architecture", "row"), ROWS)
def test_every_measured_quantile_is_returned(
    runtime: str, package: str, architecture: str, row: dict[str, list[float]]
) -> None:
    assert MEASURED["quantiles"] == SHARES
    found = known(runtime, package, architecture)
    assert [found.quantile(q) for q in SHARES] == pytest.approx(row["init_ms"])
    assert [found.survival(ms) for ms in row["init_ms"]] == pytest.approx([1 - q for q in SHARES])
    # The mean of the interpolation against the mean of the single values.
    assert found.mean == pytest.approx(row["mean_ms"], rel=0.031)
    assert all(low < high for low, high in pairwise(row["init_ms"]))


def test_the_means_are_within_1_percent_on_average() -> None:
    errors = [abs(known(*row[:3]).mean / row[3]["mean_ms"] - 1) for row in ROWS]
    assert sum(errors) / len(errors) < 0.006


def test_between_and_beyond_the_quantiles_the_logarithm_is_linear_in_the_score() -> None:
    flat = Quantiles(
        scores=(-1.0, 0.0, 1.0),
        logs=(0.0, 1.0, 3.0),
        first_request_fixed_ms=0,
        first_request_cpu_ms=0,
        basis="",
    )
    # Phi(0.5) = 0.691462, where the logarithm is 2; Phi(2) = 0.977250, where it is 5.
    assert flat.quantile(0.691462) == pytest.approx(7.389, rel=1e-4)
    assert flat.quantile(0.977250) == pytest.approx(148.41, rel=1e-3)
    assert flat.survival(148.41) == pytest.approx(0.02275, rel=1e-3)
    assert flat.survival(0) == 1


def test_the_mean_is_the_mean_of_the_quantiles() -> None:
    found = known("java21")
    steps = 200_000
    midpoints = sum(found.quantile((k + 0.5) / steps) for k in range(steps)) / steps
    assert found.mean == pytest.approx(midpoints, rel=1e-4)


@pytest.mark.parametrize(
    ("runtime", "family", "like"),
    [
        ("python3.15", None, "python3.14"),
        ("python3.8", None, "python3.9"),
        ("nodejs26.x", None, "nodejs24.x"),
        ("nodejs18.x", None, "nodejs20.x"),
        ("dotnet9", None, "dotnet10"),
        ("java8", None, "java8.al2"),
        ("ruby4.0", None, "ruby3.4"),
        ("go1.x", None, "go"),
        ("provided.al2023", "rust", "rust"),
        (None, "python", "python3.14"),
    ],
)
def test_the_nearest_version_stands_in_and_that_is_said(
    runtime: str | None, family: str | None, like: str
) -> None:
    found = init_quantiles(runtime, "zip", "arm64", family=family)
    assert found is not None
    assert found.quantile(0.9) == known(like, "zip", "arm64").quantile(0.9)
    if runtime is not None and runtime != like and family is None:
        assert found.basis.startswith(f"{runtime} was not measured: INIT of {like}, zip, arm64")


def test_nothing_is_invented() -> None:
    assert init_quantiles("provided.al2023", "zip", "x86_64") is None
    assert init_quantiles("cobol", "zip", "x86_64") is None
    assert init_quantiles("", "zip", "x86_64") is None
    assert init_quantiles(None, "zip", "x86_64") is None
    assert init_quantiles("python3.13", "zip", "riscv") is None


def test_the_basis_names_the_data() -> None:
    assert known("python3.13").basis == (
        "INIT of python3.13, zip, x86_64, measured 3057 times until 2026-08-22"
        " (https://github.com/maxday/lambda-perf (daily data files, Apache-2.0))"
    )


def test_your_own_median_moves_the_shape() -> None:
    measured, own = known("python3.13"), known("python3.13", p50_ms=929.4)
    for share in (0.05, 0.5, 0.9, 0.9999):
        assert own.quantile(share) == pytest.approx(10 * measured.quantile(share))
    assert own.mean == pytest.approx(10 * measured.mean)
    assert "your INIT durations, in the shape of python3.13" in own.basis


def test_your_own_median_and_p99_stretch_the_shape() -> None:
    own = known("python3.13", p50_ms=420, p99_ms=1300)
    assert own.quantile(0.5) == pytest.approx(420)
    assert own.quantile(0.99) == pytest.approx(1300)
    # By hand: ln(1300 / 420) / ln(181.268 / 92.94) = 1.69128; 420 (119.758 / 92.94)^1.69128 = 644.9
    assert own.quantile(0.9) == pytest.approx(644.9, abs=0.1)
    assert known("python3.13", p99_ms=1300).quantile(0.99) == pytest.approx(1300)
    assert known("cobol", p50_ms=420).quantile(0.5) == pytest.approx(420)


def test_above_your_p99_the_tail_stays_as_wide_as_measured() -> None:
    # Half of the measured tail is 3.02 times its p99 (515.97 / 170.99 ms); stretched by the power
    # that 420 and 1,300 ms ask for it would be hours, and the mean 17 s.
    measured, own = (
        known("nodejs22", architecture="arm64", p50_ms=p50, p99_ms=p99)
        for p50, p99 in ((None, None), (420, 1300))
    )
    assert own.quantile(0.99) == pytest.approx(1300)
    ratio = measured.quantile(0.999) / measured.quantile(0.99)
    assert own.quantile(0.999) == pytest.approx(1300 * ratio)
    assert 380 < own.mean < 500
    # The mean is that of its quantiles, a hundred thousand of them, also for a shape this wide.
    wide = known("nodejs22", p50_ms=1, p99_ms=10_000)
    steps = [(place + 0.5) / 100_000 for place in range(100_000)]
    assert wide.mean == pytest.approx(sum(map(wide.quantile, steps)) / 100_000, rel=1e-3)


def test_figures_of_several_things_are_refused() -> None:
    with pytest.raises(AdvisorError, match="too far apart for one function"):
        known("python3.13", p50_ms=1, p99_ms=20_000)


def test_where_quantiles_are_equal_the_share_jumps() -> None:
    # As of tasks that hardly wait: p10, p50 and p90 are the work itself.
    ends = Quantiles(
        scores=(-1.0, 0.0, 1.0, 2.0),
        logs=(1.0, 1.0, 2.0, 2.0),
        first_request_fixed_ms=0,
        first_request_cpu_ms=0,
        basis="",
    )
    e = 2.718281828459045
    assert [ends.survival(ms) for ms in (0.9 * e, 1.1 * e * e, 100)] == [1, 0, 0]
    # Phi(0) at the lower jump; halfway in the logarithm Phi(0.5) = 0.691462.
    assert ends.survival(e) == pytest.approx(0.5)
    assert ends.survival(e**1.5) == pytest.approx(1 - 0.691462, abs=1e-6)


def test_equal_figures_are_a_constant() -> None:
    own = known("python3.13", p50_ms=500, p99_ms=500)
    assert (own.quantile(0.01), own.quantile(0.999)) == pytest.approx((500, 500))
    assert (own.survival(499), own.survival(501)) == (1, 0)
    assert own.mean == pytest.approx(500)


def test_no_init_at_all_can_be_stated() -> None:
    assert known("go", p50_ms=0, p99_ms=0).mean == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("p50", "p99"), [(9, 8), (-1, None), (None, float("nan"))])
def test_contradictions_are_refused(p50: float | None, p99: float | None) -> None:
    with pytest.raises(AdvisorError, match="INIT"):
        known("python3.13", p50_ms=p50, p99_ms=p99)


def test_cpu_of_the_first_request_grows_as_memory_shrinks() -> None:
    # dotnet8, zip, x86_64: no fixed part and 53.692 ms at 1,769 MB, so 185.5 ms at 512 MB.
    assert known("dotnet8").first_request_ms(512) == pytest.approx(185.51, abs=0.01)
    # python3.13: 2.11 ms and 0.026 ms of CPU.
    assert known("python3.13").first_request_ms(1769) == pytest.approx(2.136)
