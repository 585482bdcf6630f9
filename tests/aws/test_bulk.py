"""The Price List as files: the same prices without credentials, and files that are not right."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pytest

from advisor.aws import AwsFailed, download, fetch
from advisor.tariff import PriceBook
from tests.fakes import documents
from tests.fakes.price_list_server import KEY, SECRET, PriceListServer

if TYPE_CHECKING:
    from advisor.tariff.offered import Offered

INDEX = "/offers/v1.0/aws/AWSLambda/current/region_index.json"
FILE = f"/offers/v1.0/aws/AWSLambda/{documents.VERSION}/us-east-1/index.json"


@pytest.fixture
def files(aws: PriceListServer, monkeypatch: pytest.MonkeyPatch) -> PriceListServer:
    """Return a fake AWS with bulk files, and a user without credentials."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    aws.publish("AWSLambda", documents.lambda_documents(), "us-east-1", "ap-northeast-1")
    aws.publish("AmazonECS", documents.fargate_documents(), "us-east-1")
    aws.publish_plans(documents.plan_offer(), "us-east-1")
    return aws


def bulk(service: str = "lambda", *regions: str) -> list[Offered]:
    return fetch(service, regions or ("us-east-1",), source="bulk")


def refusal(service: str = "lambda", *regions: str) -> str:
    with pytest.raises(AwsFailed) as caught:
        bulk(service, *regions)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.usefixtures("files")
def test_both_sources_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from_files = bulk("lambda", "us-east-1", "ap-northeast-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)

    assert from_files == fetch("lambda", ["us-east-1", "ap-northeast-1"])
    assert {offered.component for offered in from_files} >= {"free-requests", "free-duration"}


def test_files_are_read_without_credentials(files: PriceListServer) -> None:
    bulk()

    assert [asked["path"] for _, asked in files.requests] == [INDEX, FILE]
    assert not any("authorization" in headers.lower() for headers in files.headers)


@pytest.mark.usefixtures("files")
def test_progress_is_told_of_each_file() -> None:
    told: list[tuple[str, int]] = []

    fetch(
        "lambda",
        ["us-east-1"],
        source="bulk",
        progress=lambda what, done: told.append((what, done)),
    )

    assert told == [("AWSLambda index", 1), ("AWSLambda us-east-1", 2)]


def test_a_file_that_is_cut_off_is_fetched_again(files: PriceListServer) -> None:
    files.truncate = 2

    assert bulk()


@pytest.mark.parametrize("fault", ["truncate", "throttle", "fail"])
def test_faults_to_the_end(
    files: PriceListServer, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    setattr(files, fault, 1000)

    assert "3 times over; try again later" in refusal()
    assert len(files.requests) == 3


@pytest.mark.usefixtures("files")
def test_a_region_without_a_file() -> None:
    assert refusal("lambda", "eu-nowhere-1") == (
        "AWS's Price List has no file of AWSLambda for eu-nowhere-1; check the Region's name "
        "(2 Regions have one)."
    )


@pytest.mark.usefixtures("files")
def test_an_offer_that_is_not_there() -> None:
    assert refusal("sqs") == (
        "127.0.0.1 has no file /offers/v1.0/aws/AWSQueueService/current/region_index.json "
        "(HTTP 403)."
    )


@pytest.mark.parametrize(
    "path",
    [
        "https://example.com/offers/index.json",
        "//example.com/offers/index.json",
        "/offers/../../secrets",
        "/savingsPlan/v1.0/index.json",
        "@example.com/offers/x",
        "/offers/a?b",
        "",
    ],
)
def test_an_index_that_points_elsewhere(files: PriceListServer, path: str) -> None:
    region = {"regionCode": "us-east-1", "currentVersionUrl": path}
    files.files[INDEX] = documents.text({"regions": {"us-east-1": region}})

    assert refusal().startswith("the index of AWSLambda points outside the Price List")
    assert len(files.requests) == 1


@pytest.mark.parametrize("name", [INDEX, FILE])
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b"null", b'{"regions": 1}', b"[" * 100_000, b"\xff"]
)
def test_a_file_that_is_no_price_list(files: PriceListServer, name: str, body: bytes) -> None:
    files.files[name] = body

    assert len(refusal()) < 300


@pytest.mark.usefixtures("files")
def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 100)

    assert "more than is read" in refusal()


def test_a_product_under_the_name_of_another(files: PriceListServer) -> None:
    offer: dict[str, Any] = documents.as_offer(documents.lambda_documents(), "AWSLambda")
    offer["products"]["OTHER"] = offer["products"].pop("REQX86")
    files.files[FILE] = documents.text(offer)

    assert "under the name of another" in refusal()


