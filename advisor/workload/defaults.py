"""The documented default of each workload field, read from the field itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from advisor.workload import Workload


@cache
def _metadata(path: str) -> tuple[str, Any]:
    section, _, field = path.partition(".")
    owner: Any = Workload
    if field:
        (owner,) = (
            kind
            for kind in _alternatives(Workload.__annotations__[section])
            if hasattr(kind, "__struct_fields__")
        )
    else:
        field = section
    metadata = owner.__annotations__[field].__metadata__
    description = next(item.description for item in metadata if item.description)
    extra = next((item.extra_json_schema for item in metadata if item.extra_json_schema), {})
    return description, extra.get("default")


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    inner = getattr(annotation, "__origin__", annotation)
    return getattr(inner, "__args__", None) or (inner,)


def default(path: str) -> Any:
    """Return the documented default of a field such as ``compute.memory_mb``, or None."""
    return _metadata(path)[1]


def meaning(path: str) -> str:
    """Return the first sentence of a field's description."""
    return _metadata(path)[0].split(". ")[0].rstrip(".")
