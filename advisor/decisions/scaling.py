"""Whether Lambda's scaling limits let the peak through, as warnings of a sized function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.capacity.scaling import limit_checks
from advisor.cost.units import MS_PER_SECOND
from advisor.limits import limits
from advisor.rulebook import Verdict

if TYPE_CHECKING:
    from advisor.decisions.situation import Situation
    from advisor.decisions.sizing import Sized


def scaling(situation: Situation, sized: Sized) -> list[Verdict]:
    """Return a warning for each limit that the rise to the peak, or a burst, runs into.

    The quotas can be raised, and what exceeds them is throttled and tried again, or fails; so they
    warn and do not exclude.
    """
    running, cold = sized.running, sized.cold
    if running is None or cold is None:
        return []
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
                found[check.key] = Verdict(
                    rule=check.key,
                    effect="warn",
                    result="true",
                    because=f"{check.because[:1].upper()}{check.because[1:]}.",
                    source=limit.source,
                    evidence=limit.evidence,
                    fields=("traffic.peak_rps",),
                )
    return list(found.values())
