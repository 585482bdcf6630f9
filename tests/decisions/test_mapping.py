"""How a Lambda mapping reads the queue: what the answer shows of it, and what it warns of."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from advisor.decisions.assumptions import Assumptions
from advisor.decisions.context import RuleContext
from advisor.decisions.search import compare
from advisor.decisions.situation import resolve
from advisor.workload import Workload


def workload(duration_ms: float, *, bears: float | None = None, **messaging: Any) -> Workload:
    tree: dict[str, Any] = {
        "name": "x",
        "region": "us-east-1",
        "traffic": {"average_rps": 100, "peak_rps": 900, "pattern": "spiky"},
        "compute": {"invocation": "esm", "request_duration_ms": duration_ms},
        "messaging": messaging,
    }
    if bears is not None:
        tree["constraints"] = {"downstream_max_concurrency": bears}
    return msgspec.convert(tree, Workload)


def answer_of(asked: Workload) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the mapping of the recommended queue, and what is warned of it by code."""
    found = compare(asked, flips="none")
    assert found.best is not None
    mapping: dict[str, Any] = found.best.sizing["messaging"]["mapping"]
    warned = {each.code: each.message for each in found.warnings}
    return mapping, {code: text for code, text in warned.items() if code.startswith("msg.mapping")}


def test_what_downstream_bears_bounds_the_mapping() -> None:
    # 900/s of 2 s are 1,800 at once; 250 at once with 10 messages in 20 s each work off 125/s.
    # From 100/s x 2 s = 200 at once to 250 are 10 s. The backlog: 5 at once are 2.5/s and grow by
    # 2.5/s each second; in 49 s 250 are reached and (2.5 - 100) 49 + 1.25 x 49^2 = -1,776.25 done;
    # (100,000 + 1,776.25) / (125 - 100) = 4,071.05 s more.
    mapping, warned = answer_of(workload(2000, bears=250, backlog_burst=100_000))
    assert mapping == {
        "batch_size": 10,
        "window_s": 0.0,
        "batch_at_peak": 10.0,
        "concurrency_at_peak": 250.0,
        "maximum_concurrency": 250.0,
        "ramp_late_s": 10.0,
        "added_latency_s": None,
        "backlog": 100_000.0,
        "drain_s": 4120.05,
        "idle_receives": 0.0,
    }
    assert list(warned) == ["msg.mapping.maximum"]
    assert "900 messages/s need 1,800 batches" in warned["msg.mapping.maximum"]
    assert "250 batches at once work off 125 messages/s" in warned["msg.mapping.maximum"]


def test_a_ramp_behind_a_sudden_rise_is_told_with_its_time() -> None:
    # 50 at once before, 450 at the peak: 400 more at 5 a second.
    mapping, warned = answer_of(workload(500))
    assert (mapping["concurrency_at_peak"], mapping["ramp_late_s"]) == (450, 80)
    # At most 1,250, with 10 messages in 5 s each: 900/s come down, in full batches or less.
    assert (mapping["maximum_concurrency"], mapping["drain_s"]) == (1250, 0)
    assert "80 s behind the rise to 450" in warned["msg.mapping.ramp"]
    # Who may wait for two minutes is told nothing.
    assert answer_of(workload(500, latency_ms=120_000))[1] == {}


def test_a_backlog_that_only_grows() -> None:
    # 10 at once of 200 ms are 50/s; 100/s come.
    mapping, warned = answer_of(workload(200, bears=10, backlog_burst=1000))
    assert mapping["drain_s"] is None
    assert "1,000 messages is never worked off" in warned["msg.mapping.drain"]


def test_larger_batches_need_a_window() -> None:
    # A window of 1 s is the least above ten messages: 1 + 900/s x 1 s / 5 pollers = 181.
    mapping, _ = answer_of(workload(50, batch_size=1000))
    assert (mapping["window_s"], mapping["batch_at_peak"]) == (1, 181)
    # 181 messages of 50 ms, after a second of gathering.
    assert mapping["added_latency_s"] == pytest.approx(1 + 181 * 0.05)


@pytest.mark.parametrize(
    ("messaging", "expected"),
    [
        ({}, 1800),  # the function's own duration
        ({"processing_time_s": 1}, 900),
        ({"processing_time_s": 1, "throughput_mps": 50}, 50),
    ],
)
def test_rules_see_the_concurrency_of_the_same_model(
    messaging: dict[str, Any], expected: float
) -> None:
    situation = resolve(workload(2000, bears=250, **messaging), Assumptions())
    assert RuleContext(situation, {}).value("derived.drain_concurrency") == expected


def test_a_queue_that_no_mapping_reads_has_none() -> None:
    asked = msgspec.structs.replace(workload(500), compute=None)
    found = compare(asked, flips="none")
    assert found.best is not None
    assert "mapping" not in found.best.sizing["messaging"]
