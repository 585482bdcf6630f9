"""What a comparison of workloads with before came to: the one value that every format renders.

Amounts are exact: each is a Decimal in USD a month, kept to a millionth of a millionth
(``AMOUNT_STEP``), so that parts add up to their sum without a remainder. Rounding for people is the
writers' business. Texts that come from files (names, reasons, paths) are as they were written;
each writer escapes them for its format.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

AMOUNT_STEP = Decimal("1e-12")
_WIDE = Context(prec=200)
"""Absurd workloads cost more than the default context has digits for; they must not crash."""
ATTRIBUTION = (
    "price first (the quantities of before at the prices of now), then usage (the usage of now with"
    " the design of before), then design (what is left)"
)
"""In which order a difference is split, for the formats that say so."""

Severity: TypeAlias = Literal["fail", "warn", "info"]
State: TypeAlias = Literal["new", "existing", "waived"]
Status: TypeAlias = Literal["new", "renamed", "deleted", "changed", "unchanged"]
Verdict: TypeAlias = Literal["pass", "fail", "unknown"]
WaiverStanding: TypeAlias = Literal["used", "unused", "expired", "too-small", "pending"]
Code: TypeAlias = Literal[
    "cost-increase",
    "price-increase",
    "budget",
    "unit-cost-increase",
    "not-recommended",
    "infeasible",
    "slo-missed",
    "rule-violated",
    "data-missing",
    "base-unreadable",
    "policy-changed",
    "waiver-expired",
    "waiver-too-small",
    "waiver-unused",
    "recommendation-changed",
]
CODES: Mapping[Code, str] = {
    "cost-increase": "The monthly cost rises by more than the policy allows",
    "price-increase": "Prices alone raise the monthly cost by more than the policy allows",
    "budget": "A workload or a group of workloads is over its budget",
    "unit-cost-increase": "The cost per million requests rises by more than the policy allows",
    "not-recommended": "The declared design costs more than the recommended one, beyond the margin",
    "infeasible": "No design meets the limits and the latency objective any more",
    "slo-missed": "The declared design misses the latency objective",
    "rule-violated": "The design breaks a rule that it kept before",
    "data-missing": "A price or a fact that the answer needs is not known",
    "base-unreadable": "The file cannot be read or priced as it was before",
    "policy-changed": "The policy, a waiver, the baseline or the price table changes",
    "waiver-expired": "A waiver that would be needed has expired",
    "waiver-too-small": "A waiver does not reach as far as what it should cover",
    "waiver-unused": "A waiver covers nothing",
    "recommendation-changed": "Another design is recommended than before",
}
"""Every code that a finding can have, with a title; codes are a contract and never change."""
UNKNOWN_CODES: frozenset[Code] = frozenset({"data-missing", "base-unreadable"})
"""Codes that mean "nobody can tell": alone they end with exit code 4, whatever else passes."""


class Place(Struct, frozen=True, kw_only=True):
    """Where something stands: a path from the working directory; line and column count from 1."""

    file: str
    line: int | None = None
    column: int | None = None


class Split(Struct, frozen=True, kw_only=True):
    """What a difference is made of, in the order of ``ATTRIBUTION``; the parts add up exactly.

    ``note`` says why two parts could not be told apart, where that is so.
    """

    price_usd: Decimal
    usage_usd: Decimal
    design_usd: Decimal
    note: str | None = None

    @property
    def total_usd(self) -> Decimal:
        return self.price_usd + self.usage_usd + self.design_usd


class Side(Struct, frozen=True, kw_only=True):
    """A workload on one side of the comparison, with the design that is judged.

    That is the design which the file declares under ``current``, else the recommended one.
    ``design`` maps each decision to its option and is empty where no design is left; ``sizing``
    has what identifies a size, such as architecture and memory_mb. ``monthly_usd`` is None where
    the design cannot be priced. ``recommended_usd`` and ``margin_usd`` are the recommended
    design's cost and how much more the judged one costs: zero for the recommended one itself.
    ``latency_ms`` is reached, and ``objective_ms`` wanted, at the objective's ``percentile``.
    """

    design: Mapping[str, str]
    declared: bool
    sizing: Mapping[str, str | float]
    feasible: bool
    monthly_requests: float
    monthly_usd: Decimal | None
    usd_per_million: Decimal | None
    recommended: Mapping[str, str] | None = None
    recommended_usd: Decimal | None = None
    margin_usd: Decimal | None = None
    percentile: float | None = None
    objective_ms: float | None = None
    latency_ms: float | None = None


class LineChange(Struct, frozen=True, kw_only=True):
    """A line item of a bill that is not the same on both sides; None on the side without it."""

    service: str
    item: str
    unit: str
    before_quantity: Decimal | None
    after_quantity: Decimal | None
    before_unit_price_usd: Decimal | None
    after_unit_price_usd: Decimal | None
    before_usd: Decimal | None
    after_usd: Decimal | None

    @property
    def delta_usd(self) -> Decimal:
        return (self.after_usd or Decimal(0)) - (self.before_usd or Decimal(0))


class FieldChange(Struct, frozen=True, kw_only=True):
    """A field of the workload file that differs, as text; None where it is absent."""

    field: str
    before: str | None
    after: str | None


class WorkloadChange(Struct, frozen=True, kw_only=True):
    """A workload file now against before.

    ``file`` is the path from the working directory (that of before for a deleted one),
    ``renamed_from`` the path it had. ``before`` is None for a new workload and for one whose base
    cannot be read, ``after`` for a deleted one. ``split`` is None where a side has no price.
    ``lines`` are the line items that differ, the largest difference first; ``fields`` what was
    edited in the file, empty against a baseline file, which does not hold it.
    """

    name: str
    file: str
    region: str
    tags: Mapping[str, str]
    status: Status
    renamed_from: str | None
    before: Side | None
    after: Side | None
    split: Split | None
    lines: tuple[LineChange, ...]
    fields: tuple[FieldChange, ...] = ()

    @property
    def before_usd(self) -> Decimal | None:
        """Return the cost before; zero for a workload that was not there."""
        return _amount_of(self.before, self.status == "new")

    @property
    def after_usd(self) -> Decimal | None:
        """Return the cost now; zero for a workload that is gone."""
        return _amount_of(self.after, self.status == "deleted")

    @property
    def delta_usd(self) -> Decimal | None:
        """Return the difference a month; None where a side has no price."""
        before, after = self.before_usd, self.after_usd
        return None if before is None or after is None else after - before

    @property
    def delta_percent(self) -> Decimal | None:
        """Return the difference in percent of before; None where before is nothing or unknown."""
        return percent_of(self.delta_usd, self.before_usd)

    @property
    def delta_per_million(self) -> Decimal | None:
        """Return the difference of the cost of a million requests, where both sides have one."""
        before = None if self.before is None else self.before.usd_per_million
        after = None if self.after is None else self.after.usd_per_million
        return None if before is None or after is None else after - before


class Totals(Struct, frozen=True, kw_only=True):
    """The sum of the workloads whose price is known on both sides.

    ``left_out`` names the files that are not in the sum, because a side has no price.
    """

    before_usd: Decimal
    after_usd: Decimal
    split: Split
    left_out: tuple[str, ...] = ()

    @property
    def delta_usd(self) -> Decimal:
        return self.after_usd - self.before_usd

    @property
    def delta_percent(self) -> Decimal | None:
        return percent_of(self.delta_usd, self.before_usd)


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

    kind: Literal["policy", "waiver", "baseline", "prices"]
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

        No line, no amount: they move while the finding stays.
        """
        file = "" if self.place is None else self.place.file
        parts = (self.workload, self.budget, self.rule, self.field)
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


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a part in percent of a positive whole, to six digits after the point; else None."""
    if part is None or whole is None or whole <= 0:
        return None
    return (part * 100 / whole).quantize(Decimal("1e-6"), context=_WIDE)


def exact(amount: Decimal | int) -> Decimal:
    """Return an amount as it is kept here: to a millionth of a millionth of a USD."""
    return Decimal(amount).quantize(AMOUNT_STEP, context=_WIDE)


def _amount_of(side: Side | None, absent: bool) -> Decimal | None:  # noqa: FBT001 - two words
    if side is None:
        return Decimal(0) if absent else None
    return side.monthly_usd
