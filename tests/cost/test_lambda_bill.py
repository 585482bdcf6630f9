"""Lambda's bill against AWS's worked examples and against calculations by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from advisor.cost.aws_lambda import async_requests, billed_init_ms, billed_ms, on_demand, used
from advisor.cost.bill import LineItem, total
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

if TYPE_CHECKING:
    from collections.abc import Iterable

BOOK = PriceBook()
CENT = Decimal("0.01")


def amounts(items: Iterable[LineItem]) -> dict[str, Decimal]:
    return {item.item: item.monthly_usd for item in items}


def bill(**quantities: int | str | bool) -> list[LineItem]:
    """Return a bill of us-east-1; numbers are given as texts or integers and read as Decimals."""
    stated: dict[str, int | str | bool] = {
        "architecture": "x86_64",
        "memory_mb": 1024,
        "billed_ms": 1000,
        **quantities,
    }
    architecture = str(stated.pop("architecture"))
    free_tier = bool(stated.pop("free_tier", False))
    numbers: dict[str, Any] = {name: Decimal(value) for name, value in stated.items()}
    return on_demand(BOOK, "us-east-1", architecture=architecture, free_tier=free_tier, **numbers)


def duration_of(items: list[LineItem]) -> list[LineItem]:
    return [item for item in items if item.item.startswith("Duration")]


def test_mobile_backend_of_the_pricing_page() -> None:
    # https://aws.amazon.com/lambda/pricing/: 3,000,000 requests of 120 ms at 1,536 MB; 2.73 USD.
    # 3e6 x 0.120 s x 1.5 GB = 540,000 GB-s. 540,000 x 0.0000166667 = 9.000018; 3e6 x 0.0000002 =
    # 0.60. Free: 400,000 x 0.0000166667 = 6.66668 and 1e6 x 0.0000002 = 0.20. Sum 2.733338.
    items = bill(requests=3_000_000, billed_ms=120, memory_mb=1536, free_tier=True)
    assert amounts(items) == {
        "Requests": Decimal("0.60"),
        "Duration": Decimal("9.000018"),
        "INIT of cold starts": 0,
        "Free tier, requests": Decimal("-0.20"),
        "Free tier, GB-seconds": Decimal("-6.66668"),
    }
    assert total(items).quantize(CENT) == Decimal("2.73")


def test_ephemeral_storage_of_the_pricing_page() -> None:
    # 6,000,000 requests of 280 ms at 4 GB with 2,048 MB of /tmp; 106.41 USD on the page.
    # Duration 6e6 x 0.28 x 4 = 6,720,000, of it 6,320,000 paid = 105.333544; requests 5e6 paid =
    # 1.00; storage 1,680,000 s x 1.5 GB above 512 MB = 2,520,000 x 0.0000000309 = 0.077868.
    items = bill(
        requests=6_000_000,
        billed_ms=280,
        memory_mb=4096,
        ephemeral_storage_mb=2048,
        free_tier=True,
    )
    assert amounts(items)["Ephemeral storage"] == Decimal("0.077868")
    assert total(items) == Decimal("105.333544") + 1 + Decimal("0.077868")
    assert total(items).quantize(CENT) == Decimal("106.41")


def test_the_storage_that_every_function_has_is_not_charged() -> None:
    assert "Ephemeral storage" not in amounts(bill(requests=10, ephemeral_storage_mb=512))
    # 10 requests x 1 s x 1 MB above 512 = 10/1024 GB-s.
    (storage,) = [
        item
        for item in bill(requests=10, ephemeral_storage_mb=513)
        if item.item == "Ephemeral storage"
    ]
    assert storage.quantity == Decimal(10) / 1024


def test_storage_follows_the_seconds_of_init_too() -> None:
    # 100 s of requests and 10 x 0.5 s of INIT: 105 s x 1 GB above 512 MB.
    items = bill(requests=100, cold_starts=10, init_ms=500, ephemeral_storage_mb=1536)
    assert {item.item: item.quantity for item in items}["Ephemeral storage"] == 105


def test_exactly_the_first_tier_is_one_line() -> None:
    # 6e9 requests x 1 s x 1 GB = 6e9 GB-s x 0.0000166667 = 100,000.20.
    assert amounts(bill(requests=6_000_000_000)) == {
        "Requests": Decimal(1200),
        "Duration": Decimal("100000.2"),
        "INIT of cold starts": 0,
    }


def test_one_gb_second_above_the_first_tier() -> None:
    items = duration_of(bill(requests=6_000_000_001))
    assert [(i.item, i.quantity, i.unit_price_usd) for i in items] == [
        ("Duration, first 6 billion GB-seconds", 6_000_000_000, Decimal("0.0000166667")),
        ("Duration, next 9 billion GB-seconds", 1, Decimal("0.000015")),
    ]


def test_all_three_tiers_of_x86() -> None:
    # 20e9: 6e9 x 0.0000166667 = 100,000.20; 9e9 x 0.000015 = 135,000; 5e9 x 0.0000133334 = 66,667.
    duration = duration_of(bill(requests=20_000_000_000))
    assert [item.monthly_usd for item in duration] == [Decimal("100000.2"), 135_000, 66_667]


def test_all_three_tiers_of_arm64() -> None:
    # 20e9: 7.5e9 x 0.0000133334 = 100,000.50; 11.25e9 x 0.0000120001 = 135,001.125;
    # 1.25e9 x 0.0000106667 = 13,333.375. Its tiers are wider than those of x86.
    duration = duration_of(bill(requests=20_000_000_000, architecture="arm64"))
    assert [item.monthly_usd for item in duration] == [
        Decimal("100000.5"),
        Decimal("135001.125"),
        Decimal("13333.375"),
    ]


def test_init_continues_on_the_ladder_of_the_duration() -> None:
    # Duration ends 10 GB-s below the bound, INIT is 20 GB-s: ten at each price.
    items = bill(requests=5_999_999_990, cold_starts=20, init_ms=1000)
    init = [item for item in items if item.item.startswith("INIT")]
    assert [(item.quantity, item.unit_price_usd) for item in init] == [
        (10, Decimal("0.0000166667")),
        (10, Decimal("0.000015")),
    ]


def test_init_after_a_full_tier_is_charged_in_the_second_only() -> None:
    items = bill(requests=6_000_000_000, cold_starts=20, init_ms=500)
    assert [(i.item, i.quantity, i.unit_price_usd) for i in items[2:]] == [
        ("INIT of cold starts", 10, Decimal("0.000015"))
    ]


def test_the_free_tier_covers_init_and_no_more_than_there_is() -> None:
    # 390,000 GB-s of duration and 20,000 of INIT: 400,000 are free, 10,000 are paid = 0.166667.
    items = bill(requests=390_000, cold_starts=20_000, init_ms=1000, free_tier=True)
    assert total(items) == Decimal("0.166667")
    # 1,000 requests and 1,000 GB-s: all free, and never a bill below zero.
    assert total(bill(requests=1000, free_tier=True)) == 0


def test_arrays_of_storage_are_charged_where_they_exceed_what_is_included() -> None:
    # 1,000 requests x 1 s: nothing at 512 MB, 1,000 GB-s x 0.0000000309 at 1,536 MB.
    items = on_demand(
        BOOK.in_floats(),
        "us-east-1",
        architecture="x86_64",
        memory_mb=1024.0,
        requests=1000.0,
        billed_ms=1000.0,
        ephemeral_storage_mb=np.array([512.0, 1536.0]),
    )
    storage = {item.item: item.monthly_usd for item in items}["Ephemeral storage"]
    np.testing.assert_allclose(storage, [0.0, 0.0000309], rtol=1e-12)


def test_every_line_is_quantity_times_unit_price_with_its_source() -> None:
    items = bill(requests=7_000_000_000, cold_starts=5, init_ms=300, free_tier=True)
    for item in items:
        assert item.monthly_usd == item.quantity * item.unit_price_usd
        assert item.price.source == "https://aws.amazon.com/lambda/pricing/"
        assert item.formula
    assert total(items) == sum(item.monthly_usd for item in items)


def usage(
    *, region: str = "us-east-1", free_tier: bool = False, **quantities: int | str
) -> list[LineItem]:
    stated: dict[str, int | str] = {
        "memory_mb": 1024,
        "requests": 0,
        "duration_ms": 0,
        "gb_seconds": 0,
        "cold_starts": 0,
        "init_ms": 0,
        "ephemeral_storage_mb": 512,
        "provisioned_requests": 0,
        **quantities,
    }
    return used(
        BOOK,
        region,
        architecture="x86_64",
        free_tier=free_tier,
        **{name: Decimal(value) for name, value in stated.items()},
    )


def test_used_charges_the_mobile_backend_as_on_demand_does() -> None:
    items = usage(requests=3_000_000, duration_ms=120, memory_mb=1536, free_tier=True)
    assert amounts(items) == {
        "Requests": Decimal("0.60"),
        "Duration": Decimal("9.000018"),
        "Free tier, requests": Decimal("-0.20"),
        "Free tier, GB-seconds": Decimal("-6.66668"),
    }


def test_used_charges_nothing_that_was_not_used() -> None:
    assert usage(free_tier=True) == []
    assert list(amounts(usage(requests=1))) == ["Requests"]
    assert list(amounts(usage(gb_seconds=1))) == ["Duration"]
    assert list(amounts(usage(cold_starts=1, init_ms=1))) == ["INIT of cold starts"]


def test_used_needs_no_price_of_what_was_not_used() -> None:
    # Bahrain's duration is known and its requests are not. 0.0000206667 a GB-second.
    assert amounts(usage(region="me-south-1", gb_seconds=1000)) == {
        "Duration": Decimal("0.0206667")
    }
    with pytest.raises(PriceMissing, match="lambda/requests-x86 in me-south-1"):
        usage(region="me-south-1", requests=1, duration_ms=1)


def test_used_with_gb_seconds_as_they_stand() -> None:
    # 6,720,000 GB-s of 4 GB are 1,680,000 s, x 1.5 GB above 512 MB as on the pricing page.
    items = usage(gb_seconds=6_720_000, memory_mb=4096, ephemeral_storage_mb=2048)
    assert amounts(items) == {
        "Duration": Decimal("112.000224"),
        "Ephemeral storage": Decimal("0.077868"),
    }


def test_used_init_follows_the_duration_on_its_ladder() -> None:
    # 5,999,999,990 GB-s of duration and 20 of INIT.
    items = usage(requests=5_999_999_990, duration_ms=1000, cold_starts=20, init_ms=1000)
    assert [(i.quantity, i.unit_price_usd) for i in items[2:]] == [
        (10, Decimal("0.0000166667")),
        (10, Decimal("0.000015")),
    ]


def test_requests_inside_provisioned_concurrency_share_the_free_tier() -> None:
    # 2,500,000 + 500,000 requests = 0.60, of which 1,000,000 = 0.20 are free.
    items = usage(requests=2_500_000, provisioned_requests=500_000, free_tier=True)
    assert amounts(items) == {
        "Requests": Decimal("0.50"),
        "Requests inside provisioned concurrency": Decimal("0.10"),
        "Free tier, requests": Decimal("-0.20"),
    }


def test_a_duration_is_rounded_up_to_a_millisecond() -> None:
    assert [billed_ms(Decimal(text)) for text in ("0", "0.1", "2", "2.01")] == [0, 1, 2, 3]
    # 1,000 x 11 ms x 1 GB.
    assert usage(requests=1000, duration_ms="10.2")[1].quantity == 11


def test_duration_and_init_are_rounded_up_together() -> None:
    # 2.30 ms after 112.07 ms are 114.37 ms, billed as 115: 3 of duration and 112 of INIT.
    assert billed_init_ms(duration_ms=Decimal("2.3"), init_ms=Decimal("112.07")) == 112
    assert billed_init_ms(duration_ms=Decimal("2.3"), init_ms=Decimal("112.8")) == 113
    assert billed_init_ms(duration_ms=Decimal(0), init_ms=Decimal("112.07")) == 113


@pytest.mark.parametrize(
    ("payload_kb", "requests"),
    [("0", 1), ("256", 1), ("256.1", 2), ("320", 2), ("321", 3), ("1024", 13)],
)
def test_an_asynchronous_event_counts_once_and_for_every_64_kb_beyond_256(
    payload_kb: str, requests: int
) -> None:
    # 1,024 KB: 1 + 768/64 = 13.
    assert async_requests(events=Decimal(10), payload_kb=Decimal(payload_kb)) == 10 * requests


def test_storage_is_charged_inside_provisioned_concurrency_too() -> None:
    # 1,000,000 calls of 1 s inside, 500,000 GB-s at 1 GB stated otherwise, and no call outside:
    # 1,500,000 s x 9.5 GB above 512 MB x 0.0000000309 = 0.440325.
    items = usage(
        provisioned_requests=1_000_000,
        provisioned_duration_ms=1000,
        provisioned_gb_seconds=500_000,
        ephemeral_storage_mb=10_240,
    )
    assert amounts(items) == {
        "Requests inside provisioned concurrency": Decimal("0.20"),
        "Ephemeral storage": Decimal("0.440325"),
    }
