"""A workload as it was priced once: what a baseline file holds, and what is compared."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from advisor.gate.outcome import Side, exact
from advisor.workload.waivers import Waiver  # noqa: TC001 - read when a baseline is decoded

if TYPE_CHECKING:
    from collections.abc import Mapping


class Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line item: ``quantity`` times ``unit_price_usd``, at a tier of a price.

    ``price`` names the row, ``lambda/duration-arm64/eu-west-1@2026-10-01``; ``tier_above`` is the
    lower bound of the tier.
    """

    service: str
    item: str
    unit: str
    quantity: Decimal
    unit_price_usd: Decimal
    price: str
    tier_above: Decimal = Decimal(0)

    @property
    def monthly_usd(self) -> Decimal:
        return exact(self.quantity * self.unit_price_usd)

    @property
    def component(self) -> tuple[str, str, str]:
        """Return service, component and Region of the price."""
        service, component, region = self.price.partition("@")[0].split("/")
        return service, component, region


class Violation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule that is true of the judged design; ``field`` is where the workload says so."""

    rule: str
    effect: Literal["exclude", "warn"]
    because: str
    field: str | None = None


class Unknown(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that the answer needs and that is not known; ``price`` names a missing price."""

    code: str
    message: str
    field: str | None = None
    price: str | None = None


class Digests(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """SHA-256 of everything that the workload file says, and of its usage alone.

    Usage is what is not design: without the name, tags and waivers, ``current`` and the memory.
    """

    workload: str
    usage: str


class Snapshot(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A workload with the design that is judged: the declared one, else the recommended one.

    ``declared`` is the file's ``current`` section, None without one. ``design`` is empty and
    ``feasible`` False where no design is left. ``priced`` False means that the bill is not
    complete, and no total is given.
    """

    name: str
    region: str
    tags: dict[str, str] = {}
    monthly_requests: float
    digests: Digests
    declared: dict[str, str | float] | None = None
    design: dict[str, str]
    sizing: dict[str, str | float] = {}
    feasible: bool = True
    priced: bool = True
    line_items: tuple[Line, ...] = ()
    recommended: dict[str, str] | None = None
    recommended_usd: Decimal | None = None
    percentile: float | None = None
    objective_ms: float | None = None
    latency_ms: float | None = None
    violations: tuple[Violation, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @property
    def monthly_usd(self) -> Decimal | None:
        """Return the sum of the line items, where they are complete."""
        return total(self.line_items) if self.priced else None

    @property
    def usd_per_million(self) -> Decimal | None:
        """Return the cost of a million requests, None without requests or a total."""
        amount = self.monthly_usd
        if amount is None or not self.monthly_requests:
            return None
        return exact(amount * 1_000_000 / Decimal(str(self.monthly_requests)))

    @property
    def margin_usd(self) -> Decimal | None:
        """Return how much more the judged design costs than the recommended one."""
        amount = self.monthly_usd
        if amount is None or self.recommended_usd is None:
            return None
        return amount - self.recommended_usd

    @property
    def identity(self) -> tuple[Mapping[str, str], Mapping[str, str | float], object]:
        """Return what makes a design the same: options, size, and what the file declares."""
        return self.design, self.sizing, self.declared

    def side(self) -> Side:
        """Return the snapshot as the outcome shows it."""
        return Side(
            design=self.design,
            declared=self.declared is not None,
            sizing=self.sizing,
            feasible=self.feasible,
            monthly_requests=self.monthly_requests,
            monthly_usd=self.monthly_usd,
            usd_per_million=self.usd_per_million,
            recommended=self.recommended,
            recommended_usd=self.recommended_usd,
            margin_usd=self.margin_usd,
            percentile=self.percentile,
            objective_ms=self.objective_ms,
            latency_ms=self.latency_ms,
        )


def total(lines: tuple[Line, ...]) -> Decimal:
    """Return the sum of line items."""
    return sum((line.monthly_usd for line in lines), exact(0))
