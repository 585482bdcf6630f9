"""The archives, built once, and a fresh environment with the wheel installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a child and return what it printed; show everything when it fails."""
    # PYTHONPATH would let the child find the checkout instead of what was installed.
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    child = subprocess.run(
        command,
        cwd=cwd,
        env=surroundings | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, f"{command}\n{child.stdout}\n{child.stderr}"
    return child.stdout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the source, so that what a build leaves behind can be seen."""
    target = tmp_path_factory.mktemp("source") / "checkout"
    left_out = shutil.ignore_patterns(".*_cache", ".venv", ".git", "__pycache__", "dist", "build")
    shutil.copytree(ROOT, target, ignore=left_out)
    return target


@pytest.fixture(scope="session")
def archives(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist and the wheel, each from the checkout; return their folder.

    Built without isolation, so with the build tools of the dev extra; the wheel from the sdist is
    built in isolation and proves that build-system.requires is enough.
    """
    folder = tmp_path_factory.mktemp("archives")
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    run(*build, "--sdist", "--wheel", checkout, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def wheel(archives: Path) -> Path:
    (path,) = archives.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def sdist(archives: Path) -> Path:
    (path,) = archives.glob("*.tar.gz")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment of its own; return the folder of its commands."""
    environment = tmp_path_factory.mktemp("environment") / "venv"
    run(sys.executable, "-m", "venv", environment, cwd=environment.parent)
    commands = environment / "bin"
    run(commands / "python", "-m", "pip", "install", "--quiet", wheel, cwd=environment.parent)
    return commands
