"""Random workloads: as strange as their types allow, and as plausible as the examples."""

from __future__ import annotations

from json import dumps, loads
from pathlib import Path
from random import Random
from typing import Any

from msgspec import inspect

from advisor.document.tree import parse
from advisor.workload import Workload

_EXAMPLES = tuple(
    dumps(parse(path.read_bytes(), path.name).value)
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
)
_REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1", "zz-nowhere-9")
_RUNTIMES = ("python3.13", "java21", "nodejs22.x", "provided.al2023", "cobol", "java99999.1")
_ROUND = (0.0, 1.0, 1e-3, 10.0, 100.0, 1e3, 1e6, 1e9)


def workload(seed: int) -> dict[str, Any]:
    """Return a workload as a document's tree; the same seed gives the same.

    It fits the types; whether its figures contradict each other is left to chance.
    """
    random = Random(seed)  # noqa: S311 - nothing secret
    # Few fields of a section, or all of them at once: both go through other branches.
    often = random.choice((0.1, 0.3, 0.6))
    found: dict[str, Any] = _struct(inspect.type_info(Workload), random, often)
    found["name"] = "random"
    found["region"] = random.choice(_REGIONS[:3] if random.random() < 0.9 else _REGIONS)
    for unwanted in ("waivers", "tags", "environment"):
        found.pop(unwanted, None)
    traffic = found["traffic"]
    traffic.pop("trace_file", None)
    if not {"monthly_requests", "average_rps"} & set(traffic):
        traffic["monthly_requests"] = _number(0, 1e15, random)
    elif len({"monthly_requests", "average_rps"} & set(traffic)) == 2:
        del traffic[random.choice(("monthly_requests", "average_rps"))]
    if not {"compute", "api", "workflow", "messaging"} & set(found):
        found["compute"] = {}
    compute = found.get("compute")
    if compute is not None:
        if "duration_p50_ms" not in compute or "duration_p99_ms" not in compute:
            compute.setdefault("request_duration_ms", _number(0, 1e12, random))
        if "runtime" in compute:
            compute["runtime"] = random.choice(_RUNTIMES)
    _agree(found)
    return found


def _agree(found: dict[str, Any]) -> None:
    """Take away the contradictions that nearly every random workload would have."""
    traffic, compute = found["traffic"], found.get("compute", {})
    average = traffic.get("average_rps", traffic.get("monthly_requests", 0) / 2_628_000)
    if any(traffic.get("hourly_profile", [1])) is False:
        del traffic["hourly_profile"]
    busiest = average
    if "hourly_profile" in traffic:
        busiest *= 24 * max(traffic["hourly_profile"]) / sum(traffic["hourly_profile"])
    bursts = traffic.get("bursts", [])
    for burst in bursts:
        burst["per_day"] = min(burst["per_day"], 86_400 / burst["duration_s"] / len(bursts))
    if "peak_rps" in traffic:
        highest = max([traffic["peak_rps"], busiest, *(burst["rps"] for burst in bursts)])
        traffic["peak_rps"] = min(highest, 1e9)
    for median, late in (("duration_p50_ms", "duration_p99_ms"), ("init_p50_ms", "init_p99_ms")):
        if median in compute and late in compute:
            compute[median], compute[late] = sorted((compute[median], compute[late]))
    if "request_duration_ms" in compute:
        mean = compute["request_duration_ms"]
        if "duration_p99_ms" in compute and "duration_p50_ms" not in compute:
            compute["duration_p99_ms"] = max(mean, compute["duration_p99_ms"])
        if "duration_p50_ms" in compute and "duration_p99_ms" not in compute:
            compute["duration_p50_ms"] = min(mean, compute["duration_p50_ms"])
    compute.pop("max_duration_s", None)
    found.get("current", {}).pop("concurrency", None)
    found.get("current", {}).pop("tasks", None)
    api = found.get("api", {})
    if "average_request_size_kb" in api:
        api.pop("average_payload_kb", None)


def _struct(about: Any, random: Random, often: float) -> dict[str, Any]:
    return {
        field.encode_name: _value(field.type, random, often)
        for field in about.fields
        if field.required or random.random() < often
    }


