"""The tree that every explanation is: a title, sentences, figures, and explanations below it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Figure(Struct, frozen=True, kw_only=True):
    """A value and where it comes from.

    ``value`` is a number, a text, a truth value, or None for what is not known. A number is exact;
    a renderer rounds it by its ``unit``: ``USD`` is money, ``USD per …`` a unit
    price, ``share`` a part of one, all else a quantity. ``formula`` says how it came about, with
    its inputs as numbers. ``source`` is a price row, a page or a field of the workload file, with
    its date. A ``signed`` figure is a difference.
    """

    name: str
    value: Any
    unit: str = ""
    formula: str = ""
    source: str = ""
    signed: bool = False


class Table(Struct, frozen=True, kw_only=True):
    """Figures that are compared: a row for each thing, the same columns in each row.

    A column's name says the unit of its figures; a first line of it may be broken off by a line
    feed.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]


class Explanation(Struct, frozen=True, kw_only=True):
    """An answer to "why?".

    ``title`` is the answer in a line; ``sentences`` say it in full; ``figures`` are the numbers in
    it, ``table`` those that are compared;
    ``children`` explain parts. A child that is only a title is a line of a list.
    """

    title: str
    sentences: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    children: tuple[Explanation, ...] = ()
    table: Table | None = None
