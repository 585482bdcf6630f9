"""Rules of an organisation in the gate: they judge both sides, and nobody changes them unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gate.conftest import shop

if TYPE_CHECKING:
    from tests.gate.conftest import Repo

FILE = "workloads/shop.yaml"
RULES = ".advisor/rules/memory.yaml"
MEMORY = """\
rules:
  - id: org.memory
    decision: compute
    options: [lambda]
    effect: exclude
    condition: compute.memory_mb > {limit}
    reason: "{{compute.memory_mb}} MB are above our {limit} MB."
    advice: "Take less, or ask the platform team."
    source: "https://wiki.example.com/memory"
    checked: "2026-11-24"
    confidence: A
    examples:
      fires: {{compute.memory_mb: {above}}}
      silent: {{compute.memory_mb: {limit}}}
      unknown: {{compute.memory_mb: null}}
"""
LAMBDA = "current:\n  compute: lambda\n  api: http-api\n"


def memory(limit: int) -> str:
    return MEMORY.format(limit=limit, above=limit + 1)


@pytest.fixture
def ruled(repo: Repo) -> Repo:
    """Return a repository whose base has a rule and a design that keeps it."""
    repo.git("checkout", "-q", "main")
    repo.commit({RULES: memory(1000), FILE: shop(more=LAMBDA)})
    repo.git("checkout", "-q", "-B", "change")
    return repo


def test_a_design_that_breaks_an_organisations_rule_fails(ruled: Repo) -> None:
    ruled.commit({FILE: shop(memory=1024, more=LAMBDA)})
    done = ruled.gate("--max-increase", "1000", "--max-total-increase", "1000")
    assert done.code == 1
    found = [each["message"] for each in done.found("infeasible", "rule-violated")]
    assert any("1,024 MB are above our 1000 MB" in message for message in found)


def test_a_rule_that_was_broken_before_does_not_fail_again(ruled: Repo) -> None:
    ruled.git("checkout", "-q", "main")
    ruled.commit({FILE: shop(memory=1024, more=LAMBDA)})
    ruled.git("checkout", "-q", "-B", "change")
    ruled.commit({FILE: shop(memory=1024, requests=11_000_000, more=LAMBDA)})
    assert ruled.gate().code == 0


def test_a_change_of_a_rule_is_told_with_its_file(ruled: Repo) -> None:
    ruled.commit({RULES: memory(2000), FILE: shop(memory=1024, more=LAMBDA)})
    done = ruled.gate("--max-increase", "1000", "--max-total-increase", "1000")
    assert done.code == 0
    (told,) = done.found("policy-changed")
    assert RULES in told["message"]
    assert told["severity"] == "warn"


def test_the_rules_of_the_base_judge_with_its_policy(ruled: Repo) -> None:
    limits = ("--max-increase", "1000", "--max-total-increase", "1000")
    ruled.commit({RULES: memory(2000), FILE: shop(memory=1024, more=LAMBDA)})
    assert ruled.gate("--policy-from", "base", *limits).code == 1
    ruled.commit({RULES: None})
    done = ruled.gate("--policy-from", "base", *limits)
    assert done.code == 1
    assert any("is gone" in each["message"] for each in done.found("policy-changed"))


def test_rules_of_the_base_that_cannot_be_read_stop_a_run_with_one_message(ruled: Repo) -> None:
    ruled.git("checkout", "-q", "main")
    ruled.commit({RULES: "rules: [{id: x}]\n"})
    ruled.git("checkout", "-q", "-B", "change")
    ruled.commit({RULES: memory(1000)})
    done = ruled.gate()
    assert done.code == 2
    assert "bad-rules" in done.err
