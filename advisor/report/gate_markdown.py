"""The gate's outcome as Markdown, for a comment in a pull request.

The answer stands first; what does not decide it is folded. Names and texts from files are shown as
code or escaped, so that they neither mark up nor link nor mention anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.report import gate_words
from advisor.report.gate_markdown_details import basis, changes, details, waivers
from advisor.report.gate_markdown_page import Page, code, escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.gate.outcome import Finding, GroupSum, Outcome, WorkloadChange

MARKER = "<!-- advisor gate -->"
"""The first line of a comment, by which the next run finds it; nobody sees it."""
MOST_BYTES = 65_536 - 512
"""GitHub takes 65,536 characters; the rest is left for what a caller puts around the report."""
_SIGNS = {"pass": "✅", "fail": "❌", "unknown": "❓"}
_VISIBLE = 10
_FOLDED = ("warning", "remark", "waived", "was there before")


def render(outcome: Outcome, *, colour: bool = False) -> str:  # noqa: ARG001 - all formats' signature
    """Return the outcome as a comment, which starts with ``MARKER``."""
    return f"{MARKER}\n{report(outcome, MOST_BYTES - len(MARKER))}"


def report(outcome: Outcome, most_bytes: int) -> str:
    """Return the report, its lists cut so that it is not longer than so many bytes of UTF-8.

    A byte more than a character has costs nothing, and hosts do not agree on what they count.
    """
    text = _report(outcome, Page())
    if len(text.encode()) <= most_bytes:
        return text
    if _size(outcome, Page(details=0)) <= most_bytes:
        return _report(
            outcome, Page(details=_most(lambda n: _size(outcome, Page(details=n)) <= most_bytes))
        )
    # Each list is cut to the same length, the largest with which everything fits.
    rows = _most(lambda n: _size(outcome, Page(details=0, rows=n)) <= most_bytes)
    return _report(outcome, Page(details=0, rows=rows))


def _most(fits: Callable[[int], bool]) -> int:
    """Return the largest number that fits, of which some does not; larger ones take longer."""
    enough, much = 0, 1
    while fits(much):
        enough, much = much, 2 * much
    while much - enough > 1:
        middle = (enough + much) // 2
        enough, much = (middle, much) if fits(middle) else (enough, middle)
    return enough


def _size(outcome: Outcome, page: Page) -> int:
    return len(_report(outcome, page).encode())


def _report(outcome: Outcome, page: Page) -> str:
    sign = f"{_SIGNS[outcome.verdict]} " if outcome.judged else ""
    page.add(f"### {sign}{escaped(gate_words.answer(outcome))}")
    _sums(page, outcome)
    groups = gate_words.groups(outcome)
    for group in groups:
        if group.one not in _FOLDED:
            page.add(f"**{group.title.capitalize()}**")
            _findings(page, group.findings)
    loosening = [change for change in outcome.policy_changes if change.loosens is not False]
    if loosening:
        unsure = not all(change.loosens for change in loosening)
        page.add(f"**This change {'may let' if unsure else 'lets'} more pass than before:**")
        changes(page, loosening)
    _workloads(page, outcome)
    for group in groups:
        if group.one in _FOLDED:
            page.fold(group.title.capitalize())
            _findings(page, group.findings)
            page.unfold()
    tightening = [change for change in outcome.policy_changes if change.loosens is False]
    if tightening:
        page.fold("What judges becomes stricter")
        changes(page, tightening)
        page.unfold()
    waivers(page, outcome)
    details(page, outcome)
    basis(page, outcome)
    if page.hidden:
        page.add(
            f"{page.hidden:,} rows are cut for the length that a comment may have;"
            " `--format json` has all."
        )
    return page.text()


def _sums(page: Page, outcome: Outcome) -> None:
    totals = outcome.totals
    if len(totals.left_out) < len(outcome.workloads):
        page.add(
            f"{gate_words.amount(totals.before_usd)} →"
            f" **{gate_words.amount(totals.after_usd)} USD a month**"
            f"{gate_words.unit_cost(outcome)}{gate_words.parts(totals.split)}"
        )
    facts: list[str | GroupSum] = [*totals.left_out, *outcome.groups]
    page.bullets(facts, _fact, visible=_VISIBLE)


def _fact(fact: str | GroupSum) -> str:
    """Return a file that is not in the sum, or a budget, in words."""
    if isinstance(fact, str):
        return f"{code(fact)} is not in the sum: its cost before or now is not known"
    return _budget(fact)


def _budget(group: GroupSum) -> str:
    spent = f"Budget {code(group.name)}: {gate_words.amount(group.after_usd)} of"
    spent += f" {gate_words.amount(group.budget_usd)} USD"
    over = group.over_usd
    if over is None:
        return spent
    if over > 0:
        return f"{spent}, **{gate_words.amount(over)} USD over**"
    return f"{spent}, {gate_words.amount(-over)} USD left"


def _findings(page: Page, findings: Sequence[Finding]) -> None:
    told: set[str] = set()
    page.bullets(findings, lambda finding: _finding(finding, told), visible=_VISIBLE)


def _finding(finding: Finding, told: set[str]) -> str:
    """Return a finding as an item of a list; what to do is ``told`` once in a list."""
    size = gate_words.size_of(finding)
    head = [f"**{size}**"] if size else []
    about = finding.workload or finding.budget
    head += [code(about)] if about else []
    head.append(finding.code)
    where = gate_words.where(finding.place)
    lines = [", ".join(head) + (f" at {code(where)}" if where else "")]
    lines.append(escaped(gate_words.clipped(finding.message, 500)))
    if finding.waiver is not None and finding.state == "waived":
        accepted = gate_words.clipped(gate_words.accepted(finding.waiver), 500)
        lines.append(f"Waived by {escaped(accepted)}")
    elif finding.help and finding.blocks and finding.help not in told:
        told.add(finding.help)
        lines.append(f"To do: {escaped(gate_words.clipped(finding.help, 500))}")
    return "<br>".join(lines)


def _workloads(page: Page, outcome: Outcome) -> None:
    moved = gate_words.moved(outcome)
    if not moved:
        page.add("No workload differs.")
        return
    headers = (
        *("Workload", "USD a month", "Change", "Per million requests"),
        *("Price", "Usage", "Design"),
    )
    page.rows(headers, moved, _row, visible=_VISIBLE, folded="more workloads that differ")
    same = len(outcome.workloads) - len(moved)
    if same:
        page.add(f"{same:,} {'workload does' if same == 1 else 'workloads do'} not differ.")


def _row(each: WorkloadChange) -> tuple[str, ...]:
    split = each.split
    change = gate_words.signed(each.delta_usd)
    share = gate_words.percent(each.delta_percent).replace(" ", "&nbsp;")
    per_million = each.delta_per_million
    status = "" if each.status == "changed" else f", {each.status}"
    return (
        code(each.name, most=60) + status,
        f"{gate_words.amount(each.before_usd)}&nbsp;→&nbsp;{gate_words.amount(each.after_usd)}",
        f"**{change}**{'<br>' + share if share else ''}",
        "" if per_million is None else gate_words.signed(per_million),
        *(
            ("", "", "")
            if split is None
            else (
                gate_words.signed(split.price_usd),
                gate_words.signed(split.usage_usd),
                gate_words.signed(split.design_usd),
            )
        ),
    )
