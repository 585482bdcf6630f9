"""The workload: what the user wrote, as frozen typed values.

Section by section the types are the contract of the workload file: field names carry their unit,
and each field documents its meaning, its default and an example. `advisor schema` prints them as
JSON Schema.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.api import Api
from advisor.workload.circumstances import (
    Commitments,
    Constraints,
    Current,
    Preferences,
    ServiceLevel,
)
from advisor.workload.compute import Compute
from advisor.workload.fields import about
from advisor.workload.messaging import Messaging
from advisor.workload.traffic import Traffic
from advisor.workload.waivers import Tags, Waiver
from advisor.workload.workflow import Workflow

__all__ = [
    "Api",
    "Commitments",
    "Compute",
    "Constraints",
    "Current",
    "Messaging",
    "Preferences",
    "ServiceLevel",
    "Traffic",
    "Waiver",
    "Workflow",
    "Workload",
]


class Workload(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A workload file: traffic, and at least one of compute, api, workflow and messaging."""

    version: Annotated[Literal[1], about("Version of this format.")] = 1
    name: Annotated[
        str,
        Meta(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$(?!\n)"),
        about("Name of the workload (OpenTelemetry service.name)."),
    ]
    environment: Annotated[
        Annotated[str, Meta(max_length=64)] | None,
        about("Deployment environment (OpenTelemetry deployment.environment.name)."),
    ] = None
    region: Annotated[
        str,
        Meta(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$(?!\n)", max_length=32),
        about("AWS Region (OpenTelemetry cloud.region).", example="eu-west-1"),
    ]
    traffic: Annotated[Traffic, about("How many requests arrive, and when.")]
    compute: Annotated[Compute | None, about("What one request does. Asks: Lambda or Fargate?")] = (
        None
    )
    slo: Annotated[ServiceLevel | None, about("The latency that callers must see.")] = None
    api: Annotated[Api | None, about("The HTTP front door. Asks: which one?")] = None
    workflow: Annotated[Workflow | None, about("Steps in order. Asks: which orchestrator?")] = None
    messaging: Annotated[Messaging | None, about("Messages. Asks: which service?")] = None
    constraints: Annotated[Constraints | None, about("Limits from around the workload.")] = None
    commitments: Annotated[Commitments | None, about("Discounts and allowances.")] = None
    preferences: Annotated[Preferences | None, about("Leanings that break ties.")] = None
    current: Annotated[Current | None, about("The design that is deployed today.")] = None
    tags: Annotated[
        Tags | None,
        about("What the workload belongs to; a budget of advisor.yaml can be for a tag."),
    ] = None
    waivers: Annotated[
        Annotated[list[Waiver], Meta(max_length=50)] | None,
        about("What `advisor gate` lets pass in this workload, and until when."),
    ] = None
