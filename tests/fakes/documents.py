"""Price List documents in the forms that AWS sends: small, with AWS's names, built here."""

from __future__ import annotations

import json
from typing import Any

ON_DEMAND = "JRTCKXETXF"
FREE_TIER = "A429C66SYZ"
PUBLISHED = "2026-08-31T09:23:18Z"
VERSION = "20260831092318"
EFFECTIVE = "2026-08-01T00:00:00Z"

Rates = list[tuple[str, str, str]]
"""Begin, end and price, as texts."""


def product(
    sku: str,
    usagetype: str,
    rates: str | Rates,
    unit: str,
    *,
    code: str = "AWSLambda",
    family: str = "Serverless",
    region: str | None = "us-east-1",
    term: str = ON_DEMAND,
    effective: str = EFFECTIVE,
    **attributes: str,
) -> dict[str, Any]:
    """Return a document of GetProducts; a text as ``rates`` is one price at any quantity."""
    tiers = [("0", "Inf", rates)] if isinstance(rates, str) else rates
    place = {"locationType": "AWS Region"} | ({"regionCode": region} if region else {})
    key = f"{sku}.{term}"
    return {
        "product": {
            "sku": sku,
            "productFamily": family,
            "attributes": {"servicecode": code, "usagetype": usagetype, **place, **attributes},
        },
        "serviceCode": code,
        "terms": {
            "OnDemand": {
                key: {
                    "sku": sku,
                    "offerTermCode": term,
                    "effectiveDate": effective,
                    "termAttributes": {},
                    "priceDimensions": {
                        f"{key}.RATE{index}": {
                            "rateCode": f"{key}.RATE{index}",
                            "unit": unit,
                            "beginRange": begin,
                            "endRange": end,
                            "pricePerUnit": {"USD": price},
                            "description": "",
                            "appliesTo": [],
                        }
                        for index, (begin, end, price) in enumerate(tiers)
                    },
                }
            }
        },
        "version": VERSION,
        "publicationDate": PUBLISHED,
    }


def free(sku: str, usagetype: str, quantity: str, unit: str, **more: str) -> dict[str, Any]:
    """Return the document of an account's free quantity."""
    attributes = {"location": "Any", **more}
    rates = [("0", quantity, "0.0000000000")]
    return product(sku, usagetype, rates, unit, region=None, term=FREE_TIER, **attributes)


def lambda_duration(prefix: str = "", region: str = "us-east-1") -> list[dict[str, Any]]:
    """Return the duration prices of both architectures; AWS does not sort the tiers."""
    return [
        product(
            f"DUR{prefix}X86",
            f"{prefix}Lambda-GB-Second",
            [
                ("15000000000", "Inf", "0.0000133334"),
                ("0", "6000000000", "0.0000166667"),
                ("6000000000", "15000000000", "0.0000150000"),
            ],
            "Lambda-GB-Second",
            region=region,
            group="AWS-Lambda-Duration",
        ),
        product(
            f"DUR{prefix}ARM",
            f"{prefix}Lambda-GB-Second-ARM",
            [
                ("7500000000", "18750000000", "0.0000120001"),
                ("0", "7500000000", "0.0000133334"),
                ("18750000000", "Inf", "0.0000106667"),
            ],
            "Lambda-GB-Second",
            region=region,
            group="AWS-Lambda-Duration-ARM",
        ),
    ]


def lambda_documents() -> list[dict[str, Any]]:
    """Return Lambda's prices in us-east-1 and Tokyo, the free quantities, and what is like them."""
    gigabytes = "Processed-Gigabytes"
    return [
        product("REQX86", "Request", "0.0000002000", "Requests", group="AWS-Lambda-Requests"),
        product(
            "REQARM", "Request-ARM", "0.0000002000", "Requests", group="AWS-Lambda-Requests-ARM"
        ),
        *lambda_duration(),
        *lambda_duration("APN1-", "ap-northeast-1"),
        product("STREAM", "Lambda-Streaming-Response-Processed-Bytes", "0.0080000000", gigabytes),
        product("FEE", "Lambda-Managed-Instances-c7g.xlarge-Management-Hours", "0.02175", "Hours"),
        product("EDGE", "Lambda-Edge-Request", "0.0000006", "Request", group="AWS-Lambda-Edge"),
        product(
            "CHINAFREE",
            "Request",
            "0.0000099999",
            "Requests",
            group="AWS-Lambda-Requests",
            groupDescription="China free tier",
        ),
        free("FREEREQ", "Global-Request", "1000000", "Requests", group="AWS-Lambda-Requests"),
        free(
            "FREEDUR", "Global-Lambda-GB-Second", "400000", "seconds", group="AWS-Lambda-Duration"
        ),
    ]


