"""The wheel in an environment of its own, far from the checkout."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

import advisor
from tests.packaging.conftest import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workload(tmp_path: Path) -> str:
    shutil.copy(ROOT / "examples" / "checkout-api.yaml", tmp_path / "mine.yaml")
    return "mine.yaml"


def test_the_command_tells_its_version(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "advisor", "--version", cwd=tmp_path).split() == [
        "advisor,",
        "version",
        advisor.__version__,
    ]


def test_the_answer_is_that_of_the_checkout(installed: Path, tmp_path: Path, workload: str) -> None:
    """The JSON data gives the bytes that the YAML data gives, price digest included."""
    from advisor.decisions.search import compare
    from advisor.report.json import render
    from advisor.workload.loading import load

    printed = run(installed / "advisor", "compare", workload, "--format", "json", cwd=tmp_path)

    loaded = load(str(tmp_path / workload))
    assert printed == render([compare(loaded.workload, as_of=None, file=workload)])
    assert float(json.loads(printed)["recommendation"]["monthly_usd"]) > 0


def test_the_table_is_printed(installed: Path, tmp_path: Path, workload: str) -> None:
    printed = run(installed / "advisor", "compare", workload, cwd=tmp_path)

    assert printed.startswith("checkout-api, eu-west-1")


def test_the_installed_program_reads_its_own_compiled_data(installed: Path, tmp_path: Path) -> None:
    """Neither the checkout nor, but for the digest of the prices, the YAML is looked at."""
    code = (
        "import sys, advisor.data as d; from pathlib import Path;"
        "d.read_data('pricing/aws/lambda.yaml'); assert 'yaml' not in sys.modules;"
        "print(Path(d.data_root()).resolve().relative_to(Path(sys.prefix).resolve()).parts[-2:])"
    )

    assert run(installed / "python", "-I", "-c", code, cwd=tmp_path).strip() == (
        "('advisor', '_data')"
    )


def test_the_installed_program_does_not_parse_its_own_rules(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import sys; from advisor.rulebook.rulebook import DECISIONS, built_in;"
        "print(sum(len(built_in(each)) for each in DECISIONS));"
        "assert not {'yaml', 'advisor.rulebook.language.parsing',"
        " 'advisor.rulebook.language.checking', 'numpy'} & set(sys.modules)"
    )

    printed = run(installed / "python", "-I", "-c", code, cwd=tmp_path)

    from advisor.rulebook.rulebook import DECISIONS, built_in

    assert int(printed) == sum(len(built_in(each)) for each in DECISIONS)


def test_the_examples_are_installed(installed: Path, tmp_path: Path) -> None:
    run(installed / "advisor", "init", "--example", "webhook", cwd=tmp_path)

    written = (tmp_path / "workload.yaml").read_bytes()
    assert written == (ROOT / "examples" / "webhook.yaml").read_bytes()


def test_the_data_is_on_nobodys_import_path(installed: Path, tmp_path: Path) -> None:
    code = (
        "from importlib.util import find_spec;"
        "print([n for n in ('pricing', 'rules', 'examples', 'tests', 'hatch_build', 'benchmarks')"
        " if find_spec(n)])"
    )

    assert run(installed / "python", "-I", "-c", code, cwd=tmp_path).strip() == "[]"
