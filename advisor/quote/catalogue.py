"""Every service that can be priced on its own."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from advisor.errors import AdvisorError
from advisor.quote import (
    api,
    compute,
    edge,
    events,
    fargate,
    logs,
    messaging,
    microvm,
    network,
    tables,
    workflow,
)

if TYPE_CHECKING:
    from advisor.quote.meter import Meter

METERS: dict[str, type[Meter]] = {
    meter.service: meter
    for meter in (
        compute.LambdaFunction,
        compute.LambdaManagedInstances,
        microvm.LambdaMicrovm,
        compute.LambdaDurable,
        compute.LambdaEdge,
        fargate.FargateTasks,
        api.HttpApi,
        api.RestApi,
        api.WebSocketApi,
        network.ApplicationLoadBalancer,
        network.NetworkLoadBalancer,
        workflow.StandardWorkflow,
        workflow.ExpressWorkflow,
        messaging.Sqs,
        messaging.SqsFifo,
        messaging.Sns,
        messaging.SnsFifo,
        events.EventBridge,
        events.EventBridgePipes,
        events.EventBridgeScheduler,
        events.Kinesis,
        tables.DynamoDb,
        logs.CloudWatchLogs,
        logs.CloudWatch,
        network.DataTransfer,
        network.NatGateway,
        network.PublicIpv4,
        network.InterfaceEndpoint,
        edge.CloudFront,
        api.Waf,
    )
}


def meter_of(service: str) -> type[Meter]:
    """Return the meter of a service; raise AdvisorError for an unknown one, with the nearest."""
    if service not in METERS:
        near = get_close_matches(service, METERS, n=1)
        hint = f"did you mean {near[0]}?" if near else "advisor price --list names the services"
        raise AdvisorError(f"no service {service!r} can be priced on its own; {hint}")
    return METERS[service]
