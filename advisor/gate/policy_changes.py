"""What a change does to the policy that judges it: nothing that loosens it goes by unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from advisor.gate.outcome import PolicyChange
from advisor.gate.policy_file import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.document.tree import Document, Path
    from advisor.gate.policy_file import Judge
    from advisor.workload.waivers import Waiver

_STRICT = {"info": 0, "warn": 1, "fail": 2}
_STRICT_WHEN = {"both": 0, "either": 1}


def policy_changes(before: Judge, after: Judge) -> tuple[PolicyChange, ...]:
    """Return what differs between two policies, waivers apart, in the order of the new one."""
    if before.policy == after.policy:
        return ()
    old, new = _leaves(before), _leaves(after)
    file = after.file or before.file or ""
    return tuple(
        PolicyChange(
            kind="policy",
            field=field,
            before=_text(old.get(field, (None,))[0]),
            after=_text(new.get(field, (None,))[0]),
            loosens=_loosens(field, old.get(field, (None,))[0], new.get(field, (None,))[0]),
            place=place(file, after.document, new.get(field, (None, ()))[1]),
        )
        for field in {**new, **old}
        if old.get(field, (None,))[0] != new.get(field, (None,))[0]
    )


def waiver_changes(
    before: Sequence[Waiver],
    after: Sequence[Waiver],
    file: str,
    document: Document | None,
) -> Iterator[PolicyChange]:
    """Yield the waivers of a file that are new, that changed, and that are gone."""
    old = {_subject(each): each for each in before}
    for index, waiver in enumerate(after):
        known = old.pop(_subject(waiver), None)
        if known != waiver:
            yield PolicyChange(
                kind="waiver",
                field=_name(waiver),
                before=None if known is None else _summary(known),
                after=_summary(waiver),
                loosens=known is None or _reaches_further(known, waiver),
                place=place(file, document, ("waivers", index)),
            )
    for waiver in old.values():
        yield PolicyChange(
            kind="waiver",
            field=_name(waiver),
            before=_summary(waiver),
            after=None,
            loosens=False,
            place=place(file, document, ()),
        )


def said(change: PolicyChange) -> str:
    """Return a change as a sentence without its file."""
    loosens = ", which lets more pass" if change.loosens else ""
    what = change.field if change.kind == "policy" else f"{change.kind} {change.field}".strip()
    if change.before is None:
        return f"{what} is new: {change.after}{loosens}"
    if change.after is None:
        return f"{what} is gone, it was {change.before}{loosens}"
    return f"{what} changes from {change.before} to {change.after}{loosens}"


def _leaves(judge: Judge) -> dict[str, tuple[Any, Path]]:
    """Return each value of a policy and its path in the file, by its dotted name."""
    tree = msgspec.to_builtins(judge.policy)
    tree.pop("waivers")
    found: dict[str, tuple[Any, Path]] = {}
    for index, budget in enumerate(tree.pop("budgets") or []):
        _add(found, f"budgets.{budget.pop('name')}", ("budgets", index), budget)
    _add(found, "", (), tree)
    return found


def _add(found: dict[str, tuple[Any, Path]], name: str, path: Path, value: Any) -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            _add(found, f"{name}.{key}" if name else key, (*path, key), each)
    elif value is not None:
        found[name] = (value, path)


def _loosens(field: str, before: Any, after: Any) -> bool | None:
    order = _STRICT_WHEN if field.endswith(".when") else _STRICT
    if before in order and after in order:
        return order[after] < order[before]
    if not isinstance(before, int | float | None) or not isinstance(after, int | float | None):
        return None
    # A limit that is not there lets everything pass.
    if before is None or after is None:
        return after is None
    return after > before


def _subject(waiver: Waiver) -> tuple[str | None, ...]:
    scope = (getattr(waiver, "workload", None), getattr(waiver, "budget", None))
    return (waiver.check, waiver.rule, *scope)


def _name(waiver: Waiver) -> str:
    return " of ".join(part for part in _subject(waiver) if part)


def _summary(waiver: Waiver) -> str:
    reach = "" if waiver.up_to_usd is None else f"up to {waiver.up_to_usd:.15g} USD "
    return f"{reach}until {waiver.until}, because {waiver.because}, decided by {waiver.decided_by}"


def _reaches_further(before: Waiver, after: Waiver) -> bool:
    return after.until > before.until or (after.up_to_usd or 0) > (before.up_to_usd or 0)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:.15g}" if isinstance(value, float) else str(value)
