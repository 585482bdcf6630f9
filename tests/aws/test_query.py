"""The Price List by its API: the real boto3 against a fake AWS, with its faults."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from advisor.aws import AwsFailed, fetch, query
from advisor.aws.failures import DEFAULT_ATTEMPTS
from advisor.aws.selection import UnknownService
from advisor.tariff import PriceBook
from advisor.tariff.offered import Offered
from tests.fakes import documents
from tests.fakes.price_list_server import KEY, SECRET, PriceListServer

if TYPE_CHECKING:
    from pathlib import Path


def by_component(found: list[Offered], region: str = "us-east-1") -> dict[str, Offered]:
    return {offered.component: offered for offered in found if offered.region == region}


def refusal(service: str = "lambda", region: str = "us-east-1") -> str:
    """Return the message of a fetch that fails: one sentence, without credentials."""
    with pytest.raises(AwsFailed) as caught:
        fetch(service, [region])
    message = str(caught.value)
    assert caught.value.exit_code == 5
    assert KEY not in message
    assert SECRET not in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("component", ["requests-x86", "duration-x86", "duration-arm64"])
@pytest.mark.usefixtures("aws")
def test_the_price_list_says_what_the_shipped_book_says(component: str) -> None:
    shipped = PriceBook().price("lambda", component, "us-east-1")

    offered = by_component(fetch("lambda", ["us-east-1"]))[component]

    assert offered.tiers == tuple((t.above, t.up_to, t.price) for t in shipped.tiers)


@pytest.mark.usefixtures("aws")
def test_a_price_carries_its_days_and_where_it_was_read() -> None:
    offered = by_component(fetch("lambda", ["us-east-1"]))["requests-x86"]

    assert offered == Offered(
        service="lambda",
        component="requests-x86",
        region="us-east-1",
        tiers=((Decimal(0), None, Decimal("0.0000002")),),
        allowance=None,
        valid_from=date(2026, 8, 1),
        checked=date(2026, 8, 31),
        evidence="AWS Price List, AWSLambda 20260831092318, SKU REQX86",
    )


@pytest.mark.usefixtures("aws")
def test_free_quantities_are_the_accounts() -> None:
    free = by_component(fetch("lambda", ["us-east-1"]), "global")

    assert {name: offered.allowance for name, offered in free.items()} == {
        "free-requests": Decimal(1_000_000),
        "free-duration": Decimal(400_000),
    }
    assert free["free-requests"].tiers == ()


@pytest.mark.usefixtures("aws")
def test_the_free_first_tier_that_only_the_page_states_is_put_back() -> None:
    offered = by_component(fetch("lambda", ["us-east-1"]))["response-streaming"]

    # 100 GB a month free, then 0.008 a GB: https://aws.amazon.com/lambda/pricing/
    assert offered.tiers == (
        (Decimal(0), Decimal(100), Decimal(0)),
        (Decimal(100), None, Decimal("0.008")),
    )


@pytest.mark.usefixtures("aws")
def test_each_region_has_its_own_prices() -> None:
    found = fetch("lambda", ["us-east-1", "ap-northeast-1", "us-east-1"])

    tokyo = by_component(found, "ap-northeast-1")
    assert set(tokyo) == {"duration-x86", "duration-arm64"}
    assert tokyo["duration-x86"].evidence.endswith("SKU DURAPN1-X86")
    assert len({(o.component, o.region) for o in found}) == len(found)


def test_all_pages_are_read(aws: PriceListServer) -> None:
    whole = fetch("lambda", ["us-east-1"])
    aws.page_size = 2
    told: list[tuple[str, int]] = []

    paged = fetch("lambda", ["us-east-1"], progress=lambda what, done: told.append((what, done)))

    assert paged == whole
    # 8 products of us-east-1, two to a page, then one free product to each question
    assert told[:4] == [("AWSLambda us-east-1", page) for page in (1, 2, 3, 4)]
    assert told[4:] == [("AWSLambda free", 1)] * 2


def test_a_region_is_asked_for_by_its_code_in_full_pages(aws: PriceListServer) -> None:
    fetch("lambda", ["us-east-1"])

    operation, asked = aws.requests[0]
    assert operation == "GetProducts"
    assert asked["ServiceCode"] == "AWSLambda"
    assert asked["FormatVersion"] == "aws_v1"
    assert asked["MaxResults"] == 100
    assert asked["Filters"] == [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": "us-east-1"}]


def test_of_a_large_offer_only_the_wanted_kind_is_asked_for(aws: PriceListServer) -> None:
    gateway = {"code": "AmazonEC2", "family": "NAT Gateway", "operation": "NatGateway"}
    aws.products = [
        documents.product("HOUR", "NatGateway-Hours", "0.0450000000", "Hrs", **gateway),
        documents.product("DATA", "NatGateway-Bytes", "0.0450000000", "GB", **gateway),
        documents.product("PRVD", "NatGateway-Prvd-Bytes", "0.0", "GB", **gateway),
    ]

    found = by_component(fetch("nat-gateway", ["us-east-1"]))

    assert {name: offered.tiers[0][2] for name, offered in found.items()} == {
        "nat-hour": Decimal("0.045"),
        "nat-data": Decimal("0.045"),
    }
    assert [asked["Filters"][1]["Value"] for _, asked in aws.requests] == ["NAT Gateway"]


def test_throttled_requests_are_tried_again(aws: PriceListServer) -> None:
    aws.throttle = 3

    assert "duration-x86" in by_component(fetch("lambda", ["us-east-1"]))


def test_a_server_error_is_tried_again(aws: PriceListServer) -> None:
    aws.fail = 2

    assert "duration-x86" in by_component(fetch("lambda", ["us-east-1"]))


def test_throttled_to_the_end(aws: PriceListServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    aws.throttle = 1000

    assert refusal() == ("AWS's Price List turned 3 requests away as too many; try again later.")
    assert len(aws.requests) == 3


def test_server_errors_to_the_end(aws: PriceListServer) -> None:
    aws.fail = 1000

    assert refusal() == (
        "AWS's Price List failed with HTTP 500 (InternalErrorException); try again later."
    )
    assert len(aws.requests) == DEFAULT_ATTEMPTS


@pytest.mark.parametrize("text", ["0", "-1", "many", "100", "²"])
@pytest.mark.usefixtures("aws")
def test_a_number_of_attempts_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", text)

    assert refusal().startswith("AWS_MAX_ATTEMPTS is to be a number from 1 to 99")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("ExpiredTokenException", "renew them, or use --source bulk"),
        ("UnrecognizedClientException", "renew them, or use --source bulk"),
        ("AccessDeniedException", "allow pricing:GetProducts"),
        ("InvalidParameterException", "InvalidParameterException, HTTP 400"),
    ],
)
def test_a_refusal_says_why_and_what_to_do(aws: PriceListServer, code: str, advice: str) -> None:
    aws.refuse = code

    message = refusal()

    assert advice in message
    assert code in message


@pytest.mark.usefixtures("aws")
def test_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    message = refusal()

    assert message.startswith("there are no usable AWS credentials (NoCredentialsError)")
    assert "--source bulk, which needs no credentials" in message


@pytest.mark.usefixtures("aws")
def test_half_of_the_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    assert "--source bulk" in refusal()


@pytest.mark.usefixtures("aws")
def test_a_profile_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    assert refusal() == "AWS_PROFILE names 'nobody', a profile that is not there."


@pytest.mark.usefixtures("aws")
def test_an_endpoint_that_nobody_listens_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", f"http://name:{SECRET}@127.0.0.1:{port}")

    assert refusal().startswith("AWS's Price List could not be reached (EndpointConnectionError)")


@pytest.mark.usefixtures("aws")
def test_an_endpoint_that_is_no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", "nowhere")

    assert refusal().startswith("the AWS configuration cannot be used (ValueError)")


def test_tls_to_something_that_does_not_speak_it(
    aws: PriceListServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", aws.url.replace("http", "https"))

    assert "AWS_CA_BUNDLE" in refusal()


@pytest.mark.usefixtures("aws")
def test_a_region_that_is_not_in_the_price_list() -> None:
    assert refusal(region="eu-nowhere-1") == (
        "AWS's Price List has nothing of AWSLambda for eu-nowhere-1; check the Region's name."
    )


@pytest.mark.parametrize("region", ["Ireland", "", "us-east-1\x1b[31m", "EU-WEST-1", "us-east"])
def test_a_name_that_is_no_regions(aws: PriceListServer, region: str) -> None:
    assert refusal(region=region).endswith("is no Region's name, such as eu-west-1.")
    assert "\x1b" not in refusal(region=region)
    assert aws.requests == []


@pytest.mark.usefixtures("aws")
def test_china_has_a_price_list_of_its_own() -> None:
    assert "China" in refusal(region="cn-north-1")


@pytest.mark.usefixtures("aws")
def test_a_service_that_is_not_read() -> None:
    with pytest.raises(
        UnknownService, match="no prices of 'fargat' are read from AWS; did you mean"
    ):
        fetch("fargat", ["us-east-1"])


def test_a_token_that_comes_again(aws: PriceListServer) -> None:
    aws.same_token = True

    assert "the same pages" in refusal()


def test_pages_without_end(aws: PriceListServer, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.page_size = 1
    monkeypatch.setattr(query, "MOST_PAGES", 3)

    assert refusal() == "AWS's Price List has more than 3 pages of AWSLambda us-east-1."


def test_an_answer_that_is_cut_off(aws: PriceListServer) -> None:
    aws.truncate = 1000

    assert "cut off" in refusal()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"PriceList": [1]}',
        b'{"PriceList": {"a": "b"}}',
        b'{"PriceList": [], "NextToken": 7}',
        b'{"PriceList": ["not json"]}',
        b'{"PriceList": ["{}"]}',
        b'{"PriceList": ["[]"]}',
        b'{"PriceList": ["\\ud800"]}',
        b'{"PriceList": ["' + b"[" * 100_000 + b'"]}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
    ids=str,
)
def test_an_answer_that_is_no_price_list(aws: PriceListServer, body: bytes) -> None:
    aws.body = body

    assert len(refusal()) < 300


def test_a_document_is_never_quoted_in_full(aws: PriceListServer) -> None:
    aws.products[0]["product"]["sku"] = "A\x1b[31m" * 1000
    aws.products[0]["terms"]["OnDemand"]["REQX86.JRTCKXETXF"]["effectiveDate"] = "never"

    message = refusal()

    assert "\x1b" not in message
    assert len(message) < 400


def test_a_connection_that_stays_open_is_not_waited_for(aws: PriceListServer) -> None:
    aws.linger = 30

    started = time.monotonic()
    fetch("lambda", ["us-east-1"])

    assert time.monotonic() - started < 15


@pytest.mark.usefixtures("aws")
def test_an_interrupt_passes_through() -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("lambda", ["us-east-1"], progress=interrupt)


def test_nothing_of_aws_is_imported_before_it_is_asked(repository: Path) -> None:
    code = (
        "import sys, advisor.aws; advisor.aws.wanted('lambda', 'us-east-1');"
        "print([m for m in ('boto3', 'botocore') if m in sys.modules])"
    )

    child = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )

    assert child.stdout == "[]\n"
