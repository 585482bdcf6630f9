"""A condition's text as an expression: a subset of the Common Expression Language.

The grammar is in docs/condition-language.md. Its bounds keep every later step small: an expression
is at most 32 deep, so that those who walk it may recurse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeAlias, cast, get_args

from advisor.rulebook.language.syntax import (
    And,
    Arithmetic,
    Call,
    Comparator,
    Comparison,
    Conditional,
    Constant,
    Expression,
    Field,
    ListLiteral,
    Membership,
    Negative,
    Not,
    Operator,
    Or,
    children,
)
from advisor.rulebook.language.tokens import Token, fail, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 32
MAX_NODES = 400
MAX_LIST = 200

_COMPARATORS = frozenset(get_args(Comparator))
_LITERALS = {"true": True, "false": False}
_Level: TypeAlias = "Callable[[], Expression]"
_WORDS = {
    "and": "write `&&`",
    "or": "write `||`",
    "not": "write `!`",
    "null": "write `has(field)` or `!has(field)`",
    "True": "write `true`",
    "False": "write `false`",
}


def parse(text: str, start: int = 0) -> Expression:
    """Return the expression that a text holds from ``start`` on.

    Raises ConditionErrors for the first mistake in it. Places count from the start of the text.
    """
    parser = _Parser(tokens(text, start))
    expression = parser.expression()
    parser.finish()
    _refuse_depth(expression)
    return expression


class _Parser:
    """One method for each level of the grammar, the loosest first."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0
        self._nodes = 0

    def finish(self) -> None:
        """Refuse what is left over behind the expression."""
        token = self._next
        if token.kind == "end":
            return
        if token.text in ("and", "or"):
            fail(token.start, token.end, f"`{token.text}` is no operator", _WORDS[token.text])
        if token.kind == "sign" and token.text in ")],:":
            fail(token.start, token.end, f"nothing is open for this `{token.text}`", "remove it")
        fail(
            token.start,
            token.end,
            "the expression is over before this",
            "put an operator such as `&&` between the two, or remove it",
        )

    def expression(self) -> Expression:
        """Read the loosest level: ``condition ? chosen : otherwise``."""
        start = self._next.start
        self._descend()
        condition = self._or()
        if self._take("?") is None:
            self._depth -= 1
            return condition
        chosen = self._or()
        if self._take(":") is None:
            self._expected("`:`", "a choice is written as condition ? value : other value")
        otherwise = self.expression()
        self._depth -= 1
        return Conditional(
            start=start,
            end=self._end,
            condition=condition,
            chosen=chosen,
            otherwise=otherwise,
        )

    def _or(self) -> Expression:
        start = self._next.start
        operands = self._joined("||", self._and)
        if len(operands) == 1:
            return operands[0]
        return Or(start=start, end=self._end, operands=operands)

    def _and(self) -> Expression:
        start = self._next.start
        operands = self._joined("&&", self._relation)
        if len(operands) == 1:
            return operands[0]
        return And(start=start, end=self._end, operands=operands)

    def _joined(self, sign: str, level: _Level) -> tuple[Expression, ...]:
        operands = [level()]
        while self._take(sign) is not None:
            operands.append(level())
        if len(operands) > 1:
            self._count()
        return tuple(operands)

    def _relation(self) -> Expression:
        start = self._next.start
        left = self._sum()
        if not self._is_relation(self._next):
            return left
        sign = self._advance().text
        right = self._sum()
        self._count()
        extra = self._next
        if self._is_relation(extra):
            fail(
                extra.start,
                extra.end,
                "a comparison is not compared again",
                "write `a < b && b < c`, or parentheses",
            )
        if sign == "in":
            return Membership(start=start, end=self._end, element=left, container=right)
        return Comparison(
            start=start,
            end=self._end,
            operator=cast("Comparator", sign),
            left=left,
            right=right,
        )

    @staticmethod
    def _is_relation(token: Token) -> bool:
        if token.kind == "name":
            return token.text == "in"
        return token.kind == "sign" and token.text in _COMPARATORS

    def _sum(self) -> Expression:
        return self._arithmetic(("+", "-"), self._product)

    def _product(self) -> Expression:
        return self._arithmetic(("*", "/", "%"), self._unary)

    def _arithmetic(self, signs: tuple[str, ...], level: _Level) -> Expression:
        start = self._next.start
        left = level()
        while (sign := self._take(*signs)) is not None:
            right = level()
            self._count()
            left = Arithmetic(
                start=start,
                end=self._end,
                operator=cast("Operator", sign.text),
                left=left,
                right=right,
            )
        return left

    def _unary(self) -> Expression:
        sign = self._take("!", "-")
        if sign is None:
            return self._primary()
        if sign.text == "-" and self._next.kind == "number":
            number = self._advance()
            return self._constant(-cast("float", number.value), sign.start, number.end)
        self._descend()
        operand = self._unary()
        self._depth -= 1
        self._count()
        kind = Not if sign.text == "!" else Negative
        return kind(start=sign.start, end=self._end, operand=operand)

    def _primary(self) -> Expression:
        token = self._next
        if token.kind in ("number", "string"):
            self._advance()
            return self._constant(token.value, token.start, token.end)
        if token.kind == "name" and token.text != "in":
            return self._named()
        if self._take("(") is not None:
            inner = self.expression()
            if self._take(")") is None:
                self._expected("`)`", f"close the `(` at character {token.start + 1}")
            return inner
        if self._take("[") is not None:
            return self._list(token)
        return self._expected("a value", "a field, a number, a string or a function belongs here")

    def _named(self) -> Expression:
        token = self._advance()
        if token.text in _LITERALS:
            return self._constant(_LITERALS[token.text], token.start, token.end)
        if token.text in _WORDS:
            fail(token.start, token.end, f"`{token.text}` is no value", _WORDS[token.text])
        if self._take("(") is None:
            self._count()
            return Field(start=token.start, end=token.end, path=token.text)
        arguments = []
        if self._next.text != ")" or self._next.kind != "sign":
            arguments.append(self.expression())
            while self._take(",") is not None:
                arguments.append(self.expression())
        if self._take(")") is None:
            self._expected("`,` or `)`", f"close the arguments of {token.text}")
        self._count()
        return Call(
            start=token.start, end=self._end, function=token.text, arguments=tuple(arguments)
        )

    def _list(self, opening: Token) -> Expression:
        items: list[Constant] = []
        closed = self._take("]")
        while closed is None:
            items.append(self._item())
            if len(items) > MAX_LIST:
                fail(
                    opening.start,
                    self._end,
                    f"the list has more than {MAX_LIST} items",
                    "write two lists, joined by `||`",
                )
            closed = self._take("]")
            if closed is None and self._take(",") is None:
                self._expected("`,` or `]`", f"close the `[` at character {opening.start + 1}")
        self._count()
        return ListLiteral(
            start=opening.start,
            end=self._end,
            items=tuple(item.value for item in items),
            places=tuple((item.start, item.end) for item in items),
        )

    def _item(self) -> Constant:
        token = self._next
        negative = self._take("-") is not None
        value = self._next
        if value.kind == "number":
            self._advance()
            number = cast("float", value.value)
            return self._constant(-number if negative else number, token.start, value.end)
        if not negative and value.kind == "string":
            self._advance()
            return self._constant(value.value, token.start, value.end)
        if not negative and value.text in _LITERALS:
            self._advance()
            return self._constant(_LITERALS[value.text], token.start, value.end)
        return self._expected("a number or a string", "a list holds literals only, no fields")

    def _constant(self, value: bool | float | str, start: int, end: int) -> Constant:  # noqa: FBT001 - a literal
        self._count()
        return Constant(start=start, end=end, value=value)

    @property
    def _next(self) -> Token:
        return self._words[self._at]

    @property
    def _end(self) -> int:
        """Return where the last token ends."""
        return self._words[self._at - 1].end

    def _advance(self) -> Token:
        token = self._words[self._at]
        self._at += 1
        return token

    def _take(self, *signs: str) -> Token | None:
        token = self._next
        return self._advance() if token.kind == "sign" and token.text in signs else None

    def _expected(self, what: str, help: str) -> NoReturn:  # noqa: A002 - the error's word
        token = self._next
        if token.kind == "name" and token.text in ("and", "or"):
            fail(token.start, token.end, f"`{token.text}` is no operator", _WORDS[token.text])
        found = "the end of the text" if token.kind == "end" else f"`{token.text[:40]}`"
        fail(token.start, token.end, f"{what} is expected, not {found}", help)

    def _descend(self) -> None:
        """Go one level deeper; the caller comes back up."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            _too_deep(self._next.start, self._next.end)

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            fail(
                self._next.start,
                self._next.end,
                f"the expression has more than {MAX_NODES} parts",
                "write two rules",
            )


def _refuse_depth(expression: Expression) -> None:
    """Refuse chains such as a + b + c ... that nest deeper than an evaluation may."""
    waiting = [(expression, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            _too_deep(node.start, node.end)
        waiting.extend((child, depth + 1) for child in children(node))


def _too_deep(start: int, end: int) -> NoReturn:
    fail(
        start,
        end,
        f"the expression is nested more than {MAX_DEPTH} deep",
        "use fewer parentheses, or write two rules",
    )
