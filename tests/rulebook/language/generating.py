"""Seeded expressions, each as we write it and as Google's runtime of CEL does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Arithmetic = Literal["double", "int"]
"""CEL has a division of doubles and a remainder of whole numbers; here every number has both."""

KINDS = {"n": "number", "b": "bool", "s": "string", "d": "date", "l": "list"}
FIELDS = {letter: [f"{letter}.{name}" for name in "abc"] for letter in KINDS}
WORDS = ("web", "batch", "stream", "a'b", 'say "hi"', "é")
DATES = ("2025-12-31", "2026-01-01", "2026-11-24", "2027-06-30")


class Pair(NamedTuple):
    """The same expression in both languages."""

    ours: str
    cel: str


class Generator:
    """Writes well-typed conditions, with numbers small enough that nothing overflows."""

    def __init__(self, random: Random, arithmetic: Arithmetic) -> None:
        self.random = random
        self.arithmetic = arithmetic

    def condition(self, depth: int) -> Pair:
        """Return a condition over ``FIELDS``, nested at most ``depth`` deep."""
        if depth <= 0:
            return self._pick(self._flag, self._compared_leaf)(0)
        return self._pick(
            self._flag,
            self._not,
            self._joined,
            self._joined,
            self._joined,
            self._compared,
            self._compared,
            self._member,
            self._lists,
            self._equal_flags,
            self._chosen,
            self._has,
        )(depth)

    def values(self, unknown: float) -> dict[str, Any]:
        """Return values by field, without a part of about ``unknown`` of them."""
        found: dict[str, Any] = {}
        for letter, fields in FIELDS.items():
            for field in fields:
                if self.random.random() >= unknown:
                    found[field] = self._value(letter)
        return found

    def _value(self, letter: str) -> Any:
        if letter == "n":
            return self._number()
        if letter == "b":
            return self.random.random() < 0.5
        if letter == "s":
            return self.random.choice(WORDS)
        if letter == "d":
            return self.random.choice(DATES)
        return self.random.sample(WORDS, self.random.randrange(4))

    def _number(self) -> float | int:
        whole = self.random.randrange(-4, 5)
        if self.arithmetic == "int":
            return whole
        return float(whole) if self.random.random() < 0.5 else self.random.randrange(-40, 40) / 8

    def _pick(self, *ways: Callable[[int], Pair]) -> Callable[[int], Pair]:
        return self.random.choice(ways)

    def _same(self, text: str) -> Pair:
        return Pair(text, text)

    def _apart(self) -> str:
        return self.random.choice(("", " ", "  ", "\n"))

    def _infix(self, left: Pair, operator: str, right: Pair) -> Pair:
        """Join two operands, in parentheses or not: both languages must group them alike."""
        blank = " " if operator == "in" else self._apart()
        if operator == "-":
            blank = " "
        texts = [f"{a}{blank}{operator}{blank}{b}" for a, b in zip(left, right, strict=True)]
        if self.random.random() < 0.3:
            texts = [f"({text})" for text in texts]
        return Pair(*texts)

    def _closed(self, pair: Pair) -> Pair:
        return Pair(f"({pair.ours})", f"({pair.cel})")

    def _flag(self, _depth: int) -> Pair:
        return self._same(self.random.choice(FIELDS["b"]))

    def _has(self, _depth: int) -> Pair:
        field = self.random.choice([field for fields in FIELDS.values() for field in fields])
        return self._same(f"has({field})")

    def _not(self, depth: int) -> Pair:
        inner = self._closed(self.condition(depth - 1))
        return Pair(f"!{inner.ours}", f"!{inner.cel}")

    def _joined(self, depth: int) -> Pair:
        operator = self.random.choice(("&&", "||"))
        found = self.condition(depth - 1)
        if "?" in found.ours:
            found = self._closed(found)
        for _ in range(self.random.randrange(1, 3)):
            operand = self.condition(depth - 1)
            if "?" in operand.ours:
                operand = self._closed(operand)
            found = self._infix(found, operator, operand)
        return found

    def _equal_flags(self, depth: int) -> Pair:
        operands = (self._closed(self.condition(depth - 1)) for _ in range(2))
        return self._infix(next(operands), self.random.choice(("==", "!=")), next(operands))

    def _chosen(self, depth: int) -> Pair:
        parts = [self._closed(self.condition(depth - 1)) for _ in range(3)]
        return self._closed(
            Pair(*(f"{c} ? {a} : {b}" for c, a, b in zip(*parts, strict=True))),
        )

    def _compared_leaf(self, _depth: int) -> Pair:
        return self._compared(1)

    def _compared(self, depth: int) -> Pair:
        kind = self.random.choice("nnnnsd")
        if kind == "s":
            operator = self.random.choice(("==", "!="))
            return self._infix(self._string(), operator, self._string())
        operator = self.random.choice(("==", "!=", "<", "<=", ">", ">="))
        if kind == "d":
            return self._infix(self._date(), operator, self._date())
        return self._infix(self._sum(depth - 1), operator, self._sum(depth - 1))

    def _member(self, _depth: int) -> Pair:
        return self._infix(self._string(), "in", self._words())

    def _lists(self, _depth: int) -> Pair:
        first, second = self._words(), self._words()
        name, macro = self.random.choice((("any_in", "exists"), ("all_in", "all")))
        # CEL's macro does not look at the second list where the first one is empty.
        return Pair(
            f"{name}({first.ours}, {second.ours})",
            f"(size({second.cel}) < 0 ? true : {first.cel}.{macro}(each, each in {second.cel}))",
        )

    def _words(self) -> Pair:
        if self.random.random() < 0.5:
            return self._same(self.random.choice(FIELDS["l"]))
        words = self.random.sample(WORDS, self.random.randrange(1, 4))
        return self._same(f"[{', '.join(map(_quoted, words))}]")

    def _string(self) -> Pair:
        if self.random.random() < 0.6:
            return self._same(self.random.choice(FIELDS["s"]))
        return self._same(_quoted(self.random.choice(WORDS)))

    def _date(self) -> Pair:
        if self.random.random() < 0.6:
            return self._same(self.random.choice(FIELDS["d"]))
        return self._same(_quoted(self.random.choice(DATES)))

    def _sum(self, depth: int) -> Pair:
        """Return a number; only a sign, ``+``, ``-``, ``*`` and one hardy division or remainder."""
        if depth <= 0:
            return self._operand()
        return self._pick(
            lambda _: self._operand(),
            lambda _: self._operand(),
            self._calculated,
            self._calculated,
            self._divided,
            self._negative,
            self._picked,
            self._extreme,
        )(depth)

    def _operand(self) -> Pair:
        if self.random.random() < 0.6:
            return self._same(self.random.choice(FIELDS["n"]))
        number = self._number()
        return self._same(f"({number})" if number < 0 else f"{number}")

    def _calculated(self, depth: int) -> Pair:
        operator = self.random.choice(("+", "-", "*"))
        return self._infix(self._sum(depth - 1), operator, self._sum(depth - 1))

    def _divided(self, depth: int) -> Pair:
        left = self._closed(self._sum(depth - 1))
        if self.arithmetic == "int":
            # A remainder by zero has no value in either language.
            return self._infix(left, "%", self._operand())
        # CEL divides doubles by zero; we do not, so the divisor here is another one.
        return self._infix(left, "/", self._same(self.random.choice(("2.0", "0.3", "(-8.0)"))))

    def _negative(self, depth: int) -> Pair:
        inner = self._closed(self._sum(depth - 1))
        return Pair(f"-{inner.ours}", f"-{inner.cel}")

    def _picked(self, depth: int) -> Pair:
        condition = self._closed(self.condition(depth - 1))
        first, second = self._sum(depth - 1), self._sum(depth - 1)
        return self._closed(
            Pair(*(f"{c} ? {a} : {b}" for c, a, b in zip(condition, first, second, strict=True)))
        )

    def _extreme(self, depth: int) -> Pair:
        first, second = self._sum(depth - 1), self._sum(depth - 1)
        if self.arithmetic == "double" and self.random.random() < 0.3:
            return Pair(f"ceil({first.ours})", f"math.ceil({first.cel})")
        name, function = self.random.choice((("min", "math.least"), ("max", "math.greatest")))
        return Pair(
            f"{name}({first.ours}, {second.ours})", f"{function}({first.cel}, {second.cel})"
        )


def _quoted(word: str) -> str:
    quote = "'" if '"' in word else '"'
    return quote + word.replace("\\", "\\\\") + quote
