"""What each workload field documents about itself: its meaning, default and example."""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import Struct

from advisor.workload import Workload


class Documentation(Struct, frozen=True, kw_only=True):
    """A field's description, the default that the answer uses, and an example value."""

    description: str
    default: Any
    example: Any


@cache
def section_type(name: str) -> Any:
    """Return the type of a section of the workload, or None for a plain field."""
    annotation = getattr(Workload.__annotations__[name], "__origin__", None)
    for kind in getattr(annotation, "__args__", None) or (annotation,):
        if hasattr(kind, "__struct_fields__"):
            return kind
    return None


@cache
def documentation(path: str) -> Documentation:
    """Return what a field such as ``compute.memory_mb``, or a section, says about itself."""
    section, _, field = path.partition(".")
    owner = section_type(section) if field else Workload
    metadata = owner.__annotations__[field or section].__metadata__
    extra: dict[str, Any] = {}
    description = ""
    for item in metadata:
        description = item.description or description
        extra |= item.extra_json_schema or {}
    return Documentation(
        description=description,
        default=extra.get("default"),
        example=next(iter(extra.get("examples", [])), None),
    )


def default(path: str) -> Any:
    """Return the documented default of a field, or None."""
    return documentation(path).default


def meaning(path: str) -> str:
    """Return the first sentence of a field's description."""
    return documentation(path).description.split(". ")[0].rstrip(".")
