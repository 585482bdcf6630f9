"""Where a number stands in the JSON answer: paths such as ``decisions.compute.options[1]``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from advisor.explain.matching import NoSuchName, shortened
from advisor.rulebook.language.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

Steps: TypeAlias = tuple[str | int, ...]

SHORT = {
    "total": "recommendation.monthly_usd",
    "monthly": "recommendation.monthly_usd",
    "annual": "recommendation.annual_usd",
    "margin": "recommendation.margin_usd",
}
"""Names for the numbers that are asked for most."""
NAMED_BY = ("decision", "option", "item", "field", "code", "rule", "sized")
"""The keys whose values an element of a list can be called by, in place of its index."""
MOST_STEPS = 24
_TEXT = (("workload",), ("prices",))
"""Parts of the answer in which a string of digits is a name."""
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,60})?", re.ASCII)


class Place(Struct, frozen=True, kw_only=True):
    """A value of the answer with the steps that lead to it, indices in place of names."""

    steps: Steps
    value: Any

    @property
    def path(self) -> str:
        return written(self.steps)


def find(answer: Any, path: str) -> Place:
    """Return the value that a path leads to; raise NoSuchName where it leads nowhere.

    Elements of a list go by their index, ``[1]`` or ``.1``, or by their name.
    """
    value = answer
    steps: list[str | int] = []
    text = SHORT.get(path.strip(), path.strip())
    while text:
        if len(steps) >= MOST_STEPS:
            raise NoSuchName(f"the path {shortened(path)!r} is too long")
        step, text = _next(value, text, steps)
        value = value[step]
        steps.append(step)
    return Place(steps=tuple(steps), value=value)


def _next(value: Any, text: str, steps: list[str | int]) -> tuple[str | int, str]:
    """Return the step that a text begins with, and the rest of the text."""
    names: dict[str, str | int] = {}
    if isinstance(value, dict):
        names = {str(key): key for key in value}
    elif isinstance(value, list):
        for index, each in enumerate(value):
            names[str(index)] = index
            for name in _names(each):
                names.setdefault(name, index)
    bare = text[1:] if text.startswith("[") else text
    # The longest name first: the name of a line item may hold a point.
    for name in sorted(names, key=len, reverse=True):
        if bare.startswith(name):
            rest = bare[len(name) :].removeprefix("]" if bare is not text else "")
            if not rest or rest[0] in ".[":
                return names[name], rest.removeprefix(".")
    wrong = bare.partition(".")[0].partition("[")[0].rstrip("]")
    where = f" in {written(tuple(steps))}" if steps else ""
    named = [name for name in names if not name.isdigit()] or list(names)
    listed = f"there are {', '.join(named[:12])}" if named else "it holds nothing in this answer"
    raise NoSuchName(
        f"there is no {shortened(wrong)!r}{where}\n  help: {did_you_mean(wrong, named, listed)}"
    )


def _names(element: Any) -> Iterator[str]:
    if isinstance(element, dict):
        for key in NAMED_BY:
            if isinstance(element.get(key), str) and element[key]:
                yield element[key]


def written(steps: Steps) -> str:
    """Return steps as a path: ``decisions[0].options[1].monthly_usd``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def numbers(value: Any, steps: Steps = ()) -> Iterator[Place]:
    """Yield every number at or below a value."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from numbers(each, (*steps, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from numbers(each, (*steps, index))
    elif _is_number(steps, value):
        yield Place(steps=steps, value=value)


def _is_number(steps: Steps, value: Any) -> bool:
    """Return whether a value is a number; money is one, as a decimal string."""
    if isinstance(value, str):
        return steps[:1] not in _TEXT and _DECIMAL.fullmatch(value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)
