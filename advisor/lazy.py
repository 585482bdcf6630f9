"""A mapping whose values are made when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Key = TypeVar("Key")
Source = TypeVar("Source")
Value = TypeVar("Value")


class WhenAsked(Mapping[Key, Value], Generic[Key, Source, Value]):
    """What ``make`` makes of the source of each key, each time that it is asked for."""

    def __init__(self, sources: Mapping[Key, Source], make: Callable[[Source], Value]) -> None:
        self._sources = sources
        self._make = make

    def __getitem__(self, key: Key) -> Value:
        return self._make(self._sources[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __contains__(self, key: object) -> bool:
        return key in self._sources
