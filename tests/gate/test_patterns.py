"""A pattern names the same files in a revision as glob finds on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from advisor.gate.paths import patterns

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "a.yaml",
    "b.yml",
    ".hidden.yaml",
    "[a].yaml",
    "d/a.yaml",
    "d/.hidden/a.yaml",
    "d/e/f/a.yaml",
    "d/e/ab.yaml",
    "d/e/!.yaml",
    "x^y.yaml",
)


@pytest.mark.parametrize(
    "written",
    [
        "a.yaml",
        "*.yaml",
        "*",
        "?.y*ml",
        "**/*.yaml",
        "**",
        "d/**/a.yaml",
        "d/**",
        "[ab].y*",
        "[!b].yaml",
        "[[]a].yaml",
        "[a].yaml",
        "d/e/[!a]*.yaml",
        "d/e/[!]*.yaml",
        "x[^]y.yaml",
        "*/e/../*.yaml",
        "./d//a.yaml",
    ],
)
def test_a_pattern_matches_what_glob_finds(tmp_path: Path, written: str) -> None:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (pattern,) = patterns([written], str(tmp_path))
    matched = {name for name in NAMES if pattern.matches(str(tmp_path / name))}
    assert matched == {path.removeprefix(f"{tmp_path}/") for path in pattern.now()}
