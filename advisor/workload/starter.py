"""The starter file, written from the fields' own documentation, and the shipped examples."""

from __future__ import annotations

from difflib import get_close_matches
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from advisor.data import names, read_bytes
from advisor.errors import AdvisorError
from advisor.workload import Workload
from advisor.workload.defaults import Documentation, documentation, section_type

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 96
_HEAD = """\
# A workload for `advisor compare`. Every field is explained; remove the # before those you know.
# Units are in the names: _ms, _s, _mb, _kb, _rps (requests per second), _usd.
version: 1
name: my-workload
region: us-east-1
"""
# What a starter file states outright, so that it can be compared as it stands.
_STATED = {
    "traffic": {"monthly_requests": 1_000_000},
    "compute": {"request_duration_ms": 100, "memory_mb": 512},
}


def sections() -> tuple[str, ...]:
    """Return the names of the workload's sections."""
    return tuple(name for name in Workload.__struct_fields__ if section_type(name) is not None)


def text(wanted: Sequence[str]) -> str:
    """Return a commented starter file with traffic and the wanted sections."""
    known = sections()
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"sections are {', '.join(known)}"
            raise AdvisorError(f"{name} is not a section: {hint}")
    chosen = [name for name in known if name in ("traffic", *wanted)]
    return _HEAD + "".join(_section(name) for name in chosen)


def _section(name: str) -> str:
    fields = {
        field: documentation(f"{name}.{field}") for field in section_type(name).__struct_fields__
    }
    stated = _STATED.get(name) or _first_known(fields)
    lines = ["", f"# {documentation(name).description}", f"{name}:"]
    for field, about in fields.items():
        explained = about.description
        if about.default is not None:
            explained = f"{explained} Not stated: {_yaml(about.default)}."
        lines += wrap(explained, _WIDTH, initial_indent="  # ", subsequent_indent="  # ")
        if field in stated:
            lines.append(f"  {field}: {_yaml(stated[field])}")
        else:
            value = _suggestion(about)
            lines.append(f"  # {field}: {'' if value is None else _yaml(value)}".rstrip())
    return "\n".join(lines) + "\n"


def _first_known(fields: dict[str, Documentation]) -> dict[str, Any]:
    """Return one field to state: a section of comments alone would be null."""
    return next(
        {field: _suggestion(about)}
        for field, about in fields.items()
        if _suggestion(about) is not None
    )


def _suggestion(about: Documentation) -> Any:
    return about.default if about.example is None else about.example


def examples() -> list[tuple[str, str]]:
    """Return each example's name and what it is about, from its first comment after the schema."""
    found = []
    for name in names("examples"):
        comments = [
            line.removeprefix("# ")
            for line in read_bytes(f"examples/{name}.yaml").decode().splitlines()
            if line.startswith("# ") and "yaml-language-server" not in line
        ]
        found.append((name, comments[0] if comments else ""))
    return found


def example(name: str) -> str:
    """Return the text of an example."""
    known = names("examples")
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"examples are {', '.join(known)}"
        raise AdvisorError(f"{name} is not an example: {hint}")
    return read_bytes(f"examples/{name}.yaml").decode()


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return str(value)
