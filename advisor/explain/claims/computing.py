"""The numbers behind the claims about cost, from the price book; no ratio stands in the code."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from advisor.arithmetic import is_zero
from advisor.capacity.fargate import TaskSize
from advisor.cost import api_gateway, aws_lambda, fargate, lambda_capacity, step_functions
from advisor.cost.bill import total
from advisor.errors import PriceMissing
from advisor.explain.explanation import Figure
from advisor.limits import limits
from advisor.units import HOURS_PER_DAY, MB_PER_GB, MS_PER_SECOND, SECONDS_PER_HOUR
from advisor.wording import words
from advisor.workload.load_checks import MONTH_HOURS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

ARCHITECTURE = "x86_64"
_MILLION = 1_000_000
_VOLUMES = (_MILLION, 1000 * _MILLION, 10_000 * _MILLION)
_REQUEST_MS = 100
_RUN_MS = 1000
_TRANSITIONS = 10


class Computed(Struct, frozen=True, kw_only=True):
    """The numbers of a claim by name, and the figures that show how they came about.

    ``missing`` are prices that some of the figures would need and that are not known.
    """

    values: dict[str, float]
    figures: tuple[Figure, ...]
    missing: tuple[PriceMissing, ...] = ()


class Size(Struct, frozen=True, kw_only=True):
    """A function's memory in MB, and the Fargate task that is compared with it."""

    memory_mb: float
    task: TaskSize


Computation: TypeAlias = "Callable[[PriceBook, str, Size], Computed]"


def size_of(memory_mb: float) -> Size:
    """Return the task that has the vCPUs nearest to a function's, and memory enough."""
    share = memory_mb / limits().number("lambda.memory_mb_per_vcpu")
    tasks = []
    for vcpu, memories in limits().fargate_sizes():
        fitting = next((memory for memory in memories if memory >= memory_mb), None)
        if fitting is not None:
            tasks.append(TaskSize(vcpu=vcpu, memory_mb=fitting))
    nearest = min(tasks, key=lambda task: max(task.vcpu / share, share / task.vcpu))
    return Size(memory_mb=memory_mb, task=nearest)


def lambda_or_fargate(book: PriceBook, region: str, size: Size) -> Computed:
    """Compare a function that is always busy with a task that is always on."""
    busy, task = _always_busy(book, region, size), _task(book, region, size)
    request = aws_lambda.on_demand(
        book,
        region,
        architecture=ARCHITECTURE,
        memory_mb=book.number(size.memory_mb),
        requests=book.number(_MILLION),
        billed_ms=book.number(_REQUEST_MS),
    )
    break_even = float(total(task) / total(busy))
    seconds = MONTH_HOURS * SECONDS_PER_HOUR
    per_second = float(total(task) / total(request)) * _MILLION / seconds
    return Computed(
        values={"break_even": break_even, "requests_per_s": per_second},
        figures=(
            _sum(f"function of {size.memory_mb:,g} MB, always busy", busy),
            _sum(_task_name(size), task),
            Figure(
                name="break-even use",
                value=break_even,
                unit="share",
                formula=f"{words.money(total(task))} ÷ {words.money(total(busy))}",
            ),
            Figure(
                name="break-even rate",
                value=per_second,
                unit="requests/s",
                formula=(
                    f"of {_REQUEST_MS} ms, {words.money(total(request))} USD per million"
                    " with the request charge"
                ),
            ),
        ),
    )


def http_api_price(book: PriceBook, region: str, size: Size) -> Computed:  # noqa: ARG001 - a computation's signature
    """Compare the request charges of REST and HTTP APIs."""
    http, rest = book.prices("api-gateway", ["http-requests", "rest-requests"], region)
    first = float(rest.known(rest.tiers[0]) / http.known(http.tiers[0]))
    unit_kb = float(limits().number("apigateway.http_metering_increment_kb"))
    dearer_above_kb = floor(first) * unit_kb
    figures = [
        Figure(
            name="first tier",
            value=first,
            unit="times",
            formula=(
                f"{words.unit_price(rest.known(rest.tiers[0]))} ÷"
                f" {words.unit_price(http.known(http.tiers[0]))}"
            ),
            source=f"{rest.id}, {http.id}",
        )
    ]
    missing: list[PriceMissing] = []
    for volume in _VOLUMES:
        name = f"{words.quantity(volume)} requests a month"
        requests = book.number(volume)
        try:
            dear = total(api_gateway.rest_api(book, region, requests=requests))
            cheap = total(
                api_gateway.http_api(book, region, requests=requests, payload_kb=book.number(1))
            )
        except PriceMissing as error:
            missing.append(error)
            figures.append(Figure(name=name, value=None, source=str(error)))
            continue
        figures.append(
            Figure(
                name=name,
                value=dear / cheap,
                unit="times",
                formula=f"{words.money(dear)} ÷ {words.money(cheap)} USD",
            )
        )
    figures.append(
        Figure(
            name="dearer than REST above",
            value=dearer_above_kb,
            unit="KB",
            formula=f"{floor(first)} × {unit_kb:g} KB, each metered as a request",
        )
    )
    return Computed(
        values={"first_tier": first, "dearer_above_kb": dearer_above_kb},
        figures=tuple(figures),
        missing=tuple(missing),
    )


