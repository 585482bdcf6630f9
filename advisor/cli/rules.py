"""advisor rules: look at the rules, check a file of your own, run its examples."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from advisor.cli import options
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.rulebook import Rule, Rulebook, SwitchedOff

_WRONG = 2


@click.group()
def command() -> None:
    """Look at the rules, check files of your own, run their examples.

    A rule excludes, requires, prefers or warns about options where its condition holds. Yours are
    read from --rules DIR and from .advisor/rules in the working directory.
    """


@command.command("list", short_help="Name the rules.")
@click.option(
    "--decision",
    type=click.Choice(["compute", "cold_start", "api", "workflow", "messaging"]),
    help="Only the rules of this decision.",
)
@click.option(
    "--effect",
    type=click.Choice(["exclude", "require", "prefer", "warn"]),
    help="Only the rules with this effect.",
)
@options.rules
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def list_(
    decision: str | None,
    effect: str | None,
    rules: tuple[str, ...],
    format_: str,
    output: str | None,
) -> None:
    """Name the rules in force, with their effect, evidence and options."""
    from advisor.report import rules as report
    from advisor.rulebook.rulebook import DECISIONS

    rulebook = options.rulebook(rules)
    found = [
        rule
        for each in DECISIONS
        if decision in (None, each)
        for rule in rulebook.rules(each)
        if effect in (None, rule.effect)
    ]
    if format_ == "json":
        options.write(report.list_json(found, rulebook), output)
        return
    asked = [f"of {decision}"] if decision else []
    asked += [f"that {effect}"] if effect else []
    of = f" {' '.join(asked)}" if asked else ""
    colour = options.coloured(output)
    options.write(report.list_text(found, rulebook, of=of, colour=colour), output)


@command.command(short_help="Show one rule in full.")
@click.argument("rule_id", metavar="ID")
@options.rules
@options.table_or_json
@click.option("--output", metavar="FILE", help="Write the answer to a file.")
def show(rule_id: str, rules: tuple[str, ...], format_: str, output: str | None) -> None:
    """Show what rule ID looks at, why, when it fires, and where it is from."""
    from advisor.report import rules as report

    rulebook = options.rulebook(rules)
    rule, off = _found(rulebook, rule_id)
    if format_ == "json":
        options.write(report.page_json(rule, off), output)
    else:
        options.write(report.page_text(rule, off, colour=options.coloured(output)), output)


@command.command(short_help="Check the form and the types of rule files.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options.table_or_json
def check(paths: tuple[str, ...], format_: str) -> None:
    """Say everything for which the rule files at PATH would be refused.

    Form, names, types, comparisons that cannot go either way, and examples that do not do as they
    say.
    """
    from advisor.report import rules as report
    from advisor.rulebook.files import read_files

    files = _files(paths)
    rules, off = read_files(files, shipped=True)
    if format_ == "json":
        options.write(report.checked_json(rules, off, files))
    else:
        options.write(report.checked_text(rules, off, len(files)))


@command.command(short_help="Run the examples of rule files.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options.table_or_json
def test(paths: tuple[str, ...], format_: str) -> None:
    """Run the examples of the rule files at PATH; exit code 2 if one fails."""
    from advisor.report import rules as report
    from advisor.rulebook.examples import run_examples
    from advisor.rulebook.files import read_files

    rules, _ = read_files(_files(paths), examples=False, shipped=True)
    tested = [(rule, tuple(run_examples(rule))) for rule in rules]
    if format_ == "json":
        options.write(report.tested_json(tested))
    else:
        options.write(report.tested_text(tested, colour=options.coloured()))
    failed = any(not each.does_as_it_says for _, ran in tested for each in ran)
    sys.exit(_WRONG if failed else 0)


def _files(paths: Sequence[str]) -> list[str]:
    from advisor.rulebook.folders import rule_files

    return list(dict.fromkeys(file for path in paths for file in rule_files(path)))


def _found(rulebook: Rulebook, rule_id: str) -> tuple[Rule, SwitchedOff | None]:
    """Return a rule, in force or switched off, or say what may have been meant."""
    from advisor.rulebook.rulebook import DECISIONS, built_in

    everything: Sequence[Rule] = (
        *(rule for decision in DECISIONS for rule in built_in(decision)),
        *rulebook.own,
    )
    off = {each.rule: each for each in rulebook.switched_off}
    for rule in everything:
        if rule.id == rule_id:
            return rule, off.get(rule_id)
    near = get_close_matches(rule_id, [rule.id for rule in everything], n=1)
    hint = f"did you mean {near[0]}?" if near else "`advisor rules list` names them"
    raise AdvisorError(f"there is no rule {rule_id!r}; {hint}")
