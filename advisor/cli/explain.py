"""advisor explain: why an answer is what it is."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from advisor.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from advisor.decisions.flips import Flips
    from advisor.explain.case import Case
    from advisor.explain.explanation import Explanation

DEFAULT_FILE = "workload.yaml"
CLAIMS = "claims"


@click.command()
@click.argument("what", required=False, metavar="[FILE | RULE-ID | claims]")
@click.option("--decision", metavar="NAME", help="Explain a decision, such as compute.")
@click.option("--option", metavar="NAME", help="Explain why this option is not the answer.")
@click.option("--line-item", metavar="TEXT", help="Explain a line of the bill.")
@click.option("--rule", metavar="ID", help="Explain a rule's verdict on every option.")
@click.option("--number", metavar="PATH", help="Explain a number of compare's JSON answer.")
@click.option(
    "--memory",
    "memories",
    type=float,
    multiple=True,
    metavar="MB",
    help="Check the claims for this memory; may be given again.",
)
@options.formats("table", "json", "markdown", what="explanation")
@click.option("--output", metavar="FILE", help="Write the explanation to a file.")
@click.option("--region", metavar="REGION", help="Explain for this Region.")
@options.as_of
@options.prices
@options.rules
@options.flips
def command(
    what: str | None,
    decision: str | None,
    option: str | None,
    line_item: str | None,
    rule: str | None,
    number: str | None,
    memories: tuple[float, ...],
    format_: str,
    output: str | None,
    region: str | None,
    as_of: date | None,
    prices: str | None,
    rules: tuple[str, ...],
    flips: Flips,
) -> None:
    """Tell why the answer for FILE is what it is, down to the price row.

    Without an option, the story in one screen. A FILE that is left out is workload.yaml in the
    working directory. RULE-ID, such as compute.lambda.max-duration, explains a rule by itself;
    claims checks what is often said about cost and cold starts.
    """
    asked = {
        "--decision": decision,
        "--line-item": line_item,
        "--rule": rule,
        "--number": number,
    }
    given = [name for name, value in asked.items() if value is not None]
    if len(given) > 1 or (option is not None and given not in ([], ["--line-item"])):
        together = " and ".join([*given, *(["--option"] if option is not None else [])])
        raise click.UsageError(f"{together} do not go together; ask for one at a time.")
    about_file = bool(given) or option is not None
    if what == CLAIMS or memories:
        if about_file:
            raise click.UsageError("claims are about no workload; leave the option out.")
        if what not in (CLAIMS, None):
            raise click.UsageError("--memory goes with claims only.")
        code, explained = _claims(region, memories, as_of, prices)
    elif what is not None and not about_file and _is_rule(what):
        from advisor.explain.rules import page

        code, explained = 0, page(what, options.rulebook(rules))
    else:
        file = what or DEFAULT_FILE
        case = _case(file, region=region, as_of=as_of, prices=prices, rules=rules, flips=flips)
        code = case.answer.exit_code
        explained = _explained(case, decision, option, line_item, rule, number)
    options.write(_rendered(explained, format_, colour=options.coloured(output)), output)
    sys.exit(code)


def _is_rule(name: str) -> bool:
    """Return whether a name stands for a rule: no file of that name, and nothing like a path."""
    if name == "-" or os.path.lexists(name):
        return False
    return "/" not in name and os.sep not in name and not name.endswith((".yaml", ".yml", ".json"))


def _case(
    file: str,
    *,
    region: str | None,
    as_of: date | None,
    prices: str | None,
    rules: tuple[str, ...],
    flips: Flips,
) -> Case:
    from advisor.errors import AdvisorError
    from advisor.explain.case import Case
    from advisor.workload.loading import load

    loaded = load(file, region=region)
    for warning in loaded.warnings:
        click.echo(str(warning), err=True)
    try:
        return Case(
            loaded.workload,
            as_of=as_of,
            file=file,
            prices=prices,
            rules=options.rulebook(rules),
            flips=flips,
        )
    except AdvisorError as error:
        # The subclasses are made of different arguments; their message is what is printed.
        error.args = (f"{file}: {error}",)
        raise


def _explained(
    case: Case,
    decision: str | None,
    option: str | None,
    line_item: str | None,
    rule: str | None,
    number: str | None,
) -> Explanation:
    if line_item is not None:
        from advisor.explain import bills

        return bills.matching(case, line_item, option)
    if decision is not None or option is not None:
        from advisor.explain import options as of

        return of.option(case, option) if option is not None else of.decision(case, decision or "")
    if rule is not None:
        from advisor.explain import rules

        return rules.about(case, rule)
    if number is not None:
        from advisor.explain.numbers import number as explain_number
        from advisor.report.json import answer_tree

        return explain_number(case, answer_tree(case.answer), number)
    from advisor.explain.story import story

    return story(case)


def _claims(
    region: str | None, memories: tuple[float, ...], as_of: date | None, prices: str | None
) -> tuple[int, Explanation]:
    from advisor.explain.claims import claims
    from advisor.tariff import open_book

    return claims(
        open_book(as_of, prices=prices),
        options.region(region) if region is not None else None,
        memories,
    )


def _rendered(explained: Explanation, format_: str, *, colour: bool) -> str:
    from advisor.report import explanations

    writers: dict[str, Callable[[Explanation], str]] = {
        "json": explanations.as_json,
        "markdown": explanations.as_markdown,
    }
    if format_ in writers:
        return writers[format_](explained)
    return explanations.as_text(explained, colour=colour)
