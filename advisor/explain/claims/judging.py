"""The verdict on each claim: the first whose condition holds of the numbers computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from advisor.data import read_data
from advisor.errors import AdvisorError, PriceMissing
from advisor.explain.claims.computing import BY_SIZE, COMPUTATIONS, Computed, size_of
from advisor.explain.explanation import Explanation
from advisor.limits import limits
from advisor.rulebook.language.evaluating import evaluate
from advisor.rulebook.language.parsing import parse
from advisor.rulebook.language.templates import fill, parse_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.tariff import PriceBook

DEFAULT_REGION = "us-east-1"
DEFAULT_MEMORIES = (1024.0,)


class _Numbers(Struct, frozen=True, kw_only=True):
    """What a claim's conditions and reasons see: the numbers computed, and quotas."""

    values: dict[str, float]
    region: str

    def value(self, path: str) -> Any:
        kind, _, name = path.partition(".")
        value = self.values.get(name)
        if kind not in ("figure", "percent") or value is None:
            raise KeyError(f"{path} is no number of this claim")
        return round(value * 100) if kind == "percent" else value

    def quota(self, key: str) -> float:
        return limits().number(key, self.region)

    def region_supports(self, service: str) -> bool | None:  # noqa: ARG002 - a context's signature
        return None

    def deprecated_on(self, runtime: str) -> str | None:  # noqa: ARG002 - a context's signature
        return None


def claims(
    book: PriceBook, region: str | None, memories: Sequence[float]
) -> tuple[int, Explanation]:
    """Return the verdict on every claim, with 4 where a price is missing and 0 otherwise.

    Raises AdvisorError for a memory that no function can have.
    """
    where = region or DEFAULT_REGION
    sizes = tuple(memories) or DEFAULT_MEMORIES
    least, most = (limits().number(f"lambda.memory_{end}_mb") for end in ("min", "max"))
    for memory_mb in sizes:
        if not least <= memory_mb <= most:
            raise AdvisorError(f"a function has {least:,} to {most:,} MB, not {memory_mb:,g} MB")
    entries = read_data("rules/claims.yaml")["claims"]
    judged = [_judged(entry, book, where, sizes) for entry in entries]
    missing = {str(error): None for errors, _ in judged for error in errors}
    listed = ", ".join(f"{memory_mb:,g}" for memory_mb in sizes)
    return 4 if missing else 0, Explanation(
        title=f"{len(judged)} things often said about serverless, checked for {where}",
        sentences=(
            f"Functions of {listed} MB on x86_64, list prices, a month of 730 hours; --region and"
            " --memory take others.",
            *(f"Not known: {message}." for message in missing),
        ),
        children=tuple(explained for _, explained in judged),
    )


def _judged(
    entry: dict[str, Any], book: PriceBook, region: str, sizes: Sequence[float]
) -> tuple[list[PriceMissing], Explanation]:
    origin = (
        f"Source: {entry['source']} (read {entry['checked']}, confidence {entry['confidence']})"
    )
    name = entry.get("computed")
    if name is None:
        nothing = Computed(values={}, figures=())
        verdict, because = _verdict(entry, nothing, region)
        return [], Explanation(
            title=_titled(verdict, entry),
            sentences=(because, _holds(entry, region), origin),
        )
    found: list[tuple[float, Computed]] = []
    missing: list[PriceMissing] = []
    for memory_mb in sizes if name in BY_SIZE else sizes[:1]:
        try:
            computed = COMPUTATIONS[name](book, region, size_of(memory_mb))
        except PriceMissing as error:
            missing += (error, *error.others)
        else:
            missing += computed.missing
            found.append((memory_mb, computed))
    if not found:
        return missing, Explanation(
            title=_titled("not known here", entry),
            sentences=(*dict.fromkeys(f"There is {error}." for error in missing), origin),
        )
    verdicts = [_verdict(entry, computed, region) for _, computed in found]
    if len(found) == 1:
        ((_, computed),) = found
        ((verdict, because),) = verdicts
        return missing, Explanation(
            title=_titled(verdict, entry),
            sentences=(because, _holds(entry, region), origin),
            figures=computed.figures,
        )
    said = " or ".join(dict.fromkeys(verdict for verdict, _ in verdicts))
    return missing, Explanation(
        title=_titled(said, entry),
        sentences=(_holds(entry, region), origin),
        children=tuple(
            Explanation(
                title=f"at {memory_mb:,g} MB", sentences=(because,), figures=computed.figures
            )
            for (memory_mb, computed), (_, because) in zip(found, verdicts, strict=True)
        ),
    )


def _titled(verdict: str, entry: dict[str, Any]) -> str:
    return f"{verdict.upper()}: “{entry['claim']}”"


def _holds(entry: dict[str, Any], region: str) -> str:
    told = fill(parse_template(entry["holds"]), _Numbers(values={}, region=region))
    return f"When it holds: {told[:1].lower()}{told[1:]}"


def _verdict(entry: dict[str, Any], computed: Computed, region: str) -> tuple[str, str]:
    numbers = _Numbers(values=computed.values, region=region)
    for each in entry["verdicts"]:
        if "when" not in each or evaluate(parse(each["when"]), numbers).value:
            return each["verdict"], fill(parse_template(each["because"]), numbers)
    raise LookupError(f"no verdict of the claim {entry['id']} holds")
