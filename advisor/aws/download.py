"""Fetch a public file over HTTPS with botocore's own session: proxies and CA bundle as for AWS.

Imported only when something is fetched, since botocore takes long to import.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, SSLError  # type: ignore[import-untyped]
from botocore.httpsession import URLLib3Session  # type: ignore[import-untyped]
from botocore.response import StreamingBody  # type: ignore[import-untyped]
from botocore.session import Session  # type: ignore[import-untyped]
from botocore.utils import get_environ_proxies  # type: ignore[import-untyped]

from advisor.aws.failures import AwsFailed, attempts, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 1 << 30  # AmazonEC2's file of a Region has some 400 MB
CONNECT_SECONDS = 10
READ_SECONDS = 60
_CHUNK = 1 << 16
_TRANSIENT = {429, 500, 502, 503, 504}


class _Passing(Exception):
    """A failure that may be over in a moment; its text completes "<url> …"."""


@contextmanager
def download(url: str) -> Iterator[Any]:
    """Yield the content of a file as a buffer, held on disk; raise AwsFailed when it cannot be had.

    Transient failures are tried again with growing pauses, as often as a request to the API is.
    """
    host = _host(url)
    most = attempts()
    with tempfile.TemporaryFile() as file:
        for attempt in range(most):
            try:
                _fetch(url, host, file)
                break
            except _Passing as failure:
                if attempt + 1 == most:
                    raise AwsFailed(
                        f"{host} {failure}, {most} times over; try again later."
                    ) from failure
                pause(2**attempt / 10)
        if file.tell() == 0:
            raise AwsFailed(f"{host} answered with nothing for {shown(urlsplit(url).path)}.")
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content


def pause(seconds: float) -> None:
    """Wait before the next attempt; tests take the waiting out."""
    time.sleep(seconds)


def _host(url: str) -> str:
    """Return the host of a URL for messages, never what stands before an @ in it."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return shown(parts.hostname)
    except ValueError:
        pass
    raise AwsFailed("the endpoint of the Price List is to be an http or https URL.")


def _fetch(url: str, host: str, file: Any) -> None:
    file.seek(0)
    file.truncate()
    try:
        session = URLLib3Session(
            verify=_authorities(),
            proxies=get_environ_proxies(url),
            timeout=(CONNECT_SECONDS, READ_SECONDS),
        )
        with closing(session):
            response = session.send(AWSRequest("GET", url, stream_output=True).prepare())
            with closing(response.raw):
                _check(response, host, url)
                _receive(response, host, file)
    except SSLError as failure:
        raise AwsFailed(
            f"the identity of {host} could not be verified; where a proxy inspects TLS, name its "
            "authorities in AWS_CA_BUNDLE."
        ) from failure
    except BotoCoreError as failure:
        raise _Passing("could not be reached or broke off its answer") from failure
    except (OSError, ValueError) as failure:
        raise AwsFailed(
            f"the file of {host} could not be fetched or kept ({type(failure).__name__})."
        ) from failure


def _check(response: Any, host: str, url: str) -> None:
    status = response.status_code
    path = shown(urlsplit(url).path)
    if status in _TRANSIENT:
        raise _Passing(f"answered with HTTP {status}")
    if status in (403, 404):
        raise AwsFailed(f"{host} has no file {path} (HTTP {status}).")
    if status != 200:
        raise AwsFailed(f"{host} answered with HTTP {status} for {path}.")


def _receive(response: Any, host: str, file: Any) -> None:
    stated = response.headers.get("Content-Length")
    if stated is not None and not (stated.isascii() and stated.isdigit()):
        raise AwsFailed(f"{host} stated a length that is none.")
    if stated is not None and int(stated) > MOST_BYTES:
        raise AwsFailed(f"{host} offered a file of {int(stated):,} bytes, more than is read.")
    received = 0
    # It also compares what was received with the length that was stated.
    for chunk in StreamingBody(response.raw, stated).iter_chunks(_CHUNK):
        received += len(chunk)
        if received > MOST_BYTES:
            raise AwsFailed(f"{host} sent more than {MOST_BYTES:,} bytes, more than is read.")
        file.write(chunk)


def _authorities() -> Any:
    """Return the CA bundle that AWS's tools would use, or True for the usual one."""
    try:
        bundle = Session().get_config_variable("ca_bundle")
    except BotoCoreError:
        bundle = None  # a profile that is not there has no say in a public file
    return bundle or os.environ.get("REQUESTS_CA_BUNDLE") or True
