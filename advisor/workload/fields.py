"""The kinds of value that workload fields have, and how a field documents itself.

A field that the user left out is None: "not stated". The default that the answer then uses stands
in the field's own metadata, so that the JSON Schema, the starter file, and the list of assumptions
all read it from one place. Upper bounds are far beyond anything AWS runs; they keep arithmetic
finite on hostile input.
"""

from typing import Annotated, Any

from msgspec import Meta

Count = Annotated[float, Meta(ge=0, le=1e15)]
Rate = Annotated[float, Meta(ge=0, le=1e9)]
Milliseconds = Annotated[float, Meta(ge=0, le=1e12)]
Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Megabytes = Annotated[float, Meta(ge=0, le=1e9)]
Kilobytes = Annotated[float, Meta(ge=0, le=1e9)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
WholeNumber = Annotated[int, Meta(ge=0, le=1_000_000_000)]


def about(text: str, *, default: Any = None, example: Any = None, **bounds: Any) -> Meta:
    """Return a field's metadata: what it means, its unit, its default and an example value.

    ``default`` is what the answer uses when the field is not stated; None means that no value is
    assumed and that a rule which needs the field answers "unknown".
    """
    extra: dict[str, Any] = {}
    if default is not None:
        extra["default"] = default
    if example is not None:
        extra["examples"] = [example]
    return Meta(description=text, extra_json_schema=extra or None, **bounds)
