"""The Price List as files, which need no credentials: an index of Regions, then a Region's file."""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING

from advisor.aws import documents
from advisor.aws.documents import PlanOffer, PlanTerm, day, decode
from advisor.aws.download import download
from advisor.aws.failures import AwsFailed, shown
from advisor.aws.selection import is_usage
from advisor.aws.tiers import ZERO, check_unit, exact
from advisor.tariff.offered import Offered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from advisor.aws.documents import Product, Rate
    from advisor.aws.selection import PlanSelector, Selection

_BASE = "https://pricing.us-east-1.amazonaws.com"
_PATH = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")


def products(
    chosen: Selection, regions: Sequence[str], progress: Callable[[str, int], None]
) -> Iterator[tuple[str, list[Product]]]:
    """Yield each Region with the products of its file."""
    index = f"/offers/v1.0/aws/{chosen.code}/current/region_index.json"
    tree = "/offers/"
    for region, url in _files(chosen.code, index, tree, regions, documents.region_files, progress):
        what = f"the file of {chosen.code} for {region}"
        with download(url) as content:
            yield region, list(documents.offered(content, what))


def plans(
    chosen: Selection, regions: Sequence[str], progress: Callable[[str, int], None]
) -> list[Offered]:
    """Return the prices under Savings Plans."""
    index = f"/savingsPlan/v1.0/aws/{chosen.code}/current/region_index.json"
    tree = "/savingsPlan/"
    found = []
    for region, url in _files(chosen.code, index, tree, regions, documents.plan_files, progress):
        what = f"the file of {chosen.code} for {region}"
        with download(url) as content:
            offer = decode(content, PlanOffer, what)
        pick = partial(_plan, chosen, offer, region, what)
        found += [
            offered
            for component, selector in chosen.plans.items()
            if (offered := pick(component, selector)) is not None
        ]
    return found


def _files(
    code: str,
    index: str,
    tree: str,
    regions: Sequence[str],
    read: Callable[[object, str], dict[str, str]],
    progress: Callable[[str, int], None],
) -> Iterator[tuple[str, str]]:
    """Yield the URL of each Region's file; only paths of the same tree on the same host count."""
    base = (os.environ.get("AWS_ENDPOINT_URL_PRICING") or _BASE).rstrip("/")
    with download(base + index) as content:
        paths = read(content, f"the index of {code}")
    progress(f"{code} index", 1)
    for done, region in enumerate(regions, start=2):
        if region not in paths:
            raise AwsFailed(
                f"AWS's Price List has no file of {code} for {region}; check the Region's name "
                f"({len(paths)} Regions have one)."
            )
        path = paths[region]
        if not (path.startswith(tree) and _PATH.fullmatch(path)):
            raise AwsFailed(f"the index of {code} points outside the Price List: {shown(path)!r}.")
        yield region, base + path
        progress(f"{code} {region}", done)


def _plan(
    chosen: Selection,
    offer: PlanOffer,
    region: str,
    what: str,
    component: str,
    selector: PlanSelector,
) -> Offered | None:
    skus = {
        plan.sku
        for plan in offer.products
        if plan.attributes.get("purchaseTerm") == selector.term
        and _as_option(plan.attributes.get("purchaseOption", "")) == selector.option
    }
    rates = [
        (term, rate)
        for term in offer.terms.savings_plan
        if term.sku in skus
        for rate in term.rates
        if rate.discounted_service_code == selector.code
        and is_usage(rate.discounted_usage_type, selector.usagetype)
    ]
    if not rates:
        return None
    named = f"{what} ({component})"
    amounts = {
        _amount(rate, chosen.units[selector.unit], f"{named}, SKU {shown(rate.discounted_sku)}")
        for _, rate in rates
    }
    if len(amounts) > 1:
        listed = sorted({shown(rate.discounted_sku) for _, rate in rates})
        raise AwsFailed(f"{named} has several prices (SKUs {', '.join(listed[:5])}).")
    term, rate = max(rates, key=_since)
    return Offered(
        service=chosen.service,
        component=component,
        region=region,
        tiers=((ZERO, None, amounts.pop()),),
        allowance=None,
        valid_from=day(term.effective_date, what),
        checked=day(offer.publication_date, what),
        evidence=f"AWS Price List, {chosen.code} {shown(offer.version)}, "
        f"SKU {shown(rate.discounted_sku)} under {shown(term.sku)}",
    )


def _amount(rate: Rate, accepted: tuple[str, ...], what: str) -> Decimal:
    check_unit(rate.unit, accepted, what)
    if rate.discounted_rate.currency != "USD":
        raise AwsFailed(f"{what} has no price in USD.")
    amount = exact(rate.discounted_rate.price, what)
    if amount == ZERO:
        raise AwsFailed(f"{what} has a discounted price of 0.")
    return amount


def _since(found: tuple[PlanTerm, Rate]) -> tuple[str, str]:
    return (found[0].effective_date, found[1].discounted_sku)


def _as_option(text: str) -> str:
    """Return ``No Upfront`` as the price book writes it: ``no-upfront``."""
    return text.casefold().replace(" ", "-")
