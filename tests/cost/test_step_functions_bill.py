"""Step Functions' bill: transitions, and Express runs rounded up in time and memory."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from advisor.cost.bill import LineItem, total
from advisor.cost.step_functions import billed_ms, express, express_memory, standard
from advisor.tariff import PriceBook

BOOK = PriceBook()


def runs(requests: int, duration_ms: str, memory_mb: str) -> list[LineItem]:
    return express(
        BOOK,
        "us-east-1",
        requests=Decimal(requests),
        billed_ms=billed_ms(Decimal(duration_ms)),
        memory_mb=Decimal(memory_mb),
    )


def test_express_runs_of_the_pricing_page() -> None:
    # https://aws.amazon.com/step-functions/pricing/: 100 million runs of 10 s in 64 MB; 482.97 USD
    # by the page's prices of a GB-hour. 1e8 x 10 x 64/1,024 = 62,500,000 GB-s: 3,600,000 x
    # 0.00001667 = 60.012; 14,400,000 x 0.00000833 = 119.952; 44,500,000 x 0.00000456 = 202.92.
    items = runs(100_000_000, "10000", "64")
    assert [item.monthly_usd for item in items] == [
        100,
        Decimal("60.012"),
        Decimal("119.952"),
        Decimal("202.92"),
    ]
    assert abs(total(items) - Decimal("482.97")) < Decimal("0.15")


@pytest.mark.parametrize(
    ("duration_ms", "memory_mb", "gigabyte_seconds"),
    [
        ("100", "64", "6.25"),  # 1,000 x 0.1 s x 1/16 GB
        ("100.5", "64", "12.5"),  # 200 ms
        ("1", "64", "6.25"),  # 100 ms
        ("100", "64.1", "12.5"),  # 128 MB
        ("100", "50", "6.25"),  # 64 MB
        ("100", "0", "6.25"),  # never less than one step
        ("250", "130", "56.25"),  # 1,000 x 0.3 s x 192/1,024 GB
    ],
)
def test_time_and_memory_are_rounded_up(
    duration_ms: str, memory_mb: str, gigabyte_seconds: str
) -> None:
    requests, duration = runs(1000, duration_ms, memory_mb)
    assert requests.quantity == 1000
    assert duration.quantity == Decimal(gigabyte_seconds)


def test_arrays_of_runs_are_rounded_up_each() -> None:
    _, duration = express(
        BOOK.in_floats(),
        "us-east-1",
        requests=1000.0,
        billed_ms=billed_ms(np.array([100.0, 250.0])),
        memory_mb=np.array([50.0, 130.0]),
    )
    np.testing.assert_allclose(duration.quantity, [6.25, 56.25], rtol=1e-12)


@pytest.mark.parametrize(
    ("definition_kb", "payload_kb", "branches", "memory_mb"),
    [
        (50, 32, 400, 64),  # the pricing page: 50 MB + 50 KB + 400 x 32 KB is below 64 MB
        (0, 0, 1, 64),
        (0, 1024, 14, 64),  # exactly 50 + 14 MB
        (1, 1024, 14, 128),  # 1 KB above
        (50, 256, 400, 192),  # 50 + 0.05 + 100 MB
    ],
)
def test_memory_follows_from_definition_and_payloads(
    definition_kb: int, payload_kb: int, branches: int, memory_mb: int
) -> None:
    assert (
        express_memory(
            definition_kb=Decimal(definition_kb),
            payload_kb=Decimal(payload_kb),
            branches=Decimal(branches),
        )
        == memory_mb
    )


def test_transitions_with_and_without_the_free_ones() -> None:
    # 100,000 runs of 4 transitions: 400,000 x 0.000025 = 10; less 4,000 x 0.000025 = 0.10.
    (charged,) = standard(BOOK, "us-east-1", transitions=Decimal(400_000))
    assert charged.monthly_usd == 10
    items = standard(BOOK, "us-east-1", transitions=Decimal(400_000), free_tier=True)
    assert [item.monthly_usd for item in items] == [10, Decimal("-0.1")]
    assert total(items) == Decimal("9.9")


def test_no_more_is_free_than_there_is() -> None:
    assert total(standard(BOOK, "us-east-1", transitions=Decimal(4000), free_tier=True)) == 0
    assert total(standard(BOOK, "us-east-1", transitions=Decimal(10), free_tier=True)) == 0
    # 1 x 0.000025.
    assert total(standard(BOOK, "us-east-1", transitions=Decimal(4001), free_tier=True)) == Decimal(
        "0.000025"
    )


def test_transitions_cost_more_in_sao_paulo() -> None:
    # 1,000,000 x 0.0000375, half as much again as in us-east-1.
    (item,) = standard(BOOK, "sa-east-1", transitions=Decimal(1_000_000))
    assert item.monthly_usd == Decimal("37.5")
