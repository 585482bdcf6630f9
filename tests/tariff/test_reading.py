"""A price file that is not exactly as it should be is refused, with the component's name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from advisor.tariff.reading import MalformedPrice, read_component, read_service


def file(group: dict[str, Any] | None = None, **entry: Any) -> dict[str, Any]:
    """Return a file of one component and one group; a value of None takes the key out."""
    prices = {
        "regions": ["us-east-1", "eu-west-1"],
        "from": "2026-01-01",
        "confidence": "A",
        "evidence": "AWS's page",
        "price": "0.50",
        **(group or {}),
    }
    component = {
        "unit": "GB",
        "source": "https://aws.amazon.com/lambda/pricing/",
        "checked": "2026-02-01",
        "prices": [{key: value for key, value in prices.items() if value is not None}],
        **entry,
    }
    kept = {key: value for key, value in component.items() if value is not None}
    return {"service": "lambda", "name": "AWS Lambda", "components": {"some-part": kept}}


def tiers(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"price": None, "tiers": list(entries)}


def test_a_well_formed_file_is_read() -> None:
    first, second = read_service(file())["some-part"]
    assert (first.region, second.region) == ("us-east-1", "eu-west-1")
    assert first.tiers[0].price == Decimal("0.50")
    assert first.service_name == "AWS Lambda"


def test_tiers_and_allowances_are_read() -> None:
    tree = file(tiers({"up_to": "10", "price": "2"}, {"price": "1", "confidence": "C"}))
    price = read_service(tree)["some-part"][0]
    assert [(t.above, t.up_to, t.price, t.confidence) for t in price.tiers] == [
        (0, 10, 2, "A"),
        (10, None, 1, "C"),
    ]
    free = read_service(file({"price": None, "allowance": "100", "regions": ["global"]}))[
        "some-part"
    ][0]
    assert [(t.above, t.up_to, t.price) for t in free.tiers] == [(0, 100, 0)]


def test_one_region_or_everywhere() -> None:
    tree = file()
    tree["components"]["some-part"]["prices"].append(
        {
            **tree["components"]["some-part"]["prices"][0],
            "from": "2026-02-01",
            "regions": ["us-west-1"],
        }
    )
    read = [price.region for price in read_component(tree, "some-part", "eu-west-1")]
    assert read == ["eu-west-1"]
    assert read_component(tree, "another-part") == []


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ({"price": "5e-7"}, "not a quoted plain decimal"),
        ({"price": 0.5}, "not a quoted plain decimal"),
        ({"price": 1}, "not a quoted plain decimal"),
        ({"price": "-1"}, "not a quoted plain decimal"),
        ({"price": " 1"}, "not a quoted plain decimal"),
        ({"price": "1\n"}, "not a quoted plain decimal"),
        ({"price": "١"}, "not a quoted plain decimal"),
        ({"price": "NaN"}, "not a quoted plain decimal"),
        ({"price": None}, "one of allowance, price or tiers"),
        ({"allowance": "1", "regions": ["global"]}, "one of allowance, price or tiers"),
        ({"allowance": "1", "price": None}, "its Region is global"),
        ({"regions": ["global"]}, "its Region is global"),
        (tiers({"price": None}), "only the last of several tiers"),
        (tiers({"up_to": "9", "price": None}, {"price": "1"}), "only the last of several tiers"),
        ({"note": "\x1b[31m"}, "note is not a text"),
        ({"note": 5}, "note is not a text"),
        ({"evidence": "\x1b[31m"}, "evidence is not a text"),
        ({"from": "20260101"}, "not of the form"),
        ({"until": "2026-01-01"}, "'until' is not a key"),
        (tiers(), "there are no tiers"),
        (tiers({"up_to": "10", "price": "1"}), "the last tier has an upper bound"),
        (tiers({"price": "2"}, {"price": "1"}), "'up_to' is missing"),
        (tiers({"up_to": "10", "price": "2"}, {"confidence": "A"}), "'price' is missing"),
        (tiers({"up_to": "0", "price": "2"}, {"price": "1"}), "do not rise"),
        (
            tiers({"up_to": "9", "price": "3"}, {"up_to": "9", "price": "2"}, {"price": "1"}),
            "do not rise",
        ),
        (tiers({"up_to": 10, "price": "2"}, {"price": "1"}), "not a quoted plain decimal"),
        (tiers({"up_to": "1", "price": "2", "confidence": "D"}, {"price": "1"}), "confidence"),
        ({"confidence": "D"}, "not a confidence letter"),
        ({"confidence": None}, "'confidence' is missing"),
        ({"regions": None}, "'regions' is missing"),
        ({"regions": []}, "not a list of Regions"),
        ({"regions": "us-east-1"}, "not a list of Regions"),
        ({"regions": ["us-east-1", "us-east-1"]}, "us-east-1@2026-01-01 is given twice"),
        ({"from": None}, "'from' is missing"),
        ({"from": "2026-13-01"}, "not a quoted date"),
        ({"from": 2026}, "not a quoted date"),
        ({"evidence": None}, "'evidence' is missing"),
        ({"evidence": ""}, "evidence is not a text"),
        ({"evidence": "", "confidence": "C"}, "evidence is not a text"),
    ],
)
def test_a_malformed_group_is_refused(group: dict[str, Any], words: str) -> None:
    with pytest.raises(MalformedPrice, match=words) as refused:
        read_service(file(group))
    assert str(refused.value).startswith("some-part: ")


@pytest.mark.parametrize("key", ["unit", "source", "checked", "prices"])
def test_a_missing_key_of_a_component_is_refused(key: str) -> None:
    with pytest.raises(MalformedPrice, match=f"some-part: the key '{key}' is missing"):
        read_service(file(**{key: None}))


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(MalformedPrice, match="some-part: prices is not a list of prices"):
        read_service(file(prices=5))
    with pytest.raises(MalformedPrice, match="some-part: a mapping or list is missing"):
        read_service(file(prices=[5]))


def test_an_inferred_price_needs_a_note_instead_of_evidence() -> None:
    group = {"evidence": "", "confidence": "C", "note": "as in us-east-1"}
    assert read_service(file(group))["some-part"][0].note == "as in us-east-1"
