"""Any number of the answer: where it stands, and how it came about.

``places`` finds the value that a path leads to; a module for each kind of number explains it.
"""

from advisor.explain.numbers.explaining import number

__all__ = ["number"]
