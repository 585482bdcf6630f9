"""From ``key=value`` arguments to a service's keys, or to every reason why they are not."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec

from advisor.document.diagnostics import Diagnostic, Position, quoted
from advisor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from advisor.quote.meter import Meter, Refused

_NUMBER = re.compile(
    r"(?=\.?\d)(\d+(_\d+)*)?(\.\d{1,18})?(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE
)
_MOST_DIGITS = 60
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}", re.ASCII)
# Beyond anything AWS bills; it keeps the arithmetic of 28 digits exact to the last place.
_LARGEST = Decimal("1e18")
_MOST_KEYS = 100
_BOOLEANS = {"true": True, "false": False}


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a meter as a user meets it: what it is, its unit, its choices, its default."""

    name: str
    about: str
    unit: str | None
    choices: tuple[str, ...]
    is_text: bool
    default: Any

    @property
    def is_quantity(self) -> bool:
        """Whether it is an amount that is nothing when not stated."""
        return isinstance(self.default, Decimal) and self.default == 0


def keys(meter: type[Meter]) -> dict[str, Key]:
    """Return the keys of a service in the order of its fields."""
    return {
        field.encode_name: _key(field.encode_name, field.type, field.default)
        for field in msgspec.inspect.type_info(meter).fields  # type: ignore[attr-defined]
    }


def read(meter: type[Meter], arguments: Sequence[str]) -> tuple[Meter, dict[str, Any]]:
    """Return the meter, and of its keys those that were stated.

    Raises InputError with everything that is wrong, each with its place in the command line.
    """
    line = _Line(meter, arguments)
    known = keys(meter)
    stated: dict[str, Any] = {}
    for index, argument in enumerate(arguments[:_MOST_KEYS]):
        name, equals, text = argument.partition("=")
        if not equals:
            line.refuse(index, "syntax", f"{quoted(argument)} is not of the form key=value")
        elif name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else _see_help(meter)
            message = f"{quoted(name)} is not a key of `{meter.service}`"
            line.refuse(index, "unknown-key", message, hint)
        elif name in stated:
            line.refuse(index, "duplicate-key", f"{quoted(name)} is given twice")
        else:
            stated[name] = line.value(index, known[name], text)
    if len(arguments) > _MOST_KEYS:
        line.refuse(_MOST_KEYS, "too-long", f"more than {_MOST_KEYS} keys are given")
    if line.found:
        raise InputError(line.found)
    return msgspec.convert(stated, meter), stated


def nothing_asked(meter: type[Meter], arguments: Sequence[str]) -> InputError:
    """Return that no quantity is given which could be priced."""
    line = _Line(meter, arguments)
    line.refuse(None, "nothing-asked", "no quantity is given to price", _see_help(meter))
    return InputError(line.found)


def refusal(meter: type[Meter], arguments: Sequence[str], refused: Refused) -> InputError:
    """Return what a meter refuses as an error with the place of the key in the command line."""
    line = _Line(meter, arguments)
    names = [argument.partition("=")[0] for argument in arguments]
    place = names.index(refused.key) if refused.key in names else None
    line.refuse(place, "invalid", str(refused), refused.help)
    return InputError(line.found)


class _Line:
    """The command line as one line of text, in which an error has its place."""

    def __init__(self, meter: type[Meter], arguments: Sequence[str]) -> None:
        self.found: list[Diagnostic] = []
        self._arguments = [argument or "''" for argument in arguments[: _MOST_KEYS + 1]]
        self._start = f"advisor price {meter.service}"

    def refuse(self, index: int | None, code: str, message: str, help_: str | None = None) -> None:
        before = " ".join([self._start, *self._arguments[: index or 0]])
        position = (
            Position(1, len(before) + 2, len(self._arguments[index])) if index is not None else None
        )
        self.found.append(
            Diagnostic(
                code=code,
                message=message,
                help=help_,
                file="command line",
                position=position,
                excerpt=" ".join([self._start, *self._arguments]),
            )
        )

    def value(self, index: int, key: Key, text: str) -> Any:
        """Return a value in the form that the meter's type takes; note an error otherwise."""
        if key.choices:
            if text not in key.choices:
                near = get_close_matches(text, key.choices, n=1)
                hint = f"did you mean `{near[0]}`?" if near else None
                message = f"{quoted(key.name)} is one of {', '.join(key.choices)}"
                self.refuse(index, "not-one-of", f"{message}, not {quoted(text)}", hint)
            return _BOOLEANS.get(text, text)
        if key.is_text:
            if not _NAME.fullmatch(text):
                message = f"{quoted(key.name)} must be a name, not {quoted(text)}"
                self.refuse(index, "bad-form", message)
            return text
        if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text):
            message = (
                f"{quoted(key.name)} must be a number that is not negative, not {quoted(text)}"
            )
            self.refuse(index, "wrong-type", message, _number_hint(text))
            return Decimal(0)
        number = Decimal(text.replace("_", ""))
        if number > _LARGEST:
            self.refuse(index, "too-large", f"{quoted(key.name)} is above {_LARGEST:,f}")
            return Decimal(0)
        return Decimal(f"{number:f}")


def _key(name: str, type_: Any, default: Any) -> Key:
    about, unit = "", None
    if isinstance(type_, msgspec.inspect.Metadata):
        about = (type_.extra_json_schema or {}).get("description", "")
        unit = (type_.extra or {}).get("unit")
        type_ = type_.type
    kinds: Mapping[type, Any] = {
        type(each): each
        for each in (type_.types if isinstance(type_, msgspec.inspect.UnionType) else (type_,))
    }
    choices: tuple[str, ...] = ()
    if msgspec.inspect.BoolType in kinds:
        choices = tuple(_BOOLEANS)
    elif msgspec.inspect.LiteralType in kinds:
        choices = tuple(kinds[msgspec.inspect.LiteralType].values)
    return Key(
        name=name,
        about=about,
        unit=unit,
        choices=choices,
        is_text=msgspec.inspect.StrType in kinds,
        default=None if default is msgspec.NODEFAULT else default,
    )


def _see_help(meter: type[Meter]) -> str:
    return f"`advisor price {meter.service} --help` names the keys"


def _number_hint(text: str) -> str | None:
    plain = text.replace(",", "")
    if plain != text and _NUMBER.fullmatch(plain):
        return f"write {plain}, without separators"
    return "write digits, such as 3000000, 0.5 or 3e6; the unit is in the key's name"
