"""The functions of the language: what they take, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.rulebook.language.comparing import common_values, is_constant
from advisor.rulebook.language.intervals import larger, rounded_up, smaller
from advisor.rulebook.language.nearest import did_you_mean
from advisor.rulebook.language.syntax import Constant, Field, ListLiteral
from advisor.rulebook.language.types import BOOL, NUMBER, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.rulebook.language.checking import Checker
    from advisor.rulebook.language.syntax import Call


class Signature(Struct, frozen=True, kw_only=True):
    """How many arguments a function takes, what it gives, and a call to copy."""

    count: int
    result: Type
    example: str
    check: Callable[[Checker, Call], Type | None]


def call_type(checker: Checker, node: Call) -> Type | None:
    """Return the type of a call with the right number of arguments, noting what is wrong in it."""
    return SIGNATURES[node.function].check(checker, node)


def _name(checker: Checker, node: Call, what: str) -> str | None:
    """Return the string literal that a function must be given, or None after noting its lack."""
    argument = node.arguments[0]
    if isinstance(argument, Constant) and isinstance(argument.value, str):
        return argument.value
    checker.error(
        argument,
        f"{node.function} takes {what} as a string",
        f"write {SIGNATURES[node.function].example}",
    )
    return None


def _quota(checker: Checker, node: Call) -> Type:
    key = _name(checker, node, "the key of a quota")
    if key is not None and not checker.names.quota(key):
        checker.error(
            node.arguments[0],
            f'there is no quota "{key}"',
            did_you_mean(key, checker.names.known_quotas(), "quotas stand in rules/limits.yaml"),
        )
    return NUMBER


def _region_supports(checker: Checker, node: Call) -> Type:
    name = _name(checker, node, "the name of a service")
    if name is not None and not checker.names.service(name):
        known = tuple(checker.names.known_services())
        listed = f"the services are {', '.join(known) or 'none so far'}"
        checker.error(
            node.arguments[0],
            f'the Regions of "{name}" are not listed',
            did_you_mean(name, known, f"{listed}; they stand in rules/limits.yaml"),
        )
    return BOOL


def _runtime_at_least(checker: Checker, node: Call) -> Type:
    checker.wanted(node.arguments[0], "string", "the runtime")
    versions = node.arguments[1]
    if not isinstance(versions, ListLiteral):
        checker.error(versions, "the versions are a list of runtimes", f"write {_example(node)}")
        return BOOL
    if checker.type_of(versions) is None:
        return BOOL
    for item, place in zip(versions.items, versions.places, strict=True):
        if not isinstance(item, str):
            checker.error_at(*place, "a runtime is a string", f"write {_example(node)}")
        elif not checker.names.runtime(item):
            known = checker.names.known_runtimes()
            checker.error_at(
                *place,
                f'there is no runtime "{item}"',
                did_you_mean(item, known, "runtimes stand in rules/limits.yaml"),
            )
    return BOOL


def _runtime_deprecated(checker: Checker, node: Call) -> Type:
    checker.wanted(node.arguments[0], "string", "the runtime")
    checker.wanted(node.arguments[1], "number", "the number of days")
    return BOOL


def _lists(checker: Checker, node: Call) -> Type:
    first, second = node.arguments
    role = f"an argument of {node.function}"
    left, right = checker.wanted(first, "list", role), checker.wanted(second, "list", role)
    if left is None or right is None:
        return BOOL
    if left.element != right.element:
        checker.error(
            node,
            f"a list of {left.element}s is compared with a list of {right.element}s",
            "compare lists of the same kind",
        )
    elif is_constant(first) and is_constant(second):
        checker.error(node, "two constants are compared", "name a field")
    elif left.element == "string":
        common_values(checker, first, left, second, right)
    return BOOL


def _has(checker: Checker, node: Call) -> Type:
    argument = node.arguments[0]
    if isinstance(argument, Field):
        checker.type_of(argument)
    else:
        checker.error(argument, "has takes a field", f"write {_example(node)}")
    return BOOL


def _extreme(checker: Checker, node: Call) -> Type:
    first, second = (
        checker.wanted(each, "number", f"an argument of {node.function}") for each in node.arguments
    )
    if first is None or second is None:
        return NUMBER
    return smaller(first, second) if node.function == "min" else larger(first, second)


def _ceil(checker: Checker, node: Call) -> Type:
    inner = checker.wanted(node.arguments[0], "number", "the argument of ceil")
    return NUMBER if inner is None else rounded_up(inner)


def _example(node: Call) -> str:
    return SIGNATURES[node.function].example


SIGNATURES: dict[str, Signature] = {
    "quota": Signature(count=1, result=NUMBER, example='quota("lambda.timeout_s")', check=_quota),
    "region_supports": Signature(
        count=1, result=BOOL, example='region_supports("service")', check=_region_supports
    ),
    "runtime_at_least": Signature(
        count=2,
        result=BOOL,
        example='runtime_at_least(compute.runtime, ["nodejs22", "python3.13"])',
        check=_runtime_at_least,
    ),
    "runtime_deprecated": Signature(
        count=2,
        result=BOOL,
        example="runtime_deprecated(compute.runtime, 90)",
        check=_runtime_deprecated,
    ),
    "any_in": Signature(
        count=2, result=BOOL, example='any_in(api.auth, ["jwt", "iam"])', check=_lists
    ),
    "all_in": Signature(
        count=2, result=BOOL, example='all_in(api.auth, ["jwt", "iam"])', check=_lists
    ),
    "has": Signature(count=1, result=BOOL, example="has(compute.memory_mb)", check=_has),
    "min": Signature(count=2, result=NUMBER, example="min(traffic.peak_rps, 100)", check=_extreme),
    "max": Signature(count=2, result=NUMBER, example="max(traffic.peak_rps, 100)", check=_extreme),
    "ceil": Signature(count=1, result=NUMBER, example="ceil(compute.vcpu)", check=_ceil),
}
"""Every function by its name."""
