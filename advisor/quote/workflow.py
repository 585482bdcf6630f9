"""Quotes for Step Functions workflows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from advisor.arithmetic import in_words, is_zero
from advisor.cost import step_functions
from advisor.limits import limits
from advisor.quote.meter import ZERO, Meter, Refused, key
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class StandardWorkflow(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "step-functions-standard"
    about: ClassVar[str] = "Standard workflows: state transitions"

    transitions: Annotated[
        Decimal, key("State transitions in the month, retries among them", "transitions")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        if is_zero(self.transitions):
            return []
        return step_functions.standard(
            book, region, transitions=self.transitions, free_tier=free_tier
        )


class ExpressWorkflow(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "step-functions-express"
    about: ClassVar[str] = "Express workflows: runs, and duration by memory"

    requests: Annotated[Decimal, key("Runs started in the month", "requests")] = ZERO
    duration_ms: Annotated[
        Decimal | None, key("Duration of a run, billed in steps of 100 ms", "ms")
    ] = None
    memory_mb: Annotated[
        Decimal, key("Memory that a run takes, billed in steps of 64 MB", "MB")
    ] = Decimal(64)

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - Express has no free tier
        if is_zero(self.requests):
            return []
        if self.duration_ms is None:
            raise Refused(
                "duration_ms",
                "a run is charged by its duration, and that is not stated",
                "state how long one run takes; AWS rounds each up to the next 100 ms",
            )
        longest = limits().number("stepfunctions.express_execution_s")
        if self.duration_ms > longest * MS_PER_SECOND:
            raise Refused(
                "duration_ms",
                f"an Express run of {in_words(self.duration_ms)} ms does not exist",
                f"an Express workflow ends after {longest} s; a Standard one takes longer",
            )
        return step_functions.express(
            book,
            region,
            requests=self.requests,
            billed_ms=step_functions.billed_ms(self.duration_ms),
            memory_mb=self.memory_mb,
        )

    def assumed(self) -> dict[str, str]:
        return {
            "memory_mb": "the least that is billed: 50 MB, and up to 14 MB of definition and"
            " payloads"
        }
