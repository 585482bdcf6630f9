"""A value that the user did not state and the answer used."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Assumption(Struct, frozen=True, kw_only=True):
    """A value that was taken for granted, and why."""

    field: str
    value: Any
    why: str
