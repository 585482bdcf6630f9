"""What is said of tasks that follow the load too late, and what would keep up."""

from __future__ import annotations

import msgspec

from advisor.decisions.search import compare
from advisor.workload import Workload


def said(low: float, high: float, target: float = 0.7) -> str | None:
    """Return the warning of a day with one quiet and one busy half, if there is one."""
    tree = {
        "name": "x",
        "region": "us-east-1",
        "traffic": {"average_rps": 200, "hourly_profile": [low] * 12 + [high] * 12},
        "compute": {"request_duration_ms": 500, "target_utilisation": target},
    }
    found = compare(msgspec.convert(tree, Workload), flips="none")
    (compute,) = (each for each in found.decisions if each.decision == "compute")
    (fargate,) = (each for each in compute.options if each.option == "fargate")
    assert fargate.candidate is not None
    warned = [each for each in fargate.candidate.said("warn") if "scaling-lag" in each.rule]
    return warned[0].because if warned else None


def test_the_standard_metrics_are_late_and_the_20_second_ones_keep_up() -> None:
    # From 1 to 9 in an hour: at the start of the rise 1 + 8 x 386 / 3,600 = 1.858 times as much
    # 386 s later, 1 + 8 x 109 / 3,600 = 1.242 times 109 s later. 1 / 0.7 = 1.43; 1 / 1.858 = 0.538.
    text = said(1, 9)
    assert text is not None
    assert "by a factor of 1.86 within the 386 s" in text
    assert "by a factor of 1.24 within the 109 s of 20-second metrics" in text
    assert "leaves 1.43. 20-second metrics keep up" in text
    assert "a target of 53 %" in text


def test_neither_keeps_up_with_a_steeper_rise() -> None:
    # From 1 to 51: 6.36 and 2.51 times; 1 / 6.36 = 0.157, 1 / 2.514 = 0.398.
    text = said(1, 51)
    assert text is not None
    assert "a target of 15 %, of 39 % with 20-second metrics" in text


def test_a_rise_from_nothing_needs_a_schedule() -> None:
    text = said(0, 10)
    assert text is not None
    assert "without bound" in text
    assert "No target leaves room for that" in text


def test_nothing_is_said_where_the_target_leaves_room() -> None:
    # 1.32 times from 1 to 4, and 1.858 from 1 to 9 with room for 2.
    assert said(1, 4) is None
    assert said(1, 9, target=0.5) is None
