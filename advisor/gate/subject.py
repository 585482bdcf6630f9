"""From a workload and prices to a snapshot: the only place that knows what an answer holds."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from advisor.decisions.settling import settle
from advisor.errors import AdvisorError, InputError, PriceMissing
from advisor.gate.outcome import Prices, exact
from advisor.gate.snapshot import Digests, Line, Snapshot, Unknown, Violation
from advisor.rulebook.rulebook import built_in_rulebook
from advisor.tariff import open_book, open_table
from advisor.workload import Current

if TYPE_CHECKING:
    from decimal import Decimal

    from advisor.cost.bill import LineItem
    from advisor.decisions.recommendation import Candidate
    from advisor.decisions.settling import Settled
    from advisor.rulebook import Rulebook
    from advisor.workload import Workload

SIZES = ("architecture", "memory_mb", "task_vcpu", "task_memory_mb")
"""What identifies the size of a design; counts follow from the load."""
_DECISIONS = ("compute", "api", "workflow", "messaging")
"""What `current` has to name for a design to be declared; sizes alone name none."""
_NOT_USAGE = ("name", "environment", "tags", "waivers", "current")


class Pricing:
    """Prices of one side: a table as of a day. Equal workloads are answered once.

    ``folder`` None is the shipped table; ``origin`` is what the outcome calls the table;
    ``rulebook`` None has the built-in rules.
    """

    def __init__(
        self,
        *,
        as_of: date | None = None,
        folder: str | None = None,
        origin: str | None = None,
        rulebook: Rulebook | None = None,
    ) -> None:
        self.as_of = as_of
        self.folder = folder
        self.rulebook = rulebook or built_in_rulebook()
        self.table = open_table(folder)
        self.origin = origin or self.table.origin
        self._book = open_book(as_of, prices=folder)
        self._answers: dict[bytes, Settled] = {}
        self._newest: date | None = None

    def answer(self, workload: Workload) -> Settled:
        """Return the recommendation for a workload; raise AdvisorError where there is none."""
        # What only the gate reads, and what it is called, changes no answer.
        bare = replace(workload, name="workload", tags=None, waivers=None)
        key = msgspec.json.encode(bare)
        if key not in self._answers:
            self._answers[key] = settle(
                bare, as_of=self.as_of, prices=self.folder, rules=self.rulebook
            )
            self._newest = max(self._newest or date.min, self._answers[key].prices_as_of)
        return self._answers[key]

    def same_as(self, other: Pricing) -> bool:
        """Return whether both sides have the same prices."""
        return self.as_of == other.as_of and self.table.digest() == other.table.digest()

    def unit_price(self, line: Line) -> Decimal | None:
        """Return what the tier of a line item costs here; None where no price is known."""
        try:
            price = self._book.price(*line.component)
            for tier in price.tiers:
                if tier.up_to is None or line.tier_above < tier.up_to:
                    rate: Decimal = price.rate(tier)[0]
                    return rate
        except PriceMissing:
            return None
        return None

    def described(self) -> Prices:
        """Return which prices these are, after the last answer."""
        as_of = self.as_of or self._newest
        return Prices(
            as_of="" if as_of is None else as_of.isoformat(),
            origin=self.origin,
            digest=self.table.digest(),
        )


def snapshot(workload: Workload, pricing: Pricing) -> Snapshot:
    """Return a workload with its judged design and its bill."""
    described: dict[str, Any] = {
        "name": workload.name,
        "region": workload.region,
        "tags": dict(sorted((workload.tags or {}).items())),
        "digests": digests(workload),
        "declared": _declared(workload),
        "waivers": tuple(workload.waivers or ()),
    }
    try:
        answer = pricing.answer(workload)
    except InputError:
        # The price table itself is wrong, and would be for every other workload.
        raise
    except AdvisorError as error:
        unknown = Unknown(code="no-answer", message=str(error))
        return Snapshot(
            **described,
            monthly_requests=0.0,
            design={},
            feasible=False,
            priced=False,
            unknowns=(unknown,),
        )
    unknowns = [
        Unknown(code=notice.code, message=notice.message, field=notice.field, price=notice.price)
        for notice in answer.unknowns
    ]
    judged = answer.best
    if described["declared"] is not None:
        judged = answer.current
        if judged is None:
            message = "the design under `current` is not among the designs that are priced"
            unknowns.append(Unknown(code="current-not-priced", message=message, field="current"))
    best = answer.best
    slo = workload.slo
    objective = None if slo is None else slo.latency_p99_ms
    return Snapshot(
        **described,
        monthly_requests=answer.monthly_requests,
        design={} if judged is None else judged.design.choices(),
        sizing={} if judged is None else _size(judged),
        feasible=judged is not None and not judged.excluded_by,
        priced=judged is not None
        and bool(judged.line_items)
        and not judged.missing
        and not judged.unstated,
        line_items=() if judged is None else tuple(map(_line, judged.line_items)),
        recommended=None if best is None else best.design.choices(),
        recommended_usd=None if best is None else _total(best),
        percentile=None if objective is None or slo is None else slo.latency_percentile or 99.0,
        objective_ms=objective,
        latency_ms=None if judged is None else _six_digits(judged.reached_ms),
        violations=() if judged is None else _violations(judged),
        unknowns=tuple(unknowns),
    )


def with_design_of(workload: Workload, before: Snapshot) -> Workload | None:
    """Return a workload with the design of a snapshot: its usage is kept.

    None where the design cannot be declared in a workload file.
    """
    declared = {**before.design, **before.sizing, **(before.declared or {})}
    try:
        current = msgspec.convert(declared, Current)
    except msgspec.ValidationError:
        return None
    compute, memory = workload.compute, before.sizing.get("memory_mb")
    if compute is not None and isinstance(memory, int | float):
        compute = replace(compute, memory_mb=float(memory))
    return replace(workload, current=current, compute=compute)


def digests(workload: Workload) -> Digests:
    """Return the digests of what a workload file says."""
    everything = _stated(msgspec.to_builtins(workload))
    usage = {key: value for key, value in everything.items() if key not in _NOT_USAGE}
    if usage.get("compute"):
        usage["compute"] = {k: v for k, v in usage["compute"].items() if k != "memory_mb"}
    return Digests(workload=_digest(everything), usage=_digest(usage))


def _stated(tree: Any) -> Any:
    """Leave out what is not stated, so that a new field of the format changes no digest."""
    if isinstance(tree, dict):
        return {key: _stated(value) for key, value in tree.items() if value is not None}
    return [_stated(each) for each in tree] if isinstance(tree, list) else tree


def _digest(tree: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(tree, order="deterministic")).hexdigest()


def _declared(workload: Workload) -> dict[str, str | float] | None:
    stated: dict[str, str | float] = _stated(msgspec.to_builtins(workload.current)) or {}
    return stated if any(decision in stated for decision in _DECISIONS) else None


def _size(candidate: Candidate) -> dict[str, str | float]:
    return {key: candidate.sizing[key] for key in SIZES if key in candidate.sizing}


def _total(candidate: Candidate) -> Decimal:
    return sum((exact(item.monthly_usd) for item in candidate.line_items), exact(0))


def _line(item: LineItem) -> Line:
    tiers = item.ladder.tiers
    paid = next((t for t in tiers if item.ladder.rate(t)[0] == item.unit_price_usd), tiers[0])
    return Line(
        service=item.ladder.service_name,
        item=item.item,
        unit=item.unit,
        quantity=item.quantity,
        unit_price_usd=item.unit_price_usd,
        price=item.price.id,
        tier_above=paid.above,
    )


def _violations(candidate: Candidate) -> tuple[Violation, ...]:
    return tuple(
        Violation(
            rule=verdict.rule,
            effect=verdict.effect,
            because=verdict.because,
            field=verdict.fields[-1] if verdict.fields else None,
        )
        for verdicts in candidate.verdicts.values()
        for verdict in verdicts
        if verdict.effect in ("exclude", "warn") and verdict.result == "true"
    )


def _six_digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
