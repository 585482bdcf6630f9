"""Whether a price table can be trusted: its form, its age, its confidence, its gaps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from advisor.errors import AdvisorError
from advisor.tariff.reading import GLOBAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from advisor.tariff.price import Price
    from advisor.tariff.table import PriceTable

_MOST_LISTED = 3
Kind: TypeAlias = Literal["stale", "confidence", "missing"]


class Finding(Struct, frozen=True, kw_only=True):
    """Something about a table that fails its check."""

    kind: Kind
    service: str
    component: str
    region: str
    message: str


class ServiceCheck(Struct, frozen=True, kw_only=True):
    """One service of a table: how much is in it, how sure, how old, and where it has gaps.

    ``gaps`` has, by component, the Regions that some component of the service is priced in and
    this one is not. Free quantities of the account have no Region and no gaps.
    """

    service: str
    components: int
    regions: int
    prices: int
    by_confidence: dict[str, int]
    oldest_check: date
    newest_price: date
    gaps: dict[str, tuple[str, ...]]


class TableCheck(Struct, frozen=True, kw_only=True):
    """What the check of a table found; without ``findings`` the table passes."""

    origin: str
    digest: str
    services: tuple[ServiceCheck, ...]
    findings: tuple[Finding, ...]


def check_table(
    table: PriceTable,
    *,
    today: date | None = None,
    max_age_days: int | None = None,
    min_confidence: str = "C",
    regions: Sequence[str] = (),
) -> TableCheck:
    """Read a whole table and return what is in it and what fails.

    ``today`` and ``max_age_days`` bound the age of the last comparison with AWS, ``regions`` must
    have every price that any Region has. Raises InputError for a table that breaks the form.
    """
    known = table.all_regions()
    for region in regions:
        if region not in known:
            listed = ", ".join(known)
            raise AdvisorError(f"no price of any service is known for {region}; known: {listed}")
    findings: list[Finding] = []
    services = []
    for service in table.services():
        rows = {
            component: table.rows(service, component) for component in table.components(service)
        }
        services.append(_summary(service, rows))
        newest = {c: _newest(each) for c, each in rows.items()}
        if today is not None and max_age_days is not None:
            findings += _stale(newest, today, max_age_days)
        findings += _unsure(newest, min_confidence)
        findings += _missing(service, newest, regions)
    return TableCheck(
        origin=table.origin,
        digest=table.digest(),
        services=tuple(services),
        findings=tuple(findings),
    )


def _newest(rows: Sequence[Price]) -> dict[str, Price]:
    """Return the price in force in each Region."""
    found: dict[str, Price] = {}
    for row in sorted(rows, key=lambda row: row.valid_from):
        found[row.region] = row
    return dict(sorted(found.items()))


def _summary(service: str, rows: Mapping[str, Sequence[Price]]) -> ServiceCheck:
    everything = [row for each in rows.values() for row in each]
    regional = {c: {row.region for row in each} - {GLOBAL} for c, each in rows.items()}
    anywhere = set().union(*regional.values())
    letters = sorted({row.least_confidence for row in everything})
    return ServiceCheck(
        service=service,
        components=len(rows),
        regions=len(anywhere),
        prices=len(everything),
        by_confidence={
            letter: sum(row.least_confidence == letter for row in everything) for letter in letters
        },
        oldest_check=min(row.checked for row in everything),
        newest_price=max(row.valid_from for row in everything),
        gaps={
            component: tuple(sorted(anywhere - regions))
            for component, regions in regional.items()
            if regions and anywhere - regions
        },
    )


def _stale(newest: dict[str, dict[str, Price]], today: date, days: int) -> Iterator[Finding]:
    for row in _each(newest):
        if today - row.checked > timedelta(days=days):
            age = (today - row.checked).days
            yield _finding("stale", row, f"compared with AWS {age} days ago, on {row.checked}")


def _unsure(newest: dict[str, dict[str, Price]], least: str) -> Iterator[Finding]:
    for row in _each(newest):
        letter = row.least_confidence
        if letter > least:
            yield _finding("confidence", row, f"confidence {letter}: {row.note or row.evidence}")


def _missing(
    service: str, newest: dict[str, dict[str, Price]], regions: Sequence[str]
) -> Iterator[Finding]:
    for component, found in newest.items():
        for region in regions:
            if GLOBAL not in found and region not in found:
                yield Finding(
                    kind="missing",
                    service=service,
                    component=component,
                    region=region,
                    message=f"no price; known for {', '.join(found)}"
                    if len(found) <= _MOST_LISTED
                    else f"no price; known for {len(found)} other Regions",
                )
            elif region in found and any(tier.price is None for tier in found[region].tiers):
                yield _finding("missing", found[region], "the price of the last tier is not known")


def _each(newest: dict[str, dict[str, Price]]) -> Iterator[Price]:
    for found in newest.values():
        yield from found.values()


def _finding(kind: Kind, row: Price, message: str) -> Finding:
    return Finding(
        kind=kind,
        service=row.service,
        component=row.component,
        region=row.region,
        message=message,
    )
