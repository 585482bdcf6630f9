"""The documents of the Price List, decoded from the bytes that AWS sent.

A document comes from outside: only the fields that are read are decoded, each of its type, and
whatever else a document is raises AwsFailed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct, field

from advisor.aws.failures import AwsFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class Dimension(Struct, frozen=True, rename="camel"):
    """One rate of a term. A range ends at ``Inf``; all numbers are texts."""

    unit: str
    begin_range: str
    end_range: str
    price_per_unit: dict[str, str]


class Term(Struct, frozen=True, rename="camel"):
    """A product's rates under one offer term, such as on demand."""

    offer_term_code: str
    effective_date: str
    price_dimensions: dict[str, Dimension]


class Product(Struct, frozen=True, kw_only=True):
    """A product with its terms, the same from both sources."""

    sku: str
    family: str
    attributes: dict[str, str]
    terms: tuple[Term, ...]
    origin: str
    published: date


class _Described(Struct, frozen=True, rename="camel"):
    sku: str
    attributes: dict[str, str]
    product_family: str = ""


class _OnDemand(Struct, frozen=True):
    on_demand: dict[str, Term] = field(name="OnDemand", default_factory=dict)


class _Listed(Struct, frozen=True, rename="camel"):
    """A document of GetProducts."""

    product: _Described
    service_code: str
    terms: _OnDemand
    version: str
    publication_date: str


class _OnDemandBySku(Struct, frozen=True):
    on_demand: dict[str, dict[str, Term]] = field(name="OnDemand", default_factory=dict)


class _Offer(Struct, frozen=True, rename="camel"):
    """A Region's bulk file: products and terms are two maps by SKU."""

    offer_code: str
    version: str
    publication_date: str
    products: dict[str, _Described]
    terms: _OnDemandBySku


class _RegionFile(Struct, frozen=True, rename="camel"):
    current_version_url: str


class _RegionIndex(Struct, frozen=True):
    regions: dict[str, _RegionFile]


class _PlanFile(Struct, frozen=True, rename="camel"):
    region_code: str
    version_url: str


class _PlanIndex(Struct, frozen=True):
    regions: list[_PlanFile]


class PlanProduct(Struct, frozen=True):
    """A Savings Plan: which term and which payment."""

    sku: str
    attributes: dict[str, str]


class Discounted(Struct, frozen=True):
    """The price under a plan."""

    price: str
    currency: str


class Rate(Struct, frozen=True, rename="camel"):
    """What one usage type costs under a plan."""

    discounted_sku: str
    discounted_usage_type: str
    discounted_service_code: str
    unit: str
    discounted_rate: Discounted


class PlanTerm(Struct, frozen=True, rename="camel"):
    """All rates of a plan."""

    sku: str
    effective_date: str
    rates: list[Rate]


class _PlanTerms(Struct, frozen=True, rename="camel"):
    savings_plan: list[PlanTerm]


class PlanOffer(Struct, frozen=True, rename="camel"):
    """A Region's file of Savings Plans."""

    version: str
    publication_date: str
    products: list[PlanProduct]
    terms: _PlanTerms


class SpotPrice(Struct, frozen=True):
    """A row of the Fargate Spot feed."""

    unit: str
    price: dict[str, str]
    attributes: dict[str, str]


class SpotMetadata(Struct, frozen=True):
    """The feed's version, which begins with its day."""

    version: str = field(name="source:version")


class SpotFeed(Struct, frozen=True):
    """The Fargate Spot feed."""

    metadata: SpotMetadata
    prices: list[SpotPrice]


def decode(content: Any, form: type[T], what: str) -> T:
    """Return JSON as a type; raise AwsFailed naming ``what`` for anything else."""
    try:
        return msgspec.json.decode(content, type=form)
    except msgspec.ValidationError as wrong:
        raise AwsFailed(f"{what} is not of the form of the Price List: {wrong}.") from wrong
    except (msgspec.DecodeError, UnicodeError) as wrong:
        raise AwsFailed(f"{what} is not JSON, or was cut off on its way; try again.") from wrong
    except RecursionError as wrong:
        raise AwsFailed(f"{what} is nested too deeply to be a price list.") from wrong


def listed(text: str, what: str) -> Product:
    """Return the product of one document of GetProducts."""
    document = decode(text, _Listed, what)
    return Product(
        sku=document.product.sku,
        family=document.product.product_family,
        attributes=document.product.attributes,
        terms=tuple(document.terms.on_demand.values()),
        origin=f"{document.service_code} {document.version}",
        published=day(document.publication_date, what),
    )


def offered(content: Any, what: str) -> Iterator[Product]:
    """Yield the products of a Region's bulk file."""
    offer = decode(content, _Offer, what)
    published = day(offer.publication_date, what)
    for sku, product in offer.products.items():
        if product.sku != sku:
            raise AwsFailed(f"{what} has the product {product.sku} under the name of another.")
        yield Product(
            sku=sku,
            family=product.product_family,
            attributes=product.attributes,
            terms=tuple(offer.terms.on_demand.get(sku, {}).values()),
            origin=f"{offer.offer_code} {offer.version}",
            published=published,
        )


def region_files(content: Any, what: str) -> dict[str, str]:
    """Return the path of each Region's file of an offer."""
    index = decode(content, _RegionIndex, what)
    return {region: file.current_version_url for region, file in index.regions.items()}


def plan_files(content: Any, what: str) -> dict[str, str]:
    """Return the path of each Region's file of the Savings Plans; their index is a list."""
    index = decode(content, _PlanIndex, what)
    return {file.region_code: file.version_url for file in index.regions}


def day(text: str, what: str) -> date:
    """Return the day of a moment such as 2026-08-31T09:23:18Z."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise AwsFailed(f"{what} has a date that is none.") from wrong
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).date()
