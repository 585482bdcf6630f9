"""What Step Functions workflows are quoted at, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.errors import PriceMissing
from advisor.quote.meter import Meter, Refused
from advisor.quote.workflow import ExpressWorkflow, StandardWorkflow
from advisor.tariff import PriceBook

BOOK = PriceBook()


def quote(
    meter: Meter, region: str = "us-east-1", *, free_tier: bool = False
) -> list[tuple[str, Decimal]]:
    items = meter.line_items(BOOK, region, free_tier=free_tier)
    for item in items:
        assert item.monthly_usd == item.quantity * item.unit_price_usd
    return [(item.item, item.monthly_usd) for item in items]


def test_transitions() -> None:
    # 400,000 x 0.000025, and of them 4,000 free.
    meter = StandardWorkflow(transitions=Decimal(400_000))
    assert quote(meter) == [("State transitions", Decimal(10))]
    assert quote(meter, free_tier=True) == [
        ("State transitions", Decimal(10)),
        ("Free tier, transitions", Decimal("-0.1")),
    ]


def test_express_runs_of_the_pricing_page() -> None:
    # 100 million runs of 10 s in 64 MB: 100 + 60.012 + 119.952 + 202.92, without a free tier.
    meter = ExpressWorkflow(
        requests=Decimal(100_000_000), duration_ms=Decimal(10_000), memory_mb=Decimal(64)
    )
    amounts = [usd for _, usd in quote(meter, free_tier=True)]
    assert amounts == [100, Decimal("60.012"), Decimal("119.952"), Decimal("202.92")]


def test_a_run_takes_64_mb_unless_it_is_stated() -> None:
    # 1,000,000 x 0.1 s x 1/16 GB = 6,250 GB-s x 0.00001667; twice that in 65 MB.
    requests = Decimal(1_000_000)
    _, (_, usd) = quote(ExpressWorkflow(requests=requests, duration_ms=Decimal(80)))
    assert usd == Decimal("0.1041875")
    _, (_, usd) = quote(
        ExpressWorkflow(requests=requests, duration_ms=Decimal(80), memory_mb=Decimal(65))
    )
    assert usd == Decimal("0.208375")
    assert ExpressWorkflow().assumed().keys() == {"memory_mb"}


def test_an_express_run_needs_its_duration_of_five_minutes_at_most() -> None:
    # 1 x 300 s x 1/16 GB = 18.75 GB-s x 0.00001667.
    longest = ExpressWorkflow(requests=Decimal(1), duration_ms=Decimal(300_000))
    assert quote(longest)[1] == ("Express duration", Decimal("0.0003125625"))
    for duration_ms in (None, Decimal(300_001)):
        with pytest.raises(Refused) as refused:
            quote(ExpressWorkflow(requests=Decimal(1), duration_ms=duration_ms))
        assert refused.value.key == "duration_ms"


@pytest.mark.parametrize("meter", [StandardWorkflow(), ExpressWorkflow()])
def test_nothing_asked_is_nothing_charged_and_needs_no_price(meter: Meter) -> None:
    assert quote(meter, "xx-nowhere-1", free_tier=True) == []


def test_prices_that_are_not_known_stop_the_quote() -> None:
    # Tokyo has a price for transitions and none for Express.
    assert quote(StandardWorkflow(transitions=Decimal(1)), "ap-northeast-1")
    with pytest.raises(PriceMissing) as missing:
        quote(ExpressWorkflow(requests=Decimal(1), duration_ms=Decimal(1)), "ap-northeast-1")
    named = [missing.value.component, *(other.component for other in missing.value.others)]
    assert named == ["express-requests", "express-duration"]
