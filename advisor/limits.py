"""AWS's quotas, sizes and metering units, read from ``rules/limits.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import Struct

from advisor.data import read_data


class Limit(Struct, frozen=True, kw_only=True):
    """One quota with its source."""

    key: str
    value: int | float
    unit: str
    source: str
    read: str
    evidence: str


class Limits:
    """Quotas by key. An unknown key is a mistake in the code and raises KeyError."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def limit(self, key: str) -> Limit:
        return Limit(key=key, **self._tree["limits"][key])

    def number(self, key: str) -> int | float:
        """Return a quota's value; the unit is the end of its key."""
        value: int | float = self._tree["limits"][key]["value"]
        return value

    def knows(self, key: str) -> bool:
        """Return whether there is a quota of this key."""
        return key in self._tree["limits"]

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

    def runtime_deprecated_on(self, runtime: str) -> str | None:
        """Return the ISO date from which a Lambda runtime is deprecated, or None."""
        dates: dict[str, str] = self._tree["runtime_deprecation"]["dates"]
        return dates.get(runtime)


@cache
def limits() -> Limits:
    return Limits(read_data("rules/limits.yaml"))
