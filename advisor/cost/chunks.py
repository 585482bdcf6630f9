"""Payloads as AWS meters them: in chunks of a fixed size, each begun one counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.arithmetic import ceil_to, highest, in_words

if TYPE_CHECKING:
    from advisor.arithmetic import Number


def chunks(kilobytes: Number, chunk: Number) -> Number:
    """Return how often AWS counts a payload: once for every chunk begun, and at least once."""
    return highest(ceil_to(kilobytes, chunk) / chunk, 1)


def in_chunks(quantity: Number, what: str, count: Number, chunk: Number) -> str:
    """Say how payloads were counted in chunks."""
    return f"{in_words(quantity)} {what} × {in_words(count)} chunk(s) of {chunk} KB"
