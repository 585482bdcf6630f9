"""How long a SnapStart restore takes, and whether AWS charges for it."""

from __future__ import annotations

from functools import cache
from math import log
from statistics import NormalDist
from typing import Any

from advisor.capacity.initialisation import Quantiles
from advisor.data import read_data


def restore_quantiles(runtime: str | None, init: Quantiles) -> Quantiles:
    """Return the distribution of restore durations, which stands in the place of INIT.

    Measured for three Java runtimes with an empty handler; any other is taken to be as slow as the
    slowest of them, since nothing else is known. The first request after a restore is that of
    ``init``: what the code loads lazily, it loads then.
    """
    measured = _measured()
    known = measured["runtimes"]
    name = runtime if runtime in known else str(measured["slowest"])
    about = f"restore of {name}, measured until {measured['as_of']} ({measured['source']})"
    return Quantiles(
        scores=tuple(NormalDist().inv_cdf(float(q)) for q in measured["quantiles"]),
        logs=tuple(log(float(ms)) for ms in known[name]),
        first_request_fixed_ms=init.first_request_fixed_ms,
        first_request_cpu_ms=init.first_request_cpu_ms,
        basis=about if name == runtime else f"{runtime} was not measured: {about}",
    )


def is_charged(family: str | None) -> bool:
    """Return whether snapshots of a language's functions are charged, as all but Java's are."""
    return family not in _measured()["free_of_charge"]["families"]


@cache
def _measured() -> dict[str, Any]:
    entries: dict[str, Any] = read_data("rules/measurements/snapstart-restores.yaml")
    return entries
