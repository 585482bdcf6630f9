"""The digest of a price table: two answers with one digest used the same prices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from advisor.data import names, read_bytes, read_compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "pricing/aws"
COMPILED = "pricing/digest.json"
"""Where the build hook stores the digest, so that no command has to import hashlib for it."""


@cache
def shipped_digest() -> str:
    """Return the SHA-256 of the shipped price files, by their YAML source."""
    stored = read_compiled(COMPILED)
    return compute() if stored is None else str(stored)


def compute() -> str:
    """Return the digest from the shipped files themselves."""
    return digest_of({each: read_bytes(f"{FOLDER}/{each}.yaml") for each in names(FOLDER)})


def digest_of(contents: Mapping[str, bytes]) -> str:
    """Return the digest of price files, given by service."""
    import hashlib

    sha = hashlib.sha256()
    for service in sorted(contents):
        sha.update(service.encode() + b"\0" + contents[service] + b"\0")
    return sha.hexdigest()
