"""Rounding up to a step and splitting over tiers, in all three arithmetics."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from advisor.arithmetic import ceil_to, highest, is_zero, lowest, split_by_tiers
from advisor.cost.bill import charge, total
from advisor.tariff import PriceBook

RUNS = settings(derandomize=True, max_examples=100, deadline=None)
# Sixteenths are exact as float and as Decimal.
SIXTEENTHS = st.integers(min_value=0, max_value=10**9).map(lambda n: n / 16)
LADDER = PriceBook().price("lambda", "duration-x86", "us-east-1")
BOUNDS = st.lists(
    st.integers(min_value=1, max_value=10**6), min_size=1, max_size=4, unique=True
).map(sorted)


@RUNS
@given(value=SIXTEENTHS, step=st.sampled_from([1, 10, 60, 64, 512]))
def test_ceil_to_is_the_next_multiple(value: float, step: int) -> None:
    exact = Decimal(str(value))
    rounded = ceil_to(exact, step)
    assert rounded % step == 0
    assert 0 <= rounded - exact < step
    # An oracle in whole sixteenths.
    assert rounded == ceil(int(value * 16) / (16 * step)) * step
    if step in (1, 64, 512):  # a division by a power of two is exact in floats
        assert ceil_to(value, step) == rounded
        assert ceil_to(np.array([value, 0.0]), step).tolist() == [float(rounded), 0.0]


def test_ceil_to_by_hand() -> None:
    assert ceil_to(Decimal(0), 64) == 0
    assert ceil_to(Decimal(64), 64) == 64
    assert ceil_to(Decimal("64.0001"), 64) == 128
    assert ceil_to(65.0, 64) == 128


@RUNS
@given(quantity=SIXTEENTHS, bounds=BOUNDS)
def test_the_parts_fill_the_tiers_from_below(quantity: float, bounds: list[int]) -> None:
    exact = Decimal(str(quantity))
    ladder = [*bounds, None]
    parts = split_by_tiers(exact, ladder)
    assert sum(parts) == exact
    starts = [0, *bounds]
    for part, start, bound in zip(parts, starts, ladder, strict=True):
        # The oracle: how much of the interval (start, bound] lies at or below the quantity.
        inside = max(exact - start, Decimal(0))
        assert part == (inside if bound is None else min(inside, Decimal(bound - start)))
    assert split_by_tiers(quantity, ladder) == [float(part) for part in parts]
    arrays = split_by_tiers(np.array([quantity, 0.0]), ladder)
    assert [part.tolist() for part in arrays] == [[float(part), 0.0] for part in parts]


@RUNS
@given(
    after=st.integers(min_value=0, max_value=30_000_000_000),
    quantity=st.integers(min_value=0, max_value=30_000_000_000),
)
def test_a_charge_in_two_parts_is_the_charge_of_the_sum(after: int, quantity: int) -> None:
    whole = total(charge(LADDER, Decimal(after + quantity), "Duration", ""))
    first = total(charge(LADDER, Decimal(after), "Duration", ""))
    second = total(charge(LADDER, Decimal(quantity), "INIT", "", after=Decimal(after)))
    assert first + second == whole


def test_a_small_charge_after_a_large_one_keeps_its_digits_in_floats() -> None:
    # 0.001 GB-s after 1e10 are 0.001 x 0.000015, although 1e10 + 0.001 has lost most of 0.001.
    price = PriceBook().in_floats().price("lambda", "duration-x86", "us-east-1")
    (item,) = charge(price, 0.001, "INIT", "", after=1e10)
    assert item.quantity == 0.001
    assert item.unit_price_usd == 0.000015


def test_the_bill_is_continuous_at_every_bound() -> None:
    step = Decimal("0.001")
    for following in LADDER.tiers[1:]:
        at, above = (
            total(charge(LADDER, quantity, "Duration", ""))
            for quantity in (following.above, following.above + step)
        )
        # A thousandth of a unit above the bound costs a thousandth of the next tier's price.
        assert above - at == step * LADDER.known(following)


def test_nothing_is_one_line_at_the_first_price() -> None:
    (item,) = charge(LADDER, Decimal(0), "Duration", "")
    assert (item.quantity, item.unit_price_usd) == (0, LADDER.tiers[0].price)
    assert item.item == "Duration"


def test_a_price_without_tiers_is_one_line() -> None:
    flat = replace(LADDER, tiers=(replace(LADDER.tiers[0], up_to=None),))
    (item,) = charge(flat, Decimal(10**12), "Duration", "")
    assert item.quantity == 10**12


def test_lowest_highest_and_zero_on_arrays() -> None:
    array = np.array([1.0, 3.0])
    assert lowest(array, 2).tolist() == [1.0, 2.0]
    assert highest(2, array).tolist() == [2.0, 3.0]
    assert is_zero(np.array([0.0, 0.0]))
    assert not is_zero(np.array([0.0, 1.0]))
    assert is_zero(Decimal(0))
    assert not is_zero(1)
