"""Which files a pattern names, now and in another revision, and where they really lie."""

from __future__ import annotations

import glob
import os
import re
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.document.diagnostics import Diagnostic, quoted
from advisor.errors import InputError
from advisor.gate.policy import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAGIC = re.compile(r"[*?\[]")


class Pattern(Struct, frozen=True, kw_only=True):
    """A path as the user wrote it; it may hold ``*``, ``?``, ``[]``.

    ``absolute`` is the path as it stands, ``escaped`` the pattern: what is special in the name of
    the working directory is not special there. A pattern never means the policy, advisor.yaml.
    """

    written: str
    absolute: str
    escaped: str

    @property
    def is_literal(self) -> bool:
        return not _MAGIC.search(self.written)

    def matches(self, path: str) -> bool:
        """Return whether an absolute path is one that the pattern names."""
        return path == self.absolute or (
            not self.is_literal
            and os.path.basename(path) != FILE_NAME
            and _compiled(self.escaped).fullmatch(path) is not None
        )

    def now(self) -> list[str]:
        """Return the absolute paths that the pattern names on disk.

        A file may be called ``[a].yaml`` and is then meant too, but never alone: a change that adds
        a file ``*.yaml`` must not hide the others.
        """
        exact = [self.absolute] if os.path.lexists(self.absolute) else []
        if self.is_literal:
            return exact
        return exact + [
            os.path.normpath(path)
            for path in glob.glob(self.escaped, recursive=True)
            if os.path.basename(path) != FILE_NAME and not os.path.isdir(path)
        ]


def patterns(written: Iterable[str], folder: str) -> list[Pattern]:
    """Return the patterns of a command line; ``folder`` is the real path that they start from."""
    return [
        Pattern(
            written=each,
            absolute=os.path.normpath(os.path.join(folder, each)),
            escaped=os.path.normpath(os.path.join(glob.escape(folder), each)),
        )
        for each in written
    ]


def files_now(wanted: Sequence[Pattern]) -> list[str]:
    """Return the absolute paths on disk that any pattern names, sorted, each once."""
    return sorted({path for pattern in wanted for path in pattern.now()})


def shown(path: str, folder: str) -> str:
    """Return an absolute path as people read it: from the folder that they work in."""
    return os.path.relpath(path, folder).replace(os.sep, "/")


def in_repository(path: str, top: str, folder: str) -> str:
    """Return a file's path from the top of its repository.

    ``path`` is absolute, ``top`` a real path. Raises InputError for a file that lies outside, that
    a symbolic link leads out, and that belongs to a submodule or another repository inside.
    """
    name = shown(path, folder)
    real = os.path.realpath(path)
    if not _inside(path, top):
        if not _inside(real, top):
            raise _refusal(
                name,
                "outside-repository",
                f"{quoted(name)} lies outside the repository {quoted(top)}",
                "run the gate in the repository that holds the file, or against a baseline file",
            )
        # A folder on the way to the repository is a link: the real path is the one git knows.
        path = real
    if not _inside(real, top):
        raise _refusal(
            name,
            "link-out-of-repository",
            f"{quoted(name)} is a symbolic link out of the repository",
            "put the file itself into the repository",
        )
    for each in (path, real):
        folder_of = os.path.dirname(each)
        while folder_of != top and _inside(folder_of, top):
            if os.path.lexists(os.path.join(folder_of, ".git")):
                raise _refusal(
                    name,
                    "in-submodule",
                    f"{quoted(name)} belongs to the submodule {quoted(shown(folder_of, folder))}",
                    "run the gate in the submodule: its history is not part of this repository's",
                )
            folder_of = os.path.dirname(folder_of)
    return os.path.relpath(path, top).replace(os.sep, "/")


def refuse_link_out(path: str, folder: str) -> None:
    """Refuse a file of a repository that a symbolic link leads out of it.

    What is wrong in a file is shown with its line; a change must not show other files so. ``path``
    is a path from ``folder``.
    """
    absolute = os.path.normpath(os.path.join(folder, path))
    top = os.path.dirname(absolute)
    while not os.path.lexists(os.path.join(top, ".git")):
        above = os.path.dirname(top)
        if above == top:
            return
        top = above
    if not _inside(os.path.realpath(absolute), os.path.realpath(top)):
        raise _refusal(
            shown(absolute, folder),
            "link-out-of-repository",
            f"{quoted(shown(absolute, folder))} is a symbolic link out of the repository",
            "put the file itself into the repository",
        )


def _inside(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)


def _refusal(file: str, code: str, message: str, advice: str) -> InputError:
    return InputError([Diagnostic(code=code, message=message, help=advice, file=file)])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Translate a pattern as glob reads it: ``*`` stops at a slash and skips hidden names."""
    text = ""
    parts = pattern.replace(os.sep, "/").split("/")
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            text += r"(?:[^./][^/]*/)*" + (r"[^./][^/]*" if last else "")
            continue
        text += _segment(part) + ("" if last else "/")
    return re.compile(text)


def _segment(part: str) -> str:
    text, at = "", 0
    if part[:1] in ("*", "?"):
        text = r"(?!\.)"
    while at < len(part):
        character = part[at]
        # A bracket that comes first in a list belongs to it.
        end = part.find("]", at + (3 if part[at + 1 : at + 2] == "!" else 2))
        if character != "[":
            end = -1
        if character == "*":
            text += "[^/]*"
        elif character == "?":
            text += "[^/]"
        elif end > 0:
            inner = part[at + 1 : end]
            negated = inner.startswith("!")
            members = re.sub(r"([\\\[\]^&~|])", r"\\\1", inner.removeprefix("!"))
            text += f"[{'^/' if negated else ''}{members}]"
            at = end
        else:
            text += re.escape(character)
        at += 1
    return text