def _value(about: Any, random: Random, often: float) -> Any:
    match about:
        case inspect.Metadata(type=inner):
            return _value(inner, random, often)
        case inspect.UnionType(types=types):
            return _value(
                random.choice([each for each in types if not isinstance(each, inspect.NoneType)]),
                random,
                often,
            )
        case inspect.StructType():
            return _struct(about, random, often)
        case inspect.LiteralType(values=values):
            return random.choice(values)
        case inspect.BoolType():
            return random.random() < 0.5
        case inspect.IntType() | inspect.FloatType():
            found = _number(*_range(about), random)
            return round(found) if isinstance(about, inspect.IntType) else found
        case inspect.ListType(item_type=item, min_length=fewest, max_length=most):
            length = random.randint(fewest or 0, min(most or 3, max(fewest or 0, 3)))
            return [_value(item, random, often) for _ in range(length)]
        case inspect.StrType():
            return "x"
        case inspect.DictType():
            return {}
    raise AssertionError(f"no random value of {about}")


def _range(about: inspect.IntType | inspect.FloatType) -> tuple[float, float]:
    """Return the least and the largest number of a type; every one in a workload has both."""
    low = about.ge if about.gt is None else about.gt + 1e-6
    high = about.le if about.lt is None else about.lt - 1e-6
    assert low is not None
    assert high is not None
    return low, high


def _number(low: float, high: float, random: Random) -> float:
    """Return an end of the range, a round number, or any, small ones as often as large ones."""
    kind = random.random()
    if kind < 0.1:
        return random.choice((low, high))
    if kind < 0.3:
        within = [each for each in _ROUND if low <= each <= high]
        if within:
            return random.choice(within)
    least = max(low, 1e-6)
    # Most figures of people are between a thousandth and a hundred thousand.
    most = high if kind > 0.8 or least > 1e5 else min(high, 1e5)
    return float(f"{max(low, least * (most / least) ** random.random()):.6g}")


def plausible(seed: int) -> dict[str, Any]:
    """Return an example's workload with other traffic, code and needs, as real ones have them."""
    random = Random(seed)  # noqa: S311 - nothing secret
    tree: dict[str, Any] = loads(random.choice(_EXAMPLES))
    tree["region"] = random.choice(("us-east-1", "us-east-1", "eu-west-1", "ap-southeast-2"))
    traffic = tree["traffic"]
    rate = _digits(10 ** random.uniform(-1, 4))
    for key, factor in (("average_rps", 1.0), ("monthly_requests", 2_628_000.0)):
        if key in traffic:
            traffic[key] = rate * factor
    traffic.pop("peak_rps", None)
    if random.random() < 0.3:
        every = {"rps": _digits(10 ** random.uniform(0, 3)), "per_day": random.choice((2, 20))}
        traffic["bursts"] = [{**every, "duration_s": random.choice((10, 60))}]
    if "compute" in tree:
        _other_code(tree["compute"], random)
    tree.pop("slo", None)
    if random.random() < 0.6:
        tree["slo"] = {"latency_p99_ms": round(10 ** random.uniform(1.5, 4))}
    if random.random() < 0.25:
        tree["workflow"] = {
            "duration_p99_s": random.choice((5, 200, 4000)),
            "states": random.choice((3, 12)),
            **({"code_first": True} if random.random() < 0.5 else {}),
        }
    if random.random() < 0.3:
        tree["preferences"] = {"tie_margin_percent": random.choice((0, 5, 20))}
    return tree


def _other_code(compute: dict[str, Any], random: Random) -> None:
    mean = _digits(10 ** random.uniform(0.5, 4))
    for key in [key for key in compute if "duration" in key or "fraction" in key]:
        del compute[key]
    stated: dict[str, tuple[float, Any]] = {
        "duration_p50_ms": (0.4, _digits(0.8 * mean)),
        "duration_p99_ms": (0.3, _digits(mean * random.uniform(1.1, 6))),
        "cpu_bound_fraction": (0.5, round(random.random(), 2)),
        "runtime": (0.3, random.choice(("java21", "nodejs22.x", "python3.13", "dotnet8"))),
        "deployments_per_month": (0.2, random.choice((1, 30, 300))),
        "measured_durations": (
            0.15,
            [
                {"memory_mb": 512, "duration_ms": _digits(1.5 * mean)},
                {"memory_mb": 2048, "duration_ms": _digits(0.6 * mean)},
            ],
        ),
    }
    compute["request_duration_ms"] = mean
    compute["memory_mb"] = random.choice((128, 512, 1024, 1769, 3008, 8192))
    compute |= {key: value for key, (share, value) in stated.items() if random.random() < share}


def _digits(value: float) -> float:
    return float(f"{value:.4g}")
