"""The Price List by GetProducts, with the user's own credentials.

Imported only when AWS is asked, since boto3 takes long to import.
"""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol

import boto3  # type: ignore[import-untyped]
from botocore import exceptions as aws  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from advisor.aws.documents import listed
from advisor.aws.failures import AwsFailed, attempts, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from advisor.aws.documents import Product
    from advisor.aws.selection import Selection, Selector

# The Price List query API has endpoints in these Regions only, each with the prices of all.
_ENDPOINTS = ("us-east-1", "eu-central-1", "ap-south-1")
_PAGE = 100
MOST_PAGES = 1000
CONNECT_SECONDS = 10
READ_SECONDS = 60
_INSTEAD = "or use --source bulk, which needs no credentials"
# botocore has an error for each way to sign in, and newer ones have more.
_SIGN_IN = ("Credential", "Token", "SSO", "Login")
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
_THROTTLED = (
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
)
_NOT_SIGNED_IN = (
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)


class _Client(Protocol):
    def get_products(self, **request: Any) -> Any: ...
    def close(self) -> None: ...


Filters = tuple[tuple[str, str], ...]


def products(
    chosen: Selection, regions: Sequence[str], progress: Callable[[str, int], None]
) -> Iterator[tuple[str, list[Product]]]:
    """Yield each Region with its products, then ``global`` with the account's free ones."""
    with closing(_client()) as client:
        for region in regions:
            found: list[Product] = []
            for filters in _questions(chosen, region):
                what = f"{chosen.code} {region}"
                found += _all_pages(client, chosen.code, filters, what, progress)
            if not found:
                raise AwsFailed(
                    f"AWS's Price List has nothing of {chosen.code} for {region}; check the "
                    "Region's name."
                )
            yield region, found
        free: list[Product] = []
        for selector in chosen.free.values():
            filters = (("usagetype", selector.usagetype),)
            free += _all_pages(client, chosen.code, filters, f"{chosen.code} free", progress)
        yield "global", free


def _questions(chosen: Selection, region: str) -> list[Filters]:
    """Return the filters to ask with: one set, or for a large offer one for each kind."""
    place = (chosen.region_field, region)
    kinds = {_kind(selector, chosen.query_by): None for selector in chosen.components.values()}
    return [(place, *kind) for kind in kinds]


def _kind(selector: Selector, fields: tuple[str, ...]) -> Filters:
    stated = {**selector.attributes, "productFamily": selector.family or ""}
    return tuple((name, stated[name]) for name in fields)


def _all_pages(
    client: _Client,
    code: str,
    filters: Filters,
    what: str,
    progress: Callable[[str, int], None],
) -> list[Product]:
    request = {
        "ServiceCode": code,
        "FormatVersion": "aws_v1",
        "MaxResults": _PAGE,
        "Filters": [{"Type": "TERM_MATCH", "Field": f, "Value": v} for f, v in filters],
    }
    found: list[Product] = []
    seen: set[str] = set()
    token: str | None = None
    for page in range(1, MOST_PAGES + 1):
        answer = _ask(client, {**request, "NextToken": token} if token else request)
        texts, token = _read(answer)
        found += [listed(text, f"a document of {what}") for text in texts]
        progress(what, page)
        if not token:
            return found
        if token in seen:
            raise AwsFailed(f"AWS's Price List sends the same pages of {what} again and again.")
        seen.add(token)
    raise AwsFailed(f"AWS's Price List has more than {MOST_PAGES} pages of {what}.")


def _read(answer: Any) -> tuple[list[str], str | None]:
    texts = answer.get("PriceList") if isinstance(answer, dict) else None
    token = answer.get("NextToken") if isinstance(answer, dict) else None
    well_formed = isinstance(texts, list) and all(isinstance(text, str) for text in texts)
    if not well_formed or not (token is None or isinstance(token, str)):
        raise AwsFailed(
            "AWS's Price List answered in a form that is not GetProducts', or was cut off; try "
            "again later."
        )
    return list(texts or ()), token


def _client() -> _Client:
    retries: dict[str, Any] = {"mode": "standard", "total_max_attempts": attempts()}
    config = Config(retries=retries, connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)
    try:
        session = boto3.session.Session()
        near = session.region_name
        client: _Client = session.client(
            "pricing", region_name=near if near in _ENDPOINTS else _ENDPOINTS[0], config=config
        )
    except aws.ProfileNotFound as failure:
        named = shown(os.environ.get("AWS_PROFILE", ""))
        raise AwsFailed(f"AWS_PROFILE names {named!r}, a profile that is not there.") from failure
    except (aws.BotoCoreError, ValueError) as failure:
        raise AwsFailed(
            f"the AWS configuration cannot be used ({type(failure).__name__}); mend it, {_INSTEAD}."
        ) from failure
    return client


def _ask(client: _Client, request: dict[str, Any]) -> Any:
    try:
        return client.get_products(**request)
    except aws.ClientError as failure:
        raise AwsFailed(_refusal(failure)) from failure
    except aws.SSLError as failure:
        raise AwsFailed(
            "the identity of AWS's Price List could not be verified; where a proxy inspects TLS, "
            "name its authorities in AWS_CA_BUNDLE."
        ) from failure
    except (aws.ConnectionError, aws.HTTPClientError) as failure:
        raise AwsFailed(
            f"AWS's Price List could not be reached ({type(failure).__name__}); check the network, "
            "the proxy and AWS_ENDPOINT_URL_PRICING, and try again."
        ) from failure
    except (aws.BotoCoreError, AttributeError, TypeError, ValueError, RecursionError) as failure:
        kind = type(failure).__name__
        if any(word in kind for word in _SIGN_IN):
            raise AwsFailed(
                f"there are no usable AWS credentials ({kind}); provide some as for the AWS CLI, "
                f"{_INSTEAD}."
            ) from failure
        # botocore's own parsers stumble in these ways over an answer that is no AWS answer.
        raise AwsFailed(
            f"AWS's Price List answered what cannot be read ({kind}); try again later."
        ) from failure


def _refusal(failure: Any) -> str:
    """Return why AWS refused, by its code: its own words may quote a key or a token."""
    error = failure.response.get("Error", {})
    code = shown(error.get("Code", "unknown"))
    status = failure.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _THROTTLED:
        return f"AWS's Price List turned {attempts()} requests away as too many; try again later."
    if code in _NOT_SIGNED_IN:
        return f"AWS did not accept the credentials ({code}); renew them, {_INSTEAD}."
    if code in _DENIED:
        return f"AWS refused ({code}); allow pricing:GetProducts to the credentials, {_INSTEAD}."
    if status >= 500:
        return f"AWS's Price List failed with HTTP {status} ({code}); try again later."
    return f"AWS's Price List refused the request ({code}, HTTP {status})."
