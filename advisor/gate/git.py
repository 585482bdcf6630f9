"""Reading another revision with git: no checkout, no shell, no hook, no filter, no network.

Every call has fixed arguments, a bounded answer and a bounded time. What comes from outside, the
name of a revision, stands after ``--end-of-options`` and is turned into a commit id first; from
there on only ids are passed.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.document.diagnostics import quoted, visible
from advisor.gate.git_process import GitFailed, first_line, run

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FILE_BYTES = 1024 * 1024
_MAX_LISTING_BYTES = 256 * 1024 * 1024
_MOST_LINKS = 8
_RENAME_LIMIT = "2000"
_SYMLINK, _SUBMODULE = "120000", "160000"


class Entry(Struct, frozen=True, kw_only=True):
    """A file of a commit: its mode and its object."""

    mode: str
    object: str

    @property
    def is_link(self) -> bool:
        return self.mode == _SYMLINK

    @property
    def is_submodule(self) -> bool:
        return self.mode == _SUBMODULE


class Tree:
    """The files of a commit, by their path from the top of the repository."""

    def __init__(self, repository: Repository, commit: str, entries: dict[str, Entry]) -> None:
        self.repository = repository
        self.commit = commit
        self.entries = entries

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the content of each path that is a file here, with symbolic links followed.

        Raises GitFailed for a link that leaves the repository and for a file above the limit.
        """
        found = {}
        for path in paths:
            entry = self._resolved(path)
            if entry is None:
                continue
            found[path] = entry.object
        sizes = self.repository.sizes(found.values())
        for path, name in found.items():
            if sizes[name] > MAX_FILE_BYTES:
                raise GitFailed(
                    "file-too-large",
                    f"{visible(path)} holds more than {MAX_FILE_BYTES:,} bytes in"
                    f" {self.commit[:12]}",
                    "is it the right file?",
                )
        contents = self.repository.contents(found.values())
        return {path: contents[name] for path, name in found.items()}

    def _resolved(self, path: str) -> Entry | None:
        """Return the file behind a path; None where there is none."""
        start = path
        for _ in range(_MOST_LINKS):
            link = self._link_on(path)
            if link is None:
                found = self.entries.get(path)
                return None if found is None or found.is_submodule else found
            at, rest, entry = link
            target = os.fsdecode(self.repository.contents([entry.object])[entry.object])
            path = posixpath.normpath(posixpath.join(posixpath.dirname(at), target, rest))
            if path.startswith(("../", "/")) or path == "..":
                raise GitFailed(
                    "link-out-of-repository",
                    f"{visible(start)} is a symbolic link out of the repository in"
                    f" {self.commit[:12]}",
                    "links are followed inside the repository only; compare with another revision",
                )
        raise GitFailed(
            "link-loop",
            f"{visible(start)} is a loop of symbolic links in {self.commit[:12]}",
            "compare with another revision",
        )

    def _link_on(self, path: str) -> tuple[str, str, Entry] | None:
        """Return the first symbolic link on the way to a path: its path, the rest, its entry."""
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            at = "/".join(parts[:end])
            entry = self.entries.get(at)
            if entry is not None and entry.is_link:
                return at, "/".join(parts[end:]), entry
        return None


