"""advisor compare: the recommendation for one or several workload files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from advisor.cli import options
from advisor.errors import AdvisorError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from advisor.decisions.flips import Flips
    from advisor.decisions.recommendation import Candidate, Recommendation
    from advisor.document.diagnostics import Diagnostic
    from advisor.rulebook import Rulebook
    from advisor.workload import Workload
    from advisor.workload.loading import Loaded

DEFAULT_FILE = "workload.yaml"


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@options.formats("table", "json", "markdown")
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
@click.option("--region", metavar="REGION", help="Price in this Region instead of the file's.")
@options.as_of
@options.prices
@options.rules
@options.flips
@click.option(
    "--regions",
    metavar="LIST",
    help="Rank these Regions, separated by commas, or all, by the recommended design's cost.",
)
@click.option(
    "--account",
    "together",
    is_flag=True,
    help="Price the workloads as one account, whose usage shares tiers and free quantities.",
)
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
    rules: tuple[str, ...],
    flips: Flips,
    regions: str | None,
    together: bool,  # noqa: FBT001 - click's signature
    show_bill: tuple[str, ...],
) -> None:
    """Recommend a design for each workload FILE, with its bill and the reason.

    Without a FILE, workload.yaml in the working directory; - reads standard input. Several files
    print one answer each and the sum.
    """
    if regions is not None and (together or region is not None or show_bill):
        raise click.UsageError("--regions goes with neither --account, --region nor --show-bill.")
    if together and show_bill:
        raise click.UsageError("--account shows one bill for all; leave --show-bill out.")
    names = files or (DEFAULT_FILE,)
    loaded = _load(names, region)
    colour = options.coloured(output)
    compare = _comparing(as_of, prices, options.rulebook(rules), flips)
    if regions is not None:
        code, text = _by_region(
            loaded, _region_list(regions, prices), compare, format_, colour=colour
        )
    else:
        answers = [
            _compared(each.workload, file, compare)
            for file, each in zip(names, loaded, strict=True)
        ]
        if together:
            code, text = _as_account(answers, format_, colour=colour)
        else:
            bills = [_bills(answer, show_bill) for answer in answers]
            code = max(answer.exit_code for answer in answers)
            text = _rendered(answers, bills, format_, colour=colour)
    options.write(text, output)
    sys.exit(code)


def _load(names: Sequence[str], region: str | None) -> list[Loaded]:
    """Read every file before any is answered; raise InputError with what is wrong in all."""
    from advisor.workload.loading import load

    loaded = []
    wrong: list[Diagnostic] = []
    for file in names:
        try:
            loaded.append(load(file, region=region))
        except InputError as error:
            wrong += error.diagnostics
    if wrong:
        raise InputError(wrong)
    for each in loaded:
        for warning in each.warnings:
            click.echo(str(warning), err=True)
    return loaded


def _comparing(
    as_of: date | None, prices: str | None, rulebook: Rulebook, flips: Flips
) -> Callable[..., Recommendation]:
    """Return ``compare`` with what the command line says of every workload."""
    from functools import partial

    from advisor.decisions.search import compare

    return partial(compare, as_of=as_of, prices=prices, rules=rulebook, flips=flips)


def _compared(
    workload: Workload, file: str, compare: Callable[..., Recommendation]
) -> Recommendation:
    try:
        return compare(workload, file=file)
    except AdvisorError as error:
        # The subclasses are made of different arguments; their message is what is printed.
        error.args = (f"{file}: {error}",)
        raise


def _by_region(
    loaded: Sequence[Loaded],
    wanted: Sequence[str],
    compare: Callable[..., Recommendation],
    format_: str,
    *,
    colour: bool,
) -> tuple[int, str]:
    from advisor.decisions.regions import rank
    from advisor.report import json
    from advisor.report import regions as report

    ranked = [rank(each.workload, wanted, compare) for each in loaded]
    code = max(each.answer.exit_code for found in ranked for each in found)
    if format_ == "json":
        trees = [report.tree(found) for found in ranked]
        return code, json.encoded(trees[0] if len(trees) == 1 else {"workloads": trees})
    if format_ == "markdown":
        return code, "\n".join(map(report.as_markdown, ranked))
    return code, "\n".join(report.as_text(found, colour=colour) for found in ranked)


def _region_list(text: str, prices: str | None) -> list[str]:
    from advisor.tariff import open_table

    if text == "all":
        return list(open_table(prices).all_regions())
    return [options.region(each) for each in options.listed([text])]


def _as_account(
    answers: Sequence[Recommendation], format_: str, *, colour: bool
) -> tuple[int, str]:
    from advisor.decisions.account import account
    from advisor.report import accounts

    found = account(answers)
    if format_ == "json":
        return found.exit_code, accounts.as_json(found, answers)
    if format_ == "markdown":
        return found.exit_code, accounts.as_markdown(found)
    return found.exit_code, accounts.as_text(found, colour=colour)


def _bills(answer: Recommendation, show_bill: tuple[str, ...]) -> list[Candidate]:
    """Return the designs whose bills are shown: the recommended one, and those asked for."""
    shown = [] if answer.best is None else [answer.best]
    known = {option.option: option for decision in answer.decisions for option in decision.options}
    for name in show_bill:
        option = known.get(name)
        if option is None:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" Options: {', '.join(known)}."
            raise click.UsageError(f"No option {name!r} in this answer.{hint}")
        if option.status not in ("recommended", "feasible") or option.candidate is None:
            raise click.UsageError(f"{name} has no complete bill: {option.why}")
        if option.candidate not in shown:
            shown.append(option.candidate)
    return shown


def _rendered(
    answers: Sequence[Recommendation], bills: list[list[Candidate]], format_: str, *, colour: bool
) -> str:
    if format_ == "json":
        from advisor.report import json

        return json.render(answers)
    if format_ == "markdown":
        from advisor.report import markdown

        return markdown.render(answers, bills=bills)
    from advisor.report import text

    return text.render(answers, bills=bills, colour=colour)
