"""The gate: what is asked, what it is compared with, and the outcome."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from advisor.document.source import read_bytes
from advisor.gate import checks, policy_changes, sums, waiving
from advisor.gate.baseline import Baseline, entry
from advisor.gate.before import Before, read_before
from advisor.gate.difference import Compared, compared, read_now, totals_of
from advisor.gate.outcome import Finding, GroupSum, Outcome, PolicyChange, Waiver
from advisor.gate.pairs import pair, refuse_nothing
from advisor.gate.paths import files_now, patterns, refuse_link_out, shown
from advisor.gate.policy import Policy
from advisor.gate.policy_file import MAX_BYTES, Judge, find, place, read_policy
from advisor.gate.rules import places_now, rulebook_of
from advisor.gate.subject import Pricing, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from advisor.document.diagnostics import Diagnostic
    from advisor.rulebook import Rulebook

_SEVERITIES = {"fail": 0, "warn": 1, "info": 2}


class Request(Struct, frozen=True, kw_only=True):
    """What a user asks of the gate.

    ``files`` are paths or patterns from ``folder``, the real path of the working directory.
    ``against`` is a revision, a baseline file (``….json``), or ``REVISION:PATH`` of one; ``tip``
    takes a revision itself instead of its merge base with HEAD. ``policy`` names the policy file,
    else it is looked for upward. ``prices`` is the folder of another price table; ``as_of`` and
    ``base_as_of`` the days of the prices now and before. ``rules`` name rules besides those of the
    working directory; they judge both sides. ``today`` is the day for waivers.
    ``overrides`` are the thresholds of the command line. ``judged`` False only compares.
    ``as_files`` takes ``against`` and the only file as two workload files, each a path or
    ``REVISION:PATH``.
    """

    files: tuple[str, ...]
    folder: str
    against: str
    today: date
    tip: bool = False
    policy: str | None = None
    policy_from: Literal["head", "base"] = "head"
    prices: str | None = None
    rules: tuple[str, ...] = ()
    as_of: date | None = None
    base_as_of: date | None = None
    overrides: Callable[[Policy], Policy] | None = None
    judged: bool = True
    as_files: bool = False


def judge(request: Request) -> tuple[Outcome, list[Diagnostic]]:
    """Return the outcome, and what the workload files were warned of.

    Raises InputError for what cannot be read now, GitFailed for a base that cannot be found.
    """
    with ExitStack() as stack:
        head = head_policy(request.policy, request.folder)
        wanted = patterns(request.files, request.folder)
        before = read_before(request, wanted, stack)
        judging = before.policy if request.policy_from == "base" else head
        _refuse_linked_prices(request.prices, request.folder)
        places = before.rules if request.policy_from == "base" else None
        rulebook = rulebook_of(places_now(request.rules) if places is None else places)
        now, then = _pricings(request, before, head, judging, rulebook)
        workloads, warnings = compared(before.pairs, now, then)
        described = now.described()
        then_described = before.prices
        if then is not None:
            then_described = described if then.same_as(now) else then.described()
    if request.overrides is not None:
        judging = Judge(
            policy=request.overrides(judging.policy), file=judging.file, document=judging.document
        )
    changes = tuple(_policy_changes(before, head, judging, workloads)) if request.judged else ()
    totals = totals_of([each.change for each in workloads])
    groups: tuple[GroupSum, ...] = ()
    findings: Iterable[Finding]
    waivers: tuple[Waiver, ...] = ()
    if request.judged:
        groups = sums.groups_of(workloads, judging, trusted=request.policy_from == "head")
        found = [
            *(each for w in workloads for each in checks.findings_of(w, judging.policy)),
            *sums.total_findings(totals, judging),
            *sums.budget_findings(groups, judging),
            *(_reported(change, judging.policy) for change in changes),
        ]
        stated = list(_stated(request.policy_from, before, head, workloads))
        findings, waivers = waiving.apply(
            found, stated, request.today.isoformat(), judging.policy.severity.waiver_unused
        )
    else:
        findings = [each for w in workloads for each in checks.unknowns_of(w)]
    outcome = Outcome(
        judged=request.judged,
        as_of=request.today.isoformat() if waivers else None,
        base=before.described,
        policy=judging.file,
        policy_from=request.policy_from,
        prices_before=then_described,
        prices_after=described,
        workloads=tuple(each.change for each in workloads),
        totals=totals,
        groups=groups,
        findings=tuple(sorted(findings, key=_weight)),
        policy_changes=changes,
        waivers=waivers,
    )
    return outcome, warnings


def _weight(finding: Finding) -> tuple[object, ...]:
    file = "" if finding.place is None else finding.place.file
    return (
        not finding.blocks,
        finding.state != "new",
        _SEVERITIES[finding.severity],
        -(finding.amount or 0),
        file,
        finding.identity,
        finding.message,
    )


def head_policy(named: str | None, folder: str) -> Judge:
    """Return the policy that is named, else the one found upward, else the defaults."""
    name = named
    if name is None:
        path = find(folder)
        if path is None:
            return Judge(policy=Policy())
        name = shown(path, folder)
    refuse_link_out(name, folder)
    return read_policy(read_bytes(name, max_bytes=MAX_BYTES), name)


def _refuse_linked_prices(prices: str | None, folder: str) -> None:
    if prices is not None:
        for name in ("", *(os.listdir(prices) if os.path.isdir(prices) else ())):
            refuse_link_out(os.path.join(prices, name), folder)


def _pricings(
    request: Request, before: Before, head: Judge, judging: Judge, rulebook: Rulebook
) -> tuple[Pricing, Pricing | None]:
    """Return the prices of now and of before; None where the baseline has its own.

    One day for both, unless the command line or a changed pin of the policy says otherwise.
    """
    pinned = judging.policy if request.policy_from == "base" else head.policy
    as_of = request.as_of or _day(pinned)
    now = Pricing(as_of=as_of, folder=request.prices, rulebook=rulebook)
    if before.prices is not None:
        return now, None
    base_as_of = request.base_as_of or request.as_of
    if base_as_of is None:
        base_as_of = _day(before.policy.policy)
    if before.table is None and base_as_of == as_of:
        return now, now
    folder, origin = before.table or (request.prices, None)
    return now, Pricing(as_of=base_as_of, folder=folder, origin=origin, rulebook=rulebook)


def _day(policy: Policy) -> date | None:
    return None if policy.prices_as_of is None else date.fromisoformat(policy.prices_as_of)


def _policy_changes(
    before: Before, head: Judge, judging: Judge, workloads: Sequence[Compared]
) -> Iterator[PolicyChange]:
    if before.has_policy:
        yield from policy_changes.policy_changes(before.policy, head)
        yield from policy_changes.waiver_changes(
            before.policy.policy.waivers or (),
            head.policy.waivers or (),
            head.file or before.policy.file or "",
            head.document,
        )
    for each in workloads:
        if each.after is not None:
            yield from policy_changes.waiver_changes(
                () if each.before is None else each.before.waivers,
                each.after.waivers,
                each.file,
                each.document,
            )
            yield from _left_budgets(each, judging)
    yield from before.changes


def _left_budgets(each: Compared, judging: Judge) -> Iterator[PolicyChange]:
    for budget in judging.policy.budgets or []:
        if each.before is None or each.after is None:
            continue
        if sums.covers(budget, each.before) and not sums.covers(budget, each.after):
            yield PolicyChange(
                kind="policy",
                field=f"budget {budget.name}",
                before=f"covers {each.before.name}",
                after="covers it no more",
                loosens=True,
                place=checks.at(each, "name" if budget.tags is None else "tags"),
            )


def _reported(change: PolicyChange, policy: Policy) -> Finding:
    return Finding(
        code="policy-changed",
        severity="info" if change.loosens is False else policy.severity.policy_changed,
        state="new",
        message=policy_changes.said(change),
        place=change.place,
        field=f"{change.kind} {change.field}",
    )


def _stated(
    policy_from: Literal["head", "base"],
    before: Before,
    head: Judge,
    workloads: Sequence[Compared],
) -> Iterator[waiving.Stated]:
    """Yield the waivers that count, and those that will when the base has them too."""
    from_base = policy_from == "base"
    old, new = before.policy.policy.waivers or [], head.policy.waivers or []
    for waiver in old if from_base else new:
        at = place(head.file or before.policy.file or "", None, ())
        if waiver in new:
            at = place(head.file or "", head.document, ("waivers", new.index(waiver)))
        yield waiving.Stated(waiver=waiver, place=at)
    if from_base:
        for index, waiver in enumerate(new):
            if waiver not in old:
                at = place(head.file or "", head.document, ("waivers", index))
                yield waiving.Stated(waiver=waiver, place=at, pending=True)
    for each in workloads:
        if each.after is None:
            continue
        had = () if each.before is None else each.before.waivers
        has = each.after.waivers
        for each_waiver in had if from_base else has:
            at = place(each.file, None, ())
            if each_waiver in has:
                at = checks.at(each, f"waivers[{has.index(each_waiver)}]")
            yield waiving.Stated(
                waiver=each_waiver, place=at, file=each.file, name=each.change.name
            )
        if from_base:
            for index, each_waiver in enumerate(has):
                if each_waiver not in had:
                    at = checks.at(each, f"waivers[{index}]")
                    yield waiving.Stated(
                        waiver=each_waiver,
                        place=at,
                        file=each.file,
                        name=each.change.name,
                        pending=True,
                    )


def taken(
    files: Sequence[str],
    *,
    folder: str,
    home: str,
    policy: str | None,
    prices: str | None,
    rules: tuple[str, ...] = (),
    as_of: date | None,
) -> tuple[Baseline, list[Diagnostic]]:
    """Return the baseline of workload files, and what the files were warned of.

    ``home`` is the folder that the baseline's paths are from.
    """
    wanted = patterns(files, folder)
    present = files_now(wanted)
    refuse_nothing(wanted, present)
    head = head_policy(policy, folder)
    pricing = Pricing(
        as_of=as_of or _day(head.policy),
        folder=prices,
        rulebook=rulebook_of(places_now(rules)),
    )
    pairs = pair({path: path for path in present}, {}, {}, folder)
    loaded, warnings = read_now(pairs)
    entries = [
        entry(shown(path, home), snapshot(loaded[shown(path, folder)].workload, pricing))
        for path in present
    ]
    return (
        Baseline(
            prices=pricing.described(),
            policy=None if head.file is None else head.policy,
            workloads=tuple(sorted(entries, key=lambda each: each.file)),
        ),
        warnings,
    )
