"""AWS's quotas, sizes and metering units, read from ``rules/limits.yaml``."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from advisor.data import read_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Limit(Struct, frozen=True, kw_only=True):
    """One quota with its source; ``regions`` holds the Regions in which it has another value."""

    key: str
    value: int | float
    unit: str
    source: str
    read: str
    evidence: str
    regions: Mapping[str, int | float] = field(default_factory=dict)


class Limits:
    """Quotas by key. An unknown key is a mistake in the code and raises KeyError."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def limit(self, key: str) -> Limit:
        return Limit(key=key, **self._tree["limits"][key])

    def number(self, key: str, region: str | None = None) -> int | float:
        """Return a quota's value, in a Region where it differs; the unit is the end of its key."""
        entry = self._tree["limits"][key]
        value: int | float = entry.get("regions", {}).get(region, entry["value"])
        return value

    def knows(self, key: str) -> bool:
        """Return whether there is a quota of this key."""
        return key in self._tree["limits"]

    def keys(self) -> Iterable[str]:
        """Return the keys of all quotas."""
        keys: Iterable[str] = self._tree["limits"].keys()
        return keys

    def supported_regions(self, service: str) -> frozenset[str] | None:
        """Return the Regions that have a service, None for one that is not kept account of."""
        regions = self._tree.get("region_support", {}).get(service)
        return None if regions is None else frozenset(regions["regions"])

    def region_support(self) -> Iterable[str]:
        """Return the services whose Regions are listed."""
        services: Iterable[str] = self._tree.get("region_support", {}).keys()
        return services

    def concurrency_per_vcpu(self, runtime_family: str | None) -> float:
        """Return the requests that one vCPU serves at once, the lowest known for other runtimes."""
        table: dict[str, float] = self._tree["concurrency_per_vcpu"]["by_family"]
        return table.get(runtime_family or "", min(table.values()))

    def fargate_sizes(self) -> list[tuple[float, list[float]]]:
        """Return each vCPU count with its memory sizes in MB, both ascending."""
        return [
            (
                entry["vcpu"],
                entry.get("memory_mb")
                or list(range(entry["from_mb"], entry["to_mb"] + 1, entry["step_mb"])),
            )
            for entry in self._tree["fargate_sizes"]["sizes"]
        ]

    def savings_plan_covers(self) -> frozenset[str]:
        """Return the prices, as ``service/component``, that a Compute Savings Plan discounts."""
        return frozenset(self._tree["compute_savings_plan"]["covers"])

    def known_on(self) -> date:
        """Return the day on which the runtimes' dates were read: an answer's day unless stated."""
        return date.fromisoformat(self._tree["runtime_deprecation"]["read"])

    def runtime_deprecated_on(self, runtime: str) -> str | None:
        """Return the ISO date from which a Lambda runtime is deprecated, or None."""
        dates: dict[str, str] = self._tree["runtime_deprecation"]["dates"]
        return dates.get(runtime)


@cache
def limits() -> Limits:
    return Limits(read_data("rules/limits.yaml"))
