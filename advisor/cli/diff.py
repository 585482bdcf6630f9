"""advisor diff: the gate's comparison for people, without checks and verdict."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from advisor.cli import gate_options, options

if TYPE_CHECKING:
    from datetime import date


@click.command(cls=gate_options.InOrder)
@click.argument("base", metavar="A")
@click.argument("files", nargs=-1, required=True, metavar="B...")
@click.option("--tip", is_flag=True, help="Take the revision itself, not its merge base with HEAD.")
@gate_options.formats
@options.prices
@options.rules
@click.option(
    "--prices-as-of",
    type=options.Day(),
    help="Use the prices of that day.  [default: the policy's, else the newest]",
)
@click.option(
    "--base-prices-as-of",
    type=options.Day(),
    help="Use other prices for A.  [default: as for B]",
)
@click.pass_context
def command(
    ctx: click.Context,
    base: str,
    files: tuple[str, ...],
    tip: bool,  # noqa: FBT001 - click's signature
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    prices: str | None,
    rules: tuple[str, ...],
    prices_as_of: date | None,
    base_prices_as_of: date | None,
) -> None:
    """Compare workload files with how they were, and say what a difference is made of.

    A and B are two workload files, each of which may be REVISION:PATH; or A is a git revision or a
    baseline file (.json), and each B a workload file or a pattern.
    """
    from advisor.gate.before import is_file
    from advisor.gate.gate import Request, judge
    from advisor.gate.pairs import here

    folder = here()
    as_files = is_file(base, folder) and not base.endswith(".json")
    if as_files and len(files) > 1:
        raise click.UsageError("Two files are compared, or a revision with several files.")
    pairs = gate_options.destinations(ctx, formats, outputs)
    outcome, warnings = judge(
        Request(
            files=files,
            folder=folder,
            against=base,
            tip=tip,
            prices=prices,
            rules=rules,
            as_of=prices_as_of,
            base_as_of=base_prices_as_of,
            today=options.today(),
            judged=False,
            as_files=as_files,
        )
    )
    gate_options.warn(warnings)
    gate_options.write(outcome, pairs)
    sys.exit(outcome.exit_code)
