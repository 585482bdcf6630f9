"""Traces: what may stand in a file, what is left out of it, and what is refused."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from advisor.errors import AdvisorError, InputError
from advisor.simulation import lines
from advisor.simulation import trace as module
from advisor.simulation.arrivals import Durations, Requests
from advisor.simulation.simulate import Function, simulate
from advisor.simulation.trace import BadRow, Trace

if TYPE_CHECKING:
    from pathlib import Path


def opened(path: Path, *, cv: float = 0.0, mean_s: float = 0.5) -> Trace:
    return Trace(str(path), Durations(mean_s, cv, 1), 1)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "trace.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def everything(trace: Trace, at_once: int = 1000) -> Requests:
    parts = []
    while (part := trace.take(at_once)) is not None:
        assert 1 <= len(part.arrivals) <= at_once
        parts.append(part)
    return Requests(*map(np.concatenate, zip(*parts, strict=True)))


@pytest.mark.parametrize(
    "text",
    [
        "timestamp,duration_ms\n100,20\n100.5,30\n103,40\n",
        "100,20\n100.5,30\n103,40",
        "\ufefftimestamp,duration_ms\r\n100,20\r\n\r\n100.5,30\r\n103,40\r\n",
        'Duration_MS,"Timestamp",id\n20,"100",a\n30,100.5,b\n40,103,c\n',
        "103,40\n100,20\n100.5,30\n",
        "timestamp,duration_ms\n2026-11-25T10:00:00Z,20\n2026-11-25T11:00:00.500+01:00,30\n"
        "2026-11-25 10:00:03,40\n",
        "1764064800000,20\n1764064800500,30\n1764064803000,40\n",
        "1764064800000000,20\n1764064800500000,30\n1764064803000000,40\n",
        "1764064800000000000,20\n1764064800500000000,30\n1764064803000000000,40\n",
    ],
    ids=["header", "bare", "bom-crlf", "columns", "disorder", "rfc3339", "ms", "us", "ns"],
)
def test_moments_and_durations_are_read(tmp_path: Path, text: str) -> None:
    with opened(written(tmp_path, text)) as trace:
        read = everything(trace)
        assert trace.has_durations
        assert (trace.rows, trace.bad_rows) == (3, 0)
    assert read.arrivals.tolist() == pytest.approx([0, 0.5, 3], abs=1e-6)
    assert read.durations.tolist() == pytest.approx([0.020, 0.030, 0.040])


def test_durations_that_the_file_does_not_say_are_drawn(tmp_path: Path) -> None:
    with opened(written(tmp_path, "5\n7\n")) as trace:
        assert not trace.has_durations
        assert everything(trace).durations.tolist() == [0.5, 0.5]


def test_gzip_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    with opened(written(tmp_path, gzip.compress(b"1,10\n2,10\n"))) as trace:
        assert everything(trace).arrivals.tolist() == [0, 1]


def test_a_gzip_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).random(5000)
    whole = gzip.compress("\n".join(map(str, rows)).encode())
    with (
        pytest.raises(AdvisorError, match="not a whole gzip file"),
        opened(written(tmp_path, whole[: len(whole) // 2])) as trace,
    ):
        everything(trace)


def test_counts_are_spread_over_their_minutes(tmp_path: Path) -> None:
    """Minute 3 is a gap, minute 1 has none, minute 2 stands twice, out of order."""
    with opened(written(tmp_path, "minute,count\n2,100\n0,300\n1,0\n4,50\n2,40\n")) as trace:
        arrivals = everything(trace).arrivals
    minutes = np.bincount((arrivals // 60).astype(int), minlength=5)
    assert minutes.tolist() == [300, 0, 140, 0, 50]
    assert (np.diff(arrivals) >= 0).all()
    # A mean of 300 uniform draws deviates by 60 / sqrt(12 x 300) = 1 s.
    assert arrivals[:300].mean() == pytest.approx(30, abs=4)


def test_counts_of_moments_belong_to_the_minute_that_they_lie_in(tmp_path: Path) -> None:
    text = (
        "timestamp,requests,duration_ms\n2026-11-25T10:00:30Z,2,100\n2026-11-25T10:01:00Z,3,200\n"
    )
    with opened(written(tmp_path, text)) as trace:
        read = everything(trace)
    assert (read.arrivals // 60).tolist() == [0, 0, 1, 1, 1]
    assert read.durations.tolist() == pytest.approx([0.1] * 2 + [0.2] * 3)


def test_the_spread_of_durations_is_drawn_around_each_minutes_mean(tmp_path: Path) -> None:
    text = "minute,count,duration_ms\n0,20000,100\n1,20000,400\n"
    with opened(written(tmp_path, text), cv=1.0) as trace:
        durations = everything(trace, 100_000).durations
    assert durations[:20_000].mean() == pytest.approx(0.1, rel=0.03)
    assert durations[20_000:].mean() == pytest.approx(0.4, rel=0.03)
    assert durations[:20_000].std() == pytest.approx(0.1, rel=0.05)


def test_a_minute_of_many_requests_is_drawn_in_parts(tmp_path: Path) -> None:
    with opened(written(tmp_path, "minute,count\n0,1000000000\n")) as trace:
        taken = trace.take(100_000)
    assert taken is not None
    # 1e9 in 60 s: the first 100,000 take 6 ms.
    assert taken.arrivals[-1] == pytest.approx(0.006, rel=0.02)
    assert (np.diff(taken.arrivals) >= 0).all()


def test_bad_rows_are_counted_and_the_first_ten_named(tmp_path: Path) -> None:
    bad = [
        ("x,1", "'x' is not a moment"),
        ("nan,1", "'nan' is not a moment"),
        ("-5,1", "'-5' is not a moment"),
        ("1", "1 of 2 columns"),
        ("2,", "'' is not a duration"),
        ("3,-1", "'-1' is not a duration"),
        ("4,inf", "'inf' is not a duration"),
        ("1e12,1", "'1e12' is too late to be a moment"),
        ("5,1e300", "'1e300' ms is too long a duration"),
        ("\x1b[31m,1", "'\\x1b[31m' is not a moment"),
        ("2026-13-01T00:00:00Z,1", "'2026-13-01T00:00:00Z' is not a moment"),
    ]
    text = "timestamp,duration_ms\n0,1\n" + "".join(f"{row}\n" for row, _ in bad) + "9,1\n"
    with opened(written(tmp_path, text)) as trace:
        assert everything(trace).arrivals.tolist() == [0, 9]
        assert (trace.rows, trace.bad_rows) == (13, 11)
        expected = [BadRow(line, reason) for line, (_, reason) in enumerate(bad, 3)]
        assert trace.first_bad == expected[:10]


@pytest.mark.parametrize("count", ["-1", "1.5", "2e9", "many"])
def test_what_is_no_count_is_a_bad_row(tmp_path: Path, count: str) -> None:
    with opened(written(tmp_path, f"minute,count\n0,1\n1,{count}\n")) as trace:
        everything(trace)
        assert trace.first_bad == [BadRow(3, f"'{count}' is not a count")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("who,what\n1,2\n", "nor does it name a column"),
        ("1,2,3\n", "more than two columns"),
        ("minute,duration_ms\n1,2\n", "goes with a column count"),
        ("1\n" + "9" * 5000, "longer than 4,096 bytes"),
    ],
)
def test_what_is_no_trace_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AdvisorError, match=message), opened(written(tmp_path, text)) as trace:
        everything(trace)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("\n\n", "empty-file"),
        ("timestamp\n", "no-rows"),
        ("timestamp\nx\n", "no-rows"),
        ("minute,count\n", "no-rows"),
        (bytes(range(256)) * 9, "not-a-trace"),
        (b"\x1f\x8b" + bytes(99), "broken-gzip"),
    ],
)
def test_a_trace_without_rows_is_refused(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(InputError) as refused, opened(written(tmp_path, text)) as trace:
        trace.take(10)
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.help


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file-not-found"):
        opened(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is-a-directory"):
        opened(tmp_path)
    # Nobody writes to this pipe, and opening it must not wait for that.
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not-a-regular-file"):
        opened(tmp_path / "pipe")


def test_rows_may_stand_too_late_up_to_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REORDERED_ROWS", 100)
    order = np.arange(1000)
    shuffled = np.concatenate(
        [np.random.default_rng(1).permutation(c) for c in np.split(order, 20)]
    )
    with opened(written(tmp_path, "\n".join(map(str, shuffled)))) as trace:
        assert everything(trace, 33).arrivals.tolist() == order.tolist()

    late = [*range(10, 1000), 3]
    with (
        pytest.raises(
            AdvisorError, match=r"trace\.csv:991:1: error\[out-of-order\]: this row is earlier"
        ),
        opened(written(tmp_path, "\n".join(map(str, late)))) as trace,
    ):
        everything(trace)


def test_minutes_that_lie_across_the_window_are_still_added_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three functions' counts for each of 500 minutes, with a window of 50 minutes."""
    monkeypatch.setattr(module, "REORDERED_ROWS", 50)
    rows = "".join(f"{minute},{part}\n" for minute in range(500) for part in (1, 2, 3))
    with opened(written(tmp_path, "minute,count\n" + rows)) as trace:
        arrivals = everything(trace, 70).arrivals
    assert np.bincount((arrivals // 60).astype(int)).tolist() == [6] * 500
    assert (np.diff(arrivals) >= 0).all()


def test_a_file_that_was_made_to_grow_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same row over and over packs a thousandfold, which no real trace does."""
    monkeypatch.setattr(lines, "_HARMLESS_BYTES", 1 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"1234567890,1\n" * 200_000))
    with opened(path) as trace, pytest.raises(AdvisorError, match="more than 200 times as large"):
        everything(trace, 1_000_000)


def test_a_line_that_never_ends_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"0" * 50_000_000)
    with pytest.raises(AdvisorError, match="longer than 4,096 bytes"):
        opened(path)


def test_a_gap_over_the_keep_alive_ends_every_environment(tmp_path: Path) -> None:
    # Two at once, a gap of 60 s with a keep-alive of 30, then one alone, warm 10 s later.
    # Environments: 2 from 0 to 31 (1 s of work and 30 s), 1 from 60 to the end at 70.
    path = written(tmp_path, "0,1000\n0,1000\n60,1000\n70,1000\n")
    with opened(path) as trace:
        outcome = simulate(trace, Function(keep_alive_s=30), requests=100)
    assert (outcome.requests, outcome.cold_starts, outcome.peak_environments) == (4, 3, 2)
    assert outcome.simulated_seconds == 70
    assert outcome.mean_environments == pytest.approx((2 * 31 + 10) / 70, rel=1e-6)
    assert outcome.mean_duration_s == 1


def test_progress_counts_requests_where_a_row_stands_for_many(tmp_path: Path) -> None:
    with opened(written(tmp_path, "minute,count\n0,300000\n1,100000\n")) as trace:
        done = []
        while trace.take(100_000) is not None:
            done.append(trace.bytes_done / trace.size)
    assert done[:4] == pytest.approx([0.25, 0.5, 0.75, 1], abs=0.09)
    assert done[-1] == 1
