"""The steps of action.yml, run as they are written, on real repositories with two branches."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.action.conftest import Ran, Runner, git
from tests.gate.conftest import shop

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = "workloads/*.yaml"


class Clone:
    """What actions/checkout leaves: a clone of origin, on the merge of a pull request's branch."""

    def __init__(self, folder: Path, *, main: str = "main") -> None:
        self.main = main
        self.origin, self.folder, self._work = (
            folder / name for name in ("origin.git", "checkout", "work")
        )
        git(folder, "init", "-q", "--bare", str(self.origin))
        git(folder, "init", "-q", "-b", main, str(self._work))
        git(self._work, "remote", "add", "origin", str(self.origin))

    def push(self, branch: str, files: Mapping[str, str]) -> str:
        """Commit files on a branch of origin, a new one from where the last push was."""
        if branch != git(self._work, "branch", "--show-current"):
            git(self._work, "checkout", "-q", "-B", branch)
        for name, text in files.items():
            path = self._work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git(self._work, "add", "-A")
        git(self._work, "commit", "-q", "-m", "m")
        git(self._work, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")
        return git(self._work, "rev-parse", "HEAD")

    def on_main(self) -> None:
        """Go back to the main branch of origin, whose next commit the pull request has not."""
        git(self._work, "checkout", "-q", self.main)

    def merge(self, branch: str, *options: str) -> Path:
        """Clone origin and check the merge of the branch out, as refs/pull/N/merge holds it."""
        git(self._work, "checkout", "-q", "--detach", self.main)
        git(self._work, "merge", "-q", "--no-ff", "-m", "m", branch)
        git(self._work, "push", "-q", "origin", "HEAD:refs/pull/7/merge")
        url = self.origin.as_uri()
        git(self.origin.parent, "init", "-q", str(self.folder))
        git(self.folder, "remote", "add", "origin", url)
        pull = "+refs/pull/7/merge:refs/remotes/pull/7/merge"
        heads = () if options else ("+refs/heads/*:refs/remotes/origin/*",)
        git(self.folder, "fetch", "-q", *options, "origin", *heads, pull)
        git(self.folder, "checkout", "-q", "--detach", "refs/remotes/pull/7/merge")
        return self.folder


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path)
    made.push("main", {"workloads/shop.yaml": shop()})
    return made


def pull_request(*, fork: bool = False) -> dict[str, Any]:
    head = "stranger/shop" if fork else "owner/shop"
    return {
        "number": 7,
        "pull_request": {
            "node_id": "PR_7",
            "base": {"repo": {"full_name": "owner/shop"}},
            "head": {"repo": {"full_name": head}},
        },
    }


def judge(
    runner: Runner, checkout: Path, inputs: Mapping[str, str] | None = None, **more: str
) -> Ran:
    """Run the action on a pull request; ``more`` is the event's name and its base branch."""
    given = {"files": FILES, **(inputs or {})}
    return runner.run(
        checkout,
        pull_request(),
        given,
        name=more.get("name", "pull_request"),
        base_ref=more.get("base_ref", "main"),
    )


def outcome(ran: Ran) -> Any:
    return json.loads(Path(ran.outputs["report-path"], "gate.json").read_bytes())


def test_a_regression_fails_with_its_amount(clone: Clone, runner: Runner) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(memory=2048)})

    ran = judge(runner, clone.merge("change"))

    assert ran.code == 1
    assert ran.outputs["verdict"] == "fail"
    told = outcome(ran)
    assert Decimal(ran.outputs["monthly-delta"]) == Decimal(told["totals"]["delta_usd"]) > 0
    assert told["policy"]["from"] == "base"
    assert told["against"]["point"] == "merge-base"
    assert "shop" in ran.summary
    assert "shop" in ran.log


def test_an_improvement_passes(clone: Clone, runner: Runner) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(duration=60)})

    ran = judge(runner, clone.merge("change"))

    assert (ran.code, ran.outputs["verdict"]) == (0, "pass")
    assert Decimal(ran.outputs["monthly-delta"]) < 0


