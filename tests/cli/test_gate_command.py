"""`advisor gate`, `advisor diff` and `advisor schema --policy`: formats, outputs, arguments."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Advisor = Callable[..., subprocess.CompletedProcess[str]]

OLD = """\
name: shop
region: eu-west-1
traffic: {monthly_requests: 12000000, peak_rps: 60}
compute: {memory_mb: 512, request_duration_ms: 120}
api: {average_payload_kb: 10}
"""
NEW = OLD.replace("12000000", "15000000")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a repository with a workload that costs more than in its only commit."""
    (tmp_path / "workload.yaml").write_text(OLD, encoding="utf-8")
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        ("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "m"),
    ):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    (tmp_path / "workload.yaml").write_text(NEW, encoding="utf-8")
    return tmp_path


def test_several_formats_in_one_run(advisor: Advisor, folder: Path) -> None:
    done = advisor(
        *("gate", "--against", "main", "--format", "table", "--format", "json"),
        *("--output", "out.json"),
        cwd=folder,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("Failed: +10.62 USD a month (+25 %)\n")
    assert json.loads((folder / "out.json").read_text(encoding="utf-8"))["verdict"] == "fail"


def test_the_bytes_depend_on_nothing_around(advisor: Advisor, folder: Path) -> None:
    for name in "abcdef":
        (folder / f"{name}.yaml").write_text(NEW.replace("shop", name), encoding="utf-8")
    arguments = ("gate", "*.yaml", "--against", "main", "--format", "json", "--policy-from", "base")
    first = advisor(*arguments, cwd=folder, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    second = advisor(*arguments, cwd=folder, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    assert first.returncode == 1
    assert first.stdout == second.stdout


def test_an_output_belongs_to_the_format_before_it(advisor: Advisor, folder: Path) -> None:
    done = advisor(
        *("gate", "--against", "main", "--format", "table", "--output", "out.txt"),
        *("--format", "json", "--output", "-"),
        cwd=folder,
    )
    assert json.loads(done.stdout)["exit_code"] == done.returncode == 1
    assert (folder / "out.txt").read_text(encoding="utf-8").startswith("Failed")
    alone = advisor("gate", "--against", "main", "--output", "alone.txt", cwd=folder)
    assert (alone.returncode, alone.stdout) == (1, "")
    assert (folder / "alone.txt").read_text(encoding="utf-8").startswith("Failed")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--format", "json", "--format", "table"), "Only one --format"),
        (("--format", "json", "--output", "a", "--output", "b"), "Each --output follows"),
        (("--format", "json", "--output", "a", "--format", "table", "--output", "./a"), "one file"),
        (("--max-increase", "ten"), "is neither an amount"),
        (("--max-increase", "-1"), "is neither an amount"),
        (("--max-increase", "nan"), "is neither an amount"),
        (("--budget", "shop=x"), "is not a budget"),
        (("--severity", "data-missing=warn"), "is not such as"),
        (("--format", "xml"), "is not one of"),
        (("--output", "missing/a.json"), "cannot write"),
    ],
)
def test_arguments_that_are_wrong(
    advisor: Advisor, folder: Path, options: tuple[str, ...], words: str
) -> None:
    done = advisor("gate", "--against", "main", *options, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (folder / "a").exists()


def test_diff_of_two_files(advisor: Advisor, folder: Path) -> None:
    (folder / "old.yaml").write_text(OLD, encoding="utf-8")
    done = advisor("diff", "old.yaml", "workload.yaml", "--format", "json", cwd=folder)
    assert done.returncode == 0
    tree = json.loads(done.stdout)
    assert "verdict" not in tree
    assert tree["findings"] == []
    assert tree["totals"]["delta_percent"].startswith("24.99")
    in_git = advisor("diff", "main:workload.yaml", "workload.yaml", "--format", "json", cwd=folder)
    assert json.loads(in_git.stdout)["totals"] == tree["totals"]
    by_revision = advisor("diff", "main", "workload.yaml", "--format", "json", cwd=folder)
    assert json.loads(by_revision.stdout)["totals"] == tree["totals"]
    advisor("baseline", "old.yaml", "-o", "base.json", cwd=folder)
    by_baseline = advisor("diff", "base.json", "*.yaml", "--format", "json", cwd=folder)
    assert {w["file"]: w["status"] for w in json.loads(by_baseline.stdout)["workloads"]} == {
        "old.yaml": "unchanged",
        "workload.yaml": "new",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.yaml:x", "workload.yaml"), "unknown-revision"),
        (("workload.yaml", "bad.yaml"), "bad.yaml:1:1: error"),
        (("workload.yaml", "workload.yaml", "bad.yaml"), "Two files"),
        (("workload.yaml",), "Missing argument"),
    ],
)
def test_diff_refuses(
    advisor: Advisor, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    (folder / "bad.yaml").write_text("nmae: x\n", encoding="utf-8")
    done = advisor("diff", *arguments, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr


def test_diff_with_a_missing_price(advisor: Advisor, folder: Path) -> None:
    text = OLD.replace("eu-west-1", "eu-central-1")
    (folder / "old.yaml").write_text(text, encoding="utf-8")
    assert advisor("diff", "old.yaml", "workload.yaml", cwd=folder).returncode == 4


def test_the_schema_of_the_policy(advisor: Advisor, repository: Path) -> None:
    done = advisor("schema", "--policy")
    assert done.returncode == 0
    stored = (repository / "docs/policy.schema.json").read_text(encoding="utf-8")
    assert done.stdout == stored
    properties = json.loads(stored)["$defs"]["Policy"]["properties"]
    assert all("description" in value for value in properties.values())
