"""What an answer leaves out: prices that are missing, fields that nothing reads, and by intent."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from advisor.decisions.recommendation import Candidate, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.recommendation import Decision
    from advisor.decisions.situation import Situation
    from advisor.errors import PriceMissing
    from advisor.tariff import PriceBook
    from advisor.workload import Workload

ALWAYS_NOT_PRICED = (
    "databases and other services that the code calls",
    "log storage and queries, metrics, alarms and traces",
    "container image storage and transfers between Availability Zones",
    "domain names, support plans and taxes",
)


def missing_prices(
    blocks: Sequence[Sequence[Candidate]], best: Candidate | None, book: PriceBook
) -> tuple[Notice, ...]:
    """Name each price that is not known and that could change the answer.

    A design that nothing excludes needs it, and what of its bill is known costs less than the
    recommended design.
    """
    errors = {
        str(error): error
        for block in blocks
        for candidate in block
        if not candidate.excluded_by
        for error in (
            *(candidate.missing if could_win(candidate, block, best) else ()),
            *candidate.missing_variants,
        )
    }
    found = [
        Notice(
            code="price-missing",
            message=message,
            field="region",
            price=f"{error.service}/{error.component}",
        )
        for message, error in errors.items()
    ]
    return (*_unknown_region(errors.values(), book), *found)


def could_win(candidate: Candidate, block: Sequence[Candidate], best: Candidate | None) -> bool:
    """Return whether a design without all its prices may be cheaper than the recommended one.

    What is known of its bill is the least that it costs. ``block`` are the candidates of the same
    decisions, of which the recommended design has one.
    """
    if best is None:
        return True
    chosen = best.design.choices()
    own = [each for each in block if each.design.choices().items() <= chosen.items()]
    return not own or candidate.known_usd < own[0].known_usd


def unstated(candidates: list[Candidate]) -> tuple[Notice, ...]:
    """Name each field without which a design that nothing excludes cannot be priced."""
    options: dict[str, list[str]] = {}
    for candidate in candidates:
        if not candidate.excluded_by:
            for field in candidate.unstated:
                options.setdefault(field, []).append(
                    next(iter(candidate.design.choices().values()))
                )
    return tuple(
        Notice(
            code="field-missing",
            message=f"{field} is needed to price {', '.join(dict.fromkeys(names))}",
            field=field,
        )
        for field, names in options.items()
    )


def only_without_price(
    best: Candidate | None, decisions: tuple[Decision, ...]
) -> tuple[Notice, ...]:
    """Name the options that a decision's limits leave open when all that remain have no price."""
    if best is not None:
        return ()
    return tuple(
        Notice(
            code="option-without-price",
            message=f"{option.option} is not excluded, but no price of it is known",
            field=decision.decision,
        )
        for decision in decisions
        for option in decision.options
        if option.candidate is None
        and option.status == "unknown"
        and all(
            any(each.effect == "exclude" and each.result == "true" for each in other.verdicts)
            for other in decision.options
            if other.candidate is not None
        )
    )


def _unknown_region(errors: Iterable[PriceMissing], book: PriceBook) -> tuple[Notice, ...]:
    """Say so when no price at all is known for the Region: it is new, or it is misspelt."""
    region = next((error.region for error in errors), None)
    known = book.regions("data-transfer", "internet-out")
    if region is None or region in known or region in book.regions("lambda", "duration-x86"):
        return ()
    near = get_close_matches(region, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return (
        Notice(
            code="region-unknown",
            message=f"no price of any service is known for {region}{hint}",
            field="region",
        ),
    )


def newest(candidates: list[Candidate]) -> date:
    """Return the date of the newest price in use: the day that the answer stands for."""
    dates = [item.price.valid_from for candidate in candidates for item in candidate.line_items]
    return max(dates, default=date.min)


def note_inferred_prices(best: Candidate, assumptions: Assumptions) -> None:
    """List each price of confidence C in the recommended bill."""
    for item in best.line_items:
        used = [tier for tier in item.price.tiers if tier.price == item.unit_price_usd]
        if any(tier.confidence == "C" for tier in used):
            assumptions.take(
                f"price {item.price.component}",
                str(item.unit_price_usd),
                item.price.note or "inferred, not read from AWS",
            )


def unread(workload: Workload) -> tuple[Notice, ...]:
    """Name each stated need that the answer does not price yet."""
    found = []

    def note(field: str, message: str) -> None:
        found.append(Notice(code="not-decided", message=message, field=field))

    api, compute, commitments = workload.api, workload.compute, workload.commitments
    if api is not None and api.needed is not False and api.developer_portal:
        note("api.developer_portal", "developer portals are not priced yet")
    if compute is not None:
        if compute.tenant_isolation and compute.tenants is None:
            note("compute.tenants", "how many tenants have environments of their own is not stated")
        if compute.shared_filesystem not in (None, "none"):
            note("compute.shared_filesystem", "shared file systems are not priced yet")
    if commitments is not None:
        if commitments.compute_savings_plan_usd_per_hour:
            note(
                "commitments.compute_savings_plan_usd_per_hour", "Savings Plans are not applied yet"
            )
        if commitments.ec2_reserved:
            note("commitments.ec2_reserved", "Reserved Instances are not applied yet")
    if workload.traffic.trace_file is not None:
        note("traffic.trace_file", "traces are not read yet; the stated traffic was used")
    if workload.preferences is not None and workload.preferences.multi_region:
        note("preferences.multi_region", "one Region is priced")
    return tuple(found)


def not_priced(situation: Situation, best: Candidate | None) -> tuple[str, ...]:
    """List what lies outside the bill by intent."""
    found = list(ALWAYS_NOT_PRICED)
    found += () if best is None else best.unpriced
    on_fargate = best is not None and best.design.compute in ("fargate", "fargate-spot")
    if situation.outbound == "existing" and (on_fargate or situation.in_vpc):
        found.append("the way to the internet that exists already (constraints.outbound)")
    if on_fargate and situation.outbound == "nat":
        found.append("image pulls through the NAT gateways")
    return tuple(found)
