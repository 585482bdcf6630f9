"""advisor simulate: options, the JSON contract, exit codes, what is loaded."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from advisor.cli import main
from advisor.cli import simulate as module

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
CHECKOUT = ROOT / "examples" / "checkout-api.yaml"
STEADY = ("--rps", "10", "--duration-ms", "500", "--keep-alive-s", "60")
FEW = ("--requests", "20000")


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def simulate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run the command in this process; an exception that it does not catch fails the test."""

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["advisor", "simulate", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return run


def answered(done: Done, code: int = 0) -> dict[str, Any]:
    assert (done.code, done.err) == (code, "")
    document: dict[str, Any] = json.loads(done.out)
    return document


def test_json_keeps_the_contract(simulate: Callable[..., Done]) -> None:
    answer = answered(simulate(*STEADY, "--requests", "2000000", "--format", "json"))

    assert list(answer) == [
        "cold_start_probability",
        "mean_environments",
        "peak_environments",
        "spill_probability",
        "throttled",
        "latency_ms",
        "model",
        "requests",
        "cold_starts",
        "seed",
        "engine",
        "simulated_seconds",
        "warm_up_seconds",
        "notes",
    ]
    assert list(answer["latency_ms"]) == ["mean", "p50", "p90", "p95", "p99", "p999"]
    # SimFaaS 0.2.2 gives 1.907e-3 and 13.32 for this load, with another choice among idle ones.
    assert answer["cold_start_probability"] == pytest.approx(1.907e-3, rel=0.08)
    assert answer["mean_environments"] == pytest.approx(13.32, rel=0.02)
    assert answer["model"]["cold_start_probability"] == pytest.approx(
        answer["cold_start_probability"], rel=0.05
    )
    assert answer["model"]["mean_environments"] == pytest.approx(
        answer["mean_environments"], rel=0.01
    )
    assert answer["latency_ms"]["mean"] == pytest.approx(500, rel=0.01)
    # Of an exponential duration a share 0.01 is above 500 ms x ln 100 = 2303 ms.
    assert answer["latency_ms"]["p99"] == pytest.approx(2303, rel=0.01)
    assert (answer["requests"], answer["seed"], answer["throttled"]) == (2_000_000, 1, 0)


def test_the_text_has_the_same_figures(simulate: Callable[..., Done]) -> None:
    answer = answered(simulate(*STEADY, *FEW, "--format", "json"))
    done = simulate(*STEADY, *FEW)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{answer['cold_start_probability'] * 100:.4g} % of 20,000 requests")
    assert "closed form" in done.out
    assert "steady load" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_the_same_options_give_the_same_bytes(simulate: Callable[..., Done]) -> None:
    once = simulate(*STEADY, *FEW, "--format", "json")
    assert simulate(*STEADY, *FEW, "--format", "json") == once
    assert simulate(*STEADY, *FEW, "--format", "json", "--seed", "2") != once


def test_engines_answer_alike(simulate: Callable[..., Done]) -> None:
    answers = [
        answered(simulate(*STEADY, *FEW, "--init-ms", "300", "--format", "json", "--engine", name))
        for name in ("auto", "loop", "blocks")
    ]
    for answer in answers:
        answer.pop("engine")
    assert answers[0] == answers[1] == answers[2]


def test_provisioned_and_limit(simulate: Callable[..., Done]) -> None:
    answer = answered(
        simulate(*STEADY, *FEW, "--provisioned", "5", "--limit", "8", "--format", "json")
    )
    assert 0 < answer["throttled"] < 20_000
    assert 0 < answer["spill_probability"] < 0.2848676
    assert answer["peak_environments"] <= 8
    # Erlang's B for five servers at a load of five, which knows no limit.
    assert answer["model"]["spill_probability"] == pytest.approx(0.2848676, rel=1e-6)
    text = simulate(*STEADY, *FEW, "--provisioned", "5").out
    assert "Spill" in text


def test_a_workload_brings_its_profile_duration_and_init(simulate: Callable[..., Done]) -> None:
    answer = answered(simulate("--workload", CHECKOUT, "--format", "json"))
    # 12 million requests in a month of 730 hours: 394,521 a day, whose number is random.
    assert answer["requests"] == pytest.approx(394_521, rel=0.01)
    assert answer["simulated_seconds"] == pytest.approx(86_400, rel=1e-3)
    assert answer["latency_ms"]["mean"] == pytest.approx(120, rel=0.01)
    assert answer["mean_environments"] == pytest.approx(
        answer["model"]["mean_environments"], rel=0.03
    )
    few = answered(simulate("--workload", CHECKOUT, *FEW, "--format", "json"))
    assert few["requests"] == 20_000
    assert any("midnight" in note for note in few["notes"])


def test_a_workload_without_compute_cannot_be_simulated(
    simulate: Callable[..., Done], tmp_path: Path
) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(
        "version: 1\nname: door\nregion: us-east-1\ntraffic: {average_rps: 5}\napi: {style: http}\n"
    )
    done = simulate("--workload", path)
    assert done.code in (2, 4)
    assert done.out == ""


def test_bursts_have_more_cold_starts_than_their_mean_rate(simulate: Callable[..., Done]) -> None:
    burst = answered(
        simulate(
            *("--rps", "5", "--burst", "200:10:3600", "--duration-ms", "100", "--init-ms", "400"),
            *("--requests", "400000", "--format", "json"),
        )
    )
    # Per hour about 77 cold starts of the burst and 20,000 requests: 0.4 %.
    assert burst["cold_start_probability"] == pytest.approx(0.004, rel=0.15)
    assert burst["model"]["cold_start_probability"] == pytest.approx(0.004, rel=0.2)
    assert "bursts" in burst["model"]["basis"]


def test_a_trace_is_read_and_its_bad_rows_are_named(
    simulate: Callable[..., Done], tmp_path: Path
) -> None:
    path = tmp_path / "trace.csv.gz"
    path.write_bytes(
        gzip.compress(b"timestamp,duration_ms\n0,1000\nx,1\n0,1000\n60,1000\n70,1000\n")
    )
    arguments = ("--trace", path, "--keep-alive-s", "30", "--init-ms", "500")

    answer = answered(simulate(*arguments, "--format", "json"), code=4)

    assert answer["trace"] == {
        "rows": 5,
        "bad_rows": 1,
        "first_bad": [{"line": 3, "reason": "'x' is not a moment"}],
    }
    # Three cold starts of four (see the schedule in tests/simulation/test_trace.py).
    assert (answer["requests"], answer["cold_start_probability"]) == (4, 0.75)
    assert answer["latency_ms"]["p99"] == 1500
    assert answer["model"]["cold_start_probability"] is not None
    done = simulate(*arguments)
    assert done.code == 4
    assert "line 3: 'x' is not a moment" in done.out


def test_a_trace_of_counts_takes_the_duration_from_the_option(
    simulate: Callable[..., Done], tmp_path: Path
) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("minute,count\n0,600\n1,600\n")
    answer = answered(simulate("--trace", path, "--duration-ms", "50", "--format", "json"))
    assert answer["requests"] == 1200
    assert answer["trace"]["bad_rows"] == 0


def test_a_trace_of_one_request_has_no_rate(simulate: Callable[..., Done], tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("5,100\n")
    answer = answered(simulate("--trace", path, "--format", "json"))
    assert (answer["cold_start_probability"], answer["mean_environments"]) == (1, None)
    assert answer["model"]["cold_start_probability"] is None
    assert simulate("--trace", path).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Give a load"),
        (("--rps", "5"), "Give --duration-ms"),
        (("--rps", "0", "--duration-ms", "5"), "Nothing arrives"),
        (("--rps", "-1", "--duration-ms", "5"), "not a number from 0 on"),
        (("--rps", "inf", "--duration-ms", "5"), "not a number from 0 on"),
        (("--rps", "x", "--duration-ms", "5"), "'x' is not a number"),
        (("--rps", "1e13", "--duration-ms", "5"), "1e+13 requests/s"),
        (("--rps", "5", "--duration-ms", "1e13"), "Duration: 1e+10 s"),
        (("--rps", "5", "--duration-ms", "5", "--keep-alive-s", "1e10"), "Keep-alive: 1e+10 s"),
        (("--rps", "5", "--duration-ms", "5", "--cv", "101"), "coefficient of variation"),
        (("--rps", "5", "--duration-ms", "5", "--burst", "5:1"), "200:10:3600"),
        (("--rps", "5", "--duration-ms", "5", "--burst", "5:10:1"), "cannot come every"),
        (("--rps", "5", "--duration-ms", "5", "--requests", "0"), "--requests"),
        (("--rps", "5", "--duration-ms", "5", "--limit", "0"), "--limit"),
        ((*STEADY, "--limit", "3", "--provisioned", "4"), "--limit is below"),
        ((*STEADY, "--limit", "3", "--engine", "blocks"), "--engine blocks"),
        ((*STEADY, "--workload", "x.yaml"), "--workload brings"),
        ((*STEADY, "--trace", "x.csv"), "--trace brings"),
        (("--trace", "no-such.csv", "--duration-ms", "5"), "no-such.csv: error[file-not-found]"),
        (("--trace", "/dev/null", "--duration-ms", "5"), "error[not-a-regular-file]"),
        (("--workload", "no-such.yaml"), "no-such.yaml"),
    ],
)
def test_wrong_input_is_said_in_a_sentence(
    simulate: Callable[..., Done], arguments: tuple[str, ...], message: str
) -> None:
    done = simulate(*arguments)
    assert (done.code, done.out) == (2, "")
    assert message in " ".join(done.err.split())
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("1\n2\n", (), "no column duration_ms"),
        ("1,5\n2,5\n", ("--duration-ms", "5"), "durations of its own"),
    ],
)
def test_a_trace_says_the_duration_or_the_option_does(
    simulate: Callable[..., Done],
    tmp_path: Path,
    text: str,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(text)
    done = simulate("--trace", path, *arguments)
    assert done.code == 2
    assert message in " ".join(done.err.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--rps", "1e9", "--duration-ms", "100"),
        ("--rps", "1e12", "--duration-ms", "0"),
        ("--rps", "1e-9", "--duration-ms", "1000"),
        ("--rps", "10", "--duration-ms", "60000", "--keep-alive-s", "1"),
        ("--rps", "10", "--duration-ms", "100", "--keep-alive-s", "0", "--init-ms", "1e6"),
        ("--rps", "10", "--duration-ms", "1e12"),
    ],
)
def test_absurd_figures_are_simulated_all_the_same(
    simulate: Callable[..., Done], arguments: tuple[str, ...]
) -> None:
    answer = answered(simulate(*arguments, "--requests", "5000", "--format", "json"))
    assert answer["requests"] == 5000
    assert 0 <= answer["cold_start_probability"] <= 1
    assert simulate(*arguments, "--requests", "5000").code == 0


