"""The organisation's rules that a gate judges by: those of now, or those of the base."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from advisor.document.source import read_bytes
from advisor.errors import InputError
from advisor.gate import paths
from advisor.gate.git_process import GitFailed
from advisor.gate.outcome import Place, PolicyChange
from advisor.rulebook.folders import folder_here, rule_files
from advisor.rulebook.names import FOLDER
from advisor.rulebook.rulebook import built_in_rulebook

MAX_BYTES = 1024 * 1024

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import ExitStack

    from advisor.gate.revision import Revision
    from advisor.rulebook import Rulebook


def rulebook_of(places: Sequence[str]) -> Rulebook:
    """Return the built-in rules with those of folders or files; raise InputError."""
    if not places:
        return built_in_rulebook()
    from advisor.rulebook.files import open_rulebook

    return open_rulebook(places)


def places_now(named: Sequence[str]) -> tuple[str, ...]:
    """Return where rules lie now: the folder of the working directory, then what is named."""
    return (*folder_here(), *named)


def rules_before(
    revision: Revision, named: Sequence[str], stack: ExitStack
) -> tuple[tuple[str, ...], tuple[PolicyChange, ...]]:
    """Return where copies of the base's rules lie, and each rule file that differs.

    Places outside the repository have no history: they are the same before and now. Raises
    GitFailed for rules of the base that cannot be read.
    """
    places: list[str] = []
    changes: list[PolicyChange] = []
    for place in (FOLDER, *named):
        before = revision.below(place)
        if before is None:
            places.append(place)
            continue
        changes += _changes(before, _now(place), revision.folder)
        if before:
            places.append(_copied(before, place, revision, stack))
    return tuple(places), tuple(changes)


def _now(place: str) -> dict[str, bytes]:
    if not os.path.lexists(place) or (place == FOLDER and not folder_here()):
        return {}
    return {
        os.path.normpath(name): read_bytes(name, max_bytes=MAX_BYTES) for name in rule_files(place)
    }


def _changes(
    before: dict[str, bytes], now: dict[str, bytes], folder: str
) -> Iterator[PolicyChange]:
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if old != new:
            shown = paths.shown(os.path.join(folder, name), folder)
            yield PolicyChange(
                kind="rules",
                field=shown,
                before=None if old is None else "as in the base",
                after=None if new is None else "changed" if old is not None else "new",
                # What a rule lets pass cannot be read off its text; a person has to look.
                loosens=None,
                place=Place(file=shown),
            )


def _copied(before: dict[str, bytes], place: str, revision: Revision, stack: ExitStack) -> str:
    copy = stack.enter_context(tempfile.TemporaryDirectory(prefix="advisor-rules-"))
    for index, (_, content) in enumerate(sorted(before.items())):
        with open(os.path.join(copy, f"{index:04}.yaml"), "wb") as file:
            file.write(content)
    try:
        rulebook_of([copy])
    except InputError as error:
        first = error.diagnostics[0]
        raise GitFailed(
            "bad-rules",
            f"the rules {place} in {revision.tree.commit[:12]} cannot be read: {first.message}",
            "mend them there first, or judge by the rules of now: --policy-from head",
        ) from None
    return copy
