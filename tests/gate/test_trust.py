"""A change cannot raise its own budget unseen: policy, waivers, tags; and what waivers come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gate.conftest import shop

if TYPE_CHECKING:
    from tests.gate.conftest import Repo

FILE = "workloads/shop.yaml"
GROWN = 15_000_000  # 10.09 USD more
WAIVER = """\
waivers:
  - check: cost-increase
    up_to_usd: {up_to}
    because: "launch"
    decided_by: maria@example.com
    until: {until}
"""


def waiver(up_to: float = 20, until: str = "2026-12-31") -> str:
    return WAIVER.format(up_to=up_to, until=until)


def test_a_waiver_in_the_workload_covers_its_finding(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=GROWN, more=waiver())})
    done = repo.gate()
    assert done.code == 0
    (covered,) = done.found("cost-increase")
    assert covered["state"] == "waived"
    assert covered["waiver"]["because"] == "launch"
    assert covered["waiver"]["place"] == {"file": FILE, "line": 13, "column": 5}
    # It came with the change itself, so that is told.
    (told,) = done.found("policy-changed")
    assert "which lets more pass" in told["message"]
    assert done.outcome["as_of"] == "2026-11-27"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (waiver(until="2026-11-26"), "waiver-expired", "expired on 2026-11-26"),
        (waiver(up_to=10), "waiver-too-small", "reaches 10.00 USD, 10.09 USD are needed"),
    ],
)
def test_a_waiver_that_is_not_enough_fails(repo: Repo, text: str, code: str, words: str) -> None:
    repo.commit({FILE: shop(requests=GROWN, more=text)})
    done = repo.gate()
    assert done.code == 1
    (failed,) = done.found(code)
    assert failed["severity"] == "fail"
    assert words in failed["message"]
    assert done.found("cost-increase")[0]["state"] == "new"


def test_a_waiver_holds_on_its_last_day(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=GROWN, more=waiver(until="2026-11-27"))})
    assert repo.gate().code == 0
    assert repo.gate("--as-of", "2026-11-28").code == 1


def test_an_unused_waiver_is_a_warning(repo: Repo) -> None:
    repo.commit({FILE: shop(more=waiver())})
    repo.git("branch", "-f", "main")
    done = repo.gate()
    assert done.code == 0
    assert [(f["code"], f["severity"]) for f in done.found()] == [("waiver-unused", "warn")]
    assert done.found()[0]["message"] == "this waiver of cost-increase covers nothing"
    assert "expired" not in str(repo.gate("--as-of", "2026-12-31").found())
    assert "and expired on 2026-12-31" in str(repo.gate("--as-of", "2027-01-01").found())


def test_an_exception_ends_with_its_waiver(repo: Repo) -> None:
    """What the base has too would not fail again, but its waiver said until when it is allowed."""
    repo.commit(
        {
            "advisor.yaml": (
                "budgets: [{name: b, monthly_usd: 40}]\nwaivers:\n"
                "  - {check: budget, budget: b, up_to_usd: 5, because: x, decided_by: y,"
                " until: 2026-11-30}\n"
            )
        }
    )
    repo.git("branch", "-f", "main")
    assert repo.gate().found()[0]["state"] == "waived"
    late = repo.gate("--as-of", "2026-12-01")
    assert late.code == 1
    assert {f["code"]: f["state"] for f in late.found()} == {
        "waiver-expired": "new",
        "budget": "existing",
    }


def test_with_the_policy_of_the_base_a_new_waiver_does_not_count_yet(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=GROWN, more=waiver())})
    done = repo.gate("--policy-from", "base")
    assert done.code == 1
    assert [w["standing"] for w in done.outcome["waivers"]] == ["pending"]
    # Merged first, it does.
    repo.commit({FILE: shop(more=waiver())})
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop(requests=GROWN, more=waiver())})
    assert repo.gate("--policy-from", "base").code == 0
    # And raising it is again a matter for the base.
    repo.commit({FILE: shop(requests=18_000_000, more=waiver(up_to=30))})
    raised = repo.gate("--policy-from", "base")
    assert raised.code == 1
    assert raised.found("waiver-too-small")


def test_a_policy_that_is_loosened_is_told_and_judged_by_the_base(repo: Repo) -> None:
    strict = "cost_increase:\n  workload: {monthly_usd: 5}\n"
    repo.commit({"advisor.yaml": strict})
    repo.git("branch", "-f", "main")
    repo.commit({"advisor.yaml": strict.replace("5", "5000"), FILE: shop(requests=GROWN)})
    by_head = repo.gate()
    assert by_head.code == 0
    (change,) = by_head.outcome["policy_changes"]
    assert change == {
        "kind": "policy",
        "field": "cost_increase.workload.monthly_usd",
        "before": "5",
        "after": "5000",
        "loosens": True,
        "place": {"file": "advisor.yaml", "line": 2, "column": 27},
    }
    assert by_head.found("policy-changed")[0]["severity"] == "warn"
    by_base = repo.gate("--policy-from", "base")
    assert by_base.code == 1
    assert by_base.outcome["policy_changes"] == [change]
    # The command line belongs to whoever set up the CI.
    assert repo.gate("--policy-from", "base", "--max-increase", "50").code == 0


@pytest.mark.parametrize(
    "edit",
    [
        {"advisor.yaml": None},
        {"advisor.yaml": "version: 1\n"},
        {"advisor.yaml": "budgets: [{name: b, monthly_usd: 1000}]\n"},
        {"advisor.yaml": "budgets: [{name: b, workload: other, monthly_usd: 10}]\n"},
        {"advisor.yaml": "severity: {budget: info}\nbudgets: [{name: b, monthly_usd: 10}]\n"},
    ],
)
def test_no_way_round_a_budget_of_the_base(repo: Repo, edit: dict[str, str | None]) -> None:
    repo.commit({"advisor.yaml": "budgets: [{name: b, monthly_usd: 45}]\n"})
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop(requests=GROWN, more=waiver()), **edit})
    done = repo.gate("--policy-from", "base")
    assert done.code == 1
    assert "budget" in done.codes
    assert any("lets more pass" in f["message"] for f in done.found("policy-changed"))


def test_taking_a_tag_off_does_not_leave_the_budget(repo: Repo) -> None:
    tags = "tags: {team: shop}\n"
    policy = "cost_increase: {}\nbudgets: [{name: b, tags: {team: shop}, monthly_usd: 45}]\n"
    repo.commit({"advisor.yaml": policy, FILE: shop(more=tags)})
    repo.git("branch", "-f", "main")
    repo.commit({FILE: shop(requests=GROWN)})
    assert repo.gate("--policy-from", "base").code == 1
    by_head = repo.gate()
    assert by_head.code == 0
    assert "budget b changes from covers shop to covers it no more" in str(by_head.found())


def test_a_stricter_policy_is_no_warning(repo: Repo) -> None:
    repo.commit({"advisor.yaml": "budgets: [{name: b, monthly_usd: 50}]\n"})
    done = repo.gate()
    assert done.code == 0
    assert {f["severity"] for f in done.found("policy-changed")} == {"info"}


def test_a_base_whose_policy_cannot_be_read(repo: Repo) -> None:
    repo.commit({"advisor.yaml": "budgts: []\n"})
    repo.git("branch", "-f", "main")
    repo.commit({"advisor.yaml": "version: 1\n"})
    done = repo.gate()
    assert done.code == 0
    assert "not readable" in done.found("policy-changed")[0]["message"]
    by_base = repo.gate("--policy-from", "base")
    assert by_base.code == 2
    assert "advisor.yaml in " in by_base.err


def test_every_error_of_a_policy(repo: Repo) -> None:
    repo.commit(
        {
            "advisor.yaml": (
                "cost_increase: {workload: {monthly_usd: -1}}\nseverity: {budgett: warn}\n"
                "budgets: [{name: x}]\n"
            )
        }
    )
    done = repo.gate()
    assert done.code == 2
    for place in ("1:41: error[too-small]", "2:12: error[unknown-key]", "3:11: error[missing-key]"):
        assert f"advisor.yaml:{place}" in done.err


def test_contradictions_of_a_policy(repo: Repo) -> None:
    repo.commit(
        {
            "advisor.yaml": """\
