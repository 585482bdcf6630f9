"""An expression as canonical text, which reads back as the same expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
)

if TYPE_CHECKING:
    from advisor.rulebook.language.syntax import Expression, Scalar

_CHOICE, _OR, _AND, _RELATION, _SUM, _PRODUCT, _UNARY, _PRIMARY = range(8)
_EXACT = 2.0**53
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def render(expression: Expression) -> str:
    """Return an expression as text, with the fewest parentheses and one space around operators.

    The text reads back as the same expression, except for the places of its nodes.
    """
    return _written(expression, _CHOICE)


def literal(value: Scalar) -> str:
    """Return a number, a string, true or false as it is written in a condition.

    >>> literal(900.0), literal('a "b"'), literal(True)
    ('900', '"a \\\\"b\\\\""', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPED)}"'
    if value.is_integer() and abs(value) <= _EXACT:
        return str(int(value))
    return repr(value)


def _written(node: Expression, loosest: int) -> str:
    """Return a node's text, in parentheses if its operator is looser than its place allows."""
    level, text = _level(node)
    return text if level >= loosest else f"({text})"


def _level(node: Expression) -> tuple[int, str]:
    match node:
        case Constant():
            return _PRIMARY, literal(node.value)
        case ListLiteral():
            return _PRIMARY, f"[{', '.join(map(literal, node.items))}]"
        case Field():
            return _PRIMARY, node.path
        case Call():
            arguments = ", ".join(render(argument) for argument in node.arguments)
            return _PRIMARY, f"{node.function}({arguments})"
        case Not():
            return _UNARY, f"!{_written(node.operand, _UNARY)}"
        case Negative():
            # A sign that touches a number would belong to the number.
            loosest = _PRIMARY + 1 if isinstance(node.operand, Constant) else _UNARY
            return _UNARY, f"-{_written(node.operand, loosest)}"
        case And():
            return _AND, " && ".join(_written(each, _AND + 1) for each in node.operands)
        case Or():
            return _OR, " || ".join(_written(each, _OR + 1) for each in node.operands)
        case Comparison():
            return _RELATION, _infix(node.operator, node.left, node.right, _SUM)
        case Membership():
            return _RELATION, _infix("in", node.element, node.container, _SUM)
        case Arithmetic():
            level = _SUM if node.operator in ("+", "-") else _PRODUCT
            return level, _infix(node.operator, node.left, node.right, level)
        case Conditional():
            return _CHOICE, (
                f"{_written(node.condition, _OR)} ? {_written(node.chosen, _OR)}"
                f" : {_written(node.otherwise, _CHOICE)}"
            )


def _infix(operator: str, left: Expression, right: Expression, level: int) -> str:
    """Return ``left operator right``; operators of one level group from the left."""
    return f"{_written(left, level)} {operator} {_written(right, level + 1)}"
