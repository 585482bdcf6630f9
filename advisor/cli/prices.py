"""advisor prices: look at the price table, check it, compare two, and renew it from AWS."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

import click

from advisor.cli import options
from advisor.errors import AdvisorError, DataMissing

if TYPE_CHECKING:
    from datetime import date

    from advisor.tariff import PriceTable

_MISSING = 4


@click.group()
def command() -> None:
    """Look at the price table, check it, compare two, renew one from AWS."""


@command.command(short_help="Show what a table holds.")
@click.argument("service", required=False)
@click.option("--region", type=options.Region(), help="Show the prices of this Region in full.")
@options.as_of
@options.prices
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def show(
    service: str | None,
    region: str | None,
    as_of: date | None,
    prices: str | None,
    format_: str,
    output: str | None,
) -> None:
    """Show what the table holds: its services, or the prices of one SERVICE."""
    from advisor.report import prices as report
    from advisor.tariff import PriceBook, open_table

    table = open_table(prices)
    if service is None and region is None:
        from advisor.tariff.checking import check_table

        check = check_table(table)
        text = report.check_json(check) if format_ == "json" else report.services_text(check)
        options.write(text, output)
        return
    book = PriceBook(as_of, table=table)
    services = table.services() if service is None else (_known(service, table),)
    parts = []
    everything = []
    for each in services:
        found = book.all_prices(each, region)
        everything += [price for rows in found.values() for price in rows]
        if format_ == "table" and found:
            parts.append(
                report.components_text(table, each, found)
                if region is None
                else report.prices_text(
                    table, each, [row for rows in found.values() for row in rows]
                )
            )
    if not everything:
        where = "" if region is None else f" in {region}"
        raise DataMissing(f"no price of {', '.join(services)}{where} on that day")
    text = report.prices_json(table, everything) if format_ == "json" else "\n".join(parts)
    options.write(text, output)


@command.command(short_help="Check a table's form, age, confidence and gaps.")
@options.prices
@click.option("--max-age", type=click.IntRange(0), metavar="DAYS", help="Fail beyond this age.")
@click.option(
    "--as-of", type=options.Day(), help="The day from which age is counted.  [default: today]"
)
@click.option(
    "--min-confidence",
    type=click.Choice(["A", "B", "C"]),
    default="C",
    show_default=True,
    help="Fail for a price known with less.",
)
@click.option(
    "--region",
    "regions",
    type=options.Region(),
    multiple=True,
    help="Fail for a price missing in this Region; may be given again.",
)
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def verify(
    prices: str | None,
    max_age: int | None,
    as_of: date | None,
    min_confidence: str,
    regions: tuple[str, ...],
    format_: str,
    output: str | None,
) -> None:
    """Check the table's form, age, confidence and gaps; exit code 4 for anything that fails."""
    from advisor.report import prices as report
    from advisor.tariff import open_table
    from advisor.tariff.checking import check_table

    if as_of is None and max_age is not None:
        as_of = options.today()
    check = check_table(
        open_table(prices),
        today=as_of,
        max_age_days=max_age,
        min_confidence=min_confidence,
        regions=regions,
    )
    options.write(
        report.check_json(check) if format_ == "json" else report.check_text(check), output
    )
    sys.exit(_MISSING if check.findings else 0)


@command.command(short_help="Show what moved between two tables.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--workload",
    "workloads",
    multiple=True,
    metavar="FILE",
    help="Say what it does to this workload's answer; may be given again.",
)
@options.as_of
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def diff(
    old: str,
    new: str,
    workloads: tuple[str, ...],
    as_of: date | None,
    format_: str,
    output: str | None,
) -> None:
    """Show what moved from table OLD to NEW: folders of price files, or the word shipped."""
    from advisor.decisions.repricing import reprice
    from advisor.report import repricing
    from advisor.tariff.difference import difference
    from advisor.workload.loading import load

    before, after = (_table(each) for each in (old, new))
    moved = difference(before, after, as_of=as_of)
    answers = [
        reprice(load(file).workload, before, after, as_of=as_of, file=file) for file in workloads
    ]
    render = repricing.as_json if format_ == "json" else repricing.as_text
    options.write(render(moved, answers, (before, after)), output)
    sys.exit(max((each.after.exit_code for each in answers), default=0))


@command.command()
@click.option(
    "--service",
    "services",
    multiple=True,
    required=True,
    metavar="LIST",
    help="Renew the prices of these services, such as lambda,sqs; may be given again.",
)
@click.option(
    "--region",
    "regions",
    multiple=True,
    required=True,
    metavar="LIST",
    help="Renew the prices of these Regions, such as eu-west-1,us-east-1; may be given again.",
)
@click.option(
    "--to",
    metavar="DIR",
    help="Write the table here.  [default: the table in use, where that is a folder]",
)
@click.option(
    "--source",
    type=click.Choice(["query", "bulk"]),
    default="query",
    show_default=True,
    help="Ask the Price List API with your credentials, or read AWS's public files without.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
@options.prices
@options.table_or_json
def refresh(
    services: tuple[str, ...],
    regions: tuple[str, ...],
    to: str | None,
    source: Literal["query", "bulk"],
    dry_run: bool,  # noqa: FBT001 - click's signature
    prices: str | None,
    format_: str,
) -> None:
    """Renew a table's prices from the AWS Price List.

    Everything is read and checked before a file is touched; when anything fails (exit code 5) the
    old table is as it was. Fargate's Spot prices have a feed of their own: fargate-spot.
    """
    from advisor.aws.failures import AwsFailed
    from advisor.aws.refresh import refresh as renew
    from advisor.report import refreshing
    from advisor.tariff import open_table

    table = open_table(prices)
    folder = to or table.folder or options.source_checkout()
    if folder is None:
        raise click.UsageError("Name the folder of the new table with --to DIR.")
    try:
        with options.progress(len(services) * (len(regions) + 1), "Reading AWS's prices") as tell:
            done = renew(
                table,
                options.listed(services),
                [options.region(each) for each in options.listed(regions)],
                to=folder,
                source=source,
                dry_run=dry_run,
                progress=tell,
            )
    except KeyboardInterrupt:
        raise AwsFailed("stopped; the table is as it was") from None
    options.write(refreshing.as_json(done) if format_ == "json" else refreshing.as_text(done))


def _table(name: str) -> PriceTable:
    from advisor.tariff import open_table

    return open_table(None if name == "shipped" else name)


def _known(service: str, table: PriceTable) -> str:
    if service not in table.services():
        near = get_close_matches(service, table.services(), n=1)
        hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(table.services())}"
        raise AdvisorError(f"the price table has no service {service!r}; {hint}")
    return service
