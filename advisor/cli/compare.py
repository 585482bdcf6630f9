"""advisor compare: the recommendation for one or several workload files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from advisor.cli import options
from advisor.errors import AdvisorError, InputError

if TYPE_CHECKING:
    from datetime import date

    from advisor.decisions.recommendation import Candidate, Recommendation
    from advisor.document.diagnostics import Diagnostic

DEFAULT_FILE = "workload.yaml"


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How to print the answer.",
)
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
@click.option("--region", metavar="REGION", help="Price in this Region instead of the file's.")
@options.as_of
@options.prices
@click.option(
    "--show-bill",
    "show_bill",
    multiple=True,
    metavar="OPTION",
    help="Show the bill of this option too, such as fargate; may be given again.",
)
def command(
    files: tuple[str, ...],
    format_: str,
    output: str | None,
    region: str | None,
    as_of: date | None,
    prices: str | None,
    show_bill: tuple[str, ...],
) -> None:
    """Recommend a design for each workload FILE, with its bill and the reason.

    Without a FILE, workload.yaml in the working directory; - reads standard input. Several files
    print one answer each and the sum.
    """
    from advisor.decisions.search import compare
    from advisor.workload.loading import load

    names = files or (DEFAULT_FILE,)
    workloads = []
    wrong: list[Diagnostic] = []
    for file in names:
        try:
            workloads.append(load(file, region=region))
        except InputError as error:
            wrong += error.diagnostics
    if wrong:
        raise InputError(wrong)
    answers = []
    for file, loaded in zip(names, workloads, strict=True):
        for warning in loaded.warnings:
            click.echo(str(warning), err=True)
        try:
            answers.append(compare(loaded.workload, as_of=as_of, file=file, prices=prices))
        except AdvisorError as error:
            # The subclasses are made of different arguments; their message is what is printed.
            error.args = (f"{file}: {error}",)
            raise
    bills = [_bills(answer, show_bill) for answer in answers]
    colour = options.coloured(output)
    options.write(_rendered(answers, bills, format_, colour=colour), output)
    sys.exit(max((answer.exit_code for answer in answers), default=0))


def _bills(answer: Recommendation, show_bill: tuple[str, ...]) -> list[Candidate]:
    """Return the designs whose bills are shown: the recommended one, and those asked for."""
    shown = [] if answer.best is None else [answer.best]
    options = {
        option.option: option for decision in answer.decisions for option in decision.options
    }
    for name in show_bill:
        option = options.get(name)
        if option is None:
            from difflib import get_close_matches

            near = get_close_matches(name, options, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" Options: {', '.join(options)}."
            raise click.UsageError(f"No option {name!r} in this answer.{hint}")
        if option.status not in ("recommended", "feasible") or option.candidate is None:
            raise click.UsageError(f"{name} has no complete bill: {option.why}")
        if option.candidate not in shown:
            shown.append(option.candidate)
    return shown


def _rendered(
    answers: list[Recommendation], bills: list[list[Candidate]], format_: str, *, colour: bool
) -> str:
    if format_ == "json":
        from advisor.report import json

        return json.render(answers)
    if format_ == "markdown":
        from advisor.report import markdown

        return markdown.render(answers, bills=bills)
    from advisor.report import text

    return text.render(answers, bills=bills, colour=colour)
