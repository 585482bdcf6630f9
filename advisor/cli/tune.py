"""advisor tune: which memory a function should have."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from advisor.cli import options
from advisor.cli.compare import DEFAULT_FILE
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("file", default=DEFAULT_FILE)
@click.option(
    "--memory",
    "memory",
    multiple=True,
    metavar="LIST",
    help="Look at these sizes in MB, separated by commas.  [default: usual sizes]",
)
@click.option("--region", metavar="REGION", help="Price in this Region instead of the file's.")
@options.as_of
@options.prices
@options.rules
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def command(
    file: str,
    memory: tuple[str, ...],
    region: str | None,
    as_of: date | None,
    prices: str | None,
    rules: tuple[str, ...],
    format_: str,
    output: str | None,
) -> None:
    """Find the cheapest memory with which a workload FILE meets its latency objective.

    Prints cost and latency of each memory size, on arm64 and x86_64. Without a FILE, workload.yaml
    in the working directory; - reads standard input.
    """
    from advisor.decisions.tuning import tune
    from advisor.report import tuning as report
    from advisor.workload.loading import load

    sizes = [_size(each) for each in options.listed(memory)] if memory else None
    loaded = load(file, region=region)
    for warning in loaded.warnings:
        click.echo(str(warning), err=True)
    try:
        answer = tune(
            loaded.workload,
            as_of=as_of,
            prices=prices,
            memory_mb=sizes,
            file=file,
            rules=options.rulebook(rules),
        )
    except AdvisorError as error:
        # The subclasses are made of different arguments; their message is what is printed.
        error.args = (f"{file}: {error}",)
        raise
    if format_ == "json":
        options.write(report.as_json(answer), output)
    else:
        options.write(report.as_text(answer, colour=options.coloured(output)), output)
    sys.exit(answer.exit_code)


def _size(text: str) -> int:
    # isdecimal also knows the digits of other scripts, and int has a limit of digits.
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise click.BadParameter(f"{text!r} is not a whole number of MB.", param_hint="--memory")
    return int(text)
