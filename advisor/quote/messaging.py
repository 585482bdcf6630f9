"""Quotes for queues and topics."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from advisor.cost import sns, sqs
from advisor.limits import limits
from advisor.quote.meter import ZERO, Meter, Refused, key

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class Sqs(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "sqs"
    about: ClassVar[str] = "Requests to a standard queue, per 64 KB of payload"

    requests: Annotated[
        Decimal,
        key("API requests: sends, receives with and without messages, deletes", "requests"),
    ] = ZERO
    message_kb: Annotated[Decimal, key("Payload of a request", "KB")] = ZERO
    fair: Annotated[bool, key("Messages name their group, which makes the queue a fair one")] = (
        False
    )

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        return self._requests(book, region, fifo=False, free_tier=free_tier)

    def assumed(self) -> dict[str, str]:
        return _counted_once(self.message_kb, "request")

    def _requests(
        self, book: PriceBook, region: str, *, fifo: bool, free_tier: bool
    ) -> list[LineItem]:
        _refuse_above("message_kb", self.message_kb, "sqs.message_kb", "an SQS request carries")
        if not self.requests:
            return []
        return sqs.requests(
            book,
            region,
            fifo=fifo,
            requests=self.requests,
            message_kb=self.message_kb,
            fair=self.fair,
            free_tier=free_tier,
        )


class SqsFifo(Sqs, frozen=True, kw_only=True):
    service: ClassVar[str] = "sqs-fifo"
    about: ClassVar[str] = "Requests to a FIFO queue, per 64 KB of payload"

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        if self.fair:
            raise Refused("fair", "a FIFO queue is not a fair queue", "fair goes with sqs")
        return self._requests(book, region, fifo=True, free_tier=free_tier)


class Sns(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "sns"
    about: ClassVar[str] = "Publishes and deliveries of a standard topic"

    publishes: Annotated[Decimal, key("Publish requests", "requests")] = ZERO
    message_kb: Annotated[Decimal, key("Size of a message", "KB")] = ZERO
    http_deliveries: Annotated[Decimal, key("Deliveries to HTTP endpoints", "deliveries")] = ZERO
    email_deliveries: Annotated[Decimal, key("Deliveries by email", "deliveries")] = ZERO
    sqs_deliveries: Annotated[Decimal, key("Deliveries to SQS queues", "deliveries")] = ZERO
    lambda_deliveries: Annotated[Decimal, key("Deliveries to functions", "deliveries")] = ZERO
    firehose_deliveries: Annotated[Decimal, key("Deliveries to Firehose", "deliveries")] = ZERO
    mobile_push_deliveries: Annotated[Decimal, key("Deliveries by mobile push", "deliveries")] = (
        ZERO
    )

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - what is free is a tier of the price
        _refuse_above("message_kb", self.message_kb, "sns.message_kb", "an SNS message has")
        every = limits().number("sns.message_every_protocol_kb")
        small_only = {
            "http_deliveries": self.http_deliveries,
            "email_deliveries": self.email_deliveries,
            "mobile_push_deliveries": self.mobile_push_deliveries,
        }
        for name, quantity in small_only.items():
            if quantity and self.message_kb > every:
                raise Refused(
                    name,
                    f"SNS delivers messages above {every} KB to SQS, Lambda and Firehose alone",
                    f"state message_kb up to {every}, or leave {name} out",
                )
        return sns.standard(
            book,
            region,
            publishes=self.publishes,
            message_kb=self.message_kb,
            deliveries={
                "http": self.http_deliveries,
                "email": self.email_deliveries,
                "sqs": self.sqs_deliveries,
                "lambda": self.lambda_deliveries,
                "firehose": self.firehose_deliveries,
                "mobile-push": self.mobile_push_deliveries,
            },
        )

    def assumed(self) -> dict[str, str]:
        return _counted_once(self.message_kb, "message")


class SnsFifo(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "sns-fifo"
    about: ClassVar[str] = "Publishes and deliveries of a FIFO topic, with payload"

    publishes: Annotated[Decimal, key("Publish requests", "requests")] = ZERO
    message_kb: Annotated[Decimal, key("Size of a message", "KB")] = ZERO
    deliveries: Annotated[Decimal, key("Messages delivered to all queues", "messages")] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        _refuse_above("message_kb", self.message_kb, "sns.message_kb", "an SNS message has")
        return sns.fifo(
            book,
            region,
            publishes=self.publishes,
            message_kb=self.message_kb,
            deliveries=self.deliveries,
        )

    def assumed(self) -> dict[str, str]:
        return {} if self.message_kb else {"message_kb": "no payload is charged without its size"}


def _counted_once(message_kb: Decimal, what: str) -> dict[str, str]:
    return {} if message_kb else {"message_kb": f"a {what} of unknown size is counted once"}


def _refuse_above(name: str, value: Decimal, limit: str, what: str) -> None:
    most = limits().number(limit)
    if value > most:
        raise Refused(name, f"{what} {most} KB at most", f"state {name} up to {most}")
