"""What the formats of the gate share: the answer in words, figures with a sign, places, order."""

from __future__ import annotations

import re
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from advisor.decisions.recommendation import Design
from advisor.gate.outcome import Place
from advisor.gate.wording import usd
from advisor.wording import naming, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.gate.outcome import Finding, Outcome, Side, Split, Waiver, WorkloadChange

VERDICTS = {"pass": "Passed", "fail": "Failed", "unknown": "Cannot tell"}
_DEFAULT_POLICY = "advisor.yaml"
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMMAND = re.compile(r"^([^\S\n]*:):|#(?=#)", re.MULTILINE)


class Group(Struct, frozen=True, kw_only=True):
    """Findings of one kind, heaviest first; ``one`` and ``many`` are the kind's name."""

    one: str
    many: str
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """Return the number of findings and their kind: "2 failures"."""
        count = len(self.findings)
        return f"{count:,} {self.one if count == 1 else self.many}"


def groups(outcome: Outcome) -> tuple[Group, ...]:
    """Return all findings by kind, the kinds that decide the verdict first, none empty.

    Changes to what judges are left out unless they fail or are waived: ``policy_changes`` of the
    outcome has them all, and every format shows them.
    """
    remarks = tuple(f for f in outcome.findings if f.severity == "info" and f.state == "new")
    kinds = (
        ("unknown", "unknowns", outcome.unknowns),
        ("failure", "failures", outcome.failures),
        ("warning", "warnings", _told_once(outcome.warnings)),
        ("remark", "remarks", _told_once(remarks)),
        ("waived", "waived", outcome.waived),
        ("was there before", "were there before", outcome.existing),
    )
    return tuple(
        Group(one=one, many=many, findings=findings) for one, many, findings in kinds if findings
    )


def answer(outcome: Outcome) -> str:
    """Return the verdict and the difference: "Failed: +12.55 USD a month (+28 %)".

    A comparison without verdict has the difference alone. What is not in the sum is said at once.
    """
    text = difference(outcome)
    return f"{VERDICTS[outcome.verdict]}: {text}" if outcome.judged else text


def difference(outcome: Outcome) -> str:
    """Return the difference of all workloads whose price is known on both sides."""
    totals, count = outcome.totals, len(outcome.workloads)
    left_out = len(totals.left_out)
    if not left_out:
        return f"{signed(totals.delta_usd)} USD a month{_in_brackets(totals.delta_percent)}"
    if left_out >= count:
        return "the difference is unknown"
    return (
        f"{signed(totals.delta_usd)} USD a month{_in_brackets(totals.delta_percent)}"
        f" without {left_out:,} of {count:,} workloads"
    )


def unit_cost(outcome: Outcome) -> str:
    """Return the difference per million requests where one workload differs, else nothing."""
    changed = moved(outcome)
    delta = changed[0].delta_per_million if len(changed) == 1 else None
    return f", {signed(delta)} USD per million requests" if delta else ""


def parts(split: Split) -> str:
    """Return ": price 0.00, usage +11.35, design +1.20"; nothing where nothing differs."""
    if not (split.price_usd or split.usage_usd or split.design_usd):
        return ""
    return (
        f": price {signed(split.price_usd)}, usage {signed(split.usage_usd)},"
        f" design {signed(split.design_usd)}"
    )


def amount(value: Decimal | None) -> str:
    """Return an amount to the cent, and exactly enough below a cent, without its unit."""
    return "unknown" if value is None else usd(value).removesuffix(" USD")


def signed(value: Decimal | None) -> str:
    """Return a difference with its sign."""
    return f"+{amount(value)}" if value is not None and value > 0 else amount(value)


def percent(value: Decimal | None) -> str:
    """Return a difference in percent, with two digits at least, or nothing where there is none."""
    if not value:
        return "" if value is None else "0 %"
    if abs(value) < 1:
        return f"{value:+.2g} %"
    return f"{value:+,.{0 if abs(value) >= 10 else 1}f} %"


def sentence(finding: Finding) -> str:
    """Return what was found, with the name of the workload that it is about."""
    return f"{finding.workload}: {finding.message}" if finding.workload else finding.message


def size_of(finding: Finding) -> str:
    """Return the money of a finding: "+12.55 USD a month"; nothing where it has none."""
    if finding.amount is None:
        return ""
    per_million = "unit-cost-increase" in (finding.code, finding.waiver and finding.waiver.check)
    unit = "USD per million requests" if per_million else "USD a month"
    return f"{signed(finding.amount)} {unit}"


def about(waiver: Waiver) -> str:
    """Return what a waiver covers: "budget shop" or "rule-violated compute.connections, orders"."""
    names = [each for each in (waiver.budget, waiver.rule, waiver.workload) if each]
    return " ".join([waiver.check, ", ".join(names)]).strip()


