"""From the parser's events to a tree, without recursion and with every error noted.

PyYAML's own composer recurses in C and crashes the process on deep nesting; the event stream does
not, so depth and size are bounded here, event by event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from msgspec import Struct, field

from advisor.document.diagnostics import (
    MOST_ERRORS,
    TOO_MANY,
    Diagnostic,
    Position,
    quoted,
)
from advisor.document.scalars import ScalarError, resolve
from advisor.document.syntax import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.document.tree import Path

_Loader: Any = getattr(yaml, "CLoader", yaml.SafeLoader)
_FIRST_SURROGATE, _LAST_SURROGATE = "\ud800", "\udfff"


class _Stop(Exception):
    """Reading on makes no sense: what follows would be misread or is too much."""


def _before_its_depth_limit(error: yaml.YAMLError) -> int | None:
    """Return how much of the text the parser could read before its own limit of nesting.

    Since libyaml 0.2.6 the C parser gives up at 1,000 levels, and where it reads ahead for the end
    of a key, before it has told of the first. What came before is enough to reach our limit.
    """
    if "exceeded maximum nesting depth" not in str(getattr(error, "problem", "")):
        return None
    mark = getattr(error, "problem_mark", None)
    return None if mark is None else int(mark.index)


class _Frame(Struct):
    """A mapping or list that is being filled; ``key`` is the key whose value comes next."""

    container: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    seen: dict[str, Any] = field(default_factory=dict)
    """The event of each key, the first where one is repeated."""


class Builder:
    """The state of one reading; ``errors`` is empty when the value that was built can be used.

    ``values``, ``keys`` and ``scalars`` have the parser's event by path: of every value, of every
    key, and of the values that are scalars. Places are worked out of them when one is asked for.
    """

    def __init__(self, name: str, lines: Sequence[str], *, max_depth: int, max_nodes: int) -> None:
        self.errors: list[Diagnostic] = []
        self.values: dict[Path, Any] = {}
        self.keys: dict[Path, Any] = {}
        self.scalars: dict[Path, Any] = {}
        self._name = name
        self._lines = lines
        self._max_depth = max_depth
        self._max_nodes = max_nodes
        self._nodes = 0
        self._documents = 0
        self._frames: list[_Frame] = []
        self._root: Any = None

    def build(self, source: str) -> Any:
        """Return the value of the document; a broken one is told in ``errors``."""
        take: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        loader = None
        try:
            loader = _Loader(source)
            for event in iter(loader.get_event, None):
                taken = take.get(type(event))
                if taken is not None:
                    taken(event)
        except yaml.YAMLError as error:
            before = _before_its_depth_limit(error)
            found = [] if before is None else self._errors_of(source[:before])
            self.errors = found or [*self.errors, explain(error, self._name, self._lines)]
        except _Stop:
            pass
        finally:
            if loader is not None:
                loader.dispose()
        return self._root

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to read."""
        only = self.scalars.get(())
        return not self._nodes or (only is not None and not only.value and not only.style)

    def _errors_of(self, source: str) -> list[Diagnostic]:
        again = Builder(
            self._name, self._lines, max_depth=self._max_depth, max_nodes=self._max_nodes
        )
        again.build(source)
        return again.errors

    def _count(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            self._error(
                event,
                "too-many-values",
                f"this file has more than {self._max_nodes:,} keys and values",
                "is it the right file?",
            )
            raise _Stop
        if event.anchor is not None:
            self._error(
                event,
                "anchor",
                f"anchors such as {quoted('&' + event.anchor)} are not read",
                "write the value out wherever it is needed",
            )
        if event.tag is not None:
            self._error(
                event,
                "tag",
                f"tags such as {quoted(_short_tag(event.tag))} are not read",
                "delete the tag; quotes make text, a bare number is a number",
            )

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._error(
                event,
                "several-documents",
                "a second document begins here, and a file holds one",
                "put it into a file of its own",
            )
            raise _Stop
        if event.tags or event.version not in (None, (1, 2)):
            self._error(
                event,
                "directive",
                "directives are not read: files are read as YAML 1.2",
                "delete the lines that begin with `%`",
            )

    def _alias(self, event: Any) -> None:
        self._error(
            event,
            "alias",
            f"aliases such as {quoted('*' + event.anchor)} are not read",
            "write the value out",
        )
        if self._wants_key():
            self._frames[-1].key = ""
        else:
            self._place(None, event)

    def _scalar(self, event: Any) -> None:
        self._count(event)
        if not event.value.isascii() and any(
            _FIRST_SURROGATE <= character <= _LAST_SURROGATE for character in event.value
        ):
            # The C parser refuses these by itself; no encoding can carry them further.
            self._error(
                event,
                "syntax",
                "an escape in this text stands for no character",
                "write the character itself",
            )
        if self._wants_key():
            self._key(event)
            return
        value: Any = event.value
        if not event.style:
            try:
                value = resolve(value)
            except ScalarError as error:
                self._error(event, error.code, str(error), error.advice)
        self.scalars[self._place(value, event)] = event

    def _key(self, event: Any) -> None:
        frame = self._frames[-1]
        text = event.value
        frame.key = text
        if not event.style and self._refuse_key(event, text):
            return
        first = frame.seen.setdefault(text, event)
        if first is not event:
            line = self.position(first).line
            self._error(
                event,
                "duplicate-key",
                f"{quoted(text)} is written twice{_inside(frame.path)}, first on line {line}",
                "keep one of them",
            )
            return
        self.keys[(*frame.path, text)] = event

    def _refuse_key(self, event: Any, text: str) -> bool:
        if text == "":
            self._error(event, "key-not-text", "a key is missing here", "write `key: value`")
            return True
        if text == "<<":
            self._error(event, "merge-key", "merge keys (`<<`) are not read", "write the keys out")
            return True
        try:
            is_text = isinstance(resolve(text), str)
        except ScalarError:
            is_text = False
        if not is_text:
            self._error(
                event,
                "key-not-text",
                f"the key {quoted(text)} is not text",
                "put it in quotes",
            )
        return not is_text

    def _start(self, event: Any) -> None:
        self._count(event)
        if len(self._frames) >= self._max_depth:
            self._error(
                event,
                "too-deep",
                f"this is nested more than {self._max_depth} levels deep",
                "is it the right file?",
            )
            raise _Stop
        container: dict[str, Any] | list[Any]
        container = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._wants_key():
            if self._frames[-1].path[-1:] != ("",):
                self._error(
                    event,
                    "key-not-text",
                    "a list or a mapping cannot be a key",
                    "write a word before the colon, or put text in braces in quotes",
                )
            # The tree is not used after an error; a frame that hangs nowhere takes up the rest.
            self._frames[-1].key = ""
            self._frames.append(_Frame(container, (*self._frames[-1].path, "")))
            return
        path = self._place(container, event)
        self._frames.append(_Frame(container, path))

    def _end(self, _event: Any) -> None:
        self._frames.pop()

    def _wants_key(self) -> bool:
        if not self._frames:
            return False
        frame = self._frames[-1]
        return isinstance(frame.container, dict) and frame.key is None

    def _place(self, value: Any, event: Any) -> Path:
        """Put a value where it belongs in the innermost open container, and return its path."""
        path: Path
        if not self._frames:
            path = ()
            self._root = value
        else:
            frame = self._frames[-1]
            if isinstance(frame.container, list):
                path = (*frame.path, len(frame.container))
                frame.container.append(value)
            else:
                key = frame.key or ""
                path = (*frame.path, key)
                frame.container[key] = value
                frame.key = None
        self.values[path] = event
        return path

    def position(self, event: Any) -> Position:
        """Return the place of an event in the file."""
        start, end = event.start_mark, event.end_mark
        width = 1
        if isinstance(event, yaml.ScalarEvent):
            line = self._lines[start.line] if start.line < len(self._lines) else ""
            last = end.column if end.line == start.line else len(line)
            width = max(1, last - start.column)
        return Position(start.line + 1, start.column + 1, width)

    def _error(self, event: Any, code: str, message: str, advice: str) -> None:
        position = self.position(event)
        lines = self._lines
        self.errors.append(
            Diagnostic(
                code=code,
                message=message,
                help=advice,
                file=self._name,
                position=position,
                excerpt=lines[position.line - 1] if position.line <= len(lines) else None,
            )
        )
        if len(self.errors) >= MOST_ERRORS:
            self.errors.append(
                Diagnostic(
                    code=TOO_MANY,
                    message=f"reading stopped after {MOST_ERRORS} errors",
                    file=self._name,
                )
            )
            raise _Stop


def _inside(path: Path) -> str:
    return f" in {quoted(path[-1])}" if path and isinstance(path[-1], str) else ""


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!", 1)
