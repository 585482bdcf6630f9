"""Where the shipped data (pricing, rules, examples) lies, and the one way to read it.

An installed wheel carries the data under ``advisor/_data``, with each YAML file also compiled to
JSON by the build hook, since parsing YAML would cost most of the start-up time. A source checkout
carries the YAML beside the package. A test proves that both read the same.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent


@cache
def data_root() -> Path:
    """Return the folder that holds ``pricing/``, ``rules/`` and ``examples/``."""
    shipped = _PACKAGE / "_data"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def read_data(name: str) -> Any:
    """Return the plain tree of a shipped YAML file such as ``pricing/aws/lambda.yaml``."""
    path = data_root() / name
    compiled = path.with_suffix(".json")
    if compiled.is_file():
        import msgspec

        return msgspec.json.decode(compiled.read_bytes())
    from advisor.document.tree import parse

    return parse(path.read_bytes(), name).value