class Repository:
    """A git repository with a working tree; ``top`` is the real path of its folder."""

    def __init__(self, top: str) -> None:
        self.top = top

    def commit(self, revision: str) -> str:
        """Return the id of the commit that a revision names; raise GitFailed for none."""
        if not revision or revision.startswith("-") or not revision.isprintable():
            raise GitFailed(
                "not-a-revision",
                f"{quoted(revision)} is not the name of a revision",
                "name a branch, a tag or a commit, such as origin/main",
            )
        code, out, _ = self._run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        commit = out.decode("ascii", "replace").strip()
        if code == 0 and commit:
            return commit
        if revision == "HEAD":
            raise GitFailed(
                "no-commit",
                "this repository has no commit yet, so there is nothing to compare with",
                "commit first, or compare with a baseline file",
            )
        raise GitFailed(
            "unknown-revision",
            f"git knows no revision {quoted(revision)} here",
            self._fetch_hint(),
        )

    def merge_base(self, first: str, second: str) -> str:
        """Return the commit from which two others went apart; raise GitFailed for none."""
        code, out, _ = self._run("merge-base", first, second)
        if code == 0 and out:
            return out.decode("ascii", "replace").split()[0]
        raise GitFailed(
            "no-merge-base",
            f"{first[:12]} and {second[:12]} have no commit in common here",
            f"{self._fetch_hint()}; or compare with the revision itself: --tip",
        )

    def tree(self, commit: str) -> Tree:
        """Return the files of a commit."""
        # Without sizes: a partial clone would have to fetch every object for them.
        out = self._answer(_MAX_LISTING_BYTES, "ls-tree", "-r", "-z", "--full-tree", commit)
        entries = {}
        for row in out.split(b"\0"):
            if row:
                about, _, path = row.partition(b"\t")
                mode, _, name = about.decode("ascii").split()
                entries[os.fsdecode(path)] = Entry(mode=mode, object=name)
        return Tree(self, commit, entries)

    def sizes(self, objects: Iterable[str]) -> dict[str, int]:
        """Return the sizes of objects in bytes by their ids."""
        wanted = list(dict.fromkeys(objects))
        if not wanted:
            return {}
        asked = "".join(f"{name}\n" for name in wanted).encode()
        out = self._answer(200 * len(wanted), "cat-file", "--batch-check", asked=asked)
        found = {}
        for name, row in zip(wanted, out.decode("ascii", "replace").splitlines(), strict=True):
            fields = row.split()
            if len(fields) != 3 or fields[1] != "blob":
                raise self._object_missing(name)
            found[name] = int(fields[2])
        return found

    def contents(self, objects: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of objects by their ids, all read by one process."""
        wanted = list(dict.fromkeys(objects))
        if not wanted:
            return {}
        asked = "".join(f"{name}\n" for name in wanted).encode()
        most = (MAX_FILE_BYTES + 200) * len(wanted)
        out = self._answer(most, "cat-file", "--batch", asked=asked)
        found, at = {}, 0
        for name in wanted:
            end = out.find(b"\n", at)
            header = out[at : max(end, at)].decode("ascii", "replace").split()
            if len(header) != 3 or header[1] != "blob":
                raise self._object_missing(name)
            size = int(header[2])
            found[name] = out[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return found

    def renames(self, commit: str) -> dict[str, str]:
        """Return by new path the path that each file had in a commit, where git sees a rename."""
        out = self._answer(
            _MAX_LISTING_BYTES,
            "diff-index",
            "--cached",
            "-M",
            f"-l{_RENAME_LIMIT}",
            "--no-ext-diff",
            "--no-textconv",
            "--diff-filter=R",
            "--name-status",
            "-z",
            commit,
        )
        fields = out.split(b"\0")
        return {
            os.fsdecode(fields[i + 2]): os.fsdecode(fields[i + 1])
            for i in range(0, len(fields) - 2, 3)
        }

    def not_checked_out(self) -> set[str]:
        """Return the files that a sparse checkout leaves out of the working tree."""
        out = self._answer(_MAX_LISTING_BYTES, "ls-files", "-t", "-z", "--full-name")
        rows = (row.partition(b" ") for row in out.split(b"\0"))
        return {os.fsdecode(path) for tag, _, path in rows if tag == b"S"}

    def is_shallow(self) -> bool:
        """Return whether the history is cut off."""
        _, out, _ = self._run("rev-parse", "--is-shallow-repository")
        return out.strip() == b"true"

    def _object_missing(self, name: str) -> GitFailed:
        return GitFailed(
            "object-missing",
            f"the object {name[:12]} is not in this clone, which is partial or damaged",
            "fetch it first: nothing is fetched from here (GitHub Actions: no `filter:`)",
        )

    def _fetch_hint(self) -> str:
        if self.is_shallow():
            return (
                "this clone is shallow: fetch more with `git fetch --unshallow`"
                " (GitHub Actions: fetch-depth: 0; GitLab CI: GIT_DEPTH: 0)"
            )
        return "fetch it first, such as with `git fetch origin main`"

    def _answer(self, most: int, *arguments: str, asked: bytes = b"") -> bytes:
        code, out, errors = self._run(*arguments, most=most, asked=asked)
        if code != 0:
            raise GitFailed(
                "git-failed", f"git {arguments[0]} failed: {first_line(errors)}", "see git's words"
            )
        return out

    def _run(
        self, *arguments: str, most: int = 1 << 20, asked: bytes = b""
    ) -> tuple[int, bytes, str]:
        return run(self.top, arguments, most=most, asked=asked)


def open_repository(folder: str) -> Repository:
    """Return the repository that a folder lies in; raise GitFailed for none."""
    code, out, errors = run(folder, ("rev-parse", "--show-toplevel"))
    if code == 0 and out.strip():
        return Repository(os.path.realpath(os.fsdecode(out.rstrip(b"\n"))))
    if "not a git repository" in errors:
        raise GitFailed(
            "no-repository",
            f"{visible(folder)} is not in a git repository",
            "run it in one, or compare with a baseline file",
        )
    if "work tree" in errors:
        raise GitFailed(
            "no-working-tree",
            f"{visible(folder)} is a repository without a working tree",
            "run it in a clone, or compare with a baseline file",
        )
    if "dubious ownership" in errors:
        raise GitFailed(
            "repository-not-trusted",
            f"the repository of {visible(folder)} belongs to another user, and git refuses it",
            "git config --global --add safe.directory FOLDER, when you trust it",
        )
    raise GitFailed("git-failed", f"git cannot read this: {first_line(errors)}", "see git's words")
