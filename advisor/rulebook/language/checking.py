"""Whether an expression means something: its names, its types, and that it can go either way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.rulebook.language.comparing import compare_types, contain
from advisor.rulebook.language.errors import ConditionError, ConditionErrors
from advisor.rulebook.language.functions import SIGNATURES, call_type
from advisor.rulebook.language.intervals import calculated, negated
from advisor.rulebook.language.nearest import did_you_mean
from advisor.rulebook.language.rendering import render
from advisor.rulebook.language.syntax import (
    And,
    Arithmetic,
    Call,
    Comparison,
    Conditional,
    Constant,
    Field,
    ListLiteral,
    Membership,
    Negative,
    Not,
    Or,
    Template,
)
from advisor.rulebook.language.types import BOOL, NUMBER, Kind, Names, Type, a_kind, is_date

if TYPE_CHECKING:
    from advisor.rulebook.language.syntax import Expression

_LONGEST = 300
"""Characters of a message, which may have a condition in it."""


def check(expression: Expression, names: Names) -> Type:
    """Return a condition's type, bool; raise ConditionErrors with every mistake in it."""
    checker = Checker(names)
    checker.wanted(expression, "bool", "a condition")
    if isinstance(expression, Constant) and isinstance(expression.value, bool):
        checker.error(expression, "the condition is always the same", "name a field")
    if checker.errors:
        raise ConditionErrors(checker.errors)
    return BOOL


def type_of(expression: Expression, names: Names) -> Type:
    """Return the type of any expression; raise ConditionErrors with every mistake in it."""
    checker = Checker(names)
    found = checker.type_of(expression)
    if checker.errors or found is None:
        raise ConditionErrors(checker.errors)
    return found


def check_template(template: Template, names: Names) -> None:
    """Check the expressions of a reason; raise ConditionErrors with every mistake in them."""
    checker = Checker(names)
    for part in template.parts:
        if isinstance(part, str):
            continue
        if isinstance(part, (Constant, ListLiteral)):
            checker.error(part, "this is always the same", "write it without braces")
        checker.type_of(part)
    if checker.errors:
        raise ConditionErrors(checker.errors)


