"""Cost and architecture decisions for AWS serverless workloads.

The public API is loaded when it is used::

    from advisor import Case, compare, load, story

    workload = load("workload.yaml").workload
    answer = compare(workload)
    why = story(Case(workload))

``Request`` and ``judge`` are the gate: ``judge(Request(…))`` returns its outcome.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.decisions.search import compare
    from advisor.explain.case import Case
    from advisor.explain.story import story
    from advisor.gate.gate import Request, judge
    from advisor.workload.loading import load

__version__ = "0.1.0"
__all__ = ["Case", "Request", "__version__", "compare", "judge", "load", "story"]

_PLACES = {
    "Case": "advisor.explain.case",
    "Request": "advisor.gate.gate",
    "compare": "advisor.decisions.search",
    "judge": "advisor.gate.gate",
    "load": "advisor.workload.loading",
    "story": "advisor.explain.story",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])
