"""What a comparison of workloads with before came to: the one value that every format renders.

Amounts are exact: each is a Decimal in USD a month, kept to a millionth of a millionth
(``AMOUNT_STEP``), so that parts add up to their sum without a remainder. Rounding for people is the
writers' business. Texts that come from files (names, reasons, paths) are as they were written;
each writer escapes them for its format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from advisor.gate.amounts import AMOUNT_STEP, exact, percent_of
from advisor.gate.change import (
    FieldChange,
    LineChange,
    Side,
    Split,
    Totals,
    WorkloadChange,
)
from advisor.gate.codes import (
    ATTRIBUTION,
    CODES,
    MOVING_CODES,
    UNKNOWN_CODES,
    Code,
    Severity,
    State,
    Status,
    Verdict,
    WaiverStanding,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

__all__ = [
    "AMOUNT_STEP",
    "ATTRIBUTION",
    "CODES",
    "UNKNOWN_CODES",
    "Base",
    "Code",
    "FieldChange",
    "Finding",
    "GroupSum",
    "LineChange",
    "Outcome",
    "Place",
    "PolicyChange",
    "Prices",
    "Severity",
    "Side",
    "Split",
    "State",
    "Status",
    "Totals",
    "Verdict",
    "Waiver",
    "WaiverStanding",
    "WorkloadChange",
    "exact",
    "percent_of",
]


class Place(Struct, frozen=True, kw_only=True):
    """Where something stands: a path from the working directory; line and column count from 1."""

    file: str
    line: int | None = None
    column: int | None = None


class GroupSum(Struct, frozen=True, kw_only=True):
    """A budget of the policy, and what it is spent on.

    ``tags`` selects the workloads of a group, ``workload`` a single one. ``files`` are those that
    it covers. An amount is None where one of them has no price.
    """

    name: str
    tags: Mapping[str, str]
    workload: str | None
    files: tuple[str, ...]
    budget_usd: Decimal
    before_usd: Decimal | None
    after_usd: Decimal | None
    place: Place | None

    @property
    def over_usd(self) -> Decimal | None:
        """Return by how much the budget is exceeded now; zero or less when it is kept."""
        return None if self.after_usd is None else self.after_usd - self.budget_usd


class Waiver(Struct, frozen=True, kw_only=True):
    """A waiver, and what it came to.

    ``check`` is the code that it covers; ``workload``, ``budget`` and ``rule`` narrow it down.
    ``up_to`` is the largest amount that it covers, in USD a month (for unit-cost-increase in USD
    per million requests), None where the check has no amount. ``until`` is the last day on which
    it holds. ``standing``: used; unused; expired, and it would have been needed; too-small for
    what it would have covered; pending, because the base's policy judges and it is not there yet.
    """

    check: Code
    workload: str | None
    budget: str | None
    rule: str | None
    up_to: Decimal | None
    because: str
    decided_by: str
    until: str
    place: Place
    standing: WaiverStanding


class PolicyChange(Struct, frozen=True, kw_only=True):
    """A change to what judges: the policy, a waiver, the baseline file or the price table.

    ``field`` is the dotted key, or the waiver in words; ``before`` and ``after`` are texts, None
    where it is absent. ``loosens`` says that the change lets more pass; None where nobody can say.
    """

    kind: Literal["policy", "waiver", "baseline", "prices", "rules"]
    field: str
    before: str | None
    after: str | None
    loosens: bool | None
    place: Place


class Finding(Struct, frozen=True, kw_only=True):
    """Something that the gate has to say.

    ``severity`` is the check's own, by the policy. ``state`` is ``new``; ``existing`` when the base
    had it already, so that it does not fail again; ``waived`` when ``waiver`` covers it.
    ``amount`` is what a waiver has to cover and what findings are sorted by, in USD a month (for
    unit-cost-increase in USD per million requests), None for checks without an amount; ``limit`` is
    the amount that the policy allows, ``percent`` the size in percent, where there is one.
    ``message`` is one sentence without the file's name; ``help`` what to do.
    """

    code: Code
    severity: Severity
    state: State
    message: str
    place: Place | None
    workload: str | None = None
    budget: str | None = None
    rule: str | None = None
    field: str | None = None
    amount: Decimal | None = None
    limit: Decimal | None = None
    percent: Decimal | None = None
    help: str | None = None
    waiver: Waiver | None = None

    @property
    def blocks(self) -> bool:
        """Return whether the finding makes the gate fail."""
        return self.severity == "fail" and self.state == "new"

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what stays the same from run to run: the ground for a stable fingerprint.

        No line, no amount: they move while the finding stays. The edited field that a cost is
        shown at moves too.
        """
        file = "" if self.place is None else self.place.file
        field = None if self.code in MOVING_CODES else self.field
        parts = (self.workload, self.budget, self.rule, field)
        return (self.code, file, *(part or "" for part in parts))


