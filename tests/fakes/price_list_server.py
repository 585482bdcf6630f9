"""AWS's Price List on a loopback port: its API, its bulk files and the Spot feed, and their faults.

It speaks the JSON 1.1 protocol that boto3 speaks, so the tests use the real client.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.fakes import documents

if TYPE_CHECKING:
    from types import TracebackType

KEY = "AKIAEXAMPLEONLY00000"
SECRET = "not-a-secret-only-a-test-9f2c"  # noqa: S105 - it opens nothing
"""Credentials that are none; no message may show them."""

_TARGET = "AWSPriceListService."


class PriceListServer:
    """A Price List of documents; the attributes are the faults that it can have."""

    def __init__(self, products: list[dict[str, Any]] | None = None) -> None:
        self.products = products or []
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[str] = []
        self.page_size: int | None = None
        self.throttle = 0
        """How many of the next requests are turned away as too many."""
        self.fail = 0
        """How many of the next requests end with HTTP 500."""
        self.refuse: str | None = None
        """The code of the error that every request to the API ends with."""
        self.truncate = 0
        """How many of the next bodies are cut off at half their stated length."""
        self.body: bytes | None = None
        """What is sent in place of any answer."""
        self.same_token = False
        self.linger = 0.0
        """Seconds for which the connection stays open after an answer."""
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> PriceListServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def publish(self, code: str, products: list[dict[str, Any]], *regions: str) -> None:
        """Write the bulk files of an offer: every Region's has the account's free products too."""
        tree = f"/offers/v1.0/aws/{code}"
        self.files[f"{tree}/current/region_index.json"] = documents.text(
            {
                "regions": {
                    region: {
                        "regionCode": region,
                        "currentVersionUrl": f"{tree}/{documents.VERSION}/{region}/index.json",
                    }
                    for region in regions
                }
            }
        )
        for region in regions:
            here = [p for p in products if _region(p) in (region, None)]
            path = f"{tree}/{documents.VERSION}/{region}/index.json"
            self.files[path] = documents.text(documents.as_offer(here, code))

    def publish_plans(self, offer: dict[str, Any], region: str) -> None:
        """Write the bulk files of the Savings Plans; their index is a list."""
        tree = "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan"
        path = f"{tree}/{offer['version']}/{region}/index.json"
        self.files[f"{tree}/current/region_index.json"] = documents.text(
            {"regions": [{"regionCode": region, "versionUrl": path}]}
        )
        self.files[path] = documents.text(offer)

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of an operation of the API."""
        of_service = [p for p in self.products if p["serviceCode"] == asked.get("ServiceCode")]
        if operation == "DescribeServices":
            codes = sorted({p["serviceCode"] for p in self.products})
            return {
                "FormatVersion": "aws_v1",
                "Services": [{"ServiceCode": code, "AttributeNames": []} for code in codes],
            }
        if operation == "GetAttributeValues":
            values = {_field(p, asked["AttributeName"]) for p in of_service} - {None}
            return {"AttributeValues": [{"Value": value} for value in sorted(map(str, values))]}
        if operation == "ListPriceLists":
            arn = f"arn:aws:pricing:::price-list/aws/{asked['ServiceCode']}/USD/{documents.VERSION}"
            return {"PriceLists": [{"PriceListArn": arn, "FileFormats": ["json", "csv"]}]}
        if operation == "GetPriceListFileUrl":
            code = asked["PriceListArn"].split("/")[2]
            return {"Url": f"{self.url}/offers/v1.0/aws/{code}/{documents.VERSION}/index.json"}
        return self._page([p for p in of_service if _passes(p, asked.get("Filters", []))], asked)

    def _page(self, found: list[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
        size = self.page_size or asked["MaxResults"]
        start = int(asked.get("NextToken", "0"))
        page: dict[str, Any] = {
            "FormatVersion": "aws_v1",
            "PriceList": [json.dumps(p) for p in found[start : start + size]],
        }
        if self.same_token:
            page["NextToken"] = "1"
        elif start + size < len(found):
            page["NextToken"] = str(start + size)
        return page


def _region(product: dict[str, Any]) -> str | None:
    attributes = product["product"]["attributes"]
    region: str | None = attributes.get("regionCode") or attributes.get("fromRegionCode")
    return region


def _field(product: dict[str, Any], name: str) -> str | None:
    if name in ("productFamily", "sku"):
        value: str = product["product"][name]
        return value
    if name == "ServiceCode":
        code: str = product["serviceCode"]
        return code
    found: str | None = product["product"]["attributes"].get(name)
    return found


def _passes(product: dict[str, Any], filters: list[dict[str, str]]) -> bool:
    assert all(f["Type"] == "TERM_MATCH" for f in filters)
    return all(_field(product, f["Field"]) == f["Value"] for f in filters)


def _handler(fake: PriceListServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers["X-Amz-Target"].removeprefix(_TARGET)
            fake.requests.append((operation, body))
            fake.headers.append(str(self.headers))
            if fake.refuse:
                self._error(400, fake.refuse)
            elif not self._fails():
                answer = fake.body or documents.text(fake.answer(operation, body))
                self._send(200, answer)

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            fake.requests.append(("GET", {"path": path}))
            fake.headers.append(str(self.headers))
            if path not in fake.files:
                self._send(403, b"<Error><Code>AccessDenied</Code></Error>")
            elif not self._fails():
                self._send(200, fake.files[path])

        def _fails(self) -> bool:
            if fake.throttle:
                fake.throttle -= 1
                self._error(400 if self.command == "POST" else 429, "ThrottlingException")
            elif fake.fail:
                fake.fail -= 1
                self._error(500, "InternalErrorException")
            else:
                return False
            return True

        def _error(self, status: int, code: str) -> None:
            answer = {"__type": code, "Message": "a message of AWS's"}
            self._send(status, documents.text(answer), cut=False)

        def _send(self, status: int, body: bytes, *, cut: bool = True) -> None:
            if cut and fake.body is not None:
                body = fake.body
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if cut and fake.truncate:
                fake.truncate -= 1
                body = body[: len(body) // 2]
            self.wfile.write(body)
            self.wfile.flush()
            if fake.linger:
                fake.over.wait(fake.linger)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            """Say nothing: a test reads what was asked from ``requests``."""

    return Handler
