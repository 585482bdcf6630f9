"""A price table: a folder with one file of prices for each service.

One table comes with the program; a user may point to another (`--prices`, ``ADVISOR_PRICES``). A
table stands alone: what it does not hold is missing, and never borrowed from the shipped one, so
that one digest tells which prices an answer used.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from advisor.data import names, read_data
from advisor.errors import InputError
from advisor.tariff.digest import FOLDER, digest_of, shipped_digest
from advisor.tariff.reading import GLOBAL, MalformedPrice, read_component, read_service

if TYPE_CHECKING:
    from advisor.document.tree import Document
    from advisor.tariff.price import Price

SHIPPED = "shipped price book"
_MAX_BYTES = 16 * 1024 * 1024
_MAX_NODES = 2_000_000


class PriceTable:
    """The prices of a folder, read service by service when they are asked for.

    ``origin`` says in an answer where the prices came from. ``folder`` None is the shipped table.
    Reading raises InputError, with the place in the file, for whatever is not exactly of the form
    that ``pricing/README.md`` describes.
    """

    def __init__(self, folder: str | None = None) -> None:
        self.folder = folder
        self.origin = SHIPPED if folder is None else folder
        self._trees: dict[str, Any] = {}
        self._documents: dict[str, Document] = {}
        self._rows: dict[tuple[str, str, str | None], tuple[Price, ...]] = {}
        self._services: tuple[str, ...] | None = None

    def services(self) -> tuple[str, ...]:
        """Return the services that have a price file."""
        if self._services is None:
            self._services = names(FOLDER) if self.folder is None else _files(self.folder)
        return self._services

    def components(self, service: str) -> tuple[str, ...]:
        """Return the components of a service in the order of its file; none for an unknown one."""
        return tuple(self.tree(service)["components"])

    def rows(self, service: str, component: str, region: str | None = None) -> tuple[Price, ...]:
        """Return every dated price of a component, in one Region or, for None, in all."""
        key = (service, component, region)
        if key not in self._rows:
            tree = self.tree(service)
            try:
                self._rows[key] = tuple(read_component(tree, component, region))
            except MalformedPrice as wrong:
                raise self._refusal(service, wrong) from None
        return self._rows[key]

    def regions(self, service: str, component: str) -> tuple[str, ...]:
        """Return the Regions that have a price for a component, on any date."""
        return tuple(sorted({row.region for row in self.rows(service, component)}))

    def all_regions(self) -> tuple[str, ...]:
        """Return every Region that the table has any price for."""
        found = {
            region
            for service in self.services()
            for entry in self.tree(service)["components"].values()
            for group in entry["prices"]
            for region in group["regions"]
        }
        return tuple(sorted(found - {GLOBAL}))

    def digest(self) -> str:
        """Return the SHA-256 of the table's files."""
        return shipped_digest() if self.folder is None else digest_of(self.contents())

    def contents(self) -> dict[str, bytes]:
        """Return the YAML source of each service's file."""
        from advisor.data import read_bytes as read_shipped
        from advisor.document.tree import read_bytes

        if self.folder is None:
            return {each: read_shipped(f"{FOLDER}/{each}.yaml") for each in self.services()}
        return {each: read_bytes(self.path(each), max_bytes=_MAX_BYTES) for each in self.services()}

    def path(self, service: str) -> str:
        """Return the path of a service's file; the shipped table's has no folder of its own."""
        return os.path.join(self.folder or FOLDER, f"{service}.yaml")

    def tree(self, service: str) -> Any:
        """Return the plain tree of a service's file; without components for an unknown service."""
        if service not in self._trees:
            if service not in self.services():
                self._trees[service] = {"components": {}}
            elif self.folder is None:
                self._trees[service] = read_data(f"{FOLDER}/{service}.yaml")
            else:
                self._trees[service] = self._parsed(service)
        return self._trees[service]

    def _parsed(self, service: str) -> Any:
        from advisor.document.tree import parse, read_bytes

        path = self.path(service)
        content = read_bytes(path, max_bytes=_MAX_BYTES)
        document = parse(content, path, max_nodes=_MAX_NODES)
        self._documents[service] = document
        try:
            # A table from outside is read whole before any price of it is trusted.
            rows = read_service(document.value)
        except MalformedPrice as wrong:
            raise self._refusal(service, wrong) from None
        if document.value["service"] != service:
            message = f"the service is not {service}, the file's name"
            raise self._refusal(service, MalformedPrice("", message, "service"))
        for component, prices in rows.items():
            self._rows[service, component, None] = tuple(prices)
        return document.value

    def _refusal(self, service: str, wrong: MalformedPrice) -> InputError:
        document = self._documents.get(service)
        if document is None:
            raise wrong
        code = "malformed-price"
        return InputError([document.diagnostic(wrong.path, code=code, message=str(wrong))])


@cache
def open_table(folder: str | None = None) -> PriceTable:
    """Open a table once for the whole run; None is the one that comes with the program."""
    return PriceTable(folder)


def _files(folder: str) -> tuple[str, ...]:
    """Return the services of a folder; raise InputError when it holds no price file."""
    from advisor.document.diagnostics import Diagnostic

    try:
        entries = sorted(os.listdir(folder))
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        found = Diagnostic(
            code="unreadable-file", message=f"no price table here: {reason}", file=folder
        )
        raise InputError([found]) from None
    files = tuple(name[: -len(".yaml")] for name in entries if name.endswith(".yaml"))
    if not files:
        raise InputError(
            [
                Diagnostic(
                    code="empty-file",
                    message="this folder holds no price file such as lambda.yaml",
                    file=folder,
                    help="`advisor prices refresh --to` writes a table",
                )
            ]
        )
    return files
