"""Latency and cold starts: the parts of the model with the workload's numbers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.data import read_data
from advisor.decisions.path import FARGATE
from advisor.explain.explanation import Explanation, Figure
from advisor.wording import naming, words

if TYPE_CHECKING:
    from advisor.capacity.latency import ColdPath, LatencyModel
    from advisor.decisions.recommendation import Candidate
    from advisor.decisions.running import Running
    from advisor.explain.case import Case

COLD_PAGE = "docs/how-we-know/cold-starts.md"
_TASKS_PAGE = "docs/how-we-know/tasks.md"
_FRONT_DOORS = "rules/measurements/front-door-latency.yaml"
_SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
_MEDIAN, _LATE = 0.5, 0.99


def percentile(case: Case, candidate: Candidate, name: str) -> Explanation:
    """Explain a percentile of a design's latency."""
    if candidate.latency_ms is None:
        raise LookupError(f"no latency of {naming.design(candidate)} is known")
    return _of_model(case, candidate, name, _SHARES[name], candidate.latency_ms[name])


def at_objective(case: Case, candidate: Candidate) -> Explanation | None:
    """Explain what a design reaches at the objective's percentile, None where that is not known."""
    if candidate.latency is None or candidate.reached_ms is None:
        return None
    percent = candidate.latency.percentile or _LATE * 100
    return _of_model(case, candidate, f"p{percent:g}", percent / 100, candidate.reached_ms)


def objective(case: Case, steps: tuple[str | int, ...]) -> Explanation:
    """Explain a number about the latency objective."""
    held, best = case.answer.objective, case.answer.best
    if held is None or best is None:
        raise LookupError("the workload has no latency objective")
    stated = Figure(
        name="objective",
        value=held.objective_ms,
        unit="ms",
        source="slo.latency_p99_ms of the workload file",
    )
    reached = Figure(name=f"reached at p{held.percentile:g}", value=held.reached_ms, unit="ms")
    match steps:
        case ("reached_ms",):
            name = f"p{held.percentile:g}"
            return _of_model(case, best, name, held.percentile / 100, held.reached_ms)
        case ("margin_ms",):
            spare = held.objective_ms - held.reached_ms
            return Explanation(
                title=f"{spare:,.0f} ms to spare",
                figures=(
                    stated,
                    reached,
                    Figure(
                        name="to spare",
                        value=spare,
                        unit="ms",
                        formula=f"{held.objective_ms:,.4g} − {held.reached_ms:,.4g}",
                    ),
                ),
            )
        case ("price_usd",):
            return Explanation(
                title=f"Holding the objective costs {words.money(held.price_usd)} USD a month",
                sentences=(
                    "The recommended design, less the cheapest design when nobody asks for the"
                    f" objective: {naming.choices(held.without)}, which would reach"
                    f" {held.without_ms:,.0f} ms.",
                ),
                figures=(
                    Figure(name=naming.design(best), value=best.monthly_usd, unit="USD"),
                    Figure(
                        name=f"{naming.choices(held.without)}, without the objective",
                        value=(best.monthly_usd or 0) - held.price_usd,
                        unit="USD",
                    ),
                    Figure(name="the objective costs", value=held.price_usd, unit="USD"),
                ),
            )
        case ("without", "latency_ms"):
            return Explanation(
                title=f"{naming.choices(held.without)} would reach {held.without_ms:,.0f} ms",
                sentences=(
                    "The latency at the objective's percentile of the cheapest design when nobody"
                    f" asks for the objective. The model is derived in {_page(best)}.",
                ),
                figures=(
                    Figure(name="without the objective", value=held.without_ms, unit="ms"),
                    stated,
                    reached,
                ),
            )
    return Explanation(
        title=f"The objective: p{held.percentile:g} within {held.objective_ms:,.0f} ms",
        sentences=("slo.latency_percentile and slo.latency_p99_ms of the workload file say so.",),
        figures=(stated, reached),
    )


def _page(candidate: Candidate) -> str:
    return _TASKS_PAGE if candidate.design.compute in FARGATE else COLD_PAGE


def _of_model(
    case: Case, candidate: Candidate, name: str, share: float, value_ms: float
) -> Explanation:
    if candidate.latency is None or candidate.latency.model is None:
        raise LookupError(f"no latency of {naming.design(candidate)} is known")
    model = candidate.latency.model
    cold = model.cold is not None and model.cold_share > 0
    return Explanation(
        title=f"{name} of {naming.design(candidate)}: {value_ms:,.4g} ms",
        sentences=(
            f"The latency that {share * 100:g} % of requests stay below: the one at which the"
            f" warm and the cold requests that take longer are {1 - share:.2%} of all."
            if cold
            else f"The latency that {share * 100:g} % of requests stay below; none is cold.",
            f"How the parts are put together: {_page(candidate)}.",
        ),
        figures=_mixture(model, value_ms),
        children=(
            _work(case, candidate, model, share),
            _doors(candidate, model, share),
            *(_cold_path(candidate, model.cold) if model.cold is not None else ()),
        ),
    )