def test_the_answer_can_be_written_to_a_file(simulate: Callable[..., Done], tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    done = simulate(*STEADY, *FEW, "--format", "json", "--output", path)
    assert done == Done(0, "", "")
    assert json.loads(path.read_text())["requests"] == 20_000


def test_a_bar_is_shown_on_a_terminal_after_a_while_and_nowhere_else(
    simulate: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0.0)
    assert simulate(*STEADY, *FEW).err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with_bar = simulate(*STEADY, "--requests", "200000")
    assert with_bar.code == 0
    assert "Simulating" in with_bar.err
    assert "100%" in with_bar.err


CHILD = """
import sys
from advisor.cli import main
try:
    main()
except SystemExit:
    pass
print(sorted({"numpy", "msgspec", "advisor.simulation"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (("--help",), "[]"),
        (("simulate", "--help"), "[]"),
        (("compare", str(CHECKOUT), "--format", "json"), "['msgspec']"),
        (("simulate", *STEADY, *FEW), "['advisor.simulation', 'msgspec', 'numpy']"),
    ],
    ids=["help", "simulate-help", "compare", "simulate"],
)
def test_numpy_is_loaded_by_a_simulation_only(arguments: tuple[str, ...], loaded: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout
    assert child.stderr.splitlines()[-1] == loaded
