"""A fake AWS that boto3 and the bulk reader find by the environment, and no waiting."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from advisor.aws import download
from tests.fakes import documents
from tests.fakes.price_list_server import KEY, SECRET, PriceListServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave nothing of the machine's own AWS configuration, and take the waiting out of retries."""
    for name in os.environ:
        if name.startswith(("AWS_", "ADVISOR_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    monkeypatch.setattr(download, "pause", lambda _: None)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[PriceListServer]:
    """Run a Price List that has Lambda, Fargate, load balancers, plans and the Spot feed."""
    products = [
        *documents.lambda_documents(),
        *documents.fargate_documents(),
        *documents.balancer_documents(),
    ]
    with PriceListServer(products) as server:
        server.files["/spot.json"] = documents.text(documents.spot_feed())
        monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", server.url)
        monkeypatch.setenv("ADVISOR_FARGATE_SPOT_URL", f"{server.url}/spot.json")
        yield server
