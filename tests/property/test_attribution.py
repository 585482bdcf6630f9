"""The three parts of a difference add up without a remainder, whatever the figures are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.gate.attribution import split
from advisor.gate.outcome import exact
from advisor.gate.snapshot import Digests, Line, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

_QUANTITIES = st.decimals(0, 10**12, places=15, allow_nan=False)
_PRICES = st.decimals(0, 1000, places=10, allow_nan=False)
_LINES = st.lists(st.tuples(_QUANTITIES, _PRICES), max_size=6)


def _snapshot(lines: Sequence[tuple[Decimal, Decimal]], usage: str, option: str) -> Snapshot:
    return Snapshot(
        name="x",
        region="us-east-1",
        monthly_requests=1.0,
        digests=Digests(workload=usage, usage=usage),
        design={"compute": option},
        line_items=tuple(
            Line(
                service="s",
                item=str(number),
                unit="unit",
                quantity=quantity,
                unit_price_usd=price,
                price=f"s/c{number}/us-east-1@2026-01-01",
            )
            for number, (quantity, price) in enumerate(lines)
        ),
    )


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(
    _LINES,
    _LINES,
    st.sampled_from(["a", "b"]),
    st.sampled_from(["lambda", "fargate"]),
    st.lists(st.none() | _PRICES, min_size=6, max_size=6),
    st.none() | _QUANTITIES,
)
def test_the_parts_add_up(
    old: list[tuple[Decimal, Decimal]],
    new: list[tuple[Decimal, Decimal]],
    usage: str,
    option: str,
    prices: list[Decimal | None],
    middle: Decimal | None,
) -> None:
    before, after = _snapshot(old, "a", "lambda"), _snapshot(new, usage, option)
    assert before.monthly_usd is not None
    assert after.monthly_usd is not None
    found = split(
        before,
        after,
        lambda line: prices[int(line.item)],
        lambda: None if middle is None else exact(middle),
    )
    assert found is not None
    parts = (found.price_usd, found.usage_usd, found.design_usd)
    assert sum(parts) == after.monthly_usd - before.monthly_usd == found.total_usd
    repriced = sum(
        exact(quantity * now) - exact(quantity * was)
        for (quantity, was), now in zip(old, prices, strict=False)
        if now is not None
    )
    assert found.price_usd == repriced
    if option == "lambda":
        assert found.design_usd == 0
    elif usage == "a":
        assert found.usage_usd == 0
    # Where parts could not be told apart, it is said.
    untold = any(price is None for price in prices[: len(old)])
    blind = option != "lambda" and usage == "b" and middle is None
    if untold or blind:
        assert found.note is not None


def test_without_a_price_there_is_no_split() -> None:
    known = _snapshot([], "a", "lambda")
    unknown = Snapshot(
        name="x",
        region="us-east-1",
        monthly_requests=1.0,
        digests=Digests(workload="a", usage="a"),
        design={},
        priced=False,
    )
    assert split(known, unknown, None, lambda: None) is None
    assert split(unknown, known, None, lambda: None) is None
