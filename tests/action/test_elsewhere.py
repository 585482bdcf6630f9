"""The hooks and the GitLab job, run as they are written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.action.conftest import NO_CONFIGURATION, WHO, git
from tests.action.test_steps import FILES, Clone, clone
from tests.gate.conftest import shop
from tests.packaging.conftest import ROOT, built, wheel

__all__ = ["built", "clone", "wheel"]

SURROUNDINGS = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME") or k[:4] == "PIP_"}


def test_pre_commit_runs_the_hooks(tmp_path: Path) -> None:
    """From a repository with the files of this one, which pre-commit installs as it always does."""
    advisor, project = tmp_path / "advisor", tmp_path / "project"
    left_out = shutil.ignore_patterns(
        ".*_cache", ".venv", ".git", "__pycache__", ".hypothesis", "dist", "build"
    )
    shutil.copytree(ROOT, advisor, ignore=left_out)
    for folder in (advisor, project):
        folder.mkdir(exist_ok=True)
        git(folder, "init", "-q")
    git(advisor, "add", "-A")
    git(advisor, "commit", "-q", "-m", "m")
    gate = {"id": "advisor-gate", "args": [FILES, "--against", "HEAD"]}
    repository = {
        "repo": str(advisor),
        "rev": git(advisor, "rev-parse", "HEAD"),
        "hooks": [{"id": "advisor-compare"}, gate],
    }
    config = project / ".pre-commit-config.yaml"
    config.write_text(yaml.safe_dump({"repos": [repository]}), encoding="utf-8")
    workload = project / "workloads" / "shop.yaml"
    workload.parent.mkdir()

    def commit(text: str) -> list[str]:
        """Stage a workload and return how each hook ended; a commit follows when all passed."""
        workload.write_text(text, encoding="utf-8")
        git(project, "add", "-A")
        done = subprocess.run(
            [Path(sys.executable).with_name("pre-commit"), "run", "--color=never"],
            cwd=project,
            env={
                **SURROUNDINGS,
                **NO_CONFIGURATION,
                **WHO,
                "PRE_COMMIT_HOME": str(tmp_path / "home"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        ended = [line.rpartition(".")[2] for line in done.stdout.splitlines() if "...." in line]
        assert (done.returncode == 0) == (ended == ["Passed", "Passed"]), done.stdout + done.stderr
        if done.returncode == 0:
            git(project, "commit", "-q", "--no-verify", "-m", "m")
        return ended

    git(project, "commit", "-q", "--allow-empty", "-m", "m")
    assert commit(shop(memory=2048)) == ["Passed", "Failed"]  # a new workload costs its whole
    git(project, "commit", "-q", "--no-verify", "-m", "m")
    assert commit(shop(memory=3072)) == ["Passed", "Failed"]
    assert commit(shop(memory=1024)) == ["Passed", "Passed"]
    assert commit("version: 1\n") == ["Failed", "Failed"]


@pytest.mark.parametrize("is_merged_result", [False, True])
def test_the_gitlab_job_judges_the_merge_request(
    clone: Clone, wheel: Path, tmp_path: Path, *, is_merged_result: bool
) -> None:
    base = git(clone.origin, "rev-parse", "main")
    clone.push("change", {"workloads/$(touch pwned).yaml": shop(name="dear", memory=2048)})
    clone.on_main()
    tip = clone.push("main", {"workloads/other.yaml": shop(name="other")})
    checkout = clone.merge("change")
    if not is_merged_result:
        git(checkout, "checkout", "-q", "origin/change")
    job = yaml.safe_load((ROOT / "templates/advisor-gate.gitlab-ci.yml").read_bytes())[
        "advisor-gate"
    ]
    for module in ("pip", "json"):
        (checkout / f"{module}.py").write_text("raise SystemExit(3)", encoding="utf-8")

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-e", "-c", "\n".join(job["script"])],
            cwd=checkout,
            env={
                **SURROUNDINGS,
                **NO_CONFIGURATION,
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
                "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": tip if is_merged_result else "",
                **job["variables"],
                "PYTHONPATH": str(checkout),
                "ADVISOR_FILES": FILES,
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    assert run().returncode == 2
    done = run(ADVISOR_SOURCE=str(wheel), PATH=f"{Path(sys.executable).parent}:{os.defpath}")

    assert done.returncode == 1, done.stdout + done.stderr
    outcome = json.loads((checkout / "advisor-gate/gate.json").read_bytes())
    assert outcome["policy"]["from"] == "base"
    assert {w["name"] for w in outcome["workloads"] if w["status"] != "unchanged"} == {"dear"}
    for report in job["artifacts"]["reports"].values():
        assert (checkout / report).stat().st_size > 0
    assert not list(tmp_path.rglob("pwned"))
