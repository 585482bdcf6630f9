"""Finding and reading the policy, and what cannot stand in one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.document.reader import read
from advisor.document.tree import Path, parse
from advisor.errors import InputError
from advisor.gate.outcome import Place
from advisor.gate.policy import FILE_NAME, Policy
from advisor.workload.waivers import check_waivers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document
    from advisor.gate.policy import Threshold, UnitThreshold

MAX_BYTES = 1024 * 1024


class Judge(Struct, frozen=True, kw_only=True):
    """A policy, and where it stands: ``file`` None for the defaults.

    ``document`` None means that places in the file are not known.
    """

    policy: Policy
    file: str | None = None
    document: Document | None = None

    def place(self, *path: str | int) -> Place | None:
        """Return where a value of the policy stands; None for one of the command line."""
        if self.file is None:
            return None
        if self.document is not None and path not in self.document.positions:
            return None
        return place(self.file, self.document, path)


def place(file: str, document: Document | None, path: Path, *, key: bool = False) -> Place:
    """Return the place of a value in a file, as well as it is known."""
    found = None if document is None else document.locate(path, key=key)
    if found is None:
        return Place(file=file)
    return Place(file=file, line=found.line, column=found.column)


def find(folder: str) -> str | None:
    """Return the path of the policy in a folder or above it, up to the top of its repository."""
    while True:
        path = os.path.join(folder, FILE_NAME)
        if os.path.lexists(path):
            return path
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")):
            return None
        folder = above


def read_policy(content: bytes, name: str) -> Judge:
    """Read and check a policy; raise InputError with everything that is wrong."""
    document = parse(content, name)
    policy = read(document, Policy)
    wrong = list(_wrong(policy, document))
    if wrong:
        raise InputError(wrong)
    return Judge(policy=policy, file=name, document=document)


def _wrong(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    budgets = policy.budgets or []
    names = [budget.name for budget in budgets]
    if policy.prices_as_of is not None and not _is_day(policy.prices_as_of):
        yield document.diagnostic(
            ("prices_as_of",),
            code="no-such-day",
            message=f"`{policy.prices_as_of}` is not a day of the calendar",
            help="write a day such as 2026-10-01",
        )
    for path, threshold in thresholds(policy):
        limits = [getattr(threshold, name) for name in threshold.__struct_fields__[:2]]
        if limits == [None, None]:
            yield document.diagnostic(
                path,
                code="threshold-empty",
                message=f"`{'.'.join(path)}` limits nothing",
                help=f"give it `{threshold.__struct_fields__[0]}` or `percent`, or leave it out",
                key=True,
            )
    for index, budget in enumerate(budgets):
        if budget.name in names[:index]:
            yield document.diagnostic(
                ("budgets", index, "name"),
                code="name-given-twice",
                message=f"there are two budgets `{budget.name}`",
                help="give each budget a name of its own: waivers name it",
            )
        if budget.workload is not None and budget.tags is not None:
            yield document.diagnostic(
                ("budgets", index, "tags"),
                code="budget-of-two-kinds",
                message="a budget is for a workload or for tags, not for both",
                help="remove `workload` or `tags`",
                key=True,
            )
    waivers = policy.waivers or []
    yield from check_waivers(waivers, document, ("waivers",))
    for index, waiver in enumerate(waivers):
        if waiver.budget is not None and waiver.check != "budget":
            yield document.diagnostic(
                ("waivers", index, "budget"),
                code="waiver-with-budget",
                message=f"{waiver.check} is not about a budget",
                help="remove `budget`, or write `check: budget`",
                key=True,
            )
        elif waiver.check == "budget" and waiver.budget not in names:
            shown = "no budget" if waiver.budget is None else f"`{waiver.budget}`"
            yield document.diagnostic(
                ("waivers", index, "budget"),
                code="unknown-budget",
                message=f"a waiver of a budget names {shown}, which this file does not have",
                help=f"budgets: {', '.join(names)}" if names else "there is no budget here",
            )
        elif waiver.check in _OF_A_WORKLOAD and waiver.workload is None:
            yield document.diagnostic(
                ("waivers", index),
                code="waiver-without-workload",
                message=f"a waiver of {waiver.check} has to name its workload",
                help="add `workload:`, or put the waiver into the workload's own file",
            )


def thresholds(policy: Policy) -> Iterator[tuple[tuple[str, ...], Threshold | UnitThreshold]]:
    """Yield every threshold of a policy with its path."""
    given = {
        ("cost_increase", "workload"): policy.cost_increase.workload,
        ("cost_increase", "total"): policy.cost_increase.total,
        ("price_increase", "workload"): policy.price_increase.workload,
        ("price_increase", "total"): policy.price_increase.total,
        ("unit_cost_increase", "workload"): policy.unit_cost_increase.workload,
        ("not_recommended",): policy.not_recommended,
    }
    yield from ((path, each) for path, each in given.items() if each is not None)


_OF_A_WORKLOAD = (
    "unit-cost-increase",
    "not-recommended",
    "infeasible",
    "slo-missed",
    "rule-violated",
    "base-unreadable",
)


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
