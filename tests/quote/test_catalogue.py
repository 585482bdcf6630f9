"""The services that can be priced and their keys: the names are a contract with users' scripts."""

from __future__ import annotations

import pytest

from advisor.errors import AdvisorError
from advisor.quote import reading
from advisor.quote.catalogue import METERS, meter_of

CONTRACT = {
    "lambda": "requests duration_ms memory_mb architecture ephemeral_storage_mb gb_seconds"
    " cold_starts init_ms provisioned_concurrency provisioned_hours provisioned_requests"
    " provisioned_duration_ms provisioned_gb_seconds provisioned_duration_gb_seconds"
    " snapstart_cached_hours snapstart_restores streamed_gb sqs_poller_hours kafka_poller_hours"
    " new_tenant_environments",
    "lambda-managed-instances": "instance_type instance_hours requests ec2_discount_percent",
    "lambda-microvm": "sessions session_duration_s vcpu memory_gb snapshot_read_gb"
    " snapshot_written_gb snapshot_gb_hours",
    "lambda-durable": "operations written_gb retained_gb_months",
    "lambda-edge": "requests duration_ms memory_mb",
    "fargate": "architecture os capacity vcpu memory_gb task_hours ephemeral_storage_gb",
    "http-api": "requests payload_kb",
    "rest-api": "requests cache_gb cache_hours streamed_mb_per_response",
    "websocket-api": "messages message_kb connection_minutes",
    "alb": "hours lcu_hours new_connections_per_s active_connections processed_gb"
    " rule_evaluations_per_s lambda_target",
    "nlb": "hours nlcu_hours new_connections_per_s active_connections processed_gb",
    "step-functions-standard": "transitions",
    "step-functions-express": "requests duration_ms memory_mb",
    "sqs": "requests message_kb fair",
    "sqs-fifo": "requests message_kb fair",
    "sns": "publishes message_kb http_deliveries email_deliveries sqs_deliveries"
    " lambda_deliveries firehose_deliveries mobile_push_deliveries",
    "sns-fifo": "publishes message_kb deliveries",
    "eventbridge": "events event_kb partner_events cross_account_deliveries"
    " api_destination_invocations archived_gb archive_stored_gb replayed_events"
    " schema_discovery_events schema_event_kb",
    "eventbridge-pipes": "requests request_kb",
    "eventbridge-scheduler": "invocations",
    "kinesis": "mode shard_hours put_units stream_hours in_gb out_gb",
    "dynamodb": "writes item_kb stored_gb",
    "cloudwatch-logs": "source class ingested_gb stored_gb scanned_gb",
    "cloudwatch": "custom_metrics standard_alarms high_resolution_alarms composite_alarms",
    "data-transfer": "internet_gb inter_az_gb",
    "nat-gateway": "hours gb",
    "public-ipv4": "hours",
    "interface-endpoint": "hours gb",
    "cloudfront": "requests internet_gb origin_gb",
    "waf": "web_acls rules requests",
}


def test_the_services_are_those_of_the_contract_in_its_order() -> None:
    assert list(METERS) == list(CONTRACT)


@pytest.mark.parametrize("service", METERS)
def test_the_keys_are_those_of_the_contract(service: str) -> None:
    assert set(reading.keys(METERS[service])) == set(CONTRACT[service].split())


@pytest.mark.parametrize("service", METERS)
def test_every_key_is_documented_and_every_number_has_a_unit(service: str) -> None:
    meter = METERS[service]
    assert meter.about.isprintable()
    assert not meter.about.endswith(".")
    for key in reading.keys(meter).values():
        assert len(key.about) > 5, key.name
        assert key.about.isprintable(), key.name
        assert not key.about.endswith("."), key.name
        assert bool(key.unit) == (not key.choices and not key.is_text), key.name


@pytest.mark.parametrize("service", METERS)
def test_every_service_has_a_quantity_to_ask_for(service: str) -> None:
    assert any(key.is_quantity for key in reading.keys(METERS[service]).values())


def test_an_unknown_service_is_answered_with_the_nearest() -> None:
    assert meter_of("sqs") is METERS["sqs"]
    with pytest.raises(AdvisorError, match="did you mean step-functions-standard"):
        meter_of("step-function-standard")
    with pytest.raises(AdvisorError, match="advisor price --list names the services"):
        meter_of("zzz")
