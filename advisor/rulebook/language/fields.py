"""What conditions may speak of: the fields of the workload file, and what is derived from it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from advisor.data import read_data
from advisor.limits import limits
from advisor.rulebook.language.runtimes import family_and_version
from advisor.rulebook.language.types import BOOL, STRING, Type
from advisor.rulebook.names import OPTIONS, SIZING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SECTIONS = (
    "traffic",
    "compute",
    "slo",
    "api",
    "workflow",
    "messaging",
    "constraints",
    "commitments",
    "preferences",
)
"""The sections of the workload file whose fields conditions use."""

_NOT_NEGATIVE = Type(kind="number", low=0.0)
_PART = Type(kind="number", low=0.0, high=1.0)
DERIVED: Mapping[str, Type] = {
    "peak_concurrency": _NOT_NEGATIVE,
    "concurrency_growth_per_10s": _NOT_NEGATIVE,
    "cold_start_rate": _PART,
    "pc_units": _NOT_NEGATIVE,
    "pc_utilisation": _PART,
    "drain_concurrency": _NOT_NEGATIVE,
    "pipe_concurrency": _NOT_NEGATIVE,
    "needs_rest_only": BOOL,
    "needs_gateway": BOOL,
}
"""The figures that the advisor derives from a workload."""


def cost_field(option: str) -> str:
    """Return the field that has an option's monthly cost.

    >>> cost_field("http-api")
    'cost.http_api_monthly_usd'
    """
    return f"cost.{option.replace('-', '_')}_monthly_usd"


class WorkloadNames:
    """The names of the workload file, of the design, and of ``rules/limits.yaml``."""

    def __init__(self, types: Mapping[str, Type], unusable: Mapping[str, str]) -> None:
        self._types = types
        self._unusable = unusable

    def field(self, path: str) -> Type | None:
        return self._types.get(path)

    def why_not(self, path: str) -> str | None:
        if path in self._unusable:
            return self._unusable[path]
        if path in SECTIONS:
            return f"name one of its fields, as in {self._first(path)}"
        owner, _, last = path.rpartition(".")
        if owner in self._unusable:
            return f"{owner}: {self._unusable[owner]}"
        if owner in self._types:
            return f"{owner} is a value, it has no {last}"
        return None

    def _first(self, section: str) -> str:
        return next(path for path in self._types if path.startswith(f"{section}."))

    def known_paths(self) -> Iterable[str]:
        return self._types

    def quota(self, key: str) -> bool:
        return limits().knows(key)

    def known_quotas(self) -> Iterable[str]:
        return limits().keys()

    def service(self, name: str) -> bool:
        return limits().supported_regions(name) is not None

    def known_services(self) -> Iterable[str]:
        return limits().region_support()

    def runtime(self, name: str) -> bool:
        """A version that AWS no longer lists is accepted: code that ran on it is still compared."""
        family, version = family_and_version(name)
        return bool(version) and version <= _newest_versions().get(family, ())

    def known_runtimes(self) -> Iterable[str]:
        return _runtimes()


@cache
def _runtimes() -> tuple[str, ...]:
    dates: Mapping[str, str] = read_data("rules/limits.yaml")["runtime_deprecation"]["dates"]
    return tuple(name.removesuffix(".x") for name in dates)


@cache
def _newest_versions() -> dict[str, tuple[int, ...]]:
    newest: dict[str, tuple[int, ...]] = {}
    for family, version in map(family_and_version, _runtimes()):
        newest[family] = max(newest.get(family, ()), version)
    return newest


@cache
def workload_names() -> WorkloadNames:
    """Return the names that the conditions of this advisor's rules may use."""
    types: dict[str, Type] = {"region": STRING, "date": Type(kind="string", date=True)}
    unusable = _other_fields()
    for section in SECTIONS:
        _add_section(section, types, unusable)
    for decision, options in OPTIONS.items():
        types[f"option.{decision}"] = Type(kind="string", values=options)
    for size, values in SIZING.items():
        types[f"option.{size}"] = Type(kind="string", values=values)
    for name, kind in DERIVED.items():
        types[f"derived.{name}"] = kind
    for options in OPTIONS.values():
        for option in options:
            if option != "none":
                types[cost_field(option)] = _NOT_NEGATIVE
    return WorkloadNames(types, unusable)


def _other_fields() -> dict[str, str]:
    """Return why the fields outside the sections are none of the rules' business."""
    from advisor.workload import Current

    deployed = "the design that is judged is in option.*; `current` is what runs today"
    found = {"current": deployed}
    for field in Current.__struct_fields__:
        found[f"current.{field}"] = deployed
    for name in ("version", "name", "environment"):
        found[name] = "it says nothing about the load"
    return found


def _add_section(section: str, types: dict[str, Type], unusable: dict[str, str]) -> None:
    from msgspec import inspect

    from advisor.workload.defaults import section_type

    described = inspect.type_info(section_type(section))
    if not isinstance(described, inspect.StructType):
        raise TypeError(f"{section} is not a section of the workload file")
    for field in described.fields:
        path = f"{section}.{field.name}"
        found = _type(field.type)
        if found is None:
            unusable[path] = "its entries have fields of their own; derive what the rule needs"
        else:
            types[path] = found


def _type(described: Any) -> Type | None:
    """Return the language's type of a field, or None when it has none."""
    from msgspec import inspect

    match described:
        case inspect.Metadata():
            return _type(described.type)
        case inspect.UnionType():
            kinds = [each for each in described.types if not isinstance(each, inspect.NoneType)]
            return _type(kinds[0]) if len(kinds) == 1 else None
        case inspect.BoolType():
            return BOOL
        case inspect.StrType():
            return STRING
        case inspect.LiteralType() if all(isinstance(each, str) for each in described.values):
            return Type(kind="string", values=tuple(map(str, described.values)))
        case inspect.IntType() | inspect.FloatType():
            return _number(described)
        case inspect.ListType():
            element = _type(described.item_type)
            if element is None or element.kind == "list":
                return None
            return Type(kind="list", element=element.kind, values=element.values)
        case _:
            return None


def _number(described: Any) -> Type:
    low = described.ge if described.gt is None else described.gt
    high = described.le if described.lt is None else described.lt
    return Type(
        kind="number",
        low=float("-inf") if low is None else float(low),
        high=float("inf") if high is None else float(high),
        low_open=described.gt is not None,
        high_open=described.lt is not None,
    )
