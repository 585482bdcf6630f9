"""The rules that ship with the advisor, as they were parsed when its wheel was built."""

from __future__ import annotations

from typing import Any

from advisor.data import read_bytes, read_data
from advisor.rulebook.rules import Rule

PARSED = ".rules.json"
"""The ending of the file that the build hook stores a decision's rules in."""


def read_shipped(decision: str) -> tuple[Rule, ...]:
    """Return the built-in rules of a decision.

    They are not checked again: the tests do that, and the command would pay for it each time.
    """
    try:
        parsed = read_bytes(f"rules/{decision}{PARSED}")
    except FileNotFoundError:
        return as_parsed(read_data(f"rules/{decision}.yaml"))
    return decoded(parsed)


def decoded(parsed: bytes) -> tuple[Rule, ...]:
    """Return the rules that the build hook stored."""
    import msgspec

    return msgspec.json.decode(parsed, type=tuple[Rule, ...])


def as_parsed(tree: Any) -> tuple[Rule, ...]:
    """Return the rules of a built-in file's tree."""
    from advisor.rulebook.language.parsing import parse
    from advisor.rulebook.language.syntax import paths
    from advisor.rulebook.language.templates import parse_template

    return tuple(
        Rule(
            id=entry["id"],
            decision=entry["decision"],
            options=tuple(entry["options"]),
            effect=entry["effect"],
            condition=(condition := parse(entry["condition"])),
            reads=paths(condition),
            reason=parse_template(entry["reason"]),
            text=entry["condition"].strip(),
            advice=entry["advice"],
            source=entry["source"],
            checked=entry["checked"],
            confidence=entry["confidence"],
            examples=entry["examples"],
            companion=entry.get("companion"),
        )
        for entry in tree["rules"]
    )
