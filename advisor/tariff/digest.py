"""The digest of the price book: two answers with one digest used the same prices."""

from __future__ import annotations

from functools import cache

from advisor.data import names, read_bytes, read_compiled

FOLDER = "pricing/aws"
COMPILED = "pricing/digest.json"
"""Where the build hook stores the digest, so that no command has to import hashlib for it."""


@cache
def digest() -> str:
    """Return the SHA-256 of all price files, by their YAML source."""
    stored = read_compiled(COMPILED)
    return compute() if stored is None else str(stored)


def compute() -> str:
    """Return the digest from the files themselves."""
    import hashlib

    sha = hashlib.sha256()
    for service in names(FOLDER):
        sha.update(service.encode() + b"\0" + read_bytes(f"{FOLDER}/{service}.yaml") + b"\0")
    return sha.hexdigest()
