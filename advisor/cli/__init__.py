"""The command line. Each command is a module of its own, imported when it is run."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from advisor import __version__

COMMANDS = {
    "compare": "Recommend a design for a workload, with its bill and the reason.",
    "explain": "Tell why: the story, a verdict, a line of the bill, any number.",
    "gate": "Fail on what got worse since a revision or a baseline.",
    "diff": "Compare workloads with how they were, without a verdict.",
    "baseline": "Write a baseline file for the gate.",
    "tune": "Find the memory of a function: cost and latency of each size.",
    "simulate": "Simulate a function request by request: cold starts, latency.",
    "price": "Price one service from its quantities alone.",
    "prices": "Look at the price table, check it, renew it from AWS.",
    "rules": "Look at the rules; check and test rules of your own.",
    "init": "Write a commented starter workload file.",
    "schema": "Print the JSON Schema of the workload file.",
}


class LazyGroup(click.Group):
    """A group whose help comes from a table, so that --help imports no command."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"advisor.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Exit codes: 0 done, 1 gate: something got worse, 2 wrong input, 3 nothing feasible,"
    " 4 a price or fact is missing, 5 AWS failed or refused.",
)
@click.version_option(__version__, prog_name="advisor")
def cli() -> None:
    """Cost and architecture decisions for AWS serverless.

    Describe a workload; get the design, its bill line by line, and the reason.
    """


def main() -> None:
    """Run the command; every expected failure ends with a message and its exit code."""
    from advisor.errors import AdvisorError

    try:
        cli()
    except AdvisorError as error:
        # A path or a name from a file may hold what drives a terminal.
        from advisor.document.diagnostics import visible

        click.echo("\n".join(map(visible, str(error).split("\n"))), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe went away, as `| head` does; there is nobody left to tell.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
