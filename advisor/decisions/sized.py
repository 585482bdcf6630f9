"""One size of a design, as the search compares it and the answer shows it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from advisor.decisions.cold_start import ColdStart
    from advisor.decisions.running import Running


class Sized(Struct, frozen=True, kw_only=True, dict=True):
    """One size of a design.

    ``shown`` is what the answer says of it. ``running`` is the work at this size, None when only a
    front door is asked about; ``cold`` how a function meets its cold starts.
    """

    shown: dict[str, Any]
    running: Running | None = None
    cold: ColdStart | None = None

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Return what tells this size from others of the same option."""
        return tuple(map(str, self.shown.items()))
