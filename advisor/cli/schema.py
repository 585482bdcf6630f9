"""advisor schema: the JSON Schema of the workload file and of the policy."""

from __future__ import annotations

import click

from advisor.cli import options


@click.command()
@click.option("--policy", is_flag=True, help="The schema of advisor.yaml, the gate's policy.")
def command(policy: bool) -> None:  # noqa: FBT001 - click's signature
    """Print the JSON Schema of the workload file, made from the types that read it."""
    import json

    if policy:
        from advisor.gate.policy import schema
    else:
        from advisor.workload.loading import schema

    options.write(json.dumps(schema(), indent=2) + "\n")
