"""advisor schema: the JSON Schema of the workload file."""

from __future__ import annotations

import click

from advisor.cli import options


@click.command()
def command() -> None:
    """Print the JSON Schema of the workload file, made from the types that read it."""
    import json

    from advisor.workload.loading import schema

    options.write(json.dumps(schema(), indent=2) + "\n")
