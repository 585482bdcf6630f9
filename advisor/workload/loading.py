"""From a file to a workload that has been read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from advisor.document.reader import json_schema, read
from advisor.document.tree import parse, read_bytes
from advisor.errors import AdvisorError, InputError
from advisor.workload import Workload
from advisor.workload.checks import check

if TYPE_CHECKING:
    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document

MAX_BYTES = 1024 * 1024
STANDARD_INPUT = "-"
SCHEMA_ID = "https://serverless-advisor.dev/workload.schema.json"


class Loaded(Struct, frozen=True, kw_only=True):
    """A workload, the document that it stands in, and what its check warned of."""

    workload: Workload
    document: Document
    warnings: tuple[Diagnostic, ...]


def load(file: str, *, region: str | None = None) -> Loaded:
    """Read and check a workload file; ``-`` is standard input.

    ``region`` takes the place of the file's. Raises InputError with everything that is wrong.
    """
    name = "<stdin>" if file == STANDARD_INPUT else file
    return loaded(read_bytes(file, max_bytes=MAX_BYTES), name, region=region)


def loaded(content: bytes, name: str, *, region: str | None = None) -> Loaded:
    """Read and check the content of a workload file that errors call by ``name``."""
    document = parse(content, name)
    workload = read(document, Workload)
    if region is not None:
        changed = {**msgspec.to_builtins(workload), "region": region}
        try:
            workload = msgspec.convert(changed, Workload)
        except msgspec.ValidationError:
            raise AdvisorError(f"--region {region!r} is not a Region such as eu-west-1") from None
    found = check(workload, document)
    errors = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    if errors:
        raise InputError(errors)
    return Loaded(workload=workload, document=document, warnings=tuple(found))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the workload file."""
    return json_schema(Workload, title="advisor workload", id=SCHEMA_ID)
