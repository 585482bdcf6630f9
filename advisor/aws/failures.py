"""What goes wrong with AWS, in one sentence that a person can act upon."""

from __future__ import annotations

import os

from advisor.errors import AdvisorError

_MOST_SHOWN = 200
DEFAULT_ATTEMPTS = 6


class AwsFailed(AdvisorError):
    """AWS refused, could not be reached, or answered what its Price List should not say."""

    exit_code = 5


def shown(text: object) -> str:
    """Return foreign text fit for a message: printable, on one line, and short."""
    printable = "".join(c if c.isprintable() else " " for c in str(text)[: 4 * _MOST_SHOWN])
    line = " ".join(printable.split())
    return line if len(line) <= _MOST_SHOWN else line[: _MOST_SHOWN - 1] + "…"


def attempts() -> int:
    """Return how often a request is tried; AWS_MAX_ATTEMPTS counts as in AWS's own tools."""
    text = os.environ.get("AWS_MAX_ATTEMPTS", "")
    if not text:
        return DEFAULT_ATTEMPTS
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 100):
        raise AwsFailed(f"AWS_MAX_ATTEMPTS is to be a number from 1 to 99, not {shown(text)!r}.")
    return int(text)
