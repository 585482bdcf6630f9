"""Where a user's rules lie: files named one by one, and folders that are searched within bounds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from advisor.document.diagnostics import Diagnostic, quoted
from advisor.errors import InputError
from advisor.rulebook.names import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 200
MAX_ENTRIES = 5_000
"""Entries of folders that are looked at; a tree of code is no folder of rules."""
_ENDINGS = (".yaml", ".yml")


def folder_here() -> tuple[str, ...]:
    """Return the folder of rules of the working directory, if it has one.

    Raises InputError when it is none, or when it leads out of the working directory: a pull request
    could else have files read that are none of its own.
    """
    folder = Path(FOLDER)
    if not os.path.lexists(folder):
        return ()
    if not folder.is_dir():
        _refuse(FOLDER, "not-a-folder", "this is no folder", "put rule files into a folder there")
    if not folder.resolve().is_relative_to(Path.cwd().resolve()):
        _refuse(FOLDER, "link-outside", "this is a link out of the working directory")
    # git leaves the folder behind when the last rule goes.
    return (FOLDER,) if any(_is_rules(entry) for entry in _entries(folder)) else ()


def rule_files(path: str) -> list[str]:
    """Return the rule files of a folder and its sub-folders by name, or the file itself.

    Names that begin with a point are passed over. Raises InputError for a folder that cannot be
    listed or that holds no rule file, for more than ``MAX_FILES`` of them or ``MAX_ENTRIES``
    entries, for a symbolic link that leads out of the folder, and for one to another folder.
    """
    folder = Path(path)
    try:
        if not folder.is_dir():
            return [path]
        inside = folder.resolve()
    except (OSError, ValueError):
        # No path at all, such as one with a NUL character: reading it says so.
        return [path]
    found = []
    for seen, entry in enumerate(_entries(folder)):
        if seen >= MAX_ENTRIES:
            _refuse(path, "too-many-files", f"this holds more than {MAX_ENTRIES:,} entries")
        if entry.is_symlink():
            _check_link(entry, inside)
        if _is_rules(entry):
            found.append(str(entry))
        if len(found) > MAX_FILES:
            _refuse(path, "too-many-files", f"this holds more than {MAX_FILES} rule files")
    if not found:
        _refuse(path, "no-rules", "there is no rule file in this folder", "a rule file is *.yaml")
    return sorted(found)


def _is_rules(entry: Path) -> bool:
    return entry.suffix.lower() in _ENDINGS


def _entries(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder and below it, without following links."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as listed:
                for entry in listed:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        yield Path(entry.path)
        except OSError as error:
            _refuse(str(current), "unreadable", f"this cannot be listed: {error.strerror}")


def _check_link(entry: Path, inside: Path) -> None:
    if entry.is_dir():
        _refuse(str(entry), "link-to-folder", "this is a link to a folder, which is not followed")
    if not Path(os.path.realpath(entry)).is_relative_to(inside):
        _refuse(str(entry), "link-outside", "this is a link to a file outside of the folder")


def _refuse(path: str, code: str, message: str, advice: str | None = None) -> NoReturn:
    help_ = advice or f"is {quoted(path)} the right folder?"
    raise InputError([Diagnostic(code=code, message=message, help=help_, file=path)])
