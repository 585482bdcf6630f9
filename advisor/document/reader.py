"""From a document to a typed value, or to every reason why it is not one."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from advisor.document.diagnostics import MOST_ERRORS, TOO_MANY, Diagnostic, order, quoted
from advisor.document.tree import dotted
from advisor.errors import InputError

if TYPE_CHECKING:
    from advisor.document.tree import Document, Path

T = TypeVar("T")

_UNITS = {
    "ms": "ms",
    "s": "s",
    "mb": "MB",
    "kb": "KB",
    "gb": "GB",
    "rps": "requests/s",
    "mps": "messages/s",
    "usd": "USD",
}
_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a section with keys",
}
_NO = re.compile(r"(?i)n|no|off")
_YES = re.compile(r"(?i)y|yes|on")


def read(document: Document, type_: type[T]) -> T:
    """Return the document as a value of a type; raise InputError with everything that is wrong."""
    try:
        return msgspec.convert(document.value, type_)
    except msgspec.ValidationError as error:
        found = _diagnose(document, type_)
        if not found:
            # Both read the same types; should they ever disagree, the refusal must not get lost.
            found = [document.diagnostic((), code="invalid", message=str(error))]
        raise InputError(found) from None


def json_schema(type_: Any, *, title: str, id: str) -> dict[str, Any]:  # noqa: A002 - JSON Schema's word
    """Return the JSON Schema (2020-12) of a type; it accepts what ``read`` accepts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "title": title,
        **msgspec.json.schema(type_),
    }


def _diagnose(document: Document, type_: Any) -> list[Diagnostic]:
    import jsonschema_rs

    schema = json_schema(type_, title="", id="urn:advisor")
    validator = jsonschema_rs.validator_for(schema)
    explain = _Explainer(document, schema)
    for error in validator.iter_errors(document.value):
        explain.error(error)
        if explain.is_full:
            break
    return explain.sorted()


