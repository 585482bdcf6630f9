"""The baseline file: what it holds, who can read it, and what it refuses."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.gate.conftest import shop

if TYPE_CHECKING:
    from tests.gate.conftest import Repo

FILE = "workloads/shop.yaml"
ALL = "workloads/*.yaml"


def test_it_holds_design_quantities_prices_and_digests(repo: Repo) -> None:
    repo.write({"workloads/b.yaml": shop("b")})
    done = repo.run("baseline", ALL)
    assert done.code == 0
    tree = json.loads(done.out)
    assert [each["file"] for each in tree["workloads"]] == ["workloads/b.yaml", FILE]
    first = tree["workloads"][0]
    assert first["design"] == {"compute": "lambda", "cold_start": "none", "api": "http-api"}
    assert first["margin_usd"] == "0"
    lines = [Decimal(x["quantity"]) * Decimal(x["unit_price_usd"]) for x in first["line_items"]]
    assert abs(sum(lines) - Decimal(first["monthly_usd"])) < Decimal("1e-11")
    assert "E" not in "".join(x["unit_price_usd"] for x in first["line_items"])
    assert set(first["digests"]) == {"workload", "usage"}
    assert done.out == repo.run("baseline", "workloads/b.yaml", FILE).out


def test_the_gate_compares_with_it(repo: Repo) -> None:
    assert repo.run("baseline", ALL, "-o", "base.json").code == 0
    assert repo.gate(against="base.json").code == 0
    repo.write({FILE: shop(requests=15_000_000, memory=1024)})
    with_file, with_git = repo.gate(against="base.json"), repo.gate()
    assert with_file.code == 1
    # Both ways of comparing come to the same split.
    assert with_file.workload()["split"] == with_git.workload()["split"]
    assert with_file.workload()["line_items"] == with_git.workload()["line_items"]


def test_new_moved_and_deleted(repo: Repo) -> None:
    repo.write({"workloads/b.yaml": shop("b"), "workloads/c.yaml": shop("c")})
    repo.run("baseline", ALL, "-o", "ci/base.json".replace("ci/", ""))
    repo.write(
        {
            "workloads/b.yaml": None,
            "workloads/c.yaml": None,
            "workloads/moved.yaml": shop("b"),
            "workloads/new.yaml": shop("new"),
        }
    )
    done = repo.gate(against="base.json")
    found = {w["name"]: (w["status"], w["renamed_from"]) for w in done.outcome["workloads"]}
    assert found == {
        "b": ("renamed", "workloads/b.yaml"),
        "c": ("deleted", None),
        "new": ("new", None),
        "shop": ("unchanged", None),
    }


def test_paths_are_from_its_own_folder(repo: Repo) -> None:
    (repo.folder / "ci").mkdir()
    repo.run("baseline", ALL, "-o", "ci/base.json")
    text = (repo.folder / "ci/base.json").read_text(encoding="utf-8")
    assert json.loads(text)["workloads"][0]["file"] == "../workloads/shop.yaml"
    below = repo.gate(against="../ci/base.json", files="*.yaml", cwd=repo.folder / "workloads")
    assert (below.code, below.workload()["status"]) == (0, "unchanged")


def test_it_needs_no_git(repo: Repo) -> None:
    repo.run("baseline", ALL, "-o", "base.json")
    (repo.folder / ".git").rename(repo.folder / "no-git")
    assert repo.gate(against="base.json").code == 0


def test_it_keeps_the_policy_for_judging(repo: Repo) -> None:
    repo.write({"advisor.yaml": "budgets: [{name: b, monthly_usd: 45}]\n"})
    repo.run("baseline", ALL, "-o", "base.json")
    repo.write({"advisor.yaml": "cost_increase: {}\n", FILE: shop(requests=15_000_000)})
    assert repo.gate(against="base.json").code == 0
    done = repo.gate("--policy-from", "base", against="base.json")
    assert done.code == 1
    assert {"budget", "policy-changed"} <= set(done.codes)


def test_one_that_a_revision_holds(repo: Repo) -> None:
    """A change that renews the baseline is still judged by the one of the base, and told."""
    repo.run("baseline", ALL, "-o", "base.json")
    repo.commit()
    repo.git("branch", "-f", "main")
    repo.write({FILE: shop(requests=15_000_000)})
    repo.run("baseline", ALL, "-o", "base.json")
    repo.commit()
    assert repo.gate(against="base.json").code == 0
    done = repo.gate(against="main:base.json")
    assert done.code == 1
    (told,) = done.outcome["policy_changes"]
    assert (told["kind"], told["field"]) == ("baseline", "base.json")
    assert repo.gate(against="main:./base.json").code == 1
    missing = repo.gate(against="main:bsae.json")
    assert missing.code == 2
    assert "error[file-not-found]" in missing.err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"quantity": "12000000"', '"quantity": "13000000"', "edited by hand"),
        ('"schema_version": 1', '"schema_version": 2', "version 2"),
        ('"monthly_requests"', '"monthly_rquests"', "not a baseline"),
        ("{", "[", "not JSON"),
        ('"12000000"', '"1e999999999"', "edited by hand"),
    ],
)
def test_one_that_is_not_as_it_was_written(repo: Repo, old: str, new: str, words: str) -> None:
    repo.run("baseline", ALL, "-o", "base.json")
    text = (repo.folder / "base.json").read_text(encoding="utf-8")
    assert old in text
    repo.write({"base.json": text.replace(old, new, 1)})
    done = repo.gate(against="base.json")
    assert done.code == 2
    assert "base.json: error[bad-baseline]" in done.err
    assert words in done.err


def test_what_is_missing_is_named(repo: Repo) -> None:
    repo.write({FILE: shop().replace("us-east-1", "eu-central-1")})
    done = repo.run("baseline", ALL, "-o", "base.json")
    assert done.code == 4
    assert f"data missing: {FILE}: no price for" in done.err