def fargate_documents() -> list[dict[str, Any]]:
    """Return Fargate's prices in us-east-1, with the products that are easily taken for them."""

    def fargate(sku: str, usage: str, price: str, family: str = "Compute") -> dict[str, Any]:
        return product(sku, f"USE1-{usage}", price, "hours", code="AmazonECS", family=family)

    return [
        fargate("VCPUX86", "Fargate-vCPU-Hours:perCPU", "0.0404800000"),
        fargate("VCPUARM", "Fargate-ARM-vCPU-Hours:perCPU", "0.0323800000"),
        fargate("VCPUWIN", "Fargate-Windows-vCPU-Hours:perCPU", "0.0465520000"),
        fargate("GBX86", "Fargate-GB-Hours", "0.0044450000"),
        fargate("GBARM", "Fargate-ARM-GB-Hours", "0.0035600000"),
        fargate("GBWIN", "Fargate-Windows-GB-Hours", "0.0051117500"),
        fargate("METER", "Fargate-GB-Hours", "0.0000000000"),
        fargate("ECSEC2", "Fargate-vCPU-Hours:perCPU", "0.5", family="Compute Metering"),
    ]


def balancer_documents() -> list[dict[str, Any]]:
    """Return load balancers in Ireland and us-east-1: one usage type in four families."""

    def balancer(sku: str, usage: str, price: str, kind: str, region: str) -> dict[str, Any]:
        return product(
            sku, usage, price, "Hrs", code="AWSELB", family=f"Load Balancer{kind}", region=region
        )

    return [
        balancer("IRE1", "EU-LoadBalancerUsage", "0.0252", "-Application", "eu-west-1"),
        balancer("IRE2", "EU-LoadBalancerUsage", "0.0252", "-Network", "eu-west-1"),
        balancer("IRE3", "EU-LoadBalancerUsage", "0.0280", "", "eu-west-1"),
        balancer("IRE4", "EU-LoadBalancerUsage", "0.0140", "-Gateway", "eu-west-1"),
        balancer("IRE5", "EU-Outposts-LoadBalancerUsage", "0.9", "-Application", "eu-west-1"),
        balancer("USE1", "LoadBalancerUsage", "0.0225", "-Application", "us-east-1"),
        balancer("USE2", "TS-LoadBalancerUsage", "0.0050", "-Application", "us-east-1"),
    ]


def as_offer(documents: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """Return documents as a bulk file: products and terms are two maps by SKU."""
    products = {}
    terms = {}
    for document in documents:
        sku = document["product"]["sku"]
        products[sku] = document["product"]
        terms[sku] = document["terms"]["OnDemand"]
    return {
        "formatVersion": "v1.0",
        "offerCode": code,
        "version": VERSION,
        "publicationDate": PUBLISHED,
        "products": products,
        "terms": {"OnDemand": terms},
    }


def plan_offer() -> dict[str, Any]:
    """Return a file of Compute Savings Plans: products are a list, rates stand with their plan."""

    def plan(sku: str, term: str, option: str) -> dict[str, Any]:
        return {"sku": sku, "attributes": {"purchaseTerm": term, "purchaseOption": option}}

    def rate(sku: str, usage: str, code: str, price: str, unit: str) -> dict[str, Any]:
        return {
            "discountedSku": sku,
            "discountedUsageType": usage,
            "discountedServiceCode": code,
            "unit": unit,
            "discountedRate": {"price": price, "currency": "USD"},
        }

    def term(sku: str, rates: list[dict[str, Any]]) -> dict[str, Any]:
        return {"sku": sku, "effectiveDate": "2026-09-25T00:00:00Z", "rates": rates}

    seconds = "Lambda-GB-Second"
    vcpu = "USE1-Fargate-vCPU-Hours:perCPU"
    return {
        "version": "20260925000000",
        "publicationDate": "2026-09-25T00:00:00Z",
        "products": [plan("PLAN1", "1yr", "No Upfront"), plan("PLAN3", "3yr", "All Upfront")],
        "terms": {
            "savingsPlan": [
                term(
                    "PLAN1",
                    [
                        rate("DURX86", seconds, "AWSLambda", "0.0000147", seconds),
                        rate("VCPUX86", vcpu, "AmazonECS", "0.032384", "Hrs"),
                        rate("EKS", vcpu, "AmazonEKS", "0.99", "Hrs"),
                        rate("REQX86", "Request", "AWSLambda", "0.0000002", "Request"),
                    ],
                ),
                term("PLAN3", [rate("VCPUX86", vcpu, "AmazonECS", "0.0194304", "Hrs")]),
            ]
        },
    }


def spot_feed() -> dict[str, Any]:
    """Return the Fargate Spot feed, whose unit tells the architectures apart."""

    def row(unit: str, price: str, region: str = "us-east-1") -> dict[str, Any]:
        return {
            "id": f"{unit}-{region}",
            "unit": unit,
            "price": {"USD": price},
            "attributes": {"aws:region": region, "aws:label": "per hour"},
        }

    return {
        "metadata": {"format:version": "1.0", "source:version": "20260928000000"},
        "prices": [
            row("vCPU-Hours", "0.01288871"),
            row("GB-Hours", "0.00141527"),
            row("ARM-vCPU-Hours", "0.01030969"),
            row("ARM-GB-Hours", "0.00113349"),
            row("vCPU-Hours", "0.01224056", "eu-west-1"),
        ],
    }


def text(document: Any) -> bytes:
    """Return a document as AWS sends it."""
    return json.dumps(document).encode()
