"""Writing a price table so that the one that was there is whole until the new one is.

Each file is written beside its place, read back and checked, and only then renamed, which a file
system does at once or not at all. Whoever kills the program leaves the old file or the new one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.document.tree import parse
from advisor.tariff.reading import read_service

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTIAL = ".partial"


def replace_files(folder: str, contents: Mapping[str, bytes]) -> None:
    """Put price files, by service, into a folder that may hold others; raise OSError otherwise.

    A folder that does not exist yet appears with all of its files at once.
    """
    target = Path(folder)
    fresh = not target.is_dir()
    place = target.with_name(target.name + PARTIAL) if fresh else target
    written: list[Path] = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        if fresh:
            # What a killed run left here must not become part of the table.
            _empty(place)
        for service, content in sorted(contents.items()):
            path = place / f"{service}.yaml{'' if fresh else PARTIAL}"
            written.append(path)
            _write(path, content)
            _check(path, content)
        if fresh:
            place.rename(target)
        else:
            for path in written:
                path.replace(path.with_name(path.name.removesuffix(PARTIAL)))
        _keep(target)
    except BaseException:
        # Also for Ctrl-C: what is half done goes away, what was there stays.
        for path in written:
            path.unlink(missing_ok=True)
        if fresh:
            with suppress(OSError):
                place.rmdir()
        raise


def _empty(place: Path) -> None:
    for path in place.iterdir():
        path.unlink()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _check(path: Path, content: bytes) -> None:
    """Read a file back as a price file; a disk that lost a part of it must not win."""
    found = path.read_bytes()
    if found != content:
        raise OSError(f"{path} does not hold what was written")
    read_service(parse(found, str(path), max_nodes=len(content)).value)


def _keep(folder: Path) -> None:
    """Ask the system to keep the renames even through a power failure, where it can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
