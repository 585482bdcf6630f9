"""What a price change is: told apart from usage and design, a warning unless told otherwise."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.gate.conftest import shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gate.conftest import Repo

FILE = "workloads/shop.yaml"


@pytest.fixture
def own_prices(repo: Repo, repository: Path) -> Repo:
    """Give the repository a price table of its own, on both branches."""
    shutil.copytree(repository / "pricing/aws", repo.folder / "prices")
    repo.commit()
    repo.git("branch", "-f", "main")
    return repo


def raise_http_api(repo: Repo) -> None:
    """Raise the HTTP API's first tier in Virginia by 0.11 USD per million requests."""
    path = repo.folder / "prices/api-gateway.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("us-east-1", text.index("  http-requests:"))
    old = '{up_to: "300000000", price: "0.000001"}'
    assert old in text[start:]
    new = text[start:].replace(old, old.replace('"0.000001"', '"0.00000111"'), 1)
    path.write_text(text[:start] + new, encoding="utf-8")


def split(workload: Any) -> dict[str, Decimal]:
    return {
        name: Decimal(workload["split"][f"{name}_usd"]) for name in ("price", "usage", "design")
    }


def test_a_price_table_in_the_repository_is_read_as_it_was(own_prices: Repo) -> None:
    raise_http_api(own_prices)
    done = own_prices.gate("--prices", "prices")
    # 12 million requests, each 0.00000011 USD dearer.
    assert split(done.workload()) == {"price": Decimal("1.32"), "usage": 0, "design": 0}
    assert done.code == 0
    (warned,) = done.found("price-increase")
    assert (warned["severity"], warned["amount"]) == ("warn", "1.32")
    (told,) = done.outcome["policy_changes"]
    assert (told["kind"], told["field"]) == ("prices", "prices")
    prices = done.outcome["prices"]
    assert prices["before"]["digest"] != prices["after"]["digest"]
    assert prices["before"]["origin"].startswith("prices in ")
    failing = own_prices.gate("--prices", "prices", "--severity", "price-increase=fail")
    assert failing.code == 1


def test_price_comes_first_then_usage(own_prices: Repo) -> None:
    raise_http_api(own_prices)
    own_prices.write({FILE: shop(requests=13_000_000)})
    changed = own_prices.gate("--prices", "prices").workload()
    parts = split(changed)
    # The quantities of before at the new price; the further million pays the new price as usage.
    assert parts["price"] == Decimal("1.32")
    assert sum(parts.values()) == Decimal(changed["delta_usd"])
    assert parts["design"] == 0


def test_an_unchanged_table_is_no_price_change(own_prices: Repo) -> None:
    own_prices.write({FILE: shop(requests=13_000_000)})
    done = own_prices.gate("--prices", "prices")
    assert split(done.workload())["price"] == 0
    assert done.outcome["policy_changes"] == []


def test_a_table_that_the_base_does_not_have(own_prices: Repo) -> None:
    own_prices.git("mv", "prices", "mine")
    done = own_prices.gate("--prices", "mine")
    assert done.code == 0
    assert done.outcome["policy_changes"][0]["before"] is None


def test_a_table_of_the_base_that_cannot_be_read(own_prices: Repo) -> None:
    text = (own_prices.folder / "prices/sqs.yaml").read_text(encoding="utf-8")
    own_prices.commit({"prices/sqs.yaml": "service: sqs\nname: x\n"})
    own_prices.git("branch", "-f", "main")
    own_prices.commit({"prices/sqs.yaml": text})
    done = own_prices.gate("--prices", "prices")
    assert done.code == 2
    assert "error[bad-price-table]" in done.err
    assert "sqs.yaml" in done.err
    assert "advisor-prices-" not in done.err


def test_a_pin_that_moves_is_a_price_change(own_prices: Repo) -> None:
    """A table with two dates: the pin of the policy says which one holds on each side."""
    path = own_prices.folder / "prices/api-gateway.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("  http-requests:")
    rows = text.index("    prices:\n", start) + len("    prices:\n")
    later = (
        "      - regions: [us-east-1]\n        from: '2026-11-01'\n        confidence: A\n"
        "        evidence: a test\n        tiers:\n          - {up_to: '300000000',"
        " price: '0.00000111'}\n          - {price: '0.0000009'}\n"
    )
    path.write_text(text[:rows] + later + text[rows:], encoding="utf-8")
    own_prices.commit({"advisor.yaml": "prices_as_of: 2026-10-15\n"})
    own_prices.git("branch", "-f", "main")
    assert own_prices.gate("--prices", "prices").outcome["totals"]["delta_usd"] == "0"
    own_prices.commit({"advisor.yaml": "prices_as_of: 2026-11-15\n"})
    moved = own_prices.gate("--prices", "prices")
    assert moved.code == 0
    assert split(moved.workload())["price"] == Decimal("1.32")
    assert moved.outcome["prices"]["before"]["as_of"] == "2026-10-15"
    # The command line can move it too, and a common day of both sides takes it away.
    by_hand = ("--prices-as-of", "2026-11-15", "--base-prices-as-of", "2026-10-15")
    assert split(own_prices.gate("--prices", "prices", *by_hand).workload())["price"] > 1
    same = own_prices.gate("--prices", "prices", "--prices-as-of", "2026-11-15")
    assert same.outcome["totals"]["delta_usd"] == "0"


def test_a_price_that_ended_leaves_the_split_exact(own_prices: Repo) -> None:
    """The rule for line items that are no longer bought: their price now is still looked up."""
    raise_http_api(own_prices)
    own_prices.write({FILE: shop(more="  usage_plans: true\n")})
    changed = own_prices.gate("--prices", "prices").workload()
    assert changed["after"]["design"]["api"] == "rest-api"
    parts = split(changed)
    assert parts["price"] == Decimal("1.32")
    assert sum(parts.values()) == Decimal(changed["delta_usd"])


def test_a_baseline_keeps_the_unit_prices(own_prices: Repo) -> None:
    own_prices.run("baseline", "workloads/*.yaml", "--prices", "prices", "-o", "base.json")
    raise_http_api(own_prices)
    done = own_prices.gate("--prices", "prices", against="base.json")
    assert split(done.workload()) == {"price": Decimal("1.32"), "usage": 0, "design": 0}
    stored = json.loads((own_prices.folder / "base.json").read_text(encoding="utf-8"))
    assert done.outcome["prices"]["before"] == stored["prices"]


def test_each_tier_has_its_own_price_change(own_prices: Repo) -> None:
    """Of 400 million requests the first 300 million are in the tier that became dearer."""
    declared = "current: {compute: lambda, api: http-api}\n"
    busy = shop(requests=400_000_000, more=declared).replace("peak_rps: 60", "peak_rps: 400")
    own_prices.commit({FILE: busy})
    own_prices.git("branch", "-f", "main")
    raise_http_api(own_prices)
    changed = own_prices.gate("--prices", "prices").workload()
    lines = [line["item"] for line in changed["line_items"]]
    assert len(lines) == 1
    assert split(changed) == {"price": Decimal(33), "usage": 0, "design": 0}
