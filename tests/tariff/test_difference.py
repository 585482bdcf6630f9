"""What moved between two price tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from advisor.tariff import PriceTable
from advisor.tariff.difference import difference
from advisor.tariff.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Groups = dict[str, list[dict[str, Any]]]


def group(*regions: str, price: Any = "0.50", **changed: Any) -> dict[str, Any]:
    value = {"tiers": price} if isinstance(price, list) else {"price": price}
    shared = {"from": "2026-09-01", "confidence": "A", "evidence": "AWS's page"}
    return {"regions": list(regions), **shared, **value, **changed}


@pytest.fixture
def moved(tmp_path: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """Compare two tables of one service, given as groups by component."""

    def table(name: str, components: Groups, unit: str) -> PriceTable:
        entry = {
            "unit": unit,
            "source": "https://aws.amazon.com/lambda/pricing/",
            "checked": "2026-11-01",
        }
        tree = {
            "service": "lambda",
            "name": "AWS Lambda",
            "components": {name: {**entry, "prices": each} for name, each in components.items()},
        }
        (tmp_path / name).mkdir()
        (tmp_path / name / "lambda.yaml").write_text(text_of(tree), encoding="utf-8")
        return PriceTable(str(tmp_path / name))

    def compare(
        old: Groups, new: Groups, *, unit: str = "GB", as_of: date | None = None
    ) -> list[tuple[Any, ...]]:
        found = difference(table("old", old, "GB"), table("new", new, unit), as_of=as_of)
        return [(m.component, m.region, m.movement, m.percent) for m in found]

    return compare


def test_a_table_does_not_differ_from_itself() -> None:
    assert difference(PriceTable(), PriceTable()) == []


def test_each_movement_by_component_and_region(moved: Callable[..., list[Any]]) -> None:
    old = {
        "b-data": [group("us-east-1", "eu-west-1")],
        "a-data": [group("us-east-1")],
        "gone-data": [group("us-east-1", "sa-east-1")],
    }
    new = {
        "b-data": [group("us-east-1", price="0.55"), group("eu-west-1")],
        "a-data": [group("us-east-1", price="0.25"), group("eu-west-1")],
        "new-data": [group("us-east-1")],
    }
    assert moved(old, new) == [
        ("a-data", "eu-west-1", "added", None),
        ("a-data", "us-east-1", "changed", -50),
        ("b-data", "us-east-1", "changed", 10),
        ("gone-data", "sa-east-1", "removed", None),
        ("gone-data", "us-east-1", "removed", None),
        ("new-data", "us-east-1", "added", None),
    ]


def test_only_values_count(moved: Callable[..., list[Any]]) -> None:
    again = group("us-east-1", price="0.500", evidence="x", confidence="B", checked="2026-12-01")
    again["from"] = "2026-10-01"
    assert moved({"data": [group("us-east-1")]}, {"data": [again]}) == []


def test_another_unit_is_a_change(moved: Callable[..., list[Any]]) -> None:
    same = {"data": [group("us-east-1")]}
    assert moved(same, same, unit="GB-month") == [("data", "us-east-1", "changed", None)]


@pytest.mark.parametrize(
    ("after", "percent"),
    [
        # The first tier that differs and was paid: from 0.40 to 0.30 is a quarter less.
        ([("10", "0"), ("20", "0.30"), (None, "0.2")], Decimal(-25)),
        ([("10", "0"), ("20", "0.40"), (None, "0.3")], Decimal(50)),
        # From nothing to something has no percentage; the tier after it stayed.
        ([("10", "1"), ("20", "0.40"), (None, "0.2")], None),
        ([("10", "0"), ("30", "0.40"), (None, "0.2")], None),
        ([("10", "0"), ("20", "0.40"), (None, None)], None),
    ],
)
def test_the_percentage_is_that_of_the_first_paid_tier_that_moved(
    moved: Callable[..., list[Any]],
    after: list[tuple[str | None, str | None]],
    percent: Decimal | None,
) -> None:
    def ladder(tiers: list[tuple[str | None, str | None]]) -> Groups:
        made = [
            {**({} if up_to is None else {"up_to": up_to}), "price": price}
            for up_to, price in tiers
        ]
        return {"data": [group("us-east-1", price=made)]}

    before: list[tuple[str | None, str | None]] = [("10", "0"), ("20", "0.40"), (None, "0.2")]
    assert moved(ladder(before), ladder(after)) == [("data", "us-east-1", "changed", percent)]


def test_prices_are_compared_as_of_a_day(moved: Callable[..., list[Any]]) -> None:
    old = {"data": [group("us-east-1")]}
    later = group("us-east-1", price="0.60", **{"from": "2026-12-01"})
    new = {"data": [group("us-east-1"), later]}
    assert moved(old, new, as_of=date(2026, 11, 30)) == []


def test_a_price_of_a_later_day_is_the_newest(moved: Callable[..., list[Any]]) -> None:
    old = {"data": [group("us-east-1")]}
    later = group("us-east-1", price="0.60", **{"from": "2026-12-01"})
    new = {"data": [group("us-east-1"), later]}
    assert moved(old, new) == [("data", "us-east-1", "changed", 20)]
