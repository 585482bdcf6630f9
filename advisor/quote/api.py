"""Quotes for what takes requests in: HTTP, REST and WebSocket APIs, and web ACLs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from advisor.arithmetic import in_words, is_zero
from advisor.cost import api_gateway, waf
from advisor.limits import limits
from advisor.quote.meter import ZERO, Meter, Refused, key
from advisor.units import KB_PER_MB

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook


class HttpApi(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "http-api"
    about: ClassVar[str] = "HTTP API: requests, metered per 512 KB"

    requests: Annotated[Decimal, key("Requests in the month", "requests")] = ZERO
    payload_kb: Annotated[
        Decimal, key("Size of a request or its response, whichever is larger", "KB")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - only new accounts have one, for a year
        _refuse_above("payload_kb", self.payload_kb, limits().number("apigateway.payload_mb"))
        if is_zero(self.requests):
            return []
        return api_gateway.http_api(
            book, region, requests=self.requests, payload_kb=self.payload_kb
        )


class RestApi(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "rest-api"
    about: ClassVar[str] = "REST API: requests, streamed responses, cache"

    requests: Annotated[Decimal, key("Requests in the month", "requests")] = ZERO
    cache_gb: Annotated[Decimal | None, key("Size of the stage's cache", "GB")] = None
    cache_hours: Annotated[Decimal | None, key("Hours that the cache exists", "hours")] = None
    streamed_mb_per_response: Annotated[
        Decimal, key("Size of a streamed response; 0 where responses are not streamed", "MB")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - only new accounts have one, for a year
        items = []
        if not is_zero(self.requests):
            items += api_gateway.rest_api(
                book,
                region,
                requests=self.requests,
                streamed_mb_per_response=self.streamed_mb_per_response,
            )
        return items + self._cache(book, region)

    def _cache(self, book: PriceBook, region: str) -> list[LineItem]:
        if self.cache_gb is None:
            if self.cache_hours is None:
                return []
            raise Refused(
                "cache_gb", "cache_hours needs the size of the cache", _sizes_in_words(book)
            )
        sizes = api_gateway.rest_cache_sizes(book)
        # Without any size in the book there is no price either, and that is what then fails.
        if sizes and self.cache_gb not in sizes:
            raise Refused(
                "cache_gb",
                f"a REST API's cache of {in_words(self.cache_gb)} GB is not offered",
                _sizes_in_words(book),
            )
        if self.cache_hours is None:
            raise Refused(
                "cache_hours",
                "a cache is charged by the hour, and its hours are not stated",
                "state the hours that the cache exists in the month, 730 for all of it",
            )
        if is_zero(self.cache_hours):
            return []
        return api_gateway.rest_cache(book, region, size_gb=self.cache_gb, hours=self.cache_hours)


class WebSocketApi(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "websocket-api"
    about: ClassVar[str] = "WebSocket API: messages per 32 KB, connection minutes"

    messages: Annotated[Decimal, key("Messages sent and received in the month", "messages")] = ZERO
    message_kb: Annotated[Decimal, key("Size of a message", "KB")] = ZERO
    connection_minutes: Annotated[
        Decimal, key("Minutes of all connections together", "minutes")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - only new accounts have one, for a year
        largest = limits().number("apigateway.websocket_message_kb")
        if self.message_kb > largest:
            raise Refused(
                "message_kb",
                f"a WebSocket message of {in_words(self.message_kb)} KB is not carried",
                f"a message has at most {largest} KB; send larger ones as several",
            )
        return api_gateway.websocket_api(
            book,
            region,
            messages=self.messages,
            message_kb=self.message_kb,
            connection_minutes=self.connection_minutes,
        )


class Waf(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "waf"
    about: ClassVar[str] = "Web ACLs, rules and requests, without bot control"

    web_acls: Annotated[Decimal, key("Web ACLs that exist all month", "web ACLs")] = ZERO
    rules: Annotated[
        Decimal, key("Rules in all web ACLs together; a managed rule group is one", "rules")
    ] = ZERO
    requests: Annotated[
        Decimal, key("Requests inspected in the month, blocked ones too", "requests")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        return waf.web_acls(
            book, region, acls=self.web_acls, rules=self.rules, requests=self.requests
        )


def _refuse_above(name: str, kilobytes: Decimal, largest_mb: float) -> None:
    if kilobytes > KB_PER_MB * largest_mb:
        raise Refused(
            name,
            f"a payload of {in_words(kilobytes)} KB is not carried",
            f"a payload has at most {largest_mb} MB, that is {in_words(KB_PER_MB * largest_mb)} KB",
        )


def _sizes_in_words(book: PriceBook) -> str:
    sizes = [in_words(size) for size in api_gateway.rest_cache_sizes(book)]
    return f"the sizes are {', '.join(sizes)} GB"
