"""The share of requests that are cold: what the closed form is given."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from advisor.capacity.coldstart import model
from advisor.capacity.waiting import cv2_of
from advisor.explain.explanation import Explanation, Figure
from advisor.explain.numbers.latency import COLD_PAGE, running_of
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.decisions.recommendation import Candidate
    from advisor.decisions.running import Running
    from advisor.explain.case import Case

_PROVISIONED_PAGE = "docs/how-we-know/provisioned-concurrency.md"
_BURSTS_PAGE = "docs/how-we-know/bursts.md"


def cold_share(case: Case, candidate: Candidate, end: int) -> Explanation:
    """Explain an end of the range of a design's cold requests: 0 the low one, 1 the high one."""
    if candidate.cold_start_share is None:
        raise LookupError(f"{naming.design(candidate)} has no cold starts")
    running = running_of(candidate)
    sized = candidate.sized
    cold = None if sized is None else sized.cold
    value = candidate.cold_start_share[end]
    keep = model()["keep_alive_s"]
    which, keep_s = (("low", keep["longest"]), ("high", keep["shortest"]))[end]
    arrivals = case.situation.arrivals
    plan = {} if cold is None else cold.shown.get("provisioned_concurrency", {})
    return Explanation(
        title=(
            f"{value:.4%} of requests to {naming.design(candidate)} are cold, the {which} end of"
            " the range"
        ),
        sentences=(
            "A request is cold when it finds more requests in progress than at any time in the"
            f" keep-alive before; the closed form is derived in {COLD_PAGE}.",
            "AWS publishes neither how long it keeps idle environments nor how often it replaces"
            " busy ones; so the answer is a range.",
        ),
        figures=(
            Figure(name="share of cold requests", value=value, unit="share"),
            Figure(name="mean rate", value=arrivals.average_rps, unit="requests/s"),
            Figure(name="busiest hour", value=max(arrivals.hourly_rps), unit="requests/s"),
            Figure(name="mean duration", value=running.duration.mean_ms, unit="ms"),
            Figure(
                name="a cold one takes longer by",
                value=0.0 if cold is None else cold.init_ms,
                unit="ms",
            ),
            Figure(
                name="idle environments live",
                value=keep_s,
                unit="s",
                formula=f"grade {keep['grade']}, {keep['as_of']}",
                source=keep["source"],
            ),
            *(_only_high(running) if end else ()),
            *_with_plan(plan),
        ),
        children=tuple(
            Explanation(
                title=(
                    f"a burst of {words.rate(burst.rate_per_s)} requests/s for"
                    f" {burst.duration_s:g} s, every {burst.every_s:g} s ({_BURSTS_PAGE})"
                )
            )
            for burst in arrivals.bursts
        ),
    )


def _only_high(running: Running) -> tuple[Figure, ...]:
    lifetime = model()["environment_lifetime_s"]
    spread = model()["spread"]
    return (
        Figure(
            name="an environment is replaced after",
            value=1 / running.replaced_per_s,
            unit="s",
            formula=f"{lifetime['value']} s, and each deployment",
            source=lifetime["source"],
        ),
        Figure(
            name="raised for durations that vary",
            value=running.spread,
            unit="times",
            formula=(
                f"1 + {spread['per_cv_above_one']} for each unit of the coefficient of variation,"
                f" {sqrt(cv2_of(running.duration)):.3g}, above one"
            ),
            source=spread["source"],
        ),
    )


def _with_plan(plan: dict[str, float]) -> tuple[Figure, ...]:
    if not plan:
        return ()
    return (
        Figure(
            name="environments kept ready",
            value=plan["mean"],
            formula="the mean of the day",
            source=_PROVISIONED_PAGE,
        ),
        Figure(name="they remove", value=plan["removes"], unit="share", formula="of cold starts"),
    )
