"""A price that is not known stops the bill; it is never taken as zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.api_gateway import http_api, rest_api
from advisor.cost.bill import total
from advisor.cost.cloudwatch import logs
from advisor.cost.fargate import tasks
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()
KB_PER_GB = 1024 * 1024


def test_a_region_without_arm64_tasks_is_named_with_those_that_have_them() -> None:
    with pytest.raises(PriceMissing) as missing:
        tasks(
            BOOK,
            "ap-northeast-1",
            architecture="arm64",
            capacity="on-demand",
            vcpu=Decimal(1),
            memory_gb=Decimal(2),
            task_hours=Decimal(1),
        )
    error = missing.value
    assert (error.service, error.component, error.region) == (
        "fargate",
        "vcpu-arm64",
        "ap-northeast-1",
    )
    assert "us-east-1" in error.why
    assert "eu-central-1" in error.why
    assert str(error).startswith("no price for fargate/vcpu-arm64 in ap-northeast-1: ")
    assert error.exit_code == 4


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(PriceMissing, match="api-gateway/rest-requests in xx-nowhere-1"):
        rest_api(BOOK, "xx-nowhere-1", requests=Decimal(1))


def test_http_api_in_tokyo_is_known_up_to_its_first_tier() -> None:
    # 300e6 x 0.00000129 = 387; of the tier above only the existence is known.
    items = http_api(BOOK, "ap-northeast-1", requests=Decimal(300_000_000), payload_kb=Decimal(1))
    assert total(items) == 387
    with pytest.raises(PriceMissing) as missing:
        http_api(BOOK, "ap-northeast-1", requests=Decimal(300_000_001), payload_kb=Decimal(1))
    assert missing.value.component == "http-requests"
    assert missing.value.region == "ap-northeast-1"
    assert missing.value.why == (
        'the price of the tier "above 300 million requests" a month is not known'
    )


def test_function_logs_in_frankfurt_are_known_up_to_10_tb() -> None:
    def amount(kilobytes: int) -> Decimal:
        usd: Decimal = total(
            logs(
                BOOK,
                "eu-central-1",
                requests=Decimal(kilobytes),
                kb_per_request=Decimal(1),
                from_lambda=True,
            )
        )
        return usd

    # 10,240 GB x 0.63 = 6,451.20.
    assert amount(10_240 * KB_PER_GB) == Decimal("6451.2")
    with pytest.raises(PriceMissing, match='"above 10,240 GB"'):
        amount(10_240 * KB_PER_GB + 1)


def test_the_float_book_misses_the_same_prices() -> None:
    with pytest.raises(PriceMissing, match="above 300 million requests"):
        http_api(BOOK.in_floats(), "ap-northeast-1", requests=3.1e8, payload_kb=1.0)
