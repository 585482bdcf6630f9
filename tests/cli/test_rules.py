"""advisor rules: list, show, check and test, as somebody at a terminal sees them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Advisor = Callable[..., subprocess.CompletedProcess[str]]
    Golden = Callable[[str, str], None]

POLICIES = "docs/policies"
FAILING = """\
rules:
  - id: org.some
    decision: compute
    options: [lambda]
    effect: warn
    condition: compute.memory_mb > 3000
    reason: "{compute.memory_mb} MB are too much."
    advice: "Take less."
    source: "policy \\x1b[31m"
    checked: "2026-11-24"
    confidence: D
    examples:
      fires: {compute.memory_mb: 3000}
      silent: {compute.memory_mb: 3000}
      unknown: {}
"""


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(FAILING)
    return path


def test_list_names_the_rules_with_effect_and_grade(advisor: Advisor, golden: Golden) -> None:
    run = advisor("rules", "list", "--decision", "api", "--effect", "require")
    assert run.returncode == 0
    golden("rules-list.txt", run.stdout)


def test_list_says_which_rules_are_yours_and_which_are_off(
    advisor: Advisor, golden: Golden
) -> None:
    arguments = ("--decision", "compute", "--effect", "warn", "--rules", POLICIES)
    run = advisor("rules", "list", *arguments, "--format", "json")
    listed = json.loads(run.stdout)
    yours = [rule for rule in listed["rules"] if rule["origin"] != "built in"]
    assert [rule["rule"] for rule in yours] == ["org.budget"]
    assert {rule["effect"] for rule in listed["rules"]} == {"warn"}
    assert [each["rule"] for each in listed["switched_off"]] == ["api.ws.mtls"]
    shown = advisor("rules", "list", *arguments).stdout
    golden("rules-list-own.txt", shown[shown.index("* Yours") : shown.index("Grades of evidence")])
    assert "org.budget *" in shown


def test_every_line_of_the_list_fits_the_terminal(advisor: Advisor) -> None:
    run = advisor("rules", "list", "--rules", POLICIES)
    assert max(map(len, run.stdout.splitlines())) <= 80


def test_show_prints_the_page_of_a_rule(advisor: Advisor, golden: Golden) -> None:
    run = advisor("rules", "show", "api.stream.rest-idle")
    assert run.returncode == 0
    golden("rules-show.txt", run.stdout)


def test_show_says_who_switched_a_rule_off(advisor: Advisor) -> None:
    run = advisor("rules", "show", "api.ws.mtls", "--rules", POLICIES)
    assert "Switched off by docs/policies/limits.yaml: We have mutual TLS" in run.stdout
    tree = json.loads(
        advisor("rules", "show", "api.ws.mtls", "--rules", POLICIES, "--format", "json").stdout
    )
    assert tree["switched_off"]["origin"] == "docs/policies/limits.yaml"
    assert tree["condition"] == '"mtls" in api.auth'
    assert tree["fields"] == ["api.auth"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("api.waf.htp", "did you mean api.waf.http?"), ("zzz", "`advisor rules list` names them")],
)
def test_an_unknown_id_is_refused_with_the_nearest(advisor: Advisor, name: str, hint: str) -> None:
    run = advisor("rules", "show", name)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"there is no rule '{name}'; {hint}\n"


def test_check_says_that_all_is_well(advisor: Advisor) -> None:
    run = advisor("rules", "check", POLICIES)
    assert run.returncode == 0
    assert run.stdout.startswith("4 rules, 1 built-in rule switched off in 3 files: all is well\n")
    checked = json.loads(advisor("rules", "check", POLICIES, "--format", "json").stdout)
    assert len(checked["files"]) == 3
    assert checked["switched_off"][0]["reason"].startswith("We have mutual TLS")


def test_the_shipped_files_are_checked_and_tested_like_others(advisor: Advisor) -> None:
    checked, tested = (advisor("rules", verb, "rules/api.yaml") for verb in ("check", "test"))
    assert (checked.returncode, tested.returncode) == (0, 0)
    assert checked.stdout.endswith("in 1 file: all is well\n")
    assert tested.stdout.splitlines()[0].endswith("examples pass")


def test_check_tells_what_is_wrong_and_where(advisor: Advisor, failing: Path) -> None:
    run = advisor("rules", "check", failing)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"{failing}:13:14: error[example-fails]" in run.stderr
    assert "help: that comes of compute.memory_mb = 3,000" in run.stderr


def test_test_prints_each_example(advisor: Advisor, golden: Golden) -> None:
    run = advisor("rules", "test", POLICIES)
    assert run.returncode == 0
    golden("rules-test.txt", run.stdout)


def test_a_failing_example_is_shown_and_ends_with_2(advisor: Advisor, failing: Path) -> None:
    run = advisor("rules", "test", failing)
    assert (run.returncode, run.stderr) == (2, "")
    assert run.stdout.startswith("1 rule: 1 of 3 examples fail\n")
    assert "FAIL  fires    compute.memory_mb: 3000\n" in run.stdout
    tested = json.loads(advisor("rules", "test", failing, "--format", "json").stdout)
    assert tested["failed"] == 1
    (rule,) = tested["rules"]
    assert [each["passes"] for each in rule["examples"]] == [False, True, True]


def test_a_file_that_cannot_be_read_as_rules_is_refused_by_test_too(
    advisor: Advisor, tmp_path: Path
) -> None:
    (tmp_path / "rules.yaml").write_text(FAILING.replace("memory_mb > 3000", "memory > 3000"))
    run = advisor("rules", "test", tmp_path)
    assert run.returncode == 2
    assert "help: did you mean compute.memory_mb?" in run.stderr


def test_the_folder_of_the_working_directory_counts(
    advisor: Advisor, tmp_path: Path, failing: Path
) -> None:
    folder = tmp_path / ".advisor" / "rules"
    folder.mkdir(parents=True)
    good = FAILING.replace("fires: {compute.memory_mb: 3000}", "fires: {compute.memory_mb: 3001}")
    (folder / "mine.yaml").write_text(good)
    run = advisor("rules", "show", "org.some", cwd=tmp_path)
    assert run.returncode == 0
    assert run.stdout.startswith("org.some   evidence D   .advisor/rules/mine.yaml\n")
    assert "\\x1b[31m" in run.stdout
    assert "\x1b" not in run.stdout
    broken = advisor("rules", "list", "--rules", failing, cwd=tmp_path)
    assert broken.returncode == 2
    assert "error[example-fails]" in broken.stderr


def test_output_goes_to_a_file(advisor: Advisor, tmp_path: Path) -> None:
    target = tmp_path / "rules.json"
    run = advisor("rules", "list", "--format", "json", "--output", target)
    assert (run.returncode, run.stdout) == (0, "")
    assert json.loads(target.read_text())["rules"]
