"""The same workload with one of its figures changed: what a flip point is looked for along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.decisions.assumptions import Assumptions
from advisor.decisions.situation import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.decisions.situation import Situation
    from advisor.workload import Workload

DECADES = 2


class Figure(Struct, frozen=True, kw_only=True):
    """A figure of a workload that can be changed, and which decisions its change can touch.

    ``now`` is its value, ``low`` and ``high`` the ends between which the answer is looked at;
    ``at`` gives the situation in which it has another value, ``moves`` the fields that change.
    """

    field: str
    unit: str
    now: float
    low: float
    high: float
    at: Callable[[float], Situation]
    moves: tuple[str, ...]


def figures(situation: Situation) -> tuple[Figure, ...]:
    """Return every figure of a situation along which flip points are looked for."""
    return tuple(found for make in _FIGURES if (found := make(situation)) is not None)


def traffic(situation: Situation) -> Figure | None:
    """Return the mean rate; peaks, bursts, executions and messages keep their proportion to it."""
    return _scaled(
        situation,
        "traffic.average_rps",
        "requests/s",
        situation.arrivals.average_rps,
        (
            *(f"traffic.{name}" for name in ("monthly_requests", "average_rps", "peak_rps")),
            *("traffic.bursts.rps", "traffic.session_starts_per_s"),
            *("workflow.monthly_executions", "workflow.starts_per_second"),
            *(f"messaging.{name}" for name in ("throughput_mps", "per_group_mps")),
            *(f"messaging.{name}" for name in ("per_group_kbps", "in_flight_peak")),
            "messaging.backlog_burst",
        ),
    )


def _duration(situation: Situation) -> Figure | None:
    if situation.running is None:
        return None
    return _scaled(
        situation,
        "compute.request_duration_ms",
        "ms",
        situation.running.duration.mean_ms,
        (
            *("compute.request_duration_ms", "compute.duration_p50_ms", "compute.duration_p99_ms"),
            *("compute.max_duration_s", "compute.measured_durations.duration_ms"),
        ),
    )


def _memory(situation: Situation) -> Figure | None:
    compute = situation.workload.compute
    if situation.running is None or compute is None or compute.measured_durations:
        # With durations measured by memory, another memory is another duration: advisor tune.
        return None
    now = situation.running.memory_mb
    return _scaled(
        situation,
        "compute.memory_mb",
        "MB",
        now,
        ("compute.memory_mb",),
        {"compute.memory_mb": now},
    )


def _payload(situation: Situation) -> Figure | None:
    payload = situation.payload
    if payload is None or situation.workload.api is None:
        return None
    fields = ("api.average_payload_kb", "api.average_request_size_kb")
    stated = dict(zip(fields, (payload.both_kb, payload.request_kb), strict=True))
    return _scaled(situation, fields[0], "KB", payload.both_kb, fields, stated)


def _message(situation: Situation) -> Figure | None:
    if situation.messages is None:
        return None
    field, now = "messaging.message_kb", situation.messages.message_kb
    return _scaled(situation, field, "KB", now, (field,), {field: now})


def _transitions(situation: Situation) -> Figure | None:
    runs = situation.executions
    if runs is None or not runs.transitions:
        return None
    now = runs.transitions

    def at(value: float) -> Situation:
        factor = value / now
        counts = {
            name: getattr(runs, name) * factor
            for name in ("transitions", "history_events", "operations", "steps", "outside_branches")
            if getattr(runs, name) is not None
        }
        return replace(situation, executions=replace(runs, **counts))

    return _within("workflow.transitions_per_execution", "transitions", now, at)


def _cold_share(situation: Situation) -> Figure | None:
    running = situation.running
    if running is None or running.invocation != "sync":
        return None
    now = max(high for _, high in running.cold_start_share.values())

    def at(value: float) -> Situation:
        share = dict.fromkeys(running.cold_start_share, (value, value))
        return replace(situation, running=replace(running, cold_start_share=share))

    return _within("cold start share", "of requests", now, at, highest=1.0)


def _objective(situation: Situation) -> Figure | None:
    slo = situation.workload.slo
    if slo is None or slo.latency_p99_ms is None:
        return None
    now = slo.latency_p99_ms
    field = "slo.latency_p99_ms"
    return _scaled(situation, field, "ms", now, (field,))


_FIGURES = (
    traffic,
    _duration,
    _memory,
    _payload,
    _message,
    _cold_share,
    _transitions,
    _objective,
)


def _scaled(
    situation: Situation,
    field: str,
    unit: str,
    now: float,
    fields: Sequence[str],
    stated: dict[str, float] | None = None,
) -> Figure | None:
    """Vary ``fields`` together, in proportion; ``stated`` are values that the file leaves open."""
    workload = situation.workload

    def at(value: float) -> Situation:
        changed = workload
        for path in fields:
            changed = _times(changed, path, value / now, stated or {})
        return resolve(changed, Assumptions())

    return _within(field, unit, now, at, moves=tuple(fields))


def _within(
    field: str,
    unit: str,
    now: float,
    at: Callable[[float], Situation],
    *,
    moves: tuple[str, ...] = (),
    highest: float = float("inf"),
) -> Figure | None:
    if not now > 0:
        return None
    reach = 10.0**DECADES
    return Figure(
        field=field,
        unit=unit,
        now=now,
        low=now / reach,
        high=min(now * reach, highest),
        at=at,
        moves=moves,
    )


def _times(workload: Workload, path: str, factor: float, stated: dict[str, float]) -> Workload:
    """Return a workload with one of its numbers multiplied, where it has it."""
    section, _, rest = path.partition(".")
    owner = getattr(workload, section)
    if owner is None:
        return workload
    name, _, inner = rest.partition(".")
    value: Any = getattr(owner, name)
    if value is None:
        value = stated.get(path)
    if value is None:
        return workload
    if inner:
        changed = [replace(each, **{inner: getattr(each, inner) * factor}) for each in value]
    else:
        changed = value * factor
    return replace(workload, **{section: replace(owner, **{name: changed})})
