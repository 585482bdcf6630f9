"""What the fields of a trace say, and rows of the same minute together."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE_S = 60.0
_MOST_IN_MINUTE = 1_000_000_000

Row = tuple[float, int, int, float]
"""Moment in seconds, line, number of requests, their mean duration: plain, for speed."""


class Unreadable(ValueError):
    """Why a row is left out."""


def added_up(
    rows: Sequence[Row],
) -> list[Row]:
    """Return one row for each minute, with the mean duration of its requests."""
    minutes: dict[float, Row] = {}
    for moment, line, number, duration_s in rows:
        minute = moment // MINUTE_S * MINUTE_S
        _, _, before, before_s = minutes.get(minute, (minute, line, 0, 0.0))
        together = before + number
        seconds = before * before_s + number * duration_s
        minutes[minute] = (minute, line, together, seconds / together if together else 0.0)
    return list(minutes.values())


def fields_of(text: str) -> list[str]:
    """Return the fields of a line, without quotes."""
    return [field.strip(' "') for field in text.split(",")]


def moment_of(text: str) -> tuple[float, bool]:
    """Return a moment, and whether it was a number, whose unit is not known yet."""
    try:
        value = float(text)
    except ValueError:
        pass
    else:
        if not (isfinite(value) and value >= 0):
            raise Unreadable(f"{shown(text)} is not a moment")
        return value, True
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp(), False
    except (ValueError, OverflowError):
        raise Unreadable(f"{shown(text)} is not a moment") from None


def number_of(what: str, text: str) -> float:
    """Return a number from 0 on; raise Unreadable, naming ``what`` it is not."""
    try:
        value = float(text)
    except ValueError:
        raise Unreadable(f"{shown(text)} is not a {what}") from None
    if not (isfinite(value) and value >= 0):
        raise Unreadable(f"{shown(text)} is not a {what}")
    return value


def count_of(text: str) -> int:
    """Return a whole number of requests in a minute, a billion at most."""
    value = number_of("count", text)
    if not value.is_integer() or value > _MOST_IN_MINUTE:
        raise Unreadable(f"{shown(text)} is not a count")
    return int(value)


def shown(text: str) -> str:
    """Return a value of a file for a message: short, and without what would drive a terminal."""
    longest = 40
    return ascii(text if len(text) <= longest else text[:longest] + "…")
