"""A YAML document as a plain tree whose every value knows where and how it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from advisor.document.diagnostics import Diagnostic, Position, order
from advisor.document.scalars import Written
from advisor.document.source import read_bytes
from advisor.document.text import decode, split_lines
from advisor.errors import InputError
from advisor.lazy import WhenAsked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.document.diagnostics import Severity

__all__ = ["Document", "Path", "dotted", "parse", "read_bytes"]

Path: TypeAlias = "tuple[str | int, ...]"
"""The way to a value from the root: keys, and indexes counted from 0."""

MAX_DEPTH = 40
MAX_NODES = 200_000


class Document(Struct, frozen=True, kw_only=True):
    """A parsed document.

    ``value`` is a tree of dict, list, str, int, float, bool and None. ``positions`` has the place
    of every value, ``key_positions`` of every key, ``written`` the text of every scalar, all by
    path; ``lines`` are the lines of the file.
    """

    name: str
    value: Any
    positions: Mapping[Path, Position]
    key_positions: Mapping[Path, Position]
    written: Mapping[Path, Written]
    lines: tuple[str, ...]

    def locate(self, path: Path, *, key: bool = False) -> Position | None:
        """Return the place of a value or of its key, else of its nearest ancestor that is there."""
        while True:
            first, second = self.positions, self.key_positions
            if key:
                first, second = second, first
            position = first.get(path) or second.get(path)
            if position is not None or not path:
                return position
            # What is absent is missed in its parent, and a section is known by its key.
            path, key = path[:-1], True

    def diagnostic(
        self,
        path: Path,
        *,
        code: str,
        message: str,
        help: str | None = None,  # noqa: A002 - the word that the diagnostic prints
        severity: Severity = "error",
        key: bool = False,
    ) -> Diagnostic:
        """Return a diagnostic about the value at ``path``, or about its key.

        A path that the document does not have is shown at its nearest ancestor.
        """
        position = self.locate(path, key=key)
        return Diagnostic(
            code=code,
            message=message,
            help=help,
            file=self.name,
            position=position,
            excerpt=None if position is None else self.lines[position.line - 1],
            severity=severity,
            field=dotted(path) or None,
        )


def dotted(path: Path) -> str:
    """Return a path as people write it.

    >>> dotted(("traffic", "hourly_profile", 3))
    'traffic.hourly_profile[3]'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def parse(
    text: bytes, name: str, *, max_depth: int = MAX_DEPTH, max_nodes: int = MAX_NODES
) -> Document:
    """Parse one YAML document.

    Read by the core schema of YAML 1.2 without anchors, aliases, tags, merge keys and repeated
    keys. ``max_depth`` bounds the nesting, ``max_nodes`` the number of keys and values; both are
    checked while the text is being parsed. Raises InputError with every error found.
    """
    from advisor.document.builder import Builder

    source = decode(text, name)
    lines = split_lines(source)
    builder = Builder(name, lines, max_depth=max_depth, max_nodes=max_nodes)
    value = builder.build(source)
    if builder.errors:
        raise InputError(sorted(builder.errors, key=order))
    if builder.is_empty:
        raise InputError(
            [
                Diagnostic(
                    code="empty-file",
                    message="this file is empty, or holds nothing but comments",
                    help="`advisor init` writes a starter file",
                    file=name,
                )
            ]
        )
    return Document(
        name=name,
        value=value,
        positions=WhenAsked(builder.values, builder.position),
        key_positions=WhenAsked(builder.keys, builder.position),
        written=WhenAsked(builder.scalars, lambda event: Written(event.value, event.style or "")),
        lines=lines,
    )
