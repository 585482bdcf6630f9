"""How figures are written for people: one format for money, one for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.cost.bill import total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.arithmetic import Number
    from advisor.decisions.recommendation import Candidate, Design, FlipPoint, Recommendation

_NAMES = {
    "lambda": "Lambda",
    "fargate": "Fargate",
    "fargate-spot": "Fargate Spot",
    "lambda-managed-instances": "Lambda Managed Instances",
    "lambda-microvm": "Lambda MicroVM",
    "lambda-web-function": "Lambda Web Function",
    "http-api": "HTTP API",
    "rest-api": "REST API",
    "function-url": "function URL",
    "alb": "ALB",
    "websocket-api": "WebSocket API",
    "none": "no measure",
    "snapstart": "SnapStart",
    "provisioned": "provisioned concurrency",
}


def name(option: str) -> str:
    return _NAMES.get(option, option)


def money(amount: Number | None) -> str:
    """Return an amount to the cent; something below half a cent is not called zero."""
    if amount is None:
        return "unknown"
    if amount != 0 and abs(amount) < 0.005:
        return "< 0.01" if amount > 0 else "> -0.01"
    return f"{amount:,.2f}"


def percent_more(percent: Number | None) -> str:
    """Return a surplus in percent, or as a multiple where percents stop meaning anything."""
    if percent is None:
        return ""
    if percent >= 1000:
        return f" ({percent / 100 + 1:,.0f} times as much)"
    return f" (+{percent:,.0f} %)"


def unit_price(price: Number) -> str:
    """Return a unit price exactly, without the zeros that end a price list's figures."""
    text = f"{price:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: Number) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{float(value):,.4g}"


def units(value: Number, unit: str) -> str:
    """Return a unit in the number that its quantity asks for."""
    return unit if unit == "GB" or abs(value) == 1 else f"{unit}s"


def design(candidate: Candidate) -> str:
    """Name a design: "Lambda behind HTTP API"."""
    return choices(candidate.design)


def choices(chosen: Design) -> str:
    """Name the options of a design: "Lambda behind HTTP API"."""
    made = chosen.choices()
    cold_start = made.pop("cold_start", "none")
    parts = [name(option) for option in made.values()]
    if cold_start != "none":
        parts[0] += f" with {name(cold_start)}"
    return " behind ".join(parts)


def sizing(values: Mapping[str, Any]) -> str:
    """Say how a design is sized: "arm64, 512 MB" or "x86_64, 2 to 9 tasks of 1 vCPU, 2 GB"."""
    if "task_vcpu" not in values:
        return ", ".join(
            text
            for text in (
                values.get("architecture", ""),
                f"{values['memory_mb']:g} MB" if "memory_mb" in values else "",
            )
            if text
        )
    task = f"{values['task_vcpu']:g} vCPU, {values['task_memory_mb'] / 1024:g} GB"
    if values["mode"] == "task-per-run":
        count = f"one task a run ({values['run_s']:,.0f} s with its start)"
    elif values["tasks_min"] == values["tasks_max"]:
        count = f"{values['tasks_min']:,} tasks"
    else:
        count = f"{values['tasks_min']:,} to {values['tasks_max']:,} tasks by the hour"
    return f"{values['architecture']}, {count} of {task}"


def kept_ready(plan: Mapping[str, Any]) -> str:
    """Say how much provisioned concurrency a design has, and whether it pays by itself."""
    sized = {
        "static": "the same all day",
        "scheduled": "scheduled by the hour",
        "average": "tracking the average use",
        "maximum": "tracking the highest use",
    }
    low, high = min(plan["by_hour"]), max(plan["by_hour"])
    count = f"{high:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    removed = (
        "fewer than stay warm anyway, so that they remove no cold start"
        if plan["removes"] < 0.01
        else f"they remove {plan['removes']:.0%} of the cold starts"
    )
    text = f"{count} environments kept ready, {sized[plan['sized']]}: {removed}"
    text += f". Busy {plan['utilisation']:.0%} of the time"
    break_even = plan["break_even_utilisation"]
    if break_even is not None:
        text += f"; above {break_even:.0%} that is cheaper than on demand"
    return f"{text}."


def per_million(candidate: Candidate, monthly_requests: float) -> Number | None:
    """Return the cost of a million requests, or None without requests or a total."""
    amount = candidate.monthly_usd
    if amount is None or not monthly_requests:
        return None
    return amount * 1_000_000 / type(amount)(str(monthly_requests))


def sum_of(answers: Sequence[Recommendation]) -> tuple[Number, int]:
    """Return the sum of the recommended designs, and how many there are."""
    bests = [answer.best for answer in answers if answer.best is not None]
    return total(item for best in bests for item in best.line_items), len(bests)


def margin(answer: Recommendation) -> tuple[Number, Number | None] | None:
    """Return how much the runner-up costs more: USD a month, and percent of the recommended.

    A recommended design that costs nothing has no percentage.
    """
    if answer.best is None or answer.runner_up is None:
        return None
    best, other = answer.best.monthly_usd, answer.runner_up.monthly_usd
    if best is None or other is None:
        return None
    difference = other - best
    return difference, (difference / best * 100 if best else None)


def flip(point: FlipPoint) -> str:
    """Say where the answer changes: "Fargate becomes cheaper above 36 requests/s; …"."""
    above = point.at > point.now
    times = point.factor if above else 1 / point.factor
    return (
        f"{name(point.to)} becomes cheaper {'above' if above else 'below'} {rate(point.at)}"
        f" requests/s; you are {times:,.1f} times {'below' if above else 'above'} it."
    )


def rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def plain(value: Any) -> str:
    """Return a value of an assumption as it would stand in a workload file."""
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return f"{value:,.6g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value)


def safe(text: str) -> str:
    """Make control characters of hostile input visible, so that they cannot drive a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == " " else f"\\x{ord(character):02x}"
        for character in text
    )
