"""Whether what scales keeps up with the load: warnings of a sized function or of tasks."""

from __future__ import annotations

from math import floor, inf
from typing import TYPE_CHECKING

from advisor.capacity.scaling import limit_checks
from advisor.capacity.task_scaling import headroom, scaling_lag_s, step_utilisation
from advisor.limits import limits
from advisor.rulebook import Verdict
from advisor.units import MS_PER_SECOND, PERCENT

if TYPE_CHECKING:
    from advisor.decisions.cold_start import ColdStart
    from advisor.decisions.running import Running
    from advisor.decisions.situation import Situation
    from advisor.decisions.sized import Sized


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
    rates = situation.arrivals.hourly_rps
    growth = headroom(rates, scaling_lag_s())
    room = 1 / running.target_utilisation
    if growth <= room:
        return []
    quick_s = scaling_lag_s(twenty_second_metrics=True)
    quick = headroom(rates, quick_s)
    return [
        Verdict(
            rule="compute.fargate.scaling-lag",
            effect="warn",
            result="true",
            because=(
                f"Between hours the load grows {_growing(growth)} within the"
                f" {scaling_lag_s():,.0f} s that tasks need to follow it, and {_growing(quick)}"
                f" within the {quick_s:,.0f} s of 20-second metrics; a target utilisation of"
                f" {running.target_utilisation:g} leaves {room:.3g}."
                f" {_remedy(growth, quick, room)}"
            ),
            source="docs/how-we-know/tasks.md",
            evidence="C",
            fields=("compute.target_utilisation",),
        )
    ]


def _growing(factor: float) -> str:
    return "without bound" if factor == inf else f"by a factor of {factor:.3g}"


def _remedy(growth: float, quick: float, room: float) -> str:
    """Say which target utilisation, in per cent rounded down, leaves room for the growth."""
    if quick == inf:
        return "No target leaves room for that: scale on a schedule, or run more tasks."
    needed, enough = (
        f"{floor(step_utilisation(factor) * PERCENT):g} %" if factor < inf else "none"
        for factor in (growth, quick)
    )
    if quick <= room:
        return (
            f"20-second metrics keep up; with the standard ones it takes a target of {needed}, a"
            " schedule, or more tasks."
        )
    return (
        f"It takes a target of {needed}, of {enough} with 20-second metrics, a schedule, or more"
        " tasks."
    )


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
