"""Lambda Managed Instances as a way to run the work: which EC2 instances, and how many.

AWS adds and removes instances by their CPU and keeps room for the load to double; when it takes an
instance away, it does not say. So the instances that the peak needs run for the whole month here.
"""

from __future__ import annotations

from functools import lru_cache, partial
from math import ceil
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.capacity.fargate import TaskSize, tasks_meeting
from advisor.capacity.instance_types import architecture_of, instance_of
from advisor.capacity.managed_instances import fleet
from advisor.cost import managed_instances, network
from advisor.decisions import load
from advisor.decisions.path import PathBill, nat_gateways
from advisor.errors import PriceMissing
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.capacity.duration import DurationDistribution
    from advisor.capacity.fargate import TaskWork
    from advisor.capacity.managed_instances import Instance
    from advisor.capacity.response import Balancing
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

MANAGED_INSTANCES = "lambda-managed-instances"
_ON_DEMAND = "ondemand-linux-"
_PROCESSES = "python"
"""The runtime that serves each request in a process of its own, so that no code is shared."""

_LEAST_SHARE = 1e-6
"""Of a vCPU, for requests that only wait: the runtime bounds these, not the CPU."""

_NOISE = 1e-9


def fleets(
    situation: Situation, running: Running, architecture: str, book: PriceBook
) -> list[dict[str, Any]]:
    """Return the instances of each type that carry the peak, the cheapest first.

    The types are those that the book has a price of in the Region; where it has none, all that it
    knows elsewhere, so that the price that is missing has a name. Types that hold no environment
    are left out.
    """
    hourly = _hourly_prices(situation.region, architecture, book)
    found = []
    for instance, price in hourly:
        sizing = _held(situation, running, architecture, instance)
        if sizing is not None:
            found.append((sizing["instances"] * price, sizing["instances"], sizing))
    # At the same cost fewer, larger instances lose less to Lambda itself.
    found.sort(key=lambda each: (round(each[0], 9), each[1]))
    return [sizing for *_, sizing in found]


def least_usd(situation: Situation, book: PriceBook) -> float:
    """Return less than any fleet costs in a month: as many of the cheapest as always run."""
    hourly = [
        price
        for architecture in ("arm64", "x86_64")
        for instance, price in _hourly_prices(situation.region, architecture, book)
        if price != instance.vcpu
    ]
    least = limits().number("managedinstances.instances_min")
    return min(hourly, default=0.0) * least * situation.arrivals.month_hours


@lru_cache(maxsize=32)
def _hourly_prices(region: str, architecture: str, book: PriceBook) -> list[tuple[Instance, float]]:
    """Return each instance type with its price, or with its vCPUs where none is known."""
    known: list[tuple[Instance, float]] = []
    unknown: list[tuple[Instance, float]] = []
    for component in book.table.components("ec2"):
        instance = instance_of(component.removeprefix(_ON_DEMAND))
        if instance is None or architecture_of(instance.instance_type) != architecture:
            continue
        try:
            price = book.price("ec2", component, region)
        except PriceMissing:
            unknown.append((instance, instance.vcpu))
        else:
            known.append((instance, float(price.known(price.tiers[0]))))
    return known or unknown


def _held(
    situation: Situation, running: Running, architecture: str, instance: Instance
) -> dict[str, Any] | None:
    """Return the instances of one type that carry the peak, None when no environment fits one."""
    work, compute = running.work, situation.workload.compute
    family = running.runtime if compute is None else load.runtime_family(compute)
    vcpus = ceil(work.parallelism)
    seconds = work.seconds(TaskSize(vcpu=vcpus, memory_mb=instance.memory_mb))
    share = work.cpu_seconds / seconds if seconds else 0.0
    memory_mb = running.memory_mb
    shared = family == _PROCESSES or bool(situation.lookup("compute.thread_safe"))
    if not shared or share > 1 + _NOISE:
        # One request has an environment, with its vCPUs and the memory of these, for itself.
        memory_mb = max(memory_mb, vcpus * instance.memory_mb / instance.vcpu)
        share = 1.0
    found = fleet(
        situation.arrivals.peak_rps * seconds,
        memory_mb,
        family,
        instance,
        min(1.0, max(share, _LEAST_SHARE)),
        vcpu_per_environment=vcpus,
    )
    if found is None:
        return None
    return _counted(
        situation,
        {
            "architecture": architecture,
            "memory_mb": found.environment_memory_mb,
            "environment_vcpu": found.environment_vcpu,
            "concurrency_per_environment": found.concurrency_per_environment,
            "instance_type": instance.instance_type,
            "environments_per_instance": found.environments_per_instance,
        },
        found.instances,
    )


