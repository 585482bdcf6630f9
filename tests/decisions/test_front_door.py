"""What stands between caller and code is charged in full; each amount is worked out by hand.

The workload is 10 million requests of 2 KB with responses of 6 KB, in us-east-1, in 730 hours.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from advisor.decisions.assumptions import Assumptions
from advisor.decisions.path import PathBill, add_front_door
from advisor.decisions.recommendation import Design
from advisor.decisions.situation import Situation, resolve
from advisor.tariff import PriceBook
from advisor.workload import Workload

BOOK = PriceBook()
MILLION = 1_000_000
SIZES = {"average_request_size_kb": 2, "average_payload_kb": 8}


def situation(
    api: dict[str, Any],
    *,
    region: str = "us-east-1",
    assumptions: Assumptions | None = None,
    **sections: Any,
) -> Situation:
    tree = {
        "name": "x",
        "region": region,
        "traffic": {"monthly_requests": 10 * MILLION, "peak_rps": 30},
        "api": {**SIZES, **api},
        **sections,
    }
    return resolve(msgspec.convert(tree, Workload), assumptions or Assumptions())


def bill(situation: Situation, api: str, compute: str | None = None) -> PathBill:
    found = PathBill()
    add_front_door(found, situation, Design(api=api, compute=compute), BOOK)
    return found


def amounts(situation: Situation, api: str, compute: str | None = None) -> dict[str, Decimal]:
    found = bill(situation, api, compute)
    assert found.missing == []
    items = {f"{item.service}: {item.item}": item.monthly_usd for item in found.line_items}
    assert len(items) == len(found.line_items)
    return items


def assumed(api: dict[str, Any]) -> dict[str, Any]:
    assumptions = Assumptions()
    situation(api, assumptions=assumptions)
    return {each.field: each.value for each in assumptions.listed()}


# 10,000,000 × 6 KB ÷ 1,048,576 KB per GB = 57.220458984375 GB of responses.
RESPONSES_GB = Decimal("57.220458984375")
# 10,000,000 × 2 KB ÷ 1,048,576 = 19.073486328125 GB of requests.
REQUESTS_GB = Decimal("19.073486328125")
INTERNET = {"data-transfer: Data transfer out to the internet": RESPONSES_GB * Decimal("0.09")}
# 10 × $1 a million in one increment of 512 KB each.
HTTP = {"api-gateway: HTTP API requests": Decimal(10)}
REST = {"api-gateway: REST API requests": Decimal(35)}
# 10,000,000 × $0.000001; $0.085 a GB out; $0.02 a GB to the origin.
CLOUDFRONT = {
    "cloudfront: HTTPS requests": Decimal(10),
    "cloudfront: Data transfer out to the internet": RESPONSES_GB * Decimal("0.085"),
    "cloudfront: Data transfer out to the origin": REQUESTS_GB * Decimal("0.02"),
}
# $5 for the web ACL, 5 rules at $1, 10 million requests at $0.60 a million.
WEB_ACL = {
    "waf: Web ACLs": Decimal(5),
    "waf: Rules": Decimal(5),
    "waf: Requests inspected": Decimal(6),
}


def test_without_further_needs_an_api_charges_requests_and_responses() -> None:
    assert amounts(situation({}), "http-api") == HTTP | INTERNET
    assert amounts(situation({}), "rest-api") == REST | INTERNET
    assert amounts(situation({}), "function-url") == INTERNET


# --- WebSocket API ---


def test_a_websocket_api_charges_requests_replies_and_minutes() -> None:
    # 10 M requests and 10 M replies at $1 a million; 10 M ÷ 20 connections × 120 s ÷ 60 = 1 M
    # minutes at $0.25 a million.
    needs = {"style": "websocket", "requests_per_connection": 20, "connection_duration_s": 120}

    assert amounts(situation(needs), "websocket-api") == {
        "api-gateway: WebSocket messages": Decimal(20),
        "api-gateway: WebSocket connection minutes": Decimal("0.25"),
        **INTERNET,
    }


@pytest.mark.parametrize(
    ("request_kb", "reply_kb", "messages"),
    [
        (32, 32, 20),  # one increment of 32 KB each
        (33, 32, 30),  # two in, one out
        (1, 100, 50),  # one in, four out
        (2, 0, 10),  # nothing is sent back
    ],
)
def test_a_message_counts_for_each_started_32_kb(
    request_kb: float, reply_kb: float, messages: int
) -> None:
    needs = {
        "style": "websocket",
        "average_request_size_kb": request_kb,
        "average_payload_kb": request_kb + reply_kb,
    }

    found = amounts(situation(needs), "websocket-api")

    assert found["api-gateway: WebSocket messages"] == messages


def test_messages_above_a_billion_are_cheaper_whichever_way_they_go() -> None:
    # 600 M requests and 600 M replies: 1,000 M at $1.00 and 200 M at $0.80 a million.
    busy = situation({"style": "websocket"}).scaled(60)
    items = [item for item in bill(busy, "websocket-api").line_items if "messages" in item.item]

    assert [item.monthly_usd for item in items] == [1000, 160]


def test_a_web_acl_sees_a_websocket_connection_once() -> None:
    # Half a million connections: CloudFront $0.50, AWS WAF 0.5 × $0.60.
    needs = {"style": "websocket", "waf": "edge-ok", "requests_per_connection": 20}

    found = amounts(situation(needs), "websocket-api")

    assert found["cloudfront: HTTPS requests"] == Decimal("0.5")
    assert found["waf: Requests inspected"] == Decimal("0.3")
    assert found.keys() & INTERNET.keys() == set()


# --- AWS WAF ---


@pytest.mark.parametrize("waf", ["direct", "edge-ok"])
def test_a_rest_api_takes_a_web_acl_itself(waf: str) -> None:
    assert amounts(situation({"waf": waf}), "rest-api") == REST | INTERNET | WEB_ACL


@pytest.mark.parametrize("waf", ["direct", "edge-ok"])
def test_a_load_balancer_takes_a_web_acl_itself(waf: str) -> None:
    plain = amounts(situation({}), "alb", "fargate")

    assert amounts(situation({"waf": waf}), "alb", "fargate") == plain | WEB_ACL


@pytest.mark.parametrize(("api", "own"), [("http-api", HTTP), ("function-url", {})])
def test_others_have_the_web_acl_on_cloudfront(api: str, own: dict[str, Decimal]) -> None:
    # Responses reach CloudFront free, so none of them leave the Region for the internet.
    assert amounts(situation({"waf": "edge-ok"}), api) == own | CLOUDFRONT | WEB_ACL


def test_the_web_acl_has_as_many_rules_as_stated() -> None:
    found = amounts(situation({"waf": "direct", "waf_rules": 12}), "rest-api")

    assert found["waf: Rules"] == 12
    assert assumed({"waf": "direct"})["api.waf_rules"] == 5
    assert "api.waf_rules" not in assumed({"waf": "direct", "waf_rules": 12})
    assert "api.waf_rules" not in assumed({})


def test_a_web_acl_on_cloudfront_is_charged_in_us_east_1() -> None:
    # Its CloudFront is European: $1.20 a million requests instead of $1.00.
    found = bill(situation({"waf": "edge-ok"}, region="eu-west-1"), "function-url")

    assert found.missing == []
    assert {
        i.item: i.price.region for i in found.line_items if i.service == "waf"
    } == dict.fromkeys(("Web ACLs", "Rules", "Requests inspected"), "us-east-1")
    requests = next(i for i in found.line_items if i.item == "HTTPS requests")
    assert requests.monthly_usd == 12


def test_a_private_api_has_a_web_acl_and_nothing_before_it() -> None:
    needs = {"waf": "edge-ok", "response_caching": "edge", "private": True}

    found = amounts(situation(needs), "rest-api")

    assert found.items() >= WEB_ACL.items()
    assert not any(item.startswith(("cloudfront", "data-transfer")) for item in found)


# --- CloudFront ---


@pytest.mark.parametrize(
    ("api", "own"), [("http-api", HTTP), ("rest-api", REST), ("function-url", {})]
)
def test_a_cache_at_the_edge_is_cloudfront(api: str, own: dict[str, Decimal]) -> None:
    assert amounts(situation({"response_caching": "edge"}), api) == own | CLOUDFRONT


def test_the_web_acl_is_on_cloudfront_where_that_is_there_anyway_and_will_do() -> None:
    for waf in ("edge-ok", "direct"):
        needs = {"response_caching": "edge", "waf": waf}
        assert amounts(situation(needs), "rest-api") == REST | CLOUDFRONT | WEB_ACL
    # Missing prices tell the two apart: a web ACL of eu-west-1 has none.
    at_edge = situation({"response_caching": "edge", "waf": "edge-ok"}, region="eu-west-1")
    assert bill(at_edge, "rest-api").missing == []


def test_a_function_url_has_a_domain_of_its_own_by_cloudfront() -> None:
    needs = {"custom_domain": True, "single_function": True}

    assert amounts(situation(needs), "function-url") == CLOUDFRONT
    assert amounts(situation(needs), "http-api") == HTTP | INTERNET


def test_cloudfront_has_a_free_tier_without_end() -> None:
    # 10 million requests and 1,024 GB are free; data to the origin is not, and 57.22 GB are less.
    free = situation({"response_caching": "edge"}, commitments={"free_tier": True})

    found = amounts(free, "function-url")

    assert found["cloudfront: Free tier, requests"] == -10
    assert found["cloudfront: Free tier, GB"] == -RESPONSES_GB * Decimal("0.085")
    assert sum(found.values()) == REQUESTS_GB * Decimal("0.02")


def test_what_is_taken_for_granted_of_cloudfront_is_listed() -> None:
    fields = {"cloudfront.edge_locations", "cloudfront.methods", "cloudfront.latency"}
    for needs in (
        {"waf": "edge-ok"},
        {"response_caching": "edge"},
        {"custom_domain": True, "single_function": True},
    ):
        assert fields <= assumed(needs).keys()
    for needs in ({}, {"waf": "direct"}, {"custom_domain": True}, {"response_caching": "gateway"}):
        assert not fields & assumed(needs).keys()


def test_where_a_price_of_cloudfront_is_not_known_it_is_named() -> None:
    found = bill(situation({"response_caching": "edge"}, region="xx-nowhere-1"), "function-url")

    assert [f"{error.service}/{error.component}" for error in found.missing] == [
        "cloudfront/https-requests",
        "cloudfront/data-out",
        "cloudfront/data-out-origin",
    ]
    assert found.line_items == []


# --- the cache of a REST API ---


@pytest.mark.parametrize(
    ("stated", "size", "usd"),
    [
        ({}, "0.5", "14.6"),  # 730 × $0.02
        ({"cache_gb": 1.6}, "1.6", "27.74"),  # 730 × $0.038
        ({"cache_gb": 2}, "6.1", "146"),  # the next size on offer, 730 × $0.20
        ({"cache_gb": 237}, "237", "2774"),  # 730 × $3.80
    ],
)
def test_a_cache_is_charged_by_its_size_for_every_hour(
    stated: dict[str, Any], size: str, usd: str
) -> None:
    found = amounts(situation({"response_caching": "gateway", **stated}), "rest-api")

    cache = {f"api-gateway: REST API cache of {size} GB": Decimal(usd)}
    assert found == REST | INTERNET | cache


def test_a_cache_larger_than_any_has_no_price() -> None:
    found = bill(situation({"response_caching": "gateway", "cache_gb": 238}), "rest-api")

    assert [error.component for error in found.missing] == ["rest-cache-hour-238gb"]


def test_the_size_and_the_hits_of_a_cache_are_assumptions() -> None:
    found = assumed({"response_caching": "gateway"})

    assert found["api.cache_gb"] == 0.5
    assert found["api.response_caching"] == "no hits"
    assert "api.cache_gb" not in assumed({"response_caching": "edge"})


# --- streaming ---


def test_a_streamed_response_counts_for_each_started_10_mb_and_beyond_6_mb() -> None:
    # 100,000 responses of 16 MB: two increments each on a REST API, 200,000 × $0.0000035 = $0.70.
    # Lambda: 100,000 × (16 − 6) MB ÷ 1,024 = 976.5625 GB, of which 100 are free, × $0.008.
    needs = {
        "streaming_response": True,
        "average_request_size_kb": 2,
        "average_payload_kb": 2 + 16 * 1024,
    }
    streaming = situation(needs).scaled(0.01)

    rest = bill(streaming, "rest-api", "lambda")
    url = bill(streaming, "function-url", "lambda")

    def usd(found: PathBill, item: str) -> Decimal:
        assert found.missing == []
        return sum((i.monthly_usd for i in found.line_items if item in i.item), Decimal(0))

    assert usd(rest, "REST API requests") == Decimal("0.70")
    for found in (rest, url):
        assert usd(found, "Response streaming") == Decimal("7.0125")
    assert usd(bill(streaming, "rest-api", "fargate"), "Response streaming") == 0


def test_streamed_responses_up_to_6_mb_need_no_price_of_streaming() -> None:
    # There is none for eu-west-1.
    streaming = situation({"streaming_response": True}, region="eu-west-1")

    found = bill(streaming, "function-url", "lambda")

    assert found.missing == []
    assert [item.service for item in found.line_items] == ["data-transfer"]


# --- the two arithmetics ---


@pytest.mark.parametrize(
    "needs",
    [
        {"style": "websocket", "waf": "edge-ok", "requests_per_connection": 3},
        {"response_caching": "gateway", "cache_gb": 2, "waf": "direct"},
        {"response_caching": "edge", "streaming_response": True, "custom_domain": True},
    ],
)
@pytest.mark.parametrize("api", ["http-api", "rest-api", "function-url", "alb", "websocket-api"])
def test_a_search_sums_up_what_a_bill_does(needs: dict[str, Any], api: str) -> None:
    priced = situation(needs)
    search = PathBill()
    add_front_door(search, priced, Design(api=api, compute="lambda"), BOOK.in_floats())

    exact = bill(priced, api, "lambda")

    assert [item.item for item in search.line_items] == [item.item for item in exact.line_items]
    assert sum(item.monthly_usd for item in search.line_items) == pytest.approx(
        float(sum(item.monthly_usd for item in exact.line_items))
    )