class Checker:
    """One check: what has been found wrong so far.

    A type of None means that the mistake has been told, so that nobody tells it again.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.errors: list[ConditionError] = []

    def error(self, node: Expression, message: str, help: str) -> None:  # noqa: A002 - its word
        """Note a mistake at a node."""
        self.error_at(node.start, node.end, message, help)

    def error_at(self, start: int, end: int, message: str, help: str) -> None:  # noqa: A002 - the field's name
        """Note a mistake at a place."""
        self.errors.append(
            ConditionError(start=start, end=end, message=_short(message), help=_short(help))
        )

    def type_of(self, node: Expression) -> Type | None:
        """Return the type of an expression, or None after noting what is wrong with it."""
        match node:
            case Constant():
                return constant_type(node)
            case ListLiteral():
                return self._list(node)
            case Field():
                return self._field(node)
            case Call():
                return self._call(node)
            case Not():
                self.wanted(node.operand, "bool", "the operand of `!`")
                self._not_constant(node.operand)
                return BOOL
            case Negative():
                inner = self.wanted(node.operand, "number", "the operand of `-`")
                return None if inner is None else negated(inner)
            case And() | Or():
                return self._joined(node)
            case Comparison():
                compare_types(self, node)
                return BOOL
            case Membership():
                contain(self, node)
                return BOOL
            case Arithmetic():
                return self._arithmetic(node)
            case Conditional():
                return self._conditional(node)

    def wanted(self, node: Expression, kind: Kind, role: str) -> Type | None:
        """Return the type of a node that must be of a kind; None after noting that it is not."""
        found = self.type_of(node)
        if found is None or found.kind == kind:
            return found
        self.error(
            node, f"{role} is {a_kind(kind)}, not {a_kind(found.kind)}", _instead(node, found, kind)
        )
        return None

    def _list(self, node: ListLiteral) -> Type | None:
        if not node.items:
            self.error(node, "the list is empty", "write what may be in it")
            return None
        kinds = [_kind(item) for item in node.items]
        for index, (item, place) in enumerate(zip(node.items, node.places, strict=True)):
            if kinds[index] != kinds[0]:
                self.error_at(
                    *place,
                    "the list mixes kinds",
                    f"every item is {a_kind(kinds[0])} like the first",
                )
                return None
            if item in node.items[:index]:
                self.error_at(*place, "this item is in the list twice", "remove one")
        if kinds[0] == "bool":
            self.error(node, "a list holds strings or numbers", "write the condition itself")
            return None
        if kinds[0] == "number":
            return Type(kind="list", element="number")
        return Type(kind="list", element="string", values=tuple(map(str, node.items)))

    def _field(self, node: Field) -> Type | None:
        found = self.names.field(node.path)
        if found is not None:
            return found
        reason = self.names.why_not(node.path)
        if reason is None:
            self.error(
                node,
                f"there is no field {node.path}",
                did_you_mean(node.path, self.names.known_paths(), "see `advisor schema`"),
            )
        else:
            self.error(node, f"{node.path} cannot be used in a condition", reason)
        return None

    def _call(self, node: Call) -> Type | None:
        signature = SIGNATURES.get(node.function)
        if signature is None:
            name_end = node.start + len(node.function)
            known = "the functions are " + ", ".join(SIGNATURES)
            self.error_at(
                node.start,
                name_end,
                f"there is no function {node.function}",
                did_you_mean(node.function, SIGNATURES, known),
            )
            for argument in node.arguments:
                self.type_of(argument)
            return None
        if len(node.arguments) != signature.count:
            many = "1 argument" if signature.count == 1 else f"{signature.count} arguments"
            self.error(
                node,
                f"{node.function} takes {many}, not {len(node.arguments)}",
                f"write {signature.example}",
            )
            return signature.result
        return call_type(self, node)

    def _joined(self, node: And | Or) -> Type:
        sign = "&&" if isinstance(node, And) else "||"
        seen: set[str] = set()
        for operand in node.operands:
            self.wanted(operand, "bool", f"an operand of `{sign}`")
            self._not_constant(operand)
            text = render(operand)
            if text in seen:
                self.error(operand, f"`{text}` stands here twice", "remove one")
            seen.add(text)
        return BOOL

    def _not_constant(self, node: Expression) -> None:
        if isinstance(node, Constant) and isinstance(node.value, bool):
            self.error(node, "this is always the same", "remove it")

    def _arithmetic(self, node: Arithmetic) -> Type | None:
        role = f"an operand of `{node.operator}`"
        left = self.wanted(node.left, "number", role)
        right = self.wanted(node.right, "number", role)
        by_zero = isinstance(node.right, Constant) and node.right.value == 0
        if node.operator in ("/", "%") and by_zero:
            self.error(node.right, "this divides by zero", "divide by another number")
        if left is None or right is None:
            return NUMBER
        return calculated(node.operator, left, right)

    def _conditional(self, node: Conditional) -> Type | None:
        self.wanted(node.condition, "bool", "what stands before `?`")
        self._not_constant(node.condition)
        chosen, otherwise = self.type_of(node.chosen), self.type_of(node.otherwise)
        if chosen is None or otherwise is None:
            return None
        if (chosen.kind, chosen.element) != (otherwise.kind, otherwise.element):
            self.error(
                node.otherwise,
                f"one choice is {a_kind(chosen.kind)}, the other {a_kind(otherwise.kind)}",
                "make both the same kind",
            )
            return None
        return _either(chosen, otherwise)


def constant_type(node: Constant) -> Type:
    """Return the type of a literal: of one value only."""
    value = node.value
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, str):
        return Type(kind="string", values=(value,), date=is_date(value))
    return Type(kind="number", low=value, high=value)


def _short(sentence: str) -> str:
    """Return a sentence without the end of what somebody wrote too long."""
    return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 1]}…"


def _kind(value: bool | float | str) -> Kind:  # noqa: FBT001 - a literal
    if isinstance(value, bool):
        return "bool"
    return "string" if isinstance(value, str) else "number"


def _instead(node: Expression, found: Type, kind: Kind) -> str:
    if kind == "bool":
        text = render(node)
        if found.kind == "number":
            return f"compare it with a number, as in `{text} > 0`"
        if found.kind == "string":
            return f'compare it with a string, as in `{text} == "..."`'
        return f'ask for an element, as in `"..." in {text}`'
    if kind == "number" and found.kind == "string" and isinstance(node, Constant):
        return "write the number without quotes"
    return f"write {a_kind(kind)} here"


def _either(first: Type, second: Type) -> Type:
    """Return the type of what is one or the other."""
    values = None
    if first.values is not None and second.values is not None:
        values = tuple(dict.fromkeys((*first.values, *second.values)))
    return Type(
        kind=first.kind,
        values=values,
        low=min(first.low, second.low),
        high=max(first.high, second.high),
        element=first.element,
        date=first.date and second.date,
    )
