"""The memory curve: durations, bills and latency by size, and which size is named."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from advisor.decisions.search import compare
from advisor.decisions.tuning import Tuning, tune
from advisor.errors import AdvisorError
from advisor.workload import Workload
from advisor.workload.loading import load

BASE: dict[str, Any] = {
    "name": "x",
    "region": "us-east-1",
    "traffic": {"average_rps": 20},
    "compute": {
        "request_duration_ms": 400,
        "duration_p99_ms": 900,
        "memory_mb": 512,
        "cpu_bound_fraction": 0.9,
        "runtime": "python3.13",
        "log_kb_per_request": 0,
    },
}


def tuned(memory_mb: list[int] | None = None, compute: Any = None, **sections: Any) -> Tuning:
    tree = {**BASE, **sections, "compute": {**BASE["compute"], **(compute or {})}}
    return tune(msgspec.convert(tree, Workload), memory_mb=memory_mb)


def durations(found: Tuning, architecture: str = "x86_64") -> dict[float, float]:
    return {
        row.memory_mb: row.duration_ms for row in found.rows if row.architecture == architecture
    }


def test_each_size_is_billed_for_its_own_duration() -> None:
    # 40 ms wait, 360 ms compute at 512 MB: 220 ms at 1024 MB. 20/s x 730 h = 52.56 M requests.
    found = tuned([1024], {"duration_p99_ms": None})
    (today, larger) = found.rows
    assert (today.duration_ms, larger.duration_ms) == (400, 220)
    for row, gigabytes, seconds in ((today, Decimal("0.5"), "0.4"), (larger, 1, "0.22")):
        lines = {item.item: item for item in row.line_items if item.service == "lambda"}
        assert lines["Duration"].quantity == Decimal("52560000") * gigabytes * Decimal(seconds)
        assert lines["Requests"].quantity == 52_560_000
    # 512 MB: 52.56 x 0.20 + 10.512 M GB-s x 0.0000166667 = 185.712, and little INIT.
    assert float(today.lambda_usd or 0) == pytest.approx(185.712, rel=2e-3)


def test_today_is_what_compare_says_of_the_same_design() -> None:
    workload = load("examples/checkout-api.yaml").workload
    found, answer = tune(workload), compare(workload)
    assert answer.best is not None
    assert found.today is not None
    assert found.today is found.cheapest
    assert found.today.monthly_usd == answer.best.monthly_usd
    assert found.today.latency_ms == answer.best.latency_ms
    assert found.today.cold_start_share == answer.best.cold_start_share
    assert found.api == answer.best.design.api
    # 90 ms wait and 30 compute at 512 MB.
    assert durations(found, "arm64")[1024] == 105


def test_the_objective_may_need_more_memory() -> None:
    found = tuned(slo={"latency_p99_ms": 500})
    assert found.exit_code == 0
    assert found.cheapest is not None
    assert found.today is not None
    # p99 falls with the mean: 900 x 220 / 400 = 495 ms at 1024 MB and the way there, which is too
    # much, and 900 x 160 / 400 = 360 at 1536 MB.
    assert (found.today.slo, found.cheapest.memory_mb, found.cheapest.slo) == (
        "missed",
        1536,
        "holds",
    )
    assert found.cheapest.reached_ms == pytest.approx(360 + 8, abs=3)
    assert {row.memory_mb: row.slo for row in found.rows}[1024] == "missed"
    assert float(found.cheapest.monthly_usd or 0) > float(found.today.monthly_usd or 0)


def test_an_objective_that_no_size_holds() -> None:
    found = tuned(slo={"latency_p99_ms": 50})
    assert (found.exit_code, found.cheapest) == (3, None)
    assert found.fastest is not None
    assert {row.slo for row in found.rows} == {"missed"}
    # One thread: the smallest size of a whole vCPU is the cheapest of the fastest.
    assert found.fastest.memory_mb == 1769


def test_the_front_has_no_size_that_another_beats() -> None:
    found = tuned(compute={"arm64_compatible": True})
    assert found.front
    by_cost = sorted(found.front, key=lambda row: float(row.monthly_usd or 0))
    for cheaper, dearer in pairwise(by_cost):
        assert dearer.speed_ms < cheaper.speed_ms
    assert by_cost[0] is found.cheapest
    assert by_cost[-1] is found.fastest
    assert all(row.memory_mb <= 1769 for row in found.front)


def test_measured_durations_take_the_place_of_the_fraction() -> None:
    measured = [{"memory_mb": 1024, "duration_ms": 250}, {"memory_mb": 256, "duration_ms": 900}]
    found = tuned(compute={"measured_durations": measured, "cpu_bound_fraction": None})
    curve = durations(found)
    assert (curve[256], curve[512], curve[1024]) == (900, 400, 250)
    # A third of the way from 1/768 - 1/1024 over 1/512 - 1/1024.
    assert curve[768] == pytest.approx(300)
    assert {row.memory_mb for row in found.rows if row.measured} == {256, 512, 1024}
    # Measured at 256 MB, so it fits; nothing smaller is offered.
    assert min(curve) == 256


def test_an_architecture_may_be_measured_for_itself() -> None:
    measured = [{"memory_mb": 512, "duration_ms": 300, "architecture": "arm64"}]
    found = tuned([512, 1024], {"arm64_compatible": True, "measured_durations": measured})
    assert durations(found) == {512: 400, 1024: 220}
    # Nine tenths of 300 ms compute: 30 + 270 / 2.
    assert durations(found, "arm64") == {512: 300, 1024: 165}
    arm64 = next(row for row in found.rows if row.architecture == "arm64")
    x86 = next(row for row in found.rows if row.architecture == "x86_64")
    assert arm64.latency_ms is not None
    assert x86.latency_ms is not None
    assert arm64.latency_ms["p50"] < x86.latency_ms["p50"]
    assert "duration on arm64" not in {taken.field for taken in found.assumptions}


def test_several_vcpus_count_when_stated_or_measured() -> None:
    stated = tuned([1769, 3538], {"vcpu": 2, "cpu_bound_fraction": 1})
    assert durations(stated)[1769] == 2 * durations(stated)[3538]
    measured = [{"memory_mb": 1769, "duration_ms": 120}, {"memory_mb": 3538, "duration_ms": 60}]
    found = tuned(
        [7076],
        {
            "memory_mb": 1769,
            "request_duration_ms": 120,
            "duration_p99_ms": 300,
            "measured_durations": measured,
            "cpu_bound_fraction": None,
        },
    )
    # Two vCPUs are enough to explain it, so four are not taken to help.
    assert durations(found)[7076] == 60


def test_what_is_not_stated_about_memory_makes_the_verdict_unknown() -> None:
    found = tuned(compute={"cpu_bound_fraction": None}, slo={"latency_p99_ms": 500})
    assert found.cheapest is not None
    assert found.cheapest.slo == "unknown"
    assumed = {taken.field: taken for taken in found.assumptions}
    assert "measured_durations" in assumed["compute.cpu_bound_fraction"].why
    waits = tuned(compute={"cpu_bound_fraction": None, "io_wait_fraction": 0.1})
    assert durations(waits)[1024] == pytest.approx(220)


def test_sizes_that_are_asked_for_come_beside_todays() -> None:
    found = tuned([2048, 256, 256])
    assert [row.memory_mb for row in found.rows] == [256, 512, 2048]
    assert any("nothing says that it fits" in note for note in found.notes)
    assert min(row.memory_mb for row in tuned().rows) == 512


def test_today_may_be_declared() -> None:
    found = tuned(current={"compute": "lambda", "memory_mb": 1536, "architecture": "x86_64"})
    assert found.today is not None
    assert found.today.memory_mb == 1536


def test_a_longest_run_gets_longer_on_less_memory() -> None:
    # 600 s at 512 MB are 600 x (0.1 + 0.9 x 2) = 1,140 s at 256 MB, more than Lambda allows.
    found = tuned([256], {"max_duration_s": 600})
    small, today = found.rows
    assert small.excluded_by
    assert small.monthly_usd is None
    assert not today.excluded_by
    assert found.exit_code == 0


@pytest.mark.parametrize("bad", [[64], [10241], [0], [-512], [], list(range(128, 400))])
def test_sizes_that_no_function_has_are_refused(bad: list[int]) -> None:
    with pytest.raises(AdvisorError):
        tuned(bad)


def test_a_workload_without_compute_is_refused() -> None:
    tree = {"name": "x", "region": "us-east-1", "traffic": {"average_rps": 1}, "api": {}}
    with pytest.raises(AdvisorError, match="compute"):
        tune(msgspec.convert(tree, Workload))


def test_what_lambda_cannot_run_has_no_answer() -> None:
    found = tuned(compute={"gpu": True})
    assert (found.exit_code, found.cheapest, found.fastest) == (3, None, None)
    assert any("GPU" in reason for reason in found.excluded_by)
    assert tuned(compute={"memory_mb": 20_000}).exit_code == 3


@pytest.mark.parametrize(
    "extreme",
    [
        {"traffic": {"average_rps": 0}},
        {"traffic": {"average_rps": 1e9}},
        {"compute": {"request_duration_ms": 0, "duration_p99_ms": None}},
        {"compute": {"request_duration_ms": 1e-9, "duration_p99_ms": None}},
        {"compute": {"request_duration_ms": 1e12, "duration_p99_ms": None}},
        {"compute": {"memory_mb": 1}},
        {"compute": {"measured_durations": [{"memory_mb": 1e8, "duration_ms": 1e12}]}},
    ],
)
def test_extremes_have_an_answer(extreme: dict[str, Any]) -> None:
    found = tuned([128, 10240], **extreme)
    assert found.exit_code in (0, 3)
    assert len(found.rows) >= 2


def test_a_missing_price_is_named_and_gives_no_answer() -> None:
    found = tune(
        msgspec.convert({**BASE, "region": "mars-east-1"}, Workload), memory_mb=[512, 1024]
    )
    assert found.exit_code == 4
    assert found.cheapest is None
    assert any("lambda/duration-x86" in each for each in found.missing)