def provisioned_share(book: PriceBook, region: str, size: Size) -> Computed:
    """Compare provisioned concurrency with a function that is always busy and a task always on."""
    on_demand, task = _always_busy(book, region, size), _task(book, region, size)
    idle, busy = _kept_ready(book, region, size, 0), _kept_ready(book, region, size, 1)
    figures = [
        _sum("provisioned, idle", idle),
        _sum("provisioned, always busy", busy),
        _sum("on demand, always busy", on_demand),
        _sum(_task_name(size), task),
    ]
    values = {}
    for name, key, part, whole in (
        ("idle, of the busy function", "idle_of_lambda", idle, on_demand),
        ("idle, of the task", "idle_of_fargate", idle, task),
        ("busy, of the task", "busy_of_fargate", busy, task),
    ):
        values[key] = float(total(part) / total(whole))
        figures.append(
            Figure(
                name=name,
                value=values[key],
                unit="share",
                formula=f"{words.money(total(part))} ÷ {words.money(total(whole))}",
            )
        )
    return Computed(values=values, figures=tuple(figures))


def provisioned_bursts(book: PriceBook, region: str, size: Size) -> Computed:
    """Compare provisioned concurrency, held all day or for a burst, with a task always on."""
    shares = provisioned_share(book, region, size)
    task = total(_task(book, region, size))
    idle, busy = (total(_kept_ready(book, region, size, part)) for part in (0, 1))
    break_even = float((task - idle) / (busy - idle))
    hours = min(HOURS_PER_DAY, float(HOURS_PER_DAY * task / busy))
    return Computed(
        values={**shares.values, "break_even_busy": break_even, "hours_a_day": hours},
        figures=(
            Figure(
                name="held all day, same cost when busy",
                value=break_even,
                unit="share",
                formula=(
                    f"({words.money(task)} − {words.money(idle)}) ÷"
                    f" ({words.money(busy)} − {words.money(idle)})"
                ),
            ),
            Figure(
                name="for a burst, same cost at",
                value=hours,
                unit="hours a day",
                formula=f"{HOURS_PER_DAY} × {words.money(task)} ÷ {words.money(busy)}",
            ),
        ),
    )


def express_volume(book: PriceBook, region: str, size: Size) -> Computed:  # noqa: ARG001 - a computation's signature
    """Compare a million runs of a second of a small Express Workflow with Standard ones."""
    runs = book.number(_MILLION)
    memory_mb = step_functions.express_memory(
        definition_kb=book.number(0), payload_kb=book.number(0), branches=book.number(1)
    )
    express = step_functions.express(
        book,
        region,
        requests=runs,
        billed_ms=step_functions.billed_ms(book.number(_RUN_MS)),
        memory_mb=memory_mb,
    )
    standard = step_functions.standard(book, region, transitions=runs * _TRANSITIONS)
    ratio = float(total(standard) / total(express))
    break_even = _TRANSITIONS / ratio
    return Computed(
        values={"break_even": break_even, "ten_transitions": ratio},
        figures=(
            _sum(f"a million Express runs of {_RUN_MS:g} ms", express),
            _sum(f"a million Standard runs of {_TRANSITIONS} transitions", standard),
            Figure(
                name="same cost at",
                value=break_even,
                unit="transitions",
                formula=(
                    f"{words.money(total(express))} ÷ {words.money(total(standard))}"
                    f" × {_TRANSITIONS}"
                ),
            ),
        ),
    )


COMPUTATIONS: dict[str, Computation] = {
    "lambda-or-fargate": lambda_or_fargate,
    "http-api-price": http_api_price,
    "provisioned-share": provisioned_share,
    "provisioned-bursts": provisioned_bursts,
    "express-volume": express_volume,
}
BY_SIZE = ("lambda-or-fargate", "provisioned-share", "provisioned-bursts")
"""The computations that depend on the memory of the function."""


def _always_busy(book: PriceBook, region: str, size: Size) -> list[LineItem]:
    """Charge the duration of one request at a time, all month long."""
    seconds = book.number(MONTH_HOURS * SECONDS_PER_HOUR)
    items = aws_lambda.on_demand(
        book,
        region,
        architecture=ARCHITECTURE,
        memory_mb=book.number(size.memory_mb),
        requests=book.number(1),
        billed_ms=seconds * MS_PER_SECOND,
    )
    return [item for item in items if item.unit == "GB-second" and not is_zero(item.quantity)]


def _kept_ready(book: PriceBook, region: str, size: Size, busy: int) -> list[LineItem]:
    """Charge one environment that is kept ready all month, and busy all of it or never."""
    hours = book.number(MONTH_HOURS)
    memory_mb = book.number(size.memory_mb)
    return lambda_capacity.provisioned_concurrency(
        book,
        region,
        architecture=ARCHITECTURE,
        memory_mb=memory_mb,
        concurrency=book.number(1),
        enabled_hours=hours,
        duration_gb_seconds=busy * hours * SECONDS_PER_HOUR * memory_mb / MB_PER_GB,
    )


def _task(book: PriceBook, region: str, size: Size) -> list[LineItem]:
    return fargate.tasks(
        book,
        region,
        architecture=ARCHITECTURE,
        capacity="on-demand",
        vcpu=book.number(size.task.vcpu),
        memory_gb=book.number(size.task.memory_mb) / MB_PER_GB,
        task_hours=book.number(MONTH_HOURS),
    )


def _task_name(size: Size) -> str:
    return f"Fargate task of {size.task.vcpu:g} vCPU, {size.task.memory_mb / MB_PER_GB:g} GB"


def _sum(name: str, items: Sequence[LineItem]) -> Figure:
    rows = dict.fromkeys(item.price.id for item in items)
    parts = " + ".join(
        f"{words.quantity(item.quantity)} × {words.unit_price(item.unit_price_usd)}"
        for item in items
    )
    return Figure(name=name, value=total(items), unit="USD", formula=parts, source=", ".join(rows))
