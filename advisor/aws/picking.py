"""Pick the one product that has a component's price, and refuse a document that has two."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from advisor.aws.documents import day
from advisor.aws.failures import AwsFailed, shown
from advisor.aws.selection import is_usage
from advisor.aws.tiers import ZERO, allowance, first_free, tiers
from advisor.tariff.offered import Offered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.aws.documents import Product, Term
    from advisor.aws.selection import FreeSelector, Selection, Selector
    from advisor.tariff.offered import TierOffered

GLOBAL = "global"
_ON_DEMAND = "JRTCKXETXF"
_FREE_TIER = "A429C66SYZ"
_CHINA = "china free tier"
_PLACES = ("location", "fromLocation")
_EVERYWHERE = ("Any", "Global")
_REGION_FIELDS = ("regionCode", "fromRegionCode")
_PLACE_TYPES = ("locationType", "fromLocationType")
_MOST_NAMED = 5


def pick(chosen: Selection, products: Sequence[Product], region: str) -> list[Offered]:
    """Return the price of each component that a Region's products have.

    A component without a product is left out: not every dimension is offered everywhere.
    """
    if products and not any(_states_region(product) for product in products):
        raise AwsFailed(
            f"the Price List document of {chosen.code} for {region} names no Region codes, "
            "as documents before 2021; its prices cannot be told apart."
        )
    here = [product for product in products if _is_here(product, chosen.region_field, region)]
    found = []
    for component, selector in chosen.components.items():
        offers = [
            offer
            for product in here
            if _fits(selector, product)
            for offer in _offer(chosen, component, selector, product, region)
        ]
        if offers:
            found.append(_only_one(component, region, offers))
    return found


def pick_free(chosen: Selection, products: Sequence[Product]) -> list[Offered]:
    """Return the free quantities of an account that the products have."""
    found = []
    for component, selector in chosen.free.items():
        offers = [
            _free_offer(chosen, component, selector, product, term)
            for product in products
            if _is_free(selector, product)
            for term in product.terms
            if term.offer_term_code == _FREE_TIER
        ]
        if offers:
            found.append(_only_one(component, GLOBAL, offers))
    return found


def _states_region(product: Product) -> bool:
    return any(product.attributes.get(field) for field in _REGION_FIELDS)


def _is_here(product: Product, field: str, region: str) -> bool:
    """Return whether a product is of a Region itself, not of a Local Zone or Outpost of it."""
    attributes = product.attributes
    return (
        attributes.get(field) == region
        and all(attributes.get(place, "AWS Region") == "AWS Region" for place in _PLACE_TYPES)
        and _CHINA not in attributes.get("groupDescription", "").casefold()
    )


def _fits(selector: Selector, product: Product) -> bool:
    attributes = product.attributes
    stated = selector.usagetype
    usages = (stated,) if isinstance(stated, str) else stated
    return (
        selector.family in (None, product.family)
        and selector.group in (None, attributes.get("group"))
        and selector.operation in (None, attributes.get("operation"))
        and (usages is None or any(is_usage(attributes.get("usagetype", ""), u) for u in usages))
        and all(attributes.get(key) == value for key, value in selector.attributes.items())
    )


def _is_free(selector: FreeSelector, product: Product) -> bool:
    attributes = product.attributes
    return (
        attributes.get("usagetype") == selector.usagetype
        and selector.family in (None, product.family)
        and selector.group in (None, attributes.get("group"))
        and any(attributes.get(place) in _EVERYWHERE for place in _PLACES)
        and _CHINA not in attributes.get("groupDescription", "").casefold()
    )


def _offer(
    chosen: Selection, component: str, selector: Selector, product: Product, region: str
) -> list[Offered]:
    what = f"{chosen.code} {shown(product.sku)} ({chosen.service}/{component} in {region})"
    offers = []
    for term in product.terms:
        if term.offer_term_code != _ON_DEMAND:
            continue
        found = tiers(term.price_dimensions.values(), chosen.units[selector.unit], what)
        if not selector.zero and all(amount == ZERO for _, _, amount in found):
            continue  # only metering, such as Compute Metering of ECS
        if selector.free_up_to is not None:
            found = first_free(found, Decimal(selector.free_up_to), what)
        offers.append(_offered(chosen, component, region, product, term, found, None))
    return offers


def _free_offer(
    chosen: Selection, component: str, selector: FreeSelector, product: Product, term: Term
) -> Offered:
    what = f"{chosen.code} {shown(product.sku)} ({chosen.service}/{component})"
    free = allowance(term.price_dimensions.values(), chosen.units[selector.unit], what)
    return _offered(chosen, component, GLOBAL, product, term, (), free)


def _offered(
    chosen: Selection,
    component: str,
    region: str,
    product: Product,
    term: Term,
    found: tuple[TierOffered, ...],
    free: Decimal | None,
) -> Offered:
    return Offered(
        service=chosen.service,
        component=component,
        region=region,
        tiers=found,
        allowance=free,
        valid_from=day(term.effective_date, f"{chosen.code} {shown(product.sku)}"),
        checked=product.published,
        evidence=f"AWS Price List, {shown(product.origin)}, SKU {shown(product.sku)}",
    )


def _only_one(component: str, region: str, offers: list[Offered]) -> Offered:
    """Return the offer; several are fine when they say the same."""
    if len({(offer.tiers, offer.allowance) for offer in offers}) > 1:
        named = sorted({offer.evidence.rpartition(" ")[2] for offer in offers})
        more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        raise AwsFailed(
            f"{offers[0].service}/{component} in {region} has several prices in AWS's Price List "
            f"(SKUs {', '.join(named[:_MOST_NAMED])}{more}); nothing is taken from it until "
            "pricing/price-list.yaml tells them apart."
        )
    # The latest day: from then on all of them have held.
    return max(offers, key=lambda offer: (offer.valid_from, offer.evidence))
