"""The nodes that an expression is made of, as values that JSON can carry.

``start`` and ``end`` are the node's place in the text that it was read from: offsets in characters,
``end`` is the first one behind it. Nodes are written as JSON arrays, a tag first, because an
installed advisor carries its rules as they were parsed.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Comparator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]
Operator: TypeAlias = Literal["+", "-", "*", "/", "%"]
Scalar: TypeAlias = bool | float | str


class Node(Struct, frozen=True, kw_only=True, array_like=True):
    """Any node, with its place."""

    start: int
    end: int


class Constant(Node, frozen=True, kw_only=True, array_like=True, tag="constant"):
    """A number, a string, true or false."""

    value: Scalar


class ListLiteral(Node, frozen=True, kw_only=True, array_like=True, tag="list"):
    """A list of literals; ``places`` has the start and end of each item."""

    items: tuple[Scalar, ...]
    places: tuple[tuple[int, int], ...]


class Field(Node, frozen=True, kw_only=True, array_like=True, tag="field"):
    """A field by its path, such as ``compute.memory_mb``."""

    path: str


class Call(Node, frozen=True, kw_only=True, array_like=True, tag="call"):
    """A function with its arguments."""

    function: str
    arguments: tuple[Expression, ...]


class Not(Node, frozen=True, kw_only=True, array_like=True, tag="not"):
    """``!operand``."""

    operand: Expression


class Negative(Node, frozen=True, kw_only=True, array_like=True, tag="negative"):
    """``-operand``; a minus sign before a number belongs to the number."""

    operand: Expression


class And(Node, frozen=True, kw_only=True, array_like=True, tag="and"):
    """Two or more operands joined by ``&&``."""

    operands: tuple[Expression, ...]


class Or(Node, frozen=True, kw_only=True, array_like=True, tag="or"):
    """Two or more operands joined by ``||``."""

    operands: tuple[Expression, ...]


class Comparison(Node, frozen=True, kw_only=True, array_like=True, tag="compare"):
    """``left operator right`` with one of ``== != < <= > >=``."""

    operator: Comparator
    left: Expression
    right: Expression


class Membership(Node, frozen=True, kw_only=True, array_like=True, tag="in"):
    """``element in container``."""

    element: Expression
    container: Expression


class Arithmetic(Node, frozen=True, kw_only=True, array_like=True, tag="compute"):
    """``left operator right`` with one of ``+ - * / %``."""

    operator: Operator
    left: Expression
    right: Expression


class Conditional(Node, frozen=True, kw_only=True, array_like=True, tag="if"):
    """``condition ? chosen : otherwise``."""

    condition: Expression
    chosen: Expression
    otherwise: Expression


Expression: TypeAlias = (
    Constant
    | ListLiteral
    | Field
    | Call
    | Not
    | Negative
    | And
    | Or
    | Comparison
    | Membership
    | Arithmetic
    | Conditional
)


class Template(Struct, frozen=True, kw_only=True, array_like=True):
    """A sentence with expressions in it: plain text and expressions in their order."""

    parts: tuple[str | Expression, ...]


def children(node: Expression) -> tuple[Expression, ...]:
    """Return the expressions directly inside another, in the order of the text."""
    match node:
        case Call():
            return node.arguments
        case And() | Or():
            return node.operands
        case Not() | Negative():
            return (node.operand,)
        case Comparison() | Arithmetic():
            return (node.left, node.right)
        case Membership():
            return (node.element, node.container)
        case Conditional():
            return (node.condition, node.chosen, node.otherwise)
        case _:
            return ()


def paths(expression: Expression) -> tuple[str, ...]:
    """Return the path of every field in an expression, each once, in order of appearance."""
    found: dict[str, None] = {}
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Field):
            found[node.path] = None
        waiting.extend(reversed(children(node)))
    return tuple(found)
