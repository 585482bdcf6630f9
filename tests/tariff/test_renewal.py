"""Putting what AWS lists today into a price file: every outcome, and nothing known is lost."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from advisor.tariff import PriceBook, PriceTable
from advisor.tariff.offered import Offered
from advisor.tariff.reading import read_component, read_service
from advisor.tariff.renewal import renew
from advisor.tariff.writing import text_of

if TYPE_CHECKING:
    from pathlib import Path


def tree(**group: Any) -> dict[str, Any]:
    """Return a file with one price of two Regions, known since September, checked in November."""
    first = {
        "regions": ["eu-west-1", "us-east-1"],
        "from": "2026-09-01",
        "confidence": "A",
        "evidence": "AWS's page",
        "price": "0.50",
        **group,
    }
    entry = {
        "unit": "GB",
        "source": "https://aws.amazon.com/lambda/pricing/",
        "checked": "2026-11-01",
        "prices": [{key: value for key, value in first.items() if value is not None}],
    }
    return {"service": "lambda", "name": "AWS Lambda", "components": {"data": entry}}


def offered(
    price: str = "0.50",
    *,
    region: str = "us-east-1",
    valid_from: date = date(2026, 12, 1),
    checked: date = date(2026, 12, 5),
) -> Offered:
    return Offered(
        service="lambda",
        component="data",
        region=region,
        tiers=((Decimal(0), None, Decimal(price)),),
        allowance=None,
        valid_from=valid_from,
        checked=checked,
        evidence="AWS Price List 20261205",
    )


def groups(renewed: Any) -> list[dict[str, Any]]:
    """Return the groups of a file that can still be read, without what they all share."""
    read_service(renewed)
    found: list[dict[str, Any]] = renewed["components"]["data"]["prices"]
    return [{key: group[key] for key in group if key != "evidence"} for group in found]


def test_a_price_that_is_the_same_is_only_checked_in_its_region() -> None:
    before = tree()
    renewed, (outcome,) = renew(before, [offered()])
    assert outcome.outcome == "same"
    assert groups(renewed) == [
        {"regions": ["eu-west-1"], "from": "2026-09-01", "confidence": "A", "price": "0.50"},
        {
            "regions": ["us-east-1"],
            "from": "2026-09-01",
            "confidence": "A",
            "price": "0.50",
            "checked": "2026-12-05",
        },
    ]
    assert before == tree()  # the tree that was given is left as it is
    # The value is still known from where it was known from.
    assert renewed["components"]["data"]["prices"][1]["evidence"] == "AWS's page"


def test_a_list_of_the_same_day_or_before_changes_nothing_that_is_the_same() -> None:
    for checked in (date(2026, 11, 1), date(2026, 10, 1), date(2026, 8, 1)):
        renewed, (outcome,) = renew(tree(), [offered(checked=checked, valid_from=checked)])
        assert (outcome.outcome, renewed) == ("same", tree())


def test_both_regions_renewed_share_a_group_again() -> None:
    regions = ("eu-west-1", "us-east-1")
    renewed, outcomes = renew(tree(), [offered(region=region) for region in regions])
    assert [each.outcome for each in outcomes] == ["same", "same"]
    assert groups(renewed) == [
        {
            "regions": ["eu-west-1", "us-east-1"],
            "from": "2026-09-01",
            "confidence": "A",
            "price": "0.50",
            "checked": "2026-12-05",
        }
    ]


def test_a_price_that_changed_gets_a_group_and_the_older_one_stays() -> None:
    renewed, (outcome,) = renew(tree(), [offered("0.40")])
    assert outcome.outcome == "changed"
    assert outcome.before is not None
    assert outcome.before.tiers[0].price == Decimal("0.50")
    assert groups(renewed) == [
        *groups(tree()),
        {
            "regions": ["us-east-1"],
            "from": "2026-12-01",
            "checked": "2026-12-05",
            "confidence": "A",
            "price": "0.4",
        },
    ]
    assert renewed["components"]["data"]["prices"][1]["evidence"] == "AWS Price List 20261205"


def test_an_answer_as_of_an_earlier_day_stays_the_same(tmp_path: Path) -> None:
    renewed, _ = renew(tree(), [offered("0.40")])
    (tmp_path / "lambda.yaml").write_text(text_of(renewed), encoding="utf-8")
    table = PriceTable(str(tmp_path))
    days = (date(2026, 9, 1), date(2026, 11, 30), date(2026, 12, 1), None)
    found = [
        PriceBook(day, table=table).price("lambda", "data", "us-east-1").tiers[0].price
        for day in days
    ]
    assert found == [Decimal("0.50"), Decimal("0.50"), Decimal("0.4"), Decimal("0.4")]
    # The Region that nothing was offered for keeps its price.
    assert PriceBook(table=table).price("lambda", "data", "eu-west-1").tiers[0].price == Decimal(
        "0.50"
    )


def test_a_price_dated_before_what_the_table_read_holds_from_the_day_of_the_list() -> None:
    # AWS says "since August", but the table read 0.50 in September.
    renewed, (outcome,) = renew(tree(), [offered("0.40", valid_from=date(2026, 8, 1))])
    assert outcome.outcome == "changed"
    assert [group["from"] for group in groups(renewed)] == ["2026-09-01", "2026-12-05"]


def test_a_row_of_the_very_same_day_is_replaced_in_its_region_only() -> None:
    day = date(2026, 9, 1)
    renewed, (outcome,) = renew(tree(), [offered("0.40", valid_from=day, checked=day)])
    assert outcome.outcome == "changed"
    assert [(group["regions"], group["from"], group["price"]) for group in groups(renewed)] == [
        (["eu-west-1"], "2026-09-01", "0.50"),
        (["us-east-1"], "2026-09-01", "0.4"),
    ]


def test_a_price_known_with_less_confidence_is_confirmed() -> None:
    renewed, (outcome,) = renew(tree(confidence="B"), [offered()])
    assert outcome.outcome == "confirmed"
    assert [
        (group["regions"], group["from"], group["confidence"]) for group in groups(renewed)
    ] == [(["eu-west-1", "us-east-1"], "2026-09-01", "B"), (["us-east-1"], "2026-12-01", "A")]


def test_a_price_of_a_region_that_the_table_did_not_have_is_new() -> None:
    renewed, (outcome,) = renew(tree(), [offered("0.60", region="sa-east-1")])
    assert (outcome.outcome, outcome.before) == ("new", None)
    assert groups(renewed)[1]["regions"] == ["sa-east-1"]
    assert groups(renewed)[1]["from"] == "2026-12-01"


def test_a_row_read_after_the_day_of_the_list_never_held_and_is_corrected() -> None:
    day = date(2026, 8, 31)
    renewed, (outcome,) = renew(tree(), [offered("0.60", valid_from=day, checked=day)])
    assert outcome.outcome == "changed"
    assert [(group["regions"], group["from"], group["price"]) for group in groups(renewed)] == [
        (["eu-west-1"], "2026-09-01", "0.50"),
        (["us-east-1"], "2026-09-01", "0.6"),
    ]
    # No price is checked before the day from which it holds.
    assert groups(renewed)[1]["checked"] == "2026-09-01"


def test_more_tiers_than_the_table_knew_are_a_change() -> None:
    ladder = [{"up_to": "10", "price": "0.50"}, {"price": None}]
    before = tree(price=None, tiers=ladder)
    both = ((Decimal(0), Decimal(10), Decimal("0.50")), (Decimal(10), None, Decimal("0.000250")))
    offer = Offered(
        service="lambda",
        component="data",
        region="us-east-1",
        tiers=both,
        allowance=None,
        valid_from=date(2026, 12, 1),
        checked=date(2026, 12, 5),
        evidence="AWS Price List",
    )
    renewed, (outcome,) = renew(before, [offer])
    assert outcome.outcome == "changed"
    # Figures are plain decimals without the zeros that end them.
    assert groups(renewed)[1]["tiers"] == [
        {"up_to": "10", "price": "0.5"},
        {"price": "0.00025"},
    ]


def test_a_free_quantity_of_the_account_is_renewed_for_everywhere() -> None:
    before = tree(regions=["global"], price=None, allowance="100")
    offer = Offered(
        service="lambda",
        component="data",
        region="global",
        tiers=(),
        allowance=Decimal(200),
        valid_from=date(2026, 12, 1),
        checked=date(2026, 12, 5),
        evidence="AWS Price List",
    )
    renewed, (outcome,) = renew(before, [offer])
    assert outcome.outcome == "changed"
    assert [(group["regions"], group["allowance"]) for group in groups(renewed)] == [
        (["global"], "100"),
        (["global"], "200"),
    ]
    assert renew(renewed, [offer])[1][0].outcome == "same"


def test_renewing_twice_changes_nothing_the_second_time() -> None:
    starts = [
        tree(),
        tree(confidence="B"),
        tree(confidence="C", note="x"),
        tree(checked="2026-10-15"),
    ]
    offers = [
        [offered()],
        [offered("0.40")],
        [offered("0.40", valid_from=date(2026, 8, 1))],
        [offered("0.40", valid_from=date(2026, 9, 1), checked=date(2026, 9, 1))],
        [offered("0.60", region="sa-east-1"), offered("0.60"), offered("0.60", region="eu-west-1")],
    ]
    for start in starts:
        for offer in offers:
            once, _ = renew(start, offer)
            twice, outcomes = renew(once, offer)
            assert {each.outcome for each in outcomes} == {"same"}
            assert text_of(twice) == text_of(once)


def test_one_day_after_another_keeps_every_day() -> None:
    renewed: Any = tree()
    for day, price in ((5, "0.40"), (12, "0.40"), (19, "0.45")):
        checked = date(2026, 12, day)
        renewed, _ = renew(renewed, [offered(price, valid_from=date(2026, 12, 1), checked=checked)])
    rows = read_component(renewed, "data", "us-east-1")
    assert [
        (row.valid_from.isoformat(), str(row.tiers[0].price), row.checked.day) for row in rows
    ] == [
        ("2026-09-01", "0.50", 1),
        ("2026-12-01", "0.4", 12),
        ("2026-12-19", "0.45", 19),
    ]


def test_a_price_checked_again_keeps_what_its_group_says() -> None:
    start = tree(checked="2026-11-20", note="of one page")
    renewed, _ = renew(start, [offered()])
    kept = deepcopy(groups(start)[0]) | {"regions": ["us-east-1"], "checked": "2026-12-05"}
    assert groups(renewed)[1] == kept
