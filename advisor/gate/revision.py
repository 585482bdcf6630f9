"""Before, as a git revision holds it: the workload files, the policy and the price table."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from advisor.document.diagnostics import quoted
from advisor.gate import paths
from advisor.gate.git import Tree, open_repository
from advisor.gate.git_process import GitFailed
from advisor.gate.outcome import Base
from advisor.gate.pairs import Pair, pair, refuse_nothing
from advisor.gate.policy import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.gate.paths import Pattern


class Revision:
    """A commit to compare with, seen from a working directory."""

    def __init__(self, name: str, folder: str, *, tip: bool) -> None:
        """Read the commit that ``name`` stands for: the merge base with HEAD, or the tip itself.

        ``folder`` is the real path of the working directory. Raises GitFailed.
        """
        self.folder = folder
        self.repository = open_repository(folder)
        commit = self.repository.commit(name)
        if not tip:
            commit = self.repository.merge_base(commit, self.repository.commit("HEAD"))
        self.tree: Tree = self.repository.tree(commit)
        self.described = Base(
            kind="revision", name=name, commit=commit, point="tip" if tip else "merge-base"
        )

    def pairs(self, wanted: Sequence[Pattern]) -> list[Pair]:
        """Return the files that the patterns name now, each with what it was before."""
        present = paths.files_now(wanted)
        inside = {
            path: paths.in_repository(path, self.repository.top, self.folder) for path in present
        }
        absolute = {self._absolute(name): path for path, name in inside.items()}
        matching = [
            name
            for name, entry in self.tree.entries.items()
            if not entry.is_submodule and any(p.matches(self._absolute(name)) for p in wanted)
        ]
        refuse_nothing(wanted, [*present, *absolute, *map(self._absolute, matching)])
        names = set(inside.values())
        renames = self.repository.renames(self.tree.commit) if names - set(matching) else {}
        if set(matching) - names:
            self._refuse_sparse(set(matching) - names)
        # What was renamed into the pattern had a name that the pattern does not know.
        origins = {new: old for new, old in renames.items() if new in names}
        contents = self.tree.read(dict.fromkeys([*matching, *names, *origins.values()]))
        return pair(
            absolute,
            {self._absolute(name): content for name, content in contents.items()},
            {self._absolute(new): self._absolute(old) for new, old in origins.items()},
            self.folder,
        )

    def file(self, path: str) -> bytes | None:
        """Return the content that a file, by its absolute path, had; None for none."""
        name = self._inside(path)
        return None if name is None else self.tree.read([name]).get(name)

    def policy(self, named: str | None) -> tuple[str, bytes] | None:
        """Return the path and the content of the policy that held in the working directory.

        ``named`` is the absolute path of a policy that was named; else it is looked for upward.
        """
        if named is not None:
            content = self.file(named)
            return None if content is None else (named, content)
        folder = self.folder
        while True:
            path = os.path.join(folder, FILE_NAME)
            content = self.file(path)
            if content is not None:
                return path, content
            if folder == self.repository.top or os.path.dirname(folder) == folder:
                return None
            folder = os.path.dirname(folder)

    def table(self, folder: str) -> dict[str, bytes] | None:
        """Return the files of a price table in the repository, None for one outside it or none.

        ``folder`` is a path from the working directory.
        """
        name = self._inside(os.path.realpath(os.path.join(self.folder, folder)))
        if name is None:
            return None
        prefix = f"{name}/" if name else ""
        files = {
            path.removeprefix(prefix)
            for path in self.tree.entries
            if path.startswith(prefix) and path.endswith(".yaml")
        }
        found = self.tree.read(f"{prefix}{file}" for file in files if "/" not in file)
        return {path.removeprefix(prefix): content for path, content in found.items()} or None

    def below(self, place: str) -> dict[str, bytes] | None:
        """Return the YAML files at and below a path, by their path from the working directory.

        None for a place outside the repository. Names that begin with a point are passed over.
        """
        inside = self._inside(os.path.normpath(os.path.join(self.folder, place)))
        if inside is None:
            return None
        found = [
            name
            for name in self.tree.entries
            if name == inside or (name.startswith(f"{inside}/") and _is_rules(name, inside))
        ]
        contents = self.tree.read(found)
        return {
            os.path.relpath(self._absolute(name), self.folder): content
            for name, content in contents.items()
        }

    def holds(self, folder: str) -> bool:
        """Return whether a folder, by its path from the working directory, is in the repository."""
        return self._inside(os.path.realpath(os.path.join(self.folder, folder))) is not None

    def _refuse_sparse(self, gone: set[str]) -> None:
        """Refuse files that are not on disk only because the checkout is sparse."""
        left_out = sorted(gone & self.repository.not_checked_out())
        if left_out:
            raise GitFailed(
                "not-checked-out",
                f"{quoted(left_out[0])} is not checked out, since this checkout is sparse"
                + (f"; nor are {len(left_out) - 1} more" if left_out[1:] else ""),
                "check it out, or leave it out of the pattern",
            )

    def _absolute(self, name: str) -> str:
        return os.path.join(self.repository.top, name)

    def _inside(self, path: str) -> str | None:
        top = self.repository.top
        if path == top:
            return ""
        if not path.startswith(top.rstrip(os.sep) + os.sep):
            return None
        return os.path.relpath(path, top).replace(os.sep, "/")


def _is_rules(name: str, inside: str) -> bool:
    parts = name.removeprefix(f"{inside}/").split("/")
    return name.endswith((".yaml", ".yml")) and not any(part.startswith(".") for part in parts)


def file_of(name: str, folder: str) -> tuple[bytes, str, str]:
    """Return content, commit and path from the working directory of ``REVISION:PATH``.

    As in git, the path is from the top of the repository, and from the working directory when it
    begins with ``./``. Raises GitFailed.
    """
    revision, _, written = name.partition(":")
    repository = open_repository(folder)
    tree = repository.tree(repository.commit(revision))
    start = folder if written.startswith(("./", "../")) else repository.top
    absolute = os.path.normpath(os.path.join(start, written))
    inside = os.path.relpath(absolute, repository.top).replace(os.sep, "/")
    content = tree.read([inside]).get(inside)
    if content is None:
        raise GitFailed(
            "file-not-found",
            f"there is no file {quoted(written)} in {quoted(revision)} ({tree.commit[:12]})",
            "as in git, the path is from the top of the repository, or begins with ./",
        )
    return content, tree.commit, paths.shown(absolute, folder)
