"""advisor baseline: write what `advisor gate --against` compares with, without git."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.cli import gate_options, options

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("-o", "--output", metavar="FILE", help="Where to write it, such as a .json file.")
@click.option("--policy", metavar="FILE", help="The policy.  [default: advisor.yaml here or above]")
@options.prices
@options.rules
@click.option(
    "--prices-as-of",
    type=options.Day(),
    help="Use the prices of that day.  [default: the policy's, else the newest]",
)
def command(
    files: tuple[str, ...],
    output: str | None,
    policy: str | None,
    prices: str | None,
    rules: tuple[str, ...],
    prices_as_of: date | None,
) -> None:
    """Write the workloads as they are priced now: designs, quantities, unit prices, digests.

    A FILE may be a pattern such as 'workloads/*.yaml'. Paths in the baseline are from its own
    folder.
    """
    from advisor.gate import baseline
    from advisor.gate.gate import taken
    from advisor.gate.pairs import here

    folder = here()
    home = folder if output is None else str(Path(output).resolve().parent)
    found, warnings = taken(
        files or ("workload.yaml",),
        folder=folder,
        home=home,
        policy=policy,
        prices=prices,
        rules=rules,
        as_of=prices_as_of,
    )
    gate_options.warn(warnings)
    options.write(baseline.write(found), output)
    missing = [
        f"{each.file}: {unknown.message}" for each in found.workloads for unknown in each.unknowns
    ]
    for line in missing:
        from advisor.document.diagnostics import visible

        click.echo(f"data missing: {visible(line)}", err=True)
    sys.exit(4 if missing else 0)
