"""What the advisor answers: the values that every report renders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from advisor.cost.bill import LineItem, total

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.arithmetic import Number
    from advisor.assumption import Assumption
    from advisor.decisions.latency import Latency
    from advisor.decisions.sizing import Sized
    from advisor.errors import PriceMissing
    from advisor.rulebook import Verdict

Status: TypeAlias = Literal["recommended", "feasible", "excluded", "unknown"]


class Design(Struct, frozen=True, kw_only=True):
    """One option for each decision that the workload asks."""

    compute: str | None
    api: str | None
    cold_start: str | None = None

    def choices(self) -> dict[str, str]:
        asked = {"compute": self.compute, "cold_start": self.cold_start, "api": self.api}
        return {decision: option for decision, option in asked.items() if option is not None}


class Candidate(Struct, frozen=True, kw_only=True):
    """A design, sized, priced and judged.

    ``missing`` names the prices that are not known; then the bill is not complete and no total is
    given. ``missing_variants`` names prices of another sizing, such as arm64, that could have been
    cheaper. A design that a rule excludes is not priced.
    """

    design: Design
    sizing: Mapping[str, Any]
    line_items: tuple[LineItem, ...]
    missing: tuple[PriceMissing, ...]
    missing_variants: tuple[PriceMissing, ...] = ()
    verdicts: Mapping[str, tuple[Verdict, ...]]
    sized: Sized | None = None
    """What ``sizing`` shows, as pricing and latency use it."""
    latency: Latency | None = None
    unbound: tuple[Number, Latency] | None = None
    """What the cheapest size costs when nobody asks for the objective, and its latency."""

    @property
    def latency_ms(self) -> Mapping[str, float] | None:
        """Return the percentiles that callers see, in ms, None where nothing is known."""
        return None if self.latency is None else self.latency.percentiles

    @property
    def cold_start_share(self) -> tuple[float, float] | None:
        """Return the part of requests that are cold, low and high; None without cold starts."""
        return None if self.latency is None else self.latency.cold_start_share

    @property
    def reached_ms(self) -> float | None:
        """Return the latency at the objective's percentile, where there is an objective."""
        return None if self.latency is None else self.latency.reached_ms

    @property
    def excluded_by(self) -> tuple[Verdict, ...]:
        return tuple(
            verdict
            for verdicts in self.verdicts.values()
            for verdict in verdicts
            if verdict.effect == "exclude" and verdict.result == "true"
        )

    @property
    def monthly_usd(self) -> Number | None:
        return None if self.missing or self.excluded_by else total(self.line_items)

    @property
    def feasible(self) -> bool:
        return not self.excluded_by and not self.missing


def monthly_usd_of(candidate: Candidate) -> float:
    """Return a candidate's cost for ranking; one without a total counts as nothing."""
    amount = candidate.monthly_usd
    return 0.0 if amount is None else float(amount)


class Objective(Struct, frozen=True, kw_only=True):
    """The latency objective, what the recommended design reaches, and what holding it costs.

    ``without`` is the cheapest design when nobody asks for the objective, ``without_ms`` the
    latency that it would have; ``price_usd`` what the recommended design costs more than it.
    """

    percentile: float
    objective_ms: float
    reached_ms: float
    without: Design
    without_ms: float
    price_usd: Number


class OptionAnswer(Struct, frozen=True, kw_only=True):
    """An option of a decision, with the cheapest design that contains it."""

    option: str
    status: Status
    candidate: Candidate | None
    verdicts: tuple[Verdict, ...]
    why: str


class FlipPoint(Struct, frozen=True, kw_only=True):
    """Where the answer changes: ``field`` is ``now``, and at ``at`` the answer becomes ``to``."""

    field: str
    now: float
    at: float
    to: str

    @property
    def factor(self) -> float:
        return self.at / self.now


class Decision(Struct, frozen=True, kw_only=True):
    """The options of one decision, recommended first, then by cost."""

    decision: str
    recommended: str | None
    options: tuple[OptionAnswer, ...]
    flip_points: tuple[FlipPoint, ...] = ()


class Notice(Struct, frozen=True, kw_only=True):
    """Something that the user should know: a warning, or a figure that is not known."""

    code: str
    message: str
    field: str | None = None
    price: str | None = None
    """The price that is missing, as ``service/component``, where that is the matter."""


class Recommendation(Struct, frozen=True, kw_only=True):
    """The answer for one workload.

    ``best`` None means that no design is left; ``reopen`` then holds the smallest sets of fields
    whose change would reopen an option. ``unknowns`` is what keeps the answer from being complete.
    """

    workload: str
    region: str
    file: str | None
    prices_as_of: str
    prices_origin: str
    prices_digest: str
    monthly_requests: float
    best: Candidate | None
    runner_up: Candidate | None
    current: Candidate | None
    decisions: tuple[Decision, ...]
    assumptions: tuple[Assumption, ...]
    warnings: tuple[Notice, ...] = ()
    unknowns: tuple[Notice, ...] = ()
    objective: Objective | None = None
    not_priced: tuple[str, ...] = ()
    reopen: tuple[tuple[Design, tuple[str, ...]], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 answered, 3 nothing feasible, 4 something that the answer needs is not known."""
        if self.unknowns:
            return 4
        return 0 if self.best is not None else 3
