"""Checking a price table: what passes, and each thing that fails it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from advisor.errors import AdvisorError
from advisor.tariff import PriceTable
from advisor.tariff.checking import Finding, TableCheck, check_table
from advisor.tariff.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., TableCheck]:
    """Check a table of two components, each given as its groups."""

    def run(data: list[dict[str, Any]], **options: Any) -> TableCheck:
        entry = {
            "unit": "GB",
            "source": "https://aws.amazon.com/lambda/pricing/",
            "checked": "2026-11-01",
        }
        other = [group("eu-west-1"), group("us-east-1")]
        free = [{**group("global"), "allowance": "100"}]
        del free[0]["price"]
        components = {"data": data, "free-data": free, "other": other}
        tree = {
            "service": "lambda",
            "name": "AWS Lambda",
            "components": {name: {**entry, "prices": each} for name, each in components.items()},
        }
        (tmp_path / "lambda.yaml").write_text(text_of(tree), encoding="utf-8")
        return check_table(PriceTable(str(tmp_path)), **options)

    return run


def group(region: str, **changed: Any) -> dict[str, Any]:
    return {
        "regions": [region],
        "from": "2026-09-01",
        "confidence": "A",
        "evidence": "AWS's page",
        "price": "0.50",
        **changed,
    }


def told(found: tuple[Finding, ...]) -> list[str]:
    return [f"{each.kind} {each.component} {each.region}: {each.message}" for each in found]


def test_the_shipped_table_passes() -> None:
    check = check_table(PriceTable(), today=date(2026, 11, 25), max_age_days=30)
    assert check.findings == ()
    assert [each.service for each in check.services] == list(PriceTable().services())
    for each in check.services:
        assert sum(each.by_confidence.values()) == each.prices, each.service
        assert each.prices >= each.components, each.service


def test_what_a_service_holds(check: Callable[..., TableCheck]) -> None:
    older = group("us-east-1", **{"from": "2026-08-01", "checked": "2026-08-15"})
    (service,) = check([group("us-east-1", confidence="B"), older]).services
    assert (service.components, service.regions, service.prices) == (3, 2, 5)
    assert service.by_confidence == {"A": 4, "B": 1}
    assert (service.oldest_check, service.newest_price) == (date(2026, 8, 15), date(2026, 9, 1))
    assert service.gaps == {"data": ("eu-west-1",)}


def test_age_counts_from_the_last_comparison_of_the_price_in_force(
    check: Callable[..., TableCheck],
) -> None:
    data = [
        group("us-east-1", **{"from": "2026-08-01", "checked": "2026-08-15"}),
        group("us-east-1", checked="2026-10-31"),
    ]
    # 30 days after 2026-11-01 is 2026-12-01, and one more after 2026-10-31.
    found = check(data, today=date(2026, 12, 1), max_age_days=30).findings
    assert told(found) == [
        "stale data us-east-1: compared with AWS 31 days ago, on 2026-10-31",
    ]
    assert check(data, today=date(2026, 12, 1), max_age_days=31).findings == ()
    assert len(check(data, today=date(2026, 12, 2), max_age_days=30).findings) == 4
    # Without a bound nothing is too old.
    assert check(data, today=date(2036, 12, 1)).findings == ()


def test_confidence_counts_in_every_tier(check: Callable[..., TableCheck]) -> None:
    ladder = [{"up_to": "10", "price": "2"}, {"price": "1", "confidence": "C"}]
    tiered = group("us-east-1", confidence="B", tiers=ladder, note="as in eu-west-1")
    del tiered["price"]
    data = [group("eu-west-1", confidence="B"), tiered]
    assert check(data).findings == ()
    assert told(check(data, min_confidence="B").findings) == [
        "confidence data us-east-1: confidence C: as in eu-west-1"
    ]
    assert told(check(data, min_confidence="A").findings) == [
        "confidence data eu-west-1: confidence B: AWS's page",
        "confidence data us-east-1: confidence C: as in eu-west-1",
    ]


def test_a_price_that_is_missing_in_a_region(check: Callable[..., TableCheck]) -> None:
    data = [group("us-east-1")]
    assert check(data, regions=["us-east-1"]).findings == ()
    assert told(check(data, regions=["eu-west-1", "us-east-1"]).findings) == [
        "missing data eu-west-1: no price; known for us-east-1"
    ]


def test_a_last_tier_that_is_not_known_is_missing(check: Callable[..., TableCheck]) -> None:
    ladder = group("us-east-1", tiers=[{"up_to": "10", "price": "2"}, {"price": None}])
    del ladder["price"]
    data = [ladder, group("eu-west-1")]
    assert told(check(data, regions=["us-east-1"]).findings) == [
        "missing data us-east-1: the price of the last tier is not known"
    ]
    assert check(data, regions=["eu-west-1"]).findings == ()


def test_a_region_of_no_price_is_an_error(check: Callable[..., TableCheck]) -> None:
    with pytest.raises(AdvisorError, match=r"for eu-north-1; known: eu-west-1, us-east-1$"):
        check([group("us-east-1")], regions=["eu-north-1"])
