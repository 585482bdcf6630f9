"""What stands between the caller and the code: the API or load balancer, and what it needs.

Besides its own charges, a front door may need a web ACL, a cache, CloudFront before it, or
streaming, and its responses go to the internet.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words
from advisor.cost import (
    api_gateway,
    cloudfront,
    lambda_capacity,
    load_balancer,
    network,
    waf,
)
from advisor.decisions.path_bill import FARGATE, gigabytes_of
from advisor.limits import limits
from advisor.units import KB_PER_GB, KB_PER_MB, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.load import Payload
    from advisor.decisions.path_bill import PathBill
    from advisor.decisions.recommendation import Design
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

# A web ACL for CloudFront is created and charged there, wherever its callers are:
# https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html (2026-11).
EDGE_WEB_ACL_REGION = "us-east-1"

_TAKES_A_WEB_ACL = ("rest-api", "alb")
_NEEDS_CLOUDFRONT_FOR_A_WEB_ACL = ("http-api", "function-url", "websocket-api")
_STREAMS_FROM_LAMBDA = ("rest-api", "function-url")


def add_front_door(bill: PathBill, situation: Situation, design: Design, book: PriceBook) -> None:
    """Add what stands between the caller and the code, and the responses on the internet."""
    payload = situation.payload
    if payload is None:
        return
    at_edge = behind_cloudfront(situation, payload, design.api)
    _add_api(bill, situation, payload, design, book)
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
    if payload.streamed and design.compute == "lambda" and design.api in _STREAMS_FROM_LAMBDA:
        bill.add(partial(_streamed_by_lambda, situation, payload, book))
    if payload.waf != "none":
        _add_web_acl(bill, situation, payload, design, book, at_edge=at_edge)
    if at_edge:
        bill.add(partial(_distribution, situation, payload, design, book))
    elif not situation.private and design.api is not None and payload.response_kb:
        bill.add(
            partial(
                network.internet_out,
                book,
                situation.region,
                requests=book.number(situation.arrivals.monthly_requests),
                kb_per_request=book.number(payload.response_kb),
                free_tier=situation.free_tier,
            )
        )


def behind_cloudfront(situation: Situation, payload: Payload, api: str | None) -> bool:
    """Return whether CloudFront stands before an ``api`` option: for a web ACL, cache or domain.

    Nothing stands before a private front door, and a WebSocket's messages are never cached.
    """
    if api is None or situation.private:
        return False
    if payload.waf == "edge-ok" and api in _NEEDS_CLOUDFRONT_FOR_A_WEB_ACL:
        return True
    if payload.caching == "edge" and api != "websocket-api":
        return True
    return payload.custom_domain and api == "function-url"


def _add_api(
    bill: PathBill, situation: Situation, payload: Payload, design: Design, book: PriceBook
) -> None:
    """Add what API Gateway charges; a function URL and a load balancer have no requests of it."""
    number, region = book.number, situation.region
    requests = number(situation.arrivals.monthly_requests)
    hours = number(situation.arrivals.month_hours)
    if design.api == "http-api":
        bill.add(
            partial(
                api_gateway.http_api,
                book,
                region,
                requests=requests,
                payload_kb=number(payload.both_kb),
            )
        )
    elif design.api == "websocket-api":
        bill.add(partial(_websocket, situation, payload, book))
    elif design.api == "rest-api":
        streamed_mb = number(payload.response_kb) / KB_PER_MB if payload.streamed else number(0)
        bill.add(
            partial(
                api_gateway.rest_api,
                book,
                region,
                requests=requests,
                streamed_mb_per_response=streamed_mb,
            )
        )
        if payload.caching == "gateway":
            bill.add(
                partial(
                    api_gateway.rest_cache,
                    book,
                    region,
                    size_gb=_cache_size(book, payload.cache_gb),
                    hours=hours,
                )
            )
        if situation.private:
            # A private REST API is reached through an interface endpoint in every zone.
            bill.add(
                partial(
                    network.interface_endpoints,
                    book,
                    region,
                    zones=number(situation.zones),
                    hours=hours,
                    gigabytes=gigabytes_of(situation, book, payload.both_kb),
                )
            )


def _websocket(situation: Situation, payload: Payload, book: PriceBook) -> list[LineItem]:
    """Charge a message for each request and one for its reply, and the connections' minutes."""
    number = book.number
    requests = number(situation.arrivals.monthly_requests)
    seconds = _connections(situation, payload, book) * number(payload.connection_duration_s)
    frames = _frames(number(payload.request_kb))
    if payload.response_kb:
        frames = frames + _frames(number(payload.response_kb))
    return api_gateway.websocket_api(
        book,
        situation.region,
        # Requests and replies differ in size, so their increments are counted here, one a message.
        messages=requests * frames,
        message_kb=number(0),
        connection_minutes=seconds / SECONDS_PER_MINUTE,
    )


