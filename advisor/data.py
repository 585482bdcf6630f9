"""Where the shipped data (pricing, rules, examples) lies, and the one way to read it.

An installed wheel carries the data under ``advisor/_data``, with each YAML file also compiled to
JSON by the build hook, since parsing YAML would cost most of the start-up time. A source checkout
carries the YAML beside the package. A test proves that both read the same.

Paths are text here: importing pathlib takes 5 ms, which every command would pay.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


@cache
def data_root() -> str:
    """Return the folder that holds ``pricing/``, ``rules/`` and ``examples/``."""
    shipped = os.path.join(_PACKAGE, "_data")
    return shipped if os.path.isdir(shipped) else os.path.dirname(_PACKAGE)


def names(folder: str) -> tuple[str, ...]:
    """Return the names, without ``.yaml``, of the files in a folder such as ``pricing/aws``."""
    found = os.listdir(os.path.join(data_root(), folder))
    return tuple(sorted(name[: -len(".yaml")] for name in found if name.endswith(".yaml")))


def read_bytes(name: str) -> bytes:
    """Return the content of a shipped file."""
    with open(os.path.join(data_root(), name), "rb") as file:
        return file.read()


def read_compiled(name: str) -> Any:
    """Return what the build hook stored as JSON, or None in a source checkout."""
    import msgspec

    try:
        return msgspec.json.decode(read_bytes(name))
    except FileNotFoundError:
        return None


def read_data(name: str) -> Any:
    """Return the plain tree of a shipped YAML file such as ``pricing/aws/lambda.yaml``."""
    compiled = read_compiled(name.removesuffix(".yaml") + ".json")
    if compiled is not None:
        return compiled
    from advisor.document.tree import parse

    return parse(read_bytes(name), name).value
