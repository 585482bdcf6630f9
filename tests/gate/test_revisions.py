"""What git can hand to the gate: renames, merge bases, cut-off histories, links, hostile names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.gate.conftest import Repo, shop

if TYPE_CHECKING:
    from pathlib import Path

FILE = "workloads/shop.yaml"


def test_a_rename_that_git_sees(repo: Repo) -> None:
    repo.git("mv", FILE, "workloads/store.yaml")
    done = repo.gate()
    assert (done.code, done.codes) == (0, [])
    assert done.workload()["status"] == "renamed"
    assert done.workload()["renamed_from"] == FILE


def test_a_rename_into_the_pattern(repo: Repo) -> None:
    repo.commit({"drafts/b.yaml": shop("b")})
    repo.git("branch", "-f", "main")
    repo.git("mv", "drafts/b.yaml", "workloads/b.yaml")
    done = repo.gate()
    assert (done.code, done.workload("b")["renamed_from"]) == (0, "drafts/b.yaml")


def test_a_rename_that_the_index_does_not_have_is_known_by_its_name(repo: Repo) -> None:
    repo.write({FILE: None, "workloads/moved/store.yaml": "# moved\n" + shop(requests=100)})
    done = repo.gate(files="workloads/**/*.yaml")
    assert done.workload()["renamed_from"] == FILE
    assert done.workload()["file"] == "workloads/moved/store.yaml"


def test_a_copy_is_new(repo: Repo) -> None:
    repo.commit({"workloads/b.yaml": shop()})
    done = repo.gate()
    assert [w["status"] for w in done.outcome["workloads"]] == ["new", "unchanged"]


def test_comments_and_order_of_keys_change_nothing(repo: Repo) -> None:
    lines = shop().replace("version: 1\n", "") + "version: 1\n# a comment\n"
    repo.commit({FILE: lines.replace("\n", "\r\n")})
    done = repo.gate()
    assert (done.code, done.workload()["status"]) == (0, "unchanged")


def test_the_working_tree_is_judged_not_the_last_commit(repo: Repo) -> None:
    repo.write({FILE: shop(requests=15_000_000)})
    assert repo.gate().code == 1


def test_the_merge_base_is_compared_by_default(repo: Repo) -> None:
    """main went on: it saves cost that this branch does not have yet."""
    start = repo.git("rev-parse", "main")
    repo.git("checkout", "-q", "main")
    tip = repo.commit({FILE: shop(requests=6_000_000)})
    repo.git("checkout", "-q", "change")
    done = repo.gate()
    assert done.code == 0
    assert done.outcome["against"]["commit"] == start
    assert done.outcome["against"]["point"] == "merge-base"
    at_tip = repo.gate("--tip")
    assert at_tip.code == 1
    assert at_tip.outcome["against"]["commit"] == tip


@pytest.mark.parametrize("revision", ["main", "HEAD~1", "refs/heads/main", "v1"])
def test_any_revision(repo: Repo, revision: str) -> None:
    repo.git("tag", "v1", "main")
    repo.commit({FILE: shop(requests=15_000_000)})
    assert repo.gate(against=revision).code == 1


def test_a_detached_head(repo: Repo) -> None:
    commit = repo.commit({FILE: shop(requests=15_000_000)})
    repo.git("checkout", "-q", commit)
    assert repo.gate().code == 1


def test_from_a_folder_below(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=15_000_000), "advisor.yaml": "cost_increase: {}\n"})
    done = repo.gate(files="*.yaml", cwd=repo.folder / "workloads")
    assert done.code == 0
    assert done.workload()["file"] == "shop.yaml"
    assert done.outcome["policy"]["file"] == "../advisor.yaml"


def refused(repo: Repo, code: str, *words: str, **options: Any) -> None:
    """Run the gate and look for one clear refusal."""
    done = repo.gate(**options)
    assert done.code == 2
    assert done.out == ""
    assert f"error[{code}]" in done.err
    assert "help: " in done.err
    for word in words:
        assert word in done.err


def test_a_revision_that_is_missing(repo: Repo) -> None:
    refused(repo, "unknown-revision", "`origin/main`", "git fetch", against="origin/main")


@pytest.mark.parametrize("name", ["--output=x", "-h", "", "a\nb"])
def test_a_revision_is_never_an_option(repo: Repo, name: str) -> None:
    refused(repo, "not-a-revision", against=name)
    assert not (repo.folder / "x").exists()


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    repo.commit({FILE: shop(requests=15_000_000)})
    old = repo.git("rev-parse", "main")
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth", "1", "-b", "change", f"file://{repo.folder}", str(clone))
    repo.folder = clone
    refused(repo, "unknown-revision", "shallow", "fetch-depth: 0", against=old)


def test_histories_without_a_common_commit(repo: Repo, tmp_path: Path) -> None:
    """Two shallow branches: both commits are there, what they have in common is not."""
    repo.commit({FILE: shop(requests=15_000_000)})
    clone = tmp_path / "clone"
    source = f"file://{repo.folder}"
    repo.git(
        "clone", "-q", "--depth", "1", "--no-single-branch", "-b", "change", source, str(clone)
    )
    repo.folder = clone
    refused(repo, "no-merge-base", "fetch-depth: 0", "--tip", against="origin/main")
    assert repo.gate("--tip", against="origin/main").code == 1


def test_a_repository_without_a_commit(repo: Repo, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    repo.git("init", "-q", str(empty))
    (empty / "workload.yaml").write_text(shop(), encoding="utf-8")
    repo.folder = empty
    refused(repo, "no-commit", against="HEAD", files="workload.yaml")


def test_outside_a_repository(repo: Repo, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "workload.yaml").write_text(shop(), encoding="utf-8")
    repo.folder = folder
    refused(repo, "no-repository", files="workload.yaml")


def test_a_workload_outside_the_repository(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(shop(), encoding="utf-8")
    refused(repo, "outside-repository", files="../outside.yaml")


def test_a_link_out_of_the_repository(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(shop(), encoding="utf-8")
    (repo.folder / "workloads/link.yaml").symlink_to("../../outside.yaml")
    refused(repo, "link-out-of-repository")
    # The link is refused in the base too, and no word of the file behind it is told.
    repo.commit()
    repo.git("branch", "-f", "main")
    repo.commit({"workloads/link.yaml": None})
    refused(repo, "link-out-of-repository")


def test_links_inside_the_repository_are_followed_on_both_sides(repo: Repo) -> None:
    (repo.folder / "workloads/link.yaml").symlink_to("../real/b.yaml")
    (repo.folder / "linked").symlink_to("real", target_is_directory=True)
    repo.commit({"real/b.yaml": shop("b")})
    repo.git("branch", "-f", "main")
    assert repo.gate().workload("b")["status"] == "unchanged"
    repo.commit({"real/b.yaml": shop("b", requests=15_000_000)})
    assert repo.gate().workload("b")["status"] == "changed"
    through = repo.gate(files="linked/*.yaml")
    assert (through.code, through.workload("b")["status"]) == (1, "changed")


def test_a_link_that_goes_round(repo: Repo) -> None:
    (repo.folder / "workloads/a.yaml").symlink_to("b.yaml")
    (repo.folder / "workloads/b.yaml").symlink_to("a.yaml")
    done = repo.gate()
    assert done.code == 2
    assert "workloads/a.yaml" in done.err


def test_a_workload_in_a_submodule(repo: Repo, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    repo.git("init", "-q", "-b", "main", cwd=inner)
    (inner / "b.yaml").write_text(shop("b"), encoding="utf-8")
    repo.git("add", "-A", cwd=inner)
    repo.git("commit", "-q", "-m", "m", cwd=inner)
    allowed = ("-c", "protocol.file.allow=always")
    repo.git(*allowed, "submodule", "--quiet", "add", str(inner), "workloads/inner")
    repo.commit()
    refused(repo, "in-submodule", "workloads/inner", files="workloads/*/*.yaml")
    # What lies beside it is compared as ever.
    assert repo.gate().code == 0


def test_a_pattern_that_names_nothing(repo: Repo) -> None:
    refused(repo, "file-not-found", "no file, now or before", files="worklods/*.yaml")


def test_nothing_of_the_repository_is_run(repo: Repo) -> None:
    """Filters, text conversions and hooks that a checkout asks for and its user's set-up has."""
    repo.git("config", "filter.evil.smudge", "touch RUN; cat")
    repo.git("config", "filter.evil.clean", "touch RUN; cat")
    repo.git("config", "diff.evil.textconv", "touch RUN; cat")
    repo.git("config", "diff.external", "touch RUN")
    repo.git("config", "core.fsmonitor", "touch RUN; false")
    repo.write({".gitattributes": "* filter=evil diff=evil\n", FILE: shop(requests=13_000_000)})
    hook = repo.folder / ".git/hooks/post-index-change"
    hook.write_text("#!/bin/sh\ntouch RUN\n", encoding="utf-8")
    hook.chmod(0o755)
    repo.write({"workloads/b.yaml": shop("b")})
    assert repo.gate().code == 1
    assert not (repo.folder / "RUN").exists()