def _mixture(model: LatencyModel, value_ms: float) -> tuple[Figure, ...]:
    warm = replace(model, cold_share=0.0, cold=None)
    warm_late = warm.survival(value_ms)
    if model.cold is None or not model.cold_share:
        return (
            Figure(name="latency", value=value_ms, unit="ms"),
            Figure(name="requests that take longer", value=warm_late, unit="share"),
        )
    cold_late = replace(model, cold_share=1.0).survival(value_ms)
    part = model.cold_share
    return (
        Figure(name="latency", value=value_ms, unit="ms"),
        Figure(name="warm requests that take longer", value=warm_late, unit="share"),
        Figure(name="cold requests that take longer", value=cold_late, unit="share"),
        Figure(
            name="requests that are cold",
            value=part,
            unit="share",
            formula="the high end of the range",
        ),
        Figure(
            name="requests that take longer",
            value=(1 - part) * warm_late + part * cold_late,
            unit="share",
            formula=f"{1 - part:.4%} × {warm_late:.4%} + {part:.4%} × {cold_late:.4%}",
        ),
    )


def _work(case: Case, candidate: Candidate, model: LatencyModel, share: float) -> Explanation:
    running = running_of(candidate)
    work = model.duration
    figures = [
        Figure(name="median", value=work.quantile(_MEDIAN), unit="ms"),
        Figure(name="p99", value=work.quantile(_LATE), unit="ms"),
    ]
    if share not in (_MEDIAN, _LATE):
        figures.append(Figure(name=f"p{share * 100:g}", value=work.quantile(share), unit="ms"))
    if candidate.design.compute in FARGATE or candidate.design.compute not in ("lambda", None):
        arrivals = case.situation.arrivals
        figures.append(Figure(name="rate at the peak", value=arrivals.peak_rps, unit="requests/s"))
        return Explanation(
            title="The work, with its wait for a vCPU, at the peak",
            sentences=(f"A queue for slots and vCPUs: {_TASKS_PAGE}.",),
            figures=tuple(figures),
        )
    return Explanation(
        title=f"The work, warm, with {running.memory_mb:,g} MB",
        sentences=(
            "A lognormal through what the workload states of request_duration_ms,"
            " duration_p50_ms and duration_p99_ms.",
        ),
        figures=tuple(figures),
    )


def _doors(candidate: Candidate, model: LatencyModel, share: float) -> Explanation:
    measured = read_data(_FRONT_DOORS)
    on_fargate = candidate.design.compute in FARGATE
    names = [candidate.design.api or ("alb" if on_fargate else "direct")]
    if on_fargate and names != ["alb"]:
        names.append("alb")
    entries = [(naming.name(name), measured["options"].get(name)) for name in names]
    if not on_fargate:
        entries.append(("Lambda's own front end", measured["lambda"]))
    return Explanation(
        title="What stands before the code",
        figures=(
            *(
                Figure(
                    name=name,
                    value=entry["p99_ms"],
                    unit="ms",
                    formula=(
                        f"p99; p50 {entry['p50_ms']} ms; grade {entry['grade']}, {entry['as_of']}"
                    ),
                    source=entry["source"],
                )
                for name, entry in entries
                if entry is not None
            ),
            Figure(
                name=f"together at p{share * 100:g}",
                value=model.front_door.quantile(share),
                unit="ms",
            ),
        ),
    )


def _cold_path(candidate: Candidate, path: ColdPath) -> tuple[Explanation, ...]:
    restored = candidate.design.cold_start == "snapstart"
    name = "restore" if restored else "INIT"
    return (
        Explanation(
            title="What a cold request takes besides",
            figures=(
                Figure(
                    name="hidden start, first request",
                    value=path.fixed_ms,
                    unit="ms",
                    source="rules/measurements/cold-start-model.yaml",
                ),
                Figure(name=f"{name}, median", value=path.init.quantile(_MEDIAN), unit="ms"),
                Figure(name=f"{name}, p99", value=path.init.quantile(_LATE), unit="ms"),
                Figure(name=f"{name} is known from", value=path.init.basis),
            ),
        ),
    )


def running_of(candidate: Candidate) -> Running:
    """Return the work at the size of a design; raise LookupError where it runs no code."""
    if candidate.sized is None or candidate.sized.running is None:
        raise LookupError(f"{naming.design(candidate)} runs no code")
    return candidate.sized.running