def test_a_missing_price_is_unknown_and_has_no_sum(clone: Clone, runner: Runner) -> None:
    nowhere = shop(name="nowhere").replace("us-east-1", "eu-central-1")
    clone.push("change", {"workloads/nowhere.yaml": nowhere})

    ran = judge(runner, clone.merge("change"))

    assert ran.code == 4
    assert ran.outputs["verdict"] == "unknown"
    assert ran.outputs["monthly-delta"] == ""


def test_what_main_got_meanwhile_is_not_the_pull_requests(clone: Clone, runner: Runner) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(duration=60)})
    clone.on_main()
    clone.push("main", {"workloads/dear.yaml": shop(name="dear", requests=100_000_000)})

    ran = judge(runner, clone.merge("change"))

    assert ran.outputs["verdict"] == "pass"
    assert [w["status"] for w in outcome(ran)["workloads"] if w["name"] == "dear"] == ["unchanged"]


def test_a_pull_request_cannot_raise_its_own_threshold(clone: Clone, runner: Runner) -> None:
    policy = "version: 1\ncost_increase: {workload: {monthly_usd: 1000000}}\n"
    clone.push("change", {"workloads/shop.yaml": shop(memory=2048), "advisor.yaml": policy})
    checkout = clone.merge("change")

    assert judge(runner, checkout).outputs["verdict"] == "fail"
    assert judge(runner, checkout, {"policy-from": "head"}).outputs["verdict"] == "pass"


def test_options_reach_the_advisor(clone: Clone, runner: Runner) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(duration=130)})
    checkout = clone.merge("change")

    options = "--max-increase 1000\n\n  --severity=price-increase=fail\n"
    ran = judge(runner, checkout, {"options": options})

    assert ran.outputs["verdict"] == "pass"


@pytest.mark.parametrize(
    ("inputs", "word"),
    [
        ({"options": "--output /tmp/elsewhere"}, "--output"),
        ({"options": "--policy-from=head"}, "--policy-from"),
        ({"options": "-h"}, "-h"),
        ({"options": "workload.yaml"}, "workload.yaml"),
        ({"options": "--"}, "--"),
        ({"options": "--max-increase x"}, "--max-increase"),
        ({"tip": "yes"}, "tip"),
        ({"policy-from": "pull"}, "--policy-from"),
        ({"files": "none/*.yaml"}, "none/*.yaml"),
        ({"files": "--help"}, "--help"),
    ],
)
def test_inputs_that_make_no_sense_are_refused(
    clone: Clone, runner: Runner, inputs: dict[str, str], word: str
) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(duration=60)})

    ran = judge(runner, clone.merge("change"), inputs)

    assert (ran.code, ran.outputs["verdict"], ran.outputs["monthly-delta"]) == (2, "error", "")
    assert word in ran.summary
    assert [command[:8] for command in ran.commands] == ["::error "]


def test_a_shallow_clone_is_told_what_to_do(clone: Clone, runner: Runner) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(duration=60)})

    ran = judge(runner, clone.merge("change", "--depth=1"))

    assert (ran.code, ran.outputs["verdict"]) == (2, "error")
    (command,) = ran.commands
    assert command.startswith("::error title=advisor gate::")
    assert "fetch-depth: 0" in ran.summary


@pytest.mark.parametrize(
    "main", ["$(touch${IFS}pwned)", "`touch${IFS}pwned`", "a;touch${IFS}pwned"]
)
def test_a_branch_is_a_name_and_no_command(tmp_path: Path, runner: Runner, main: str) -> None:
    clone = Clone(tmp_path, main=main)
    clone.push(main, {"workloads/shop.yaml": shop()})
    clone.push("x", {"workloads/shop.yaml": shop(memory=2048)})

    ran = judge(runner, clone.merge("x"), base_ref=main)

    assert ran.outputs["verdict"] == "fail"
    assert not list(tmp_path.rglob("pwned"))


