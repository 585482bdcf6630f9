"""action.yml, the hooks, the GitLab job and the pages' samples, by vendors' schemas and linters."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.packaging.conftest import ROOT

BIN = Path(sys.executable).parent
TEMPLATE = ROOT / "templates" / "advisor-gate.gitlab-ci.yml"
PAGES = {
    "ci-github": ("vendor.github-workflows", ".github/workflows/advisor.yml"),
    "ci-gitlab": ("vendor.gitlab-ci", ".gitlab-ci.yml"),
}


def samples(page: str) -> list[str]:
    """Return the YAML that a page shows."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def check(*command: str | Path) -> str:
    """Run a checker of the dev extra; it says what is wrong by its exit code."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def action() -> Any:
    return yaml.safe_load((ROOT / "action.yml").read_bytes())


def test_the_action_fits_its_schema() -> None:
    check("check-jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml")


def test_the_gitlab_job_fits_its_schema() -> None:
    check("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", TEMPLATE)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_fits_its_schema(page: str, tmp_path: Path) -> None:
    schema, name = PAGES[page]
    (text,) = samples(page)
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")

    check("check-jsonschema", "--builtin-schema", schema, path)


def test_the_hooks_and_their_page_are_valid(tmp_path: Path) -> None:
    check("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml")
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())}
    shown = samples("pre-commit")
    for text in shown:
        (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
        check("pre-commit", "validate-config", tmp_path / "config.yaml")
        assert {hook["id"] for hook in yaml.safe_load(text)["repos"][0]["hooks"]} <= hooks
    assert len(shown) == 2


def test_an_auditor_of_actions_finds_nothing(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "advisor.yml").write_text(samples("ci-github")[0], encoding="utf-8")

    said = check("zizmor", "--offline", "--strict-collection", ROOT / "action.yml", workflows)
    assert "No findings" in said


def test_a_linter_of_shells_finds_nothing(tmp_path: Path) -> None:
    check("shellcheck", ROOT / "action" / "install.sh")
    for number, step in enumerate(action()["runs"]["steps"]):
        script = tmp_path / f"{number}.sh"
        script.write_text(f"#!/usr/bin/env bash\n{step['run']}\n", encoding="utf-8")
        check("shellcheck", script)


def test_no_script_has_an_expression_in_it_and_no_other_action_is_used() -> None:
    """What an expression puts into a script is run: inputs go through `env` alone."""
    for step in action()["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"]
        assert "${{" not in step["shell"]


def test_no_step_knows_the_event_but_from_its_file() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    found = set(re.findall(r"\$\{\{ *(\w+\.\w+)", text))
    assert {expression for expression in found if expression.startswith("github.")} == {
        "github.token"
    }


def test_the_workflow_on_the_page_uses_full_commits() -> None:
    (text,) = samples("ci-github")
    used = re.findall(r"uses: (\S+)", text)
    assert len(used) == 2
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in used)


def test_the_page_lists_the_inputs_and_outputs() -> None:
    page = (ROOT / "docs" / "ci-github.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)
    assert listed == [*action()["inputs"], *action()["outputs"]]


@pytest.mark.parametrize(
    ("name", "hooks"),
    [
        ("workload.yaml", {"advisor-gate", "advisor-compare"}),
        ("services/workloads/eu/shop.yml", {"advisor-gate", "advisor-compare"}),
        ("shop/workload-eu.yaml", {"advisor-gate", "advisor-compare"}),
        ("advisor.yaml", {"advisor-gate"}),
        ("workloads/advisor.yaml", {"advisor-gate"}),
        ("workloads/readme.md", set()),
        ("deploy.yaml", set()),
    ],
)
def test_the_hooks_look_at_workloads(name: str, hooks: set[str]) -> None:
    """As pre-commit reads `files` and `exclude`: searched for, not matched."""
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    looking = {
        hook["id"]
        for hook in manifest
        if re.search(hook["files"], name) and not re.search(hook.get("exclude", "^$"), name)
    }
    assert looking == hooks
