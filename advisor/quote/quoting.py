"""A quote: one service, priced."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from advisor.assumption import Assumption
from advisor.quote import reading
from advisor.quote.catalogue import meter_of
from advisor.quote.meter import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from advisor.cost.bill import LineItem
    from advisor.quote.meter import Meter
    from advisor.tariff import PriceBook


class Quote(Struct, frozen=True, kw_only=True):
    """What a month of one service costs in a Region, and what the figure takes for granted."""

    service: str
    region: str
    line_items: tuple[LineItem, ...]
    assumptions: tuple[Assumption, ...]
    prices_as_of: str | None
    prices_origin: str
    prices_digest: str


def quote(
    service: str,
    arguments: Sequence[str],
    book: PriceBook,
    region: str,
    *,
    free_tier: bool = False,
) -> Quote:
    """Price one service from ``key=value`` arguments.

    Raises InputError for what cannot be read and for keys that do not go together, PriceMissing
    for a price that is not known.
    """
    kind = meter_of(service)
    meter, stated = reading.read(kind, arguments)
    try:
        items = meter.line_items(book, region, free_tier=free_tier)
    except Refused as refused:
        raise reading.refusal(kind, arguments, refused) from None
    zeros = [each for each in stated.values() if isinstance(each, Decimal) and each == 0]
    if not items and not zeros:
        raise reading.nothing_asked(kind, arguments)
    days = [item.price.valid_from for item in items]
    day = book.as_of or max(days, default=None)
    return Quote(
        service=service,
        region=region,
        line_items=tuple(items),
        assumptions=tuple(_assumptions(meter, stated, items, book)),
        prices_as_of=None if day is None else day.isoformat(),
        prices_origin=book.table.origin,
        prices_digest=book.table.digest(),
    )


def _assumptions(
    meter: Meter, stated: Mapping[str, object], items: Sequence[LineItem], book: PriceBook
) -> Iterable[Assumption]:
    reasons = meter.assumed()
    for name, key in reading.keys(type(meter)).items():
        if name in stated or (key.default is None and name not in reasons):
            continue
        if name in reasons or not key.is_quantity:
            value = msgspec.to_builtins(key.default)
            yield Assumption(field=name, value=value, why=reasons.get(name, "not stated"))
    rows = {(item.price.id, item.unit_price_usd): item for item in items}
    for item in rows.values():
        used = [tier for tier in item.price.tiers if tier.price == item.unit_price_usd]
        if any(tier.confidence == "C" for tier in used):
            why = item.price.note or "inferred, not read from AWS"
            field = f"price {item.price.component}"
            yield Assumption(field=field, value=str(item.unit_price_usd), why=why)
    if book.savings_plan is not None:
        why = (
            "the whole month's use is taken to lie within the commitment"
            if any(item.ladder.plan is not None for item in items)
            else "it covers nothing that is priced here"
        )
        yield Assumption(field="savings_plan", value=book.savings_plan, why=why)