def test_files_and_names_are_texts_and_no_commands(
    clone: Clone, runner: Runner, tmp_path: Path
) -> None:
    """In file names, workload names and policies: shell, commands of the runner, new lines."""
    command = "::error title=x::forged"
    hostile = {
        "workloads/$(touch pwned).yaml": shop(name="'$(touch pwned)'", memory=2048),
        "workloads/`touch pwned`.yaml": shop(name='"`touch pwned`"', memory=2048),
        f"workloads/a\n{command.replace('/', '')}\n.yaml": shop(name="'##[error]forged'"),
        "workloads/--help.yaml": shop(name=f'"a\\n{command}"'),
        "workloads/b.yaml": shop(name="'<img src=x onerror=alert(1)>'"),
        "sitecustomize.py": "open('pwned', 'w')",
        "advisor/__init__.py": "open('pwned', 'w')",
        "click.py": "open('pwned', 'w')",
    }
    clone.push("change", hostile)

    ran = judge(runner, clone.merge("change"))

    assert not list(tmp_path.rglob("pwned"))
    assert [line for line in ran.commands if "title=advisor" not in line] == []
    assert "<img" not in ran.summary
    assert set(ran.outputs) == {"verdict", "monthly-delta", "report-path"}


def test_what_the_advisor_quotes_of_a_file_is_no_command(clone: Clone, runner: Runner) -> None:
    text = "##[error]forged\n::error::forged\n]]: <script>\n"
    clone.push("change", {"workloads/shop.yaml": text})

    ran = judge(runner, clone.merge("change"))

    assert ran.outputs["verdict"] == "error"
    assert [line[:28] for line in ran.commands] == ["::error title=advisor gate::"]
    assert "<script>" not in ran.summary


@pytest.mark.parametrize("is_new", [False, True])
def test_a_push_is_compared_with_where_it_started(
    clone: Clone, runner: Runner, *, is_new: bool
) -> None:
    """A push that makes a branch started from nowhere; then the default branch is the base."""
    event = {"repository": {"default_branch": "main"}}
    before = git(clone.origin, "rev-parse", "main")
    clone.push("change", {"workloads/shop.yaml": shop(memory=2048)})
    checkout = clone.merge("change")
    started = "0" * 40 if is_new else before

    ran = runner.run(checkout, {**event, "before": started}, {"files": FILES}, name="push")

    assert ran.outputs["verdict"] == "fail"
    assert outcome(ran)["against"]["commit"] == before


def test_a_merge_group_is_compared_with_its_base(clone: Clone, runner: Runner) -> None:
    base = git(clone.origin, "rev-parse", "main")
    clone.push("change", {"workloads/shop.yaml": shop(memory=2048)})

    event = {"merge_group": {"base_sha": base}}
    ran = runner.run(clone.merge("change"), event, {"files": FILES}, name="merge_group")

    assert ran.outputs["verdict"] == "fail"


@pytest.mark.parametrize("name", ["pull_request_target", "schedule"])
def test_an_event_without_a_base_judges_nothing_unless_one_is_stated(
    clone: Clone, runner: Runner, name: str
) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(memory=2048)})
    checkout = clone.merge("change")

    assert judge(runner, checkout, name=name).outputs["verdict"] == "error"
    stated = judge(runner, checkout, {"against": "origin/main"}, name=name)
    assert stated.outputs["verdict"] == "fail"


def test_a_tag_does_not_stand_in_for_the_base_branch(clone: Clone, runner: Runner) -> None:
    clone.push("change", {"workloads/shop.yaml": shop(memory=2048)})
    checkout = clone.merge("change")
    git(checkout, "tag", "origin/main", "HEAD")

    assert judge(runner, checkout).outputs["verdict"] == "fail"


def test_a_branch_called_json_is_no_baseline_of_the_pull_requests(
    tmp_path: Path, runner: Runner
) -> None:
    clone = Clone(tmp_path, main="v1.json")
    clone.push("v1.json", {"workloads/shop.yaml": shop()})
    forged = {"workloads/shop.yaml": shop(memory=2048), "refs/remotes/origin/v1.json": "{}"}
    clone.push("change", forged)

    ran = judge(runner, clone.merge("change"), base_ref="v1.json")

    assert ran.outputs["verdict"] == "fail"
    assert outcome(ran)["against"]["kind"] == "revision"
