"""advisor price: what one service costs, without a workload file."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from advisor.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from advisor.quote.reading import Key


class _PerService(click.Command):
    """A command whose help, after the name of a service, is about that service's keys."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Click answers --help before any argument is read, so the service is looked for here.
        if any(each in ctx.help_option_names for each in args):
            from advisor.quote.catalogue import METERS

            ctx.meta["advisor.service"] = next((each for each in args if each in METERS), None)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        service = ctx.meta.get("advisor.service")
        if service is None:
            super().format_help(ctx, formatter)
            return
        from advisor.quote import reading
        from advisor.quote.catalogue import meter_of

        meter = meter_of(service)
        formatter.write_usage(ctx.command_path, f"{service} KEY=VALUE... [OPTIONS]")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(f"{meter.about}.")
        with formatter.section("Keys"):
            formatter.write_dl(
                [(key.name, _about(key)) for key in reading.keys(meter).values()], col_max=32
            )
        self.format_options(ctx, formatter)


@click.command(cls=_PerService)
@click.argument("service", required=False)
@click.argument("keys", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--list", "list_", is_flag=True, help="Name the services that can be priced.")
@click.option(
    "--region", type=options.Region(), default="us-east-1", show_default=True, help="The Region."
)
@options.as_of
@options.prices
@click.option("--free-tier", is_flag=True, help="Give back what an account has free each month.")
@click.option(
    "--savings-plan",
    metavar="TERM",
    help="Use this Compute Savings Plan's rates, such as 1yr-no-upfront.",
)
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def command(
    service: str | None,
    keys: tuple[str, ...],
    list_: bool,  # noqa: FBT001 - click's signature
    region: str,
    as_of: date | None,
    prices: str | None,
    free_tier: bool,  # noqa: FBT001 - click's signature
    savings_plan: str | None,
    format_: str,
    output: str | None,
) -> None:
    """Price one SERVICE from quantities of a month, such as

    \b
      advisor price lambda requests=3000000 duration_ms=120 memory_mb=1536
      advisor price sqs requests=2e6 message_kb=100 --region eu-west-1

    `advisor price SERVICE --help` names the keys of a service.
    """
    if list_:
        _list()
        return
    if service is None:
        raise click.UsageError("Name a service; advisor price --list names them all.")
    from advisor.quote.quoting import quote
    from advisor.report import quotes
    from advisor.tariff import open_book

    book = open_book(as_of, prices=prices, savings_plan=savings_plan)
    if savings_plan is not None:
        _check_plan(savings_plan, book.plans())
    answer = quote(service, keys, book, region, free_tier=free_tier)
    if format_ == "json":
        options.write(quotes.as_json(answer), output)
    else:
        options.write(quotes.as_text(answer, colour=options.coloured(output)), output)


def _check_plan(term: str, known: Sequence[str]) -> None:
    if term not in known:
        near = get_close_matches(term, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}."
        raise click.BadParameter(f"{term!r} has no rates. {hint}", param_hint="--savings-plan")


def _list() -> None:
    from advisor.quote.catalogue import METERS

    width = max(map(len, METERS))
    options.write("".join(f"{name:<{width}}  {meter.about}\n" for name, meter in METERS.items()))


def _about(key: Key) -> str:
    parts = [f"{key.about}." if not key.unit else f"{key.about} ({key.unit})."]
    if key.choices:
        parts.append(f"One of {', '.join(key.choices)}.")
    if key.default is not None and not key.is_quantity:
        default = str(key.default).lower() if isinstance(key.default, bool) else key.default
        parts.append(f" [default: {default}]")
    return " ".join(parts)
