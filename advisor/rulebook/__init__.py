"""Rules over options: which limits a workload breaks, read from ``rules/``."""

from advisor.rulebook.rulebook import Rulebook, SwitchedOff
from advisor.rulebook.rules import Rule, Verdict

__all__ = ["Rule", "Rulebook", "SwitchedOff", "Verdict"]
