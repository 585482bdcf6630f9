"""What is presumed of fields that only limits look at, where these are far away.

A question is worth asking when its answer may well be another one. Where the mean is a small part
of what a limit allows, the largest is presumed to be within it and listed among the assumptions;
where it is not, nothing is presumed, and the answer asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.decisions.assumptions import house_assumption
from advisor.decisions.messages import flow
from advisor.limits import limits
from advisor.units import KB_PER_MB, MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.situation import Situation


def largest_request_mb(situation: Situation) -> float | None:
    """Return the largest request in MB as stated or presumed, None where it must be asked for."""
    api = situation.workload.api
    if api is None or api.max_request_mb is not None:
        return None if api is None else api.max_request_mb
    return _largest_mb(situation.lookup("api.average_request_size_kb"))


def largest_response_mb(situation: Situation) -> float | None:
    """Return the largest response in MB as stated or presumed, None where it must be asked for."""
    api = situation.workload.api
    if api is None or api.max_response_mb is not None:
        return None if api is None else api.max_response_mb
    both_kb = situation.lookup("api.average_payload_kb")
    return _largest_mb(max(0.0, both_kb - situation.lookup("api.average_request_size_kb")))


def longest_response_s(situation: Situation) -> float | None:
    """Return the longest response in s: as stated, or the longest run of the code behind it."""
    workload, running = situation.workload, situation.running
    api, compute, workflow = workload.api, workload.compute, workload.workflow
    if api is None or api.max_response_s is not None:
        return None if api is None else api.max_response_s
    if compute is None or running is None or running.invocation != "sync":
        return None
    if workflow is not None and workflow.sync_response:
        # The caller waits for all of the steps.
        return workflow.duration_p99_s
    if compute.max_duration_s is not None or compute.duration_p99_ms is not None:
        longest_s = running.duration.quantile(0.99) / MS_PER_SECOND
        return max(compute.max_duration_s or 0.0, longest_s)
    longest_s = _times_mean() * running.duration.mean_ms / MS_PER_SECOND
    return longest_s if longest_s <= limits().number("apigateway.rest_timeout_s") else None


def working_time_s(situation: Situation) -> float | None:
    """Return the s that a message takes its consumer, None where that is other code."""
    messaging, running = situation.workload.messaging, situation.running
    if messaging is None:
        return None
    if running is None:
        return messaging.processing_time_s
    return flow.working_time_s(messaging, running.invocation, running.duration.mean_ms)


def kept_hours(situation: Situation) -> float | None:
    """Return the hours that messages are kept as stated, or a day unless they are replayed."""
    messaging = situation.workload.messaging
    if messaging is None or messaging.retention_hours is not None:
        return None if messaging is None else messaging.retention_hours
    # How far back a replay goes is what an archive costs.
    day: float = house_assumption("retention_hours")["value"]
    return None if messaging.replay else day


def presume(situation: Situation, assumptions: Assumptions) -> None:
    """List what is presumed of a situation."""
    api, messaging = situation.workload.api, situation.workload.messaging
    far = house_assumption("far_from_limits")["why"]
    if api is not None:
        for field, stated, value, why in (
            ("api.max_request_mb", api.max_request_mb, largest_request_mb(situation), far),
            ("api.max_response_mb", api.max_response_mb, largest_response_mb(situation), far),
            ("api.max_response_s", api.max_response_s, longest_response_s(situation), _RUN),
        ):
            if stated is None and value is not None:
                assumptions.take(field, float(f"{value:.6g}"), why)
    if messaging is not None:
        kept = house_assumption("retention_hours")["why"]
        for field, stated, value, why in (
            ("processing_time_s", messaging.processing_time_s, working_time_s(situation), _MESSAGE),
            ("retention_hours", messaging.retention_hours, kept_hours(situation), kept),
        ):
            if stated is None and value is not None:
                assumptions.take(f"messaging.{field}", float(f"{value:.6g}"), why)


_RUN = "the longest run of the code, or ten times its mean"
_MESSAGE = "the mean run of the code that works on it"


def _largest_mb(mean_kb: float) -> float | None:
    largest: float = house_assumption("far_from_limits")["largest_mb"]
    return largest if mean_kb * _times_mean() <= largest * KB_PER_MB else None


def _times_mean() -> float:
    times: float = house_assumption("far_from_limits")["times_mean"]
    return times
