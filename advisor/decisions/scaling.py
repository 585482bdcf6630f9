"""Whether what scales keeps up with the load: warnings of a sized function or of tasks."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from advisor.capacity.fargate import headroom, scaling_lag_s
from advisor.capacity.scaling import limit_checks
from advisor.cost.units import MS_PER_SECOND
from advisor.limits import limits
from advisor.rulebook import Verdict

if TYPE_CHECKING:
    from advisor.decisions.cold_start import ColdStart
    from advisor.decisions.situation import Running, Situation
    from advisor.decisions.sizing import Sized


# The rules that speak of the same limits: they know the peak, and here the jumps are known too.
_RULES = {
    "lambda.account_concurrency": "compute.lambda.account-concurrency",
    "lambda.scaling_environments_per_10s": "compute.lambda.burst",
    "lambda.scaling_requests_per_10s": "compute.lambda.burst",
    "lambda.requests_per_s_per_environment": "compute.lambda.rps-cap",
}


def scaling(situation: Situation, sized: Sized) -> list[Verdict]:
    """Return a warning for each limit or delay of scaling that the load runs into."""
    running = sized.running
    if running is None:
        return []
    if sized.cold is not None:
        return _of_function(situation, running, sized, sized.cold)
    if sized.shown.get("tasks_min") != sized.shown.get("tasks_max"):
        return _of_tasks(situation, running)
    return []


def _of_tasks(situation: Situation, running: Running) -> list[Verdict]:
    """Warn where the load grows faster than the target utilisation leaves room for."""
    growth = headroom(situation.arrivals.hourly_rps, scaling_lag_s())
    room = 1 / running.target_utilisation
    if growth <= room:
        return []
    often = "without bound" if growth == inf else f"by a factor of {growth:.3g}"
    return [
        Verdict(
            rule="compute.fargate.scaling-lag",
            effect="warn",
            result="true",
            because=(
                f"Between hours the load grows {often} within the {scaling_lag_s():,.0f} s that"
                f" tasks need to follow it; a target utilisation of {running.target_utilisation:g}"
                f" leaves {room:.3g}. Scale on a schedule, or run more tasks."
            ),
            source="docs/how-we-know/tasks.md",
            evidence="C",
            fields=("compute.target_utilisation",),
        )
    ]


def _of_function(
    situation: Situation, running: Running, sized: Sized, cold: ColdStart
) -> list[Verdict]:
    """Warn of each limit of Lambda that the rise to the peak, or a burst, runs into.

    The quotas can be raised, and what exceeds them is throttled and tried again, or fails; so they
    warn and do not exclude.
    """
    arrivals = situation.arrivals
    base_rps = max(arrivals.hourly_rps)
    jumps = [(arrivals.peak_rps, base_rps, arrivals.jump_s)]
    jumps += [(burst.rate_per_s, base_rps, 0.0) for burst in arrivals.bursts]
    plan = sized.shown.get("provisioned_concurrency")
    ready = min(plan["by_hour"]) if plan else 0
    found: dict[str, Verdict] = {}
    for peak_rps, base, jump_s in jumps:
        for check in limit_checks(
            peak_rps,
            min(base, peak_rps),
            running.duration.mean_ms / MS_PER_SECOND,
            cold.init_ms / MS_PER_SECOND,
            account_concurrency=limits().number("lambda.account_concurrency"),
            provisioned=int(ready),
            jump_s=jump_s,
        ):
            if not check.holds:
                limit = limits().limit(check.key)
                rule = _RULES[check.key]
                found[rule] = Verdict(
                    rule=rule,
                    effect="warn",
                    result="true",
                    because=f"{check.because[:1].upper()}{check.because[1:]}.",
                    source=limit.source,
                    evidence=limit.evidence,
                    fields=("traffic.peak_rps",),
                )
    return list(found.values())
