"""The errors that a user of the command or the library can meet.

AdvisorError
├── InputError          an input file or argument is wrong; holds every diagnostic found
├── PriceMissing        the price book has no price for a component, region or date
└── DataMissing         a figure that decides the answer is not known

Each carries the exit code that the command returns for it (see README, "Exit codes").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.document.diagnostics import Diagnostic


class AdvisorError(Exception):
    """Anything that stops the advisor from answering, in words for its user."""

    exit_code: ClassVar[int] = 2


class InputError(AdvisorError):
    """An input that cannot be read as what it should be.

    Raised once for a file with all of its diagnostics, never for the first one only.
    """

    exit_code = 2

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n\n".join(str(diagnostic) for diagnostic in self.diagnostics))


class PriceMissing(AdvisorError):
    """The price book knows no price here; a missing price is never taken as zero.

    ``others`` are further prices that were asked for at the same time and are missing too.
    """

    exit_code = 4

    def __init__(self, service: str, component: str, region: str, why: str) -> None:
        self.service = service
        self.component = component
        self.region = region
        self.why = why
        self.others: tuple[PriceMissing, ...] = ()
        super().__init__(f"no price for {service}/{component} in {region}: {why}")


class DataMissing(AdvisorError):
    """A figure that the answer depends on is not known."""

    exit_code = 4
