"""Lambda MicroVMs as a way to run the work: one for each session, or for each request.

AWS: https://docs.aws.amazon.com/lambda/latest/dg/microvms-how-it-works.html (read 2026-11-25).
"""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any

from advisor.capacity.microvm import size_for
from advisor.cost import microvm
from advisor.decisions.path import PathBill, nat_gateways
from advisor.rulebook import Verdict
from advisor.units import MB_PER_GB, MS_PER_SECOND
from advisor.workload.load_checks import average_rps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook
    from advisor.workload import Compute

MICROVM = "lambda-microvm"
START_UNKNOWN = Verdict(
    rule="slo.microvm-start",
    effect="exclude",
    result="true",
    because=(
        "Every request starts a MicroVM of its own, and AWS publishes no figure for how long that"
        " takes."
    ),
    source="https://docs.aws.amazon.com/lambda/latest/dg/microvms-how-it-works.html",
    evidence="C",
    fields=("slo.latency_p99_ms",),
)


def has_sessions(situation: Situation) -> bool:
    """Return whether the work comes in sessions, each of which keeps a MicroVM."""
    return bool(
        situation.lookup("compute.stateful_session") or situation.lookup("compute.untrusted_code")
    )


def sizing_of(situation: Situation, running: Running) -> dict[str, Any] | None:
    """Return the MicroVM of a session and what of it is charged, None when none is large enough.

    Its baseline has the memory and the stated vCPUs; above the largest baseline, what is used
    more is charged: memory all the time, vCPUs while the code keeps them busy.
    """
    compute = situation.workload.compute
    if compute is None:
        return None
    wanted_vcpu = compute.vcpu or 0.0
    size = size_for(wanted_vcpu, running.memory_mb)
    if size is None:
        return None
    seconds = running.duration.mean_ms / MS_PER_SECOND
    busy = 1 - running.work.waiting_seconds / seconds if seconds else 1.0
    vcpu = size.vcpu + busy * max(wanted_vcpu - size.vcpu, 0)
    sessions, session_s = _sessions(situation, running, compute)
    snapshot_gb = compute.microvm_snapshot_gb
    if snapshot_gb is None:
        snapshot_gb = size.memory_mb / MB_PER_GB + (compute.image_gb or 0)
    return {
        "architecture": "arm64",
        "memory_mb": size.memory_mb,
        "vcpu": size.vcpu,
        "billed_memory_mb": max(size.memory_mb, running.memory_mb),
        "billed_vcpu": _figure(vcpu),
        "sessions_per_request": _figure(sessions),
        "session_s": session_s,
        "snapshot_gb": _figure(snapshot_gb),
    }


def _sessions(situation: Situation, running: Running, compute: Compute) -> tuple[float, float]:
    """Return the sessions that a request stands for, and the seconds that each is charged for.

    A request is a session, unless it is stated how many of these start and how long they last.
    """
    stated_s = compute.session_duration_s
    if not has_sessions(situation) or not stated_s:
        return 1.0, running.duration.billed_mean_ms(MS_PER_SECOND) / MS_PER_SECOND
    starts, requests = situation.workload.traffic.session_starts_per_s, None
    if starts:
        requests = average_rps(situation.workload)
    return (starts / requests if starts and requests else 1.0), float(ceil(stated_s))


def add_microvms(
    bill: PathBill,
    situation: Situation,
    running: Running,
    book: PriceBook,
    sizing: Mapping[str, Any],
) -> None:
    """Add the sessions, the snapshot that each reads to start, and the image's own."""
    arrivals = situation.arrivals
    sessions = book.number(_figure(arrivals.monthly_requests * sizing["sessions_per_request"]))
    snapshot_gb = book.number(sizing["snapshot_gb"])
    bill.add(
        partial(
            microvm.microvms,
            book,
            situation.region,
            sessions=sessions,
            billed_s=book.number(sizing["session_s"]),
            vcpu=book.number(sizing["billed_vcpu"]),
            memory_gb=book.number(sizing["billed_memory_mb"]) / MB_PER_GB,
            snapshot_read_gb=sessions * snapshot_gb,
            snapshot_gb_hours=snapshot_gb * book.number(arrivals.month_hours),
        )
    )
    if situation.in_vpc and situation.outbound != "existing":
        bill.add(partial(nat_gateways, situation, book, running.outbound_kb))


def _figure(value: float) -> float:
    return float(f"{value:.12g}")
