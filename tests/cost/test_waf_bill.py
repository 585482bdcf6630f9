"""WAF's bill: web ACLs, rules and requests, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.cost.bill import total
from advisor.cost.waf import web_acls
from advisor.errors import PriceMissing
from advisor.tariff import PriceBook

BOOK = PriceBook()


def test_a_web_acl_with_rules_and_requests() -> None:
    # 1 x 5, 19 x 1 and 10,000,000 x 0.0000006 = 6.
    items = web_acls(
        BOOK, "us-east-1", acls=Decimal(1), rules=Decimal(19), requests=Decimal(10_000_000)
    )
    assert [(item.item, item.monthly_usd) for item in items] == [
        ("Web ACLs", 5),
        ("Rules", 19),
        ("Requests inspected", 6),
    ]
    assert total(items) == 30


def test_half_a_month_is_half_a_web_acl() -> None:
    items = web_acls(BOOK, "us-east-1", acls=Decimal("0.5"), rules=Decimal(0), requests=Decimal(0))
    assert [item.monthly_usd for item in items] == [Decimal("2.5")]


def test_all_missing_prices_are_named_together() -> None:
    with pytest.raises(PriceMissing) as missing:
        web_acls(BOOK, "eu-west-1", acls=Decimal(1), rules=Decimal(1), requests=Decimal(1))
    named = [missing.value.component, *(other.component for other in missing.value.others)]
    assert named == ["web-acl-month", "rule-month", "requests"]