def accepted(waiver: Waiver) -> str:
    """Return who decided on a waiver, why, and until when."""
    return f"{waiver.decided_by} until {waiver.until}: {waiver.because}"


def design(side: Side) -> str:
    """Return a design with its size: "Lambda behind HTTP API, arm64, 512 MB"."""
    if not side.design:
        return "no design"
    return ", ".join([naming.choices(Design(**side.design)), *_sizes(side.sizing)])


def _sizes(sizing: Mapping[str, str | float]) -> list[str]:
    units = {"memory_mb": "MB", "task_memory_mb": "MB", "task_vcpu": "vCPU"}
    return [
        f"{value:,g} {units.get(name, name)}" if isinstance(value, float | int) else value
        for name, value in sizing.items()
    ]


def moved(outcome: Outcome) -> list[WorkloadChange]:
    """Return the workloads that differ: those of unknown cost, then the largest difference.

    The cost of a file that nobody edited differs where a price does.
    """

    def weight(each: WorkloadChange) -> tuple[bool, Decimal, str]:
        delta = each.delta_usd
        return (delta is not None, -abs(delta or Decimal(0)), each.file)

    differs = (
        each for each in outcome.workloads if each.status != "unchanged" or each.delta_usd != 0
    )
    return sorted(differs, key=weight)


def where(place: Place | None) -> str:
    """Return file, line and column as compilers write them; nothing without a place."""
    if place is None:
        return ""
    return ":".join(str(each) for each in (place.file, place.line, place.column) if each)


def shown_at(outcome: Outcome, finding: Finding) -> Place:
    """Return where a finding is shown in a format in which each needs a place.

    A finding about all workloads is shown where its limit is or would be stated, unless there is no
    policy: then at the workload whose cost rises most.
    """
    if finding.place is not None:
        return finding.place
    rising = [each for each in outcome.workloads if (each.delta_usd or 0) > 0]
    if outcome.policy is not None or not rising:
        return Place(file=outcome.policy or _DEFAULT_POLICY)
    return Place(file=max(rising, key=lambda each: each.delta_usd or 0).file)


def fingerprints(outcome: Outcome) -> list[str]:
    """Return for each finding 64 hexadecimal digits that stay while the finding stays.

    Findings of the same identity are told apart by their order.
    """
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for finding in outcome.findings:
        identity = tuple(well_formed(part) for part in finding.identity)
        number = seen[identity] = seen.get(identity, 0) + 1
        found.append(sha256(msgspec.json.encode([*identity, number])).hexdigest())
    return found


def clipped(text: str, most: int) -> str:
    """Return a text that people read in at most so many characters, without control characters."""
    return words.safe(text if len(text) <= most else f"{text[: most - 1]}…")


def well_formed(text: str) -> str:
    """Return a text that UTF-8 can hold: what is no character becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def inert(text: str) -> str:
    r"""Return output for a terminal in which a build server finds no command of its own.

    GitHub obeys a line that begins with ``::`` and anything after ``##[``, Azure what is after
    ``##vso[``, TeamCity after ``##teamcity[``; names that somebody chose may stand in a log.

    >>> inert("  ::error::x, ##[group]")
    '  :\\x3aerror::x, \\x23#[group]'
    """
    return _COMMAND.sub(lambda found: f"{found[1]}\\x3a" if found[1] else "\\x23", text)


def _told_once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.code != "policy-changed")


def _in_brackets(value: Decimal | None) -> str:
    return f" ({percent(value)})" if value else ""


def inert_json(text: str) -> str:
    """Return JSON that means the same and in which a build server finds no command."""
    return text.replace("##", "#\\u0023")


def basis(outcome: Outcome) -> list[str]:
    """Return what was compared, and what judged, as sentences."""
    base, now, before = outcome.base, outcome.prices_after, outcome.prices_before
    point = {"merge-base": "the merge base of HEAD and ", "tip": "", None: ""}[base.point]
    commit = f" ({base.commit[:12]})" if base.commit else ""
    lines = [f"Compared with {point}{base.name}{commit}."]
    if now is not None:
        lines.append(f"Prices as of {now.as_of} ({now.origin}, {now.digest[:12]}).")
    if before is not None and before != now:
        lines.append(f"Before: as of {before.as_of} ({before.origin}, {before.digest[:12]}).")
    if outcome.judged:
        side = " of the base" if outcome.policy_from == "base" else ""
        judge = outcome.policy or "the defaults, without a policy file"
        day = f", waivers as of {outcome.as_of}" if outcome.as_of else ""
        lines.append(f"Judged by {judge}{side}{day}.")
    return lines
