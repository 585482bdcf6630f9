"""How long a command takes to start, measured on the wheel as a user installs it.

The runs are interleaved, so that a slow minute of the machine is shared by all commands.
Instruction counts (valgrind) do not depend on what else the machine does; times do.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "checkout-api.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A command to time; ``goal_ms`` is what it may take, where there is a goal."""

    name: str
    arguments: tuple[str, ...]
    goal_ms: int | None = None


MAIN = ("-c", "from advisor.cli import main; main()")
CASES = (
    Case(name="bare interpreter", arguments=("-c", "pass")),
    Case(name="import click, yaml", arguments=("-c", "import click, yaml")),
    Case(name="advisor --help", arguments=(*MAIN, "--help"), goal_ms=60),
    Case(
        name="advisor compare --format json",
        arguments=(*MAIN, "compare", "workload.yaml", "--format", "json"),
        goal_ms=120,
    ),
    Case(name="advisor compare", arguments=(*MAIN, "compare", "workload.yaml"), goal_ms=150),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="runs of each command (15)")
    parser.add_argument("--imports", action="store_true", help="list the costliest imports too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="advisor-startup-") as folder:
        place = Path(folder)
        python = install(place)
        shutil.copy(EXAMPLE, place / "workload.yaml")
        times = measure(python, place, options.runs)
        counts = instructions(python, place)
        report(times, counts)
        if options.imports:
            print_imports(python, place)


def install(place: Path) -> Path:
    """Install a wheel of this checkout in a fresh environment, compiled; return its interpreter."""
    environment = place / "venv"
    _run(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check")
    _run(*pip, "wheel", "--no-deps", "--wheel-dir", place, ROOT)
    (wheel,) = place.glob("*.whl")
    _run(*pip, "install", wheel)
    # pip compiles too, but may be told not to; a first run must not be timed as a compilation.
    _run(python, "-m", "compileall", "-q", environment / "lib")
    return python


def measure(python: Path, place: Path, runs: int) -> dict[str, list[float]]:
    """Return the wall times of each case in ms, after one run that warms the disk's cache."""
    times: dict[str, list[float]] = {case.name: [] for case in CASES}
    for turn in range(runs + 1):
        for case in CASES:
            start = time.perf_counter()
            _run(python, *case.arguments, cwd=place)
            if turn:
                times[case.name].append((time.perf_counter() - start) * 1000)
    return times


def instructions(python: Path, place: Path) -> dict[str, int]:
    """Return the millions of instructions of each case, or nothing without valgrind."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return {}
    counts = {}
    for case in CASES:
        command = (valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", python)
        child = _run(*command, *case.arguments, cwd=place)
        # The last line of valgrind's own output: "==123== Collected : 98765432".
        found = re.search(r"Collected : (\d+)", child.stderr)
        if found is not None:
            counts[case.name] = round(int(found[1]) / 1e6)
    return counts


def report(times: dict[str, list[float]], counts: dict[str, int]) -> None:
    bare = statistics.median(times[CASES[0].name])
    print(f"{'':30} {'median ms':>10} {'min ms':>8} {'x bare':>7} {'goal ms':>8} {'M instr.':>9}")
    for case in CASES:
        runs = times[case.name]
        median = statistics.median(runs)
        goal = "" if case.goal_ms is None else str(case.goal_ms)
        count = str(counts.get(case.name, ""))
        print(
            f"{case.name:30} {median:10.1f} {min(runs):8.1f} {median / bare:7.2f}"
            f" {goal:>8} {count:>9}"
        )
    if not counts:
        print("valgrind is not installed, or counted nothing: no instruction counts.")


def print_imports(python: Path, place: Path) -> None:
    """Print the 25 modules whose own import takes longest in ``compare --format json``."""
    arguments = next(case.arguments for case in CASES if "json" in case.name)
    child = _run(python, "-X", "importtime", *arguments, cwd=place)
    rows = re.findall(r"import time: +(\d+) \| +(\d+) \| *(\S+)", child.stderr)
    print("\nself us  with what it imports  module")
    for own, whole, module in sorted(rows, key=lambda row: -int(row[0]))[:25]:
        print(f"{own:>7} {whole:>22}  {module}")
    print(f"{sum(int(own) for own, _, _ in rows):>7} {'':>22}  all {len(rows)} modules")


def _run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    # A hash seed that stays the same makes the instruction counts comparable.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    child = subprocess.run(
        command,
        cwd=cwd,
        env=kept | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode != 0:
        sys.exit(f"{command} failed:\n{child.stdout}\n{child.stderr}")
    return child


if __name__ == "__main__":
    main()