def _counted(situation: Situation, sizing: dict[str, Any], instances: int) -> dict[str, Any]:
    hours = instances * situation.arrivals.month_hours
    return {**sizing, "instances": instances, "instance_hours": hours}


def meeting(
    situation: Situation,
    running: Running,
    by_load: list[dict[str, Any]],
    book: PriceBook,
    *,
    percentile: float,
    slo_ms: float,
    fixed_ms: float,
) -> Iterator[dict[str, Any]]:
    """Yield the cheapest fleet that answers in time at the peak, if any does.

    ``by_load`` are the fleets that carry the load; ``fixed_ms`` is what the front doors take.
    """
    rough = partial(_rough_cost, situation.region, book)
    best: tuple[float, dict[str, Any]] | None = None
    for sizing in by_load:
        if best is not None and rough(sizing) >= best[0]:
            # The objective only ever asks for more instances than the load does.
            break
        size, work, balancing = environments_of(running, sizing)
        stretch = replace(running, work=work).stretch(size)
        if stretch * running.duration.quantile(percentile / 100) + fixed_ms > slo_ms:
            # Too slow even for a request that finds the environment idle.
            continue
        per_instance = sizing["environments_per_instance"]
        needed = _environments_meeting(
            situation.arrivals.peak_rps,
            size,
            work,
            running.duration,
            balancing,
            percentile,
            slo_ms,
            fixed_ms,
            sizing["instances"] * per_instance,
        )
        if needed is None:
            continue
        held = _counted(situation, sizing, ceil(needed / per_instance))
        if best is None or rough(held) < best[0]:
            best = rough(held), held
    if best is not None:
        yield best[1]


@lru_cache(maxsize=1024)
def _environments_meeting(
    rate_rps: float,
    size: TaskSize,
    work: TaskWork,
    duration: DurationDistribution,
    balancing: Balancing,
    percentile: float,
    slo_ms: float,
    fixed_ms: float,
    least: int,
) -> int | None:
    return tasks_meeting(
        rate_rps,
        size,
        work,
        duration,
        percentile=percentile,
        slo_ms=slo_ms,
        fixed_ms=fixed_ms,
        target_utilisation=1.0,
        zones=1,
        survive_zone=False,
        min_tasks=least,
        balancing=balancing,
    )


def environments_of(
    running: Running, sizing: Mapping[str, Any]
) -> tuple[TaskSize, TaskWork, Balancing]:
    """Return one environment and its work as a task, and how requests come to environments.

    Lambda sends a request elsewhere when an environment is full or busy. So environments for one
    request each are one queue; of the others it is only known that requests in turn, which is what
    is taken, are served no sooner. https://docs.aws.amazon.com/lambda/latest/dg/
    lambda-managed-instances-scaling.html (read 2026-11-25).
    """
    at_once = sizing["concurrency_per_environment"]
    alone = at_once == 1
    work = replace(
        running.work,
        slots_per_task=at_once,
        process_mb=sizing["memory_mb"] if alone else running.memory_mb,
    )
    size = TaskSize(vcpu=sizing["environment_vcpu"], memory_mb=sizing["memory_mb"])
    return size, work, "central" if alone else "round-robin"


def _rough_cost(region: str, book: PriceBook, sizing: Mapping[str, Any]) -> float:
    """Rank fleets by EC2's price, to which the fee is in proportion; else by their vCPUs."""
    instance_type = str(sizing["instance_type"])
    try:
        price = book.price("ec2", f"{_ON_DEMAND}{instance_type}", region)
        hourly = float(price.known(price.tiers[0]))
    except PriceMissing:
        instance = instance_of(instance_type)
        hourly = 0.0 if instance is None else instance.vcpu
    return float(sizing["instances"] * hourly)


def add_instances(
    bill: PathBill,
    situation: Situation,
    running: Running,
    book: PriceBook,
    sizing: Mapping[str, Any],
) -> None:
    """Add the instances, the requests, and how the instances reach the internet."""
    hours = book.number(sizing["instance_hours"])
    # One by one, so that a missing price of the requests or the fee does not hide the instances'.
    own = partial(
        managed_instances.managed_instances,
        book,
        situation.region,
        instance_type=sizing["instance_type"],
        instance_hours=0,
    )
    bill.add(partial(own, requests=book.number(situation.arrivals.monthly_requests)))
    for charge in (managed_instances.instances, managed_instances.management_fee):
        bill.add(partial(charge, book, situation.region, sizing["instance_type"], hours))
    if situation.outbound == "public-ipv4":
        bill.add(
            partial(
                network.public_ipv4, book, situation.region, address_hours=hours, of="instances"
            )
        )
    elif situation.outbound == "nat":
        # The instances are in the VPC, and their logs leave it the same way.
        kilobytes = running.outbound_kb + running.log_kb
        bill.add(partial(nat_gateways, situation, book, kilobytes))
