"""Renewing a price table from AWS: read everything, check it, and only then replace files."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.aws.failures import AwsFailed, shown
from advisor.aws.fetching import fetch
from advisor.aws.selection import wanted
from advisor.tariff import PriceTable
from advisor.tariff.digest import digest_of
from advisor.tariff.reading import GLOBAL, read_service
from advisor.tariff.renewal import Renewed, renew
from advisor.tariff.replacing import replace_files
from advisor.tariff.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.aws.fetching import Source
    from advisor.tariff.offered import Offered


class Kept(Struct, frozen=True, kw_only=True):
    """A price of the table that AWS's answer has nothing about; it stays as it was."""

    service: str
    component: str
    region: str


class Refreshed(Struct, frozen=True, kw_only=True):
    """What a refresh did, or with ``written`` False would do.

    ``to`` is the folder of the new table, ``files`` the services whose file changes.
    """

    to: str
    written: bool
    files: tuple[str, ...]
    renewed: tuple[Renewed, ...]
    kept: tuple[Kept, ...]
    digest_before: str
    digest_after: str


def refresh(
    table: PriceTable,
    services: Sequence[str],
    regions: Sequence[str],
    *,
    to: str,
    source: Source = "query",
    dry_run: bool = False,
    progress: Callable[[str, int], None] | None = None,
) -> Refreshed:
    """Read services' prices from AWS and write the table with them to a folder.

    A folder that holds a table is renewed; a new one gets the whole of ``table`` with the new
    prices in it, since a table stands alone. Raises AwsFailed, and then no file is changed.
    """
    is_there = Path(to).is_dir() and any(Path(to).glob("*.yaml"))
    table = PriceTable(to) if is_there else table
    before = table.contents()
    trees: dict[str, Any] = {}
    renewed: list[Renewed] = []
    kept: list[Kept] = []
    for service in dict.fromkeys(services):
        offered = fetch(service, regions, source=source, progress=progress)
        if not offered:
            raise AwsFailed(
                f"AWS's answer has no price of {service} for {', '.join(regions)} that the table"
                " knows how to read; nothing was changed."
            )
        file = offered[0].service
        trees[file], outcomes = renew(trees.get(file, table.tree(file)), offered)
        renewed += outcomes
        kept += _kept(table, service, file, regions, offered)
    after = dict(before)
    for service, tree in trees.items():
        # A file that is written must be one that can be read, whatever AWS said.
        read_service(tree)
        after[service] = text_of(tree).encode()
    changed = tuple(sorted(each for each in after if after[each] != before.get(each)))
    if not dry_run:
        _write(to, {each: after[each] for each in changed} if is_there else after)
    return Refreshed(
        to=to,
        written=not dry_run,
        files=changed,
        renewed=tuple(renewed),
        kept=tuple(kept),
        digest_before=digest_of(before),
        digest_after=digest_of(after),
    )


def _kept(
    table: PriceTable, service: str, file: str, regions: Sequence[str], offered: Sequence[Offered]
) -> list[Kept]:
    """Return what the table has, AWS should have, and its answer has not."""
    answered = {(each.component, each.region) for each in offered}
    return [
        Kept(service=file, component=component, region=region)
        for region in (*regions, GLOBAL)
        for component in wanted(service, region)
        if (component, region) not in answered and region in table.regions(file, component)
    ]


def _write(folder: str, contents: dict[str, bytes]) -> None:
    try:
        replace_files(folder, contents)
    except OSError as failure:
        full = failure.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full" if full else failure.strerror or type(failure).__name__
        raise AwsFailed(
            f"the new table could not be written to {shown(folder)}: {why}; the old one is as it"
            " was."
        ) from failure
