"""The page about errors lists every code that the source can give, and no other."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from advisor.document.tree import parse
from advisor.errors import InputError
from advisor.gate.outcome import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_ONE_WORD = frozenset({"syntax", "anchor", "alias", "tag", "directive", "invalid"})
_NO_CODES = frozenset({"utf-8", "2027-01-31"})


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_code_is_listed_once(repository: Path) -> None:
    sources = [
        *(repository / "advisor" / "document").glob("*.py"),
        *(repository / "advisor" / "workload").glob("*checks.py"),
        repository / "advisor" / "workload" / "waivers.py",
    ]
    given = {
        text
        for path in sources
        for text in _strings(path)
        if _CODE.fullmatch(text) or text in _ONE_WORD
    }
    page = (repository / "docs" / "workload-errors.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    listed = [code for row in rows for code in re.findall(r"`([^`]+)`", row)]
    assert len(listed) == len(set(listed))
    # A waiver names checks of the gate, which docs/gate.md lists.
    assert set(listed) == given - _NO_CODES - set(CODES)


def test_the_sample_is_what_is_printed(repository: Path) -> None:
    from advisor.document.reader import read
    from advisor.workload import Workload

    page = (repository / "docs" / "workload-errors.md").read_text(encoding="utf-8")
    sample = page.split("```")[1].strip("\n")
    text = (
        "# 1\nname: x\nregion: us-east-1\n# 4\ntraffic:\n  monthly_requests: 1\n  peak_rps: 1_000\n"
    )
    try:
        read(parse(text.encode(), "workload.yaml"), Workload)
    except InputError as error:
        shown = str(error)
    assert shown == sample