def _frames(message_kb: Number) -> Number:
    """Return the increments that a message is charged as; what is empty counts as one."""
    increment = limits().number("apigateway.websocket_metering_increment_kb")
    return highest(ceil_to(message_kb, increment) / increment, 1)


def _connections(situation: Situation, payload: Payload, book: PriceBook) -> Number:
    requests = book.number(situation.arrivals.monthly_requests)
    return requests / book.number(payload.requests_per_connection)


def _cache_size(book: PriceBook, wanted_gb: float) -> Number:
    """Return the smallest size on offer that holds so much; a larger one has no price."""
    wanted = book.number(wanted_gb)
    sizes = map(book.number, api_gateway.rest_cache_sizes(book))
    return next((size for size in sizes if size >= wanted), wanted)


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


def _streamed_by_lambda(situation: Situation, payload: Payload, book: PriceBook) -> list[LineItem]:
    gigabytes = lambda_capacity.streamed_gb(
        responses=book.number(situation.arrivals.monthly_requests),
        response_mb=book.number(payload.response_kb) / KB_PER_MB,
    )
    return lambda_capacity.response_streaming(book, situation.region, gigabytes=gigabytes)


def _add_web_acl(
    bill: PathBill,
    situation: Situation,
    payload: Payload,
    design: Design,
    book: PriceBook,
    *,
    at_edge: bool,
) -> None:
    """Add the web ACL on CloudFront where that will do and it is there, else on the front door."""
    on_cloudfront = at_edge and payload.waf == "edge-ok"
    if not on_cloudfront and design.api not in _TAKES_A_WEB_ACL:
        return
    bill.add(
        partial(
            waf.web_acls,
            book,
            EDGE_WEB_ACL_REGION if on_cloudfront else situation.region,
            acls=book.number(1),
            rules=book.number(payload.waf_rules),
            requests=_http_requests(situation, payload, design, book),
        )
    )


def _http_requests(
    situation: Situation, payload: Payload, design: Design, book: PriceBook
) -> Number:
    """Return the HTTP requests of a month: a WebSocket makes one, to open its connection."""
    if design.api == "websocket-api":
        return _connections(situation, payload, book)
    return book.number(situation.arrivals.monthly_requests)


def _distribution(
    situation: Situation, payload: Payload, design: Design, book: PriceBook
) -> list[LineItem]:
    """Charge CloudFront before a front door, whose own responses to CloudFront are free."""
    number = book.number
    requests = number(situation.arrivals.monthly_requests)
    each_out, each_in = number(payload.response_kb), number(payload.request_kb)
    return cloudfront.distribution(
        book,
        situation.region,
        requests=_http_requests(situation, payload, design, book),
        internet_gb=requests * each_out / KB_PER_GB,
        origin_gb=requests * each_in / KB_PER_GB,
        free_tier=situation.free_tier,
        internet_formula=f"{in_words(requests)} responses × {in_words(each_out)} KB",
        origin_formula=f"{in_words(requests)} requests × {in_words(each_in)} KB",
    )
