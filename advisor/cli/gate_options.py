"""What `advisor gate` and `advisor diff` share: formats with outputs, and thresholds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from advisor.cli import options
from advisor.report.gate_formats import FORMATS, render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from advisor.document.diagnostics import Diagnostic
    from advisor.gate.outcome import Outcome
    from advisor.gate.policy import Policy

_ORDER = "advisor.cli.gate_options"


class InOrder(click.Command):
    """A command that remembers which ``--output`` came after which ``--format``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_ORDER] = [each.name for each in order if each.name in ("formats", "outputs")]
        return super().parse_args(ctx, args)


def formats(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--format`` and ``--output``, each of which may come several times."""
    command = click.option(
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE",
        help="Write the --format before it to a file; - is standard output.",
    )(command)
    return click.option(
        "--format",
        "formats",
        multiple=True,
        type=click.Choice(list(FORMATS)),
        help="How to print the outcome; may be given again, each with its --output."
        "  [default: table]",
    )(command)


def destinations(
    ctx: click.Context, formats: Sequence[str], outputs: Sequence[str]
) -> list[tuple[str, str | None]]:
    """Return each format with its file, None for standard output."""
    pairs: list[tuple[str, str | None]] = []
    wanted, files = iter(formats), iter(outputs)
    taken = True
    for kind in ctx.meta[_ORDER]:
        if kind == "formats":
            pairs.append((next(wanted), None))
            taken = False
        elif not pairs:
            pairs.append(("table", next(files)))
        elif taken:
            raise click.UsageError("Each --output follows the --format that it is for.")
        else:
            pairs[-1] = (pairs[-1][0], next(files))
            taken = True
    pairs = [(name, None if file == "-" else file) for name, file in pairs] or [("table", None)]
    if sum(file is None for _, file in pairs) > 1:
        raise click.UsageError("Only one --format can go to standard output; add --output FILE.")
    named = [os.path.realpath(file) for _, file in pairs if file is not None]
    if len(set(named)) < len(named):
        raise click.UsageError("Two formats cannot go to one file.")
    return pairs


def write(outcome: Outcome, pairs: Sequence[tuple[str, str | None]]) -> None:
    """Write the outcome in every format, files first, so that a reader of the answer has all."""
    texts = [(render(name, outcome, colour=options.coloured(file)), file) for name, file in pairs]
    for text, file in sorted(texts, key=lambda each: each[1] is None):
        options.write(text, file)


def warn(warnings: Sequence[Diagnostic]) -> None:
    """Print what the files were warned of to standard error."""
    for warning in warnings:
        click.echo(str(warning), err=True)


class Limit(click.ParamType[tuple[str, float]]):
    """An amount such as 10, or a percentage such as 5%."""

    name = "LIMIT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        text = str(value)
        number = text.removesuffix("%")
        try:
            amount = float(number)
        except ValueError:
            amount = -1.0
        if not 0 <= amount <= 1e12:
            self.fail(
                f"{text!r} is neither an amount such as 10 nor a part such as 5%.", param, ctx
            )
        return ("percent" if text.endswith("%") else "amount", amount)


class BudgetOption(click.ParamType[tuple[str | None, float]]):
    """A budget: USD a month for all workloads, or NAME=USD for one."""

    name = "[NAME=]USD"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str | None, float]:
        name, _, number = str(value).rpartition("=")
        try:
            amount = float(number)
        except ValueError:
            amount = -1.0
        if not 0 <= amount <= 1e12:
            self.fail(f"{value!r} is not a budget such as 500 or checkout=120.", param, ctx)
        return name or None, amount


class SeverityOption(click.ParamType[tuple[str, str]]):
    """What a check does: CHECK=fail, CHECK=warn or CHECK=info."""

    name = "CHECK=SEVERITY"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        from advisor.gate.policy import Severities

        check, _, severity = str(value).partition("=")
        known = [name.replace("_", "-") for name in Severities.__struct_fields__]
        if check not in known or severity not in ("fail", "warn", "info"):
            self.fail(
                f"{value!r} is not such as price-increase=fail; checks: {', '.join(known)};"
                " severities: fail, warn, info.",
                param,
                ctx,
            )
        return check.replace("-", "_"), severity


def thresholds(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the thresholds of the policy as options."""
    for decorate in (
        click.option(
            "--severity",
            "severities",
            multiple=True,
            type=SeverityOption(),
            help="What a check does, such as price-increase=fail; may be given again.",
        ),
        click.option(
            "--budget",
            "budgets",
            multiple=True,
            type=BudgetOption(),
            help="What all workloads, or the named one, may cost a month; may be given again.",
        ),
        _limit("--max-margin", "How much more than the recommended the declared design may cost."),
        _limit("--max-unit-increase", "How much more a million requests may cost."),
        _limit("--max-total-increase", "How much more all workloads together may cost."),
        _limit(
            "--max-increase",
            "How much more a workload may cost a month, by usage and design: 10 (USD) or 5%; give"
            " both for either.",
        ),
    ):
        command = decorate(command)
    return command


def _limit(name: str, text: str) -> Callable[..., Any]:
    return click.option(name, multiple=True, type=Limit(), help=text)


def overridden(
    policy: Policy,
    *,
    max_increase: Sequence[tuple[str, float]],
    max_total_increase: Sequence[tuple[str, float]],
    max_unit_increase: Sequence[tuple[str, float]],
    max_margin: Sequence[tuple[str, float]],
    budgets: Sequence[tuple[str | None, float]],
    severities: Sequence[tuple[str, str]],
) -> Policy:
    """Return a policy with the thresholds of the command line in the place of its own."""
    from msgspec.structs import replace

    from advisor.gate.policy import Budget, Threshold, UnitIncrease, UnitThreshold

    def threshold(limits: Sequence[tuple[str, float]]) -> Threshold:
        stated = dict(limits)
        return Threshold(monthly_usd=stated.get("amount"), percent=stated.get("percent"))

    increase, unit = policy.cost_increase, policy.unit_cost_increase
    if max_increase:
        increase = replace(increase, workload=threshold(max_increase))
    if max_total_increase:
        increase = replace(increase, total=threshold(max_total_increase))
    if max_unit_increase:
        stated = dict(max_unit_increase)
        unit = UnitIncrease(
            workload=UnitThreshold(
                usd_per_million=stated.get("amount"), percent=stated.get("percent")
            )
        )
    added = [
        Budget(name=f"--budget {name}" if name else "--budget", workload=name, monthly_usd=amount)
        for name, amount in budgets
    ]
    return replace(
        policy,
        cost_increase=increase,
        unit_cost_increase=unit,
        not_recommended=threshold(max_margin) if max_margin else policy.not_recommended,
        budgets=[*(policy.budgets or []), *added],
        severity=replace(policy.severity, **dict(severities)),
    )