class _Explainer:
    """Turns a validator's errors into sentences about the file."""

    def __init__(self, document: Document, schema: dict[str, Any]) -> None:
        self.document = document
        self.schema = schema
        self.found: dict[tuple[Path, str, str], Diagnostic] = {}

    def sorted(self) -> list[Diagnostic]:
        found = sorted(self.found.values(), key=order)
        if self.is_full:
            message = f"only the first {MOST_ERRORS} errors are shown"
            found.append(Diagnostic(code=TOO_MANY, message=message, file=self.document.name))
        return found

    @property
    def is_full(self) -> bool:
        # A file of a million wrong keys would be searched for near misses for minutes.
        return len(self.found) >= MOST_ERRORS

    def error(self, error: Any) -> None:
        kind, path = error.kind, tuple(error.instance_path)
        if kind.name == "anyOf":
            # Every optional field is "this or null": the interesting half is the other one.
            for branch in kind.context:
                for inner in branch:
                    if self.is_full:
                        return
                    if not _only_null(inner):
                        self.error(inner)
            return
        handler = {
            "additionalProperties": self._unknown_keys,
            "required": self._missing_key,
            "type": self._wrong_type,
            "enum": self._not_one_of,
            "const": self._not_one_of,
        }.get(kind.name)
        if handler is None:
            self._out_of_range(kind, path, error.message)
        else:
            handler(kind, path)

    def _add(
        self, path: Path, code: str, message: str, help_: str | None, *, key: bool = False
    ) -> None:
        if self.is_full:
            return
        self.found.setdefault(
            (path, code, message),
            self.document.diagnostic(path, code=code, message=message, help=help_, key=key),
        )

    def _unknown_keys(self, kind: Any, path: Path) -> None:
        known = self._keys_at(path)
        for key in kind.unexpected:
            if self.is_full:
                return
            near = get_close_matches(key, known, n=1)
            elsewhere = [name for name, keys in self._sections() if key in keys]
            if near:
                help_ = f"did you mean `{near[0]}`?"
            elif elsewhere:
                help_ = f"{quoted(key)} belongs under {' or '.join(elsewhere)}"
            else:
                help_ = f"known keys: {', '.join(sorted(known))}"
            where = _field(path)
            self._add(
                (*path, key),
                "unknown-key",
                f"{quoted(key)} is not a key of {where}",
                help_,
                key=True,
            )

    def _missing_key(self, kind: Any, path: Path) -> None:
        about = self._schema_at((*path, kind.property))
        example = next(iter(about.get("examples", [])), None)
        advice = f"add `{kind.property}:{'' if example is None else f' {example}'}`"
        self._add(
            path,
            "missing-key",
            f"{_field(path)} has no `{kind.property}`",
            f"{advice}: {about['description']}" if "description" in about else advice,
            key=True,
        )

    def _wrong_type(self, kind: Any, path: Path) -> None:
        wanted = [name for name in kind.types if name != "null"]
        value = self._value(path)
        field = _field(path)
        if isinstance(value, str):
            shown = f"the text {quoted(value)}"
        elif value is None:
            shown = "nothing"
        else:
            shown = _shown(value)
        self._add(
            path,
            "wrong-type",
            f"{field} must be {' or '.join(_KINDS[name] for name in wanted)}, not {shown}",
            self._how_to_write(path, value, wanted),
        )

    def _how_to_write(self, path: Path, value: Any, wanted: list[str]) -> str | None:
        """Explain a scalar that YAML 1.2 reads otherwise than it looks."""
        about = self._schema_at(path).get("description")
        if value is None and "object" in wanted:
            return "write its keys on the lines below it, indented"
        if not isinstance(value, str):
            return about if isinstance(about, str) else None
        written = self.document.written.get(path)
        quotes = written is not None and not written.plain
        numeric = "number" in wanted or "integer" in wanted
        if "boolean" in wanted and (_NO.fullmatch(value) or _YES.fullmatch(value)):
            meant = "false" if _NO.fullmatch(value) else "true"
            return f"{quoted(value)} is text in YAML 1.2; write {meant}"
        if numeric and quotes and re.fullmatch(r"-?[0-9.]+", value):
            return f"the quotes make it text; write {value}"
        if numeric and re.fullmatch(r"[0-9]+(_[0-9]+)+", value):
            return f"write {value.replace('_', '')} without underscores"
        if numeric and re.fullmatch(r"-?0[0-9]+", value):
            bare = value.lstrip("-0") or "0"
            return f"a number has no leading zero; write {'-' * value.startswith('-')}{bare}"
        if numeric and re.fullmatch(r"[0-9]+(:[0-9]+)+", value):
            unit = _unit(path)
            return f"write one plain number{f' in {unit}' if unit else ''}"
        if numeric and re.match(r"[0-9.]+ ?[a-zA-Z]+$", value):
            return "write the number alone; its unit is in the field's name"
        return about

    def _not_one_of(self, kind: Any, path: Path) -> None:
        choices = [kind.expected_value] if kind.name == "const" else list(kind.options)
        shown = [choice for choice in choices if choice is not None]
        value = self._value(path)
        near: list[str] = []
        if isinstance(value, str):
            near = get_close_matches(value, [str(choice) for choice in shown], n=1)
        if isinstance(value, bool) and str(value).lower() in map(str, shown):
            near = [str(value).lower()]
        listed = ", ".join(map(str, shown))
        self._add(
            path,
            "not-one-of",
            f"{_field(path)} cannot be {_shown(value)}",
            f"did you mean `{near[0]}`? It is one of: {listed}" if near else f"one of: {listed}",
        )

    def _out_of_range(self, kind: Any, path: Path, message: str) -> None:
        unit = _unit(path)
        unit = f" {unit}" if unit else ""
        bound = getattr(kind, "limit", None)
        value = self._value(path)
        sentences = {
            "minimum": ("too-small", f"must be at least {_number(bound)}{unit}"),
            "exclusiveMinimum": ("too-small", f"must be above {_number(bound)}{unit}"),
            "maximum": ("too-large", f"must be at most {_number(bound)}{unit}"),
            "exclusiveMaximum": ("too-large", f"must be below {_number(bound)}{unit}"),
            "minItems": ("too-short", f"must have at least {_number(bound)} entries"),
            "maxItems": ("too-long", f"must have at most {_number(bound)} entries"),
            "minLength": ("too-short", "must not be empty"),
            "maxLength": ("too-long", f"must have at most {_number(bound)} characters"),
        }
        code, sentence = sentences.get(
            kind.name, ("invalid", f"is not accepted: {quoted(message)}")
        )
        if kind.name == "pattern":
            code, sentence = "bad-form", f"cannot be {quoted(value)}"
        elif isinstance(value, int | float):
            sentence += f", not {_number(value)}"
        elif isinstance(value, list):
            sentence += f", not {len(value)}"
        about = self._schema_at(path)
        help_ = about.get("description")
        example = next(iter(about.get("examples", [])), None)
        if kind.name == "pattern" and example is not None:
            help_ = f"such as {example}"
        self._add(path, code, f"{_field(path)} {sentence}", help_)

    def _value(self, path: Path) -> Any:
        value = self.document.value
        for part in path:
            value = value[part]
        return value

    def _resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        for option in schema.get("anyOf", []):
            if option.get("type") != "null":
                return {
                    **self._resolve(option),
                    **{k: v for k, v in schema.items() if k != "anyOf"},
                }
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return {
                **self.schema["$defs"][name],
                **{k: v for k, v in schema.items() if k != "$ref"},
            }
        return schema

    def _schema_at(self, path: Path) -> dict[str, Any]:
        schema = self._resolve(self.schema)
        for part in path:
            if isinstance(part, int):
                schema = self._resolve(schema.get("items", {}))
            else:
                schema = self._resolve(schema.get("properties", {}).get(part, {}))
        return schema

    def _keys_at(self, path: Path) -> list[str]:
        return list(self._schema_at(path).get("properties", {}))

    def _sections(self) -> list[tuple[str, list[str]]]:
        top = self._keys_at(())
        return [("the top level", top), *((name, self._keys_at((name,))) for name in top)]


def _only_null(error: Any) -> bool:
    return error.kind.name == "type" and list(error.kind.types) == ["null"]


def _field(path: Path) -> str:
    return quoted(dotted(path)) if path else "the file"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a section with keys" if isinstance(value, dict) else "a list"
    return quoted(value)


def _unit(path: Path) -> str | None:
    names = [part for part in path if isinstance(part, str)]
    return _UNITS.get(names[-1].rpartition("_")[2]) if names else None


def _number(value: Any) -> str:
    return (
        f"{value:,.15g}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )
