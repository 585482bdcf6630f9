"""What is compared with: a git revision or a baseline file, in one form."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.document.source import read_bytes
from advisor.errors import InputError
from advisor.gate import baseline, paths
from advisor.gate.git_process import GitFailed
from advisor.gate.outcome import Base, Place, PolicyChange
from advisor.gate.pairs import MAX_BYTES, Pair, pair, refuse_nothing
from advisor.gate.policy import Policy
from advisor.gate.policy_file import Judge, read_policy
from advisor.gate.revision import Revision, file_of
from advisor.gate.rules import rules_before
from advisor.workload.loading import loaded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from advisor.document.diagnostics import Diagnostic
    from advisor.gate.gate import Request
    from advisor.gate.outcome import Prices
    from advisor.gate.paths import Pattern


class Before(Struct, frozen=True, kw_only=True):
    """The base: pairs of files, its policy and its prices.

    ``has_policy`` says that the base tells its policy, even when that is the defaults. ``prices``
    are those of a baseline, which prices nothing again; ``table`` is the folder of the base's own
    price table and its name, None where both sides use one table. ``rules`` are where copies of the
    base's rules lie, None where the base does not tell them.
    """

    described: Base
    pairs: list[Pair]
    policy: Judge
    has_policy: bool
    prices: Prices | None = None
    table: tuple[str, str] | None = None
    rules: tuple[str, ...] | None = None
    changes: tuple[PolicyChange, ...] = ()


def read_before(request: Request, wanted: Sequence[Pattern], stack: ExitStack) -> Before:
    """Return the base that a request names; temporary files live as long as the stack."""
    if request.as_files:
        return _files(request)
    if request.against.endswith(".json"):
        return _baseline(request, wanted)
    return _revision(request, wanted, stack)


def is_file(name: str, folder: str) -> bool:
    """Return whether a name is that of a file, or of one in a revision, rather than a revision."""
    return os.path.lexists(os.path.join(folder, name)) or ":" in name


def _files(request: Request) -> Before:
    """Return two files as a pair; both must be readable, since both were named."""
    (after,) = request.files
    old, old_name = _content(request.against, request.folder)
    new, new_name = _content(after, request.folder)
    wrong: list[Diagnostic] = []
    for content, name in ((old, old_name), (new, new_name)):
        try:
            loaded(content, name)
        except InputError as error:
            wrong += error.diagnostics
    if wrong:
        raise InputError(wrong)
    return Before(
        described=Base(kind="files", name=request.against),
        pairs=[Pair(file=new_name, before=old, after=new)],
        policy=Judge(policy=Policy()),
        has_policy=False,
    )


def _content(name: str, folder: str) -> tuple[bytes, str]:
    if ":" in name and not os.path.lexists(os.path.join(folder, name)):
        return file_of(name, folder)[0], name
    paths.refuse_link_out(name, folder)
    return read_bytes(name, max_bytes=MAX_BYTES), name


def _revision(request: Request, wanted: Sequence[Pattern], stack: ExitStack) -> Before:
    revision = Revision(request.against, request.folder, tip=request.tip)
    judge, changes = _policy_of(revision, request)
    table = None
    if request.prices is not None and revision.holds(request.prices):
        table, changed = _table(revision, request.prices, stack)
        changes += changed
    rules, changed_rules = rules_before(revision, request.rules, stack)
    return Before(
        described=revision.described,
        pairs=revision.pairs(wanted),
        policy=judge,
        has_policy=True,
        table=table,
        rules=rules,
        changes=(*changes, *changed_rules),
    )


def _policy_of(revision: Revision, request: Request) -> tuple[Judge, tuple[PolicyChange, ...]]:
    """Return the base's policy; one that cannot be read only stops a run that judges by it."""
    named = None
    if request.policy is not None:
        named = os.path.normpath(os.path.join(request.folder, request.policy))
    found = revision.policy(named)
    if found is None:
        return Judge(policy=Policy()), ()
    path, content = found
    name = paths.shown(path, request.folder)
    try:
        judge = read_policy(content, f"{name} in {revision.tree.commit[:12]}")
    except InputError as error:
        if request.policy_from == "base":
            raise
        unreadable = PolicyChange(
            kind="policy",
            field="the file",
            before=f"not readable: {error.diagnostics[0].message}",
            after="read",
            loosens=None,
            place=Place(file=name),
        )
        return Judge(policy=Policy()), (unreadable,)
    # Lines of the base's text are not those of the file that a reviewer sees.
    return Judge(policy=judge.policy, file=name), ()


