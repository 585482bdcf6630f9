"""Quotes for event buses, pipes, schedules and streams."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from advisor.cost import eventbridge, kinesis
from advisor.limits import limits
from advisor.quote.meter import ZERO, Meter, Refused, key

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class EventBridge(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "eventbridge"
    about: ClassVar[str] = "An event bus, its archive, replay, schema discovery"

    events: Annotated[Decimal, key("Custom events put on the bus", "events")] = ZERO
    event_kb: Annotated[Decimal, key("Size of an event of any kind", "KB")] = ZERO
    partner_events: Annotated[Decimal, key("Events of partners", "events")] = ZERO
    cross_account_deliveries: Annotated[
        Decimal, key("Events delivered to other accounts", "events")
    ] = ZERO
    api_destination_invocations: Annotated[
        Decimal, key("Events delivered to API destinations", "invocations")
    ] = ZERO
    archived_gb: Annotated[Decimal, key("Events put into archives", "GB")] = ZERO
    archive_stored_gb: Annotated[Decimal, key("Events kept in archives", "GB-months")] = ZERO
    replayed_events: Annotated[Decimal, key("Events replayed from archives", "events")] = ZERO
    schema_discovery_events: Annotated[
        Decimal, key("Events that schema discovery reads", "events")
    ] = ZERO
    schema_event_kb: Annotated[
        Decimal | None, key("Size of an event that schema discovery reads", "KB")
    ] = None

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - what is free is a tier of the price
        schema_event_kb = self.event_kb if self.schema_event_kb is None else self.schema_event_kb
        most = limits().number("eventbridge.event_kb")
        for name, size in (("event_kb", self.event_kb), ("schema_event_kb", schema_event_kb)):
            if size > most:
                raise Refused(name, f"an event has {most} KB at most", f"state {name} up to {most}")
        return eventbridge.bus(
            book,
            region,
            event_kb=self.event_kb,
            events=self.events,
            partner_events=self.partner_events,
            cross_account_deliveries=self.cross_account_deliveries,
            api_destination_invocations=self.api_destination_invocations,
            archived_gb=self.archived_gb,
            archive_stored_gb=self.archive_stored_gb,
            replayed_events=self.replayed_events,
            schema_discovery_events=self.schema_discovery_events,
            schema_event_kb=schema_event_kb,
        )

    def assumed(self) -> dict[str, str]:
        reasons = {}
        if not self.event_kb:
            reasons["event_kb"] = "an event of unknown size is counted once"
        if self.schema_event_kb is None and self.schema_discovery_events:
            reasons["schema_event_kb"] = "schema discovery reads events of event_kb"
        return reasons


class EventBridgePipes(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "eventbridge-pipes"
    about: ClassVar[str] = "Requests that pass a pipe's filter, counted by 64 KB"

    requests: Annotated[Decimal, key("Requests after filtering, each a batch", "requests")] = ZERO
    request_kb: Annotated[Decimal, key("Payload of a request", "KB")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        return eventbridge.pipes(
            book,
            region,
            requests=self.requests,
            chunks_each=eventbridge.pipe_chunks(self.request_kb),
        )

    def assumed(self) -> dict[str, str]:
        if self.request_kb:
            return {}
        return {"request_kb": "a request of unknown size is counted once"}


class EventBridgeScheduler(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "eventbridge-scheduler"
    about: ClassVar[str] = "Invocations by schedules"

    invocations: Annotated[Decimal, key("Invocations of targets", "invocations")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - what is free is a tier of the price
        return eventbridge.scheduler(book, region, invocations=self.invocations)


class Kinesis(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "kinesis"
    about: ClassVar[str] = "Data streams, on demand or by the shard"

    mode: Annotated[Literal["on-demand", "provisioned"], key("How capacity is bought")] = (
        "on-demand"
    )
    shard_hours: Annotated[Decimal, key("Hours of all shards together; provisioned", "hours")] = (
        ZERO
    )
    put_units: Annotated[
        Decimal, key("PUT payload units: a record is one for every 25 KB; provisioned", "units")
    ] = ZERO
    stream_hours: Annotated[Decimal, key("Hours of all streams together; on demand", "hours")] = (
        ZERO
    )
    in_gb: Annotated[
        Decimal, key("Data written, each record rounded up to 1 KB; on demand", "GB")
    ] = ZERO
    out_gb: Annotated[Decimal, key("Data read by all consumers; on demand", "GB")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        provisioned = {"shard_hours": self.shard_hours, "put_units": self.put_units}
        on_demand = {
            "stream_hours": self.stream_hours,
            "in_gb": self.in_gb,
            "out_gb": self.out_gb,
        }
        chosen = self.mode == "provisioned"
        for name, quantity in (on_demand if chosen else provisioned).items():
            if quantity:
                other = "on-demand" if chosen else "provisioned"
                raise Refused(
                    name,
                    f"{name} is not charged in mode={self.mode}",
                    f"state mode={other}, or leave {name} out",
                )
        if chosen:
            return kinesis.provisioned(book, region, **provisioned)
        return kinesis.on_demand(book, region, **on_demand)
