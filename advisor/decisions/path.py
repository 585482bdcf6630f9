"""What stands around the code on the way of a request: front door, queue, NAT gateways.

Every piece is priced on its own, so that one missing price names itself and hides no other.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from advisor.cost import api_gateway, load_balancer, network, sqs
from advisor.cost.units import KB_PER_GB, KB_PER_MB, SECONDS_PER_HOUR
from advisor.errors import PriceMissing
from advisor.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.load import Payload
    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

FARGATE = ("fargate", "fargate-spot")


class PathBill:
    """Adds up pieces; a piece without a price is remembered by name."""

    def __init__(self) -> None:
        self.line_items: list[LineItem] = []
        self.missing: list[PriceMissing] = []

    def add(self, piece: Callable[[], list[LineItem]]) -> None:
        try:
            self.line_items += piece()
        except PriceMissing as error:
            self.missing += (error, *error.others)


def nat_gateways(situation: Situation, book: PriceBook, kb_per_request: float) -> list[LineItem]:
    """Charge a NAT gateway in every zone, and the data that passes them."""
    return network.nat_gateways(
        book,
        situation.region,
        gateways=book.number(situation.zones),
        hours=book.number(situation.arrivals.month_hours),
        gigabytes=_gigabytes(situation, book, kb_per_request),
    )


def _gigabytes(situation: Situation, book: PriceBook, kb_per_request: float) -> Number:
    gigabytes = kb_per_request * situation.arrivals.monthly_requests / KB_PER_GB
    return book.number(float(f"{gigabytes:.12g}"))


def add_front_door(bill: PathBill, situation: Situation, design: Design, book: PriceBook) -> None:
    """Add what stands between the caller and the code, and the responses on the internet."""
    payload = situation.payload
    if payload is None:
        return
    requests = book.number(situation.arrivals.monthly_requests)
    if design.api == "http-api":
        bill.add(
            partial(
                api_gateway.http_api,
                book,
                situation.region,
                requests=requests,
                payload_kb=book.number(payload.both_kb),
            )
        )
    elif design.api == "rest-api":
        bill.add(partial(api_gateway.rest_api, book, situation.region, requests=requests))
        if situation.private:
            # A private REST API is reached through an interface endpoint in every zone.
            bill.add(
                partial(
                    network.interface_endpoints,
                    book,
                    situation.region,
                    zones=book.number(situation.zones),
                    hours=book.number(situation.arrivals.month_hours),
                    gigabytes=_gigabytes(situation, book, payload.both_kb),
                )
            )
    if design.api == "alb" or design.compute in FARGATE:
        bill.add(partial(_load_balancer, situation, payload, design, book))
        if not situation.private and design.api == "alb":
            hours = situation.zones * situation.arrivals.month_hours
            bill.add(
                partial(
                    network.public_ipv4,
                    book,
                    situation.region,
                    address_hours=book.number(hours),
                    of="load balancer",
                )
            )
    if not situation.private and design.api is not None and payload.response_kb:
        bill.add(
            partial(
                network.internet_out,
                book,
                situation.region,
                requests=requests,
                kb_per_request=book.number(payload.response_kb),
                free_tier=situation.free_tier,
            )
        )


def _load_balancer(
    situation: Situation, payload: Payload, design: Design, book: PriceBook
) -> list[LineItem]:
    number = book.number
    arrivals = situation.arrivals
    paid_rules = max(payload.load_balancer_rules - limits().number("alb.free_rules"), 0)
    connections = 1 / number(payload.requests_per_connection)
    # Every dimension grows in proportion to the rate, so the units of one request a second serve
    # for every hour: their sum over the month is that times the month's requests per 3,600 s.
    units_per_rps = load_balancer.capacity_units(
        new_connections_per_s=connections,
        active_connections=connections * number(payload.connection_duration_s),
        processed_mb_per_hour=SECONDS_PER_HOUR * number(payload.both_kb) / KB_PER_MB,
        rule_evaluations_per_s=number(paid_rules),
        lambda_target=design.compute == "lambda",
    )
    return load_balancer.application_load_balancer(
        book,
        situation.region,
        hours=number(arrivals.month_hours),
        lcu_hours=units_per_rps * number(arrivals.monthly_requests) / SECONDS_PER_HOUR,
    )


def add_queue(bill: PathBill, situation: Situation, book: PriceBook) -> None:
    """Add the requests of the queue that feeds the work, empty receives included."""
    queue = situation.queue
    if queue is None:
        return
    # Containers that read the queue are taken to poll as the mapping does.
    quota = limits()
    arrivals = situation.arrivals
    polls_per_s = quota.number("lambda.esm_pollers") / quota.number("sqs.long_poll_s")
    batch = min(queue.batch_size, quota.number("sqs.batch_entries"))
    # An event source mapping keeps five long polls open; those that find nothing come extra.
    idle = sum(
        max(polls_per_s - rate / batch, 0) * SECONDS_PER_HOUR * arrivals.hours_of_each
        for rate in arrivals.hourly_rps
    )
    bill.add(
        partial(
            sqs.queue,
            book,
            situation.region,
            fifo=queue.fifo,
            messages=book.number(situation.arrivals.monthly_requests),
            message_kb=book.number(queue.message_kb),
            batch_size=book.number(queue.batch_size),
            failure_fraction=book.number(queue.failure_fraction),
            empty_receives=book.number(float(f"{idle:.9g}")),
            free_tier=situation.free_tier,
        )
    )
