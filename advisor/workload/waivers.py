"""Tags and waivers: what a workload belongs to, and what the gate lets pass, why and until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from advisor.workload.fields import about

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document, Path

_LINE = r"^[^\x00-\x1f\x7f]+$(?!\n)"
Line: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=_LINE)]
"""A text of one line."""
Day: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)")]
Tags: TypeAlias = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=128)], Annotated[str, Meta(max_length=256)]],
    Meta(max_length=50),
]

WITH_AMOUNT = (
    "cost-increase",
    "price-increase",
    "budget",
    "unit-cost-increase",
    "not-recommended",
)
"""The checks whose findings have an amount, so that a waiver has to say how far it reaches."""


class Waiver(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `advisor gate` lets pass: a check, how far, why, who decided, and until when."""

    check: Annotated[
        Literal[
            "cost-increase",
            "price-increase",
            "budget",
            "unit-cost-increase",
            "not-recommended",
            "infeasible",
            "slo-missed",
            "rule-violated",
            "base-unreadable",
        ],
        about("The check that it covers.", example="cost-increase"),
    ]
    rule: Annotated[
        Line | None, about("Only this rule, for rule-violated.", example="api.http-api.timeout")
    ] = None
    up_to_usd: Annotated[
        Annotated[float, Meta(ge=0, le=1e12)] | None,
        about(
            "The largest amount that it covers, in USD a month; for unit-cost-increase in USD per"
            " million requests.",
            example=50,
        ),
    ] = None
    because: Annotated[Line, about("Why.", example="launch of the new checkout")]
    decided_by: Annotated[Line, about("Who decided.", example="maria@example.com")]
    until: Annotated[Day, about("The last day on which it holds.", example="2027-01-31")]


def check_waivers(
    waivers: Sequence[Waiver], document: Document, path: Path
) -> Iterator[Diagnostic]:
    """Yield what is wrong with waivers that stand at a path of a document."""
    for index, waiver in enumerate(waivers):
        here = (*path, index)
        try:
            date.fromisoformat(waiver.until)
        except ValueError:
            yield document.diagnostic(
                (*here, "until"),
                code="no-such-day",
                message=f"`{waiver.until}` is not a day of the calendar",
                help="write the last day on which the waiver holds, such as 2027-01-31",
            )
        if waiver.check in WITH_AMOUNT and waiver.up_to_usd is None:
            yield document.diagnostic(
                here,
                code="waiver-without-amount",
                message=f"a waiver of {waiver.check} has to say how far it reaches",
                help="add `up_to_usd:`, the largest amount that it covers",
            )
        if waiver.check not in WITH_AMOUNT and waiver.up_to_usd is not None:
            yield document.diagnostic(
                (*here, "up_to_usd"),
                code="waiver-with-amount",
                message=f"{waiver.check} has no amount that `up_to_usd` could limit",
                help="remove `up_to_usd`",
                key=True,
            )
        if waiver.rule is not None and waiver.check != "rule-violated":
            yield document.diagnostic(
                (*here, "rule"),
                code="waiver-with-rule",
                message=f"{waiver.check} is not about a rule",
                help="remove `rule`, or write `check: rule-violated`",
                key=True,
            )
