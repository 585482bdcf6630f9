"""What the wheel and the sdist hold."""

from __future__ import annotations

import sys
import tarfile
from typing import TYPE_CHECKING
from zipfile import ZipFile

import msgspec
import pytest

from advisor.document.tree import parse
from advisor.rulebook.rulebook import DECISIONS, built_in
from advisor.rulebook.shipped import PARSED, decoded
from advisor.tariff.digest import compute
from tests.packaging.conftest import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

DATA = sorted(
    path.relative_to(ROOT) for folder in ("pricing", "rules") for path in (ROOT / folder).rglob("*")
)
YAML = [path for path in DATA if path.suffix == ".yaml"]
WITH_RULES = [decision for decision in DECISIONS if built_in(decision)]
EXAMPLES = sorted(path.relative_to(ROOT) for path in (ROOT / "examples").rglob("*.yaml"))


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def exact(value: object) -> object:
    """Return a tree in which 1, 1.0 and True differ, which == does not tell apart."""
    if isinstance(value, dict):
        return [(key, exact(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [exact(item) for item in value]
    return type(value).__name__, value


def test_the_wheel_puts_one_name_on_the_import_path(wheel: Path) -> None:
    names = {name.split("/")[0] for name in contents(wheel)}

    assert {name for name in names if not name.endswith(".dist-info")} == {"advisor"}
    assert len(names) == 2


def test_the_wheel_has_every_module_and_the_marker_of_typing(wheel: Path) -> None:
    code = {name for name in contents(wheel) if name.endswith(".py")}

    assert code == {str(path.relative_to(ROOT)) for path in (ROOT / "advisor").rglob("*.py")}
    assert "advisor/py.typed" in contents(wheel)


def test_the_wheel_has_the_licence_the_readme_and_the_command(wheel: Path) -> None:
    files = contents(wheel)
    by_name = {name.split(".dist-info/")[-1]: text for name, text in files.items()}

    assert by_name["licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert b"License-Expression: Apache-2.0" in by_name["METADATA"]
    assert (ROOT / "README.md").read_bytes().strip() in by_name["METADATA"]
    assert b"advisor = advisor.cli:main" in by_name["entry_points.txt"]


def test_the_wheel_has_the_data_and_nothing_else_below_its_data_folder(wheel: Path) -> None:
    files = contents(wheel)
    shipped = {name for name in files if name.startswith("advisor/_data/")}
    written = {f"advisor/_data/{path}" for path in [*DATA, *EXAMPLES] if (ROOT / path).is_file()}
    compiled = {f"advisor/_data/{path.with_suffix('.json')}" for path in YAML}
    parsed = {f"advisor/_data/rules/{decision}{PARSED}" for decision in WITH_RULES}

    assert len(compiled) > 20
    assert shipped == written | compiled | parsed | {"advisor/_data/pricing/digest.json"}
    assert msgspec.json.decode(files["advisor/_data/pricing/digest.json"]) == compute()
    for name in written:
        assert files[name] == (ROOT / name.removeprefix("advisor/_data/")).read_bytes()


@pytest.mark.parametrize("path", YAML, ids=str)
def test_the_compiled_data_reads_as_the_yaml_does(wheel: Path, path: Path) -> None:
    """Compare with the parser of the checkout: values, their types and the order of the keys."""
    with ZipFile(wheel) as archive:
        compiled = archive.read(f"advisor/_data/{path.with_suffix('.json')}")

    written = parse((ROOT / path).read_bytes(), str(path)).value

    assert exact(msgspec.json.decode(compiled)) == exact(written)


@pytest.mark.parametrize("decision", WITH_RULES)
def test_the_parsed_rules_are_those_of_the_yaml(wheel: Path, decision: str) -> None:
    """Neither parsed nor checked again by the installed program, so both must be the same."""
    with ZipFile(wheel) as archive:
        parsed = archive.read(f"advisor/_data/rules/{decision}{PARSED}")

    rules = built_in(decision)

    assert decoded(parsed) == rules
    assert exact(msgspec.to_builtins(decoded(parsed))) == exact(msgspec.to_builtins(rules))


def test_the_comparison_tells_a_number_from_its_likes() -> None:
    assert len({str(exact({"a": [value]})) for value in (1, 1.0, True, "1", None)}) == 5


def test_a_build_leaves_the_checkout_as_it_was(checkout: Path, wheel: Path) -> None:
    """Nothing compiled stays in the tree, where a later edit of the YAML would not reach it."""
    assert wheel.is_file()
    left = [*checkout.rglob("*.json"), *checkout.rglob("_data"), *checkout.rglob("dist")]
    assert [path for path in left if not (ROOT / path.relative_to(checkout)).exists()] == []


def test_the_sdist_has_what_building_and_testing_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames() if "/" in name}
    code, data = ("advisor", "tests", "benchmarks", "action"), ("pricing", "rules", "examples")
    kept = {
        str(path.relative_to(ROOT))
        for folder in (*code, *data, "docs", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    single = {"pyproject.toml", "hatch_build.py", "Makefile", "README.md", "LICENSE", ".ci/run"}
    for_ci = {"action.yml", ".pre-commit-hooks.yaml"}

    assert kept | single | for_ci <= names
    assert not [name for name in names if "__pycache__" in name or ".venv" in name]


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_checkout(
    sdist: Path, wheel: Path, tmp_path: Path
) -> None:
    """Built in isolation, by pip, so that only build-system.requires is there."""
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
    run(*pip, "--wheel-dir", tmp_path, sdist, cwd=tmp_path)

    (rebuilt,) = tmp_path.glob("*.whl")
    # WHEEL names the version of the build tool, and RECORD holds its checksum.
    told_apart = ("/WHEEL", "/RECORD")
    assert {k: v for k, v in contents(rebuilt).items() if not k.endswith(told_apart)} == {
        k: v for k, v in contents(wheel).items() if not k.endswith(told_apart)
    }
