"""Findings about more than one workload: the sum of all, and budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import to_decimal
from advisor.gate.attribution import NOTHING
from advisor.gate.checks import exceeded
from advisor.gate.outcome import Finding, GroupSum, exact, percent_of
from advisor.gate.wording import percent, usd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from advisor.gate.difference import Compared
    from advisor.gate.outcome import Totals
    from advisor.gate.policy import Budget
    from advisor.gate.policy_file import Judge
    from advisor.gate.snapshot import Snapshot


def total_findings(totals: Totals, judge: Judge) -> Iterator[Finding]:
    """Yield the increases of the sum."""
    policy = judge.policy
    before = totals.before_usd or None
    own = totals.split.usage_usd + totals.split.design_usd
    limit = exceeded(policy.cost_increase.total, own, before)
    if limit is not None:
        share = percent_of(own, before)
        yield Finding(
            code="cost-increase",
            severity=policy.severity.cost_increase,
            state="new",
            message=f"usage and design of all workloads cost {usd(own)} more a month"
            f"{percent(share)}; {usd(limit)} more are allowed",
            place=judge.place("cost_increase", "total"),
            amount=own,
            limit=limit,
            percent=share,
            help="lower the cost, or waive cost-increase for the sum in advisor.yaml",
        )
    price = totals.split.price_usd
    limit = exceeded(policy.price_increase.total, price, before)
    if limit is not None:
        share = percent_of(price, before)
        yield Finding(
            code="price-increase",
            severity=policy.severity.price_increase,
            state="new",
            message=f"prices alone cost {usd(price)} more a month{percent(share)}",
            place=judge.place("price_increase", "total"),
            amount=price,
            limit=limit,
            percent=share,
        )


def groups_of(
    workloads: Sequence[Compared], judge: Judge, *, trusted: bool
) -> tuple[GroupSum, ...]:
    """Return every budget with what it is spent on.

    ``trusted`` False also counts a workload whose tags put it there before: a change must not get
    out of a budget by taking a tag off.
    """
    return tuple(
        _group(index, budget, workloads, judge, trusted=trusted)
        for index, budget in enumerate(judge.policy.budgets or [])
    )


def budget_findings(groups: Sequence[GroupSum], judge: Judge) -> Iterator[Finding]:
    """Yield the budgets that are exceeded, that nobody can tell of, and that cover nothing."""
    severity = judge.policy.severity.budget
    for group in groups:
        over = group.over_usd
        if not group.files:
            yield Finding(
                code="budget",
                severity="info",
                state="new",
                message=f"the budget {group.name} covers none of the workloads that were looked at",
                place=group.place,
                budget=group.name,
            )
        elif over is None:
            yield Finding(
                code="data-missing",
                severity="fail",
                state="new",
                message=f"what {group.name} spends is not known: a workload has no price",
                place=group.place,
                budget=group.name,
            )
        elif over > 0:
            before, after = group.before_usd, group.after_usd or NOTHING
            had = before is not None and before > group.budget_usd and after <= before
            share = percent_of(over, group.budget_usd)
            yield Finding(
                code="budget",
                severity=severity,
                state="existing" if had else "new",
                message=f"{group.name} costs {usd(after)} a month, {usd(over)}{percent(share)}"
                f" over its budget of {usd(group.budget_usd)}",
                place=group.place,
                workload=group.workload,
                budget=group.name,
                amount=over,
                limit=group.budget_usd,
                percent=share,
                help="lower the cost, raise the budget, or waive it in advisor.yaml",
            )


def _group(
    index: int, budget: Budget, workloads: Sequence[Compared], judge: Judge, *, trusted: bool
) -> GroupSum:
    members = []
    before: Decimal | None = NOTHING
    after: Decimal | None = NOTHING
    for each in workloads:
        was = each.before is not None and covers(budget, each.before)
        now = each.after is not None and covers(budget, each.after)
        if not trusted and was and each.after is not None:
            now = True
        if was:
            before = _plus(before, each.change.before_usd)
        if now:
            after = _plus(after, each.change.after_usd)
        if was or now:
            members.append(each.file)
        if each.unreadable and now:
            before = None
    return GroupSum(
        name=budget.name,
        tags=budget.tags or {},
        workload=budget.workload,
        files=tuple(members),
        budget_usd=exact(to_decimal(budget.monthly_usd)),
        before_usd=before,
        after_usd=after,
        place=judge.place("budgets", index),
    )


def covers(budget: Budget, workload: Snapshot) -> bool:
    """Return whether a workload counts towards a budget."""
    if budget.workload is not None:
        return workload.name == budget.workload
    return all(workload.tags.get(key) == value for key, value in (budget.tags or {}).items())


def _plus(amount: Decimal | None, more: Decimal | None) -> Decimal | None:
    return None if amount is None or more is None else amount + more
