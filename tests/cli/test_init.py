"""advisor init: what it writes can be compared as it stands."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from advisor.workload import starter
from advisor.workload.defaults import section_type
from advisor.workload.loading import load

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Advisor = Callable[..., subprocess.CompletedProcess[str]]

SECTIONS = [name for name in starter.sections() if name != "traffic"]


def test_the_starter_file_is_compared_as_it_stands(advisor: Advisor, tmp_path: Path) -> None:
    assert advisor("init", cwd=tmp_path).returncode == 0
    done = advisor("compare", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "USD a month" in done.stdout


def test_an_existing_file_is_left_alone(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "workload.yaml"
    path.write_text("mine", encoding="utf-8")
    assert advisor("init", cwd=tmp_path).returncode == 2
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("wanted", [*itertools.combinations(SECTIONS, 1), tuple(SECTIONS)])
def test_every_section_can_be_read_back(wanted: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "workload.yaml"
    asks = {"compute", "api", "workflow", "messaging"}
    chosen = wanted if asks & set(wanted) else (*wanted, "compute")
    path.write_text(starter.text(chosen), encoding="utf-8")
    workload = load(str(path)).workload
    for name in chosen:
        assert getattr(workload, name) is not None


def test_every_field_of_a_section_is_explained() -> None:
    text = starter.text(SECTIONS)
    for section in starter.sections():
        kind = section_type(section)
        for field in kind.__struct_fields__:
            assert f"  {field}:" in text or f"  # {field}:" in text, f"{section}.{field}"


def test_the_list_names_every_example(advisor: Advisor, repository: Path) -> None:
    listed = advisor("init", "--list").stdout.splitlines()
    names = [line.split()[0] for line in listed]
    assert names == sorted(path.stem for path in (repository / "examples").glob("*.yaml"))
    assert all(len(line.split()) > 4 for line in listed)


def test_an_example_is_written_as_it_is(advisor: Advisor, repository: Path) -> None:
    done = advisor("init", "--example", "webhook", "--output", "-")
    assert done.stdout == (repository / "examples" / "webhook.yaml").read_text(encoding="utf-8")
