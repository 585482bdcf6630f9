"""docs/explain.md shows what the command prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path


def test_what_the_page_shows_is_what_is_printed(
    repository: Path, advisor: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    page = (repository / "docs" / "explain.md").read_text(encoding="utf-8")
    found = re.findall(r"```console\n\$ advisor (.*?)\n(.*?)```", page, re.DOTALL)
    assert len(found) == 2
    for arguments, shown in found:
        assert advisor(*arguments.split()).stdout == shown


def test_the_page_names_every_option(
    repository: Path, advisor: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    page = (repository / "docs" / "explain.md").read_text(encoding="utf-8")
    told = set(re.findall(r"--[a-z-]+", advisor("explain", "--help").stdout)) - {"--help"}
    assert told <= set(re.findall(r"--[a-z-]+", page))
