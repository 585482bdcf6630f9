"""How a Lambda event source mapping reads a queue: batches, concurrency, ramp and drain."""

from __future__ import annotations

from math import floor, inf, isinf
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.capacity.batches import (
    batches,
    drain_time_s,
    largest_batch,
    least_window_s,
    ramp_s,
)
from advisor.limits import limits
from advisor.rulebook import Verdict

if TYPE_CHECKING:
    from advisor.capacity.batches import BatchPlan
    from advisor.decisions.messages.flow import Messages

_PATIENCE_S = 60.0
"""Delay that nobody is told of when no latency is asked for: the ramp itself is by the minute."""

_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"


class Mapping(Struct, frozen=True, kw_only=True):
    """What one queue asks of its mapping at the peak.

    ``maximum`` is the highest concurrency, the mapping's own or AWS's; ``late_s`` how long the
    ramp lags behind the rise to the peak, ``drain_s`` how long the declared backlog is there,
    infinite where it only grows.
    """

    plan: BatchPlan
    batch_size: int
    maximum: float
    peak_mps: float
    late_s: float
    backlog: float
    drain_s: float


def mapping_of(flow: Messages) -> Mapping | None:
    """Return the mapping that reads a standard queue, None where the work is not known.

    Messages of a batch are worked on one after the other.
    """
    reader, quota = flow.reader, limits()
    if reader is None or flow.message_kb > quota.number("sqs.message_kb"):
        return None
    window_s = least_window_s(flow.batch_size)
    work = (flow.batch_size, window_s, 0.0, reader.work_s, flow.message_kb)
    highest = quota.number("lambda.esm_concurrency_max")
    stated = reader.downstream_concurrency
    maximum = None
    if stated is not None and stated < quota.number("lambda.esm_maximum_concurrency_max"):
        maximum = float(max(1, floor(stated)))
    usual = max(flow.hourly_rps)
    plan = batches(flow.peak_mps, *work, maximum=maximum)
    before = batches(min(usual, flow.peak_mps), *work, maximum=maximum)
    reached = min(plan.needed_concurrency, highest if maximum is None else maximum)
    return Mapping(
        plan=plan,
        batch_size=largest_batch(flow.batch_size, window_s, flow.message_kb),
        maximum=highest if maximum is None else maximum,
        peak_mps=flow.peak_mps,
        late_s=max(0.0, ramp_s(before.concurrency, reached) - reader.jump_s),
        backlog=reader.backlog,
        drain_s=drain_time_s(reader.backlog, usual, *work, maximum=maximum),
    )


def mapping_sizing(flow: Messages) -> dict[str, Any]:
    """Return what the answer shows of the mapping; nothing where Lambda does not read the queue."""
    found = mapping_of(flow)
    if found is None or flow.reader is None or not flow.reader.by_lambda:
        return {}
    plan = found.plan
    return {
        "mapping": {
            "batch_size": found.batch_size,
            "window_s": plan.window_s,
            "batch_at_peak": plan.batch,
            "concurrency_at_peak": plan.concurrency,
            "maximum_concurrency": found.maximum,
            "ramp_late_s": found.late_s,
            "added_latency_s": None if isinf(plan.added_latency_s) else plan.added_latency_s,
            "backlog": found.backlog,
            "drain_s": None if isinf(found.drain_s) else found.drain_s,
            "idle_receives": flow.idle_polls(),
        }
    }


def mapping_warnings(flow: Messages) -> tuple[Verdict, ...]:
    """Return where the ramp, or the highest concurrency, does not keep up with the messages."""
    found, reader = mapping_of(flow), flow.reader
    if found is None or reader is None or not reader.by_lambda:
        return ()
    plan, warnings = found.plan, []
    most = f"{found.maximum:,.0f} batches at once work off {plan.most_per_s:,.4g} messages/s"
    if found.peak_mps > plan.most_per_s:
        warnings.append(
            _warning(
                "msg.mapping.maximum",
                f"At the peak {found.peak_mps:,.4g} messages/s need {plan.needed_concurrency:,.4g}"
                f" batches at once; in a Lambda mapping {most}, and the rest waits in the queue.",
                "constraints.downstream_max_concurrency"
                if found.maximum < limits().number("lambda.esm_concurrency_max")
                else "traffic.peak_rps",
            )
        )
    allowed_s = _PATIENCE_S if reader.latency_s is None else reader.latency_s
    if found.late_s > allowed_s:
        quota = limits()
        warnings.append(
            _warning(
                "msg.mapping.ramp",
                f"A Lambda mapping adds {quota.number('lambda.esm_added_per_minute'):g} batches a"
                f" minute and is {found.late_s:,.3g} s behind the rise to"
                f" {min(plan.needed_concurrency, found.maximum):,.4g} at once; messages wait as"
                " long.",
                "traffic.peak_rps",
            )
        )
    if found.drain_s == inf:
        warnings.append(
            _warning(
                "msg.mapping.drain",
                f"A backlog of {found.backlog:,.0f} messages is never worked off: in a Lambda"
                f" mapping {most}, and as many arrive.",
                "messaging.backlog_burst",
            )
        )
    return tuple(warnings)


def _warning(rule: str, because: str, field: str) -> Verdict:
    return Verdict(
        rule=rule,
        effect="warn",
        result="true",
        because=because,
        source=_SOURCE,
        evidence="B",
        fields=(field,),
    )
