"""The archives, built once, and a fresh environment with the wheel installed."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

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


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Let the first worker that comes make a folder, and the others wait for it and share it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed half-way
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the source and build the sdist and the wheel, each from the copy.

    A copy, so that what a build leaves behind can be seen. Built without isolation, so with the
    build tools of the dev extra; the wheel from the sdist is built in isolation and proves that
    build-system.requires is enough.
    """

    def make(folder: Path) -> None:
        left_out = shutil.ignore_patterns(
            ".*_cache", ".venv", ".git", "__pycache__", ".hypothesis", "dist", "build"
        )
        shutil.copytree(ROOT, folder / "checkout", ignore=left_out)
        build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist")
        run(*build, "--sdist", "--wheel", folder / "checkout", cwd=folder)

    return once(tmp_path_factory, "built", make)


@pytest.fixture(scope="session")
def checkout(built: Path) -> Path:
    """Return the copy of the source after the builds."""
    return built / "checkout"


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (path,) = (built / "dist").glob("*.whl")
    return path


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    (path,) = (built / "dist").glob("*.tar.gz")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment of its own; return the folder of its commands."""

    def make(folder: Path) -> None:
        run(sys.executable, "-m", "venv", folder, cwd=folder)
        pip = (folder / "bin" / "python", "-m", "pip", "install", "--quiet")
        run(*pip, wheel, cwd=folder)

    return once(tmp_path_factory, "installed", make) / "bin"
