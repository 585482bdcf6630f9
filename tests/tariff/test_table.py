"""A folder as price table: it stands alone, is read whole, and refuses what is not of the form."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.data import data_root
from advisor.errors import InputError, PriceMissing
from advisor.quote.quoting import quote
from advisor.tariff import PriceBook, PriceTable
from advisor.tariff.checking import check_table
from advisor.tariff.table import SHIPPED
from advisor.tariff.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(data_root(), "pricing/aws")


def tree(**entry: Any) -> dict[str, Any]:
    ladder = [{"up_to": "10", "price": "2"}, {"price": "1", "confidence": "C"}]
    shared = {"from": "2026-09-01", "confidence": "A", "evidence": "AWS's page"}
    component = {
        "about": "Data",
        "unit": "GB",
        "source": "https://aws.amazon.com/lambda/pricing/",
        "checked": "2026-11-01",
        "prices": [
            {"regions": ["eu-west-1", "us-east-1"], **shared, "price": "0.50"},
            {"regions": ["sa-east-1"], **shared, "note": "inferred", "tiers": ladder},
        ],
    }
    free = {**component, "prices": [{"regions": ["global"], **shared, "allowance": "100"}]}
    return {
        "service": "lambda",
        "name": "AWS Lambda",
        "components": {"data": {**component, **entry}, "free-data": free},
    }


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., PriceTable]:
    """Make a table of one file, given as a tree or as text."""

    def make(content: dict[str, Any] | str | bytes, name: str = "lambda.yaml") -> PriceTable:
        text = text_of(content) if isinstance(content, dict) else content
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return PriceTable(str(tmp_path))

    return make


def test_a_copy_of_the_shipped_table_holds_the_same(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "copy")
    copy, shipped = PriceTable(str(tmp_path / "copy")), PriceTable()
    assert copy.services() == shipped.services()
    for service in shipped.services():
        for component in shipped.components(service):
            assert copy.rows(service, component) == shipped.rows(service, component)
    assert copy.all_regions() == shipped.all_regions()
    assert copy.digest() == shipped.digest()
    assert copy.origin == str(tmp_path / "copy")
    assert shipped.origin == SHIPPED


def test_any_other_byte_is_another_digest(table: Callable[..., PriceTable]) -> None:
    first = table(tree()).digest()
    assert table(text_of(tree()) + "# read twice\n").digest() != first
    assert table(tree()).digest() == first
    # The name of a file counts too.
    assert table(text_of(tree()), "sqs.yaml").digest() != first


def test_files_of_another_ending_are_no_part_of_it(table: Callable[..., PriceTable]) -> None:
    first = table(tree()).digest()
    after = table("notes", "README.md")
    assert (after.services(), after.digest()) == (("lambda",), first)


def test_what_it_lacks_is_missing_and_not_borrowed(table: Callable[..., PriceTable]) -> None:
    book = PriceBook(table=table(tree()))
    assert book.price("lambda", "data", "eu-west-1").tiers[0].price == Decimal("0.50")
    for service, arguments in (("sqs", ["requests=1"]), ("lambda", ["requests=1"])):
        with pytest.raises(PriceMissing):
            quote(service, arguments, book, "us-east-1")


def test_a_quote_names_the_table(table: Callable[..., PriceTable]) -> None:
    file = tree()
    file["components"]["requests-x86"] = file["components"].pop("data")
    other = table(file)
    answer = quote("lambda", ["requests=3"], PriceBook(table=other), "us-east-1")
    assert [item.monthly_usd for item in answer.line_items] == [Decimal("1.50")]
    assert (answer.prices_origin, answer.prices_digest) == (other.origin, other.digest())
    assert answer.prices_as_of == "2026-09-01"


def refusal(table: PriceTable) -> tuple[str, str]:
    """Return the code of what a table refuses, and its place without the folder."""
    with pytest.raises(InputError) as caught:
        table.components("lambda")
    (found,) = caught.value.diagnostics
    assert all(line.isprintable() for line in str(found).split("\n"))
    assert found.position is not None
    place = f"{Path(found.file).name}:{found.position.line}:{found.position.column}"
    return found.code, place


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"0.50"', "0.50", "10:9"),
        ('"0.50"', '"5e-1"', "10:9"),
        ('"0.50"', '"-1"', "10:9"),
        ('price: "0.50"', 'prise: "0.50"', "14:16"),
        ("confidence: A", "confidence: D", "10:9"),
        ('"2026-09-01"', '"yesterday"', "11:15"),
        ("eu-west-1", "Mars", "10:18"),
        ('up_to: "10"', 'up_to: "0"', "21:13"),
        ("service: lambda", "service: sqs", "1:10"),
        ("unit: GB", "unit: [GB]", "10:9"),
        ("about:", "abuot:", "5:12"),
        ("AWS's page", "red \\e[31m", "10:9"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(
    table: Callable[..., PriceTable], old: str, new: str, place: str
) -> None:
    text = text_of(tree())
    assert old in text
    code, found = refusal(table(text.replace(old, new, 1)))
    assert code == "malformed-price"
    assert found.startswith("lambda.yaml:")
    assert found == f"lambda.yaml:{place}"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("service: lambda\nname: x\ncomponents: " + "[" * 100_000, "too-deep"),
        ("service: !!python/object:os.system {}\n", "tag"),
        ("service: &a lambda\n", "anchor"),
        ("service: lambda\nname: \x1b[31m\n", "control-character"),
        (b"service: \xff\n", "not-utf-8"),
        ("service: lambda\nservice: lambda\n", "duplicate-key"),
        ("- service\n", "malformed-price"),
        ("5\n", "malformed-price"),
        ("service: lambda\nname: x\ncomponents: {}\n", "malformed-price"),
        ("service: lambda\nname: x\n", "malformed-price"),
    ],
)
def test_hostile_files_are_refused(
    table: Callable[..., PriceTable], content: str | bytes, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        table(content).components("lambda")
    assert code in [found.code for found in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda folder: None, "unreadable-file"),  # noqa: ARG005 - there is nothing
        (lambda folder: folder.write_text("x"), "unreadable-file"),
        (lambda folder: folder.mkdir(), "empty-file"),
        (lambda folder: (folder / "lambda.yaml").mkdir(parents=True), "is-a-directory"),
    ],
    ids=["missing", "file", "empty", "folder in place of a file"],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, prepare: Callable[[Path], object], code: str
) -> None:
    folder = tmp_path / "table"
    prepare(folder)
    with pytest.raises(InputError) as caught:
        check_table(PriceTable(str(folder)))
    assert [found.code for found in caught.value.diagnostics] == [code]


# Whatever may stand in a file in place of what should: other types, near misses, hostile texts.
HOSTILE: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**30, "", "x", "A", "0", "1", "-1", "1e5", "NaN", "\x1b[31m", "é"),
    *("2026-09-01", "2026-02-30", "us-east-1", "global", "x" * 5000, "\u202e", "\n", "١"),
    *({}, {"price": "1"}, [{}], [[]], ["us-east-1"], [None], {"a": {"b": [1]}}, [{"price": "1"}]),
]
NAMES = ["regions", "price", "tiers", "allowance", "up_to", "note", "checked", "x", "", "\x07"]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    return [path, *(found for key in keys for found in _paths(value[key], (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """Return a good file in which some values are gone, replaced or joined by others."""
    file = tree()
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_paths(file)[1:]))
        holder = file
        for step in path[:-1]:
            holder = holder[step]
        change = draw(st.sampled_from(["drop", "replace", "add"]))
        if change == "drop":
            del holder[path[-1]]
        elif change == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(NAMES))] = deepcopy(draw(st.sampled_from(HOSTILE)))
        else:
            holder[path[-1]] = deepcopy(draw(st.sampled_from(HOSTILE)))
        if not file:
            break
    return file


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("table")


@settings(max_examples=400, deadline=None)
@given(file=mutated())
def test_no_file_is_anything_but_read_or_refused(scratch: Path, file: Any) -> None:
    (scratch / "lambda.yaml").write_text(json.dumps(file), encoding="utf-8")
    table = PriceTable(str(scratch))
    try:
        check_table(table)
        prices = PriceBook(table=table).all_prices("lambda")
    except InputError as refused:
        prices = {}
        shown = str(refused)
    else:
        shown = table.digest()
    assert all(line.isprintable() for line in shown.split("\n"))
    for price in (price for rows in prices.values() for price in rows):
        assert price.tiers[0].above == 0
        assert price.valid_from.year == 2026
