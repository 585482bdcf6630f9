"""The build hook that puts a JSON copy of each data file into the wheel, next to its YAML.

Rules are put there a second time, as they were parsed.

docs/decisions/0001-compiled-data.md says why.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import msgspec
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from types import ModuleType

COMPILED = ("pricing", "rules")
"""Folders of data that the program reads. People read the examples, so these stay YAML only."""


class CompileData(BuildHookInterface[BuilderConfig]):
    """Compile the data outside the tree, so that a build leaves nothing behind."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            # An editable install reads the YAML beside the package, as somebody is editing it.
            return
        self._folder = TemporaryDirectory(prefix="advisor-data-")
        build_data["force_include"].update(
            compile_data(Path(self.root), Path(self._folder.name)),
        )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the interface's signature
        if version != "editable":
            self._folder.cleanup()


def compile_data(root: Path, target: Path) -> dict[str, str]:
    """Write the JSON of every data file below ``target``; return where each goes in the wheel."""
    places = {}
    for folder in COMPILED:
        for source in sorted((root / folder).rglob("*.yaml")):
            name = source.relative_to(root)
            compiled = (target / name).with_suffix(".json")
            compiled.parent.mkdir(parents=True, exist_ok=True)
            compiled.write_bytes(as_json(root, source))
            places[str(compiled)] = str(Path("advisor", "_data", name.with_suffix(".json")))
    for decision in of_package(root, "advisor.rulebook.rulebook").DECISIONS:
        source = root / "rules" / f"{decision}.yaml"
        if source.is_file():
            name = Path("rules", decision + of_package(root, "advisor.rulebook.shipped").PARSED)
            parsed = target / name
            parsed.write_bytes(as_rules(root, source))
            places[str(parsed)] = str(Path("advisor", "_data", name))
    stored = target / "digest.json"
    stored.write_bytes(msgspec.json.encode(price_digest(root)))
    places[str(stored)] = str(Path("advisor", "_data", "pricing", "digest.json"))
    return places


def as_rules(root: Path, source: Path) -> bytes:
    """Return the rules of a file as the package parses them, which no command then does again."""
    shipped = of_package(root, "advisor.rulebook.shipped")
    tree = of_package(root, "advisor.document.tree").parse(source.read_bytes(), str(source)).value
    rules = shipped.as_parsed(tree)
    encoded = msgspec.json.encode(rules)
    if shipped.decoded(encoded) != rules:
        raise ValueError(f"{source} has a rule that JSON cannot carry")
    return encoded


def price_digest(root: Path) -> str:
    """Return the digest that the package computes over its price files."""
    digest: str = of_package(root, "advisor.tariff.digest").compute()
    return digest


def of_package(root: Path, module: str) -> ModuleType:
    """Import a module of the package that is being built."""
    sys.path.insert(0, str(root))
    try:
        return import_module(module)
    finally:
        sys.path.remove(str(root))


def as_json(root: Path, source: Path) -> bytes:
    """Return a YAML file as JSON, read by the package's own parser so that both mean the same."""
    parse = of_package(root, "advisor.document.tree").parse
    value = parse(source.read_bytes(), str(source.relative_to(root))).value
    encoded = msgspec.json.encode(value)
    if msgspec.json.decode(encoded) != value:
        # The installed program would count with other numbers than the source checkout.
        raise ValueError(f"{source} has a value that JSON cannot carry")
    return encoded
