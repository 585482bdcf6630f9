"""Arrivals from a trace: a CSV file, plain or gzip, that is read as it is needed.

A file is of moments (``timestamp``, and ``duration_ms`` if known) or of requests per minute
(``minute`` or ``timestamp``, ``count``, and their mean ``duration_ms`` if known). Moments are RFC
3339, UTC where no zone is given, or numbers: seconds, or the milliseconds, microseconds or
nanoseconds since 1970 that their size shows. A row that cannot be read is left out, and counted.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import numpy as np

from advisor.simulation.arrivals import Requests, generator
from advisor.simulation.lines import Lines, refuse
from advisor.simulation.rows import (
    MINUTE_S,
    Row,
    Unreadable,
    added_up,
    count_of,
    fields_of,
    moment_of,
    number_of,
    shown,
)
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from advisor.simulation.arrivals import Durations

_TIME_NAMES = ("timestamp", "time", "minute")
_COUNT_NAMES = ("count", "requests", "invocations")
_DURATION_NAME = "duration_ms"

# From these numbers on a moment is not in seconds: as seconds they are after the year 5000, as the
# smaller unit after 1973.
_UNITS = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3), (-inf, 1.0))
_LATEST_MINUTE = 1e9
_LATEST_S = 1e11
_LONGEST_S = 1e9

REORDERED_ROWS = 65_536
"""How many rows too late a row may stand."""

_DRAWN_AT_ONCE = 32_768
NAMED_BAD_ROWS = 10
_FORMATS = "its first line is a timestamp[,duration_ms], or names the columns: minute,count"


class BadRow(NamedTuple):
    """A row that was left out, and why."""

    line: int
    reason: str


class _Columns(NamedTuple):
    """Where a row holds what; None for what it does not hold."""

    moment: int
    requests: int | None
    duration: int | None
    in_minutes: bool
    header: bool


class Trace:
    """The requests of a trace file, in order of time, from 0 at the first.

    ``rows`` counts what was read so far, ``bad_rows`` what of it was left out, the first ten of
    which ``first_bad`` names. ``durations`` draws what the file does not say; counts are spread
    over their minute at random. Use it as a context, which closes the file.

    Raises InputError for what is no trace: nothing in it, no column of moments, rows that stand
    more than 65,536 rows too late, and what ``Lines`` refuses.
    """

    def __init__(self, path: str, durations: Durations, seed: int) -> None:
        self.path = path
        self.rows = self.bad_rows = 0
        self.first_bad: list[BadRow] = []
        self._durations = durations
        self._numbers = generator(seed, 2)
        self._left: Requests | None = None
        self._unit: float | None = None
        # Of the rows that are sent: where they begin and end in the file, and their requests.
        self._stretch = (0, 0, 1)
        self._taken = 0
        self._file = Lines(path)
        try:
            self._lines = iter(self._file)
            first = next(self._lines, None)
            if first is None:
                refuse(path, "empty-file", "this trace is empty", help_=_FORMATS)
            self._first = first
            self._columns = self._columns_of(fields_of(first[1]))
        except BaseException:
            self.close()
            raise
        self._pieces = self._ordered()

    def __enter__(self) -> Trace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    @property
    def counts_from_s(self) -> float:
        return -inf

    @property
    def ends_s(self) -> float:
        return inf

    @property
    def has_durations(self) -> bool:
        """Whether the file says how long requests take."""
        return self._columns.duration is not None

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._file.size

    @property
    def bytes_done(self) -> int:
        """Bytes of the file whose requests were taken so far: one row may stand for millions."""
        since, until, requests = self._stretch
        return since + int((until - since) * min(1.0, self._taken / requests))

    def take(self, count: int) -> Requests | None:
        """Return the next requests, not more than ``count``; None after the last."""
        parts = [] if self._left is None else [self._left]
        self._left = None
        have = sum(len(part.arrivals) for part in parts)
        while have < count:
            piece = next(self._pieces, None)
            if piece is None:
                break
            parts.append(piece)
            have += len(piece.arrivals)
            self._taken += len(piece.arrivals)
        if not parts:
            return None
        arrivals = np.concatenate([part.arrivals for part in parts])
        durations = np.concatenate([part.durations for part in parts])
        if have > count:
            self._left = Requests(arrivals[count:], durations[count:])
        return Requests(arrivals[:count], durations[:count])

    def _columns_of(self, fields: Sequence[str]) -> _Columns:
        """Return the columns that the first line names, or that its number shows."""
        try:
            moment_of(fields[0])
        except Unreadable:
            return self._named(fields)
        if len(fields) > 2:
            self._refuse("more than two columns need a line that names them")
        return _Columns(0, None, 1 if len(fields) > 1 else None, in_minutes=False, header=False)

    def _named(self, fields: Sequence[str]) -> _Columns:
        names = [field.lower() for field in fields]
        moment = next((names.index(name) for name in _TIME_NAMES if name in names), None)
        count = next((names.index(name) for name in _COUNT_NAMES if name in names), None)
        if moment is None:
            self._refuse(
                "the first line is neither a row, which begins with a timestamp, nor does it name a"
                " column timestamp or minute"
            )
        in_minutes = names[moment] == "minute"
        if in_minutes and count is None:
            self._refuse("a column minute goes with a column count")
        duration = names.index(_DURATION_NAME) if _DURATION_NAME in names else None
        return _Columns(moment, count, duration, in_minutes=in_minutes, header=True)

    def _refuse(self, message: str) -> NoReturn:
        refuse(self.path, "not-a-trace", message, help_=_FORMATS, line=self._first[0])

    def _read_rows(self) -> Iterator[Row]:
        """Yield the rows that can be read, as they stand in the file."""
        if not self._columns.header:
            yield from self._read_row(*self._first)
        moment, duration = self._columns.moment, self._columns.duration
        plain = self._columns.requests is None
        for number, text in self._lines:
            unit = self._unit
            if plain and unit is not None:
                # Nearly all rows are two numbers, and traces may have a hundred million of them.
                fields = text.split(",")
                try:
                    now = float(fields[moment]) * unit
                    lasts_s = 0.0 if duration is None else float(fields[duration]) / MS_PER_SECOND
                    if 0 <= now <= _LATEST_S and 0 <= lasts_s <= _LONGEST_S:
                        self.rows += 1
                        yield now, number, 1, lasts_s
                        continue
                except (ValueError, IndexError):
                    pass
            yield from self._read_row(number, text)

    def _read_row(self, number: int, text: str) -> Iterator[Row]:
        self.rows += 1
        try:
            row = self._row(number, fields_of(text))
        except Unreadable as error:
            self.bad_rows += 1
            if self.bad_rows <= NAMED_BAD_ROWS:
                self.first_bad.append(BadRow(number, str(error)))
            return
        yield row

    def _row(self, number: int, fields: Sequence[str]) -> Row:
        columns = self._columns
        wanted = max(columns.moment, columns.requests or 0, columns.duration or 0) + 1
        if len(fields) < wanted:
            raise Unreadable(f"{len(fields)} of {wanted} columns")
        value, is_number = moment_of(fields[columns.moment])
        if is_number and columns.in_minutes and value < _LATEST_MINUTE:
            value *= MINUTE_S
        elif is_number:
            if self._unit is None:
                self._unit = next(unit for least, unit in _UNITS if value >= least)
            value *= self._unit
        if value > _LATEST_S:
            raise Unreadable(f"{shown(fields[columns.moment])} is too late to be a moment")
        count = 1 if columns.requests is None else count_of(fields[columns.requests])
        duration_s = 0.0
        if columns.duration is not None:
            duration_s = number_of("duration", fields[columns.duration]) / MS_PER_SECOND
            if duration_s > _LONGEST_S:
                raise Unreadable(f"{shown(fields[columns.duration])} ms is too long a duration")
        return value, number, count, duration_s

    def _ordered(self) -> Iterator[Requests]:
        """Yield requests in order of time."""
        held: list[Row] = []
        in_counts = self._columns.requests is not None
        sent = origin = -inf
        rows = self._read_rows()
        more = True
        while more:
            more = False
            for row in rows:
                if row[0] < sent:
                    refuse(
                        self.path,
                        "out-of-order",
                        "this row is earlier than one that stands more than"
                        f" {REORDERED_ROWS:,} rows before it",
                        help_="sort the file by time",
                        line=row[1],
                    )
                held.append(row)
                if len(held) >= 2 * REORDERED_ROWS:
                    more = True
                    break
            held.sort()
            if in_counts:
                held = added_up(held)
            ready = held[:-REORDERED_ROWS] if more else held
            held = held[len(ready) :]
            if not ready:
                continue
            if origin == -inf:
                origin = ready[0][0]
            # A later row of the same minute would have to be added up.
            sent = ready[-1][0] + (MINUTE_S if in_counts else 0)
            requests = sum(row[2] for row in ready)
            self._stretch = (self._stretch[1], self._file.bytes_read, max(1, requests))
            self._taken = 0
            yield from self._requests(ready, origin)
        if origin == -inf:
            named = "".join(f"; line {line}: {reason}" for line, reason in self.first_bad[:1])
            refuse(self.path, "no-rows", f"no row can be read{named}", help_=_FORMATS)

    def _requests(self, rows: Sequence[Row], origin: float) -> Iterator[Requests]:
        if self._columns.requests is not None:
            for moment, _, number, duration_s in rows:
                for arrivals in self._spread(moment - origin, number):
                    yield Requests(arrivals, self._lasting(duration_s, len(arrivals)))
            return
        arrivals = np.array([row[0] for row in rows]) - origin
        if self.has_durations:
            yield Requests(arrivals, np.array([row[3] for row in rows]))
        else:
            yield Requests(arrivals, self._lasting(0.0, len(rows)))

    def _spread(self, start_s: float, count: int) -> Iterator[NDArray[np.float64]]:
        """Yield moments within a minute: as many as were counted, each anywhere in it."""
        parts = -(-count // _DRAWN_AT_ONCE)
        if parts == 0:
            return
        length_s = MINUTE_S / parts
        for part, drawn in enumerate(self._numbers.multinomial(count, np.full(parts, 1 / parts))):
            moments = np.sort(self._numbers.random(int(drawn)))
            yield start_s + (part + moments) * length_s

    def _lasting(self, mean_s: float, count: int) -> NDArray[np.float64]:
        if self.has_durations:
            return mean_s * self._durations.shape(count)
        return self._durations.draw(count)
