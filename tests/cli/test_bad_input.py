"""`advisor compare` on files that cannot be read: exit code 2, a place, help, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "name: x\nregion: us-east-1\ntraffic: {monthly_requests: 1000}\n"
COMPUTE = "compute: {request_duration_ms: 10}\n"
MEBIBYTE = 1024 * 1024


def _compare(
    repository: Path, *arguments: str, stdin: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "advisor", "compare", *arguments],
        cwd=cwd or repository,
        env={**os.environ, "PYTHONPATH": str(repository)},
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )


def _refusal(child: subprocess.CompletedProcess[bytes]) -> str:
    """Return what was said, after checking what every refusal has in common."""
    assert child.returncode == 2
    assert child.stdout == b""
    told = child.stderr.decode()
    assert "Traceback" not in told
    assert "\nhelp: " in told
    assert all(line.isprintable() for line in told.split("\n"))
    return told


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", ": error[empty-file]"),
        (b"# nothing\n\n# here\n", ": error[empty-file]"),
        (b"\x7fELF\x00", ":1:5: error[binary-file]"),
        (GOOD.encode("utf-16"), ": error[not-utf-8]"),
        (b"name: \xff\n", ":1:7: error[not-utf-8]"),
        (b"name: \x1b[31m\n", ":1:7: error[control-character]"),
        (b"[" * 100_000, ":1:41: error[too-deep]"),
        (b"{" * 100_000, ":1:41: error[too-deep]"),
        (b"[" * MEBIBYTE, ":1:41: error[too-deep]"),
        (b"{" * MEBIBYTE, ":1:41: error[too-deep]"),
        ("".join(f"{' ' * n}a:\n" for n in range(500)).encode(), ":41:41: error[too-deep]"),
        (b"[" * (MEBIBYTE + 1), ": error[file-too-large]"),
        (b"- a\n" * 250_000, ":200000:3: error[too-many-values]"),
        (f"{GOOD}compute: {{gpu: NO}}\n".encode(), ":4:16: error[wrong-type]"),
        (f"{GOOD}compute: {{gpu: on}}\n".encode(), ":4:16: error[wrong-type]"),
        (f"{GOOD}compute: {{vcpu: 010}}\n".encode(), ":4:17: error[wrong-type]"),
        (f"{GOOD}compute: {{vcpu: 1:30}}\n".encode(), ":4:17: error[wrong-type]"),
        (f"{GOOD}compute: {{vcpu: 1_000}}\n".encode(), ":4:17: error[wrong-type]"),
        (f"{GOOD}compute: {{vcpu: '2'}}\n".encode(), ":4:17: error[wrong-type]"),
        (f"{GOOD}compute: {{vcpu: .inf}}\n".encode(), ":4:17: error[number-not-finite]"),
        (f"{GOOD}compute: {{vcpu: .nan}}\n".encode(), ":4:17: error[number-not-finite]"),
        (f"{GOOD}compute: {{vcpu: 1e999}}\n".encode(), ":4:17: error[number-too-large]"),
        (f"{GOOD}compute: {{vcpu: {'9' * 5000}}}\n".encode(), ":4:17: error[number-too-long]"),
        (f"{GOOD}compute:\n\tvcpu: 1\n".encode(), ":5:1: error[tab-indentation]"),
        (f"{GOOD}compute: &a {{}}\n".encode(), ":4:10: error[anchor]"),
        (f"{GOOD}compute: *a\n".encode(), ":4:10: error[alias]"),
        (f"{GOOD}compute: !!map {{}}\n".encode(), ":4:10: error[tag]"),
        (f"{GOOD}<<: {{}}\n".encode(), ":4:1: error[merge-key]"),
        (f"{GOOD}name: y\n".encode(), ":4:1: error[duplicate-key]"),
        (f"{GOOD}---\n{GOOD}".encode(), ":4:1: error[several-documents]"),
        (f"{GOOD}1: y\n".encode(), ":4:1: error[key-not-text]"),
        (f'{GOOD}environment: "\\ud800"\n'.encode(), ":4:17: error[syntax]"),
        (f'{GOOD}"\\e[31m": 1\n'.encode(), ":4:1: error[unknown-key]"),
        (f'{GOOD}environment: ["\\e[31m"]\n'.encode(), ":4:14: error[wrong-type]"),
        (f"\ufeff{GOOD}compute: ]\n".encode(), ":4:10: error[syntax]"),
        (f"{GOOD}compute: ]\n".replace("\n", "\r\n").encode(), ":4:10: error[syntax]"),
        (b"- a\n", ":1:1: error[wrong-type]"),
        (b"just text\n", ":1:1: error[wrong-type]"),
        (GOOD.encode(), ":3:10: error[nothing-asked]"),
    ],
)
def test_bad_content(content: bytes, place: str, tmp_path: Path, repository: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_bytes(content)
    assert f"{path}{place}" in _refusal(_compare(repository, str(path)))


@pytest.mark.parametrize("form", ["1e3", "1000.0", "+1000", "1000"])
def test_good_spellings_of_a_number_give_the_same_answer(form: str, repository: Path) -> None:
    content = f"\ufeff{GOOD}{COMPUTE}".replace(": 1000", f": {form}").replace("\n", "\r\n")
    child = _compare(repository, "-", stdin=content.encode())
    assert (child.returncode, child.stderr) == (0, b"")
    assert b"1,000 requests" in child.stdout


def test_all_errors_of_all_files_are_told_in_one_run(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{GOOD}colour: x\napi: 1\n")
    (tmp_path / "b.yaml").write_text(f"{GOOD}compute: {{vcpu: 0, gpu: 3}}\n")
    (tmp_path / "c.yaml").write_text(GOOD + COMPUTE)
    told = _refusal(_compare(repository, "a.yaml", "c.yaml", "b.yaml", "d.yaml", cwd=tmp_path))
    assert [line for line in told.split("\n") if "error[" in line] == [
        "a.yaml:4:1: error[unknown-key]: `colour` is not a key of the file",
        "a.yaml:5:6: error[wrong-type]: `api` must be a section with keys, not `1`",
        "b.yaml:4:17: error[too-small]: `compute.vcpu` must be above 0, not 0",
        "b.yaml:4:25: error[wrong-type]: `compute.gpu` must be true or false, not `3`",
        "d.yaml: error[file-not-found]: there is no file `d.yaml`",
    ]


def test_paths_that_hold_no_file(tmp_path: Path, repository: Path) -> None:
    assert "error[is-a-directory]" in _refusal(_compare(repository, str(tmp_path)))
    assert "error[file-not-found]" in _refusal(_compare(repository, str(tmp_path / "absent")))
    # Without an argument the command looks for workload.yaml.
    assert "workload.yaml: error[file-not-found]" in _refusal(_compare(repository, cwd=tmp_path))


def test_a_sparse_file_of_50_mb(tmp_path: Path, repository: Path) -> None:
    path = tmp_path / "w.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "error[file-too-large]" in _refusal(_compare(repository, str(path)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no fifos here")
def test_a_fifo_is_not_waited_for(tmp_path: Path, repository: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    assert "error[not-a-regular-file]" in _refusal(_compare(repository, str(path)))


def test_standard_input(repository: Path) -> None:
    assert "<stdin>:1:4: error[syntax]" in _refusal(_compare(repository, "-", stdin=b"a: ]\n"))
    assert "<stdin>: error[empty-file]" in _refusal(_compare(repository, "-"))
    told = _refusal(_compare(repository, "-", stdin=b"#" * (MEBIBYTE + 1)))
    assert "<stdin>: error[file-too-large]" in told


def test_a_hostile_file_name(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "\x1b[31m\n.yaml").write_text("a: ]\n")
    told = _refusal(_compare(repository, "\x1b[31m\n.yaml", cwd=tmp_path))
    assert told.startswith(r"\x1b[31m\x0a.yaml:1:4: error[syntax]")
