"""Names and values that the tests of the language speak of, apart from the workload's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.rulebook.language.types import BOOL, STRING, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TYPES = {
    "load.rate": Type(kind="number", low=0.0),
    "load.peak": Type(kind="number", low=0.0),
    "load.share": Type(kind="number", low=0.0, high=1.0),
    "load.size": Type(kind="number", low=0.0, low_open=True, high=100.0, high_open=True),
    "load.delta": Type(kind="number"),
    "load.steady": BOOL,
    "load.private": BOOL,
    "load.kind": Type(kind="string", values=("web", "batch", "stream")),
    "load.other_kind": Type(kind="string", values=("stream", "queue")),
    "load.runtime": STRING,
    "load.since": Type(kind="string", date=True),
    "load.auth": Type(kind="list", element="string", values=("jwt", "iam", "key")),
    "load.tags": Type(kind="list", element="string"),
    "load.hours": Type(kind="list", element="number"),
    "region": STRING,
    "date": Type(kind="string", date=True),
}


class TestNames:
    """The names of ``TYPES``, two quotas, a service and a few runtimes."""

    __test__ = False

    def field(self, path: str) -> Type | None:
        return TYPES.get(path)

    def why_not(self, path: str) -> str | None:
        return "name one of its fields, as in load.rate" if path == "load" else None

    def known_paths(self) -> Iterable[str]:
        return TYPES

    def quota(self, key: str) -> bool:
        return key in self.known_quotas()

    def known_quotas(self) -> Iterable[str]:
        return ("function.timeout_s", "function.memory_mb")

    def service(self, name: str) -> bool:
        return name in self.known_services()

    def known_services(self) -> Iterable[str]:
        return ("custom-bus",)

    def runtime(self, name: str) -> bool:
        return name in self.known_runtimes()

    def known_runtimes(self) -> Iterable[str]:
        return ("python3.11", "python3.13", "nodejs22")


NAMES = TestNames()


class Values:
    """A context of given values; the Region's quota and services come with the Region."""

    def __init__(self, values: Mapping[str, Any] | None = None, **fields: Any) -> None:
        self.values = {**(values or {}), **{f"load.{name}": v for name, v in fields.items()}}

    def value(self, path: str) -> Any:
        return self.values.get(path)

    def quota(self, key: str) -> float | None:
        if key == "function.memory_mb":
            return {"eu-west-1": 10240, "eu-west-2": 3008}.get(self.values.get("region", ""))
        return 900

    def region_supports(self, service: str) -> bool | None:
        region = self.values.get("region")
        return None if region is None else (service, region) == ("custom-bus", "eu-west-1")

    def deprecated_on(self, runtime: str) -> str | None:
        return {"python3.11": "2027-06-30", "nodejs18": "2025-09-01"}.get(runtime)
