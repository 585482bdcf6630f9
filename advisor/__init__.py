"""Cost and architecture decisions for AWS serverless workloads.

The public API is loaded when it is used::

    from advisor import compare, load

    answer = compare(load("workload.yaml").workload)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.decisions.search import compare
    from advisor.workload.loading import load

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "load"]

_PLACES = {"compare": "advisor.decisions.search", "load": "advisor.workload.loading"}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])
