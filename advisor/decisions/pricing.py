"""The bill of one sized design: compute, front door, logs, transfer and addresses.

Every piece is priced on its own, so that one missing price names itself and hides no other; and
once, since designs share most of their pieces.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from advisor.cost import aws_lambda, cloudwatch, lambda_capacity
from advisor.decisions.managed_instances import MANAGED_INSTANCES, add_instances
from advisor.decisions.microvm import MICROVM, add_microvms
from advisor.decisions.path import FARGATE, PathBill, add_front_door, nat_gateways
from advisor.decisions.task_charges import has_address, task_charges
from advisor.decisions.tenants import new_environments
from advisor.units import MB_PER_GB, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.cost.bill import LineItem
    from advisor.decisions.cold_start import ColdStart
    from advisor.decisions.recommendation import Design
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.decisions.sized import Sized
    from advisor.errors import PriceMissing
    from advisor.tariff import PriceBook


Value = TypeVar("Value")


class Priced(Struct, frozen=True, kw_only=True):
    """A sized design's line items, and the prices that it would need but that are missing."""

    sized: Sized
    line_items: tuple[LineItem, ...]
    missing: tuple[PriceMissing, ...]


class Pricer:
    """Prices the designs of one situation in the arithmetic of a price book."""

    def __init__(self, situation: Situation, book: PriceBook) -> None:
        self.situation = situation
        self.book = book
        self._pieces: dict[Any, PathBill] = {}
        self._remembered: dict[Any, Any] = {}

    def remember(self, key: Any, find: Callable[[], Value]) -> Value:
        """Return what several designs share, found the first time that it is asked for."""
        if key not in self._remembered:
            self._remembered[key] = find()
        found: Value = self._remembered[key]
        return found

    def price(self, design: Design, sized: Sized) -> Priced:
        """Return the bill of a sized design."""
        on_fargate = design.compute in FARGATE
        running = sized.running
        pieces = []
        if running is not None:
            compute = (design.compute, design.cold_start, sized.key)
            pieces.append(self._once(compute, partial(self._add_compute, design, sized, running)))
        pieces.append(
            self._once(
                ("front door", design.api, design.compute),
                lambda bill: add_front_door(bill, self.situation, design, self.book),
            )
        )
        if running is not None and running.log_kb:
            pieces.append(
                self._once(("logs", on_fargate), partial(self._add_logs, running, on_fargate))
            )
        return Priced(
            sized=sized,
            line_items=tuple(item for piece in pieces for item in piece.line_items),
            missing=tuple(error for piece in pieces for error in piece.missing),
        )

    def _once(self, key: Any, add: Callable[[PathBill], None]) -> PathBill:
        if key not in self._pieces:
            self._pieces[key] = PathBill()
            add(self._pieces[key])
        return self._pieces[key]

    def _add_compute(self, design: Design, sized: Sized, running: Running, bill: PathBill) -> None:
        if design.compute in FARGATE:
            _add_fargate(bill, self.situation, running, design, self.book, sized.shown)
        elif design.compute == MANAGED_INSTANCES:
            add_instances(bill, self.situation, running, self.book, sized.shown)
        elif design.compute == MICROVM:
            add_microvms(bill, self.situation, running, self.book, sized.shown)
        elif sized.cold is not None:
            _add_lambda(bill, self.situation, running, sized.cold, self.book, sized.shown)

    def _add_logs(self, running: Running, on_fargate: bool, bill: PathBill) -> None:  # noqa: FBT001 - bound by partial
        book = self.book
        bill.add(
            partial(
                cloudwatch.logs,
                book,
                self.situation.region,
                requests=book.number(self.situation.arrivals.monthly_requests),
                kb_per_request=book.number(running.log_kb),
                from_lambda=not on_fargate,
                free_tier=self.situation.free_tier,
            )
        )


def _add_lambda(
    bill: PathBill,
    situation: Situation,
    running: Running,
    cold: ColdStart,
    book: PriceBook,
    sizing: dict[str, Any],
) -> None:
    _, high = cold.share
    requests = situation.arrivals.monthly_requests
    inside = _figure(requests * cold.inside_share)
    memory_mb = book.number(running.memory_mb)
    billed_ms = book.number(running.billed_ms)
    cold_starts = book.number(_figure(requests * high))
    bill.add(
        partial(
            aws_lambda.on_demand,
            book,
            situation.region,
            architecture=sizing["architecture"],
            memory_mb=memory_mb,
            requests=book.number(requests) - book.number(inside),
            billed_ms=billed_ms,
            init_ms=book.number(_figure(cold.init_ms)),
            cold_starts=cold_starts,
            ephemeral_storage_mb=book.number(running.ephemeral_storage_mb),
            provisioned_requests=book.number(inside),
            cold_item=cold.cold_item,
            free_tier=situation.free_tier,
        )
    )
    if cold.provisioned:
        gigabytes = memory_mb / MB_PER_GB
        bill.add(
            partial(
                lambda_capacity.provisioned_concurrency,
                book,
                situation.region,
                architecture=sizing["architecture"],
                memory_mb=memory_mb,
                concurrency=book.number(_figure(cold.provisioned * situation.arrivals.average_rps)),
                enabled_hours=book.number(situation.arrivals.month_hours),
                duration_gb_seconds=book.number(inside) * billed_ms * gigabytes / MS_PER_SECOND,
            )
        )
    if cold.snapshots:
        bill.add(
            partial(
                lambda_capacity.snapstart,
                book,
                situation.region,
                memory_mb=memory_mb,
                cached_hours=book.number(situation.arrivals.month_hours),
                restores=cold_starts,
            )
        )
    bill.add(
        partial(
            new_environments,
            situation,
            book,
            architecture=sizing["architecture"],
            memory_mb=memory_mb,
            starts=cold_starts,
        )
    )
    if situation.in_vpc and situation.outbound != "existing":
        bill.add(partial(nat_gateways, situation, book, running.outbound_kb))


def _add_fargate(
    bill: PathBill,
    situation: Situation,
    running: Running,
    design: Design,
    book: PriceBook,
    sizing: dict[str, Any],
) -> None:
    for charge in task_charges(
        str(design.compute),
        book,
        situation.region,
        sizing,
        ephemeral_storage_mb=running.ephemeral_storage_mb,
        windows=running.windows,
        addressed=has_address(situation),
    ):
        bill.add(charge)
    if situation.outbound == "nat":
        # Containers send their logs through the gateway too; a function's logs never pass it.
        kilobytes = running.outbound_kb + running.log_kb
        bill.add(partial(nat_gateways, situation, book, kilobytes))


def _figure(value: float) -> float:
    """Keep six digits of what a model says; more would only pretend."""
    return float(f"{value:.6g}")