class Prices(Struct, frozen=True, kw_only=True):
    """The prices of one side: the newest row's day, the table and its digest."""

    as_of: str
    origin: str
    digest: str


class Base(Struct, frozen=True, kw_only=True):
    """What the workloads are compared with.

    ``name`` is what the user wrote. For ``revision`` the commit that was read is ``commit``: the
    ``merge-base`` of HEAD and the revision, or its ``tip``. For ``baseline`` it is a file that
    ``advisor baseline`` wrote, read from ``commit`` when the name says REVISION:PATH. For ``files``
    (``advisor diff A B``) ``name`` is the first path.
    """

    kind: Literal["revision", "baseline", "files"]
    name: str
    commit: str | None = None
    point: Literal["merge-base", "tip"] | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """The whole result. ``workloads`` are sorted by file, ``findings`` by weight.

    Findings: those that block first, then by severity, then the largest amount, then by file.
    ``judged`` False is `advisor diff`: the same comparison without checks and verdict.
    ``policy`` is the policy file that judged, None for the defaults; ``policy_from`` the side that
    it was read from. ``as_of`` is the day on which waivers were looked at, None without
    any: then the outcome is the same on every day.
    """

    judged: bool
    as_of: str | None
    base: Base
    policy: str | None
    policy_from: Literal["head", "base"]
    prices_before: Prices | None
    prices_after: Prices | None
    workloads: tuple[WorkloadChange, ...]
    totals: Totals
    groups: tuple[GroupSum, ...]
    findings: tuple[Finding, ...]
    policy_changes: tuple[PolicyChange, ...]
    waivers: tuple[Waiver, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Return what makes the gate fail, unknowns apart."""
        return tuple(f for f in self.findings if f.blocks and f.code not in UNKNOWN_CODES)

    @property
    def unknowns(self) -> tuple[Finding, ...]:
        """Return what nobody can tell, as far as no waiver accepts it."""
        return tuple(f for f in self.findings if f.blocks and f.code in UNKNOWN_CODES)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what is worth a look and fails nothing."""
        return tuple(f for f in self.findings if f.severity == "warn" and f.state == "new")

    @property
    def existing(self) -> tuple[Finding, ...]:
        """Return what the base had already: the ratchet lets it pass and counts it."""
        return tuple(f for f in self.findings if f.state == "existing")

    @property
    def waived(self) -> tuple[Finding, ...]:
        """Return what a waiver covers."""
        return tuple(f for f in self.findings if f.state == "waived")

    @property
    def verdict(self) -> Verdict:
        """Return ``unknown`` before ``fail``: with data missing, not even a failure is complete."""
        if self.unknowns:
            return "unknown"
        return "fail" if self.failures else "pass"

    @property
    def exit_code(self) -> int:
        """0 nothing got worse, 1 something did, 4 nobody can tell."""
        return {"pass": 0, "fail": 1, "unknown": 4}[self.verdict]
