"""The bill of an account: AWS adds usage up before it applies tiers and free quantities.

Usage on the same graduated price, in one Region, adds up over all workloads of an account; a free
quantity is given once for all of them. What each workload bears is its share of every tier, in
proportion to its usage, so the shares add up to the bill of the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.arithmetic import in_words, lowest, split_by_tiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.tariff import Price


class Usage(Struct, frozen=True):
    """What one bill uses: quantities by ladder, and the free quantities that it may take from.

    ``quantities`` has the ladder's id; ``claims`` the id of a free quantity, then the ladders on
    which it covers usage.
    """

    quantities: dict[str, Number]
    claims: dict[str, tuple[str, ...]]
    prices: dict[str, Price]


def usage(items: Iterable[LineItem]) -> Usage:
    """Add up what a bill uses."""
    quantities: dict[str, Number] = {}
    claims: dict[str, tuple[str, ...]] = {}
    prices: dict[str, Price] = {}
    for item in items:
        ladder = item.ladder.id
        prices[ladder] = item.ladder
        if item.allowance is None:
            quantities[ladder] = quantities.get(ladder, 0) + item.quantity
        else:
            prices[item.allowance.id] = item.allowance
            claims[item.allowance.id] = (*claims.get(item.allowance.id, ()), ladder)
    return Usage(quantities, claims, prices)


def cost_together(usages: Sequence[Usage]) -> Number:
    """Return what several usages cost in one account."""
    quantities, prices = _added(usages)
    amount: Number = 0
    for ladder, quantity in quantities.items():
        price = prices[ladder]
        bounds = [tier.up_to for tier in price.tiers]
        for tier, part in zip(price.tiers, split_by_tiers(quantity, bounds), strict=True):
            if part:
                amount = amount + part * price.rate(tier)[0]
    for allowance, claimed in _claimed(usages).items():
        share = _covered_share(prices[allowance], claimed)
        for (_, ladder), quantity in claimed.items():
            price = prices[ladder]
            amount = amount - quantity * share * price.rate(price.tiers[0])[0]
    return amount


def share_bills(bills: Sequence[Sequence[LineItem]]) -> list[list[LineItem]]:
    """Return each bill as its share of the account's: the same items, tiers reached together."""
    usages = [usage(bill) for bill in bills]
    quantities, prices = _added(usages)
    claimed = _claimed(usages)
    parts = {
        ladder: split_by_tiers(quantity, [tier.up_to for tier in prices[ladder].tiers])
        for ladder, quantity in quantities.items()
    }
    shared = []
    for index, bill in enumerate(bills):
        items: list[LineItem] = []
        for item in _untiered(bill):
            if item.allowance is None:
                ladder = item.ladder.id
                items += _shares(item, quantities[ladder], parts[ladder])
                continue
            eligible = claimed[item.allowance.id]
            covered = eligible[index, item.ladder.id] * _covered_share(item.allowance, eligible)
            formula = f"a share of what the account has free: {item.formula}"
            items.append(replace(item, quantity=-covered, formula=formula))
        shared.append(items)
    return shared


def _shares(item: LineItem, together: Number, parts: Sequence[Number]) -> list[LineItem]:
    """Split an item over the account's tiers, as the account's usage is split."""
    reached = [(tier, part) for tier, part in zip(item.ladder.tiers, parts, strict=True) if part]
    if not reached or not item.quantity:
        return [item]
    lines = []
    left = item.quantity
    for position, (tier, part) in enumerate(reached):
        # The last one takes what is left, so that no digit of the quantity is lost in a division.
        last = position == len(reached) - 1
        quantity = left if last else item.quantity * part / together
        left = left - quantity
        rate, row = item.ladder.rate(tier)
        label = f", {tier.label(item.unit)}" if len(reached) > 1 else ""
        lines.append(
            replace(
                item,
                item=f"{item.item}{label}",
                quantity=quantity,
                unit_price_usd=rate,
                price=row,
                formula=f"{item.formula}; of the account's {in_words(together)} {item.unit}s"
                if len(reached) > 1
                else item.formula,
            )
        )
    return lines


def _untiered(bill: Sequence[LineItem]) -> list[LineItem]:
    """Put an item's tiers together again; the quantities of the account decide them anew."""
    found: dict[tuple[str, str, bool], LineItem] = {}
    for item in bill:
        name = item.item
        for tier in item.ladder.tiers:
            name = name.removesuffix(f", {tier.label(item.unit)}")
        key = (name, item.ladder.id, item.allowance is None)
        known = found.get(key)
        quantity = item.quantity if known is None else known.quantity + item.quantity
        found[key] = replace(item, item=name, quantity=quantity)
    return list(found.values())


def _added(usages: Sequence[Usage]) -> tuple[dict[str, Number], dict[str, Price]]:
    quantities: dict[str, Number] = {}
    prices: dict[str, Price] = {}
    for each in usages:
        prices |= each.prices
        for ladder, quantity in each.quantities.items():
            quantities[ladder] = quantities.get(ladder, 0) + quantity
    return quantities, prices


def _claimed(usages: Sequence[Usage]) -> dict[str, dict[tuple[int, str], Number]]:
    """Return for each free quantity the usage that it may cover, by bill and ladder."""
    found: dict[str, dict[tuple[int, str], Number]] = {}
    for index, each in enumerate(usages):
        for allowance, ladders in each.claims.items():
            for ladder in ladders:
                quantity = each.quantities.get(ladder, 0)
                found.setdefault(allowance, {})[index, ladder] = quantity
    return found


def _covered_share(allowance: Price, claimed: dict[tuple[int, str], Number]) -> Number:
    """Return which share of the usage that may be free is free."""
    eligible: Number = 0
    for quantity in claimed.values():
        eligible = eligible + quantity
    free = allowance.tiers[0].up_to
    return lowest(eligible, free) / eligible if eligible else 0
