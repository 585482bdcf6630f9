"""Real git repositories with workload files, and the command run in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from advisor.cli import main
from advisor.tariff import open_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DAY = "2026-11-27"
SHOP = """\
version: 1
name: {name}
region: us-east-1
traffic:
  monthly_requests: {requests}
  peak_rps: 60
compute:
  memory_mb: {memory}
  request_duration_ms: {duration}
api:
  average_payload_kb: 10
"""


def shop(
    name: str = "shop",
    *,
    requests: int = 12_000_000,
    memory: int = 512,
    duration: int = 120,
    more: str = "",
) -> str:
    """Return a workload file: an API behind Lambda."""
    text = SHOP.format(name=name, requests=requests, memory=memory, duration=duration)
    return text + more


class Done:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def outcome(self) -> Any:
        return json.loads(self.out)

    def found(self, *codes: str) -> list[Any]:
        """Return the findings, of some codes or all."""
        return [f for f in self.outcome["findings"] if not codes or f["code"] in codes]

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.outcome["findings"]]

    def workload(self, name: str = "shop") -> Any:
        (found,) = [w for w in self.outcome["workloads"] if w["name"] == name]
        return found


class Repo:
    """A git repository in a temporary folder."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.folder,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_SYSTEM": os.devnull,
                **{f"GIT_{who}_NAME": "a" for who in ("AUTHOR", "COMMITTER")},
                **{f"GIT_{who}_EMAIL": "a@example.com" for who in ("AUTHOR", "COMMITTER")},
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files; None deletes one."""
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")

    def commit(self, files: Mapping[str, str | None] | None = None, message: str = "m") -> str:
        """Write files and commit everything; return the commit's id."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def run(self, *arguments: str, cwd: Path | None = None) -> Done:
        """Run the advisor's command in this process, as its user would."""
        self._monkeypatch.chdir(cwd or self.folder)
        self._monkeypatch.setattr(sys, "argv", ["advisor", *arguments])
        self._capsys.readouterr()
        open_table.cache_clear()  # a command's process ends with what it read
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, out, err)

    def gate(
        self,
        *arguments: str,
        against: str = "main",
        files: str = "workloads/*.yaml",
        cwd: Path | None = None,
    ) -> Done:
        """Run the gate, with the outcome as JSON."""
        common = (files, "--against", against, "--format", "json", "--as-of", DAY)
        return self.run("gate", *common, *arguments, cwd=cwd)


@pytest.fixture
def repo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Repo:
    """Return a repository whose branch ``main`` has one workload; ``change`` is checked out."""
    folder = tmp_path / "repository"
    folder.mkdir()
    made = Repo(folder, monkeypatch, capsys)
    made.git("init", "-q", "-b", "main")
    made.commit({"workloads/shop.yaml": shop()})
    made.git("checkout", "-q", "-b", "change")
    return made
