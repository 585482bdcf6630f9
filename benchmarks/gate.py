"""How long the gate takes for 100, 200 and 400 workload files, in one process.

    .venv/bin/python benchmarks/gate.py

Three cases against a commit of a real repository: nothing changed, one file in ten changed, and
every file changed, each file another workload. The goal is 200 files in under 3 s, and a time that
grows with the number of files. Time is that of the processor, git's included, so that what else
runs on the machine counts little. Compile the bytecode first (`python -m compileall -q advisor`).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"
CASES = {"unchanged": 0, "one in ten changed": 10, "all changed": 1}
_STEP = 0.001


def main() -> None:
    """Print a row for each case and number of files."""
    command = Path(sys.executable).with_name("advisor")
    print(f"{'case':20} {'files':>5} {'CPU s':>8} {'ms a file':>10}")
    for case, every in CASES.items():
        for count in (50, 100, 200):
            with tempfile.TemporaryDirectory() as folder:
                _repository(Path(folder), count, every)
                seconds = min(_timed(command, folder) for _ in range(2))
            print(f"{case:20} {count:5} {seconds:8.2f} {seconds / count * 1000:10.1f}")


def _repository(folder: Path, count: int, every: int) -> None:
    """Commit workload files, then change some of them in the working tree."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))]
    (folder / "workloads").mkdir()
    for index in range(count):
        _write(folder, index, texts[index % len(texts)], 1 + index * _STEP)
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        ("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "m"),
    ):
        subprocess.run(("git", *arguments), cwd=folder, check=True)  # noqa: S607 - the user's git
    for index in range(count):
        if every and index % every == 0:
            _write(folder, index, texts[index % len(texts)], 1.0005 + index * _STEP)


def _write(folder: Path, index: int, text: str, factor: float) -> None:
    """Write a workload with its own name and its own traffic."""
    lines = []
    for line in text.splitlines():
        key, _, value = line.partition(": ")
        if key == "name":
            line = f"name: workload-{index}"
        elif key.strip() in ("monthly_requests", "average_rps"):
            line = f"{key}: {float(value.split('#')[0]) * factor:.6f}"
        lines.append(line)
    path = folder / "workloads" / f"w{index:04}.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _timed(command: Path, folder: str) -> float:
    started = _used()
    done = subprocess.run(
        (command, "gate", "workloads/*.yaml", "--against", "main", "--format", "json"),
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return _used() - started


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
