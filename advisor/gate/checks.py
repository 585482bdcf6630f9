"""What each workload did wrong: a finding for every check that the policy makes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from advisor.arithmetic import to_decimal
from advisor.gate.outcome import Finding, percent_of
from advisor.gate.policy_file import place
from advisor.gate.wording import percent, usd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from advisor.document.tree import Path
    from advisor.gate.difference import Compared
    from advisor.gate.outcome import Code, Place, Severity, Side
    from advisor.gate.policy import Policy, Threshold, UnitThreshold
    from advisor.gate.snapshot import Violation

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_LATENCY = "slo."
_NAMES = ("name", "environment", "tags", "waivers")


def findings_of(each: Compared, policy: Policy) -> Iterator[Finding]:
    """Yield everything that the gate has to say about one workload."""
    yield from unknowns_of(each)
    yield from _increases(each, policy)
    yield from _unit_cost(each, policy)
    yield from _feasibility(each, policy)
    yield from _recommendation(each, policy)


def unknowns_of(each: Compared) -> Iterator[Finding]:
    """Yield what is not known, now and before."""
    if each.after is not None:
        for unknown in each.after.unknowns:
            yield finding(
                each,
                "data-missing",
                "fail",
                unknown.message,
                field=unknown.field,
                rule=unknown.price or unknown.code,
                help_="change the field, or add what is missing (`advisor prices refresh`)",
            )
    # What is deleted is not compared any more: how it was cannot fail anything.
    severity: Severity = "info" if each.after is None else "fail"
    reasons = each.unreadable
    if reasons:
        more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
        yield finding(
            each,
            "base-unreadable",
            severity,
            f"before, this file could not be read or priced: {reasons[0]}{more}",
            help_="mend it there first, or waive base-unreadable for this change",
        )


def exceeded(
    threshold: Threshold | UnitThreshold | None,
    amount: Decimal | None,
    before: Decimal | None,
) -> Decimal | None:
    """Return the limit that an increase is above; None where it is allowed or not judged.

    ``before`` None is something that was not there, of which there is no percentage.
    """
    if threshold is None or amount is None or amount <= 0:
        return None
    stated = getattr(threshold, threshold.__struct_fields__[0])
    limits = [] if stated is None else [to_decimal(stated)]
    if threshold.percent is not None and before is not None:
        limits.append(to_decimal(threshold.percent) * before / 100)
    if not limits:
        return None
    limit = min(limits) if threshold.when == "either" else max(limits)
    return limit if amount > limit else None


def _increases(each: Compared, policy: Policy) -> Iterator[Finding]:
    change = each.change
    if change.split is None or change.after is None:
        return
    before = None if change.status == "new" else change.before_usd
    own = change.split.usage_usd + change.split.design_usd
    limit = exceeded(policy.cost_increase.workload, own, before)
    if limit is not None:
        share = percent_of(own, before)
        what = (
            f"this new workload costs {usd(own)} a month"
            if change.status == "new"
            else f"{_parts(each)} {usd(own)} more a month{percent(share)}"
        )
        yield finding(
            each,
            "cost-increase",
            policy.severity.cost_increase,
            f"{what}; {usd(limit)} more are allowed",
            field=_edited(each),
            amount=own,
            limit=limit,
            share=share,
            help_="lower the cost, or waive cost-increase for this workload",
        )
    price = change.split.price_usd
    limit = exceeded(policy.price_increase.workload, price, before)
    if limit is not None:
        share = percent_of(price, before)
        yield finding(
            each,
            "price-increase",
            policy.severity.price_increase,
            f"prices alone cost {usd(price)} more a month{percent(share)}",
            amount=price,
            limit=limit,
            share=share,
        )


def _parts(each: Compared) -> str:
    split = each.change.split
    if split is None or not split.design_usd:
        return "usage costs"
    return "usage and design cost" if split.usage_usd else "the design costs"


def _unit_cost(each: Compared, policy: Policy) -> Iterator[Finding]:
    more = each.change.delta_per_million
    before = None if each.change.before is None else each.change.before.usd_per_million
    if more is not None and each.change.split is not None and not _only_price(each):
        limit = exceeded(policy.unit_cost_increase.workload, more, before)
        if limit is not None:
            share = percent_of(more, before)
            yield finding(
                each,
                "unit-cost-increase",
                policy.severity.unit_cost_increase,
                f"a million requests cost {usd(more)} more{percent(share)};"
                f" {usd(limit)} more are allowed",
                field=_edited(each),
                amount=more,
                limit=limit,
                share=share,
            )


def _only_price(each: Compared) -> bool:
    split = each.change.split
    return split is not None and not split.usage_usd and not split.design_usd


def _feasibility(each: Compared, policy: Policy) -> Iterator[Finding]:
    after, before = each.after, each.before
    if after is None or after.unknowns:
        # What is not known may be what makes it feasible; exit code 4 says so already.
        return
    if after.recommended is None:
        yield finding(
            each,
            "infeasible",
            policy.severity.infeasible,
            "no design meets the limits and the latency objective",
            existing=before is not None and not before.unknowns and before.recommended is None,
            help_="`advisor compare` names the smallest changes that reopen one",
        )
    had = set() if before is None else {violation.rule for violation in before.violations}
    for violation in after.violations:
        yield _violated(each, violation, policy, existing=violation.rule in had)


def _violated(each: Compared, violation: Violation, policy: Policy, *, existing: bool) -> Finding:
    severity = policy.severity
    code: Code = "rule-violated"
    message, strict = violation.because, severity.rule_violated
    if violation.effect == "warn":
        strict = severity.rule_warned
    elif violation.rule.startswith(_LATENCY):
        code, strict = "slo-missed", severity.slo_missed
        side = each.change.after
        message = _latency(side) or violation.because
    return finding(
        each,
        code,
        strict,
        message,
        rule=violation.rule,
        field=violation.field,
        existing=existing,
    )


def _latency(side: Side | None) -> str | None:
    if side is None or side.latency_ms is None or side.objective_ms is None:
        return None
    return (
        f"p{side.percentile:g} is {side.latency_ms:,.0f} ms with the declared design,"
        f" the objective is {side.objective_ms:,.0f} ms"
    )


def _recommendation(each: Compared, policy: Policy) -> Iterator[Finding]:
    after, before = each.after, each.before
    if after is None or after.recommended is None:
        return
    if before is not None and before.recommended not in (None, after.recommended):
        yield finding(
            each,
            "recommendation-changed",
            "info",
            f"now {_options(after.recommended)} is recommended,"
            f" before it was {_options(before.recommended or {})}",
        )
    margin = after.margin_usd
    if after.declared is None or margin is None:
        return
    limit = exceeded(policy.not_recommended, margin, after.recommended_usd)
    if limit is None:
        return
    was = (
        before is not None
        and before.declared is not None
        and before.design == after.design
        and exceeded(policy.not_recommended, before.margin_usd, before.recommended_usd) is not None
    )
    share = percent_of(margin, after.recommended_usd)
    yield finding(
        each,
        "not-recommended",
        policy.severity.not_recommended,
        f"{_options(after.design)} costs {usd(margin)} more a month{percent(share)} than"
        f" {_options(after.recommended)}; {usd(limit)} more are allowed",
        field="current",
        amount=margin,
        limit=limit,
        share=share,
        existing=was,
        help_="change the design, or waive not-recommended for this workload",
    )


def finding(
    each: Compared,
    code: Code,
    severity: Severity,
    message: str,
    *,
    field: str | None = None,
    rule: str | None = None,
    amount: Decimal | None = None,
    limit: Decimal | None = None,
    share: Decimal | None = None,
    existing: bool = False,
    help_: str | None = None,
) -> Finding:
    """Return a finding about a workload, at its field or at its name."""
    return Finding(
        code=code,
        severity=severity,
        state="existing" if existing else "new",
        message=message,
        place=at(each, field or "name"),
        workload=each.change.name,
        rule=rule,
        field=field,
        amount=amount,
        limit=limit,
        percent=share,
        help=help_,
    )


def at(each: Compared, field: str) -> Place:
    """Return where a dotted field of a workload stands."""
    path: Path = tuple(int(index) if index else name for name, index in _STEP.findall(field))
    return place(each.file, each.document, path)


def _edited(each: Compared) -> str | None:
    """Return the first edited field that can have moved the cost."""
    for change in each.change.fields:
        if not change.field.startswith(_NAMES):
            return change.field
    return None


def _options(design: Any) -> str:
    return " + ".join(option for option in design.values() if option != "none")