def test_names_that_are_hostile(repo: Repo) -> None:
    names = [
        "a b.yaml",
        "-x.yaml",
        "ü\n::error::.yaml",
        "[a].yaml",
        "'$(touch RUN)'.yaml",
        "*.yaml",
    ]
    repo.commit({f"workloads/{name}": shop(f"w{i}") for i, name in enumerate(names)})
    repo.git("branch", "-f", "main")
    repo.commit(
        {f"workloads/{name}": shop(f"w{i}", requests=13_000_000) for i, name in enumerate(names)}
    )
    done = repo.gate()
    assert done.code == 1
    assert {w["file"] for w in done.outcome["workloads"] if w["status"] == "changed"} == {
        f"workloads/{name}" for name in names
    }
    assert not (repo.folder / "RUN").exists()


def test_a_name_that_is_no_text(repo: Repo) -> None:
    name = os.fsdecode(b"workloads/\xff.yaml")
    (repo.folder / name).write_text(shop("b"), encoding="utf-8")
    refused(repo, "name-not-utf-8")


def test_same_commit_same_bytes(repo: Repo) -> None:
    repo.commit({FILE: shop(requests=15_000_000, memory=1024)})
    files = ("gate", "workloads/*.yaml", "--against", "main", "--format", "json")
    first = repo.run(*files)
    assert first.out == repo.run(*files).out
    assert '"as_of": null' in first.out


