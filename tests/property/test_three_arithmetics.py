"""One formula, three arithmetics: Decimal, float and arrays give the same bill."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.cost import (
    api_gateway,
    cloudwatch,
    durable,
    dynamodb,
    eventbridge,
    kinesis,
    lambda_capacity,
    load_balancer,
    managed_instances,
    microvm,
    sns,
    step_functions,
    waf,
)
from advisor.cost.api_gateway import http_api, rest_api
from advisor.cost.aws_lambda import on_demand
from advisor.cost.bill import LineItem, total
from advisor.cost.cloudwatch import logs
from advisor.cost.fargate import run_hours, tasks
from advisor.cost.load_balancer import application_load_balancer, capacity_units
from advisor.cost.network import internet_out, nat_gateways, public_ipv4
from advisor.cost.sqs import queue
from advisor.tariff import PriceBook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REGION = "us-east-1"
BILL = PriceBook()
SEARCH = BILL.in_floats()
RUNS = settings(derandomize=True, max_examples=60, deadline=None)


def _lambda(book: PriceBook, n: Sequence[Any], architecture: str) -> list[LineItem]:
    return on_demand(
        book,
        REGION,
        architecture=architecture,
        memory_mb=n[1],
        requests=n[0],
        billed_ms=n[2],
        init_ms=n[3],
        cold_starts=n[4],
        ephemeral_storage_mb=n[1],
        free_tier=True,
    )


def _tasks(book: PriceBook, n: Sequence[Any], capacity: str) -> list[LineItem]:
    return tasks(
        book,
        REGION,
        architecture="x86_64",
        capacity=cast("Literal['on-demand', 'spot']", capacity),
        vcpu=n[1],
        memory_gb=n[2],
        task_hours=run_hours(n[0], n[4]),
        ephemeral_storage_gb=n[3],
    )


def _balancer(book: PriceBook, n: Sequence[Any], *, lambda_target: bool) -> list[LineItem]:
    units = capacity_units(
        new_connections_per_s=n[1],
        active_connections=n[2],
        processed_mb_per_hour=n[3],
        rule_evaluations_per_s=n[4],
        lambda_target=lambda_target,
    )
    return application_load_balancer(book, REGION, hours=n[0], lcu_hours=n[0] * units)


def _queue(book: PriceBook, n: Sequence[Any], *, fifo: bool) -> list[LineItem]:
    return queue(
        book,
        REGION,
        fifo=fifo,
        messages=n[0],
        message_kb=n[1],
        batch_size=n[2],
        empty_receives=n[3],
        free_tier=True,
    )


# Each takes up to five numbers, of which the first is what the month asks for.
FORMULAS: dict[str, Callable[[PriceBook, Sequence[Any]], list[LineItem]]] = {
    "lambda-x86": lambda book, n: _lambda(book, n, "x86_64"),
    "lambda-arm64": lambda book, n: _lambda(book, n, "arm64"),
    "fargate": lambda book, n: _tasks(book, n, "on-demand"),
    "fargate-spot": lambda book, n: _tasks(book, n, "spot"),
    "http-api": lambda book, n: http_api(book, REGION, requests=n[0], payload_kb=n[1]),
    "rest-api": lambda book, n: rest_api(book, REGION, requests=n[0]),
    "alb": lambda book, n: _balancer(book, n, lambda_target=False),
    "alb-to-lambda": lambda book, n: _balancer(book, n, lambda_target=True),
    "lambda-logs": lambda book, n: logs(
        book, REGION, requests=n[0], kb_per_request=n[1], from_lambda=True
    ),
    "container-logs": lambda book, n: logs(
        book, REGION, requests=n[0], kb_per_request=n[1], from_lambda=False
    ),
    "data-out": lambda book, n: internet_out(
        book, REGION, requests=n[0], kb_per_request=n[1], free_tier=True
    ),
    "nat": lambda book, n: nat_gateways(book, REGION, gateways=n[1], hours=n[2], gigabytes=n[0]),
    "ipv4": lambda book, n: public_ipv4(book, REGION, address_hours=n[0], of="tasks"),
    "sqs": lambda book, n: _queue(book, n, fifo=False),
    "sqs-fifo": lambda book, n: _queue(book, n, fifo=True),
    "websocket": lambda book, n: api_gateway.websocket_api(
        book, REGION, messages=n[0], message_kb=n[1], connection_minutes=n[2]
    ),
    "standard": lambda book, n: step_functions.standard(
        book, REGION, transitions=n[0], free_tier=True
    ),
    "express": lambda book, n: step_functions.express(
        book, REGION, requests=n[0], billed_ms=step_functions.billed_ms(n[1]), memory_mb=n[2]
    ),
    "nlb": lambda book, n: load_balancer.network_load_balancer(
        book,
        REGION,
        hours=n[0],
        nlcu_hours=load_balancer.network_capacity_unit_hours(
            hours=n[0], new_connections_per_s=n[1], active_connections=n[2], processed_gb=n[3]
        ),
    ),
    "waf": lambda book, n: waf.web_acls(book, REGION, acls=n[1], rules=n[2], requests=n[0]),
    "sns": lambda book, n: sns.standard(
        book,
        REGION,
        publishes=n[0],
        message_kb=n[1],
        deliveries={"http": n[0], "email": n[2], "sqs": n[3]},
    ),
    "sns-fifo": lambda book, n: sns.fifo(
        book, REGION, publishes=n[0], message_kb=n[1], deliveries=n[2]
    ),
    "eventbridge": lambda book, n: eventbridge.bus(
        book,
        REGION,
        event_kb=n[1],
        events=n[0],
        archived_gb=n[2],
        replayed_events=n[3],
        schema_discovery_events=n[0],
        schema_event_kb=n[4],
    ),
    "kinesis": lambda book, n: kinesis.on_demand(
        book, REGION, stream_hours=n[0], in_gb=n[1], out_gb=n[2]
    ),
    "provisioned-concurrency": lambda book, n: lambda_capacity.provisioned_concurrency(
        book,
        REGION,
        architecture="arm64",
        memory_mb=n[1],
        concurrency=n[2],
        enabled_hours=n[3],
        requests=n[0],
        duration_ms=n[4],
    ),
    "snapstart": lambda book, n: lambda_capacity.snapstart(
        book, REGION, memory_mb=n[1], cached_hours=n[2], restores=n[0]
    ),
    "durable": lambda book, n: durable.durable_executions(
        book,
        REGION,
        operations=n[0],
        written_gb=n[1],
        retained_gb_months=n[2],
        resumptions=n[3],
    ),
    "microvm": lambda book, n: microvm.microvms(
        book,
        REGION,
        sessions=n[0],
        billed_s=microvm.billed_s(n[1]),
        vcpu=n[2],
        memory_gb=n[3],
        snapshot_read_gb=n[0] * n[4],
    ),
    "dynamodb": lambda book, n: dynamodb.on_demand(
        book, REGION, writes=n[0], item_kb=n[1], stored_gb_months=n[2]
    ),
    "pipes": lambda book, n: eventbridge.pipes(
        book, REGION, requests=n[0], chunks_each=eventbridge.pipe_chunks(n[1])
    ),
    "log-group": lambda book, n: cloudwatch.log_group(
        book,
        REGION,
        from_lambda=True,
        log_class="standard",
        ingested_gb=n[0],
        stored_gb=n[1],
        scanned_gb=n[2],
        free_tier=True,
    ),
    "managed-instances": lambda book, n: managed_instances.managed_instances(
        book,
        REGION,
        instance_type="m7g.xlarge",
        instance_hours=n[1],
        requests=n[0],
        ec2_discount_percent=n[2] / 100,
    ),
}
# Eighths are exact in all three arithmetics, so that a step such as 64 KB is met alike by each.
# Up to 1e11 requests and 2,500 of anything else every ladder is climbed to its last tier.
REQUESTS = st.integers(min_value=0, max_value=100_000_000_000)
OTHERS = st.lists(
    st.integers(min_value=0, max_value=20_000).map(lambda n: n / 8), min_size=4, max_size=4
)


@pytest.mark.parametrize("name", FORMULAS)
@RUNS
@given(requests=REQUESTS, others=OTHERS)
def test_three_arithmetics_agree(name: str, requests: int, others: list[float]) -> None:
    formula = FORMULAS[name]
    numbers = [float(requests), *others]
    exact = formula(BILL, [Decimal(str(n)) for n in numbers])
    in_floats = formula(SEARCH, numbers)
    arrays = formula(SEARCH, [np.array([n, 1.0]) for n in numbers])

    # The free tier is subtracted, so the scale of the agreement is what was added up.
    scale = float(sum(abs(item.monthly_usd) for item in exact))
    bound = 1e-9 * scale
    assert abs(float(total(in_floats)) - float(total(exact))) <= bound
    assert abs(float(total(arrays)[0]) - float(total(exact))) <= bound
    # Line by line too: no item may be right only because another is as wrong. What rounding
    # leaves of a line that is zero in Decimal may add a line, hence the default.
    amounts = {(i.item, float(i.unit_price_usd)): float(i.monthly_usd) for i in exact}
    for item in in_floats:
        known = amounts.get((item.item, item.unit_price_usd), 0.0)
        assert abs(item.monthly_usd - known) <= bound or len(in_floats) != len(exact)


@pytest.mark.parametrize("name", FORMULAS)
@RUNS
@given(first=REQUESTS, second=REQUESTS, others=OTHERS)
def test_more_requests_never_cost_less(
    name: str, first: int, second: int, others: list[float]
) -> None:
    rest = [Decimal(str(n)) for n in others]
    less, more = sorted((first, second))
    formula = FORMULAS[name]
    # A Decimal keeps 28 digits, so what the free tier cancels may leave some 1e-20 USD.
    assert total(formula(BILL, [Decimal(less), *rest])) <= total(
        formula(BILL, [Decimal(more), *rest])
    ) + Decimal("1e-18")


@pytest.mark.parametrize("name", FORMULAS)
def test_each_formula_charges_for_something(name: str) -> None:
    numbers = [Decimal(n) for n in (10_000_000, 512, 10, 1000, 1000)]
    assert total(FORMULAS[name](BILL, numbers)) > 0
