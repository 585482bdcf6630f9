"""The page about the gate lists every code that a finding or a refusal can have."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, get_args

from advisor.gate.outcome import CODES, Code
from advisor.gate.policy_file import read_policy

if TYPE_CHECKING:
    from pathlib import Path

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_REFUSALS = {"GitFailed", "_refusal", "Diagnostic", "diagnostic"}


def _refusal_codes(path: Path) -> set[str]:
    """Return the codes in the calls that make a refusal."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name in _REFUSALS:
            words = [*node.args, *(k.value for k in node.keywords if k.arg == "code")]
            found |= {
                word.value
                for word in words
                if isinstance(word, ast.Constant)
                and isinstance(word.value, str)
                and _CODE.fullmatch(word.value)
            }
    return found


def test_every_code_is_on_the_page(repository: Path) -> None:
    page = (repository / "docs/gate.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    listed = [code for row in rows for code in re.findall(r"`([^`]+)`", row)]
    refusals = set().union(*map(_refusal_codes, (repository / "advisor/gate").glob("*.py")))
    assert len(refusals) > 15
    assert set(CODES) == set(get_args(Code))
    assert set(listed) == set(CODES) | refusals
    assert len(listed) == len(set(listed))


def test_the_policy_on_the_page_can_be_read(repository: Path) -> None:
    page = (repository / "docs/gate.md").read_text(encoding="utf-8")
    sample = page.split("```yaml\n")[1].split("```")[0]
    judge = read_policy(sample.encode(), "advisor.yaml")
    assert judge.policy.budgets is not None
    assert [budget.name for budget in judge.policy.budgets] == ["shop", "checkout", "everything"]
