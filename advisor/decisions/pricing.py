"""The bill of one design: compute, front door, queue, logs, transfer and addresses.

Every piece is priced on its own, so that one missing price names itself and hides no other.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.fargate import tasks_by_hour
from advisor.cost import (
    aws_lambda,
    cloudwatch,
    fargate,
    network,
)
from advisor.cost.bill import LineItem, total
from advisor.cost.units import MB_PER_GB
from advisor.decisions.path import FARGATE, PathBill, add_front_door, add_queue, nat_gateways
from advisor.errors import PriceMissing
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.capacity.fargate import TaskSize
    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Running, Situation
    from advisor.tariff import PriceBook


class Priced(Struct, frozen=True, kw_only=True):
    """A design's sizing, its line items, and the prices that it would need but that are missing.

    ``missing_variants`` names what kept other sizings from being compared.
    """

    sizing: dict[str, Any]
    line_items: tuple[LineItem, ...]
    missing: tuple[PriceMissing, ...]
    missing_variants: tuple[PriceMissing, ...] = ()


def price_design(situation: Situation, design: Design, book: PriceBook) -> Priced:
    """Return the cheapest sizing of a design, in the arithmetic of the price book."""
    variants = [
        _priced(situation, design, book, variant) for variant in _variants(situation, design, book)
    ]
    complete = [priced for priced in variants if not priced.missing]
    if not complete:
        return variants[0]
    cheapest = min(complete, key=lambda priced: total(priced.line_items))
    others = tuple(error for priced in variants for error in priced.missing)
    return replace(cheapest, missing_variants=others)


def _variants(situation: Situation, design: Design, book: PriceBook) -> list[dict[str, Any]]:
    running = situation.running
    if running is None or design.compute is None:
        return [{}]
    if design.compute not in FARGATE:
        return [
            {"architecture": architecture, "memory_mb": running.memory_mb}
            for architecture in running.architectures
        ]
    # Every size is compared on the task's own price in floats; only the cheapest is billed in full.
    variants = []
    for architecture in running.architectures:
        for mode in _modes(running):
            sizings = [
                _task_sizing(situation, running, architecture, mode, size)
                for size in running.task_sizes
            ]
            if sizings:
                rough = partial(_rough_cost, design.compute, book, situation.region)
                # At the same cost fewer, larger tasks queue less.
                variants.append(
                    min(sizings, key=lambda each: (round(rough(each), 6), -each["task_vcpu"]))
                )
    return variants


def _modes(running: Running) -> tuple[str, ...]:
    """A service keeps tasks running; work that nobody waits for may start a task for each run."""
    return ("service", "task-per-run") if running.invocation == "async" else ("service",)


def _task_sizing(
    situation: Situation, running: Running, architecture: str, mode: str, size: TaskSize
) -> dict[str, Any]:
    arrivals = situation.arrivals
    sizing: dict[str, Any] = {
        "architecture": architecture,
        "task_vcpu": size.vcpu,
        "task_memory_mb": size.memory_mb,
        "mode": mode,
    }
    if mode == "task-per-run":
        seconds = limits().number("fargate.start_s") + running.work.seconds(size)
        hours = float(fargate.run_hours(arrivals.monthly_requests, seconds))
        return {**sizing, "run_s": float(f"{seconds:.9g}"), "task_hours": float(f"{hours:.12g}")}
    counts = tasks_by_hour(
        arrivals.hourly_peak_rps,
        size,
        running.work,
        target_utilisation=running.target_utilisation,
        min_tasks=running.min_tasks,
        autoscaling=running.autoscaling,
    )
    return {
        **sizing,
        "tasks_min": min(counts),
        "tasks_max": max(counts),
        "task_hours": float(f"{sum(counts) * arrivals.hours_of_each:.12g}"),
    }


def _rough_cost(option: str, book: PriceBook, region: str, sizing: dict[str, Any]) -> float:
    """Rank task sizes by vCPU and memory alone; without a price, by the size itself."""
    kind = "spot-" if option == "fargate-spot" else ""
    suffix = aws_lambda.ARCHITECTURE_SUFFIX[sizing["architecture"]]
    try:
        vcpu_price = book.price("fargate", f"{kind}vcpu-{suffix}", region)
        memory_price = book.price("fargate", f"{kind}memory-{suffix}", region)
        vcpu = float(vcpu_price.known(vcpu_price.tiers[0]))
        memory = float(memory_price.known(memory_price.tiers[0]))
    except PriceMissing:
        vcpu, memory = 1.0, 0.0
    hourly = vcpu * sizing["task_vcpu"] + memory * sizing["task_memory_mb"] / MB_PER_GB
    cost: float = sizing["task_hours"] * hourly
    return cost


def _priced(
    situation: Situation, design: Design, book: PriceBook, sizing: dict[str, Any]
) -> Priced:
    bill = PathBill()
    running = situation.running
    if running is not None and design.compute == "lambda":
        _add_lambda(bill, situation, running, book, sizing["architecture"])
    elif running is not None and design.compute in FARGATE:
        _add_fargate(bill, situation, running, design, book, sizing)
    add_front_door(bill, situation, design, book)
    add_queue(bill, situation, book)
    if running is not None and running.log_kb:
        bill.add(
            partial(
                cloudwatch.logs,
                book,
                situation.region,
                requests=book.number(situation.arrivals.monthly_requests),
                kb_per_request=book.number(running.log_kb),
                from_lambda=design.compute == "lambda",
                free_tier=situation.free_tier,
            )
        )
    return Priced(sizing=sizing, line_items=tuple(bill.line_items), missing=tuple(bill.missing))


def _add_lambda(
    bill: PathBill, situation: Situation, running: Running, book: PriceBook, architecture: str
) -> None:
    _, high = running.cold_start_share[architecture]
    requests = situation.arrivals.monthly_requests
    bill.add(
        partial(
            aws_lambda.on_demand,
            book,
            situation.region,
            architecture=architecture,
            memory_mb=book.number(running.memory_mb),
            requests=book.number(requests),
            billed_ms=book.number(running.billed_ms),
            init_ms=book.number(float(f"{running.init_mean_ms[architecture]:.6g}")),
            cold_starts=book.number(float(f"{requests * high:.6g}")),
            ephemeral_storage_mb=book.number(running.ephemeral_storage_mb),
            free_tier=situation.free_tier,
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
    task_hours = book.number(sizing["task_hours"])
    bill.add(
        partial(
            fargate.tasks,
            book,
            situation.region,
            architecture=sizing["architecture"],
            capacity="spot" if design.compute == "fargate-spot" else "on-demand",
            vcpu=book.number(sizing["task_vcpu"]),
            memory_gb=book.number(sizing["task_memory_mb"]) / MB_PER_GB,
            task_hours=task_hours,
            ephemeral_storage_gb=book.number(running.ephemeral_storage_mb) / MB_PER_GB,
        )
    )
    if situation.outbound == "public-ipv4":
        bill.add(
            partial(
                network.public_ipv4, book, situation.region, address_hours=task_hours, of="tasks"
            )
        )
    elif situation.outbound == "nat":
        # Containers send their logs through the gateway too; a function's logs never pass it.
        kilobytes = running.outbound_kb + running.log_kb
        bill.add(partial(nat_gateways, situation, book, kilobytes))
