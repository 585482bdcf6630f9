"""Rules over options: which limits a workload breaks, read from ``rules/``."""

from advisor.rulebook.rules import Rule, Verdict, judge, rules_of

__all__ = ["Rule", "Verdict", "judge", "rules_of"]