def test_a_working_directory_whose_name_is_special(repo: Repo, tmp_path: Path) -> None:
    folder = tmp_path / "[x]*"
    repo.folder.rename(folder)
    repo.folder = folder
    repo.commit({FILE: shop(requests=15_000_000)})
    done = repo.gate()
    assert (done.code, done.workload()["status"]) == (1, "changed")


@pytest.mark.parametrize("against", ["main", "base.json"])
@pytest.mark.parametrize("name", ["advisor.yaml", "workloads/b.yaml", "prices/lambda.yaml"])
def test_no_link_shows_a_file_from_outside(
    repo: Repo, tmp_path: Path, against: str, name: str
) -> None:
    """An error shows the line that it is about: a link must not lead it to another file."""
    repo.run("baseline", "workloads/*.yaml", "-o", "base.json")
    (tmp_path / "secret").write_text("aws_secret_access_key = hush\n", encoding="utf-8")
    (repo.folder / name).parent.mkdir(exist_ok=True)
    (repo.folder / name).symlink_to(tmp_path / "secret")
    options = ("--prices", "prices") if name.startswith("prices") else ()
    done = repo.gate(*options, against=against)
    assert done.code == 2
    assert "error[link-out-of-repository]" in done.err
    assert "hush" not in done.err + done.out


def test_a_sparse_checkout_deletes_nothing(repo: Repo) -> None:
    repo.commit({"other/b.yaml": shop("b")})
    repo.git("sparse-checkout", "set", "other")
    assert not (repo.folder / FILE).exists()
    refused(repo, "not-checked-out", FILE)
