"""What the advisor answers: the values that every report renders."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from advisor.cost.bill import LineItem, total

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.arithmetic import Number
    from advisor.assumption import Assumption
    from advisor.decisions.latency import Latency
    from advisor.decisions.sized import Sized
    from advisor.errors import PriceMissing
    from advisor.rulebook import Verdict
    from advisor.rulebook.language.bounds import Bound

Status: TypeAlias = Literal["recommended", "feasible", "excluded", "unknown"]


class Design(Struct, frozen=True, kw_only=True, dict=True):
    """One option for each decision that the workload asks."""

    compute: str | None = None
    cold_start: str | None = None
    api: str | None = None
    workflow: str | None = None
    messaging: str | None = None

    def choices(self) -> dict[str, str]:
        """Return the option of each decision that is asked, in the order of the decisions."""
        return {**self._choices}

    def has(self, option: str) -> bool:
        """Return whether one of the choices is this option."""
        return option in self._choices.values()

    @cached_property
    def _choices(self) -> Mapping[str, str]:
        return {
            decision: option
            for decision in self.__struct_fields__
            if (option := getattr(self, decision)) is not None
        }


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
    unstated: tuple[str, ...] = ()
    """The fields without which the design cannot be priced."""
    unpriced: tuple[str, ...] = ()
    """What the design needs and no price is kept of."""

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
        return self.said("exclude")

    @property
    def monthly_usd(self) -> Number | None:
        return total(self.line_items) if self.feasible else None

    @property
    def known_usd(self) -> float:
        """Return what the line items that have a price cost: never more than the design does."""
        return float(total(self.line_items))

    @property
    def feasible(self) -> bool:
        return not self.excluded_by and not self.missing and not self.unstated

    def said(self, effect: str, result: str = "true") -> tuple[Verdict, ...]:
        """Return the verdicts of an effect and a result, over all decisions."""
        return tuple(
            verdict
            for verdicts in self.verdicts.values()
            for verdict in verdicts
            if verdict.effect == effect and verdict.result == result
        )


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


class Preference(Struct, frozen=True, kw_only=True):
    """Why a design is recommended that is not the cheapest: the rules that prefer it.

    ``over`` is the cheapest design, ``price_usd`` what the preferred one costs more, within
    ``margin_percent`` of the cheapest; ``verdicts`` prefer it and not the other.
    """

    over: Design
    price_usd: Number
    margin_percent: float
    verdicts: tuple[Verdict, ...]


class Question(Struct, frozen=True, kw_only=True):
    """Fields whose values are not known and could change the answer.

    Where what ``verdicts`` ask about is so, the recommended design is excluded and ``otherwise``
    is the answer, None when nothing is left; else the answer stays. ``bounds`` are what the rules
    ask of the fields, such as above 30.
    """

    fields: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    otherwise: Candidate | None
    bounds: tuple[Bound, ...] = ()


class OptionAnswer(Struct, frozen=True, kw_only=True):
    """An option of a decision, with the cheapest design that contains it."""

    option: str
    status: Status
    candidate: Candidate | None
    verdicts: tuple[Verdict, ...]
    why: str


class FlipPoint(Struct, frozen=True, kw_only=True):
    """Where the answer changes: ``field`` is ``now``, and at ``at`` the answer becomes ``to``.

    ``to`` None says that no design is left there. ``because`` says what is against the answer of
    before: that it is dearer there, that a limit or the objective rules it out, or that the other
    one is preferred at about the same cost.
    """

    field: str
    unit: str
    now: float
    at: float
    to: str | None
    because: Literal["cost", "limits", "preference"] = "cost"

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
    preference: Preference | None = None
    questions: tuple[Question, ...] = ()
    switched_off: tuple[tuple[str, str], ...] = ()
    """Built-in rules that the user's own rules switch off, each with the reason given."""
    not_priced: tuple[str, ...] = ()
    reopen: tuple[tuple[Design, tuple[str, ...]], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 answered, 3 nothing feasible, 4 something that the answer needs is not known."""
        if self.unknowns:
            return 4
        return 0 if self.best is not None else 3