def _table(
    revision: Revision, folder: str, stack: ExitStack
) -> tuple[tuple[str, str] | None, tuple[PolicyChange, ...]]:
    """Return the price table that the base has in a folder of the repository, in a copy."""
    from advisor.tariff import open_table
    from advisor.tariff.digest import digest_of

    files = revision.table(folder)
    digest = open_table(folder).digest()
    before = None
    if files is not None:
        before = digest_of({name.removesuffix(".yaml"): text for name, text in files.items()})
        if before == digest:
            return None, ()
    change = PolicyChange(
        kind="prices",
        field=folder,
        before=None if before is None else f"digest {before[:12]}",
        after=f"digest {digest[:12]}",
        loosens=None,
        place=Place(file=folder),
    )
    if files is None:
        return None, (change,)
    copy = stack.enter_context(tempfile.TemporaryDirectory(prefix="advisor-prices-"))
    for name, content in files.items():
        with open(os.path.join(copy, name), "wb") as file:
            file.write(content)
    try:
        for service in open_table(copy).services():
            open_table(copy).tree(service)
    except InputError as error:
        first = error.diagnostics[0]
        where = os.path.basename(first.file)
        raise GitFailed(
            "bad-price-table",
            f"the price table {folder} in {revision.tree.commit[:12]} cannot be read:"
            f" {where}: {first.message}",
            "mend it there first, or compare with another revision",
        ) from None
    return (copy, f"{folder} in {revision.tree.commit[:12]}"), (change,)


def _baseline(request: Request, wanted: Sequence[Pattern]) -> Before:
    content, described, name = _baseline_file(request)
    found = baseline.read(content, request.against)
    home = os.path.dirname(os.path.join(request.folder, name))
    every = {baseline.key(home, each.file): each for each in found.workloads}
    known = {key: each for key, each in every.items() if any(p.matches(key) for p in wanted)}
    present = paths.files_now(wanted)
    refuse_nothing(wanted, [*present, *known])
    judge = Judge(policy=found.policy or Policy(), file=name if found.policy else None)
    return Before(
        described=described,
        pairs=pair({path: path for path in present}, dict(known), {}, request.folder),
        policy=judge,
        has_policy=found.policy is not None,
        prices=found.prices,
        changes=_baseline_change(content, name, described),
    )


def _baseline_file(request: Request) -> tuple[bytes, Base, str]:
    against = request.against
    if ":" in against and not os.path.lexists(os.path.join(request.folder, against)):
        content, commit, name = file_of(against, request.folder)
        return content, Base(kind="baseline", name=against, commit=commit), name
    paths.refuse_link_out(against, request.folder)
    content = read_bytes(against, max_bytes=baseline.MAX_BYTES)
    return content, Base(kind="baseline", name=against), against


def _baseline_change(content: bytes, name: str, described: Base) -> tuple[PolicyChange, ...]:
    """Return whether the baseline that a revision has is another one in the working directory."""
    if described.commit is None:
        return ()
    try:
        now = read_bytes(name, max_bytes=baseline.MAX_BYTES)
    except InputError:
        now = None
    if now == content:
        return ()
    return (
        PolicyChange(
            kind="baseline",
            field=name,
            before=f"that of {described.commit[:12]}",
            after=None if now is None else "another one",
            loosens=None,
            place=Place(file=name),
        ),
    )
