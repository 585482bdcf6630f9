"""One size of a design, as the search compares it and the answer shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from advisor.decisions.cold_start import ColdStart
    from advisor.decisions.situation import Running


class Sized(Struct, frozen=True, kw_only=True):
    """One size of a design.

    ``shown`` is what the answer says of it. ``running`` is the work at this size, None when only a
    front door is asked about; ``cold`` how a function meets its cold starts.
    """

    shown: dict[str, Any]
    running: Running | None = None
    cold: ColdStart | None = None
