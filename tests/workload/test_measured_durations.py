"""Measured durations by memory: contradictions among them and with the stated mean."""

from __future__ import annotations

import pytest

from advisor.document.reader import read
from advisor.document.tree import parse
from advisor.errors import InputError
from advisor.workload import Workload
from advisor.workload.checks import check

HEAD = "name: x\nregion: us-east-1\ntraffic: {average_rps: 1}\ncompute:\n  memory_mb: 512\n"


def told(*entries: str, mean: str = "100") -> list[tuple[str, str, str | None]]:
    lines = "".join(f"    - {{{entry}}}\n" for entry in entries)
    text = f"{HEAD}  request_duration_ms: {mean}\n  measured_durations:\n{lines}"
    document = parse(text.encode(), "w.yaml")
    return [(d.code, d.severity, d.field) for d in check(read(document, Workload), document)]


@pytest.mark.parametrize(
    ("entries", "code", "severity", "field"),
    [
        (
            ("memory_mb: 1024, duration_ms: 60", "memory_mb: 1024, duration_ms: 61"),
            "memory-measured-twice",
            "error",
            "compute.measured_durations[1].memory_mb",
        ),
        # One that counts for both architectures, and one of its own.
        (
            (
                "memory_mb: 1024, duration_ms: 60, architecture: arm64",
                "memory_mb: 1024, duration_ms: 61",
            ),
            "memory-measured-twice",
            "error",
            "compute.measured_durations[1].memory_mb",
        ),
        # 60 x 1.05 = 63.
        (
            ("memory_mb: 2048, duration_ms: 63.1", "memory_mb: 1024, duration_ms: 60"),
            "duration-rises-with-memory",
            "warning",
            "compute.measured_durations[0].duration_ms",
        ),
        # 126 - 100 is more than a fifth of 126; 125 - 100 is just a fifth.
        (
            ("memory_mb: 1024, duration_ms: 60", "memory_mb: 512, duration_ms: 126"),
            "measured-duration-disagrees",
            "warning",
            "compute.measured_durations[1].duration_ms",
        ),
    ],
)
def test_contradictions_are_found_at_their_place(
    entries: tuple[str, ...], code: str, severity: str, field: str
) -> None:
    assert told(*entries) == [(code, severity, field)]


@pytest.mark.parametrize(
    "entries",
    [
        ("memory_mb: 512, duration_ms: 125", "memory_mb: 1024, duration_ms: 60"),
        ("memory_mb: 1024, duration_ms: 60", "memory_mb: 2048, duration_ms: 63"),
        (
            "memory_mb: 1024, duration_ms: 60, architecture: arm64",
            "memory_mb: 1024, duration_ms: 90, architecture: x86_64",
            "memory_mb: 2048, duration_ms: 80, architecture: x86_64",
        ),
        # The mean is x86_64's, and arm64 may be faster.
        (
            "memory_mb: 512, duration_ms: 70, architecture: arm64",
            "memory_mb: 512, duration_ms: 101, architecture: x86_64",
        ),
    ],
)
def test_what_agrees_is_silent(entries: tuple[str, ...]) -> None:
    assert told(*entries) == []


@pytest.mark.parametrize(
    "entry",
    [
        "memory_mb: 512",
        "duration_ms: 5",
        "memory_mb: 0, duration_ms: 5",
        "memory_mb: 512, duration_ms: 0",
        "memory_mb: 512, duration_ms: -1",
        "memory_mb: 512, duration_ms: .inf",
        "memory_mb: 512, duration_ms: 5, architecture: arm",
        "memory_mb: 512, duration_ms: 5, runs: 3",
    ],
)
def test_what_cannot_be_read_is_refused(entry: str) -> None:
    with pytest.raises(InputError):
        told(entry)


def test_there_are_one_to_fifty() -> None:
    many = [f"memory_mb: {512 + size}, duration_ms: 100" for size in range(51)]
    assert told(*many[:50]) == []
    with pytest.raises(InputError):
        told(*many)
    none = parse((HEAD + "  measured_durations: []\n").encode(), "w.yaml")
    with pytest.raises(InputError):
        read(none, Workload)
