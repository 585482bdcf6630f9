"""Running git: fixed arguments, no shell, hook, filter or network, bounded in size and time."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from typing import TYPE_CHECKING

from advisor.document.diagnostics import visible
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMEOUT_S = 60
_KEPT = ("GIT_CONFIG", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
"""Variables of git that say what its user trusts, not which repository is meant."""
_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    # A file of the checkout can name a filter, but only a configuration can say what it runs;
    # these are the ones that a configuration can start without being asked.
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "protocol.allow=never",
)


class GitFailed(AdvisorError):
    """git cannot answer: no repository, no such revision, a history that is cut off."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        self.code = code
        super().__init__(f"error[{code}]: {message}\nhelp: {advice}")


def environment() -> dict[str, str]:
    """Return the environment for git: nothing in it points to another repository or asks a user."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }


def run(
    folder: str, arguments: Sequence[str], *, most: int = 1 << 20, asked: bytes = b""
) -> tuple[int, bytes, str]:
    """Return git's exit code, its answer and its errors; raise GitFailed when there is no answer.

    Questions and errors go through files: two pipes that wait for each other would never end.
    """
    with tempfile.TemporaryFile() as questions, tempfile.TemporaryFile() as errors:
        questions.write(asked)
        questions.seek(0)
        try:
            child = subprocess.Popen(  # noqa: S603 - fixed arguments, no shell
                ("git", *_OPTIONS, *arguments),  # noqa: S607 - the git of the user's path
                cwd=folder,
                env=environment(),
                stdin=questions,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        except FileNotFoundError:
            raise GitFailed(
                "git-not-installed",
                "git is not installed, and a revision can only be read with it",
                "install git, or compare with a baseline file",
            ) from None
        except OSError as error:
            raise GitFailed(
                "git-failed", f"git cannot be started: {error.strerror}", "see the system's words"
            ) from error
        timer = threading.Timer(_TIMEOUT_S, child.kill)
        timer.start()
        try:
            with child:
                stream = child.stdout
                out = b"" if stream is None else stream.read(most + 1)
                if len(out) > most:
                    child.kill()
        finally:
            timed_out = not timer.is_alive()
            timer.cancel()
        if len(out) > most:
            raise GitFailed(
                "git-too-much",
                f"git {arguments[0]} answers with more than {most:,} bytes",
                "is this the right repository?",
            )
        if timed_out:
            raise GitFailed(
                "git-too-slow", f"git {arguments[0]} took longer than {_TIMEOUT_S} s", "try again"
            )
        errors.seek(0)
        return child.returncode, out, errors.read(10_000).decode("utf-8", "replace")


def first_line(errors: str) -> str:
    """Return the first line of git's errors, safe to print."""
    lines = [line for line in errors.splitlines() if line.strip()]
    return visible(lines[0], 300) if lines else "it gave no reason"
