"""Remedies for cold starts: their bills are those of compare, and the best stands first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from advisor.cost.bill import total
from advisor.explain.case import Case
from advisor.explain.remedies import remedies_for
from advisor.workload import Workload
from tests.decisions.test_cold_start import TREE

if TYPE_CHECKING:
    from advisor.decisions.remedy import Remedies, Remedy

QUIET: dict[str, Any] = {
    "name": "steady-api",
    "region": "us-east-1",
    "traffic": {"monthly_requests": 30_000_000, "peak_rps": 20},
    "compute": {"runtime": "python3.13", "memory_mb": 512, "request_duration_ms": 100},
    "slo": {"latency_p99_ms": 2000},
    "api": {},
}
MISSED = {**TREE, "slo": {"latency_p99_ms": 1500, "latency_percentile": 99.5}}
ASYNC = {**TREE, "compute": {**TREE["compute"], "invocation": "async"}}
ASYNC.pop("api")


def case(tree: dict[str, Any], **compute: Any) -> Case:
    tree = {**tree, "compute": {**tree["compute"], **compute}}
    return Case(msgspec.convert(tree, Workload))


def found(of: Case) -> Remedies:
    remedies = remedies_for(of)
    assert remedies is not None
    return remedies


def remedy(of: Remedies, kind: str, name: str | None = None) -> Remedy:
    (only,) = [e for e in of.remedies if e.kind == kind and name in (None, e.name)]
    return only


def recommended_usd(of: Case) -> Any:
    assert of.answer.best is not None
    return of.answer.best.monthly_usd


def option_usd(of: Case, name: str) -> Any:
    ((_, option),) = of.options(name)
    assert option.candidate is not None
    return option.candidate.monthly_usd


def test_another_architecture_costs_what_compare_says_of_it() -> None:
    either, x86 = case(TREE, arm64_compatible=True), case(TREE, arm64_compatible=False)
    more = remedy(found(either), "architecture", "x86_64").more_usd
    assert more == recommended_usd(x86) - recommended_usd(either)
    assert more > 0


def test_more_memory_costs_what_compare_says_of_it() -> None:
    # 2,048 MB give the one thread its vCPU already: with 3,008 MB nothing is faster.
    smaller, larger = case(TREE), case(TREE, memory_mb=3008)
    more = remedy(found(smaller), "memory", "3008").more_usd
    assert more == recommended_usd(larger) - recommended_usd(smaller)
    # By hand: the GB-seconds of work and of INIT, and nothing else, go with the memory.
    seconds = total(
        item
        for item in found(smaller).now.line_items
        if item.service == "lambda" and item.item in ("Duration", "INIT of cold starts")
    )
    assert float(more) == pytest.approx(float(seconds) * (3008 / 2048 - 1), rel=1e-9)


def test_snapstart_and_provisioned_concurrency_cost_what_compare_says_of_them() -> None:
    of = case(MISSED)
    remedies = found(of)
    plain = remedies.now.monthly_usd
    assert plain == recommended_usd(case(TREE))
    assert remedy(remedies, "snapstart").more_usd == option_usd(of, "snapstart") - plain
    held = [
        each.more_usd
        for each in remedies.remedies
        if each.kind == "provisioned" and each.after is not None and not each.after.missed
    ]
    assert (
        min(amount for amount in held if amount is not None)
        == option_usd(of, "provisioned") - plain
    )


def test_a_share_too_small_for_the_percentile_does_not_matter() -> None:
    remedies = found(case(QUIET))
    assert (remedies.reason, remedies.matter) == ("held", False)
    assert remedies.now.cold_start_share[1] < 0.01
    assert remedies.worth_it is None
    without = found(case({**QUIET, "slo": {}}))
    assert (without.reason, without.matter, without.worth_it) == ("too-few", False, None)
    assert found(case({**QUIET, "slo": {"cold_start_tolerated": True}})).reason == "tolerated"


def test_a_percentile_missed_by_cold_starts_is_mended_in_the_order_of_what_a_dollar_buys() -> None:
    remedies = found(case(MISSED))
    assert (remedies.reason, remedies.matter, remedies.percentile) == ("missed", True, 99.5)
    assert remedies.now.missed
    assert remedies.now.warm_ms is not None
    assert remedies.now.warm_ms < 1500
    first, *others = [each for each in remedies.remedies if each.after is not None]
    # Java's snapshots are free, and a restore is shorter than the INIT that is billed.
    assert (first.kind, first.outcome, remedies.worth_it) == ("snapstart", "saves", first)
    bought = [each.ms_per_usd for each in others if each.ms_per_usd is not None]
    assert bought == sorted(bought, reverse=True)
    assert {each.name for each in others if each.kind == "provisioned"} == {
        "0 to 2 by the hour",
        "2 all day",
        "tracking the average",
        "tracking the maximum",
    }
    assert others[0].name == "0 to 2 by the hour"
    assert others[-1].name == "tracking the average"
    for each in others:
        assert each.gained_ms is not None
        assert each.more_usd is not None
        assert each.ms_per_usd == pytest.approx(each.gained_ms / float(each.more_usd))


def test_where_snapstart_cannot_be_the_cheapest_that_holds_is_worth_it() -> None:
    of = case(MISSED, runtime="nodejs22.x")
    remedies = found(of)
    (verdict,) = remedy(remedies, "snapstart").excluded_by
    assert verdict.rule == "coldstart.snapstart.runtime"
    assert remedies.remedies[-1].outcome == "excluded"
    worth = remedies.worth_it
    assert worth is not None
    assert worth.more_usd == recommended_usd(of) - remedies.now.monthly_usd


def test_where_nobody_waits_only_money_counts() -> None:
    remedies = found(case(ASYNC))
    assert (remedies.reason, remedies.matter) == ("nobody-waits", False)
    assert remedies.now.reached_ms is None
    assert [each.outcome for each in remedies.remedies] == ["saves", *["nothing"] * 5, "excluded"]
    assert remedies.worth_it is None
    assert all(each.removed_per_usd is None for each in remedies.remedies)


def test_an_objective_that_warm_requests_miss_is_held_by_no_remedy() -> None:
    remedies = found(case({**TREE, "slo": {"latency_p99_ms": 100}}))
    assert (remedies.reason, remedies.matter, remedies.worth_it) == ("warm-misses", False, None)


def test_without_an_objective_a_share_that_reaches_the_percentile_matters() -> None:
    rare = {**TREE, "traffic": {"monthly_requests": 2000, "peak_rps": 1}}
    remedies = found(case(rare))
    assert (remedies.reason, remedies.matter) == ("reached", True)
    assert remedies.now.cold_start_share[1] > 0.01
    worth = remedies.worth_it
    assert worth is not None
    assert worth.gained_ms is not None
    assert worth.gained_ms > 0
    # Environments all day are sized for a percentile that is warm.
    assert not remedies.unsized


def test_a_price_or_a_fact_that_is_missing_is_named_and_stands_behind() -> None:
    elsewhere = {**QUIET, "region": "eu-west-1"}
    remedies = found(case(elsewhere))
    restored, memory = remedy(remedies, "snapstart"), remedy(remedies, "memory")
    assert (restored.outcome, restored.more_usd) == ("unpriced", None)
    assert restored.after is not None
    assert {error.component for error in restored.after.missing} == {
        "snapstart-cache",
        "snapstart-restore",
    }
    assert memory.outcome == "unknown"
    assert "compute.cpu_bound_fraction" in memory.needs
    assert [e.outcome for e in remedies.remedies][-2:] != ["buys", "buys"]
