"""The README shows what the command prints, and names commands that exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path


def test_the_screenful_is_real(
    repository: Path, advisor: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```console\n\$ advisor (.*?)\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    printed = advisor(*found.group(1).split()).stdout
    shown = found.group(2).rstrip("\n").removesuffix("…").rstrip("\n")
    assert printed.startswith(shown + "\n")
    assert len(shown.splitlines()) > 30


def test_the_price_shown_is_the_price_printed(
    repository: Path, advisor: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```console\n\$ advisor (price .*?)\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    assert advisor(*found.group(1).split()).stdout == found.group(2)


def test_the_error_shown_is_the_error_printed(
    repository: Path, tmp_path: Path, advisor: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```text\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    (tmp_path / "workload.yaml").write_text(
        "version: 1\nname: checkout\nregion: eu-west-1\ntraffic:\n  monthly_requests: 1000000\n"
        "compute:\n  request_duration_ms: 100\n  memroy_mb: 512\n",
        encoding="utf-8",
    )
    assert advisor("compare", cwd=tmp_path).stderr == found.group(1)


def test_the_schema_file_is_current(
    repository: Path, advisor: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    stored = (repository / "docs" / "workload.schema.json").read_text(encoding="utf-8")
    assert advisor("schema").stdout == stored