prices_as_of: 2026-02-30
cost_increase: {workload: {when: both}}
budgets:
  - {name: a, monthly_usd: 1, workload: x, tags: {a: b}}
  - {name: a, monthly_usd: 1}
waivers:
  - {check: budget, budget: c, up_to_usd: 1, because: x, decided_by: y, until: 2026-12-31}
  - {check: slo-missed, up_to_usd: 1, because: x, decided_by: y, until: 2026-13-01}
  - {check: budget, budget: a, because: x, decided_by: y, until: 2026-12-31}
  - {check: cost-increase, rule: r, budget: a, up_to_usd: 1, because: x, decided_by: y,
     until: 2026-12-31}
"""
        }
    )
    done = repo.gate()
    assert done.code == 2
    for code in (
        "1:15: error[no-such-day]",
        "2:17: error[threshold-empty]",
        "4:44: error[budget-of-two-kinds]",
        "5:12: error[name-given-twice]",
        "7:29: error[unknown-budget]",
        "8:5: error[waiver-without-workload]",
        "8:25: error[waiver-with-amount]",
        "8:73: error[no-such-day]",
        "9:5: error[waiver-without-amount]",
        "10:28: error[waiver-with-rule]",
        "10:37: error[waiver-with-budget]",
    ):
        assert code in done.err


def test_a_workload_waives_its_own_budget(repo: Repo) -> None:
    more = waiver().replace("cost-increase", "budget")
    policy = "budgets: [{name: b, workload: shop, monthly_usd: 40}]\n"
    repo.commit({"advisor.yaml": policy, FILE: shop(more=more)})
    done = repo.gate()
    assert done.code == 0
    assert done.found("budget")[0]["state"] == "waived"
