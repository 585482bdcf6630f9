"""What a command loads, read from the interpreter itself after the command has run.

Start-up time is mostly imports, and these are the ones that cost tens of milliseconds or that a
command has no use for. A timing would depend on the machine; the list of modules does not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = "examples/checkout-api.yaml"
STEADY = "examples/internal-service.yaml"

# The command ends with SystemExit; the modules go to a file, as standard output is the answer.
CHILD = """
import sys
from pathlib import Path
target = Path(sys.argv.pop(1))
before = set(sys.modules)
from advisor.cli import main
try:
    main()
except SystemExit as end:
    if end.code:
        raise
finally:
    target.write_text("\\n".join(sorted(set(sys.modules) - before)))
"""

HEAVY = {"boto3", "botocore", "numpy", "jsonschema_rs"}
METADATA = {"importlib.metadata", "importlib_metadata"}  # tabulate asks it for its own version
CALCULATION = {"yaml", "msgspec", "decimal", "advisor.decisions", "advisor.workload"}


def loaded(target: Path, *arguments: str) -> set[str]:
    """Return the modules that a command loaded, with the packages they are in."""
    # -S keeps a .pth file of the environment, as an editable install has, from importing for us;
    # the packages are then found by the path that this process has.
    path = [str(ROOT), *(entry for entry in sys.path if entry.endswith("site-packages"))]
    child = subprocess.run(
        [sys.executable, "-S", "-c", CHILD, str(target), *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": ":".join(path)},
        check=True,
        capture_output=True,
    )
    assert child.stdout  # the command did its work
    return set(target.read_text().split())


@pytest.mark.parametrize(
    ("command", "unwanted"),
    [
        ("--help", HEAVY | METADATA | CALCULATION | {"tabulate", "advisor.report"}),
        ("--version", HEAVY | METADATA | CALCULATION | {"tabulate", "advisor.report"}),
        ("compare --help", HEAVY | METADATA | CALCULATION | {"tabulate", "advisor.report"}),
        (f"compare {EXAMPLE} --format json", HEAVY | METADATA | {"tabulate"}),
        (f"compare {EXAMPLE} --format markdown", HEAVY | METADATA | {"tabulate"}),
        (f"compare {EXAMPLE}", HEAVY),
        ("explain --help", HEAVY | METADATA | CALCULATION | {"tabulate", "advisor.report"}),
        (f"explain {STEADY}", HEAVY | METADATA | {"tabulate"}),
        ("explain claims", HEAVY | METADATA | {"tabulate"}),
    ],
    ids=[
        "help",
        "version",
        "compare-help",
        "json",
        "markdown",
        "table",
        "explain-help",
        "explain",
        "explain-claims",
    ],
)
def test_a_command_loads_nothing_heavy_that_it_has_no_use_for(
    tmp_path: Path, command: str, unwanted: set[str]
) -> None:
    modules = loaded(tmp_path / "modules", *command.split())

    assert modules & unwanted == set()
    assert {"click", "advisor.cli"} <= modules  # else the child looked at another process


def test_the_list_of_modules_would_show_a_heavy_one(tmp_path: Path) -> None:
    """The table is made by tabulate and the workload is YAML, so both must be in the list."""
    modules = loaded(tmp_path / "modules", "compare", EXAMPLE)

    assert {"tabulate", "yaml", "msgspec", "advisor.decisions"} <= modules
