"""advisor gate: fail on what got worse since a revision or a baseline."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Literal

import click

from advisor.cli import gate_options, options

if TYPE_CHECKING:
    from datetime import date

DEFAULT_FILE = "workload.yaml"


@click.command(cls=gate_options.InOrder)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--against",
    required=True,
    metavar="BASE",
    help="A git revision, a baseline file (.json), or REVISION:PATH of one.",
)
@click.option("--tip", is_flag=True, help="Take the revision itself, not its merge base with HEAD.")
@click.option("--policy", metavar="FILE", help="The policy.  [default: advisor.yaml here or above]")
@click.option(
    "--policy-from",
    type=click.Choice(["head", "base"]),
    default="head",
    show_default=True,
    help="Whose policy and waivers judge: those of now, or those of the base.",
)
@gate_options.thresholds
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
    help="Use other prices for before.  [default: the base policy's, else as now]",
)
@click.option(
    "--as-of", type=options.Day(), help="The day for waivers that expire.  [default: today]"
)
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    against: str,
    tip: bool,  # noqa: FBT001 - click's signature
    policy: str | None,
    policy_from: Literal["head", "base"],
    max_increase: tuple[tuple[str, float], ...],
    max_total_increase: tuple[tuple[str, float], ...],
    max_unit_increase: tuple[tuple[str, float], ...],
    max_margin: tuple[tuple[str, float], ...],
    budgets: tuple[tuple[str | None, float], ...],
    severities: tuple[tuple[str, str], ...],
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    prices: str | None,
    rules: tuple[str, ...],
    prices_as_of: date | None,
    base_prices_as_of: date | None,
    as_of: date | None,
) -> None:
    """Compare each workload FILE with how it was, and fail on what got worse.

    A FILE may be a pattern such as 'workloads/*.yaml'. Exit codes: 0 nothing got worse, 1 a
    regression, 2 wrong input, 4 a price or a fact is missing.
    """
    from advisor.gate.gate import Request, judge
    from advisor.gate.pairs import here

    pairs = gate_options.destinations(ctx, formats, outputs)
    outcome, warnings = judge(
        Request(
            files=files or (DEFAULT_FILE,),
            folder=here(),
            against=against,
            tip=tip,
            policy=policy,
            policy_from=policy_from,
            prices=prices,
            rules=rules,
            as_of=prices_as_of,
            base_as_of=base_prices_as_of,
            today=as_of or options.today(),
            overrides=partial(
                gate_options.overridden,
                max_increase=max_increase,
                max_total_increase=max_total_increase,
                max_unit_increase=max_unit_increase,
                max_margin=max_margin,
                budgets=budgets,
                severities=severities,
            ),
        )
    )
    gate_options.warn(warnings)
    gate_options.write(outcome, pairs)
    sys.exit(outcome.exit_code)
