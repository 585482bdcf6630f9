"""The policy, ``advisor.yaml``: thresholds, budgets, severities and waivers, as typed values."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from advisor.document.reader import json_schema
from advisor.workload.fields import about
from advisor.workload.waivers import Day, Line, Tags, Waiver

FILE_NAME = "advisor.yaml"
SCHEMA_ID = "https://serverless-advisor.dev/policy.schema.json"

_Usd = Annotated[float, Meta(ge=0, le=1e12)]
_Percent = Annotated[float, Meta(ge=0, le=1e6)]
_Severity = Literal["fail", "warn", "info"]
_When = Annotated[
    Literal["either", "both"],
    about(
        "Where both limits are given: `either` fails when one of them is exceeded, `both` only when"
        " both are."
    ),
]


class Threshold(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much more a month may cost: an amount, a part of before, or both."""

    monthly_usd: Annotated[_Usd | None, about("In USD a month.", example=10)] = None
    percent: Annotated[_Percent | None, about("In percent of before.", example=5)] = None
    when: _When = "either"


class UnitThreshold(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much more a million requests may cost."""

    usd_per_million: Annotated[_Usd | None, about("In USD per million requests.", example=0.5)] = (
        None
    )
    percent: Annotated[_Percent | None, about("In percent of before.", example=5)] = None
    when: _When = "either"


class Increase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The thresholds of one workload and of the sum of all; what is left out is not judged."""

    workload: Annotated[Threshold | None, about("For each workload.")] = None
    total: Annotated[Threshold | None, about("For the sum of all workloads.")] = None


class UnitIncrease(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The threshold of the cost per million requests of one workload."""

    workload: Annotated[UnitThreshold | None, about("For each workload.")] = None


class Budget(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a workload, a group of workloads, or all of them may cost."""

    name: Annotated[Line, about("Name of the budget.", example="shop")]
    monthly_usd: Annotated[_Usd, about("In USD a month.", example=500)]
    workload: Annotated[
        Line | None, about("Name of the workload that it is for.", example="checkout")
    ] = None
    tags: Annotated[
        Tags | None,
        about("Workloads with all of these tags; without `workload` and `tags`: all workloads."),
    ] = None


class Severities(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """What a check does when it finds something; what is missing here is exit code 4 always."""

    cost_increase: _Severity = "fail"
    price_increase: Annotated[_Severity, about("Prices alone raise the cost.")] = "warn"
    budget: _Severity = "fail"
    unit_cost_increase: _Severity = "fail"
    not_recommended: _Severity = "fail"
    infeasible: _Severity = "fail"
    slo_missed: _Severity = "fail"
    rule_violated: Annotated[_Severity, about("A rule that excludes the design.")] = "fail"
    rule_warned: Annotated[_Severity, about("A rule that only warns of the design.")] = "warn"
    policy_changed: Annotated[
        _Severity, about("The policy, a waiver, the baseline or the price table changes.")
    ] = "warn"
    waiver_unused: _Severity = "warn"


class PolicyWaiver(Waiver, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A waiver for a workload or a budget; with neither, for the sum of all workloads."""

    workload: Annotated[Line | None, about("Name of the workload.", example="checkout")] = None
    budget: Annotated[Line | None, about("Name of the budget.", example="shop")] = None


class Policy(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `advisor gate` judges by."""

    version: Annotated[Literal[1], about("Version of this format.")] = 1
    prices_as_of: Annotated[
        Day | None,
        about("Use the prices of that day. Not stated: the newest.", example="2026-10-01"),
    ] = None
    cost_increase: Annotated[
        Increase,
        about(
            "How much usage and design may raise the cost. Not stated: by nothing, for each"
            " workload."
        ),
    ] = Increase(workload=Threshold(monthly_usd=0.0))
    price_increase: Annotated[
        Increase,
        about("How much prices alone may raise it. Not stated: by nothing, for each workload."),
    ] = Increase(workload=Threshold(monthly_usd=0.0))
    unit_cost_increase: Annotated[
        UnitIncrease,
        about("How much the cost per million requests may rise. Not stated: not judged."),
    ] = UnitIncrease()
    not_recommended: Annotated[
        Threshold,
        about(
            "How much more than the recommended design the declared one (`current`) may cost."
            " Not stated: 5 percent."
        ),
    ] = Threshold(percent=5.0)
    budgets: Annotated[
        Annotated[list[Budget], Meta(max_length=500)] | None, about("What may be spent.")
    ] = None
    severity: Annotated[Severities, about("What each check does.")] = Severities()
    waivers: Annotated[
        Annotated[list[PolicyWaiver], Meta(max_length=500)] | None,
        about("What the gate lets pass, and until when."),
    ] = None


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the policy file."""
    return json_schema(Policy, title="advisor policy", id=SCHEMA_ID)


def plain(policy: Policy) -> dict[str, Any]:
    """Return a policy as plain values, without what it leaves out."""
    tree: dict[str, Any] = msgspec.to_builtins(policy)
    return {key: value for key, value in tree.items() if value is not None}
