"""The fake speaks the whole API: what boto3 validates and parses, AWS could have said."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import boto3  # type: ignore[import-untyped]

from tests.fakes import documents

if TYPE_CHECKING:
    from tests.fakes.price_list_server import PriceListServer


def test_every_operation_of_the_price_list(aws: PriceListServer) -> None:
    with closing(boto3.session.Session().client("pricing", region_name="us-east-1")) as client:
        services = client.describe_services()["Services"]
        groups = client.get_attribute_values(ServiceCode="AWSLambda", AttributeName="group")
        lists = client.list_price_lists(
            ServiceCode="AWSLambda", EffectiveDate="2026-08-31", CurrencyCode="USD"
        )
        arn = lists["PriceLists"][0]["PriceListArn"]
        url = client.get_price_list_file_url(PriceListArn=arn, FileFormat="json")["Url"]

    assert [s["ServiceCode"] for s in services] == ["AWSELB", "AWSLambda", "AmazonECS"]
    assert {"Value": "AWS-Lambda-Duration"} in groups["AttributeValues"]
    assert url == f"{aws.url}/offers/v1.0/aws/AWSLambda/{documents.VERSION}/index.json"
