"""What keeping environments ready costs against what it saves, before it is sized."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.capacity.provisioned import break_even_utilisation, followed
from advisor.cost.bill import total
from advisor.decisions.assumptions import house_assumption
from advisor.errors import PriceMissing
from advisor.units import MB_PER_GB, MS_PER_SECOND, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.cost.bill import LineItem
    from advisor.decisions.situation import Situation
    from advisor.tariff import PriceBook

INIT = "INIT"
"""How the line items of cold starts begin."""


def least_with_remedy(
    situation: Situation,
    line_items: Sequence[LineItem],
    book: PriceBook,
    *,
    environments: float = 0.0,
) -> float:
    """Return what a function's bill comes to at least, in USD a month, without its cold starts.

    ``line_items`` is the bill with them. There is no INIT to pay, and of what duration costs, all
    may move into provisioned environments that are always busy, or, where ``environments`` of the
    stated memory are kept ready on the mean, into these. 0 where a price is not known.
    """
    saved = moved = kept = 0.0
    for line in line_items:
        component = line.ladder.component
        if line.service != "lambda" or not component.startswith("duration-"):
            continue
        prices = _prices(book, situation.region, component.removeprefix("duration-"))
        if prices is None:
            return 0.0
        on_demand, capacity, inside = prices
        usd = float(line.monthly_usd)
        if line.item.startswith(INIT):
            saved += usd
            moved += usd
        else:
            saved += usd * max(1 - (capacity + inside) / on_demand, 0.0)
            moved += usd * (1 - inside / on_demand)
            kept = capacity
    running, all_ = situation.running, float(total(line_items))
    if running is not None:
        seconds = situation.arrivals.month_hours * SECONDS_PER_HOUR
        kept *= environments * seconds * running.memory_mb / MB_PER_GB
    return all_ - min(saved, moved - kept)


def tracked_environments(situation: Situation) -> float:
    """Return the environments that are ready on the mean where nothing asks for more of them.

    Those of target tracking on the average, or a single one where bursts may do with fewer.
    """
    running, arrivals = situation.running, situation.arrivals
    if running is None or arrivals.bursts:
        return 1.0
    target = house_assumption("provisioned_tracking")["target"]
    seconds = running.duration.mean_ms / MS_PER_SECOND
    rates = arrivals.hourly_rps
    return sum(max(1, followed(rate * seconds, target)) for rate in rates) / len(rates)


def break_even(book: PriceBook, region: str, suffix: str) -> float | None:
    """Return the utilisation above which it is cheaper than on demand; None without the prices."""
    prices = _prices(book, region, suffix)
    return None if prices is None else float(f"{break_even_utilisation(*prices):.4g}")


def _prices(book: PriceBook, region: str, suffix: str) -> tuple[float, float, float] | None:
    """Return the prices of a GB-second on demand, of capacity, and of duration inside it."""
    components = [f"{kind}-{suffix}" for kind in ("duration", "pc-capacity", "pc-duration")]
    try:
        found = book.prices("lambda", components, region)
    except PriceMissing:
        return None
    on_demand, capacity, inside = (float(p.rate(p.tiers[0])[0]) for p in found)
    return on_demand, capacity, inside
