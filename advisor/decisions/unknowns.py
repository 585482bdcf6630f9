"""What an answer leaves out: prices that are missing, fields that nothing reads, and by intent."""

from __future__ import annotations

from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from advisor.decisions.recommendation import Candidate, Notice
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.situation import Situation
    from advisor.errors import PriceMissing
    from advisor.tariff import PriceBook
    from advisor.workload import Workload

_NOTICE_PERIOD = timedelta(days=180)

ALWAYS_NOT_PRICED = (
    "databases and other services that the code calls",
    "log storage and queries, metrics, alarms and traces",
    "container image storage and transfers between Availability Zones",
    "domain names, support plans and taxes",
)


def missing_prices(candidates: list[Candidate], book: PriceBook) -> tuple[Notice, ...]:
    """Name each price that a design which nothing excludes would need and that is not known."""
    errors = {
        str(error): error
        for candidate in candidates
        if not candidate.excluded_by
        for error in (*candidate.missing, *candidate.missing_variants)
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
    """Name each stated need that the answer does not price or decide yet."""
    found = []

    def note(field: str, message: str) -> None:
        found.append(Notice(code="not-decided", message=message, field=field))

    workflow, messaging, api = workload.workflow, workload.messaging, workload.api
    compute, commitments = workload.compute, workload.commitments
    if workflow is not None and workflow.needed is not False:
        note("workflow", "workflow services are not decided or priced yet")
    if messaging is not None and messaging.needed is not False:
        if messaging.pattern not in (None, "queue"):
            note("messaging.pattern", f"messaging as {messaging.pattern} is not priced yet")
        for field in ("replay", "cross_account", "enrichment", "saas_or_aws_events"):
            if getattr(messaging, field):
                note(f"messaging.{field}", f"a queue has no {field.replace('_', ' ')}")
    if api is not None and api.needed is not False:
        if api.style == "websocket":
            note("api.style", "WebSocket APIs are not priced yet")
        if api.waf not in (None, "none"):
            note("api.waf", "AWS WAF is not priced yet")
        if api.response_caching not in (None, "none"):
            note("api.response_caching", "response caches are not priced yet")
        if api.streaming_response:
            note("api.streaming_response", "streamed bytes are not priced yet")
        if api.developer_portal:
            note("api.developer_portal", "developer portals are not priced yet")
    if compute is not None:
        if compute.os == "windows":
            note("compute.os", "Windows tasks are not priced yet; the bill is for Linux")
        if compute.tenant_isolation:
            note("compute.tenant_isolation", "environments per tenant are not priced yet")
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
    on_fargate = best is not None and best.design.compute in ("fargate", "fargate-spot")
    if situation.outbound == "existing" and (on_fargate or situation.in_vpc):
        found.append("the way to the internet that exists already (constraints.outbound)")
    if on_fargate and situation.outbound == "nat":
        found.append("image pulls through the NAT gateways")
    return tuple(found)


def runtime_warning(situation: Situation, today: date) -> tuple[Notice, ...]:
    """Warn of a runtime that Lambda deprecates within half a year of the answer's date."""
    compute = situation.workload.compute
    if compute is None or compute.runtime is None:
        return ()
    day = limits().runtime_deprecated_on(compute.runtime)
    if day is None or date.fromisoformat(day) - today > _NOTICE_PERIOD:
        return ()
    return (
        Notice(
            code="runtime-deprecation",
            message=f"Lambda deprecates {compute.runtime} on {day}; plan the upgrade.",
            field="compute.runtime",
        ),
    )
