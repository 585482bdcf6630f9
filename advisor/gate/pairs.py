"""Which file now belongs to which file before."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.document.diagnostics import Diagnostic, quoted
from advisor.document.source import read_bytes
from advisor.errors import InputError
from advisor.gate import paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.gate.paths import Pattern
    from advisor.gate.snapshot import Snapshot

MAX_BYTES = 1024 * 1024


class Pair(Struct, frozen=True, kw_only=True):
    """A workload file now and before; ``before`` is its text, or what a baseline keeps of it.

    ``file`` and ``renamed_from`` are paths from the working directory.
    """

    file: str
    before: bytes | Snapshot | None
    after: bytes | None
    renamed_from: str | None = None


def pair(
    present: Mapping[str, str],
    before: Mapping[str, bytes | Snapshot],
    renames: Mapping[str, str],
    folder: str,
) -> list[Pair]:
    """Return the pairs, sorted by file.

    ``present`` maps the key of each file on disk to its path, ``before`` the key of each file of
    before to its content, ``renames`` new keys to old ones. Keys are absolute paths.
    """
    contents: dict[str, bytes] = {}
    wrong = [
        Diagnostic(
            code="name-not-utf-8",
            message="the name of this file is not UTF-8 text",
            help="rename it, or leave it out of the pattern",
            file=paths.shown(key, folder),
        )
        for key in {**present, **before}
        if not _is_text(key)
    ]
    if wrong:
        raise InputError(wrong)
    for key, path in present.items():
        try:
            paths.refuse_link_out(path, folder)
            contents[key] = read_bytes(paths.shown(path, folder), max_bytes=MAX_BYTES)
        except InputError as error:
            wrong += error.diagnostics
    if wrong:
        raise InputError(wrong)
    origins = {key: key for key in contents if key in before}
    origins |= {
        new: old
        for new, old in renames.items()
        if new in contents and new not in before and old in before and old not in contents
    }
    found = [
        Pair(
            file=paths.shown(key, folder),
            before=before[origins[key]] if key in origins else None,
            after=content,
            renamed_from=(
                paths.shown(origins[key], folder) if origins.get(key, key) != key else None
            ),
        )
        for key, content in contents.items()
    ]
    used = set(origins.values())
    found += [
        Pair(file=paths.shown(key, folder), before=content, after=None)
        for key, content in before.items()
        if key not in used and key not in contents
    ]
    return sorted(found, key=lambda each: each.file)


def refuse_nothing(wanted: Sequence[Pattern], known: Sequence[str]) -> None:
    """Refuse patterns that name no file, now or before: a gate that looks at nothing passes all."""
    wrong = [
        Diagnostic(
            code="file-not-found",
            message=f"{quoted(pattern.written)} names no file, now or before",
            help="check the path; patterns are relative to the working directory",
            file=pattern.written,
        )
        for pattern in wanted
        if not any(pattern.matches(path) for path in known)
    ]
    if wrong:
        raise InputError(wrong)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def here() -> str:
    """Return the real path of the working directory."""
    return os.path.realpath(os.getcwd())
