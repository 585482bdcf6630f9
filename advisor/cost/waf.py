"""AWS WAF. https://aws.amazon.com/waf/pricing/ (2026-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import in_words
from advisor.cost.bill import charge_stated

if TYPE_CHECKING:
    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


def web_acls(
    book: PriceBook, region: str, *, acls: Number, rules: Number, requests: Number
) -> list[LineItem]:
    """Charge web ACLs and their rules by the month, and the requests that they inspect.

    ``acls`` and ``rules`` are months of them: AWS charges both by the hour in proportion, so one
    that exists for half the month is half a one. ``rules`` counts those of every web ACL, a
    managed rule group as one. Larger bodies, more than 1,500 capacity units, bot control and fraud
    control cost extra and are not in it.
    """
    return charge_stated(
        book,
        "waf",
        region,
        ("web-acl-month", acls, "Web ACLs", f"{in_words(acls)} web ACLs"),
        ("rule-month", rules, "Rules", f"{in_words(rules)} rules in all web ACLs"),
        ("requests", requests, "Requests inspected", f"{in_words(requests)} requests"),
    )
