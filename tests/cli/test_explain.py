"""advisor explain: what it is about, its formats and exit codes, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Advisor = Callable[..., subprocess.CompletedProcess[str]]

FILE = "examples/internal-service.yaml"


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ((FILE,), "pricing-service in us-east-1: "),
        ((FILE, "--decision", "api"), "API: "),
        ((FILE, "--option", "http-api"), "HTTP API: excluded"),
        ((FILE, "--rule", "slo.latency"), "slo.latency"),
        ((FILE, "--number", "schema_version"), "Version 1 of the JSON answer"),
        ((FILE, "--option", "lambda", "--line-item", "requests"), "AWS Lambda: Requests, "),
        (("api.private",), "api.private: takes the option out"),
        (("claims", "--memory", "512"), "14 things often said about serverless"),
    ],
)
def test_what_is_asked_for_is_answered_in_the_first_line(
    advisor: Advisor, arguments: tuple[str, ...], first: str
) -> None:
    done = advisor("explain", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(first)
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_is_the_tree_and_markdown_a_heading(advisor: Advisor) -> None:
    arguments = ("explain", FILE, "--number", "total", "--format")
    answer = json.loads(advisor("compare", FILE, "--format", "json").stdout)
    of = json.loads(advisor(*arguments, "json").stdout)["explanation"]
    assert list(of) == ["title", "sentences", "figures", "children"]
    assert of["figures"][-1]["value"] == answer["recommendation"]["monthly_usd"]
    assert advisor(*arguments, "markdown").stdout.startswith("## ")


def test_two_runs_give_the_same_bytes(advisor: Advisor) -> None:
    once, again = (advisor("explain", FILE, "--decision", "compute").stdout for _ in range(2))
    assert once == again


def test_without_a_file_it_is_workload_yaml_here(advisor: Advisor, tmp_path: Path) -> None:
    missing = advisor("explain", cwd=tmp_path)
    assert missing.returncode == 2
    assert "workload.yaml: error[file-not-found]" in missing.stderr
    text = "name: here\nregion: us-east-1\ntraffic: {monthly_requests: 1000000, peak_rps: 5}\n"
    (tmp_path / "workload.yaml").write_text(text + "compute: {request_duration_ms: 100}\n")
    assert advisor("explain", cwd=tmp_path).stdout.startswith("here in us-east-1: ")


def test_region_day_and_prices_are_those_of_compare(advisor: Advisor, tmp_path: Path) -> None:
    done = advisor("explain", FILE, "--region", "eu-west-1", "--as-of", "2026-11-01")
    assert done.stdout.startswith("pricing-service in eu-west-1: ")
    assert advisor("explain", FILE, "--as-of", "2001-01-01").returncode == 4
    assert advisor("explain", FILE, "--prices", tmp_path).returncode != 0


def test_a_price_that_is_missing_changes_the_exit_code(advisor: Advisor) -> None:
    done = advisor("explain", "examples/checkout-api.yaml", "--region", "me-south-1")
    assert done.returncode == 4
    assert "Not known: no price" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((FILE, "--option", "fargte"), "did you mean fargate"),
        (("api.privat",), "did you mean api.private"),
        (("missing.yaml",), "error[file-not-found]"),
        ((FILE, "--rule", "a", "--number", "b"), "do not go together"),
        (("claims", "--option", "fargate"), "claims are about no workload"),
        ((FILE, "--memory", "512"), "--memory goes with claims only"),
        (("claims", "--region", "nowhere"), "is not a Region"),
        ((FILE, "--option", "\x1b[31m"), "\\x1b[31m"),
    ],
)
def test_what_is_wrong_is_refused_with_a_hint(
    advisor: Advisor, arguments: tuple[str, ...], told: str
) -> None:
    done = advisor("explain", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert done.stdout == ""


def test_colour_is_only_for_terminals(advisor: Advisor) -> None:
    assert "\x1b" not in advisor("explain", FILE).stdout


def test_output_goes_to_a_file(advisor: Advisor, tmp_path: Path) -> None:
    target = tmp_path / "why.md"
    done = advisor("explain", FILE, "--format", "markdown", "--output", target)
    assert (done.returncode, done.stdout) == (0, "")
    assert target.read_text().startswith("## ")
