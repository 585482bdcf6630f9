"""Waivers: which findings they let pass, and which waivers do not do what they were meant to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.arithmetic import to_decimal
from advisor.gate.outcome import Finding, Place, Waiver
from advisor.gate.wording import usd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from advisor.gate.outcome import Code, Severity, WaiverStanding
    from advisor.workload.waivers import Waiver as StatedWaiver


class Stated(Struct, frozen=True, kw_only=True):
    """A waiver as it was written, and where.

    ``file`` and ``name`` are those of the workload that it stands in, None for one of the policy.
    A ``pending`` one is not there in the base, whose policy judges.
    """

    waiver: StatedWaiver
    place: Place
    file: str | None = None
    name: str | None = None
    pending: bool = False

    @property
    def workload(self) -> str | None:
        return getattr(self.waiver, "workload", None)

    @property
    def budget(self) -> str | None:
        return getattr(self.waiver, "budget", None)

    @property
    def up_to(self) -> Decimal | None:
        amount = self.waiver.up_to_usd
        return None if amount is None else to_decimal(amount)

    def concerns(self, finding: Finding) -> bool:
        """Return whether the waiver was written for such a finding."""
        if finding.code != self.waiver.check:
            return False
        if self.waiver.rule not in (None, finding.rule):
            return False
        if self.file is not None and finding.code == "budget":
            return finding.workload == self.name
        if self.file is not None:
            return finding.place is not None and finding.place.file == self.file
        if self.waiver.check == "budget":
            return finding.budget == self.budget
        return finding.workload == self.workload

    def described(self, standing: WaiverStanding) -> Waiver:
        """Return the waiver as the outcome shows it."""
        return Waiver(
            check=self.waiver.check,
            workload=self.workload,
            budget=self.budget,
            rule=self.waiver.rule,
            up_to=self.up_to,
            because=self.waiver.because,
            decided_by=self.waiver.decided_by,
            until=self.waiver.until,
            place=self.place,
            standing=standing,
        )


def apply(
    findings: Sequence[Finding], stated: Sequence[Stated], today: str, unused: Severity
) -> tuple[list[Finding], tuple[Waiver, ...]]:
    """Return the findings with waivers applied, and what became of each waiver.

    ``today`` is the day, in ISO form, on which waivers have to hold; ``unused`` the severity of a
    waiver that covers nothing.
    """
    standing: dict[int, WaiverStanding] = {
        index: "pending" for index, each in enumerate(stated) if each.pending
    }
    judged: list[Finding] = []
    for finding in findings:
        concerned = [
            index
            for index, each in enumerate(stated)
            if not each.pending and finding.severity != "info" and each.concerns(finding)
        ]
        valid = [index for index in concerned if stated[index].waiver.until >= today]
        enough = [index for index in valid if _reaches(stated[index], finding)]
        if enough:
            chosen = enough[0]
            standing[chosen] = "used"
            waiver = stated[chosen].described("used")
            judged.append(replace(finding, state="waived", waiver=waiver))
            continue
        judged.append(finding)
        if concerned:
            chosen = (valid or concerned)[-1]
            failed: WaiverStanding = "too-small" if valid else "expired"
            if standing.get(chosen) != "used":
                standing[chosen] = failed
            judged.append(_failed(stated[chosen], finding, failed))
    for index, each in enumerate(stated):
        if index not in standing:
            standing[index] = "unused"
            judged.append(_unused(each, today, unused))
    return judged, tuple(each.described(standing[i]) for i, each in enumerate(stated))


def _reaches(each: Stated, finding: Finding) -> bool:
    up_to = each.up_to
    return finding.amount is None or (up_to is not None and finding.amount <= up_to)


def _failed(each: Stated, finding: Finding, standing: WaiverStanding) -> Finding:
    code: Code = "waiver-expired"
    message = f"the waiver of {finding.code} expired on {each.waiver.until}"
    if standing == "too-small":
        code = "waiver-too-small"
        message = (
            f"the waiver of {finding.code} reaches {usd(each.up_to or to_decimal(0))},"
            f" {usd(finding.amount or to_decimal(0))} are needed"
        )
    return Finding(
        code=code,
        severity=finding.severity,
        state="new",
        message=f"{message}: {finding.message}",
        place=each.place,
        workload=finding.workload,
        budget=finding.budget,
        rule=finding.rule,
        field=str(each.waiver.check),
        amount=finding.amount,
        limit=each.up_to,
        waiver=each.described(standing),
        help="mend what it covers, or have it decided again",
    )


def _unused(each: Stated, today: str, severity: Severity) -> Finding:
    expired = f" and expired on {each.waiver.until}" if each.waiver.until < today else ""
    return Finding(
        code="waiver-unused",
        severity=severity,
        state="new",
        message=f"this waiver of {each.waiver.check} covers nothing{expired}",
        place=each.place,
        workload=each.workload,
        budget=each.budget,
        rule=each.waiver.rule,
        field=str(each.waiver.check),
        waiver=each.described("unused"),
        help="remove it",
    )