def test_free_quantities_that_differ_between_files(files: PriceListServer) -> None:
    offer = documents.as_offer(
        [documents.free("FREEREQ", "Global-Request", "5", "Requests", group="AWS-Lambda-Requests")],
        "AWSLambda",
    )
    offer["products"] |= {
        d["product"]["sku"]: d["product"] for d in documents.lambda_duration("", "ap-northeast-1")
    }
    files.files[FILE.replace("us-east-1", "ap-northeast-1")] = documents.text(offer)

    assert "lambda/free-requests differs" in refusal("lambda", "us-east-1", "ap-northeast-1")


@pytest.mark.usefixtures("files")
def test_a_base_that_is_no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", f"file:///{SECRET}")

    message = refusal()

    assert message == "the endpoint of the Price List is to be an http or https URL."


@pytest.mark.parametrize("source", ["query", "bulk"])
@pytest.mark.usefixtures("files")
def test_savings_plans_come_from_files_in_any_case(source: Literal["query", "bulk"]) -> None:
    found = fetch("savings-plans", ["us-east-1"], source=source)

    shipped = PriceBook()
    assert {offered.component for offered in found} == {
        "lambda-duration-x86-1yr-no-upfront",
        "fargate-vcpu-x86-1yr-no-upfront",
        "fargate-vcpu-x86-3yr-all-upfront",
    }
    for offered in found:
        price = shipped.price("savings-plans", offered.component, "us-east-1")
        assert offered.tiers == ((Decimal(0), None, price.tiers[0].price),)


def plans_with(**changes: Any) -> dict[str, Any]:
    """Return the plans' file with another first rate."""
    offer = documents.plan_offer()
    offer["terms"]["savingsPlan"][0]["rates"][0].update(changes)
    return offer


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "Requests"},
        {"discountedRate": {"price": "0.1", "currency": "CNY"}},
        {"discountedRate": {"price": "0", "currency": "USD"}},
        {"discountedRate": {"price": "1E-7", "currency": "USD"}},
        {"discountedRate": {"price": 0.1, "currency": "USD"}},
    ],
)
def test_a_plan_that_cannot_be_trusted(files: PriceListServer, changes: dict[str, Any]) -> None:
    files.publish_plans(plans_with(**changes), "us-east-1")

    assert "AWSComputeSavingsPlan" in refusal("savings-plans")


def test_a_plan_with_two_prices_for_one_usage(files: PriceListServer) -> None:
    offer = documents.plan_offer()
    rates = offer["terms"]["savingsPlan"][0]["rates"]
    rates.append({**rates[0], "discountedRate": {"price": "0.5", "currency": "USD"}})
    files.publish_plans(offer, "us-east-1")

    assert "has several prices" in refusal("savings-plans")


@pytest.mark.usefixtures("files")
def test_spot_prices_come_from_their_own_feed() -> None:
    found = {offered.component: offered for offered in bulk("fargate-spot")}

    # The feed of 2026-09-28, by its units.
    assert found["spot-vcpu-x86"].tiers == ((Decimal(0), None, Decimal("0.01288871")),)
    assert found["spot-memory-arm64"].tiers == ((Decimal(0), None, Decimal("0.00113349")),)
    assert found["spot-vcpu-x86"].evidence == "Fargate Spot price feed 20260928000000"
    assert found["spot-vcpu-x86"].checked.isoformat() == "2026-09-28"
    assert {offered.service for offered in found.values()} == {"fargate"}
    assert all(component.startswith("spot-") for component in found)


def test_the_price_list_of_fargate_needs_no_spot_feed(files: PriceListServer) -> None:
    del files.files["/spot.json"]
    found = {offered.component: offered for offered in bulk("fargate")}

    # Neither ARM nor Windows nor metering is taken for it.
    assert found["memory-x86"].tiers == ((Decimal(0), None, Decimal("0.004445")),)
    assert not any(component.startswith("spot-") for component in found)


@pytest.mark.parametrize(
    "row",
    [
        {"price": {"USD": "0.9"}},
        {"price": {"USD": "NaN"}},
        {"price": {"CNY": "0.9"}},
        {"price": {"USD": 0.9}},
    ],
)
def test_a_spot_feed_that_cannot_be_trusted(files: PriceListServer, row: dict[str, Any]) -> None:
    feed = documents.spot_feed()
    feed["prices"].append({**feed["prices"][0], **row})
    files.files["/spot.json"] = documents.text(feed)

    assert "Fargate Spot price feed" in refusal("fargate-spot")


def test_a_spot_feed_without_a_day(files: PriceListServer) -> None:
    feed = documents.spot_feed()
    feed["metadata"]["source:version"] = "today"
    files.files["/spot.json"] = documents.text(feed)

    assert refusal("fargate-spot") == "the Fargate Spot price feed has a version that is no moment."
