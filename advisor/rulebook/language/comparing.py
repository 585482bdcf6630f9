"""The check of comparisons: that both sides can be compared, and that the answer is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.rulebook.language.intervals import in_bounds, settled
from advisor.rulebook.language.nearest import did_you_mean
from advisor.rulebook.language.rendering import render
from advisor.rulebook.language.syntax import Call, Constant, ListLiteral, children
from advisor.rulebook.language.types import Type, a_kind, is_date

if TYPE_CHECKING:
    from advisor.rulebook.language.checking import Checker
    from advisor.rulebook.language.syntax import Comparison, Expression, Membership

_OF_THE_REGION = ("quota", "region_supports")
"""Functions whose value is another one in another Region, although their argument is a literal."""


def compare_types(checker: Checker, node: Comparison) -> None:
    """Note what is wrong with a comparison."""
    left, right = checker.type_of(node.left), checker.type_of(node.right)
    if left is None or right is None:
        return
    if left.kind != right.kind:
        checker.error(
            node,
            f"{a_kind(left.kind)} is compared with {a_kind(right.kind)}",
            _conversion(node, left, right),
        )
        return
    if left.kind == "list":
        checker.error(
            node, "lists are not compared", "use `in`, any_in(list, list) or all_in(list, list)"
        )
        return
    if is_constant(node.left) and is_constant(node.right):
        checker.error(node, "two constants are compared", "compare a field with one of them")
        return
    if render(node.left) == render(node.right):
        checker.error(
            node, f"{render(node.left)} is compared with itself", "compare it with another value"
        )
        return
    if node.operator not in ("==", "!="):
        if left.kind == "bool":
            checker.error(node, "true and false have no order", "use `==` or `!=`, or `!`")
            return
        if left.kind == "string" and not (left.date and right.date):
            checker.error(
                node,
                "only numbers and dates have an order",
                'use `==`, `!=` or `in`; a date is written as "2026-11-24"',
            )
            return
    if left.kind == "number":
        _numbers(checker, node, left, right)
    if left.kind == "string":
        _strings(checker, node.left, left, node.right, right)


def _conversion(node: Comparison, left: Type, right: Type) -> str:
    for side in (node.left, node.right):
        if isinstance(side, Constant) and isinstance(side.value, str):
            if side.value in ("true", "false"):
                return f"write {side.value} without quotes"
            if {left.kind, right.kind} == {"number", "string"}:
                return "write the number without quotes"
    if "list" in (left.kind, right.kind):
        return "use `in` to ask whether a list has an element"
    return "compare values of the same kind"


def _numbers(checker: Checker, node: Comparison, left: Type, right: Type) -> None:
    always = settled(node.operator, left, right)
    if always is None:
        return
    side, bounds = (node.right, right) if is_constant(node.left) else (node.left, left)
    facts = f"{render(side)} is {in_bounds(bounds)}"
    if not is_constant(node.left) and not is_constant(node.right):
        facts += f", {render(node.right)} is {in_bounds(right)}"
    checker.error(
        node,
        f"`{render(node)}` is {'always' if always else 'never'} true: {facts}",
        "correct the number or the field",
    )


def _strings(
    checker: Checker, left: Expression, left_type: Type, right: Expression, right_type: Type
) -> None:
    """Note two strings that are never the same."""
    for side, side_type, other in ((left, left_type, right), (right, right_type, left)):
        if isinstance(other, Constant) and isinstance(other.value, str):
            _refuse_impossible(checker, other.value, (other.start, other.end), side, side_type)
            return
    if left_type.values is None or right_type.values is None:
        return
    if not set(left_type.values) & set(right_type.values):
        checker.error_at(
            left.start,
            right.end,
            f"{render(left)} and {render(right)} have no value in common",
            f"the first is one of {', '.join(left_type.values)}; the second one of"
            f" {', '.join(right_type.values)}",
        )


def _refuse_impossible(
    checker: Checker, value: str, place: tuple[int, int], side: Expression, side_type: Type
) -> None:
    """Note a string that ``side``, or an element of it, can never be."""
    if side_type.date and not is_date(value):
        checker.error_at(
            *place, f'{render(side)} is never "{value}"', 'a date is written as "2026-11-24"'
        )
    elif side_type.values is not None and value not in side_type.values:
        verb = "never has" if side_type.kind == "list" else "is never"
        known = f"it is one of {', '.join(side_type.values)}"
        if side_type.kind == "list":
            known = f"it may have {', '.join(side_type.values)}"
        checker.error_at(
            *place,
            f'{render(side)} {verb} "{value}"',
            did_you_mean(value, side_type.values, known),
        )


def contain(checker: Checker, node: Membership) -> None:
    """Note what is wrong with ``element in container``."""
    element = checker.type_of(node.element)
    container = checker.wanted(node.container, "list", "what stands behind `in`")
    if element is None or container is None:
        return
    if element.kind != container.element:
        checker.error(
            node,
            f"{a_kind(element.kind)} is looked for in a list of {container.element}s",
            "look for an element of the list's own kind",
        )
        return
    if is_constant(node.element) and is_constant(node.container):
        checker.error(node, "two constants are compared", "name a field")
        return
    if element.kind == "string":
        common_values(checker, node.element, element, node.container, container)
        if (
            isinstance(node.container, ListLiteral)
            and element.values is not None
            and set(element.values) <= set(container.values or ())
        ):
            checker.error(
                node,
                f"`{render(node)}` is always true",
                f"{render(node.element)} has no other value; leave some out",
            )
    elif isinstance(node.container, ListLiteral):
        for item, place in zip(node.container.items, node.container.places, strict=True):
            one = Type(kind="number", low=float(item), high=float(item))
            if settled("==", element, one) is False:
                checker.error_at(
                    *place,
                    f"{render(node.element)} is never {item:g}",
                    f"it is {in_bounds(element)}",
                )


def common_values(
    checker: Checker, left: Expression, left_type: Type, right: Expression, right_type: Type
) -> None:
    """Note strings of one side that the other can never have; sides may be strings or lists."""
    for side, side_type, other in ((left, left_type, right), (right, right_type, left)):
        if isinstance(other, Constant) and isinstance(other.value, str):
            _refuse_impossible(checker, other.value, (other.start, other.end), side, side_type)
            return
        if isinstance(other, ListLiteral):
            for item, place in zip(other.items, other.places, strict=True):
                _refuse_impossible(checker, str(item), place, side, side_type)
            return
    _strings(checker, left, left_type, right, right_type)


def is_constant(node: Expression) -> bool:
    """Return whether an expression is made of literals only."""
    if isinstance(node, (Constant, ListLiteral)):
        return True
    if isinstance(node, Call) and node.function in _OF_THE_REGION:
        return False
    inner = children(node)
    return bool(inner) and all(map(is_constant, inner))
