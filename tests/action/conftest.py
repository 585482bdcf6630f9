"""A runner of GitHub's in small: it runs the steps of action.yml as they are written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.packaging.conftest import ROOT, once

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
TERM = re.compile(
    r"inputs\.(?P<input>[\w-]+)|steps\.(?P<step>\w+)\.outputs\.(?P<output>[\w-]+)|github\.token"
    r"|'(?P<text>[^']*)'"
)
NO_CONFIGURATION = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
WHO = {
    f"GIT_{who}_{what}": f"{what}@example.com"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it printed."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**surroundings, **NO_CONFIGURATION, **WHO},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


class Ran:
    """What the steps of the action left behind."""

    def __init__(self) -> None:
        self.code = 0
        self.log = ""
        self.names: list[str] = []
        self.steps: dict[str, dict[str, str]] = {}
        self.outputs: dict[str, str] = {}
        self.summary = ""

    @property
    def commands(self) -> list[str]:
        """Return the commands in the log that the runner would obey, as ActionCommand.cs reads."""
        obeyed, word = [], None
        for line in self.log.splitlines():
            command = re.match(r"\s*::([\w-]+)(?: [^:]*)?::(.*)|.*##\[([\w-]+)", line)
            if word is not None:
                word = None if line.strip() == f"::{word}::" else word
            elif command and command[1] == "stop-commands":
                word = command[2]
            elif command:
                obeyed.append(line)
        assert word is None
        return obeyed


class Runner:
    """Runs the action on an event, in a checkout."""

    def __init__(self, temporary: Path, installed: Path) -> None:
        self.action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_bytes())
        self.temporary = temporary
        self.installed = installed
        self.token = ""
        self.graphql = "http://127.0.0.1:1/"  # nobody listens there

    def run(
        self,
        checkout: Path,
        event: Mapping[str, Any],
        inputs: Mapping[str, str],
        *,
        name: str = "pull_request",
        base_ref: str = "main",
        install: bool = False,
    ) -> Ran:
        """Run the steps one after the other until one fails; ``install`` runs the first too."""
        folder = self.temporary / f"job{len(list(self.temporary.iterdir()))}"
        folder.mkdir()
        (folder / "event.json").write_text(json.dumps(event), encoding="utf-8")
        (folder / "summary").touch()
        self.inputs = {key: str(value["default"]) for key, value in self.action["inputs"].items()}
        assert set(inputs) <= set(self.inputs)
        self.inputs |= inputs
        self.ran = Ran()
        surroundings = {
            **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME") or k[:4] == "PIP_"},
            **NO_CONFIGURATION,
            "PYTHONPATH": str(checkout),  # a workflow may have it for its own sake
            "RUNNER_TEMP": str(folder),
            "RUNNER_OS": "Linux",
            "GITHUB_WORKSPACE": str(checkout),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_BASE_REF": base_ref,
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_GRAPHQL_URL": self.graphql,
        }
        for step in self.action["runs"]["steps"]:
            if step.get("id") == "install" and not install:
                (folder / "advisor").mkdir()
                (folder / "advisor" / "venv").symlink_to(self.installed / "venv")
                self.ran.steps["install"] = {"folder": str(folder / "advisor")}
            elif "if" not in step or self._value(step["if"]) == "true":
                self._step(step, checkout, folder, surroundings)
            if self.ran.code:
                break
        self.ran.outputs = {
            key: self._value(output["value"]) for key, output in self.action["outputs"].items()
        }
        self.ran.summary = (folder / "summary").read_text(encoding="utf-8")
        return self.ran

    def _step(
        self, step: Mapping[str, Any], checkout: Path, folder: Path, surroundings: dict[str, str]
    ) -> None:
        script, output = folder / "script.sh", folder / "output"
        script.write_text(step["run"], encoding="utf-8")
        output.write_text("", encoding="utf-8")
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=checkout / self._value(step.get("working-directory", ".")),
            env={
                **surroundings,
                **{key: self._value(value) for key, value in step["env"].items()},
                "GITHUB_OUTPUT": str(output),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        self.ran.names.append(step["name"])
        self.ran.code = done.returncode
        self.ran.log += done.stdout
        written = [line.partition("=") for line in output.read_text(encoding="utf-8").splitlines()]
        self.ran.steps[step.get("id", step["name"])] = {key: value for key, _, value in written}

    def _value(self, text: str) -> str:
        """Return a value of action.yml with its expressions replaced, each of them known here."""
        return EXPRESSION.sub(lambda found: self._expression(found[1]), text)

    def _expression(self, text: str) -> str:
        if " || " in text:
            first, second = text.split(" || ")
            return self._term(first) or self._term(second)
        if " == " in text:
            first, second = text.split(" == ")
            return "true" if self._term(first) == self._term(second) else "false"
        return self._term(text)

    def _term(self, text: str) -> str:
        term = TERM.fullmatch(text)
        assert term, text
        if term["input"]:
            return self._value(self.inputs[term["input"]])
        if term["step"]:
            return self.ran.steps.get(term["step"], {}).get(term["output"], "")
        return self.token if term["text"] is None else term["text"]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the action's install step once, in a checkout whose author wants to be run instead."""

    def make(folder: Path) -> None:
        (folder / "jobs").mkdir()
        checkout = folder / "checkout"
        checkout.mkdir()
        for module in ("pip", "venv", "ensurepip", "hatchling", "advisor", "json"):
            (checkout / f"{module}.py").write_text("open('pwned', 'w')", encoding="utf-8")
        ran = Runner(folder / "jobs", folder).run(
            checkout, {}, {"python": sys.executable}, name="schedule", install=True
        )
        names = ["Install the advisor", "Judge the workloads", "Tell the verdict"]
        assert ran.names == names, ran.log
        assert not list(folder.rglob("pwned"))
        (folder / "venv").symlink_to(Path(ran.steps["install"]["folder"]) / "venv")

    return once(tmp_path_factory, "action", make)


@pytest.fixture
def runner(installed: Path, tmp_path: Path) -> Runner:
    (tmp_path / "jobs").mkdir()
    return Runner(tmp_path / "jobs", installed)
