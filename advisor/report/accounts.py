"""Several workloads in one account, as text, Markdown and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.report import json, markdown, outline, text
from advisor.wording import naming, words
from advisor.wording.reasons import headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.decisions.account import Account, Share
    from advisor.decisions.recommendation import Recommendation

_HOW = (
    "AWS adds up the usage of an account, by price and Region, before it applies tiers and free"
    " quantities. Each workload bears its share of every tier, in proportion to its usage."
)


def as_text(account: Account, *, colour: bool = False) -> str:
    """Return what an account costs, what each workload bears, and what sharing changes."""
    lines = [text.heading(_headline(account), colour=colour)]
    lines += text.wrapped(_saving(account))
    if account.shares:
        lines += ["", *text.table(_table(account))[1:]]
    lines += text.sections(_sections(account))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_markdown(account: Account) -> str:
    """Return the same as Markdown."""
    lines = [f"## {markdown.escaped(_headline(account))}", "", markdown.escaped(_saving(account))]
    if account.shares:
        lines += ["", *markdown.table(_table(account))[2:]]
    for section in _sections(account):
        if section.lines:
            lines += ["", f"### {section.title}", ""]
            lines += [f"- {markdown.escaped(line)}" for line in section.lines]
    return "\n".join(lines) + "\n"


def as_json(account: Account, answers: Sequence[Recommendation]) -> str:
    """Return the account, then each answer as it stands alone."""
    complete = not account.without
    return json.encoded(
        {
            "schema_version": json.SCHEMA_VERSION,
            "account": {
                "monthly_usd": json.money(account.monthly_usd) if complete else None,
                "alone_usd": json.money(account.alone_usd) if complete else None,
                "saved_usd": json.money(_saved(account)) if complete else None,
                "workloads": [_share(share) for share in account.shares],
                "without_recommendation": [answer.workload for answer in account.without],
            },
            "answers": [json.answer_tree(answer) for answer in answers],
        }
    )


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.answer.workload,
        "file": share.answer.file,
        "design": share.chosen.design.choices(),
        "switched": share.switched,
        "alone_usd": json.money(share.alone_usd),
        "monthly_usd": json.money(share.monthly_usd),
        "line_items": [json.line_item(item) for item in share.line_items],
    }


def _saved(account: Account) -> Any:
    return account.alone_usd - account.monthly_usd


def _headline(account: Account) -> str:
    count = len(account.shares)
    plural = "workload" if count == 1 else "workloads"
    return f"One account, {count} {plural}   {words.money(account.monthly_usd)} USD a month"


def _saving(account: Account) -> str:
    saved = _saved(account)
    if abs(saved) < 0.005:
        return "Sharing tiers and free quantities changes nothing here."
    alone = words.money(account.alone_usd)
    if saved > 0:
        return f"Alone they would cost {alone}: sharing tiers saves {words.money(saved)} USD."
    return (
        f"Alone they would cost {alone}: free quantities are given once, which makes"
        f" {words.money(-saved)} USD more."
    )


def _table(account: Account) -> outline.Table:
    rows = [
        (
            words.safe(share.answer.workload),
            naming.design(share.chosen),
            words.money(share.alone_usd),
            words.money(share.monthly_usd),
        )
        for share in account.shares
    ]
    rows.append(("Total", "", words.money(account.alone_usd), words.money(account.monthly_usd)))
    return outline.Table(
        title="",
        headers=("Workload", "Design", "Alone", "In the account"),
        rows=tuple(rows),
        numbers=(2, 3),
    )


def _sections(account: Account) -> tuple[outline.Section, ...]:
    answers = [*(share.answer for share in account.shares), *account.without]
    switched = [
        f"{share.answer.workload}: {naming.design(share.chosen)} is the cheapest in this account;"
        f" alone it would be {naming.design(share.answer.best)}"
        for share in account.shares
        if share.switched and share.answer.best is not None
    ]
    without = [f"{each.workload}: {headline(each)}" for each in account.without]
    unknowns = [f"{each.workload}: {n.message}" for each in answers for n in each.unknowns]
    warnings = [f"{each.workload}: {n.message}" for each in answers for n in each.warnings]
    tables = dict.fromkeys(
        f"{each.prices_origin}, {each.region} as of {each.prices_as_of}, USD without tax,"
        f" digest {each.prices_digest[:12]}"
        for each in answers
    )
    return (
        outline.Section(title="Another design than alone", lines=tuple(switched)),
        outline.Section(title="Without a recommendation, not in the sum", lines=tuple(without)),
        outline.Section(title="Not known", lines=tuple(unknowns)),
        outline.Section(title="Warnings", lines=tuple(warnings)),
        outline.assumed_elsewhere(answers),
        outline.Section(title="How", lines=(_HOW,)),
        outline.Section(title="Prices", lines=tuple(tables)),
    )
