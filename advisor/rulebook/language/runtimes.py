"""Lambda's runtime names: a family, and a version that has an order."""

from __future__ import annotations


def family_and_version(runtime: str) -> tuple[str, tuple[int, ...]]:
    """Return a runtime's family, and the numbers of its version, empty when it names none.

    >>> family_and_version("python3.13"), family_and_version("nodejs22.x")
    (('python', (3, 13)), ('nodejs', (22,)))
    >>> family_and_version("provided.al2023"), family_and_version("java8.al2")
    (('provided.al', (2023,)), ('java', (8,)))
    """
    at = next((i for i, character in enumerate(runtime) if "0" <= character <= "9"), len(runtime))
    numbers = []
    for part in runtime[at:].split("."):
        if not (part.isascii() and part.isdigit() and len(part) <= _LONGEST):
            break
        numbers.append(int(part))
    return runtime[:at], tuple(numbers)


_LONGEST = 9
"""Digits of a version's part; al2023 has the most, four."""
