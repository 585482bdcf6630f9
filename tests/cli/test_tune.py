"""advisor tune: the table, the JSON contract, exit codes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Advisor = Callable[..., subprocess.CompletedProcess[str]]

API = "examples/checkout-api.yaml"
HEAD = "name: x\nregion: us-east-1\ntraffic: {average_rps: 20}\n"
COMPUTE = (
    "compute: {request_duration_ms: 400, duration_p99_ms: 900, memory_mb: 512,"
    " cpu_bound_fraction: 0.9, runtime: python3.13}\n"
)


def test_the_table_is_as_reviewed(advisor: Advisor, golden: Callable[[str, str], None]) -> None:
    done = advisor("tune", API, "--memory", "256,512,1024", "--memory", "1769")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    first, _, answer = done.stdout.splitlines()[:3]
    assert first == "checkout-api, eu-west-1, 12,000,000 requests a month"
    assert answer.startswith("512 MB arm64 is the cheapest that holds p99 at 800 ms   ")
    before, digest, _ = done.stdout.rpartition("digest")
    golden("tune.txt", before + digest + "\n")


def test_json_keeps_the_contract(advisor: Advisor) -> None:
    done = advisor("tune", API, "--memory", "1024", "--format", "json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert list(answer) == [
        *("schema_version", "workload", "prices", "objective", "api", "cheapest", "fastest"),
        *("today", "rows", "assumptions", "missing", "excluded_by", "notes"),
    ]
    assert answer["objective"] == {"percentile": 99, "latency_ms": 800}
    assert [(row["memory_mb"], row["architecture"]) for row in answer["rows"]] == [
        (512, "arm64"),
        (1024, "arm64"),
        (512, "x86_64"),
        (1024, "x86_64"),
    ]
    row = answer["rows"][0]
    assert list(row) == [
        *("memory_mb", "architecture", "measured", "duration_ms", "latency_ms", "reached_ms"),
        *("slo", "margin_ms", "cold_start_share", "lambda_usd", "monthly_usd"),
        *("usd_per_million_requests", "pareto", "missing", "excluded_by"),
    ]
    assert Decimal(row["monthly_usd"]) > Decimal(row["lambda_usd"]) > 0
    assert Decimal(row["usd_per_million_requests"]) * 12 == pytest.approx(
        Decimal(row["monthly_usd"])
    )
    assert row["margin_ms"] == pytest.approx(800 - row["reached_ms"])
    cheapest = answer["cheapest"]
    assert (cheapest["memory_mb"], cheapest["architecture"]) == (512, "arm64")
    assert cheapest["monthly_usd"] == row["monthly_usd"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (COMPUTE + "slo: {latency_p99_ms: 500}\n", 0, "1536 MB x86_64 is the cheapest that holds"),
        (COMPUTE + "slo: {latency_p99_ms: 50}\n", 3, "No memory size holds p99 at 50 ms"),
        (COMPUTE, 0, "512 MB x86_64 is the cheapest   "),
        (COMPUTE.replace("0.9", "0.9, gpu: true"), 3, "No memory size keeps the limits"),
        (
            COMPUTE.replace("cpu_bound_fraction: 0.9, ", "") + "slo: {latency_p99_ms: 500}\n",
            0,
            "is the cheapest that may hold p99 at 500 ms",
        ),
    ],
)
def test_each_kind_of_answer(advisor: Advisor, text: str, code: int, words: str) -> None:
    done = advisor("tune", "-", stdin=HEAD + text)
    assert (done.returncode, done.stderr) == (code, "")
    assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_day_without_prices_exits_4_and_names_them(advisor: Advisor) -> None:
    done = advisor("tune", API, "--as-of", "2019-01-01")
    assert (done.returncode, done.stderr) == (4, "")
    assert done.stdout.splitlines()[2] == "No answer: a price is missing"
    assert "no price for lambda/duration-arm64 in eu-west-1" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--memory", "1e3"), "'1e3' is not a whole number of MB"),
        (("--memory", "512,,1024"), "'' is not a whole number of MB"),
        (("--memory", "٥١٢"), "is not a whole number of MB"),
        (("--memory", "64"), "64 MB is not a memory size of a function: 128 to 10240"),
        (("--memory", "999999999"), "is not a memory size of a function"),
        (("--region", "mars"), "is not a Region"),
        (("--as-of", "soon"), "not a day such as"),
    ],
)
def test_what_is_wrong_exits_2(advisor: Advisor, arguments: tuple[str, ...], words: str) -> None:
    done = advisor("tune", API, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_warnings_of_the_file_are_told_and_the_answer_follows(advisor: Advisor) -> None:
    measured = "  measured_durations: [{memory_mb: 512, duration_ms: 300}]\n"
    text = HEAD + "compute:\n  request_duration_ms: 100\n  memory_mb: 512\n" + measured
    done = advisor("tune", "-", stdin=text)
    assert done.returncode == 0
    assert "warning[measured-duration-disagrees]" in done.stderr
    assert "is the cheapest" in done.stdout


def test_another_region_and_a_file_to_write_to(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "curve.json"
    arguments = ("tune", API, "--region", "us-east-1", "--format", "json")
    done = advisor(*arguments, "--output", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    text = path.read_text(encoding="utf-8")
    assert json.loads(text)["workload"]["region"] == "us-east-1"
    assert text == advisor(*arguments, PYTHONHASHSEED="7").stdout
