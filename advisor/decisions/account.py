"""Several workloads in one account: what each bears, and whether sharing changes a design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.cost.account import Usage, cost_together, share_bills, usage
from advisor.cost.bill import LineItem, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.arithmetic import Number
    from advisor.decisions.recommendation import Candidate, Recommendation

_MOST_ROUNDS = 10


class Share(Struct, frozen=True, kw_only=True):
    """A workload in its account: its design there, and its part of the account's bill.

    ``alone_usd`` is what its recommended design costs when nothing else is in the account.
    """

    answer: Recommendation
    chosen: Candidate
    line_items: tuple[LineItem, ...]
    alone_usd: Number

    @property
    def monthly_usd(self) -> Number:
        return total(self.line_items)

    @property
    def switched(self) -> bool:
        """Whether another design is the cheapest one here than when it stands alone."""
        return self.chosen is not self.answer.best


class Account(Struct, frozen=True, kw_only=True):
    """The workloads of an account that have a recommendation, and those that have none."""

    shares: tuple[Share, ...]
    without: tuple[Recommendation, ...]

    @property
    def monthly_usd(self) -> Number:
        return total(item for share in self.shares for item in share.line_items)

    @property
    def alone_usd(self) -> Number:
        amount: Number = 0
        for share in self.shares:
            amount = amount + share.alone_usd
        return amount

    @property
    def exit_code(self) -> int:
        answers = (*(share.answer for share in self.shares), *self.without)
        return max((answer.exit_code for answer in answers), default=0)


def account(answers: Sequence[Recommendation]) -> Account:
    """Price workloads together, as AWS bills an account.

    Each begins with the design that is recommended for it alone, and changes to another feasible
    one where that makes the account's bill smaller, one at a time until none does.
    """
    priced = [answer for answer in answers if answer.best is not None]
    options = [_options(answer) for answer in priced]
    usages = [[usage(candidate.line_items) for candidate in each] for each in options]
    chosen = _cheapest_together(usages)
    bills = share_bills([options[i][c].line_items for i, c in enumerate(chosen)])
    return Account(
        shares=tuple(
            Share(
                answer=answer,
                chosen=options[i][chosen[i]],
                line_items=tuple(bills[i]),
                alone_usd=total(options[i][0].line_items),
            )
            for i, answer in enumerate(priced)
        ),
        without=tuple(answer for answer in answers if answer.best is None),
    )


def _options(answer: Recommendation) -> list[Candidate]:
    """Return the designs that a workload may have, the recommended one first.

    A remedy for cold starts that is not recommended saves too little to be one of them.
    """
    if answer.best is None:
        return []
    found = [answer.best]
    remedies = ("none", None, answer.best.design.cold_start)
    for decision in answer.decisions:
        for option in decision.options:
            candidate = option.candidate
            if candidate is None or option.status != "feasible" or candidate in found:
                continue
            if candidate.design.cold_start in remedies:
                found.append(candidate)
    return found


def _cheapest_together(usages: Sequence[Sequence[Usage]]) -> list[int]:
    """Return for each workload the index of its design."""
    chosen = [0] * len(usages)
    together = [each[0] for each in usages]
    lowest = cost_together(together)
    for _ in range(_MOST_ROUNDS):
        before = list(chosen)
        for i, each in enumerate(usages):
            for c, candidate in enumerate(each):
                if c == chosen[i]:
                    continue
                amount = cost_together([*together[:i], candidate, *together[i + 1 :]])
                if amount < lowest:
                    chosen[i], together[i], lowest = c, candidate, amount
        if chosen == before:
            break
    return chosen
