"""What AWS's Price List says of a service's prices, from the API or from its public files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from advisor.aws.failures import AwsFailed, shown
from advisor.aws.picking import GLOBAL, pick, pick_free
from advisor.aws.selection import selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from advisor.aws.documents import Product
    from advisor.aws.selection import Selection
    from advisor.tariff.offered import Offered

Source = Literal["query", "bulk"]
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")


def fetch(
    service: str,
    regions: Sequence[str],
    *,
    source: Source = "query",
    progress: Callable[[str, int], None] | None = None,
) -> list[Offered]:
    """Return the prices of a service of the price book as AWS publishes them.

    ``query`` asks the API and needs credentials, ``bulk`` reads AWS's public files. The account's
    free quantities come with either, for the Region ``global``. Spot prices of Fargate have a feed
    of their own, and so a name of their own, ``fargate-spot``: one that cannot be reached must not
    keep the others from being read. A component that AWS does not offer in a Region is absent;
    ``wanted`` says which could be there. Raises AwsFailed, and then nothing is returned at all.
    ``progress`` is told what has arrived, and how much of it.
    """
    chosen = selection(service)
    places = tuple(dict.fromkeys(region for region in regions if region != GLOBAL))
    for region in places:
        _check_region(region)
    tell = progress or _tell_nobody
    found: list[Offered] = []
    if chosen.plans:
        from advisor.aws import bulk

        found += bulk.plans(chosen, places, tell)
    if chosen.components:
        found += _of_offer(chosen, places, source, tell)
    if chosen.spot and places:
        from advisor.aws.spot import spot

        found += spot(chosen, places, tell)
    return sorted(found, key=lambda offered: (offered.component, offered.region))


def _of_offer(
    chosen: Selection, regions: Sequence[str], source: Source, tell: Callable[[str, int], None]
) -> list[Offered]:
    found: list[Offered] = []
    free: dict[str, Offered] = {}
    for region, products in _products(chosen, regions, source, tell):
        if region != GLOBAL:
            found += pick(chosen, products, region)
        for offered in pick_free(chosen, products):
            known = free.setdefault(offered.component, offered)
            if known.allowance != offered.allowance:
                raise AwsFailed(
                    f"{chosen.service}/{offered.component} differs between the files of AWS's "
                    "Price List; try again when AWS has published them all."
                )
    return [*found, *free.values()]


def _products(
    chosen: Selection, regions: Sequence[str], source: Source, tell: Callable[[str, int], None]
) -> Iterator[tuple[str, list[Product]]]:
    if source == "bulk":
        from advisor.aws import bulk

        return bulk.products(chosen, regions, tell)
    from advisor.aws import query

    return query.products(chosen, regions, tell)


def _check_region(region: str) -> None:
    if not _REGION.fullmatch(region):
        raise AwsFailed(f"{shown(region)!r} is no Region's name, such as eu-west-1.")
    if region.startswith("cn-"):
        raise AwsFailed(f"{region} is not in AWS's Price List: China has one of its own.")


def _tell_nobody(what: str, done: int) -> None:
    """Report progress to nobody."""
