"""Rules of the user's in a search: what is asked once, and what of every option."""

from __future__ import annotations

import msgspec

from advisor.decisions.search import compare
from advisor.document.tree import parse
from advisor.rulebook import Rulebook
from advisor.rulebook.files import read_rules
from advisor.workload import Workload

NAMED = b"""
rules:
  - id: org.named
    decision: compute
    options: [any]
    effect: warn
    condition: compute.memory_mb > 100
    reason: "{option.compute} has {compute.memory_mb} MB."
    advice: "Take less."
    source: https://example.com/
    checked: 2026-11-01
    confidence: A
    examples:
      fires: {compute.memory_mb: 512, option.compute: lambda}
      silent: {compute.memory_mb: 50}
      unknown: {}
"""


def test_a_reason_names_the_option_that_it_is_about() -> None:
    """The condition is the same for every option, and its reason is not."""
    own, _ = read_rules(parse(NAMED, "rules.yaml"), origin="rules.yaml")
    tree = {
        "name": "x",
        "region": "us-east-1",
        "traffic": {"average_rps": 20},
        "compute": {"request_duration_ms": 100, "memory_mb": 512},
    }
    found = compare(msgspec.convert(tree, Workload), flips="none", rules=Rulebook(own))
    said = {
        option.option: verdict.because
        for option in found.decisions[0].options
        for verdict in option.verdicts
        if verdict.rule == "org.named"
    }
    assert len(said) > 3
    assert said == {option: f"{option} has 512 MB." for option in said}
