"""Each kind of regression, its code and exit code; improvements; what the base had already."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.gate.conftest import shop

if TYPE_CHECKING:
    from tests.gate.conftest import Repo

FILE = "workloads/shop.yaml"
FARGATE = "current: {compute: fargate, api: alb}\n"


def test_nothing_changed(repo: Repo) -> None:
    done = repo.gate()
    assert done.code == 0
    assert done.codes == []
    assert done.outcome["verdict"] == "pass"
    assert done.workload()["status"] == "unchanged"


def test_more_usage_is_a_cost_increase(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=15_000_000)})
    done = repo.gate()
    assert done.code == 1
    (finding,) = done.found()
    assert finding["code"] == "cost-increase"
    assert finding["place"] == {"file": FILE, "line": 5, "column": 21}
    changed = done.workload()
    # Every line but INIT of cold starts is proportional to requests: 3/12 more of each.
    moved = Decimal(0)
    for line in changed["line_items"]:
        proportional = line["item"] != "INIT of cold starts"
        moved += Decimal(line["before_usd"]) / 4 if proportional else Decimal(line["delta_usd"])
    assert abs(Decimal(changed["split"]["usage_usd"]) - moved) < Decimal("1e-11")
    assert changed["split"]["price_usd"] == changed["split"]["design_usd"] == "0"
    assert finding["amount"] == changed["delta_usd"] == changed["split"]["usage_usd"]
    assert changed["fields"] == [
        {"field": "traffic.monthly_requests", "before": "12000000", "after": "15000000"}
    ]


def test_another_memory_size_is_design(repo: Repo) -> None:
    repo.commit({FILE: shop(memory=1024)})
    done = repo.gate()
    assert done.code == 1
    changed = done.workload()
    assert changed["split"]["usage_usd"] == "0"
    assert changed["split"]["design_usd"] == changed["delta_usd"]


def test_usage_and_design_are_told_apart(repo: Repo) -> None:
    """The bill in between is that of the new usage with the old memory: priced on its own here."""
    repo.commit({FILE: shop(requests=15_000_000)})
    usage_only = repo.gate().workload()
    repo.commit({FILE: shop(requests=15_000_000, memory=1024)})
    changed = repo.gate().workload()
    split = {name: Decimal(changed["split"][name]) for name in ("usage_usd", "design_usd")}
    assert split["usage_usd"] == Decimal(usage_only["delta_usd"])
    assert sum(split.values()) == Decimal(changed["delta_usd"])
    assert changed["split"]["note"] is None


def test_less_cost_passes(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=10_000_000)})
    done = repo.gate()
    assert (done.code, done.codes) == (0, [])
    assert done.outcome["totals"]["delta_usd"].startswith("-")


@pytest.mark.parametrize(
    ("thresholds", "code"),
    [
        ("{monthly_usd: 11}", 0),
        ("{monthly_usd: 10}", 1),
        ("{percent: 26}", 0),
        ("{percent: 24}", 1),
        ("{monthly_usd: 11, percent: 24}", 1),
        ("{monthly_usd: 11, percent: 24, when: both}", 0),
        ("{monthly_usd: 10, percent: 24, when: both}", 1),
    ],
)
def test_thresholds_of_a_workload(repo: Repo, thresholds: str, code: int) -> None:
    """40.37 USD become 50.46: 10.09 USD or 25 percent more."""
    repo.commit({"advisor.yaml": f"cost_increase: {{workload: {thresholds}}}\n"})
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop(requests=15_000_000)})
    assert repo.gate().code == code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--max-increase", "11"), 0),
        (("--max-increase", "10"), 1),
        (("--max-increase", "26%"), 0),
        (("--max-increase", "11", "--max-increase", "24%"), 1),
        (("--max-increase", "11", "--max-total-increase", "5%"), 1),
        (("--max-increase", "11", "--max-total-increase", "26%"), 0),
        (("--max-increase", "11", "--budget", "50"), 1),
        (("--max-increase", "11", "--budget", "shop=54"), 0),
        (("--severity", "cost-increase=warn"), 0),
    ],
)
def test_thresholds_of_the_command_line(repo: Repo, options: tuple[str, ...], code: int) -> None:
    repo.commit({FILE: shop(requests=15_000_000), "advisor.yaml": "version: 1\n"})
    done = repo.gate(*options)
    assert done.code == code
    assert all(f["place"] is None for f in done.found("budget"))


def test_the_sum_has_a_threshold_of_its_own(repo: Repo) -> None:
    repo.commit({"advisor.yaml": "cost_increase: {total: {monthly_usd: 12}}\n"})
    repo.git("branch", "-f", "main")
    grown = shop(requests=14_000_000)
    repo.commit({FILE: grown, "workloads/b.yaml": shop("b", requests=2_000_000)})
    done = repo.gate()
    assert done.code == 1
    (finding,) = done.found()
    assert (finding["code"], finding["workload"]) == ("cost-increase", None)
    assert finding["place"] == {"file": "advisor.yaml", "line": 1, "column": 24}


def test_a_new_workload_counts_with_its_whole_cost(repo: Repo) -> None:
    repo.commit({"workloads/b.yaml": shop("b", requests=1_000_000)})
    done = repo.gate("--max-increase", "3")
    assert done.code == 1
    assert "this new workload costs 3.37 USD" in done.found()[0]["message"]
    assert done.workload("b")["status"] == "new"
    assert repo.gate("--max-increase", "4").code == 0
    # There is no percentage of nothing.
    assert repo.gate("--max-increase", "1%").code == 0


def test_a_deleted_workload_is_a_saving(repo: Repo) -> None:
    repo.commit({FILE: None})
    done = repo.gate()
    assert done.code == 0
    gone = done.workload()
    assert (gone["status"], gone["after_usd"]) == ("deleted", "0")
    assert gone["split"]["design_usd"] == gone["delta_usd"] == f"-{gone['before_usd']}"


def test_a_budget_of_a_group(repo: Repo) -> None:
    tags = "tags: {team: shop}\n"
    repo.commit(
        {
            "advisor.yaml": (
                "cost_increase: {}\nbudgets:\n"
                "  - {name: team, tags: {team: shop}, monthly_usd: 50}\n"
            ),
            FILE: shop(more=tags),
            "workloads/other.yaml": shop("other"),
        }
    )
    repo.git("branch", "-f", "main")
    repo.commit({"workloads/b.yaml": shop("b", requests=2_000_000, more=tags)})
    assert repo.gate().code == 0  # 40.37 + 6.73
    repo.commit({"workloads/b.yaml": shop("b", requests=4_000_000, more=tags)})
    done = repo.gate()
    assert done.code == 1
    (finding,) = done.found()
    assert (finding["code"], finding["budget"]) == ("budget", "team")
    assert done.outcome["groups"][0]["files"] == ["workloads/b.yaml", FILE]
    # The ratchet: once merged it does not fail again, unless it grows.
    repo.git("branch", "-f", "main")
    again = repo.gate()
    assert (again.code, again.found()[0]["state"]) == (0, "existing")
    assert again.outcome["counts"]["existing"] == 1
    repo.commit({FILE: shop(requests=12_100_000, more=tags)})
    assert repo.gate().code == 1


def test_a_budget_that_covers_nothing_is_told(repo: Repo) -> None:
    repo.commit({"advisor.yaml": "budgets: [{name: a, workload: sohp, monthly_usd: 1}]\n"})
    done = repo.gate()
    assert done.code == 0
    assert "covers none" in done.found("budget")[0]["message"]


def test_the_cost_of_a_million_requests(repo: Repo) -> None:
    repo.commit(
        {
            "advisor.yaml": (
                "cost_increase: {}\nunit_cost_increase: {workload: {usd_per_million: 0.2}}\n"
            )
        }
    )
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop(requests=24_000_000)})
    assert repo.gate().code == 0
    repo.commit({FILE: shop(duration=180)})
    done = repo.gate()
    # 60 ms more at 0.5 GB and 0.0000166667 USD: 0.50 USD a million.
    (finding,) = done.found()
    assert finding["code"] == "unit-cost-increase"
    assert abs(Decimal(finding["amount"]) - Decimal("0.5")) < Decimal("0.001")
    assert done.code == 1


def test_a_declared_design_that_is_not_recommended(repo: Repo) -> None:
    repo.commit({"advisor.yaml": "cost_increase: {}\n", FILE: shop(more=FARGATE)})
    done = repo.gate()
    assert done.code == 1
    (finding,) = done.found("not-recommended")
    assert finding["place"] == {"file": FILE, "line": 12, "column": 10}
    margin = Decimal(done.workload()["after"]["margin_usd"])
    assert Decimal(finding["amount"]) == margin > 0
    assert repo.gate("--max-margin", "1000").code == 0
    repo.git("branch", "-f", "main")
    again = repo.gate()
    assert (again.code, again.found()[0]["state"]) == (0, "existing")


def test_traffic_can_make_a_declared_design_wrong(repo: Repo) -> None:
    declared = "current: {compute: lambda, api: http-api}\n"
    busy = shop(more=declared).replace("peak_rps: 60", "peak_rps: 500")
    repo.commit({"advisor.yaml": "cost_increase: {}\n", FILE: shop(more=declared)})
    repo.git("branch", "-f", "main")
    assert repo.gate().code == 0
    repo.commit({FILE: busy.replace("12000000", "1200000000")})
    done = repo.gate()
    assert done.code == 1
    assert done.found("not-recommended")[0]["state"] == "new"
    assert done.found("recommendation-changed")[0]["severity"] == "info"


def test_an_objective_that_the_declared_design_misses(repo: Repo) -> None:
    declared = (
        "  auth: [none]\nslo: {{latency_p99_ms: {}}}\ncurrent: {{compute: fargate, api: alb}}\n"
    )
    repo.commit(
        {
            "advisor.yaml": "cost_increase: {}\nnot_recommended: {percent: 1000}\n",
            FILE: shop(more=declared.format(300)),
        }
    )
    repo.git("branch", "-f", "main")
    assert repo.gate().code == 0
    repo.commit({FILE: shop(more=declared.format(20))})
    done = repo.gate()
    assert done.code == 1
    assert set(done.codes) == {"slo-missed", "infeasible"}
    assert done.found("slo-missed")[0]["rule"].startswith("slo.")
    repo.git("branch", "-f", "main")
    again = repo.gate()
    assert (again.code, again.outcome["counts"]["existing"]) == (0, 2)


def test_a_rule_that_is_newly_violated(repo: Repo) -> None:
    declared = "current: {compute: lambda, api: http-api}\n"
    repo.commit({"advisor.yaml": "cost_increase: {}\n", FILE: shop(more=declared)})
    repo.git("branch", "-f", "main")
    limited = "  usage_plans: true\n" + declared
    repo.commit({FILE: shop(more=limited)})
    done = repo.gate()
    assert done.code == 1
    assert [f["rule"] for f in done.found("rule-violated")] == ["api.usage-plans"]
    assert repo.gate("--severity", "rule-violated=warn").code == 0


def test_a_missing_price_is_never_a_pass(repo: Repo) -> None:
    repo.commit({FILE: shop().replace("us-east-1", "eu-central-1")})
    done = repo.gate()
    assert done.code == 4
    assert done.outcome["verdict"] == "unknown"
    assert {f["code"] for f in done.found() if f["severity"] == "fail"} == {"data-missing"}
    assert done.outcome["totals"]["left_out"] == [FILE]
    assert done.found("data-missing")[0]["place"] == {"file": FILE, "line": 3, "column": 9}
    # It is not let pass because the base had it too.
    repo.git("branch", "-f", "main")
    assert repo.gate().code == 4


def test_unreadable_base(repo: Repo) -> None:
    repo.commit({FILE: shop().replace("memory_mb", "memroy_mb")})
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop()})
    done = repo.gate()
    assert done.code == 4
    (finding,) = done.found()
    assert finding["code"] == "base-unreadable"
    assert "`memroy_mb` is not a key of `compute` (line 8) [unknown-key]" in finding["message"]
    waiver = (
        "waivers:\n  - {check: base-unreadable, because: mended here, decided_by: me,"
        " until: 2026-12-31}\n"
    )
    repo.commit({FILE: shop(more=waiver)})
    assert repo.gate().code == 0


def test_every_error_of_every_file_now(repo: Repo) -> None:
    repo.commit(
        {FILE: shop().replace("memory_mb", "memroy_mb"), "workloads/b.yaml": "name: [", "c": ""}
    )
    done = repo.gate()
    assert done.code == 2
    assert f"{FILE}:8:3: error[unknown-key]" in done.err
    assert "workloads/b.yaml:" in done.err
    assert done.out == ""


def test_the_policy_is_no_workload(repo: Repo) -> None:
    repo.commit({"workload.yaml": shop(), "advisor.yaml": "version: 1\n"})
    repo.git("branch", "-f", "main")
    done = repo.gate(files="*.yaml")
    assert [w["file"] for w in done.outcome["workloads"]] == ["workload.yaml"]


def test_a_base_that_was_not_priced_completely(repo: Repo) -> None:
    """What the old bill left out would make any new one look dear, or a cut look like none."""
    repo.commit(
        {FILE: shop(more="preferences: {multi_region: true}\n").replace("12000000", "24000000")}
    )
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop()})
    done = repo.gate()
    assert done.code == 4
    assert done.codes == ["base-unreadable"]
    assert "one Region is priced" in done.found()[0]["message"]


def test_absurd_figures_do_not_crash(repo: Repo) -> None:
    absurd = shop(requests=10**15, duration=10**5).replace("  peak_rps: 60\n", "")
    repo.commit({FILE: absurd})
    done = repo.gate()
    assert done.code in (1, 4)
    assert done.workload()["after"] is not None


def test_a_month_without_requests(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=0)})
    done = repo.gate("--max-unit-increase", "1%")
    assert done.code == 0
    assert done.workload()["after"]["usd_per_million"] is None
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop()})
    # Of nothing, everything is more than any part.
    assert repo.gate("--max-increase", "1000%").code == 1
