"""What several commands share: days, Regions, the price table, colour, and where output goes."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from advisor.rulebook import Rulebook

Command = TypeVar("Command", bound="Callable[..., Any]")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}", re.ASCII)


class Day(click.ParamType[date]):
    """A calendar day."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day such as 2026-11-24.", param, ctx)


class Region(click.ParamType[str]):
    """The code of an AWS Region."""

    name = "REGION"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        if not _REGION.fullmatch(str(value)):
            self.fail(f"{value!r} is not a Region such as eu-west-1.", param, ctx)
        return str(value)


def region(text: str) -> str:
    """Return the code of a Region; refuse what is none."""
    return Region().convert(text, None, None)


def listed(values: Iterable[str]) -> list[str]:
    """Return the values of an option that takes lists, separated by commas, and may come again."""
    return [each.strip() for value in values for each in value.split(",")]


def as_of(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--as-of``."""
    return click.option(
        "--as-of", type=Day(), help="Use the prices of that day.  [default: the newest]"
    )(command)


def prices(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--prices``, with its variable."""
    return click.option(
        "--prices",
        metavar="DIR",
        envvar="ADVISOR_PRICES",
        help="Use the price table in this folder.  [env: ADVISOR_PRICES; default: the shipped one]",
    )(command)


def rules(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--rules``, which ``rulebook`` reads."""
    return click.option(
        "--rules",
        multiple=True,
        metavar="DIR",
        help="Add the rules of this folder or file; may be given again."
        "  [also: .advisor/rules, where it exists]",
    )(command)


def rulebook(places: Sequence[str]) -> Rulebook:
    """Return the built-in rules with those of ``--rules`` and of ``.advisor/rules`` here."""
    from advisor.rulebook.names import FOLDER

    # Most runs have no rules of their own, and need not load what reads them.
    if not places and not os.path.lexists(FOLDER):
        from advisor.rulebook.rulebook import built_in_rulebook

        return built_in_rulebook()
    from advisor.rulebook.files import open_rulebook
    from advisor.rulebook.folders import folder_here

    return open_rulebook((*folder_here(), *places))


def flips(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--flips``."""
    return click.option(
        "--flips",
        type=click.Choice(["traffic", "all"]),
        default="traffic",
        show_default=True,
        help="Look for flip points along traffic, or along every figure (takes seconds).",
    )(command)


def formats(*names: str, what: str = "answer") -> Callable[[Command], Command]:
    """Give a command ``--format``, by default the first of ``names``."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help=f"How to print the {what}.",
    )


table_or_json = formats("table", "json")


def source_checkout() -> str | None:
    """Return the price table of the source checkout that the program runs from, if it does."""
    from advisor.data import data_root
    from advisor.tariff.digest import FOLDER

    folder = os.path.join(data_root(), FOLDER)  # noqa: PTH118 - pathlib takes 5 ms to import
    return None if os.path.basename(data_root()) == "_data" else folder  # noqa: PTH119 - pathlib takes 5 ms


@contextmanager
def progress(steps: int, label: str) -> Iterator[Callable[[str, int], None]]:
    """Show a bar on a terminal, a step for each new thing that is told of; nothing elsewhere."""
    seen: set[str] = set()
    with click.progressbar(
        length=steps, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def tell(what: str, done: int) -> None:  # noqa: ARG001 - pages are too small for a step
            if what not in seen:
                seen.add(what)
                bar.update(1)

        yield tell


def today() -> date:
    """Return the day on the machine's clock: only where an option fixes it otherwise."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date()


def coloured(output: str | None = None) -> bool:
    """Return whether the answer may have colour: on a terminal, unless NO_COLOR says otherwise."""
    terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    return terminal and not os.environ.get("NO_COLOR")


def write(text: str, output: str | None = None) -> None:
    """Print an answer, or write it to a file."""
    if output is None:
        _print(text)
        return
    try:
        with open(output, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - a user's path
            file.write(text)
    except OSError as error:
        raise AdvisorError(f"cannot write {output}: {error.strerror}") from error


def _print(text: str) -> None:
    if sys.stdout is None:
        raise AdvisorError("standard output is closed; --output FILE writes to a file")
    try:
        # Flushed here: a disk that is full would else be noticed when nobody can tell of it.
        click.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is left in the buffer would fail once more when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise AdvisorError(f"cannot write to standard output: {error.strerror}") from error
