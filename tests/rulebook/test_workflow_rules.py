"""What runs the steps: which orchestrators an architect would leave on the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from advisor.rulebook.shipped import read_shipped

if TYPE_CHECKING:
    from collections.abc import Callable


def needs(**stated: Any) -> dict[str, Any]:
    return {f"workflow.{name}": value for name, value in stated.items()}


SCENARIOS: list[tuple[str, dict[str, Any], set[str]]] = [
    ("one step behind a queue", needs(states=1), {"none"}),
    (
        "one step that a person approves",
        needs(states=1, human_approval=True),
        {"standard"},
    ),
    (
        "a filter and a delivery that waits for a person",
        {
            **needs(states=2, linear=True, human_approval=True),
            "messaging.pattern": "point_to_point",
        },
        {"standard"},
    ),
    (
        "one step for each of 5,000 files",
        needs(states=1, branches=5000, distributed_map=True, duration_p99_s=1200),
        {"standard"},
    ),
    (
        "an order of six steps that must not run twice",
        needs(states=6, duration_p99_s=45),
        {"standard"},
    ),
    (
        "the same steps made idempotent, many and short",
        needs(states=6, duration_p99_s=45, idempotent=True),
        {"standard", "express"},
    ),
    (
        "a loan that a person approves",
        needs(states=8, human_approval=True, idempotent=True, duration_p99_s=900_000),
        {"standard"},
    ),
    (
        "the same loan, written in Python by the team",
        needs(
            states=8,
            human_approval=True,
            idempotent=True,
            duration_p99_s=900_000,
            code_first=True,
            language="python",
        ),
        {"standard", "lambda-durable"},
    ),
    (
        "the same in Go",
        needs(states=8, callback=True, idempotent=True, code_first=True, language="go"),
        {"standard"},
    ),
    (
        "a page that waits for the result of four calls",
        needs(states=4, sync_response=True, duration_p99_s=2),
        {"express"},
    ),
    (
        "a page that waits, in code",
        needs(states=4, sync_response=True, duration_p99_s=2, code_first=True, language="nodejs"),
        {"express", "lambda-durable"},
    ),
    (
        "a caller that waits twenty minutes",
        needs(
            states=4, sync_response=True, duration_p99_s=1200, code_first=True, language="nodejs"
        ),
        set(),
    ),
    (
        "a nightly chain of Glue jobs",
        needs(states=5, sync_jobs=True, idempotent=True, duration_p99_s=7200),
        {"standard"},
    ),
    (
        "thumbnails, 40 at once",
        needs(states=4, map_concurrency=40, branches=200, idempotent=True, duration_p99_s=60),
        {"standard", "express"},
    ),
    (
        "thumbnails, 500 at once",
        needs(states=4, map_concurrency=500, branches=2000, idempotent=True, duration_p99_s=60),
        {"standard"},
    ),
    (
        "20,000 at once",
        needs(states=4, map_concurrency=20_000, branches=20_000, idempotent=True),
        set(),
    ),
    (
        "a loop of 30,000 events in one execution",
        needs(states=5, history_events_per_execution=30_000, duration_p99_s=9000),
        set(),
    ),
    (
        "filter, enrich, deliver",
        {
            **needs(states=3, linear=True, idempotent=True, duration_p99_s=5),
            "messaging.pattern": "point_to_point",
        },
        {"standard", "express", "eventbridge-pipes"},
    ),
    (
        "three steps in a line, but called by an API",
        needs(states=3, linear=True, idempotent=True, duration_p99_s=5),
        {"standard", "express"},
    ),
    (
        "four steps in a line behind a queue",
        {
            **needs(states=4, linear=True, idempotent=True, duration_p99_s=5),
            "messaging.pattern": "point_to_point",
        },
        {"standard", "express"},
    ),
    (
        "failed executions go on where they stopped",
        needs(states=6, redrive=True, idempotent=True, duration_p99_s=45),
        {"standard"},
    ),
    (
        "a code-first fan-out beyond what a durable function may do",
        needs(
            states=3,
            branches=4000,
            idempotent=True,
            duration_p99_s=3600,
            code_first=True,
            language="java",
        ),
        {"standard"},
    ),
    (
        "written in code, with its work in containers",
        {
            **needs(states=6, code_first=True, language="python", duration_p99_s=3600),
            "option.compute": "fargate",
        },
        {"standard"},
    ),
    (
        "written in code, on a runtime that is too old",
        {
            **needs(states=6, code_first=True, language="python", duration_p99_s=3600),
            "compute.runtime": "python3.12",
        },
        {"standard"},
    ),
]


@pytest.mark.parametrize(
    ("stated", "left"), [each[1:] for each in SCENARIOS], ids=[each[0] for each in SCENARIOS]
)
def test_what_remains(judged: Callable[..., Any], stated: dict[str, Any], left: set[str]) -> None:
    assert judged("workflow", stated).left() == left


@pytest.mark.parametrize(
    ("stated", "option", "effect", "rule"),
    [
        (needs(payload_kb=300), "standard", "require", "wf.payload"),
        (needs(map_concurrency=41), "standard", "require", "wf.map.standard"),
        (
            needs(history_events_per_execution=30_000, branches=5000),
            "standard",
            "require",
            "wf.standard.children",
        ),
        (needs(audit_history_days=30), "express", "warn", "wf.express.history"),
        (needs(audit_history_days=365), "standard", "warn", "wf.standard.retention"),
        (needs(non_developer_readers=True), "standard", "prefer", "wf.durable.audience"),
        (needs(sync_response=True, duration_p99_s=29), "express", "prefer", "wf.sync-express"),
        (needs(sync_response=True), "express", "require", "wf.express.at-most-once"),
        (
            needs(code_first=True, language="python"),
            "lambda-durable",
            "prefer",
            "wf.durable.code-first",
        ),
    ],
)
def test_what_is_said_of_an_option(
    judged: Callable[..., Any], stated: dict[str, Any], option: str, effect: str, rule: str
) -> None:
    assert rule in judged("workflow", stated).fired(option, effect)


@pytest.mark.parametrize(("region", "warned"), [("eu-west-1", False), ("eu-central-1", True)])
def test_the_same_rate_is_too_high_for_some_regions(
    judged: Callable[..., Any], region: str, *, warned: bool
) -> None:
    stated = {**needs(starts_per_second=151, transitions_per_execution=6), "region": region}
    said = judged("workflow", stated).fired("standard", "warn")
    assert ({"wf.standard.start-rate", "wf.standard.transitions"} <= said) is warned


def test_without_the_number_of_states_nothing_is_decided(judged: Callable[..., Any]) -> None:
    found = judged("workflow", needs(duration_p99_s=45, idempotent=True))
    assert found.left() == {"none", "standard", "express"}
    for option, rule in (("none", "wf.none.steps"), ("standard", "wf.none")):
        verdict = found.verdict(option, rule)
        assert (verdict.result, verdict.needs) == ("unknown", ("workflow.states",))


def test_no_rule_asks_for_a_companion() -> None:
    """Companions are priced beside messages, which a workflow need not have."""
    assert not [rule.id for rule in read_shipped("workflow") if rule.companion]


def test_a_reason_has_the_numbers_in_it(judged: Callable[..., Any]) -> None:
    verdict = judged("workflow", needs(duration_p99_s=1200)).verdict(
        "express", "wf.express.duration"
    )
    assert verdict.because == (
        "The 99th percentile of an execution is 1,200 s; an Express workflow ends at 300 s."
    )
