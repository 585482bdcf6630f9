"""advisor init: a commented starter file, or one of the examples."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from advisor.cli import options
from advisor.errors import AdvisorError


@click.command()
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="SECTION",
    help="Write this section too (compute, slo, api, …); may be given again.  [default: compute,"
    " slo and api]",
)
@click.option("--list", "list_", is_flag=True, help="List the examples.")
@click.option("--example", metavar="NAME", help="Write this example instead.")
@click.option("--output", "-o", default="workload.yaml", show_default=True, metavar="FILE")
def command(sections: tuple[str, ...], list_: bool, example: str | None, output: str) -> None:  # noqa: FBT001 - click
    """Write a commented starter workload file; - writes to standard output."""
    from advisor.workload import starter

    if list_:
        width = max(len(name) for name, _ in starter.examples())
        lines = []
        for name, about in starter.examples():
            lines.append(f"{name:<{width}}  {about}\n")
        options.write("".join(lines))
        return
    if example is not None:
        text = starter.example(example)
    else:
        text = starter.text(sections or ("compute", "slo", "api"))
    if output == "-":
        options.write(text)
        return
    path = Path(output)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise AdvisorError(f"{output} exists already and is left as it is") from None
    except OSError as error:
        raise AdvisorError(f"cannot write {output}: {error.strerror}") from error
    click.echo(f"Wrote {output}. Next: advisor compare {output}", file=sys.stderr)
